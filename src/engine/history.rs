//! Lines that earlier runs decided, where they stand in sessions of this run.
//!
//! They come before the run's own lines, count as what they were decided to be, and are
//! never asked again.

use rustc_hash::FxHashMap;

use super::SessionKey;
use crate::claim::{ClaimFrequency, Decimal};
use crate::policy::ProcedureIndex;
use crate::rules::Disposition;

/// Lines of the run are numbered below this, lines of earlier runs from here on.
pub const FIRST_PAST: u32 = 0xF000_0000;

/// The place of a line in the order of all lines: those of earlier runs come first.
pub(super) const fn in_order(number: u32) -> u32 {
    number.wrapping_sub(FIRST_PAST)
}

/// A line that an earlier run decided, as that run recorded it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools)]
pub struct PastLine {
    /// Its session.
    pub session: SessionKey,
    /// Its claim, as a hash.
    pub claim: u64,
    /// What duplicates share within a session; 0 where it cannot be one.
    pub duplicate: u64,
    /// Units.
    pub units: Decimal,
    /// Its number on its claim.
    pub line_number: u32,
    /// Its procedure, as this run knows it.
    pub procedure: ProcedureIndex,
    /// The version of its claim.
    pub frequency: ClaimFrequency,
    /// What it came to.
    pub disposition: Disposition,
    /// Whether it reached the diagnosis step.
    pub reached_diagnosis: bool,
    /// Whether it was denied for its diagnosis or its clinical facts.
    pub denied_for_cause: bool,
    /// Whether it was found a duplicate.
    pub is_duplicate: bool,
    /// Whether a policy said how its procedure counts beside others.
    pub counts: bool,
}

/// Lines of earlier runs, by session.
#[derive(Clone, Debug, Default)]
pub struct PastLines {
    lines: Vec<PastLine>,
    by_session: FxHashMap<SessionKey, Vec<u32>>,
}

impl PastLines {
    /// These lines, in the order of their runs and rows. The line at a place has the
    /// number `FIRST_PAST` and that place.
    #[must_use]
    pub fn new(lines: Vec<PastLine>) -> Self {
        let mut by_session: FxHashMap<SessionKey, Vec<u32>> = FxHashMap::default();
        for (line, number) in lines.iter().zip(FIRST_PAST..) {
            by_session.entry(line.session).or_default().push(number);
        }
        Self { lines, by_session }
    }

    /// A line by its number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&PastLine> {
        self.lines.get(number.checked_sub(FIRST_PAST)? as usize)
    }

    /// Those of a session, in order, each with its number.
    pub(super) fn of(&self, session: SessionKey) -> impl Iterator<Item = (u32, &PastLine)> {
        let numbers = self.by_session.get(&session).into_iter().flatten();
        numbers.filter_map(|number| Some((*number, self.get(*number)?)))
    }

    /// The sessions that have such lines.
    pub(super) fn sessions(&self) -> impl Iterator<Item = SessionKey> {
        self.by_session.keys().copied()
    }
}
