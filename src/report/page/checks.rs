//! Whether the summary's totals tie, to the row and the dollar.

use serde::{Serialize, Serializer};

use super::text::with_minus;
use crate::report::words;
use crate::report::{AmountsSummary, Manifest, Summary};

/// One control.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Check {
    pub(in crate::report) control: &'static str,
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
    fn rows(control: &'static str, one: u64, other: u64) -> Self {
        Self { control, one: Figure::Rows(one), other: Figure::Rows(other), ties: one == other }
    }

    /// Sums of sums are off by less than a cent where nothing is missing.
    fn dollars(control: &'static str, one: f64, other: f64) -> Self {
        Self { control, one: Figure::Dollars(one), other: Figure::Dollars(other), ties: (one - other).abs() < 0.01 }
    }
}

/// All controls of a run.
pub(in crate::report) fn of(summary: &Summary, manifest: &Manifest) -> Vec<Check> {
    let total = &summary.total;
    let groups = |of: &dyn Fn(&AmountsSummary) -> f64| {
        let dispositions: f64 = summary.by_disposition.iter().map(|one| of(&one.amounts)).sum();
        let months: f64 = summary.by_service_month.iter().map(|one| of(&one.amounts)).sum();
        let named = summary.by_provider.iter().map(|one| of(&one.group.amounts));
        let providers: f64 = named.chain(summary.other_providers.iter().map(|one| of(&one.group.amounts))).sum();
        [dispositions, months, providers]
    };
    let [dispositions, months, providers] = groups(&|one| one.dollars.paid);
    let lines: u64 = summary.by_disposition.iter().map(|one| one.amounts.lines).sum();
    let files = || summary.files.iter();
    let denied = summary.by_rule.iter().filter(|rule| rule.weight == "deny");
    let stopped = &summary.stopped;
    let kinds = [&stopped.hard, &stopped.fixable, &stopped.cascaded].map(|one| one.dollars.paid);
    let inputs: u64 = manifest.inputs.iter().map(|input| input.counts.rows).sum();
    vec![
        Check::rows(
            "Rows read = out of scope + decided + rejected",
            summary.rows,
            summary.out_of_scope + summary.decided + summary.rejected,
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
        Check::rows("Lines decided = lines of all dispositions", summary.decided, lines),
        Check::dollars("Paid = paid of all inputs", total.dollars.paid, files().map(|file| file.dollars.paid).sum()),
        Check::dollars(
            "Billed = billed of all inputs",
            total.dollars.billed,
            files().map(|file| file.dollars.billed).sum(),
        ),
        Check::dollars("Paid = paid of all dispositions", total.dollars.paid, dispositions),
        Check::dollars("Paid = paid of all months", total.dollars.paid, months),
        Check::dollars("Paid = paid of all providers", total.dollars.paid, providers),
        Check::dollars(
            "Exposure = paid by denying rules",
            summary.exposure,
            denied.map(|rule| rule.amounts.dollars.paid).sum(),
        ),
        Check::dollars("Exposure = hard + fixable + cascaded denials", summary.exposure, kinds.iter().sum()),
    ]
}
