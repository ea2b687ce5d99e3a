//! The lines of a run that were not judged: they take no part in the sessions of those
//! that were.

use std::collections::BTreeSet;
use std::path::Path;

use adjudicate::report::{Manifest, SupersededRow, open_regular, rearmed};

use crate::cli::exit::Failure;

/// What is said of such a line.
pub(super) const NOT_JUDGED: &str = "was not judged";

/// A line that was not judged.
pub(super) struct Superseded {
    claim_id: String,
    line_number: String,
    file: String,
    row: u64,
    reason: String,
    by: String,
}

impl Superseded {
    /// Those that a test wants, by claim, file and row, in the run's order.
    pub(super) fn read(
        folder: &Path,
        manifest: &Manifest,
        wanted: impl Fn(&str, &str, u64) -> bool,
    ) -> Result<Vec<Self>, Failure> {
        if !manifest.files.iter().any(|file| file.name == SupersededRow::FILE_NAME) {
            return Ok(Vec::new());
        }
        let path = folder.join(SupersededRow::FILE_NAME);
        let told = |error: &dyn std::fmt::Display| Failure::told(format!("{}: {error}", path.display()));
        let mut reader = csv::Reader::from_reader(open_regular(&path).map_err(|error| told(&error))?);
        let header = reader.headers().map_err(|error| told(&error))?.clone();
        let names = ["source_file", "source_row", "claim_id", "line_number", "reason", "superseded_by"];
        let places = names.map(|name| header.iter().position(|known| known == name));
        let mut found = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| told(&error))?;
            let text = |place: Option<usize>| {
                let text = place.and_then(|place| record.get(place)).unwrap_or_default();
                if manifest.options.spreadsheet_safe { rearmed(text).into_owned() } else { text.to_owned() }
            };
            let [file, row, claim_id, line_number, reason, by] = places.map(text);
            let row = row.parse().unwrap_or_default();
            if wanted(&claim_id, &file, row) {
                found.push(Self { claim_id, line_number, file, row, reason, by });
            }
        }
        Ok(found)
    }

    /// The places of those lines.
    pub(super) fn places(all: &[Self]) -> BTreeSet<(&str, u64)> {
        all.iter().map(|one| (one.file.as_str(), one.row)).collect()
    }

    /// What was not judged of a claim, or of a line of it, in words.
    pub(super) fn told(all: &[Self], claim: &str, line: Option<&str>) -> Vec<String> {
        let of_claim = all.iter().filter(|one| one.claim_id == claim);
        let of_line = of_claim.filter(|one| line.is_none_or(|number| one.line_number == number));
        of_line
            .map(|one| {
                let Self { line_number, file, row, reason, by, .. } = one;
                let by = if by.is_empty() { String::new() } else { format!(", see {by}") };
                format!("Line {line_number} on row {row} of {file} {NOT_JUDGED}: {reason}{by}.")
            })
            .collect()
    }
}
