//! Parquet: row groups, of which the procedure column is read first, and the
//! other used columns for the rows in scope only.
//!
//! Nothing here trusts a file: what its footer and its pages announce is checked
//! against the bytes that are there before any memory is taken for it, and a
//! panic of the library is an error of the file.

mod batch;
mod decode;
mod delta;
mod flat;
mod footer;
mod numbers;
mod pages;
mod runs;
mod source;
mod spans;
mod texts;
mod thrift;
mod types;
mod values;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::{Mutex, PoisonError};

use polars_arrow::bitmap::BitmapBuilder;
use polars_parquet::read::{ColumnChunkMetadata, FileMetadata, Filter, RowGroupMetadata};

pub use self::batch::{ParquetBatch, ParquetRow};
pub use self::decode::is_guarded;
use self::flat::{Flat, Rows, Scratch};
use self::pages::Pages;
use self::source::Source;
use self::types::Kind;
use self::values::Values;
use super::procedure::procedure_head;
use super::{Column, ColumnMap, InputError, InputFile, Layout, RowReader};
use crate::claim::ProcedureCode;

/// Says whether a procedure is in scope.
type InScope<'a> = &'a (dyn Fn(ProcedureCode) -> bool + Sync);

/// An open Parquet file. Its groups can be read side by side.
pub struct ParquetFile {
    name: String,
    file: File,
    size: u64,
    metadata: FileMetadata,
    map: ColumnMap,
    used: Vec<Source>,
    /// What groups were read with that are done.
    spent: Mutex<Vec<Scratch>>,
}

impl ParquetFile {
    /// Opens a file, finds the layout's columns and checks their types.
    ///
    /// A timestamp counts as the day that it names as it is stored, in UTC where
    /// it says so: the program knows no time zone.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is not Parquet; a needed column is missing; a
    /// used column has a type that does not mean what the column holds.
    pub fn open(input: &InputFile, layout: &Layout) -> Result<Self, InputError> {
        let at = |error| InputError::io(&input.name, error);
        let damaged = |reason| InputError::Parquet { path: input.name.clone(), reason };
        let file = File::open(&input.path).map_err(at)?;
        let size = file.metadata().map_err(at)?.len();
        let metadata = footer::read(&file, size).map_err(at)?.map_err(damaged)?;
        let names: Vec<String> = metadata.schema().fields().iter().map(|column| column.name().to_owned()).collect();
        let map = ColumnMap::new(&input.name, &names, layout)?;
        let used = source::used(&input.name, &metadata, &map)?;
        source::check_chunks(&metadata, &used, size).map_err(damaged)?;
        Ok(Self { name: input.name.clone(), file, size, metadata, map, used, spent: Mutex::default() })
    }

    /// Where our columns stand.
    #[must_use]
    pub fn map(&self) -> &ColumnMap {
        &self.map
    }

    /// How many rows the file has.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.metadata.num_rows as u64
    }

    /// How many row groups the file has.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.metadata.row_groups.len()
    }

    /// How many rows a group has.
    #[must_use]
    pub fn group_rows(&self, group: usize) -> u64 {
        self.metadata.row_groups.get(group).map_or(0, |group| group.num_rows() as u64)
    }

    /// How many bytes a group has in the file.
    #[must_use]
    pub fn group_bytes(&self, group: usize) -> u64 {
        self.metadata.row_groups.get(group).map_or(0, |group| group.compressed_size() as u64)
    }

    /// Reads one group: of the procedure column everything, of the other used
    /// columns the rows whose procedure `in_scope` accepts, and those that may say
    /// something of other claims.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or does not hold what it announces.
    pub fn read_group(&self, group: usize, in_scope: InScope<'_>) -> Result<ParquetBatch, InputError> {
        let Some(group) = self.metadata.row_groups.get(group) else {
            return Err(self.damaged(format!("there is no row group {group}")));
        };
        let spent = || self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = spent().pop().unwrap_or_default();
        let (selected, columns) = self.scan(group, in_scope, &mut scratch)?;
        let (selected, mut columns) = self.with_versions(group, selected, columns, &mut scratch)?;
        let is_all = selected.len() == group.num_rows();
        let wanted = if is_all { Rows::All } else { Rows::These(&selected) };
        for source in self.used.iter().filter(|_| !selected.is_empty()) {
            if let Some(column @ None) = columns.get_mut(source.place) {
                *column = Some(self.values(group, source, wanted, &mut scratch)?);
            }
        }
        spent().push(scratch);
        Ok(ParquetBatch::new(group.num_rows(), selected, columns))
    }

    /// Which rows of a group are in scope, and the columns read on the way, for
    /// those rows.
    fn scan(
        &self,
        group: &RowGroupMetadata,
        in_scope: InScope<'_>,
        scratch: &mut Scratch,
    ) -> Result<(Vec<u32>, Vec<Option<Values>>), InputError> {
        let rows = group.num_rows();
        let sources = self.map.places(Column::ProcedureCode);
        let alone = RowReader::new(&self.map).procedure_place();
        let mut columns = self.unread();
        for source in self.used.iter().filter(|source| rows > 0 && sources.contains(&source.place)) {
            let mut values = self.values(group, source, Rows::All, scratch)?;
            let selected = match &mut values {
                // A feed has a few thousand distinct procedures in millions of rows.
                Values::Text(texts) if Some(source.place) == alone => {
                    Some(texts.retain(|text| procedure_head(text.as_bytes()).is_some_and(in_scope)))
                }
                _ => None,
            };
            if let Some(column) = columns.get_mut(source.place) {
                *column = Some(values);
            }
            if let Some(selected) = selected {
                return Ok((selected, columns));
            }
        }
        // Several sources, or one that is no plain text: the procedure of every row.
        let reader = RowReader::new(&self.map);
        let whole = ParquetBatch::new(rows, Vec::new(), columns);
        let is_wanted = |row: &u32| reader.procedure(&whole.row(*row as usize)).is_some_and(in_scope);
        let selected: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).filter(is_wanted).collect();
        let mut columns = whole.into_columns();
        if selected.len() < rows {
            // They hold rows that are not wanted.
            columns.fill_with(|| None);
        }
        Ok((selected, columns))
    }

    /// The file's columns, none of them read.
    fn unread(&self) -> Vec<Option<Values>> {
        std::iter::repeat_with(|| None).take(self.map.width).collect()
    }

    /// The same with the rows that belong to a later version of their claim.
    fn with_versions(
        &self,
        group: &RowGroupMetadata,
        selected: Vec<u32>,
        columns: Vec<Option<Values>>,
        scratch: &mut Scratch,
    ) -> Result<(Vec<u32>, Vec<Option<Values>>), InputError> {
        let reader = RowReader::new(&self.map);
        let rows = group.num_rows();
        if !reader.tells_versions() || selected.len() == rows {
            return Ok((selected, columns));
        }
        let sources = self.map.places(Column::ClaimFrequency);
        let mut telling = self.unread();
        for source in self.used.iter().filter(|source| sources.contains(&source.place)) {
            if let Some(column) = telling.get_mut(source.place) {
                *column = Some(self.values(group, source, Rows::All, scratch)?);
            }
        }
        let whole = ParquetBatch::new(rows, Vec::new(), telling);
        let mut in_scope = selected.iter().copied().peekable();
        let is_wanted =
            |row: &u32| in_scope.next_if_eq(row).is_some() || reader.is_later_version(&whole.row(*row as usize));
        let more: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).filter(is_wanted).collect();
        // Columns that are there hold the rows in scope alone.
        let columns = if more.len() == selected.len() { columns } else { self.unread() };
        Ok((more, columns))
    }

    /// The values of a column of a group, those of the wanted rows.
    fn values(
        &self,
        group: &RowGroupMetadata,
        source: &Source,
        rows: Rows<'_>,
        scratch: &mut Scratch,
    ) -> Result<Values, InputError> {
        let bytes = std::mem::take(&mut scratch.chunk);
        let (chunk, bytes, pages) = self.chunk(group, source, bytes)?;
        let flat = Flat { bytes: &bytes, pages: &pages, chunk, field: &source.field };
        let values = decode::quietly(|| Ok::<_, String>(flat.values(source, rows, scratch)));
        let expected = match rows {
            Rows::All => group.num_rows(),
            Rows::These(rows) => rows.len(),
        };
        if let Some(values) = values.ok().flatten().filter(|values| values.len() == expected) {
            scratch.chunk = bytes;
            return Ok(values);
        }
        let filter = match rows {
            Rows::All => None,
            Rows::These(rows) => {
                let mut mask = BitmapBuilder::with_capacity(group.num_rows());
                for row in rows {
                    mask.extend_constant((*row as usize).saturating_sub(mask.len()), false);
                    mask.push(true);
                }
                mask.extend_constant(group.num_rows().saturating_sub(mask.len()), false);
                Some(Filter::Mask(mask.freeze()))
            }
        };
        let array =
            decode::decode(bytes, chunk, source.field.clone(), filter).map_err(|reason| self.damaged(reason))?;
        match Values::new(array.as_ref(), &source.kind, source.form) {
            Some(values) if values.len() == expected => Ok(values),
            None if source.kind == Kind::Many => Err(self.damaged(source.unwritten())),
            _ => Err(self.damaged(source.miscounted())),
        }
    }

    /// The bytes of a column of a group, looked over, in the memory of `spent`.
    fn chunk<'g>(
        &self,
        group: &'g RowGroupMetadata,
        source: &Source,
        spent: Vec<u8>,
    ) -> Result<(&'g ColumnChunkMetadata, Vec<u8>, Pages), InputError> {
        let chunk = group.parquet_columns().get(source.leaf);
        let Some((chunk, (start, length))) = chunk.and_then(|chunk| Some((chunk, footer::place_of(chunk, self.size)?)))
        else {
            return Err(self.damaged("a column lies outside the file".to_owned()));
        };
        let mut bytes = spent;
        bytes.resize(length, 0);
        self.file.read_exact_at(&mut bytes, start).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged("it became shorter while it was read".to_owned()),
            _ => InputError::io(&self.name, error),
        })?;
        let values = usize::try_from(chunk.num_values()).unwrap_or_default();
        let pages = pages::check(&bytes, values, chunk.compression()).map_err(|reason| self.damaged(reason))?;
        if pages.some_by_difference {
            delta::check(bytes.clone(), chunk).map_err(|reason| self.damaged(reason))?;
        }
        Ok((chunk, bytes, pages))
    }

    fn damaged(&self, reason: String) -> InputError {
        InputError::Parquet { path: self.name.clone(), reason }
    }
}
