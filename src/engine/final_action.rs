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
        for mut note in versions.drain(..) {
            note.place = RowPlace { file, row: note.place.row.saturating_add(rows_before) };
            // A claim may lie across the end of a batch: that is no matter of the claim's.
            match self.versions.last_mut() {
                Some(last) if last.place.file == file && last.is_same_version(&note) => last.take_paid_date(&note),
                _ => self.versions.push(note),
            }
        }
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
        let Self { versions: notes, payments } = self;
        let mut versions = ClaimVersions::new(&notes);
        drop(notes);
        if versions.is_empty() && payments.is_empty() {
            return Ok(Superseded::default());
        }
        let key = |line: u32| payments.get(line as usize).copied().unwrap_or_default();
        // The rows that take payments back, by key.
        let mut reversals: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        states(&mut |line, state| {
            versions.see(state);
            if state.is_reversal() {
                reversals.entry(key(line)).or_default().push(line);
            }
        })?;
        let pairs = if reversals.is_empty() { FxHashMap::default() } else { paired(&reversals, key, &states)? };
        let mut found = Superseded { counts: versions.counts(), ..Superseded::default() };
        states(&mut |line, state| {
            let pair = pairs.get(&line).copied();
            let of_pair = pair.map(|other| {
                let reason = if state.is_reversal() { SupersededBy::Reversal } else { SupersededBy::Reversed };
                SupersededLine { line, reason, by: None, other: Some(other) }
            });
            let of_version =
                || versions.superseded(state).map(|(reason, by)| SupersededLine { line, reason, by, other: None });
            let in_place = || {
                let reason = SupersededBy::Reversed;
                state.is_reversed().then_some(SupersededLine { line, reason, by: None, other: None })
            };
            match of_pair.or_else(of_version).or_else(in_place) {
                Some(superseded) => found.lines.push(superseded),
                None => found.reversals_without_line += u64::from(state.is_reversal()),
            }
        })?;
        Ok(found)
    }
}

/// Each payment with the row that takes it back, and the other way round. A row takes the
/// first payment that is marked as taken back, else the first.
fn paired<E>(
    reversals: &FxHashMap<u64, Vec<u32>>,
    key: impl Fn(u32) -> u64,
    states: impl Fn(&mut dyn FnMut(u32, &LineState)) -> Result<(), E>,
) -> Result<FxHashMap<u32, u32>, E> {
    let mut payments: FxHashMap<u64, Vec<(bool, u32)>> = FxHashMap::default();
    states(&mut |line, state| {
        let key = key(line);
        if !state.is_reversal() && key != 0 && reversals.contains_key(&key) {
            payments.entry(key).or_default().push((!state.is_reversed(), line));
        }
    })?;
    let mut pairs = FxHashMap::default();
    for (key, mut lines) in payments {
        lines.sort_unstable();
        for ((_, payment), row) in lines.into_iter().zip(reversals.get(&key).into_iter().flatten()) {
            pairs.insert(payment, *row);
            pairs.insert(*row, payment);
        }
    }
    Ok(pairs)
}

impl Superseded {
    /// Asks that the sessions and claims of these lines are judged again, without them.
    pub fn judge_again(&self, stretches: &mut Stretches) {
        self.lines.iter().for_each(|one| stretches.judge_again(one.line));
    }
}
