//! The states of a batch's lines while they wait for the rest of the run, in a third of
//! their bytes.
//!
//! Lines of a batch come to little that is different, and lines of a claim stand together:
//! what many lines have in common stands in a table, and a claim, a line number and a row
//! only where they do not follow from the line before. Lines are packed in blocks, each of
//! which begins anew, so that whoever wants one line need not unpack all before it.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use super::{LineState, OPENS_CLAIM, OPENS_SESSION, SUPERSEDED};
use crate::claim::Decimal;
use crate::overrides::Waiver;
use crate::policy::PolicyRef;
use crate::rules::FindingSet;
use crate::short::TextBuffer;

/// How many lines a block has.
const BLOCK: usize = 16;

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

/// What stands of every line: that byte, the place of its kind, and what duplicates share.
const HEAD: usize = 11;
/// No line takes more bytes.
const MOST: usize = HEAD + 2 + 8 + 8 + 4 + 4;

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
        let [first, low, high, duplicate @ ..] = self.take::<HEAD>()?;
        let mut kind = u32::from(u16::from_le_bytes([low, high]));
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
            duplicate: u64::from_le_bytes(duplicate),
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

/// The line before the one at hand.
#[derive(Clone, Copy)]
struct Before {
    /// What stands there in any case, since there is none.
    begins: u8,
    claim: u64,
    line_number: u32,
    row: u32,
}

/// Packs the states of batches. Kept from batch to batch for its memory only.
#[derive(Debug, Default)]
pub struct StatePacker {
    bytes: TextBuffer,
    kinds: Vec<Kind>,
    /// The places of the kinds met last, by their hashes. One that is pushed out gets
    /// another place when it is met again: that costs memory and nothing else.
    places: Vec<u32>,
    blocks: Vec<usize>,
}

impl StatePacker {
    /// How many kinds are found again, a power of two.
    const PLACES: usize = 1 << 12;

    /// The states of these lines, packed.
    #[must_use]
    pub fn pack(&mut self, lines: &[LineState]) -> PackedStates {
        self.bytes.clear();
        self.kinds.clear();
        self.places.clear();
        self.places.resize(Self::PLACES, 0);
        self.blocks.clear();
        for block in lines.chunks(BLOCK) {
            self.blocks.push(self.bytes.len());
            let mut before = Before { begins: CLAIM | ROW, claim: 0, line_number: 0, row: 0 };
            for line in block {
                before = self.add(line, before);
            }
        }
        PackedStates {
            bytes: self.bytes.as_bytes().into(),
            kinds: self.kinds.as_slice().into(),
            blocks: self.blocks.as_slice().into(),
            lines: lines.len(),
        }
    }

    #[inline]
    fn add(&mut self, line: &LineState, before: Before) -> Before {
        let [marks, ..] = line.procedure.to_be_bytes();
        let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
        let claim = flag(line.claim != before.claim, CLAIM) | before.begins;
        let number = if claim & CLAIM == 0 { before.line_number.wrapping_add(1) } else { 1 };
        let kind = self.kind(Kind::of(line));
        let first = marks & MARKS
            | claim
            | flag(line.units != Decimal::ONE, UNITS)
            | flag(line.line_number != number, NUMBER)
            | flag(line.row != before.row.wrapping_add(1), ROW)
            | flag(kind >> 16 != 0, WIDE);
        let head = u128::from(first)
            | u128::from(kind & 0xffff) << 8
            | u128::from(line.duplicate) << 24
            | u128::from(kind >> 16) << 88;
        // What is not to stand there is written all the same, and the next thing over it.
        let length = |flag: u8, length: usize| if first & flag == 0 { 0 } else { length };
        self.bytes.add_row(MOST, |row| {
            row.add_array(&head.to_le_bytes(), HEAD + length(WIDE, 2));
            row.add_array(&line.claim.to_le_bytes(), length(CLAIM, 8));
            row.add_array(&line.units.ten_thousandths().to_le_bytes(), length(UNITS, 8));
            row.add_array(&line.line_number.to_le_bytes(), length(NUMBER, 4));
            row.add_array(&line.row.to_le_bytes(), length(ROW, 4));
        });
        Before { begins: 0, claim: line.claim, line_number: line.line_number, row: line.row }
    }

    /// The place of a kind.
    #[inline]
    fn kind(&mut self, kind: Kind) -> u32 {
        let hash = usize::try_from(FxBuildHasher.hash_one(kind)).unwrap_or_default();
        let Some(place) = self.places.get_mut(hash % Self::PLACES) else { return 0 };
        if self.kinds.get(*place as usize) != Some(&kind) {
            // A batch has fewer lines.
            *place = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
            self.kinds.push(kind);
        }
        *place
    }
}
