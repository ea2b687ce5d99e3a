//! Reads the compact table that `scripts/build_icd10_table.py` writes.
//!
//! One zstd frame. In it, little endian, days counted from 1970-01-01:
//!
//! | bytes | content |
//! |---|---|
//! | 8 | magic `ICD10TBL` |
//! | u16 | format version, 1 |
//! | u16 | length of the edition's name in bytes |
//! | … | the edition's name, UTF-8 |
//! | i32, i32 | first and last day that the table knows |
//! | u32 | number of codes |
//! | u16 | number of distinct validities, at most 256 |
//! | … | each validity: i32 first day, i32 last day (inclusive; `i32::MAX` = still valid) |
//! | … | each code, front coded, ascending: a byte of (bytes shared with the code before) × 16 + (bytes that follow), then those bytes |
//! | … | each code's validity: a byte, the number of one of those above |
//!
//! The script says the same; change both or neither.

use super::table::Entry;
use super::{DiagnosisCode, TableError};
use crate::claim::Day;

const MAGIC: &[u8; 8] = b"ICD10TBL";
const VERSION: u16 = 1;

/// What a frame may unpack to: many times the table's quarter of a megabyte.
const MOST_BYTES: usize = 8 << 20;

/// What a file of this format says, not yet checked for order.
pub(super) struct Decoded {
    pub(super) edition: String,
    pub(super) first_day: Day,
    pub(super) last_day: Day,
    pub(super) entries: Vec<Entry>,
}

/// Reads a whole file.
pub(super) fn decode(file: &[u8]) -> Result<Decoded, TableError> {
    parse(&zstd::bulk::decompress(file, MOST_BYTES).map_err(TableError::Decompress)?)
}

/// Reads what the frame holds.
pub(super) fn parse(raw: &[u8]) -> Result<Decoded, TableError> {
    let mut input = Input(raw);
    if input.array()? != *MAGIC {
        return Err(TableError::Damaged("it does not begin as one"));
    }
    let found = input.u16()?;
    if found != VERSION {
        return Err(TableError::Version { found, known: VERSION });
    }
    let length = usize::from(input.u16()?);
    let edition = str::from_utf8(input.take(length)?).map_err(|_| TableError::Damaged("its name is not UTF-8"))?;
    let (first_day, last_day) = (input.day()?, input.day()?);
    let count = usize::try_from(input.u32()?).map_err(|_| TableError::TooLong)?;
    let kinds = usize::from(input.u16()?);
    let validities = (0..kinds).map(|_| Ok((input.day()?, input.day()?))).collect::<Result<Vec<_>, TableError>>()?;

    let mut entries = codes(&mut input, count)?;
    let numbers = input.take(count)?;
    if !input.0.is_empty() {
        return Err(TableError::Damaged("something follows its end"));
    }
    for (entry, number) in entries.iter_mut().zip(numbers) {
        let validity = validities.get(usize::from(*number)).ok_or(TableError::Damaged("a validity is missing"))?;
        (entry.from, entry.to) = *validity;
    }
    Ok(Decoded { edition: edition.to_owned(), first_day, last_day, entries })
}

/// The codes, as entries whose days are still to be filled in.
fn codes(input: &mut Input<'_>, count: usize) -> Result<Vec<Entry>, TableError> {
    // A code takes two bytes at least: a count that promises more than there is
    // must not reserve memory for it.
    let mut entries = Vec::with_capacity(count.min(input.0.len() / 2));
    let mut before = DiagnosisCode::EMPTY;
    for _ in 0..count {
        let [lengths] = input.array()?;
        let (shared, added) = (usize::from(lengths >> 4), usize::from(lengths & 15));
        let text = input.take(added)?;
        before = before.continued(shared, text).ok_or(TableError::Damaged("a code cannot be read"))?;
        entries.push(Entry { code: before, ..Entry::NONE });
    }
    Ok(entries)
}

/// What is left to read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], TableError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(TableError::Damaged("it is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], TableError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(TableError::Damaged("it is cut short"))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u16(&mut self) -> Result<u16, TableError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, TableError> {
        self.array().map(u32::from_le_bytes)
    }

    fn day(&mut self) -> Result<Day, TableError> {
        self.array().map(i32::from_le_bytes).map(Day::from_days)
    }
}
