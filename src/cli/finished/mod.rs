//! The files of a finished run, read back.

mod csv_rows;
mod parquet_rows;

use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use adjudicate::digest::Hasher;
use adjudicate::report::{DecisionFormat, Manifest, Summary, open_regular};

use super::exit::Failure;
use csv_rows::CsvRows;
use parquet_rows::ParquetRows;

/// Reads the summary of a run folder.
pub(crate) fn summary(folder: &Path) -> Result<Summary, Failure> {
    json(&folder.join("summary.json"), "not a summary of ours")
}

/// Reads a file of JSON; `otherwise` says what it is if it cannot be taken.
pub(crate) fn json<T: DeserializeOwned>(path: &Path, otherwise: &str) -> Result<T, Failure> {
    let told = |reason: String| Failure::told(format!("{}: {reason}", path.display()));
    let text = open_regular(path).and_then(io::read_to_string).map_err(|error| told(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| told(format!("{otherwise}: {error}")))
}

/// Refuses a file of a run folder that is not as the run left it: what is told of it
/// would be what the run did not say.
pub(crate) fn unchanged(folder: &Path, manifest: &Manifest, name: &str, advice: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    let shown = path.display();
    let Some(record) = manifest.files.iter().find(|file| file.name == name) else {
        return Err(Failure::told(format!(
            "{shown}: the manifest does not record it; was the run made by an older release?"
        )));
    };
    let found = open_regular(&path).and_then(|file| Hasher::of(manifest.digest, file));
    let (digest, _) = found.map_err(|error| Failure::told(format!("{shown}: {error}")))?;
    if digest == record.digest {
        return Ok(());
    }
    Err(Failure::told(format!("{shown} has been changed since the run: its digest is another{advice}")))
}

/// The name of the folder's decisions file, and its format.
pub(crate) fn decisions_file(manifest: &Manifest) -> Result<(&'static str, DecisionFormat), Failure> {
    let is_there = |format: &DecisionFormat| manifest.files.iter().any(|file| file.name == format.file_name());
    let found = [DecisionFormat::Csv, DecisionFormat::Parquet].into_iter().find(is_there);
    let format = found.ok_or_else(|| Failure::told("the manifest names no decisions file"))?;
    Ok((format.file_name(), format))
}

/// Rows of a file, as text.
pub(crate) struct Rows<'a> {
    path: &'a Path,
    format: DecisionFormat,
    spreadsheet_safe: bool,
}

impl<'a> Rows<'a> {
    /// The rows of a file of either format.
    pub(crate) fn new(path: &'a Path, format: DecisionFormat) -> Self {
        Self { path, format, spreadsheet_safe: false }
    }

    /// Whether text was made safe for spreadsheets, as the manifest says: it is
    /// shown as it was before.
    pub(crate) fn spreadsheet_safe(self, safe: bool) -> Self {
        Self { spreadsheet_safe: safe, ..self }
    }

    /// Some columns of the rows in which the first of them is `value`.
    pub(crate) fn find(&self, columns: &[&str], value: &str) -> Result<Vec<Vec<String>>, Failure> {
        let mut found = Vec::new();
        let mut keep = |row: &[&str]| {
            if row.first() == Some(&value) {
                found.push(row.iter().map(|text| (*text).to_owned()).collect());
            }
        };
        match self.format {
            DecisionFormat::Csv => csv_rows::each(self.path, columns, self.spreadsheet_safe, &mut keep),
            DecisionFormat::Parquet => parquet_rows::find(self.path, columns, value, &mut keep),
        }
        .map_err(|reason| self.told(&reason))?;
        Ok(found)
    }

    /// The names of its columns.
    pub(crate) fn columns(&self) -> Result<Vec<String>, Failure> {
        match self.format {
            DecisionFormat::Csv => csv_rows::columns(self.path),
            DecisionFormat::Parquet => parquet_rows::columns(self.path),
        }
        .map_err(|reason| self.told(&reason))
    }

    /// Some columns, to be read row by row.
    pub(crate) fn read(&self, columns: &[&str]) -> Result<Reading, Failure> {
        let source = match self.format {
            DecisionFormat::Csv => CsvRows::open(self.path, columns, self.spreadsheet_safe).map(Source::Csv),
            DecisionFormat::Parquet => ParquetRows::open(self.path, columns).map(Source::Parquet),
        };
        Ok(Reading { path: self.path.to_owned(), source: source.map_err(|reason| self.told(&reason))? })
    }

    fn told(&self, reason: &str) -> Failure {
        told(self.path, reason)
    }
}

/// Rows on their way: few of them are in memory.
pub(crate) struct Reading {
    path: PathBuf,
    source: Source,
}

enum Source {
    Csv(CsvRows),
    Parquet(ParquetRows),
}

impl Reading {
    /// Puts the next row in the place of what is in `row`; false behind the last.
    pub(crate) fn next(&mut self, row: &mut Vec<String>) -> Result<bool, Failure> {
        match &mut self.source {
            Source::Csv(rows) => rows.next().map(|found| found.map(|fields| fill(row, fields)).is_some()),
            Source::Parquet(rows) => rows.next().map(|found| found.map(|fields| fill(row, fields)).is_some()),
        }
        .map_err(|reason| self.told(&reason))
    }

    /// A failure of this file.
    pub(crate) fn told(&self, reason: &str) -> Failure {
        told(&self.path, reason)
    }
}

fn told(path: &Path, reason: &str) -> Failure {
    Failure::told(format!("{}: {reason}", path.display()))
}

/// The memory of the row before is used again.
fn fill(row: &mut Vec<String>, fields: impl Iterator<Item = impl AsRef<str>>) {
    let mut filled = 0;
    for field in fields {
        match row.get_mut(filled) {
            Some(text) => {
                text.clear();
                text.push_str(field.as_ref());
            }
            None => row.push(field.as_ref().to_owned()),
        }
        filled += 1;
    }
    row.truncate(filled);
}
