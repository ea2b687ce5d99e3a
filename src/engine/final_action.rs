//! Which lines of a run are not judged: those of a claim that a later version replaces or
//! takes back, and those whose payment was reversed.

use rustc_hash::FxHashMap;

use super::keys;
use super::versions::{ClaimVersions, SupersededBy, VersionCounts};
use super::{LineState, RowPlace, Stretches, VersionNote};
use crate::claim::ClaimLine;

/// A line that is not judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SupersededLine {
    /// The line, by its number among the run's lines in scope.
    pub line: u32,
    /// Why.
    pub reason: SupersededBy,
    /// The row of the version that stands, or was the last; of a payment and its
    /// reversal the other line's number instead.
    pub by: Option<RowPlace>,
    /// The line that takes its payment back, or whose payment it takes back.
    pub other: Option<u32>,
}

/// What the lines of a run say of the versions of their claims, as they come.
#[derive(Debug, Default)]
pub struct FinalActions {
    /// Rows of later versions, in scope or not, in the run's order.
    pub versions: Vec<VersionNote>,
    /// By line: what a payment and its reversal share. Empty where no input says which
    /// payments were reversed.
    pub payments: Vec<u64>,
}

/// What stands of the claims of a run.
#[derive(Debug, Default)]
pub struct Superseded {
    /// Lines that are not judged, in order.
    pub lines: Vec<SupersededLine>,
    /// What is odd about versions.
    pub counts: VersionCounts,
    /// Rows that take a payment back that no line shows: they are judged.
    pub reversals_without_line: u64,
}

/// What a payment and the row that takes it back share.
#[must_use]
pub fn payment_key(line: &ClaimLine<'_>) -> u64 {
    keys::payment(line)
}

impl FinalActions {
    /// How many bytes they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.versions.capacity() * size_of::<VersionNote>() + self.payments.capacity() * size_of::<u64>()
    }

    /// Takes what the next batch says: its first line's number, its file, and how many
    /// rows of that stand before it.
    pub fn take(
        &mut self,
        versions: &mut Vec<VersionNote>,
        payments: &mut Vec<u64>,
        first: u32,
        file: usize,
        rows_before: u32,
    ) {
        let file = u32::try_from(file).unwrap_or(u32::MAX);
        self.versions.extend(versions.drain(..).map(|mut note| {
            note.place = RowPlace { file, row: note.place.row.saturating_add(rows_before) };
            note
        }));
        if !payments.is_empty() {
            // Lines of inputs that say nothing of it.
            self.payments.resize(first as usize, 0);
            self.payments.append(payments);
        }
    }

    /// Finds the lines that are not judged. `states` hands out every line's state, in
    /// order.
    ///
    /// # Errors
    ///
    /// The first error of `states`.
    pub fn settle<E>(self, states: impl Fn(&mut dyn FnMut(u32, &LineState)) -> Result<(), E>) -> Result<Superseded, E> {
        let Self { versions, payments } = self;
        let mut versions = ClaimVersions::new(&versions);
        if versions.is_empty() && payments.is_empty() {
            return Ok(Superseded::default());
        }
        let key = |line: u32| payments.get(line as usize).copied().unwrap_or_default();
        // The payments that are taken back: by key, the rows that do.
        let mut reversals: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        states(&mut |line, state| {
            versions.see(state);
            if state.is_reversal() && versions.superseded(state).is_none() {
                reversals.entry(key(line)).or_default().push(line);
            }
        })?;
        for rows in reversals.values_mut() {
            rows.reverse();
        }
        let mut lines = Vec::new();
        let mut paired = Vec::new();
        states(&mut |line, state| {
            if let Some((reason, by)) = versions.superseded(state) {
                lines.push(SupersededLine { line, reason, by, other: None });
            } else if !state.is_reversal() {
                let taken_back = reversals.get_mut(&key(line)).and_then(Vec::pop);
                if let Some(row) = taken_back {
                    let of = |line, reason, other| SupersededLine { line, reason, by: None, other: Some(other) };
                    lines.push(of(line, SupersededBy::Reversed, row));
                    paired.push(of(row, SupersededBy::Reversal, line));
                } else if state.is_reversed() {
                    lines.push(SupersededLine { line, reason: SupersededBy::Reversed, by: None, other: None });
                }
            }
        })?;
        let reversals_without_line = reversals.values().map(|rows| rows.len() as u64).sum();
        lines.extend(paired);
        lines.sort_unstable_by_key(|one| one.line);
        Ok(Superseded { lines, counts: versions.counts(), reversals_without_line })
    }
}

impl Superseded {
    /// Asks that the sessions and claims of these lines are judged again, without them.
    pub fn judge_again(&self, stretches: &mut Stretches) {
        self.lines.iter().for_each(|one| stretches.judge_again(one.line));
    }
}
