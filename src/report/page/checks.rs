//! Whether the summary's totals tie, to the row and the dollar.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::text::with_minus;
use crate::report::words;
use crate::report::{AmountsSummary, GroupSummary, Manifest, Summary};
use crate::rules::Disposition;

/// One control.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Check {
    pub(in crate::report) control: Cow<'static, str>,
    pub(in crate::report) one: Figure,
    pub(in crate::report) other: Figure,
    pub(in crate::report) ties: bool,
}

/// One side of a control.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) enum Figure {
    Rows(u64),
    Dollars(f64),
}

impl Serialize for Figure {
    /// As the page shows it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&match *self {
            Self::Rows(rows) => words::count(rows),
            Self::Dollars(dollars) => with_minus(&words::dollars(dollars)),
        })
    }
}

impl Check {
    pub(in crate::report) fn rows(control: impl Into<Cow<'static, str>>, one: u64, other: u64) -> Self {
        Self { control: control.into(), one: Figure::Rows(one), other: Figure::Rows(other), ties: one == other }
    }

    /// Sums of sums are off by less than half a cent where nothing is missing.
    pub(in crate::report) fn dollars(control: impl Into<Cow<'static, str>>, one: f64, other: f64) -> Self {
        Self {
            control: control.into(),
            one: Figure::Dollars(one),
            other: Figure::Dollars(other),
            ties: (one - other).abs() < 0.005,
        }
    }
}

/// Lines and dollars of a part of the run.
#[derive(Clone, Copy, Default)]
struct Sums {
    lines: u64,
    billed: f64,
    paid: f64,
}

impl Sums {
    fn of<'a>(parts: impl IntoIterator<Item = &'a AmountsSummary>) -> Self {
        parts.into_iter().fold(Self::default(), |sum, part| Self {
            lines: sum.lines + part.lines,
            billed: sum.billed + part.dollars.billed,
            paid: sum.paid + part.dollars.paid,
        })
    }
}

/// The ways in which the summary divides all decided lines, and what the parts come to.
fn divisions(summary: &Summary) -> [(&'static str, Sums); 7] {
    let groups = |groups: &[GroupSummary]| Sums::of(groups.iter().map(|one| &one.amounts));
    let named = summary.by_provider.iter().map(|one| &one.group.amounts);
    let others = summary.other_providers.iter().map(|one| &one.group.amounts);
    let allowed = summary.by_disposition.iter().filter(|one| one.key == Disposition::Allow.name());
    let rules = summary.by_rule.iter().map(|one| &one.amounts);
    [
        ("all dispositions", Sums::of(summary.by_disposition.iter().map(|one| &one.amounts))),
        ("all rules that name lines, and of allowed lines", Sums::of(rules.chain(allowed.map(|one| &one.amounts)))),
        ("all procedures", groups(&summary.by_procedure)),
        ("all programs", groups(&summary.by_program)),
        ("all versions", Sums::of(summary.by_version.iter().map(|one| &one.group.amounts))),
        ("all months", groups(&summary.by_service_month)),
        ("all providers", Sums::of(named.chain(others))),
    ]
}

/// All controls of a run.
pub(in crate::report) fn of(summary: &Summary, manifest: &Manifest) -> Vec<Check> {
    let total = &summary.total;
    let files = || summary.files.iter();
    let denied = summary.by_rule.iter().filter(|rule| rule.weight == "deny");
    let stopped = &summary.stopped;
    let kinds = [&stopped.hard, &stopped.fixable, &stopped.cascaded].map(|one| one.dollars.paid);
    let inputs: u64 = manifest.inputs.iter().map(|input| input.counts.rows).sum();
    let mut checks = vec![
        Check::rows(
            "Rows read = out of scope + superseded + decided + rejected",
            summary.rows,
            summary.out_of_scope + summary.superseded + summary.decided + summary.rejected,
        ),
        Check::rows("Rows read = rows of all inputs in the manifest", summary.rows, inputs),
        Check::rows(
            "Rows decided = decided rows of all inputs",
            summary.decided,
            files().map(|file| file.counts.decided).sum(),
        ),
        Check::rows(
            "Rows rejected = rejects by reason",
            summary.rejected,
            summary.rejects.iter().map(|one| one.rows).sum(),
        ),
        Check::rows("Rows decided = lines in all", summary.decided, total.lines),
        Check::dollars("Paid = paid of all inputs", total.dollars.paid, files().map(|file| file.dollars.paid).sum()),
        Check::dollars(
            "Billed = billed of all inputs",
            total.dollars.billed,
            files().map(|file| file.dollars.billed).sum(),
        ),
    ];
    for (parts, sums) in divisions(summary) {
        checks.extend([
            Check::rows(format!("Lines = lines of {parts}"), total.lines, sums.lines),
            Check::dollars(format!("Billed = billed of {parts}"), total.dollars.billed, sums.billed),
            Check::dollars(format!("Paid = paid of {parts}"), total.dollars.paid, sums.paid),
        ]);
    }
    checks.extend([
        Check::dollars(
            "Exposure = paid by denying rules",
            summary.exposure,
            denied.map(|rule| rule.amounts.dollars.paid).sum(),
        ),
        Check::dollars("Exposure = hard + fixable + cascaded denials", summary.exposure, kinds.iter().sum()),
    ]);
    checks
}
