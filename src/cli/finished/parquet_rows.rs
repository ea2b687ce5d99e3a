//! Parquet read back, so many rows at a time.

use std::fs::File;
use std::panic::UnwindSafe;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, DataType, ParquetReader, PolarsResult, SerReader as _, StringChunked};

use adjudicate::report::open_regular;

use super::super::exit;

/// How many rows are in memory at a time.
const STEP: usize = 1 << 18;

/// The names of a file's columns.
pub(super) fn columns(path: &Path) -> Result<Vec<String>, String> {
    guarded(|| Ok(reader(path)?.schema()?.iter_names().map(ToString::to_string).collect()))
}

/// Some columns of a file, row by row.
pub(super) struct ParquetRows {
    path: PathBuf,
    columns: Vec<String>,
    rows: usize,
    /// The next row, of the file and of the step that is held.
    next: usize,
    within: usize,
    held: Vec<StringChunked>,
}

impl ParquetRows {
    /// Some columns of a file. The error is for people.
    pub(super) fn open(path: &Path, columns: &[&str]) -> Result<Self, String> {
        let rows = guarded(|| reader(path)?.num_rows())?;
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Ok(Self { path: path.to_owned(), columns, rows, next: 0, within: 0, held: Vec::new() })
    }

    /// The next row; `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<impl Iterator<Item = &str>>, String> {
        if self.next >= self.rows {
            return Ok(None);
        }
        if self.next.is_multiple_of(STEP) {
            // What is held goes first, so that there are never two steps.
            self.held.clear();
            let columns: Vec<_> = self.columns.iter().map(String::as_str).collect();
            self.held = slice(&self.path, &columns, self.next)?;
            self.held.iter_mut().for_each(StringChunked::rechunk_mut);
            self.within = 0;
        }
        let within = self.within;
        self.next += 1;
        self.within += 1;
        if self.held.iter().any(|column| column.len() <= within) {
            return Err("it has fewer rows than it says".to_owned());
        }
        Ok(Some(self.held.iter().map(move |column| column.get(within).unwrap_or_default())))
    }
}

/// Shows some columns of a superset of the rows in which the first of them is
/// `value`: the others are read only for those parts of the file that have one.
pub(super) fn find(path: &Path, columns: &[&str], value: &str, see: &mut dyn FnMut(&[&str])) -> Result<(), String> {
    let rows = guarded(|| reader(path)?.num_rows())?;
    let key = columns.get(..1).unwrap_or_default();
    for start in (0..rows).step_by(STEP) {
        let mut is_there = false;
        show(&slice(path, key, start)?, &mut |row| is_there |= row.first() == Some(&value));
        if is_there {
            show(&slice(path, columns, start)?, see);
        }
    }
    Ok(())
}

fn reader(path: &Path) -> PolarsResult<ParquetReader<File>> {
    Ok(ParquetReader::new(open_regular(path)?))
}

/// Some columns of a step's rows, as text, in the order asked for.
fn slice(path: &Path, columns: &[&str], start: usize) -> Result<Vec<StringChunked>, String> {
    guarded(|| {
        let names: Vec<_> = columns.iter().map(|name| (*name).to_owned()).collect();
        let frame: DataFrame = reader(path)?.with_columns(Some(names)).with_slice(Some((start, STEP))).finish()?;
        let text = |name: &&str| frame.column(name)?.cast(&DataType::String)?.str().cloned();
        columns.iter().map(text).collect()
    })
}

fn show(columns: &[StringChunked], see: &mut dyn FnMut(&[&str])) {
    let mut all: Vec<_> = columns.iter().map(StringChunked::iter).collect();
    // An empty row is where a column ends, or where there are none.
    loop {
        let row: Vec<_> = all.iter_mut().filter_map(Iterator::next).map(Option::unwrap_or_default).collect();
        if row.is_empty() {
            return;
        }
        see(&row);
    }
}

/// A damaged file can make its reader panic: that is an error of the file.
fn guarded<T>(read: impl FnOnce() -> PolarsResult<T> + UnwindSafe) -> Result<T, String> {
    match exit::expecting_panics(read) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("not a Parquet file, or damaged".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, IntoColumn as _, NamedFrom as _, ParquetWriter, Series};

    use super::*;

    #[test]
    fn a_panic_over_a_damaged_file_is_expected() {
        assert_eq!(guarded(|| Ok(exit::is_expected())), Ok(true));
        assert!(guarded(|| -> PolarsResult<()> { panic!("made for the test") }).is_err());
    }

    fn file(rows: usize) -> tempfile::NamedTempFile {
        let claims: Vec<_> = (0..rows).map(|row| format!("C{row}")).collect();
        let claims: Column = Series::new("claim_id".into(), claims).into_column();
        let days = Series::new("day".into(), vec![20_000_i32; rows]).cast(&DataType::Date).unwrap().into_column();
        let amounts = Series::new("amount".into(), vec![Some(2.5); rows]);
        let amounts = amounts.cast(&DataType::Decimal(12, 2)).unwrap().into_column();
        let nothing = Series::new("nothing".into(), vec![None::<i64>; rows]).into_column();
        let mut frame = DataFrame::new(rows, vec![claims, days, amounts, nothing]).unwrap();
        let mut place = tempfile::NamedTempFile::new().unwrap();
        ParquetWriter::new(&mut place).finish(&mut frame).unwrap();
        place
    }

    #[test]
    fn typed_columns_read_back_as_text() {
        let file = file(2);
        let mut rows = ParquetRows::open(file.path(), &["day", "claim_id", "amount", "nothing"]).unwrap();
        for claim in ["C0", "C1"] {
            let row: Vec<_> = rows.next().unwrap().unwrap().map(str::to_owned).collect();
            assert_eq!(row, ["2024-10-04", claim, "2.50", ""]);
        }
        assert!(rows.next().unwrap().is_none());
        assert_eq!(columns(file.path()).unwrap(), ["claim_id", "day", "amount", "nothing"]);
        let mut none = ParquetRows::open(file.path(), &["none"]).unwrap();
        assert!(none.next().is_err());
    }

    #[test]
    fn rows_are_found_beyond_the_first_step() {
        let file = file(STEP + 10);
        let wanted = format!("C{}", STEP + 3);
        let mut rows = 0;
        let mut found = Vec::new();
        let mut see = |row: &[&str]| {
            rows += 1;
            if row.first() == Some(&wanted.as_str()) {
                found.push(row.join("|"));
            }
        };
        find(file.path(), &["claim_id", "day"], &wanted, &mut see).unwrap();
        let mut read = ParquetRows::open(file.path(), &["claim_id", "day"]).unwrap();
        let mut last = String::new();
        let mut all = 0;
        while let Some(row) = read.next().unwrap() {
            last = row.collect::<Vec<_>>().join("|");
            all += 1;
        }
        assert_eq!((all, last), (STEP + 10, format!("C{}|2024-10-04", STEP + 9)));
        assert_eq!(rows, 10, "only the part that has it");
        assert_eq!(found, [format!("{wanted}|2024-10-04")]);
    }

    #[test]
    fn what_is_no_parquet_file_is_an_error() {
        let place = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(place.path(), b"PAR1 and then nothing PAR1").unwrap();
        assert!(columns(place.path()).is_err());
    }
}
