//! The rows of a claim in the decisions of a run.

use std::path::Path;
use std::sync::LazyLock;

use adjudicate::digest::Hasher;
use adjudicate::report::{DECISION_COLUMNS, Manifest, open_regular};

use super::remains::UNCHANGED;
use super::told::FileTold;
use crate::cli::exit::Failure;
use crate::cli::finished::{self, Rows};

/// The column by which rows are found.
const KEY: &str = "claim_id";

/// The columns of the decisions. That by which rows are found stands first.
static COLUMNS: LazyLock<[&str; DECISION_COLUMNS.len()]> = LazyLock::new(|| {
    let mut columns = DECISION_COLUMNS;
    columns.sort_by_key(|column| *column != KEY);
    columns
});

/// The decisions file, and whether it is still what the run wrote.
pub(super) fn decisions(folder: &Path, manifest: &Manifest) -> Result<FileTold, Failure> {
    let (name, _) = finished::decisions_file(manifest)?;
    let recorded = manifest.files.iter().find(|file| file.name == name).map(|file| file.digest.clone());
    let found = open_regular(&folder.join(name)).and_then(|file| Hasher::of(manifest.digest, file));
    let now = match found {
        Ok((digest, _)) if Some(&digest) == recorded.as_ref() => UNCHANGED.to_owned(),
        Ok(_) => "it has changed: its digest is another".to_owned(),
        Err(error) => error.to_string(),
    };
    Ok(FileTold { id: None, name: name.to_owned(), digest: recorded.unwrap_or_default(), now })
}

/// One row.
#[derive(Debug)]
pub(super) struct Record(Vec<String>);

impl Record {
    /// The rows of a claim, in the run's order.
    pub(super) fn find(folder: &Path, manifest: &Manifest, claim: &str) -> Result<Vec<Self>, Failure> {
        let (name, format) = finished::decisions_file(manifest)?;
        let path = folder.join(name);
        let rows = Rows::new(&path, format).spreadsheet_safe(manifest.options.spreadsheet_safe);
        let rows = rows.find(&*COLUMNS, claim)?;
        Ok(rows.into_iter().map(Self).collect())
    }

    /// A row of what each column is to hold.
    pub(super) fn of(value: impl Fn(&str) -> String) -> Self {
        Self(COLUMNS.iter().map(|column| value(column)).collect())
    }

    /// What a column holds.
    pub(super) fn text(&self, column: &str) -> &str {
        let place = COLUMNS.iter().position(|known| *known == column);
        place.and_then(|place| self.0.get(place)).map_or("", String::as_str)
    }

    /// What a column of numbers holds, without the zeros that a typed column adds.
    pub(super) fn number(&self, column: &str) -> &str {
        let text = self.text(column);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
    }
}
