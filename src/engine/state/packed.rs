//! The states of a batch's lines while they wait for the rest of the run, in a third of
//! their bytes.
//!
//! Lines of a batch come to little that is different, and lines of a claim stand together:
//! what many lines have in common stands in a table, and a claim, a line number and a row
//! only where they do not follow from the line before. Lines are packed in blocks, each of
//! which begins anew, so that whoever wants one line need not unpack all before it.

use rustc_hash::FxHashMap;

use super::{LineState, OPENS_CLAIM, OPENS_SESSION, SUPERSEDED};
use crate::claim::Decimal;
use crate::overrides::Waiver;
use crate::policy::PolicyRef;
use crate::rules::FindingSet;

/// How many lines a block has.
const BLOCK: usize = 32;

/// What lines do not have in common with those of their kind, in the place that it has in the
/// highest byte of a state's procedure. A line's first byte says it, with what follows below.
#[allow(clippy::cast_possible_truncation)] // All of them stand in that byte.
const MARKS: u8 = (OPENS_SESSION | OPENS_CLAIM | SUPERSEDED).to_be_bytes()[0];
/// Its claim stands there, and its line number counts from 0.
const CLAIM: u8 = 1 << 1;
/// Its units stand there: they are not one.
const UNITS: u8 = 1 << 2;
/// Its line number stands there: it is not the next one.
const NUMBER: u8 = 1 << 3;
/// Its row stands there: it is not the next one.
const ROW: u8 = 1 << 4;
/// The place of its kind takes four bytes and not two.
const WIDE: u8 = 1 << 7;

/// Findings, and in one number procedure, policy and overrides.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Kind(u64, u64);

impl Kind {
    #[inline]
    fn of(line: &LineState) -> Self {
        let procedure = line.procedure & !(u32::from(MARKS) << 24);
        let rest = u64::from(procedure) << 32 | u64::from(line.policy.0) << 16 | u64::from(line.waiver.0);
        Self(line.findings.bits(), rest)
    }
}

/// The states of lines, packed.
#[derive(Clone, Debug, Default)]
pub struct PackedStates {
    bytes: Box<[u8]>,
    kinds: Box<[Kind]>,
    /// Where in the bytes each block begins.
    blocks: Box<[usize]>,
    lines: usize,
}

impl PackedStates {
    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// How many bytes they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len() + size_of_val(&*self.kinds) + size_of_val(&*self.blocks)
    }

    /// The lines from a place on, in order.
    #[must_use]
    pub fn from(&self, place: usize) -> UnpackedStates<'_> {
        let start = self.blocks.get(place / BLOCK).copied().unwrap_or(self.bytes.len());
        let rest = self.bytes.get(start..).unwrap_or_default();
        let mut lines = UnpackedStates { kinds: &self.kinds, rest, claim: 0, line_number: 0, row: 0 };
        (0..place % BLOCK).for_each(|_| {
            lines.next();
        });
        lines
    }

    /// Says of the line at a place that it is not judged.
    pub fn supersede(&mut self, place: usize) {
        let at = self.bytes.len() - self.from(place).rest.len();
        let [mark, ..] = SUPERSEDED.to_be_bytes();
        self.bytes.iter_mut().skip(at).take(1).for_each(|first| *first |= mark);
    }
}

/// Lines that are unpacked one by one.
#[derive(Clone, Debug)]
pub struct UnpackedStates<'p> {
    kinds: &'p [Kind],
    rest: &'p [u8],
    /// Of the line before.
    claim: u64,
    line_number: u32,
    row: u32,
}

impl UnpackedStates<'_> {
    #[inline]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*head)
    }
}

impl Iterator for UnpackedStates<'_> {
    type Item = LineState;

    #[inline]
    fn next(&mut self) -> Option<LineState> {
        let [first] = self.take()?;
        let mut kind = u32::from(u16::from_le_bytes(self.take()?));
        let duplicate = u64::from_le_bytes(self.take()?);
        if first & WIDE != 0 {
            kind |= u32::from(u16::from_le_bytes(self.take()?)) << 16;
        }
        let Kind(findings, rest) = *self.kinds.get(kind as usize)?;
        if first & CLAIM != 0 {
            self.claim = u64::from_le_bytes(self.take()?);
            self.line_number = 0;
        }
        let units = if first & UNITS == 0 { Decimal::ONE.ten_thousandths() } else { i64::from_le_bytes(self.take()?) };
        let next = |number: u32| number.wrapping_add(1);
        self.line_number = if first & NUMBER == 0 { next(self.line_number) } else { u32::from_le_bytes(self.take()?) };
        self.row = if first & ROW == 0 { next(self.row) } else { u32::from_le_bytes(self.take()?) };
        Some(LineState {
            duplicate,
            claim: self.claim,
            units: Decimal::from_ten_thousandths(units),
            findings: FindingSet::from_bits(findings),
            line_number: self.line_number,
            row: self.row,
            procedure: super::high(rest) | u32::from(first & MARKS) << 24,
            policy: PolicyRef(super::short(rest >> 16)),
            waiver: Waiver(super::short(rest)),
        })
    }
}

/// Packs the states of batches. Kept from batch to batch for its memory only.
#[derive(Debug, Default)]
pub struct StatePacker {
    bytes: Vec<u8>,
    kinds: Vec<Kind>,
    places: FxHashMap<Kind, u32>,
    blocks: Vec<usize>,
}

impl StatePacker {
    /// The states of these lines, packed.
    #[must_use]
    pub fn pack(&mut self, lines: &[LineState]) -> PackedStates {
        for block in lines.chunks(BLOCK) {
            self.blocks.push(self.bytes.len());
            let mut before = None;
            for line in block {
                self.add(line, before);
                before = Some(line);
            }
        }
        let packed = PackedStates {
            bytes: self.bytes.as_slice().into(),
            kinds: self.kinds.as_slice().into(),
            blocks: self.blocks.as_slice().into(),
            lines: lines.len(),
        };
        self.bytes.clear();
        self.kinds.clear();
        self.places.clear();
        self.blocks.clear();
        packed
    }

    #[inline]
    fn add(&mut self, line: &LineState, before: Option<&LineState>) {
        let [marks, ..] = line.procedure.to_be_bytes();
        let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
        let same_claim = before.is_some_and(|before| before.claim == line.claim);
        let next = |before: Option<u32>| before.map(|number| number.wrapping_add(1));
        let number = if same_claim { next(before.map(|before| before.line_number)) } else { Some(1) };
        let row = next(before.map(|before| before.row));
        let kind = self.kind(Kind::of(line));
        let [low, lower, high, higher] = kind.to_le_bytes();
        let first = marks & MARKS
            | flag(!same_claim, CLAIM)
            | flag(line.units != Decimal::ONE, UNITS)
            | flag(number != Some(line.line_number), NUMBER)
            | flag(row != Some(line.row), ROW)
            | flag([high, higher] != [0; 2], WIDE);

        let out = &mut self.bytes;
        out.push(first);
        out.extend_from_slice(&[low, lower]);
        out.extend_from_slice(&line.duplicate.to_le_bytes());
        if first & WIDE != 0 {
            out.extend_from_slice(&[high, higher]);
        }
        if first & CLAIM != 0 {
            out.extend_from_slice(&line.claim.to_le_bytes());
        }
        if first & UNITS != 0 {
            out.extend_from_slice(&line.units.ten_thousandths().to_le_bytes());
        }
        if first & NUMBER != 0 {
            out.extend_from_slice(&line.line_number.to_le_bytes());
        }
        if first & ROW != 0 {
            out.extend_from_slice(&line.row.to_le_bytes());
        }
    }

    /// The place of a kind.
    #[inline]
    fn kind(&mut self, kind: Kind) -> u32 {
        *self.places.entry(kind).or_insert_with(|| {
            self.kinds.push(kind);
            // A batch has fewer lines.
            u32::try_from(self.kinds.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers of all sizes, few of them often.
    fn number() -> impl Strategy<Value = u64> {
        prop_oneof![4 => 0..4_u64, 1 => any::<u64>(), 1 => Just(u64::MAX)]
    }

    prop_compose! {
        fn state()(words in proptest::array::uniform4(number()), claim in 0..3_u64, large in any::<bool>(),
            numbers in proptest::array::uniform2(number()), steps in proptest::array::uniform2(any::<bool>()),
            marks in number(), policy in 0..3_u16, waiver in 0..2_u16) -> (LineState, [bool; 2]) {
            let [duplicate, other, units, findings] = words;
            let units = if units == 1 { Decimal::ONE } else { Decimal::from_ten_thousandths(units.cast_signed()) };
            let [line_number, row] = numbers.map(super::super::low);
            let claim = if large { claim } else { other };
            let findings = FindingSet::from_bits(findings);
            let (policy, waiver) = (PolicyRef(policy), Waiver(waiver));
            let procedure = super::super::low(marks.rotate_left(24));
            (LineState { duplicate, claim, units, findings, line_number, row, procedure, policy, waiver }, steps)
        }
    }

    fn states() -> impl Strategy<Value = Vec<LineState>> {
        proptest::collection::vec(state(), 0..150).prop_map(|drawn| {
            let mut lines: Vec<LineState> = Vec::new();
            for (mut line, [numbered, placed]) in drawn {
                if let Some(last) = lines.last() {
                    line.line_number = if numbered { last.line_number.wrapping_add(1) } else { line.line_number };
                    line.row = if placed { last.row.wrapping_add(1) } else { line.row };
                }
                lines.push(line);
            }
            lines
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(lines in states(), others in states(), marked in any::<prop::sample::Index>()) {
            let mut packer = StatePacker::default();
            for mut lines in [lines, others] {
                let mut packed = packer.pack(&lines);
                prop_assert_eq!((packed.len(), packed.is_empty()), (lines.len(), lines.is_empty()));
                prop_assert_eq!(&packed.from(0).collect::<Vec<_>>(), &lines);
                for place in 0..lines.len() + 70 {
                    let rest = lines.get(place..).unwrap_or_default();
                    prop_assert!(packed.from(place).eq(rest.iter().copied()), "{place}");
                }
                if !lines.is_empty() {
                    let place = marked.index(lines.len());
                    packed.supersede(place);
                    lines[place].supersede();
                    prop_assert_eq!(&packed.from(0).collect::<Vec<_>>(), &lines);
                }
                packed.supersede(lines.len());
                prop_assert_eq!(packed.from(0).collect::<Vec<_>>(), lines);
            }
        }
    }

    #[test]
    fn more_kinds_than_two_bytes_can_tell_apart_are_kept() {
        let line = |place: u32| LineState {
            duplicate: 1,
            claim: 2,
            units: Decimal::ONE,
            findings: FindingSet::from_bits(u64::from(place / 2)),
            line_number: place + 1,
            row: place + 1,
            procedure: 5,
            policy: PolicyRef(0),
            waiver: Waiver::NONE,
        };
        let lines: Vec<LineState> = (0..150_000).map(line).collect();
        let packed = StatePacker::default().pack(&lines);
        assert_eq!(packed.kinds.len(), 75_000);
        assert_eq!(packed.from(0).collect::<Vec<_>>(), lines);
        assert_eq!(packed.from(140_001).next(), lines.get(140_001).copied());
    }

    #[test]
    fn usual_lines_take_a_third_of_their_bytes() {
        let line = |place: u32| LineState {
            duplicate: u64::from(place) << 32 | 1,
            claim: u64::from(place / 3) << 32 | 1,
            units: Decimal::ONE,
            findings: FindingSet::from_bits(1 << (place % 5)),
            line_number: place % 3 + 1,
            row: place + 1,
            procedure: 5 + place % 7,
            policy: PolicyRef(1),
            waiver: Waiver::NONE,
        };
        let lines: Vec<LineState> = (0..3_000).map(line).collect();
        assert!(StatePacker::default().pack(&lines).bytes() < lines.len() * LineState::STORED / 3);
    }
}
