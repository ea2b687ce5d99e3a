//! The columns of a file that a layout uses.

use polars_arrow::datatypes::Field;
use polars_parquet::read::FileMetadata;

use super::types::{self, Form, Kind};
use super::{decode, footer};
use crate::input::{ColumnMap, InputError};

/// A column of the file that is used.
pub(super) struct Source {
    /// Its place among the file's columns.
    pub(super) place: usize,
    /// The place of its only leaf among the chunks of a row group.
    pub(super) leaf: usize,
    pub(super) field: Field,
    pub(super) kind: Kind,
    pub(super) form: Form,
}

impl Source {
    /// What to say where its values and the rows are not equally many.
    pub(super) fn miscounted(&self) -> String {
        format!("the column `{}` has not as many values as rows", self.field.name)
    }
}

/// More values than the lists of one group may hold.
const MOST_VALUES: usize = 1 << 31;

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
        used.push(Source { place, leaf, field, kind, form });
    }
    Ok(used)
}

/// Checks that the used chunks lie within the file and count what they should.
pub(super) fn check_chunks(metadata: &FileMetadata, used: &[Source], size: u64) -> Result<(), String> {
    for group in &metadata.row_groups {
        let rows = group.num_rows();
        // A group without rows has chunks that lie nowhere.
        for source in used.iter().filter(|_| rows > 0) {
            let chunk = group.parquet_columns().get(source.leaf).ok_or("a row group lacks a column")?;
            footer::place_of(chunk, size).ok_or("a column lies outside the file")?;
            let values = usize::try_from(chunk.num_values()).unwrap_or(usize::MAX);
            // A list has a value for each row at least, be it missing.
            let counted =
                if source.kind == Kind::Many { (rows..=MOST_VALUES).contains(&values) } else { values == rows };
            if !counted {
                return Err(source.miscounted());
            }
        }
    }
    Ok(())
}
