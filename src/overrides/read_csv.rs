//! Overrides in CSV: a header, a row for each, `;` between several values. It may have
//! gone through a spreadsheet: another delimiter, a byte order mark, rows of blanks.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::OverrideError;
use super::error::Refusal;
use super::raw::{Field, RawEntry};

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

pub(super) fn read(origin: &str, text: &str) -> Result<Vec<RawEntry>, OverrideError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut rows, fields) = header(origin, text)?;
    let mut entries = Vec::new();
    for (record, row) in rows.records().zip(2_usize..) {
        let mut entry = RawEntry::at(format!("row {row}"));
        // Text is UTF-8 and rows may be of any length, so reading cannot fail.
        let record = record.map_err(|_| Refusal::whole("it cannot be read").at(origin, &entry.place))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() != fields.len() {
            let refusal = Refusal::whole("it has more or fewer columns than the header");
            return Err(refusal.at(origin, &entry.place));
        }
        for (field, cell) in fields.iter().zip(&record) {
            if field.is_list() {
                cell.split(';').filter(|one| !one.trim().is_empty()).for_each(|one| entry.add(*field, one));
            } else if !cell.trim().is_empty() {
                entry.add(*field, cell);
            }
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Finds the delimiter, by which the header has only known columns; else the fault
/// under the one that finds most columns.
fn header<'t>(origin: &str, text: &'t str) -> Result<(Reader<&'t [u8]>, Vec<Field>), OverrideError> {
    let mut nearest = None;
    for delimiter in DELIMITERS {
        let mut rows = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let header = rows.headers().cloned().unwrap_or_default();
        match columns(origin, &header) {
            Ok(fields) => return Ok((rows, fields)),
            Err(error) => {
                if nearest.as_ref().is_none_or(|(most, _)| *most < header.len()) {
                    nearest = Some((header.len(), error));
                }
            }
        }
    }
    Err(nearest.map_or_else(|| refuse(origin, 1, "there is none".to_owned()), |(_, error)| error))
}

fn columns(origin: &str, header: &StringRecord) -> Result<Vec<Field>, OverrideError> {
    let mut fields = Vec::new();
    for (name, column) in header.iter().zip(1..) {
        // A file without a header has a row here, so it is not told.
        let unknown = || refuse(origin, column, format!("none that is known; there are: {}", Field::names()));
        let field = Field::of(name).ok_or_else(unknown)?;
        if fields.contains(&field) {
            return Err(refuse(origin, column, format!("`{}` stands there twice", field.name())));
        }
        fields.push(field);
    }
    let lacking = Field::ALL.into_iter().take(5).find(|field| !fields.contains(field));
    match lacking {
        Some(field) => Err(refuse(origin, header.len() + 1, format!("`{}` is missing", field.name()))),
        None => Ok(fields),
    }
}

fn refuse(origin: &str, column: usize, reason: String) -> OverrideError {
    OverrideError::Header { file: origin.to_owned(), column, reason }
}
