//! The files of a finished run, read back.

mod csv_rows;
mod parquet_rows;

use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;

use adjudicate::report::{DecisionFormat, Manifest, Summary, open_regular};

use super::exit::Failure;

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

    /// How many rows there are.
    pub(crate) fn count(&self) -> Result<u64, Failure> {
        match self.format {
            DecisionFormat::Csv => {
                let mut rows = 0;
                csv_rows::each(self.path, &[], false, &mut |_| rows += 1).map(|()| rows)
            }
            DecisionFormat::Parquet => parquet_rows::count(self.path),
        }
        .map_err(|reason| self.told(&reason))
    }

    /// Shows one column of every row, in order.
    pub(crate) fn each(&self, column: &str, see: &mut dyn FnMut(&str)) -> Result<(), Failure> {
        let mut first = |row: &[&str]| see(row.first().copied().unwrap_or_default());
        match self.format {
            DecisionFormat::Csv => csv_rows::each(self.path, &[column], self.spreadsheet_safe, &mut first),
            DecisionFormat::Parquet => parquet_rows::each(self.path, &[column], &mut first),
        }
        .map_err(|reason| self.told(&reason))
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

    fn told(&self, reason: &str) -> Failure {
        Failure::told(format!("{}: {reason}", self.path.display()))
    }
}
