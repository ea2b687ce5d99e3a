//! Runs over different inputs: lines are matched by claim id, line number and
//! occurrence.
//!
//! Of each line of the first run, 32 bytes are held: its key as a hash, and what is
//! known of it. The second run's lines are then read, and those that were decided
//! differently put into an unnamed file; the first run's lines, read again, are shown
//! with what was found.

use std::env;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_128;

use adjudicate::claim::Decimal;
use adjudicate::rules::Disposition;

use super::See;
use super::side::{COLUMNS, Column, Row, Side};
use crate::cli::exit::Failure;

/// What is known of a line of the first run.
#[derive(Clone, Copy)]
enum Found {
    /// No line of the second was found; its disposition and rule have this number.
    Waiting(u32),
    /// The second decided the same, and read this paid amount, in ten-thousandths.
    Same(i64),
    /// The same, with an unknown amount.
    SameUnpaid,
    /// What the second decided stands at this place of the file.
    Changed(u64),
}

/// Shows every line. A file that does not fit into memory comes to stand where
/// `beside` does, or among the system's temporary files.
pub(super) fn each(a: &Side, b: &Side, beside: Option<&Path>, see: See<'_>) -> Result<(), Failure> {
    let mut rulings = Rulings::default();
    let mut found = FxHashMap::default();
    let mut repeated: FxHashMap<u128, u32> = FxHashMap::default();
    let mut row = Row::default();
    let mut rows = a.rows()?;
    while rows.next(&mut row)? {
        let hash = hash(&row);
        let occurrence = if found.contains_key(&hash) {
            let last = repeated.entry(hash).or_insert(1);
            *last += 1;
            *last
        } else {
            1
        };
        found.insert(key(hash, occurrence), Found::Waiting(rulings.of(&row)));
    }

    let mut spool = Spool::new(beside)?;
    let mut again = Again::new(&repeated);
    let mut rows = b.rows()?;
    while rows.next(&mut row)? {
        let hash = hash(&row);
        let (_, key) = again.next(hash);
        match found.get_mut(&key) {
            Some(line @ Found::Waiting(_)) => {
                let same = matches!(line, Found::Waiting(ruling) if *ruling == rulings.of(&row));
                *line = match row.paid {
                    Some(paid) if same => Found::Same(paid.ten_thousandths()),
                    None if same => Found::SameUnpaid,
                    _ => Found::Changed(spool.write(&row)?),
                };
            }
            _ => see(None, Some(&row), None)?,
        }
    }

    let mut spooled = spool.read()?;
    let mut again = Again::new(&repeated);
    let mut other = Row::default();
    let mut rows = a.rows()?;
    while rows.next(&mut row)? {
        let (occurrence, key) = again.next(hash(&row));
        match found.get(&key) {
            Some(Found::Changed(place)) => {
                spooled.read(*place, &mut other)?;
                see(Some(&row), Some(&other), Some(occurrence))?;
            }
            Some(Found::Same(paid)) => {
                other.clone_from(&row);
                other.paid = Some(Decimal::from_ten_thousandths(*paid));
                see(Some(&row), Some(&other), Some(occurrence))?;
            }
            Some(Found::SameUnpaid) => {
                other.clone_from(&row);
                other.paid = None;
                see(Some(&row), Some(&other), Some(occurrence))?;
            }
            Some(Found::Waiting(_)) => see(Some(&row), None, Some(occurrence))?,
            None => return Err(rows.told("it changed while it was read")),
        }
    }
    Ok(())
}

/// What is to be known of the figures.
pub(super) fn notes(a: &Side, b: &Side) -> Vec<String> {
    let mut notes = vec![
        "The inputs are not the same: lines are matched by claim id, line number and occurrence, and stand in the groups \
         of A."
            .to_owned(),
    ];
    for (run, name) in [(a, "A"), (b, "B")] {
        if run.is_flagged() {
            notes.push(format!(
                "The decisions of {name} hold flagged lines only: lines that are only in the other run may have been \
                 allowed in {name}, and the n-th flagged line with a claim id and line number may be another one."
            ));
        }
    }
    notes
}

/// A claim and a line number.
fn hash(row: &Row) -> u128 {
    let mut text = Vec::with_capacity(64);
    text.extend_from_slice(row.text(Column::ClaimId).as_bytes());
    text.push(0);
    text.extend_from_slice(row.text(Column::LineNumber).as_bytes());
    xxh3_128(&text)
}

/// The n-th line with that hash.
fn key(hash: u128, occurrence: u32) -> u128 {
    if occurrence == 1 {
        return hash;
    }
    let mut bytes = [0; 20];
    let (head, tail) = bytes.split_at_mut(16);
    head.copy_from_slice(&hash.to_le_bytes());
    tail.copy_from_slice(&occurrence.to_le_bytes());
    xxh3_128(&bytes)
}

/// Counts lines again whose claim and number the first run has several times.
struct Again<'r> {
    repeated: &'r FxHashMap<u128, u32>,
    seen: FxHashMap<u128, u32>,
}

impl<'r> Again<'r> {
    fn new(repeated: &'r FxHashMap<u128, u32>) -> Self {
        Self { repeated, seen: FxHashMap::default() }
    }

    /// Which line with that hash this is, and its key. Where the first run has one such
    /// line, that of the second which finds it taken is the second.
    fn next(&mut self, hash: u128) -> (u32, u128) {
        if !self.repeated.contains_key(&hash) {
            return (1, hash);
        }
        let seen = self.seen.entry(hash).or_insert(0);
        *seen += 1;
        (*seen, key(hash, *seen))
    }
}

/// Numbers for the few pairs of disposition and rule.
#[derive(Default)]
struct Rulings(Vec<(Disposition, String)>);

impl Rulings {
    fn of(&mut self, row: &Row) -> u32 {
        let rule = row.text(Column::Rule);
        let known = |(disposition, name): &(Disposition, String)| *disposition == row.disposition && name == rule;
        let place = self.0.iter().position(known).unwrap_or_else(|| {
            self.0.push((row.disposition, rule.to_owned()));
            self.0.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}

/// Rows that wait in a file without a name.
struct Spool {
    out: BufWriter<File>,
    length: u64,
}

/// The same rows, on their way back.
struct Spooled {
    file: BufReader<File>,
    at: u64,
}

fn failed(error: &io::Error) -> Failure {
    Failure::told(format!("a temporary file: {error}"))
}

impl Spool {
    fn new(beside: Option<&Path>) -> Result<Self, Failure> {
        let folder = match beside.map(|path| path.parent().filter(|folder| !folder.as_os_str().is_empty())) {
            Some(folder) => folder.unwrap_or(Path::new(".")).to_owned(),
            None => env::temp_dir(),
        };
        let file = tempfile::tempfile_in(folder).map_err(|error| failed(&error))?;
        Ok(Self { out: BufWriter::new(file), length: 0 })
    }

    /// Adds a row, and says where it stands.
    fn write(&mut self, row: &Row) -> Result<u64, Failure> {
        let place = self.length;
        for text in &row.texts {
            let length = text.len() as u64;
            self.out
                .write_all(&length.to_le_bytes())
                .and_then(|()| self.out.write_all(text.as_bytes()))
                .map_err(|error| failed(&error))?;
            self.length += 8 + length;
        }
        Ok(place)
    }

    fn read(self) -> Result<Spooled, Failure> {
        let mut file = self.out.into_inner().map_err(|error| failed(error.error()))?;
        file.seek(SeekFrom::Start(0)).map_err(|error| failed(&error))?;
        Ok(Spooled { file: BufReader::new(file), at: 0 })
    }
}

impl Spooled {
    /// Reads the row at a place. Rows mostly come in the order in which they stand.
    fn read(&mut self, place: u64, row: &mut Row) -> Result<(), Failure> {
        self.texts(place, row).map_err(|error| failed(&error))?;
        row.parse().map_err(Failure::told)
    }

    fn texts(&mut self, place: u64, row: &mut Row) -> io::Result<()> {
        self.file.seek_relative(place.cast_signed() - self.at.cast_signed())?;
        self.at = place;
        // The first row that is read comes into an empty one.
        row.texts.resize_with(COLUMNS.len(), String::new);
        for text in &mut row.texts {
            let mut length = [0; 8];
            self.file.read_exact(&mut length)?;
            let length = u64::from_le_bytes(length);
            text.clear();
            (&mut self.file).take(length).read_to_string(text)?;
            self.at += 8 + length;
        }
        Ok(())
    }
}
