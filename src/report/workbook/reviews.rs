//! What a chart review found.

use rust_xlsxwriter::XlsxError;

use super::sheet::{Book, Cell};
use crate::report::reviews::Reviews;

pub(super) fn add(book: &mut Book, reviews: &Reviews) -> Result<(), XlsxError> {
    let columns = vec![
        ("Rule", ""),
        ("Recommended", ""),
        ("Lines", "that the rule names"),
        ("Sampled", "lines"),
        ("Reviewed", "lines"),
        ("Confirmed", "lines whose recommendation was right"),
        ("Overturned", "lines whose recommendation was wrong"),
        ("Undetermined", "lines that the chart did not decide; counted as not confirmed"),
        ("Precision", "confirmed over reviewed"),
        ("Precision, from", "of the 95% interval"),
        ("Precision, to", "of the 95% interval"),
        ("Paid", "dollars paid on all lines of the rule, reversals netted"),
        ("Confirmed paid, estimated", "of all lines of the rule"),
        ("Standard error", "of the estimate"),
        ("Confirmed paid, at least", "with a confidence of 95%"),
    ];
    let rows = reviews.by_rule.iter().map(|rule| {
        let counts = &rule.counts;
        let lines = [rule.lines, counts.sampled, counts.reviewed, counts.confirmed, counts.overturned];
        let mut row = vec![Cell::text(&rule.rule), Cell::text(&rule.disposition)];
        row.extend(lines.map(Cell::Count));
        row.push(Cell::Count(counts.undetermined));
        let share = |of: Option<f64>| of.map_or(Cell::Blank, Cell::Share);
        let precision = rule.precision;
        row.extend(
            [precision.map(|one| one.share), precision.map(|one| one.lower), precision.map(|one| one.upper)].map(share),
        );
        let dollars = |of: Option<f64>| of.map_or(Cell::Blank, Cell::Dollars);
        let estimate = rule.extrapolated;
        row.extend(
            [
                Some(rule.paid),
                estimate.map(|one| one.dollars),
                estimate.map(|one| one.standard_error),
                Some(rule.lower_bound),
            ]
            .map(dollars),
        );
        row
    });
    book.table("Chart review", "what reviewers found on the sampled lines, by rule", columns, rows, None)
}
