//! Providers: the largest, and those unlike their peers.

use rust_xlsxwriter::XlsxError;

use super::groups::{DOLLARS, LINES, dollars, group, group_columns};
use super::sheet::{Book, Cell, Column};
use crate::report::{MeasureSummary, PaidSummary, Summary, UnlikeProvider};

const DENIED: [Column; 4] = [
    ("Denied, observed", "denied lines"),
    ("Denied, expected", "denied lines at the rates of all other providers that are not far out, version by version"),
    ("Denied, times", "observed over expected"),
    ("Denied, z", "the difference in standard deviations, as providers usually differ"),
];
const PENDED: [Column; 4] = [
    ("Pended, observed", "pended lines"),
    ("Pended, expected", "pended lines at the rates of all other providers that are not far out, version by version"),
    ("Pended, times", "observed over expected"),
    ("Pended, z", "the difference in standard deviations, as providers usually differ"),
];
const PAID: [Column; 2] = [
    (
        "Paid, times",
        "dollars paid over what others were paid for as many units of the same procedures, program by program",
    ),
    ("Paid, z", "how far that lies from the middle one, in standard deviations as most providers show"),
];

pub(super) fn add(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let mut columns = group_columns("Provider");
    columns.extend(DENIED.iter().chain(&PENDED).chain(&PAID));
    let rows = summary.by_provider.iter().map(|provider| {
        let mut row = group(&provider.group);
        row.extend(against(provider.denied).into_iter().chain(against(provider.pended)));
        row.extend(paid_against(provider.paid_against));
        row
    });
    let others = summary.other_providers.as_ref().map(|others| {
        let mut row = group(&others.group);
        if let Some(key) = row.first_mut() {
            *key = Cell::text(format!("{} others", others.providers));
        }
        row
    });
    let says = "providers, the largest exposure first; blank is every line without one";
    book.table("Providers", says, columns, rows, others)?;
    unlike(book, summary)?;
    by_rule(book, summary)?;
    by_quarter(book, summary)
}

fn unlike(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let columns = [("Provider", ""), LINES].into_iter().chain(DENIED).chain(PENDED).chain(PAID).chain([
        ("Exposure", "dollars paid on denied lines, reversals netted"),
        ("Beyond peers' rate", "the part of the exposure beyond what the peers' rate would give"),
    ]);
    let columns = columns.chain(DOLLARS).collect();
    let row = |one: &UnlikeProvider| {
        let mut row = vec![Cell::text(one.provider.clone()), Cell::Count(one.amounts.lines)];
        row.extend(against(one.denied).into_iter().chain(against(one.pended)));
        row.extend(paid_against(one.paid_against));
        row.extend([Cell::Dollars(one.exposure), Cell::Dollars(one.excess)]);
        row.extend(dollars(&one.amounts));
        row
    };
    let rows = summary.peers.farthest.iter().map(row);
    let says = "providers far from their peers, the farthest first: a reason to look, and no finding of fault";
    book.table("Unlike providers", says, columns, rows, None)
}

fn by_rule(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let columns = vec![
        ("Provider", ""),
        ("Rule", ""),
        ("Observed", "lines that the rule names"),
        ("Expected", "lines at the rates of all other providers"),
        ("Times", "observed over expected"),
        ("z", "the difference in standard deviations"),
        ("Paid", "dollars paid on the lines, reversals netted"),
    ];
    let of = |one: &'_ UnlikeProvider| -> Vec<Vec<Cell<'static>>> {
        let row = |rule: &crate::report::UnlikeRule| {
            let mut row = vec![Cell::text(one.provider.clone()), Cell::text(rule.rule.clone())];
            row.extend(against(Some(rule.lines)));
            row.push(Cell::Dollars(rule.paid));
            row
        };
        one.rules.iter().map(row).collect()
    };
    let says = "the rules that name far more lines of such a provider than of its peers";
    book.table("Unlike by rule", says, columns, summary.peers.farthest.iter().flat_map(of), None)
}

fn by_quarter(book: &mut Book, summary: &Summary) -> Result<(), XlsxError> {
    let columns = vec![("Provider", ""), ("Quarter", "of service"), LINES, ("Denied", "lines"), ("Pended", "lines")];
    let rows = summary.peers.farthest.iter().flat_map(|one| {
        one.quarters.iter().map(|quarter| {
            let counts = [quarter.lines, quarter.denied, quarter.pended].map(Cell::Count);
            [Cell::text(&one.provider), Cell::text(&quarter.quarter)].into_iter().chain(counts).collect()
        })
    });
    book.table("Unlike by quarter", "the lines of such providers by quarter: since when?", columns, rows, None)
}

/// Observed, expected, times, z; blank where there are no peers.
#[allow(clippy::cast_precision_loss)]
fn against<'a>(measure: Option<MeasureSummary>) -> [Cell<'a>; 4] {
    let Some(MeasureSummary { observed, expected, z }) = measure else { return [(); 4].map(|()| Cell::Blank) };
    let times = if expected > 0.0 { Cell::Tenths(observed as f64 / expected) } else { Cell::Blank };
    [Cell::Count(observed), Cell::Tenths(expected), times, z.map_or(Cell::Blank, Cell::Tenths)]
}

/// What was paid against others, times and z; blank where there are too few lines.
fn paid_against<'a>(paid: Option<PaidSummary>) -> [Cell<'a>; 2] {
    let times = paid.filter(|one| one.expected > 0.0).map(|one| one.paid / one.expected);
    [times, paid.and_then(|one| one.z)].map(|number| number.map_or(Cell::Blank, Cell::Tenths))
}
