//! The columns of a file that a layout uses.

use polars_arrow::datatypes::Field;
use polars_parquet::read::FileMetadata;

use super::types::{self, Form, Kind};
use super::{decode, footer};
use crate::input::{ColumnMap, InputError, Parts};

/// A column of the file that is used.
pub(super) struct Source {
    /// Its place among the file's columns.
    pub(super) place: usize,
    /// The place of its only leaf among the chunks of a row group.
    pub(super) leaf: usize,
    pub(super) field: Field,
    pub(super) kind: Kind,
    pub(super) form: Form,
    /// What is read from it.
    pub(super) parts: Parts,
}

impl Source {
    /// What to say where no text can be made of its values.
    pub(super) fn unwritten(&self) -> String {
        format!("the lists of the column `{}` are too long to be read", self.field.name)
    }

    /// What to say where its values and the rows are not equally many.
    pub(super) fn miscounted(&self) -> String {
        format!("the column `{}` has not as many values as rows", self.field.name)
    }
}

/// A group may have so many rows whatever its size, and its lists so many values…
const FREE_ROWS: usize = 1 << 20;
const FREE_VALUES: usize = 1 << 24;
/// …and more only so many for each byte. In claims, every few rows something is new,
/// and takes a byte; a run of one value can claim to be as long as it likes.
const MOST_A_BYTE: usize = 64;

/// Whether so many may stand in so many bytes.
fn may_hold(bytes: usize, count: usize, free: usize) -> bool {
    count <= free.max(bytes.saturating_mul(MOST_A_BYTE))
}

/// The columns that a layout uses, each with what to make of it.
pub(super) fn used(path: &str, metadata: &FileMetadata, map: &ColumnMap) -> Result<Vec<Source>, InputError> {
    let damaged = |reason| InputError::Parquet { path: path.to_owned(), reason };
    let mut used = Vec::new();
    for (place, column) in metadata.schema().fields().iter().enumerate() {
        let users: Vec<_> = map.mapped().filter(|(_, places)| places.contains(&place)).map(|(user, _)| user).collect();
        if users.is_empty() {
            continue;
        }
        let suited = decode::quietly(|| Ok::<_, String>(types::suit(column, &users))).map_err(damaged)?;
        let (field, kind, form) = suited.map_err(|unsuitable| InputError::Type {
            path: path.to_owned(),
            column: column.name().to_owned(),
            found: unsuitable.found,
            wanted: unsuitable.wanted,
        })?;
        let is_root = |root: &str| root == column.name();
        let leaf =
            metadata.schema().columns().iter().position(|leaf| leaf.path_in_schema.first().is_some_and(|r| is_root(r)));
        let leaf = leaf.ok_or_else(|| damaged("its schema is damaged".to_owned()))?;
        let parts = users.iter().fold(Parts::default(), |parts, user| parts.and(Parts::of(*user)));
        used.push(Source { place, leaf, field, kind, form, parts });
    }
    Ok(used)
}

/// Checks that the used chunks lie within the file and count what they should.
pub(super) fn check_chunks(metadata: &FileMetadata, used: &[Source], size: u64) -> Result<(), String> {
    let mut all_bytes = 0_usize;
    for group in &metadata.row_groups {
        let rows = group.num_rows();
        let mut bytes = 0_usize;
        // A group without rows has chunks that lie nowhere.
        for source in used.iter().filter(|_| rows > 0) {
            let chunk = group.parquet_columns().get(source.leaf).ok_or("a row group lacks a column")?;
            let (_, length) = footer::place_of(chunk, size).ok_or("a column lies outside the file")?;
            bytes = bytes.saturating_add(length);
            let values = usize::try_from(chunk.num_values()).unwrap_or(usize::MAX);
            // A list has a value for each row at least, be it missing.
            let counted = match source.kind {
                Kind::Many => rows <= values && may_hold(length, values, FREE_VALUES),
                _ => values == rows,
            };
            if !counted {
                return Err(source.miscounted());
            }
        }
        if !may_hold(bytes, rows, FREE_ROWS) {
            return Err(format!("a row group claims {rows} rows, and its columns that are used have {bytes} bytes"));
        }
        all_bytes = all_bytes.saturating_add(bytes);
    }
    check_sums(metadata.num_rows, all_bytes, size)
}

/// Groups may not make up together what one may not claim, nor share their bytes.
fn check_sums(rows: usize, bytes: usize, size: u64) -> Result<(), String> {
    if !may_hold(bytes, rows, FREE_ROWS) {
        return Err(format!("it claims {rows} rows, and its columns that are used have {bytes} bytes"));
    }
    if bytes as u64 > size { Err("its columns lie upon one another".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_need_bytes() {
        assert!(may_hold(0, FREE_ROWS, FREE_ROWS) && !may_hold(0, FREE_ROWS + 1, FREE_ROWS));
        assert!(may_hold(1 << 20, 64 << 20, FREE_ROWS) && !may_hold((1 << 20) - 1, 64 << 20, FREE_ROWS));
        assert!(may_hold(usize::MAX, usize::MAX, FREE_VALUES));
        assert!(check_sums(64 << 20, 1 << 20, 1 << 20).is_ok());
        assert!(check_sums((64 << 20) + 1, 1 << 20, 1 << 20).is_err());
        assert!(check_sums(1, (1 << 20) + 1, 1 << 20).is_err());
    }
}
