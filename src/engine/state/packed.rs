//! The states of a batch's lines while they wait for the rest of the run, in 16 bytes each
//! and some tables.
//!
//! Lines of a batch come to little that is different, and lines of a claim stand together:
//! what many lines have in common stands in a table, and so does each claim once. What is
//! left of a line is what duplicates share, and a number that says where the rest stands.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use super::{LineState, OPENS_CLAIM, OPENS_SESSION, SUPERSEDED, low, short};
use crate::claim::Decimal;
use crate::overrides::Waiver;
use crate::policy::PolicyRef;
use crate::rules::FindingSet;

/// What lines do not have in common with those of their kind.
const MARKS: u32 = OPENS_SESSION | OPENS_CLAIM | SUPERSEDED;

/// A line's number holds its row, the place of its kind, its line number, the place of its
/// claim within the block, and whether it has marks or is odd: from the lowest bits up.
const ROW: u32 = 24;
const KIND: u32 = 16;
const NUMBER: u32 = 12;
const CLAIM: u32 = 8;
const OPENS_SESSION_BIT: u64 = 1 << 60;
const OPENS_CLAIM_BIT: u64 = 1 << 61;
const SUPERSEDED_BIT: u64 = 1 << 62;
/// It has more to say than there is room for, and stands among the odd ones.
const ODD: u64 = 1 << 63;

/// How many lines count their claims from the same one: so many can be told apart.
const BLOCK: usize = 1 << CLAIM;

/// What many lines have in common: findings, units, and in one number procedure, policy
/// and overrides.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Kind {
    findings: u64,
    units: i64,
    rest: u64,
}

impl Kind {
    #[inline]
    fn of(line: &LineState) -> Self {
        let procedure = u64::from(line.procedure & !MARKS) << 32;
        let rest = procedure | u64::from(line.policy.0) << 16 | u64::from(line.waiver.0);
        Self { findings: line.findings.bits(), units: line.units.ten_thousandths(), rest }
    }
}

/// A line.
#[derive(Clone, Copy, Debug)]
struct Packed {
    duplicate: u64,
    number: u64,
}

/// The states of lines, packed.
#[derive(Clone, Debug, Default)]
pub struct PackedStates {
    lines: Box<[Packed]>,
    kinds: Box<[Kind]>,
    /// The claims that lines stand on, in order, each once for lines that stand together.
    claims: Box<[u64]>,
    /// The place of the claim from which each block counts.
    blocks: Box<[u32]>,
    /// Lines that do not fit, by their places, in order.
    odd: Box<[(usize, LineState)]>,
}

impl PackedStates {
    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many bytes they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let Self { lines, kinds, claims, blocks, odd } = self;
        size_of_val(&**lines)
            + size_of_val(&**kinds)
            + size_of_val(&**claims)
            + size_of_val(&**blocks)
            + size_of_val(&**odd)
    }

    /// The lines from a place on, in order.
    #[must_use]
    pub fn from(&self, place: usize) -> UnpackedStates<'_> {
        UnpackedStates { states: self, place }
    }

    /// Puts the line at a place where one is to be.
    // Value by value: to move what has just been stored in pieces is to wait for it.
    #[inline]
    fn put(&self, place: usize, line: &mut LineState) -> Option<()> {
        let Packed { duplicate, number } = *self.lines.get(place)?;
        let mark = |bit: u64, mark: u32| if number & bit == 0 { 0 } else { mark };
        let marks = mark(OPENS_SESSION_BIT, OPENS_SESSION)
            | mark(OPENS_CLAIM_BIT, OPENS_CLAIM)
            | mark(SUPERSEDED_BIT, SUPERSEDED);
        if number & ODD != 0 {
            return self.put_odd(place, marks, line);
        }
        let part = |before: u32, bits: u32| low(number >> before & ((1 << bits) - 1));
        let kind = self.kinds.get(part(ROW, KIND) as usize)?;
        let claim = self.blocks.get(place / BLOCK)? + part(ROW + KIND + NUMBER, CLAIM);
        line.duplicate = duplicate;
        line.claim = *self.claims.get(claim as usize)?;
        line.units = Decimal::from_ten_thousandths(kind.units);
        line.findings = FindingSet::from_bits(kind.findings);
        line.line_number = part(ROW + KIND, NUMBER);
        line.row = part(0, ROW);
        line.procedure = super::high(kind.rest) | marks;
        line.policy = PolicyRef(short(kind.rest >> 16));
        line.waiver = Waiver(short(kind.rest));
        Some(())
    }

    #[cold]
    fn put_odd(&self, place: usize, marks: u32, line: &mut LineState) -> Option<()> {
        let at = self.odd.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        let (_, state) = self.odd.get(at)?;
        *line = LineState { procedure: state.procedure & !MARKS | marks, ..*state };
        Some(())
    }

    /// Says of the line at a place that it is not judged.
    pub fn supersede(&mut self, place: usize) {
        if let Some(line) = self.lines.get_mut(place) {
            line.number |= SUPERSEDED_BIT;
        }
    }
}

/// Lines that are unpacked one by one.
#[derive(Clone, Debug)]
pub struct UnpackedStates<'p> {
    states: &'p PackedStates,
    place: usize,
}

impl UnpackedStates<'_> {
    /// Puts the next line where one is to be; `None` where there is none.
    #[inline]
    pub fn put_next(&mut self, line: &mut LineState) -> Option<()> {
        self.states.put(self.place, line)?;
        self.place += 1;
        Some(())
    }
}

impl Iterator for UnpackedStates<'_> {
    type Item = LineState;

    #[inline]
    fn next(&mut self) -> Option<LineState> {
        let mut line = LineState::BLANK;
        self.put_next(&mut line).map(|()| line)
    }
}

/// Packs the states of batches. Kept from batch to batch for its memory only.
#[derive(Debug, Default)]
pub struct StatePacker {
    lines: Vec<Packed>,
    kinds: Vec<Kind>,
    /// The places of the kinds met last, by their hashes. One that is pushed out gets
    /// another place when it is met again: that costs memory and nothing else.
    places: Vec<u32>,
    claims: Vec<u64>,
    blocks: Vec<u32>,
    odd: Vec<(usize, LineState)>,
}

impl StatePacker {
    /// How many kinds are found again, a power of two.
    const PLACES: usize = 1 << 12;

    /// The states of these lines, packed.
    #[must_use]
    pub fn pack(&mut self, lines: &[LineState]) -> PackedStates {
        self.lines.clear();
        self.kinds.clear();
        self.places.clear();
        self.places.resize(Self::PLACES, 0);
        self.claims.clear();
        self.blocks.clear();
        self.odd.clear();
        for block in lines.chunks(BLOCK) {
            // No batch has four billion lines.
            let begin = u32::try_from(self.claims.len()).unwrap_or(u32::MAX);
            self.blocks.push(begin);
            let mut before = None;
            let mut claim = 0;
            for line in block {
                if before != Some(line.claim) {
                    claim = self.claims.len() as u64 - u64::from(begin);
                    self.claims.push(line.claim);
                    before = Some(line.claim);
                }
                self.add(line, claim);
            }
        }
        PackedStates {
            lines: self.lines.as_slice().into(),
            kinds: self.kinds.as_slice().into(),
            claims: self.claims.as_slice().into(),
            blocks: self.blocks.as_slice().into(),
            odd: self.odd.as_slice().into(),
        }
    }

    #[inline]
    fn add(&mut self, line: &LineState, claim: u64) {
        let kind = self.kind(Kind::of(line));
        let bit = |mark: u32, bit: u64| if line.procedure & mark == 0 { 0 } else { bit };
        let mut number = u64::from(line.row)
            | u64::from(kind) << ROW
            | u64::from(line.line_number) << (ROW + KIND)
            | claim << (ROW + KIND + NUMBER);
        if line.row >> ROW != 0 || kind >> KIND != 0 || line.line_number >> NUMBER != 0 {
            self.odd.push((self.lines.len(), *line));
            number = ODD;
        }
        number |=
            bit(OPENS_SESSION, OPENS_SESSION_BIT) | bit(OPENS_CLAIM, OPENS_CLAIM_BIT) | bit(SUPERSEDED, SUPERSEDED_BIT);
        self.lines.push(Packed { duplicate: line.duplicate, number });
    }

    /// The place of a kind.
    #[inline]
    fn kind(&mut self, kind: Kind) -> u32 {
        let hash = usize::try_from(FxBuildHasher.hash_one(kind)).unwrap_or_default();
        let Some(place) = self.places.get_mut(hash % Self::PLACES) else { return 0 };
        if self.kinds.get(*place as usize) != Some(&kind) {
            *place = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
            self.kinds.push(kind);
        }
        *place
    }
}
