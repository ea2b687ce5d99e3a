//! CSV read back, as it was before it was made safe for spreadsheets.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use adjudicate::report::{open_regular, rearmed};

/// Some columns of a file, row by row.
pub(super) struct CsvRows {
    reader: csv::Reader<BufReader<File>>,
    places: Vec<usize>,
    record: csv::StringRecord,
    spreadsheet_safe: bool,
}

impl CsvRows {
    /// Some columns of a file; of texts that were made safe for spreadsheets, what they
    /// were. The error is for people.
    pub(super) fn open(path: &Path, columns: &[&str], spreadsheet_safe: bool) -> Result<Self, String> {
        let file = open_regular(path).map_err(|error| error.to_string())?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::new(file));
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let place = |column: &&str| {
            let found = header.iter().position(|name| name == *column);
            found.ok_or_else(|| format!("the column {column} is missing"))
        };
        let places: Vec<_> = columns.iter().map(place).collect::<Result<_, _>>()?;
        Ok(Self { reader, places, record: csv::StringRecord::new(), spreadsheet_safe })
    }

    /// The next row; `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<impl Iterator<Item = Cow<'_, str>>>, String> {
        if !self.reader.read_record(&mut self.record).map_err(|error| error.to_string())? {
            return Ok(None);
        }
        let fields = self.places.iter().map(|place| self.record.get(*place).unwrap_or_default());
        Ok(Some(fields.map(|field| if self.spreadsheet_safe { rearmed(field) } else { field.into() })))
    }
}

/// The names of a file's columns.
pub(super) fn columns(path: &Path) -> Result<Vec<String>, String> {
    let file = open_regular(path).map_err(|error| error.to_string())?;
    let mut reader = csv::Reader::from_reader(BufReader::new(file));
    Ok(reader.headers().map_err(|error| error.to_string())?.iter().map(str::to_owned).collect())
}

/// Shows some columns of every row.
pub(super) fn each(
    path: &Path,
    columns: &[&str],
    spreadsheet_safe: bool,
    see: &mut dyn FnMut(&[&str]),
) -> Result<(), String> {
    let mut rows = CsvRows::open(path, columns, spreadsheet_safe)?;
    while let Some(row) = rows.next()? {
        let row: Vec<_> = row.collect();
        see(&row.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    }
    Ok(())
}
