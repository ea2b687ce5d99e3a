//! The files of a finished run, read back.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use adjudicate::report::{Manifest, Summary};

use super::exit::Failure;

/// Reads the summary of a run folder.
pub(crate) fn summary(folder: &Path) -> Result<Summary, Failure> {
    let path = folder.join("summary.json");
    let told = |reason: String| Failure::told(format!("{}: {reason}", path.display()));
    let text = fs::read_to_string(&path).map_err(|error| told(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| told(format!("not a summary of ours: {error}")))
}

/// The name of the folder's decisions file.
pub(crate) fn decisions_name(manifest: &Manifest) -> Result<&str, Failure> {
    let mut names = manifest.files.iter().map(|file| file.name.as_str());
    names
        .find(|name| ["decisions.csv", "decisions.parquet"].contains(name))
        .ok_or_else(|| Failure::told("the manifest names no decisions file"))
}

/// Shows some columns of every row of a file, as text, in order.
pub(crate) fn each_row(path: &Path, columns: &[&str], see: &mut dyn FnMut(&[&str])) -> Result<(), Failure> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => each_csv_row(path, columns, see),
        _ => Err(Failure::told(format!("{}: Parquet decisions cannot be read back yet", path.display()))),
    }
}

fn each_csv_row(path: &Path, columns: &[&str], see: &mut dyn FnMut(&[&str])) -> Result<(), Failure> {
    let told = |reason: String| Failure::told(format!("{}: {reason}", path.display()));
    let file = File::open(path).map_err(|error| told(error.to_string()))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::new(file));
    let header = reader.headers().map_err(|error| told(error.to_string()))?.clone();
    let place = |column: &&str| {
        let found = header.iter().position(|name| name == *column);
        found.ok_or_else(|| told(format!("the column {column} is missing")))
    };
    let places: Vec<_> = columns.iter().map(place).collect::<Result<_, _>>()?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| told(error.to_string()))? {
        let row: Vec<_> = places.iter().map(|place| record.get(*place).unwrap_or_default()).collect();
        see(&row);
    }
    Ok(())
}
