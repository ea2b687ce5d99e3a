//! `reviews.json` against the summary and itself. Which line reviewers gave which verdict no
//! file of the folder tells: what does not follow from their numbers is not held.

use adjudicate::report::Dollars;
use adjudicate::report::reviews::{Precision, ReviewCounts, Reviews, RuleReview, SCHEMA_VERSION, method};
use adjudicate::rules::Disposition;
use serde_json::{Value, json};

use super::figures::{Figure, Figures};
use super::recorded::items;
use super::stated::hold_in;

/// How far an estimate may be off that is rounded to the cent.
const CENT: f64 = 0.005_01;

/// What follows from the summary and from other figures of the review, and what the review
/// says.
pub(super) fn figures(reviews: &Reviews, summary: &Value) -> (Figures, Figures) {
    let (mut found, mut own) = (Figures::default(), Figures::default());
    found.set("reviews", "", "schema_version", Figure::Count(SCHEMA_VERSION.into()));
    own.set("reviews", "", "schema_version", Figure::Count(reviews.schema_version.into()));
    found.tree("reviews method", "", &json!(method()));
    own.tree("reviews method", "", &json!(reviews.method));
    let stratum = |one: &Value| {
        let names = ["rule", "disposition", "lines", "paid", "paid_unknown", "sampled"];
        names.into_iter().map(|name| (name.to_owned(), one[name].clone())).collect::<Value>()
    };
    found.tree("reviews by_rule", "", &items(&summary["sample"]["strata"]).iter().map(stratum).collect());
    let stated = |one: &RuleReview| {
        json!({
            "rule": one.rule, "disposition": one.disposition, "lines": one.lines, "paid": one.paid,
            "paid_unknown": one.paid_unknown, "sampled": one.counts.sampled,
        })
    };
    own.tree("reviews by_rule", "", &reviews.by_rule.iter().map(stated).collect());
    for one in &reviews.by_rule {
        let ReviewCounts { reviewed, confirmed, .. } = one.counts;
        // Of no line and of all of them none was picked.
        let drawn = one.drawn || reviewed == 0 || reviewed == one.counts.sampled;
        let precision = Precision::of(one.lines, reviewed, confirmed).filter(|_| one.drawn);
        let has_estimate = one.drawn && (reviewed == one.lines || reviewed > 1);
        found.tree(
            "reviews",
            &one.rule,
            &json!({ "drawn": drawn, "precision": precision, "extrapolated": has_estimate }),
        );
        let stated = json!({
            "drawn": one.drawn, "precision": one.precision, "extrapolated": one.extrapolated.is_some(),
        });
        own.tree("reviews", &one.rule, &stated);
    }
    denied(reviews, &mut found, &mut own);
    (found, own)
}

/// What the rules that deny add up to.
fn denied(reviews: &Reviews, found: &mut Figures, own: &mut Figures) {
    let (mut counts, mut lines, mut unknown, mut drawn) = ([0; 5], 0, 0, true);
    let (mut paid, mut confirmed, mut missed) = <(Dollars, Dollars, Dollars)>::default();
    let (mut missed_lines, mut not_extrapolated) = (0, Vec::new());
    let all = |counts: &ReviewCounts| {
        let ReviewCounts { sampled, reviewed, confirmed, overturned, undetermined } = *counts;
        [sampled, reviewed, confirmed, overturned, undetermined]
    };
    for one in of_denied(reviews) {
        counts.iter_mut().zip(all(&one.counts)).for_each(|(sum, one)| *sum += one);
        lines += one.lines;
        unknown += one.paid_unknown;
        drawn &= one.drawn;
        paid += one.paid.into();
        confirmed += one.confirmed_paid.into();
        if one.extrapolated.is_none() {
            missed += one.paid.into();
            missed_lines += one.lines;
            not_extrapolated.push(one.rule.as_str());
        }
    }
    let totals = &reviews.denied;
    let figures = |numbers: Value, dollars: [Dollars; 3], all: &mut Figures| {
        all.tree("reviews of denied lines", "", &numbers);
        for (name, sum) in ["exposure", "confirmed_paid", "not_extrapolated_paid"].into_iter().zip(dollars) {
            all.set("reviews of denied lines", "", name, Figure::Dollars(sum));
        }
    };
    let made = json!({
        "counts": counts, "lines": lines, "paid_unknown": unknown, "drawn": drawn,
        "not_extrapolated": not_extrapolated, "not_extrapolated_lines": missed_lines,
    });
    figures(made, [paid, confirmed, missed], found);
    let stated = json!({
        "counts": all(&totals.counts), "lines": totals.lines, "paid_unknown": totals.paid_unknown,
        "drawn": totals.drawn, "not_extrapolated": totals.not_extrapolated,
        "not_extrapolated_lines": totals.not_extrapolated_lines,
    });
    let dollars = [totals.exposure, totals.confirmed_paid, totals.not_extrapolated_paid].map(Dollars::from);
    figures(stated, dollars, own);
}

fn of_denied(reviews: &Reviews) -> impl Iterator<Item = &RuleReview> {
    reviews.by_rule.iter().filter(|one| one.disposition == Disposition::Deny.name())
}

/// What cannot be by other figures of the review, in words.
#[allow(clippy::cast_precision_loss)] // Counts below 2 to the 53rd.
pub(super) fn beyond(reviews: &Reviews) -> Vec<String> {
    let mut told = Vec::new();
    let mut differ = |of: &str, what: &str, found: f64, stated: f64, off: f64| {
        if (found - stated).abs() > off.max(stated.abs() * 1e-9) {
            told.push(format!("reviews, {of}, {what}: {found:.2} by its other figures, {stated:.2} by reviews.json"));
        }
    };
    for one in &reviews.by_rule {
        let ReviewCounts { reviewed, confirmed, .. } = one.counts;
        if confirmed == 0 {
            differ(&one.rule, "confirmed_paid", 0.0, one.confirmed_paid, 0.0);
        }
        let Some(estimate) = &one.extrapolated else { continue };
        let dollars = one.confirmed_paid / (reviewed.max(1) as f64) * one.lines as f64;
        differ(&one.rule, "extrapolated, dollars", dollars, estimate.dollars, CENT);
        if reviewed == one.lines || confirmed == 0 {
            differ(&one.rule, "extrapolated, standard_error", 0.0, estimate.standard_error, 0.0);
            differ(&one.rule, "extrapolated, lower_limit", estimate.dollars, estimate.lower_limit, CENT);
        }
        if let Some(freedom) = estimate.degrees_of_freedom {
            differ(&one.rule, "extrapolated, degrees_of_freedom", reviewed as f64 - 1.0, freedom, CENT);
        }
    }
    let estimates: Vec<_> = of_denied(reviews).filter_map(|one| one.extrapolated).collect();
    let sum: f64 = estimates.iter().map(|one| one.dollars).sum();
    let square: f64 = estimates.iter().map(|one| one.standard_error * one.standard_error).sum();
    let off = CENT * (estimates.len() + 1) as f64;
    let total = reviews.denied.extrapolated;
    differ("denied", "extrapolated, dollars", sum, total.map_or(0.0, |one| one.dollars), off);
    let error = total.map_or(0.0, |one| one.standard_error);
    differ("denied", "extrapolated, standard_error", square.sqrt(), error, off);
    for one in &reviews.by_rule {
        let ReviewCounts { sampled, reviewed, confirmed, overturned, undetermined } = one.counts;
        let all = &mut told;
        let verdicts = confirmed.saturating_add(overturned).saturating_add(undetermined);
        if verdicts != reviewed {
            all.push(format!("reviews, {}, reviewed: {reviewed}, and verdicts on {verdicts} lines", one.rule));
        }
        let of = |name: &str| format!("reviews, {}, {name}", one.rule);
        hold_in("reviews.json", all, &of("reviewed"), reviewed, "lines in the sample", sampled);
        hold_in(
            "reviews.json",
            all,
            &of("confirmed_paid_unknown"),
            one.confirmed_paid_unknown,
            "lines confirmed",
            confirmed,
        );
        hold_in(
            "reviews.json",
            all,
            &of("confirmed_paid_unknown"),
            one.confirmed_paid_unknown,
            "lines of unknown amounts",
            one.paid_unknown,
        );
        if one.extrapolated.is_some_and(|estimate| estimate.lower_limit > estimate.dollars + CENT) {
            all.push(format!("reviews, {}, extrapolated, lower_limit: above its estimate", one.rule));
        }
    }
    told
}
