//! Figures worked out by hand, and what is at the edges of them.

use std::fmt::Write as _;

use super::*;
use crate::claim::Decimal;
use crate::report::amounts::Dollars;
use crate::rules::Disposition;

fn amount(dollars: i64) -> Decimal {
    Decimal::from_integer(dollars).unwrap()
}

pub(super) fn stratum(rule: &str, lines: u64, paid: i64) -> Stratum {
    Stratum {
        rule: rule.to_owned(),
        disposition: Disposition::Deny,
        lines,
        paid: amount(paid).into(),
        reversed: Some(Dollars::default()),
        paid_unknown: 0,
    }
}

/// A sampled line: its source is row `place` of a file named as its rule.
fn line(rule: &str, place: u64, paid: Option<i64>) -> SampledLine {
    SampledLine {
        rule: rule.to_owned(),
        place,
        source_file: format!("{rule}.csv"),
        source_row: place,
        claim_id: format!("{rule}-{place}"),
        line_number: 1,
        paid: paid.map(amount),
    }
}

/// Lines with these paid amounts, in the order of their places.
pub(super) fn lines(rule: &str, paid: &[i64]) -> Vec<SampledLine> {
    (1..).zip(paid).map(|(place, paid)| line(rule, place, Some(*paid))).collect()
}

/// A file of rows `rule,place,verdict`.
pub(super) fn file(rows: &[(&str, u64, &str)]) -> ReviewFile {
    let mut text = "source_file,source_row,verdict\n".to_owned();
    for (rule, place, verdict) in rows {
        writeln!(text, "{rule}.csv,{place},{verdict}").unwrap();
    }
    ReviewFile::read(text.as_bytes()).unwrap()
}

/// The verdicts of a rule's lines from the first place on: a letter each.
fn verdicts<'r>(rule: &'r str, letters: &'r str) -> Vec<(&'r str, u64, &'r str)> {
    letters
        .split("")
        .filter(|letter| !letter.is_empty())
        .zip(1..)
        .map(|(letter, place)| (rule, place, letter))
        .collect()
}

fn one_rule(stratum: &Stratum, lines: &[SampledLine], letters: &str) -> Reviews {
    Reviews::new(std::slice::from_ref(stratum), lines, &file(&verdicts(&stratum.rule, letters))).unwrap()
}

/// Two strata of the worked example.
fn example() -> (Vec<Stratum>, Vec<SampledLine>, ReviewFile) {
    let strata = vec![stratum("A", 10, 2_000), stratum("B", 20, 1_000)];
    let sample = [lines("A", &[100, 300, 200, 100]), lines("B", &[50, 50, 70, 50, 50])].concat();
    let file = file(&[verdicts("A", "ynyy"), verdicts("B", "yy?yy")].concat());
    (strata, sample, file)
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 0.005, "{found}, not {expected}");
}

#[test]
fn two_strata_by_hand() {
    // A: 4 of 10 lines, dollars 100, 0, 200, 100. Mean 100, so 10 × 100 = 1000.
    //    s² = (0 + 100² + 100² + 0) / 3 = 6666.67; the variance of the sum is
    //    10² × (1 − 4/10) × 6666.67 / 4 = 100,000, the standard error 316.23.
    //    t(0.95; 3) = 2.35336, the limit 1000 − 744.20 = 255.80.
    //    Right: 3 of 4. With 3 right ones of 10 that has the probability 0.033, with 4
    //    of them 0.119, so the one-sided bound is 4/10, and the margin at least
    //    1000 × (1 − 0.4/0.75) = 466.67: less than 744.20. But 400 is certain.
    // B: 5 of 20 lines, dollars 50, 50, 0, 50, 50. Mean 40, so 800.
    //    s² = (4 × 10² + 40²) / 4 = 500; 20² × (1 − 5/20) × 500 / 5 = 30,000; 173.21.
    //    t(0.95; 4) = 2.13185, the limit 800 − 369.25 = 430.75.
    //    Right: 4 of 5. 7 of 20 give 0.031, 8 give 0.058: 8/20, and the margin is at
    //    least 800 × (1 − 0.4/0.8) = 400, which is more: the bound is 400.
    let (strata, sample, file) = example();
    let reviews = Reviews::new(&strata, &sample, &file).unwrap();
    let [a, b] = reviews.by_rule.as_slice() else { panic!() };
    let estimate = a.extrapolated.unwrap();
    close(estimate.dollars, 1_000.0);
    close(estimate.standard_error, 316.23);
    close(estimate.degrees_of_freedom.unwrap(), 3.0);
    close(estimate.lower_limit, 255.80);
    close(a.confirmed_paid, 400.0);
    close(a.lower_bound, 400.0);
    assert_eq!((a.precision.unwrap().share, a.precision.unwrap().exact), (0.75, false));
    let estimate = b.extrapolated.unwrap();
    close(estimate.dollars, 800.0);
    close(estimate.standard_error, 173.21);
    close(estimate.lower_limit, 430.75);
    close(b.lower_bound, 400.0);
    let counts = ReviewCounts { sampled: 5, reviewed: 5, confirmed: 4, overturned: 0, undetermined: 1 };
    assert_eq!((b.counts, b.precision.unwrap().share, b.drawn), (counts, 0.8, true));
    // Both: variance 130,000, so 360.56; degrees of freedom
    // 130,000² / (100,000²/3 + 30,000²/4) = 4.749; t = 2.03877; 1800 − 735.09.
    let denied = &reviews.denied;
    let estimate = denied.extrapolated.unwrap();
    close(estimate.dollars, 1_800.0);
    close(estimate.standard_error, 360.56);
    close(estimate.degrees_of_freedom.unwrap(), 4.75);
    close(estimate.lower_limit, 1_064.91);
    // With the margin of B that its precision asks for: its standard error is
    // 400 / 2.13185 = 187.63, the variance of both 135,205, 5.018 degrees of
    // freedom, t = 2.01348; 1800 − 740.36.
    close(denied.lower_bound, 1_059.64);
    assert_eq!((denied.lines, denied.exposure, denied.confirmed_paid), (30, 3_000.0, 600.0));
    assert_eq!(denied.counts.reviewed, 9);
    assert_eq!(reviews.warnings.len(), 2, "{:?}", reviews.warnings);
}

#[test]
fn all_lines_reviewed_is_no_estimate() {
    let reviews = one_rule(&stratum("A", 3, 600), &lines("A", &[100, 200, 300]), "yny");
    let rule = &reviews.by_rule[0];
    let exact = Extrapolation { dollars: 400.0, standard_error: 0.0, degrees_of_freedom: None, lower_limit: 400.0 };
    assert_eq!((rule.extrapolated, rule.lower_bound, reviews.denied.lower_bound), (Some(exact), 400.0, 400.0));
    let share = 2.0 / 3.0;
    assert_eq!(rule.precision, Some(Precision { share, lower: share, upper: share, exact: true }));
    assert_eq!(reviews.warnings, [""; 0]);
    // One line of one is all of them.
    let reviews = one_rule(&stratum("A", 1, 100), &lines("A", &[100]), "y");
    assert_eq!((reviews.denied.lower_bound, reviews.denied.not_extrapolated.len()), (100.0, 0));
}

#[test]
fn none_or_one_of_several_cannot_be_extrapolated() {
    let strata = [stratum("A", 10, 1_000), stratum("B", 10, 1_000), stratum("C", 10, 1_000), stratum("D", 0, 0)];
    let sample = [lines("A", &[100, 100]), lines("B", &[100, 100]), lines("C", &[100, 100])].concat();
    let file = file(&[verdicts("A", "y"), verdicts("C", "nn")].concat());
    let reviews = Reviews::new(&strata, &sample, &file).unwrap();
    let [a, b, c, d] = reviews.by_rule.as_slice() else { panic!() };
    // Of A the one line counts, as it is certain; its precision has an interval.
    assert_eq!((a.extrapolated, a.lower_bound, a.precision.unwrap().lower), (None, 100.0, 0.1));
    assert_eq!((b.extrapolated, b.lower_bound, b.precision), (None, 0.0, None));
    assert_eq!((c.extrapolated.unwrap().dollars, c.lower_bound), (0.0, 0.0));
    assert_eq!((d.extrapolated.unwrap().dollars, d.lower_bound, d.precision), (0.0, 0.0, None));
    let denied = &reviews.denied;
    assert_eq!(denied.not_extrapolated, ["A", "B"]);
    assert_eq!((denied.not_extrapolated_lines, denied.not_extrapolated_paid), (20, 2_000.0));
    assert_eq!((denied.extrapolated.unwrap().dollars, denied.lower_bound), (0.0, 100.0));
    let words = "Nothing can be extrapolated for A, B (20 lines, $2,000.00 paid)";
    assert!(reviews.warnings.iter().any(|warning| warning.starts_with(words)), "{:?}", reviews.warnings);
}

#[test]
fn a_file_without_verdicts_says_nothing() {
    let reviews = one_rule(&stratum("A", 10, 1_000), &lines("A", &[100, 100]), "");
    assert_eq!(reviews.warnings, ["No sampled line has a verdict, so nothing is known of any rule."]);
    assert_eq!((reviews.denied.extrapolated, reviews.denied.lower_bound, reviews.denied.drawn), (None, 0.0, true));
    let none = Reviews::new(&[], &[], &ReviewFile::default()).unwrap();
    assert_eq!((none.by_rule.len(), none.denied.lower_bound), (0, 0.0));
}

#[test]
fn lines_of_one_price_prove_no_more_than_their_number() {
    // 10 of 10,000 lines at 100 dollars, all right: no spread at all. But were only 7,412
    // of them right, that happened one time in twenty (0.05^(1/10) = 0.7411).
    let reviews = one_rule(&stratum("A", 10_000, 1_000_000), &lines("A", &[100; 10]), "yyyyyyyyyy");
    let rule = &reviews.by_rule[0];
    let estimate = rule.extrapolated.unwrap();
    assert_eq!((estimate.dollars, estimate.standard_error, estimate.lower_limit), (1e6, 0.0, 1e6));
    assert!((741_000.0..741_500.0).contains(&rule.lower_bound), "{}", rule.lower_bound);
    close(reviews.denied.lower_bound, rule.lower_bound);
}

#[test]
fn reversals_bound_what_is_certain() {
    // 4 of 8 lines; in all 1000 dollars and −300 of reversals. Reviewed: 200 and 100
    // right, 300 wrong, −50 right; so 250 confirmed, and −250 and 400 are left.
    let mut stratum = stratum("A", 8, 700);
    stratum.reversed = Some(amount(-300).into());
    let sample = lines("A", &[200, 100, 300, -50]);
    let rule = one_rule(&stratum, &sample, "yyny").by_rule[0].clone();
    // 500 ± 2.35 × 304: below 0, which is certain; the estimate is its double.
    assert_eq!((rule.confirmed_paid, rule.extrapolated.unwrap().dollars, rule.lower_bound), (250.0, 500.0, 0.0));
    assert!(rule.extrapolated.unwrap().lower_limit < 0.0);
    // Where reversals are not known, nothing is certain.
    stratum.reversed = None;
    let unknown = one_rule(&stratum, &sample, "yyny").by_rule[0].clone();
    close(unknown.lower_bound, unknown.extrapolated.unwrap().lower_limit);
    // One reviewed line: what it confirms, less the reversals that may be right too.
    stratum.reversed = Some(amount(-300).into());
    close(one_rule(&stratum, &sample, "y").denied.lower_bound, -100.0);
    stratum.reversed = None;
    close(one_rule(&stratum, &sample, "y").denied.lower_bound, 200.0);
}

#[test]
fn a_bound_is_not_more_than_there_is() {
    // The reviewed lines are the dear ones: 98 lines have 10 dollars in all.
    let reviews = one_rule(&stratum("A", 100, 2_010), &lines("A", &[1_000, 1_000]), "yy");
    let rule = &reviews.by_rule[0];
    assert_eq!((rule.extrapolated.unwrap().dollars, rule.confirmed_paid), (100_000.0, 2_000.0));
    assert_eq!((rule.lower_bound, reviews.denied.lower_bound), (2_010.0, 2_010.0));
    assert!(
        reviews.warnings.iter().any(|warning| warning.contains("$100,000.00 is more than")),
        "{:?}",
        reviews.warnings
    );
}

#[test]
fn unknown_amounts_count_nothing_and_are_counted() {
    let mut stratum = stratum("A", 3, 300);
    stratum.paid_unknown = 2;
    let sample = [line("A", 1, None), line("A", 2, Some(300)), line("A", 3, None)];
    let reviews = one_rule(&stratum, &sample, "yyn");
    let rule = &reviews.by_rule[0];
    assert_eq!((rule.confirmed_paid, rule.confirmed_paid_unknown, rule.paid_unknown), (300.0, 1, 2));
    assert_eq!(reviews.denied.paid_unknown, 2);
    assert_eq!(reviews.warnings, ["A: confirmed lines whose paid amount is unknown, counted as 0 dollars: 1."]);
}

#[test]
fn only_rules_that_deny_are_summed() {
    let (mut strata, sample, file) = example();
    strata[1].disposition = Disposition::Pend;
    let reviews = Reviews::new(&strata, &sample, &file).unwrap();
    assert_eq!(reviews.by_rule[1].disposition, "pend");
    assert!(reviews.by_rule[1].extrapolated.is_some());
    assert_eq!((reviews.denied.lines, reviews.denied.exposure), (10, 2_000.0));
    assert_eq!(reviews.denied.extrapolated, reviews.by_rule[0].extrapolated);
    close(reviews.denied.lower_bound, reviews.by_rule[0].lower_bound);
}

#[test]
fn the_order_of_the_sample_changes_nothing() {
    let (strata, mut sample, file) = example();
    let reviews = Reviews::new(&strata, &sample, &file).unwrap();
    sample.reverse();
    assert_eq!(reviews, Reviews::new(&strata, &sample, &file).unwrap());
    let text = serde_json::to_string(&reviews).unwrap();
    assert_eq!(reviews, serde_json::from_str(&text).unwrap());
}
