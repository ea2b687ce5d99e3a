//! From verdicts to figures.

use super::dollars::{Estimate, StratumDollars};
use super::file::{ReviewFile, Verdict};
use super::matching::{Reviewed, matched};
use super::precision::Precision;
use super::result::{Extrapolation, ReviewCounts, Reviews, RuleReview, SCHEMA_VERSION, Totals};
use super::sample::{SampleError, SampledLine, Stratum};
use super::words;
use crate::report::amounts::Dollars;
use crate::rules::Disposition;

impl Reviews {
    /// What the reviewers' verdicts on a sample say of the strata that it was drawn from.
    /// The rules come in the order of `strata`; the order of `sample` is of no account.
    ///
    /// # Errors
    ///
    /// The lines are no sample of the strata.
    pub fn new(strata: &[Stratum], sample: &[SampledLine], file: &ReviewFile) -> Result<Self, SampleError> {
        let (lines, read) = matched(strata, sample, file)?;
        let of_lines: Vec<StratumDollars> =
            strata.iter().zip(&lines).map(|(stratum, lines)| dollars(stratum, lines)).collect();
        let by_rule: Vec<RuleReview> = strata
            .iter()
            .zip(&lines)
            .zip(&of_lines)
            .map(|((stratum, lines), dollars)| rule(stratum, lines, dollars))
            .collect();
        let denied: Vec<_> = strata
            .iter()
            .zip(&of_lines)
            .zip(&by_rule)
            .filter(|((stratum, _), _)| stratum.disposition == Disposition::Deny)
            .map(|((stratum, dollars), rule)| (stratum, dollars, rule))
            .collect();
        let denied = totals(&denied);
        let warnings = words::warnings(&read, &by_rule, &of_lines, &denied);
        Ok(Self {
            schema_version: SCHEMA_VERSION,
            file: None,
            method: words::method(),
            warnings,
            read,
            by_rule,
            denied,
        })
    }
}

/// What a stratum's lines come to. Lines that were picked, not drawn, say nothing of the
/// others.
fn dollars(stratum: &Stratum, lines: &[Reviewed]) -> StratumDollars {
    let mut dollars = StratumDollars::of(stratum, lines);
    dollars.estimate = dollars.estimate.filter(|_| drawn(lines));
    dollars
}

fn rule(stratum: &Stratum, lines: &[Reviewed], dollars: &StratumDollars) -> RuleReview {
    let counts = counts(lines);
    let unknown = |reviewed: &&Reviewed| reviewed.line.paid.is_none() && reviewed.verdict == Some(Verdict::Confirmed);
    RuleReview {
        rule: stratum.rule.clone(),
        disposition: stratum.disposition.name().to_owned(),
        lines: stratum.lines,
        paid: stratum.paid.number(),
        paid_unknown: stratum.paid_unknown,
        counts,
        drawn: drawn(lines),
        precision: Precision::of(stratum.lines, counts.reviewed, counts.confirmed).filter(|_| drawn(lines)),
        confirmed_paid: dollars.confirmed.number(),
        confirmed_paid_unknown: lines.iter().filter(unknown).count() as u64,
        extrapolated: dollars.estimate.as_ref().map(extrapolation),
        lower_bound: cents(lower_bound(dollars.estimate.as_ref(), dollars.unextrapolated(), dollars.certain)),
    }
}

fn counts(lines: &[Reviewed]) -> ReviewCounts {
    let mut counts = ReviewCounts { sampled: lines.len() as u64, ..ReviewCounts::default() };
    for verdict in lines.iter().filter_map(|reviewed| reviewed.verdict) {
        counts.reviewed += 1;
        *match verdict {
            Verdict::Confirmed => &mut counts.confirmed,
            Verdict::Overturned => &mut counts.overturned,
            Verdict::Undetermined => &mut counts.undetermined,
        } += 1;
    }
    counts
}

/// Whether the reviewed lines come before all others, in their random order.
fn drawn(lines: &[Reviewed]) -> bool {
    lines.iter().skip_while(|reviewed| reviewed.verdict.is_some()).all(|reviewed| reviewed.verdict.is_none())
}

/// The guarded limit, within what is certain and what is possible; without an estimate
/// what is left to say.
fn lower_bound(estimate: Option<&Estimate>, unextrapolated: f64, certain: Option<(f64, f64)>) -> f64 {
    let Some(estimate) = estimate else { return unextrapolated };
    let limit = estimate.dollars - estimate.guarded.margin();
    certain.map_or(limit, |(least, most)| limit.min(most).max(least))
}

fn extrapolation(estimate: &Estimate) -> Extrapolation {
    Extrapolation {
        dollars: cents(estimate.dollars),
        standard_error: cents(estimate.spread.error()),
        degrees_of_freedom: estimate.spread.freedom().map(cents),
        lower_limit: cents(estimate.dollars - estimate.spread.margin()),
    }
}

fn totals(denied: &[(&Stratum, &StratumDollars, &RuleReview)]) -> Totals {
    let mut exposure = Dollars::default();
    let mut confirmed = Dollars::default();
    let mut missed = Dollars::default();
    let mut totals = Totals { drawn: true, ..Totals::default() };
    let mut estimate: Option<Estimate> = None;
    let mut unextrapolated = 0.0;
    let mut certain = Some((0.0, 0.0));
    for (stratum, dollars, rule) in denied {
        totals.lines += stratum.lines;
        totals.paid_unknown += stratum.paid_unknown;
        totals.counts.add(&rule.counts);
        totals.drawn &= rule.drawn;
        exposure += stratum.paid;
        confirmed += dollars.confirmed;
        certain = certain.zip(dollars.certain).map(|(sum, one)| (sum.0 + one.0, sum.1 + one.1));
        if let Some(one) = &dollars.estimate {
            estimate.get_or_insert_default().add(one);
        } else {
            unextrapolated += dollars.unextrapolated();
            missed += stratum.paid;
            totals.not_extrapolated.push(stratum.rule.clone());
            totals.not_extrapolated_lines += stratum.lines;
        }
    }
    totals.exposure = exposure.number();
    totals.confirmed_paid = confirmed.number();
    totals.not_extrapolated_paid = missed.number();
    totals.extrapolated = estimate.as_ref().map(extrapolation);
    // What the other rules add is certain, so it moves the limit and not its spread.
    let whole = estimate.map(|estimate| Estimate { dollars: estimate.dollars + unextrapolated, ..estimate });
    totals.lower_bound = cents(lower_bound(whole.as_ref(), unextrapolated, certain));
    totals
}

/// Rounded to the hundredth: what stands behind is not known, and may differ in its last
/// bits from machine to machine.
fn cents(number: f64) -> f64 {
    // No negative zero.
    (number * 100.0).round() / 100.0 + 0.0
}
