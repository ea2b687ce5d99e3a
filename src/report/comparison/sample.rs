//! Changed lines that a page has room for: those that were paid most.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use serde::Serialize;

use super::changes::{dollars, plain};
use super::{ChangedLine, DecidedLine};
use crate::claim::Decimal;
use crate::report::page::text::{claimed, with_minus};
use crate::report::words;

/// The changed lines with the largest paid amounts. Of lines paid alike it keeps those
/// that stand first, so either they come in the run's order, or their places are told.
#[derive(Clone, Debug)]
pub struct ChangedSample {
    room: usize,
    seen: u64,
    /// The one to go first is on top.
    kept: BinaryHeap<Reverse<Kept>>,
}

impl Default for ChangedSample {
    fn default() -> Self {
        Self::with_room(Self::ROOM)
    }
}

/// What a line is ranked by: its paid amount, unknown ones below all others; then its
/// place, the first ones above.
type Rank = (Option<Decimal>, Reverse<u64>);

#[derive(Clone, Debug)]
struct Kept {
    rank: Rank,
    shown: Box<ShownChange>,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

/// A changed line as a page shows it. What came with the claim is cut, and not yet
/// escaped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct ShownChange {
    pub(super) claim: String,
    pub(super) line: String,
    date: String,
    procedure: String,
    provider: String,
    units: String,
    billed: String,
    paid: String,
    /// Blank where the second run read the same.
    paid_b: String,
    a: ShownDecision,
    b: ShownDecision,
}

/// What became of it in one run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct ShownDecision {
    disposition: &'static str,
    rule: String,
    detail: String,
    version: String,
    file: String,
    row: u64,
}

impl ChangedSample {
    /// How many lines a page shows at most.
    pub const ROOM: usize = 300;

    /// A sample of so many lines.
    #[must_use]
    pub fn with_room(room: usize) -> Self {
        Self { room, seen: 0, kept: BinaryHeap::new() }
    }

    /// Shows it a line. What a line was paid is what the first run read, or else the
    /// second.
    pub fn add(&mut self, changed: &ChangedLine<'_>) {
        self.add_at(self.seen, changed);
    }

    /// Shows it the line that is the `place`th among those of the run, so that lines may
    /// come in any order.
    pub fn add_at(&mut self, place: u64, changed: &ChangedLine<'_>) {
        let rank = (changed.a.line.paid.or(changed.b.line.paid), Reverse(place));
        self.seen += 1;
        if self.kept.len() >= self.room && self.kept.peek().is_none_or(|least| rank < least.0.rank) {
            return;
        }
        self.keep(Kept { rank, shown: Box::new(ShownChange::new(changed)) });
    }

    /// Takes in what another was shown.
    pub fn merge(&mut self, other: Self) {
        self.seen += other.seen;
        other.kept.into_iter().for_each(|Reverse(kept)| self.keep(kept));
    }

    fn keep(&mut self, kept: Kept) {
        self.kept.push(Reverse(kept));
        if self.kept.len() > self.room {
            self.kept.pop();
        }
    }

    /// How many lines it was shown.
    #[must_use]
    pub const fn seen(&self) -> u64 {
        self.seen
    }

    /// Those that are kept, the largest paid amount first.
    pub(super) fn lines(&self) -> Vec<&ShownChange> {
        let mut kept: Vec<_> = self.kept.iter().map(|Reverse(kept)| kept).collect();
        kept.sort_by(|one, other| other.cmp(one));
        kept.into_iter().map(|kept| &*kept.shown).collect()
    }
}

impl ShownChange {
    /// What of it stands on a page, but for numbers of rows and names of dispositions.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let Self { claim, line, date, procedure, provider, units, billed, paid, paid_b, a, b } = self;
        let line = [claim, line, date, procedure, provider, units, billed, paid, paid_b];
        let sides = [a, b].map(|one| [&one.rule, &one.detail, &one.version, &one.file]);
        line.into_iter().chain(sides.into_iter().flatten()).map(String::as_str)
    }

    /// Whether the second run read another paid amount.
    pub(super) const fn is_paid_otherwise(&self) -> bool {
        !self.paid_b.is_empty()
    }

    fn new(changed: &ChangedLine<'_>) -> Self {
        let ChangedLine { a, b, .. } = changed;
        let number = |written: String| with_minus(&words::grouped(&written));
        let paid_b = if a.line.paid == b.line.paid {
            String::new()
        } else {
            b.line.paid.map_or_else(|| words::NOT_KNOWN.to_owned(), |paid| number(dollars(Some(paid))))
        };
        Self {
            claim: claimed(a.claim_id),
            line: claimed(a.line_number),
            date: claimed(a.line.service_date),
            procedure: claimed(a.line.procedure),
            provider: claimed(a.line.provider),
            units: number(plain(a.units)),
            billed: number(dollars(a.billed)),
            paid: number(dollars(a.line.paid)),
            paid_b,
            a: ShownDecision::new(a),
            b: ShownDecision::new(b),
        }
    }
}

impl ShownDecision {
    fn new(decided: &DecidedLine<'_>) -> Self {
        Self {
            disposition: decided.line.disposition.name(),
            rule: claimed(decided.line.rule),
            detail: claimed(decided.detail),
            version: claimed(decided.policy_version),
            file: claimed(decided.source_file),
            row: decided.source_row,
        }
    }
}
