//! What a run has to be told loudly: it completed, and something about it as a whole
//! is probably not what whoever runs it thinks.

use serde::{Deserialize, Serialize};

use super::Counted;
use crate::claim::Day;
use crate::engine::Adjudicator;
use crate::icd10::Icd10;
use crate::policy::PolicyIndex;
use crate::report::words::{count, lines, plural};
use crate::run::{RejectLimit, RowCounts, RunSettings, UNCLOSED};

/// One warning. Its text holds counts, days and names of policies, nothing of a claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Warning {
    /// What kind it is; there is at most one of a kind. Ids are never reused.
    pub id: String,
    /// Of how many things it tells: rows, lines, inputs or policies.
    pub count: u64,
    /// The warning, for people.
    pub text: String,
}

impl Warning {
    /// Policies that can judge no line.
    pub const POLICY_NEVER_JUDGES: &'static str = "policy-never-judges";
    /// Doubts about policy files, as `policy lint` tells them.
    pub const POLICY_DOUBTS: &'static str = "policy-doubts";
    /// Inputs without a row.
    pub const EMPTY_INPUT: &'static str = "empty-input";
    /// Inputs of which the end could not be read as rows.
    pub const NOT_READ_TO_ITS_END: &'static str = "input-not-read-to-its-end";
    /// Rows, of which none is in scope.
    pub const NOTHING_IN_SCOPE: &'static str = "nothing-in-scope";
    /// Rejected rows, more than `--max-rejects` allows.
    pub const REJECTS_OVER_LIMIT: &'static str = "rejects-over-limit";
    /// Decided lines before the diagnosis table's first day.
    pub const DATE_BEFORE_TABLE: &'static str = "date-before-table";
    /// Decided lines after the diagnosis table's last day.
    pub const DATE_AFTER_TABLE: &'static str = "date-after-table";

    /// Every id, in the order in which warnings are told.
    pub const IDS: [&'static str; 8] = [
        Self::POLICY_NEVER_JUDGES,
        Self::POLICY_DOUBTS,
        Self::EMPTY_INPUT,
        Self::NOT_READ_TO_ITS_END,
        Self::NOTHING_IN_SCOPE,
        Self::REJECTS_OVER_LIMIT,
        Self::DATE_BEFORE_TABLE,
        Self::DATE_AFTER_TABLE,
    ];
}

/// How many policies are named.
const NAMED: usize = 5;

/// What warnings about rows and days go by.
#[derive(Clone, Copy, Debug)]
pub struct RowsRead<'a> {
    /// The rows of each input.
    pub inputs: &'a [RowCounts],
    /// Rejects that took the rest of their input with them.
    pub cut: u64,
    /// The most rejects that are not too many.
    pub max_rejects: Option<RejectLimit>,
    /// Decided lines before the diagnosis table's first day, and after its last.
    pub outside_table: [u64; 2],
}

/// The warnings of a run, in the order of the ids above.
pub(super) fn of(
    settings: &RunSettings,
    adjudicator: &Adjudicator,
    counted: &Counted<'_>,
    outside_table: [u64; 2],
) -> Vec<Warning> {
    let index = adjudicator.index();
    let mut warnings = Warning::of_policies(index, adjudicator.options().policy_date);
    let inputs: Vec<_> = counted.inputs.iter().map(|input| input.counts).collect();
    let cut = counted.reasons.iter().filter(|((_, reason), _)| Warning::is_cut(reason)).map(|(_, rows)| rows).sum();
    let read = RowsRead { inputs: &inputs, cut, max_rejects: settings.max_rejects, outside_table };
    warnings.extend(Warning::of_rows(&read, index.table()));
    warnings
}

impl Warning {
    fn add(all: &mut Vec<Self>, id: &str, count: u64, text: impl FnOnce() -> String) {
        if count > 0 {
            all.push(Self { id: id.to_owned(), count, text: text() });
        }
    }

    /// Those that the policies loaded give rise to, judging as of this day if one is named.
    #[must_use]
    pub fn of_policies(index: &PolicyIndex, policy_date: Option<Day>) -> Vec<Self> {
        let mut warnings = Vec::new();
        let idle = index.never_judging(policy_date);
        Self::add(&mut warnings, Self::POLICY_NEVER_JUDGES, idle.len() as u64, || {
            let named = idle.iter().take(NAMED).map(|(policy, why)| format!("policy {}: {why}", policy.id));
            let more = idle.len().checked_sub(NAMED).filter(|more| *more > 0);
            let more = more.map(|more| format!("{} more such policies", count(more as u64)));
            let told: Vec<_> = named.chain(more).collect();
            format!("loaded, and can judge no line: {}", told.join("; "))
        });
        let doubts = index.doubts();
        Self::add(&mut warnings, Self::POLICY_DOUBTS, doubts as u64, || {
            format!("{} about what policy files say; `adjudicate policy lint` tells them", plural(doubts, "doubt"))
        });
        warnings
    }

    /// Whether a row rejected for this reason is the last that was read of its input: one
    /// reject, whatever it took with it.
    #[must_use]
    pub fn is_cut(reason: &str) -> bool {
        reason == UNCLOSED
    }

    /// Those that rows and days alone give rise to.
    #[must_use]
    pub fn of_rows(read: &RowsRead<'_>, table: &Icd10) -> Vec<Self> {
        let RowsRead { inputs, cut, max_rejects, outside_table: [before, after] } = *read;
        let counts: RowCounts = inputs.iter().copied().sum();
        let mut warnings = Vec::new();
        let mut warn = |id: &str, count: u64, text: &dyn Fn() -> String| Self::add(&mut warnings, id, count, text);
        let empty = inputs.iter().filter(|input| input.rows == 0).count();
        warn(Self::EMPTY_INPUT, empty as u64, &|| {
            format!("{} of {} without any row", count(empty as u64), plural(inputs.len(), "input"))
        });
        warn(Self::NOT_READ_TO_ITS_END, cut, &|| {
            let inputs = plural(usize::try_from(cut).unwrap_or(usize::MAX), "input");
            format!(
                "{inputs} not read to the end: a quote is opened and never closed, in the row that rejects.csv names"
            )
        });
        // What could not be read may have been in scope; that is told as well.
        let nothing = counts.decided + counts.superseded == 0 && counts.out_of_scope > 0;
        warn(Self::NOTHING_IN_SCOPE, if nothing { counts.rows } else { 0 }, &|| {
            let rows = plural(usize::try_from(counts.rows).unwrap_or(usize::MAX), "row");
            let unread = match counts.rejected {
                0 => String::new(),
                rejected => format!(" ({} could not be read)", count(rejected)),
            };
            format!(
                "no line is in scope, of {rows}{unread}: does the procedure column hold the codes, and are the policies the right \
                 ones?"
            )
        });
        let limit = max_rejects.filter(|limit| limit.is_exceeded_by(&counts));
        warn(Self::REJECTS_OVER_LIMIT, limit.map_or(0, |_| counts.rejected), &|| {
            let of = counts.rows - counts.out_of_scope;
            let limit = limit.map(|limit| limit.to_string()).unwrap_or_default();
            format!(
                "{} of {} rows that are not out of scope were rejected, more than --max-rejects {limit} allows",
                count(counts.rejected),
                count(of)
            )
        });
        warn(Self::DATE_BEFORE_TABLE, before, &|| {
            format!(
                "{} with a service date before {}, the diagnosis table's first day ({})",
                lines(before),
                table.first_day(),
                table.edition()
            )
        });
        warn(Self::DATE_AFTER_TABLE, after, &|| {
            format!(
                "{} with a service date after {}, the diagnosis table's last day ({}): codes new by then are unknown to it",
                lines(after),
                table.last_day(),
                table.edition()
            )
        });
        warnings
    }
}
