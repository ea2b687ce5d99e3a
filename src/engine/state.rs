//! What the run remembers of each line in scope until all lines are read.

use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

use super::Draft;
use crate::claim::{ClaimLine, Decimal};
use crate::policy::{PolicyRef, ProcedureIndex};
use crate::rules::FindingSet;
use crate::short::copy;

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
}

/// The diagnosis step was reached.
const REACHED: u32 = 1 << 31;
/// The line before it is of another session, or of another batch.
const OPENS_SESSION: u32 = 1 << 30;
/// The line before it is of another claim, or of another batch.
const OPENS_CLAIM: u32 = 1 << 29;
const FLAGS: u32 = REACHED | OPENS_SESSION | OPENS_CLAIM;

impl LineState {
    /// How many bytes a state is stored in.
    pub const STORED: usize = 46;

    /// What to remember of a line with these keys. `row` is its row in its batch,
    /// from 1.
    #[must_use]
    pub fn new(line: &ClaimLine<'_>, draft: &Draft, keys: LineKeys, row: u32) -> Self {
        let reached = if draft.reached_diagnosis { REACHED } else { 0 };
        Self {
            duplicate: duplicate_key(line),
            claim: keys.claim,
            units: line.units,
            findings: draft.findings,
            line_number: line.line_number,
            row,
            procedure: draft.procedure.0 & !FLAGS | reached,
            policy: draft.policy,
        }
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
        let (words, rest) = bytes.as_chunks_mut::<8>();
        for (word, number) in words.iter_mut().zip(numbers) {
            *word = number.to_le_bytes();
        }
        let (procedure, policy) = rest.split_at_mut(4);
        procedure.copy_from_slice(&self.procedure.to_le_bytes());
        policy.copy_from_slice(&self.policy.0.to_le_bytes());
        bytes
    }

    /// The state that these bytes hold.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::STORED]) -> Self {
        let (words, rest) = bytes.as_chunks::<8>();
        let mut numbers = [0; 5];
        for (number, word) in numbers.iter_mut().zip(words) {
            *number = u64::from_le_bytes(*word);
        }
        let [duplicate, claim, units, findings, place] = numbers;
        let procedure = rest.first_chunk().copied().unwrap_or_default();
        let policy = rest.last_chunk().copied().unwrap_or_default();
        let low = |number: u64| u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
        Self {
            duplicate,
            claim,
            units: Decimal::from_ten_thousandths(units.cast_signed()),
            findings: FindingSet::from_bits(findings),
            line_number: low(place >> 32),
            row: low(place),
            procedure: u32::from_le_bytes(procedure),
            policy: PolicyRef(u16::from_le_bytes(policy)),
        }
    }
}

/// A session as a hash of 128 bits: member, provider and service date; else claim
/// and service date. Two sessions of a run of a billion lines collide with a
/// chance of one in 10^20.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SessionKey(pub u128);

impl SessionKey {
    /// The session of a line.
    #[must_use]
    pub fn new(line: &ClaimLine<'_>) -> Self {
        let mut text = Hashed::default();
        if line.member_id.is_empty() || line.provider_npi.is_empty() {
            text.add_bytes(b"claim");
            text.add(line.claim_id);
        } else {
            text.add_bytes(b"member");
            text.add(line.member_id);
            text.add(line.provider_npi);
        }
        text.add_bytes(&line.service_date.days().to_le_bytes());
        Self(text.digest128())
    }
}

/// What a line is brought together with others by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineKeys {
    /// Its session.
    pub session: SessionKey,
    /// Its claim, as a hash.
    pub claim: u64,
}

impl LineKeys {
    /// The keys of a line.
    #[must_use]
    pub fn new(line: &ClaimLine<'_>) -> Self {
        Self { session: SessionKey::new(line), claim: xxh3_64(line.claim_id.as_bytes()) }
    }
}

/// Member, provider and date are the session's; here stand the rest.
fn duplicate_key(line: &ClaimLine<'_>) -> u64 {
    let Some(billed) = line.billed else { return 0 };
    if line.member_id.is_empty() || line.provider_npi.is_empty() || !line.units.is_positive() {
        return 0;
    }
    let numbers = [
        line.procedure.packed(),
        line.units.ten_thousandths().cast_unsigned(),
        billed.ten_thousandths().cast_unsigned(),
    ];
    let numbers = numbers.map(u64::to_le_bytes);
    if line.modifiers.is_empty() {
        return xxh3_64(numbers.as_flattened()).max(1);
    }
    let mut text = Hashed::default();
    text.add_bytes(numbers.as_flattened());
    for modifier in &line.modifiers {
        text.add_bytes(&modifier.packed().to_le_bytes());
    }
    text.digest64().max(1)
}

/// Bytes to be hashed. Few of them are put together and hashed at once, which
/// takes a third of the time of hashing piece by piece.
struct Hashed {
    few: [u8; Self::FEW],
    length: usize,
    /// All of them, once they are more.
    many: Option<Box<Xxh3>>,
}

impl Default for Hashed {
    fn default() -> Self {
        Self { few: [0; Self::FEW], length: 0, many: None }
    }
}

impl Hashed {
    const FEW: usize = 96;

    /// Adds a text so that no two sequences of texts look alike.
    fn add(&mut self, text: &str) {
        self.add_bytes(&(text.len() as u64).to_le_bytes());
        self.add_bytes(text.as_bytes());
    }

    #[inline]
    fn add_bytes(&mut self, bytes: &[u8]) {
        match self.few.get_mut(self.length..self.length + bytes.len()) {
            Some(place) if self.many.is_none() => {
                copy(place, bytes);
                self.length += bytes.len();
            }
            _ => self.add_to_many(bytes),
        }
    }

    #[cold]
    fn add_to_many(&mut self, bytes: &[u8]) {
        let many = self.many.get_or_insert_with(|| {
            let mut many = Box::new(Xxh3::new());
            many.update(self.few.get(..self.length).unwrap_or_default());
            many
        });
        many.update(bytes);
    }

    fn digest128(&self) -> u128 {
        match &self.many {
            Some(many) => many.digest128(),
            None => xxh3_128(self.few.get(..self.length).unwrap_or_default()),
        }
    }

    fn digest64(&self) -> u64 {
        match &self.many {
            Some(many) => many.digest(),
            None => xxh3_64(self.few.get(..self.length).unwrap_or_default()),
        }
    }
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
        };
        assert_eq!(LineState::from_bytes(&state.to_bytes()), state);
    }

    #[test]
    fn long_texts_hash_as_short_ones_do() {
        let bytes = [7_u8; 300];
        for length in [0, 1, 95, 96, 97, 200, 300] {
            let mut hashed = Hashed::default();
            bytes[..length].chunks(11).for_each(|piece| hashed.add_bytes(piece));
            assert_eq!(hashed.digest128(), xxh3_128(&bytes[..length]));
            assert_eq!(hashed.digest64(), xxh3_64(&bytes[..length]));
        }
    }
}
