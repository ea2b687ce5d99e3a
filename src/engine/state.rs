//! What the run remembers of each line in scope until all lines are read.

mod packed;

#[cfg(test)]
mod packed_tests;

use super::{Draft, LineKeys, keys};
use crate::claim::{ClaimFrequency, ClaimLine, Decimal};
use crate::overrides::Waiver;
use crate::policy::{PolicyRef, ProcedureIndex};
use crate::rules::FindingSet;

pub use packed::{PackedStates, StatePacker, UnpackedStates};

/// One line in scope, reduced to what line edits compare: 48 bytes, whatever the
/// line's length. Texts are held as hashes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineState {
    /// What duplicates share within a session; 0 where the line cannot be one.
    pub duplicate: u64,
    /// The claim.
    pub claim: u64,
    /// Units.
    pub units: Decimal,
    /// The line's own findings.
    pub findings: FindingSet,
    /// The line's number on its claim.
    pub line_number: u32,
    /// The row, from 1 for the first of its batch.
    pub row: u32,
    /// The procedure, and in the highest bits what is said of the line in one.
    procedure: u32,
    /// The policy that decides the line.
    pub policy: PolicyRef,
    /// The overrides that the line meets.
    pub waiver: Waiver,
}

/// The diagnosis step was reached.
const REACHED: u32 = 1 << 31;
/// The line before it is of another session, or of another batch.
const OPENS_SESSION: u32 = 1 << 30;
/// The line before it is of another claim, or of another batch.
const OPENS_CLAIM: u32 = 1 << 29;
/// A version of its claim that replaces another.
const REPLACEMENT: u32 = 1 << 28;
/// A version of its claim that takes it back.
const VOID: u32 = 1 << 27;
/// What was paid on it has been taken back, or it takes back what was paid on another.
const REVERSED: u32 = 1 << 26;
/// Of these, that it takes back what was paid on another.
const REVERSAL: u32 = 1 << 25;
/// It is not judged.
const SUPERSEDED: u32 = 1 << 24;
const FLAGS: u32 = REACHED | OPENS_SESSION | OPENS_CLAIM | REPLACEMENT | VOID | REVERSED | REVERSAL | SUPERSEDED;

impl LineState {
    /// Of no line.
    pub const BLANK: Self = Self {
        duplicate: 0,
        claim: 0,
        units: Decimal::ZERO,
        findings: FindingSet::from_bits(0),
        line_number: 0,
        row: 0,
        procedure: 0,
        policy: PolicyRef(0),
        waiver: Waiver::NONE,
    };

    /// How many bytes a state is stored in.
    pub const STORED: usize = 48;

    /// What to remember of a line with these keys. `row` is its row in its batch,
    /// from 1.
    // It is made where it stays.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    #[must_use]
    pub fn new(line: &ClaimLine<'_>, draft: &Draft, keys: LineKeys, row: u32) -> Self {
        let reached = if draft.reached_diagnosis { REACHED } else { 0 };
        let version = match line.payer.frequency {
            ClaimFrequency::Original => 0,
            ClaimFrequency::Replacement => REPLACEMENT,
            ClaimFrequency::Void => VOID,
        };
        let reversed = match (line.payer.is_reversed(), line.is_below_zero()) {
            (false, _) => 0,
            (true, false) => REVERSED,
            (true, true) => REVERSED | REVERSAL,
        };
        Self {
            duplicate: keys::duplicate(line),
            claim: keys.claim,
            units: line.units,
            findings: draft.findings,
            line_number: line.line_number,
            row,
            procedure: draft.procedure.0 & !FLAGS | reached | version | reversed,
            policy: draft.policy,
            waiver: Waiver::NONE,
        }
    }

    /// The same, with the overrides that the line meets.
    #[inline]
    #[must_use]
    pub const fn waiving(self, waiver: Waiver) -> Self {
        Self { waiver, ..self }
    }

    /// The same under other policies, which call procedure and policy so.
    #[must_use]
    pub const fn called(self, procedure: ProcedureIndex, policy: PolicyRef) -> Self {
        Self { procedure: procedure.0 & !FLAGS | self.procedure & FLAGS, policy, ..self }
    }

    /// The procedure.
    #[must_use]
    pub const fn procedure(&self) -> ProcedureIndex {
        ProcedureIndex(self.procedure & !FLAGS)
    }

    /// Whether the line reached the diagnosis step.
    #[must_use]
    pub const fn reached_diagnosis(&self) -> bool {
        self.procedure & REACHED != 0
    }

    /// Whether a stretch of lines of one session begins with this line.
    #[must_use]
    pub const fn opens_session(&self) -> bool {
        self.procedure & OPENS_SESSION != 0
    }

    /// Whether a stretch of lines of one claim begins with this line.
    #[must_use]
    pub const fn opens_claim(&self) -> bool {
        self.procedure & OPENS_CLAIM != 0
    }

    /// The version of its claim.
    #[must_use]
    pub const fn frequency(&self) -> ClaimFrequency {
        if self.procedure & VOID != 0 {
            ClaimFrequency::Void
        } else if self.procedure & REPLACEMENT != 0 {
            ClaimFrequency::Replacement
        } else {
            ClaimFrequency::Original
        }
    }

    /// Whether what was paid on it has been taken back.
    #[must_use]
    pub const fn is_reversed(&self) -> bool {
        self.procedure & (REVERSED | REVERSAL) == REVERSED
    }

    /// Whether it takes back what was paid on another line.
    #[must_use]
    pub const fn is_reversal(&self) -> bool {
        self.procedure & REVERSAL != 0
    }

    /// Whether it is not judged, since it is not what stands of its claim.
    #[must_use]
    pub const fn is_superseded(&self) -> bool {
        self.procedure & SUPERSEDED != 0
    }

    /// Says that it is not judged.
    pub const fn supersede(&mut self) {
        self.procedure |= SUPERSEDED;
    }

    pub(super) fn set_opens(&mut self, session: bool, claim: bool) {
        let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
        self.procedure |= flag(session, OPENS_SESSION) | flag(claim, OPENS_CLAIM);
    }

    /// The state as bytes, to be put aside.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::STORED] {
        let mut bytes = [0; Self::STORED];
        let numbers = [
            self.duplicate,
            self.claim,
            self.units.ten_thousandths().cast_unsigned(),
            self.findings.bits(),
            u64::from(self.line_number) << 32 | u64::from(self.row),
        ];
        let last = u64::from(self.procedure) << 32 | u64::from(self.policy.0) << 16 | u64::from(self.waiver.0);
        let (words, _) = bytes.as_chunks_mut::<8>();
        for (word, number) in words.iter_mut().zip(numbers.into_iter().chain([last])) {
            *word = number.to_le_bytes();
        }
        bytes
    }

    /// The state that these bytes hold.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::STORED]) -> Self {
        let (words, _) = bytes.as_chunks::<8>();
        let mut numbers = [0; 6];
        for (number, word) in numbers.iter_mut().zip(words) {
            *number = u64::from_le_bytes(*word);
        }
        let [duplicate, claim, units, findings, place, last] = numbers;
        Self {
            duplicate,
            claim,
            units: Decimal::from_ten_thousandths(units.cast_signed()),
            findings: FindingSet::from_bits(findings),
            line_number: high(place),
            row: low(place),
            procedure: high(last),
            policy: PolicyRef(short(last >> 16)),
            waiver: Waiver(short(last)),
        }
    }
}

fn low(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default()
}

fn high(number: u64) -> u32 {
    low(number >> 32)
}

fn short(number: u64) -> u16 {
    u16::try_from(number & u64::from(u16::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_remembered_in_48_bytes() {
        assert_eq!(size_of::<LineState>(), 48);
    }

    #[test]
    fn a_state_that_was_put_aside_is_the_same() {
        let state = LineState {
            duplicate: 1 << 63 | 5,
            claim: u64::MAX,
            units: Decimal::from_ten_thousandths(-7),
            findings: FindingSet::from_bits(1 << 63 | 3),
            line_number: u32::MAX,
            row: 7,
            procedure: REACHED | 0b1100,
            policy: PolicyRef(513),
            waiver: Waiver(65_534),
        };
        assert_eq!(LineState::from_bytes(&state.to_bytes()), state);
    }
}
