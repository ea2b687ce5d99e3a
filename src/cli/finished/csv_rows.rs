//! CSV read back.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Shows some columns of every row. The error is for people.
pub(super) fn each(path: &Path, columns: &[&str], see: &mut dyn FnMut(&[&str])) -> Result<(), String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::new(file));
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |column: &&str| {
        let found = header.iter().position(|name| name == *column);
        found.ok_or_else(|| format!("the column {column} is missing"))
    };
    let places: Vec<_> = columns.iter().map(place).collect::<Result<_, _>>()?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| error.to_string())? {
        let row: Vec<_> = places.iter().map(|place| record.get(*place).unwrap_or_default()).collect();
        see(&row);
    }
    Ok(())
}
