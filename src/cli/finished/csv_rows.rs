//! CSV read back, as it was before it was made safe for spreadsheets.

use std::io::BufReader;
use std::path::Path;

use adjudicate::report::{open_regular, rearmed};

/// Shows some columns of every row; of texts that were made safe for spreadsheets,
/// what they were. The error is for people.
pub(super) fn each(
    path: &Path,
    columns: &[&str],
    spreadsheet_safe: bool,
    see: &mut dyn FnMut(&[&str]),
) -> Result<(), String> {
    let file = open_regular(path).map_err(|error| error.to_string())?;
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
        if spreadsheet_safe {
            let row: Vec<_> = row.into_iter().map(rearmed).collect();
            see(&row.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        } else {
            see(&row);
        }
    }
    Ok(())
}
