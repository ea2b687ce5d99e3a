//! The form of `history.bin`: what stands before the lines, and a line.
//!
//! Little-endian: a magic, the form, the header's length and the header as JSON; then
//! the notes on versions of claims, then the lines, each of fixed size.

use serde::{Deserialize, Serialize};

use crate::claim::{ClaimFrequency, Decimal};
use crate::engine::{PastLine, SessionKey};
use crate::policy::ProcedureIndex;
use crate::rules::Disposition;

/// What the file begins with.
pub(super) const MAGIC: [u8; 8] = *b"adjhist\0";
/// The form: of the file, and of the keys in it.
pub(super) const FORM: u32 = 1;

/// What lines refer to by number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Header {
    /// The names of the inputs.
    pub(super) files: Vec<String>,
    /// Procedure codes.
    pub(super) procedures: Vec<String>,
    /// Rules, as printed.
    pub(super) rules: Vec<String>,
    /// How many notes on versions of claims there are.
    pub(super) versions: u64,
    /// How many lines there are.
    pub(super) lines: u64,
}

/// A line and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct StoredLine {
    /// The line; its procedure is a place in the header's table.
    pub(super) line: PastLine,
    /// Its input, a place in the header's table.
    pub(super) file: u32,
    /// Its row there, from 1.
    pub(super) row: u32,
    /// The rule that decided it, a place in the header's table, or `NO_RULE`.
    pub(super) rule: u8,
}

/// An allowed line's rule.
pub(super) const NO_RULE: u8 = u8::MAX;

const REACHED: u8 = 1;
const FOR_CAUSE: u8 = 1 << 1;
const DUPLICATE: u8 = 1 << 2;
const COUNTS: u8 = 1 << 3;

impl StoredLine {
    /// How many bytes a line is stored in.
    pub(super) const STORED: usize = 60;

    pub(super) fn to_bytes(self) -> [u8; Self::STORED] {
        let Self { line, file, row, rule } = self;
        let mut bytes = [0; Self::STORED];
        let (session, rest) = bytes.split_at_mut(16);
        session.copy_from_slice(&line.session.0.to_le_bytes());
        let (words, rest) = rest.split_at_mut(24);
        let numbers = [line.claim, line.duplicate, line.units.ten_thousandths().cast_unsigned()];
        for (word, number) in words.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
            *word = number.to_le_bytes();
        }
        let (words, flags) = rest.split_at_mut(16);
        for (word, number) in
            words.as_chunks_mut::<4>().0.iter_mut().zip([line.line_number, file, row, line.procedure.0])
        {
            *word = number.to_le_bytes();
        }
        let flag = |holds: bool, flag: u8| if holds { flag } else { 0 };
        flags.copy_from_slice(&[
            flag(line.reached_diagnosis, REACHED)
                | flag(line.denied_for_cause, FOR_CAUSE)
                | flag(line.is_duplicate, DUPLICATE)
                | flag(line.counts, COUNTS),
            line.disposition as u8,
            line.frequency as u8,
            rule,
        ]);
        bytes
    }

    /// The line that these bytes hold; `None` where they hold none.
    pub(super) fn from_bytes(bytes: &[u8; Self::STORED]) -> Option<Self> {
        let (session, rest) = bytes.split_first_chunk::<16>()?;
        let (words, rest) = rest.split_first_chunk::<24>()?;
        let (numbers, flags) = rest.split_first_chunk::<16>()?;
        let [claim, duplicate, units] = *words.as_chunks::<8>().0.first_chunk::<3>()?;
        let [line_number, file, row, procedure] = *numbers.as_chunks::<4>().0.first_chunk::<4>()?;
        let [flags, disposition, frequency, rule] = *flags.first_chunk::<4>()?;
        let frequencies = [ClaimFrequency::Original, ClaimFrequency::Replacement, ClaimFrequency::Void];
        let line = PastLine {
            session: SessionKey(u128::from_le_bytes(*session)),
            claim: u64::from_le_bytes(claim),
            duplicate: u64::from_le_bytes(duplicate),
            units: Decimal::from_ten_thousandths(u64::from_le_bytes(units).cast_signed()),
            line_number: u32::from_le_bytes(line_number),
            procedure: ProcedureIndex(u32::from_le_bytes(procedure)),
            frequency: frequencies.into_iter().find(|one| *one as u8 == frequency)?,
            disposition: Disposition::ALL.into_iter().find(|one| *one as u8 == disposition)?,
            reached_diagnosis: flags & REACHED != 0,
            denied_for_cause: flags & FOR_CAUSE != 0,
            is_duplicate: flags & DUPLICATE != 0,
            counts: flags & COUNTS != 0,
        };
        Some(Self { line, file: u32::from_le_bytes(file), row: u32::from_le_bytes(row), rule })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_line_is_the_same() {
        let line = PastLine {
            session: SessionKey(u128::MAX - 3),
            claim: 7,
            duplicate: u64::MAX,
            units: Decimal::from_ten_thousandths(-5),
            line_number: 3,
            procedure: ProcedureIndex(9),
            frequency: ClaimFrequency::Replacement,
            disposition: Disposition::Pend,
            reached_diagnosis: true,
            denied_for_cause: false,
            is_duplicate: true,
            counts: false,
        };
        let stored = StoredLine { line, file: 1, row: 2, rule: NO_RULE };
        let mut bytes = stored.to_bytes();
        assert_eq!(StoredLine::from_bytes(&bytes), Some(stored));
        bytes[57] = 9;
        assert_eq!(StoredLine::from_bytes(&bytes), None, "no such disposition");
    }
}
