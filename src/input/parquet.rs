//! Parquet: row groups, of which the procedure column is read first, and the
//! other used columns for the rows in scope only.
//!
//! Nothing here trusts a file: what its footer and its pages announce is checked
//! against the bytes that are there before any memory is taken for it, and a
//! panic of the library is an error of the file.

mod batch;
mod decode;
mod delta;
mod footer;
mod numbers;
mod pages;
mod scope;
mod source;
mod texts;
mod thrift;
mod types;
mod values;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use polars_arrow::bitmap::{Bitmap, BitmapBuilder};
use polars_parquet::read::{ColumnChunkMetadata, FileMetadata, Filter, PredicateFilter, RowGroupMetadata};

pub use self::batch::{ParquetBatch, ParquetRow};
pub use self::decode::is_guarded;
use self::pages::Pages;
use self::scope::FieldsInScope;
use self::source::Source;
use self::types::Kind;
use self::values::Values;
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
        Ok(Self { name: input.name.clone(), file, size, metadata, map, used })
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
    /// columns the rows whose procedure `in_scope` accepts.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or does not hold what it announces.
    pub fn read_group(&self, group: usize, in_scope: InScope<'_>) -> Result<ParquetBatch, InputError> {
        let Some(group) = self.metadata.row_groups.get(group) else {
            return Err(self.damaged(format!("there is no row group {group}")));
        };
        let rows = group.num_rows();
        let (mask, mut columns) = self.scan(group, in_scope)?;
        let everything = mask.unset_bits() == 0;
        let selected: Vec<u32> = if everything {
            (0..u32::try_from(rows).unwrap_or(u32::MAX)).collect()
        } else {
            mask.true_idx_iter().filter_map(|at| u32::try_from(at).ok()).collect()
        };
        if !selected.is_empty() {
            let filter = (!everything).then(|| Filter::Mask(mask));
            for source in &self.used {
                if let Some(column @ None) = columns.get_mut(source.place) {
                    *column = Some(self.values(group, source, filter.clone(), selected.len())?);
                }
            }
        }
        Ok(ParquetBatch::new(rows, selected, columns))
    }

    /// Which rows of a group are in scope, and the columns read on the way, for
    /// those rows.
    fn scan(
        &self,
        group: &RowGroupMetadata,
        in_scope: InScope<'_>,
    ) -> Result<(Bitmap, Vec<Option<Values>>), InputError> {
        let mut columns: Vec<Option<Values>> = std::iter::repeat_with(|| None).take(self.map.width).collect();
        if group.num_rows() == 0 {
            return Ok((Bitmap::new(), columns));
        }
        let alone = RowReader::new(&self.map).procedure_place();
        let alone = self.used.iter().find(|source| Some(source.place) == alone && source.kind == Kind::Bytes);
        if let Some(source) = alone
            && let Some((mask, values)) = self.scan_dictionary(group, source, in_scope)?
        {
            if let Some(column) = columns.get_mut(source.place) {
                *column = values;
            }
            return Ok((mask, columns));
        }
        self.scan_rows(group, columns, in_scope)
    }

    /// Several sources, or no dictionary: reads the procedure of every row.
    fn scan_rows(
        &self,
        group: &RowGroupMetadata,
        mut columns: Vec<Option<Values>>,
        in_scope: InScope<'_>,
    ) -> Result<(Bitmap, Vec<Option<Values>>), InputError> {
        let rows = group.num_rows();
        let sources = self.map.places(Column::ProcedureCode);
        for source in self.used.iter().filter(|source| sources.contains(&source.place)) {
            if let Some(column) = columns.get_mut(source.place) {
                *column = Some(self.values(group, source, None, rows)?);
            }
        }
        let reader = RowReader::new(&self.map);
        let whole = ParquetBatch::new(rows, Vec::new(), columns);
        let mut mask = BitmapBuilder::with_capacity(rows);
        for at in 0..rows {
            mask.push(reader.procedure(&whole.row(at)).is_some_and(in_scope));
        }
        let mask = mask.freeze();
        let mut columns = whole.into_columns();
        if mask.unset_bits() > 0 {
            // They hold rows that are not wanted.
            columns = std::iter::repeat_with(|| None).take(self.map.width).collect();
        }
        Ok((mask, columns))
    }

    /// One source, all of it by dictionary: reads the procedures of the
    /// dictionary, and tells the rows apart by their places in it. `None` where
    /// not every value stands there.
    fn scan_dictionary(
        &self,
        group: &RowGroupMetadata,
        source: &Source,
        in_scope: InScope<'_>,
    ) -> Result<Option<(Bitmap, Option<Values>)>, InputError> {
        let (chunk, bytes, pages) = self.chunk(group, source)?;
        let head = pages.dictionary_end.filter(|_| pages.all_by_dictionary).and_then(|end| bytes.get(..end));
        let Some(head) = head else { return Ok(None) };
        let damaged = |reason| self.damaged(reason);
        let words = decode::dictionary(head.to_vec(), chunk).map_err(damaged)?;
        let fields = words.and_then(|page| FieldsInScope::of_dictionary(&page.buffer, page.num_values, in_scope));
        let fields = fields.ok_or_else(|| damaged("the dictionary of the procedures is damaged".to_owned()))?;
        if fields.is_empty() {
            return Ok(Some((Bitmap::new_zeroed(group.num_rows()), None)));
        }
        let filter = Filter::Predicate(PredicateFilter { predicate: Arc::new(fields), include_values: true });
        let (array, mask) = decode::decode(bytes, chunk, source.field.clone(), Some(filter)).map_err(damaged)?;
        match Values::new(array.as_ref(), &source.kind, source.form) {
            Some(values) if mask.len() == group.num_rows() && values.len() == mask.set_bits() => {
                Ok(Some((mask, Some(values))))
            }
            _ => Err(self.miscounted(source)),
        }
    }

    /// The values of a column of a group, those that `filter` lets through.
    fn values(
        &self,
        group: &RowGroupMetadata,
        source: &Source,
        filter: Option<Filter>,
        expected: usize,
    ) -> Result<Values, InputError> {
        let (chunk, bytes, _) = self.chunk(group, source)?;
        let decoded = decode::decode(bytes, chunk, source.field.clone(), filter);
        let (array, _) = decoded.map_err(|reason| self.damaged(reason))?;
        match Values::new(array.as_ref(), &source.kind, source.form) {
            Some(values) if values.len() == expected => Ok(values),
            _ => Err(self.miscounted(source)),
        }
    }

    /// The bytes of a column of a group, looked over.
    fn chunk<'g>(
        &self,
        group: &'g RowGroupMetadata,
        source: &Source,
    ) -> Result<(&'g ColumnChunkMetadata, Vec<u8>, Pages), InputError> {
        let chunk = group.parquet_columns().get(source.leaf);
        let Some((chunk, (start, length))) = chunk.and_then(|chunk| Some((chunk, footer::place_of(chunk, self.size)?)))
        else {
            return Err(self.damaged("a column lies outside the file".to_owned()));
        };
        let mut bytes = vec![0; length];
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

    fn miscounted(&self, source: &Source) -> InputError {
        self.damaged(source.miscounted())
    }

    fn damaged(&self, reason: String) -> InputError {
        InputError::Parquet { path: self.name.clone(), reason }
    }
}
