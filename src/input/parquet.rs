//! Parquet: row groups, of which the procedure column is read first, and the
//! other used columns for the rows in scope only.
//!
//! Nothing here trusts a file: what its footer and its pages announce is checked
//! against the bytes that are there before any memory is taken for it, and a
//! panic of the library is an error of the file.

mod batch;
mod chunk;
mod cursor;
mod decode;
mod delta;
mod digested;
mod flat;
mod footer;
mod group;
mod numbers;
mod pages;
mod runs;
mod source;
mod spans;
mod texts;
mod thrift;
mod types;
mod values;
mod words;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Mutex;

use polars_arrow::bitmap::BitmapBuilder;
use polars_parquet::read::{FileMetadata, Filter, RowGroupMetadata};

pub use self::batch::{ParquetBatch, ParquetRow};
use self::chunk::Chunk;
pub use self::decode::is_guarded;
use self::digested::Digesting;
pub use self::digested::{PART_BYTES, Share};
use self::flat::Scratch;
pub use self::group::ParquetGroup;
use self::source::Source;
use self::types::Kind;
use self::values::Values;
use super::{ColumnMap, InputError, InputFile, Layout};
use crate::claim::ProcedureCode;

/// So much is read in one step, whole parts of the digest: it stays in a core's cache until
/// they are made.
const PIECE: usize = 1 << 18;

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

    /// How many bytes the file has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
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

    /// Begins one group: reads the procedure column, and finds the rows whose procedure
    /// `in_scope` accepts and those that may say something of other claims. What it reads of
    /// its `share` of the file is digested on the way.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or does not hold what it announces.
    pub fn group(
        &self,
        group: usize,
        in_scope: InScope<'_>,
        share: Option<Share>,
    ) -> Result<ParquetGroup<'_>, InputError> {
        let Some(group) = self.metadata.row_groups.get(group) else {
            return Err(self.damaged(format!("there is no row group {group}")));
        };
        ParquetGroup::new(self, group, in_scope, share)
    }

    /// Reads one group whole: the rows in scope as [`group`](Self::group) finds them.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or does not hold what it announces.
    pub fn read_group(&self, group: usize, in_scope: InScope<'_>) -> Result<ParquetBatch, InputError> {
        self.group(group, in_scope, None)?.read_all()
    }

    /// The wanted values of a column of a group as the library reads them: all, or those of
    /// `rows`.
    fn by_library(
        &self,
        group: &RowGroupMetadata,
        source: &Source,
        chunk: Chunk<'_>,
        rows: Option<&[u32]>,
    ) -> Result<Values, InputError> {
        let (chunk, bytes) = chunk.into_bytes();
        let filter = rows.map(|rows| {
            let mut mask = BitmapBuilder::with_capacity(group.num_rows());
            for row in rows {
                mask.extend_constant((*row as usize).saturating_sub(mask.len()), false);
                mask.push(true);
            }
            mask.extend_constant(group.num_rows().saturating_sub(mask.len()), false);
            Filter::Mask(mask.freeze())
        });
        let expected = rows.map_or(group.num_rows(), <[u32]>::len);
        let array =
            decode::decode(bytes, chunk, source.field.clone(), filter).map_err(|reason| self.damaged(reason))?;
        match Values::new(array.as_ref(), &source.kind, source.form) {
            Some(values) if values.len() == expected => Ok(values),
            None if source.kind == Kind::Many => Err(self.damaged(source.unwritten())),
            _ => Err(self.damaged(source.miscounted())),
        }
    }

    /// A column of a group, looked over, in the memory of `spent`. Parts of the file that are
    /// read whole on the way are told off, where somebody digests them.
    fn chunk<'g>(
        &self,
        group: &'g RowGroupMetadata,
        source: &Source,
        spent: Vec<u8>,
        digesting: &mut Digesting,
    ) -> Result<Chunk<'g>, InputError> {
        let chunk = group.parquet_columns().get(source.leaf);
        let Some((chunk, (start, length))) = chunk.and_then(|chunk| Some((chunk, footer::place_of(chunk, self.size)?)))
        else {
            return Err(self.damaged("a column lies outside the file".to_owned()));
        };
        let before = digesting.before(start);
        let within = before..before + length;
        let mut bytes = spent;
        // It is not made shorter: to be as long again it would be filled with nothing first.
        if bytes.len() < within.end {
            bytes.resize(within.end, 0);
        }
        let read = bytes.get_mut(..within.end).unwrap_or_default();
        for (piece, offset) in read.chunks_mut(PIECE).zip((start - before as u64..).step_by(PIECE)) {
            self.file.read_exact_at(piece, offset).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => self.damaged("it became shorter while it was read".to_owned()),
                _ => InputError::io(&self.name, error),
            })?;
            digesting.take(piece, offset);
        }
        let told = bytes.get(within.clone()).unwrap_or_default();
        let values = usize::try_from(chunk.num_values()).unwrap_or_default();
        let pages = pages::check(told, values, chunk.compression()).map_err(|reason| self.damaged(reason))?;
        if pages.some_by_difference {
            delta::check(told.to_vec(), chunk).map_err(|reason| self.damaged(reason))?;
        }
        Ok(Chunk { told: chunk, bytes, within, pages })
    }

    /// The open file, once more.
    ///
    /// # Errors
    ///
    /// The system has no handle left.
    pub fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// What each group digests of the file, where they can share it: parts of
    /// [`PART_BYTES`], but for the first part, which is nobody's. `None` where groups do not
    /// stand one behind the other.
    #[must_use]
    pub fn shares(&self) -> Option<Vec<Share>> {
        let places = self.metadata.row_groups.iter().map(|group| {
            let chunks = self.used.iter().map(|source| {
                let chunk = group.parquet_columns().get(source.leaf)?;
                let (start, length) = footer::place_of(chunk, self.size).filter(|_| group.num_rows() > 0)?;
                Some(start..start + length as u64)
            });
            let chunks: Vec<_> = chunks.collect::<Option<_>>()?;
            Some(chunks.iter().map(|chunk| chunk.start).min()?..chunks.iter().map(|chunk| chunk.end).max()?)
        });
        digested::shares(&places.collect::<Option<Vec<_>>>()?, self.size)
    }

    fn damaged(&self, reason: String) -> InputError {
        InputError::Parquet { path: self.name.clone(), reason }
    }
}
