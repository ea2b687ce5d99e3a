//! A row group on its way: which of its rows are wanted, and those a piece at a time.

use std::sync::PoisonError;

use polars_parquet::read::RowGroupMetadata;

use super::batch::Held;
use super::chunk::Chunk;
use super::cursor::Rows;
use super::digested::{Digesting, Share};
use super::flat::{Flat, Scratch};
use super::source::Source;
use super::types::Kind;
use super::values::Values;
use super::{InScope, ParquetBatch, ParquetFile, decode};
use crate::digest::Part;
use crate::input::procedure::procedure_head;
use crate::input::{Column, InputError, RowReader};

/// So many procedures are looked at in one step: what they take stays in a core's cache.
const STEP: usize = 1 << 13;

/// A row group, of which the wanted rows are read as they are asked for.
pub struct ParquetGroup<'f> {
    file: &'f ParquetFile,
    group: &'f RowGroupMetadata,
    /// The wanted rows, and how many of them have been read.
    selected: Vec<u32>,
    read: usize,
    /// The first row that no batch has held.
    row: usize,
    /// Of each used column what reads it on.
    open: Vec<Option<Flat<'f>>>,
    batch: ParquetBatch,
    scratch: Scratch,
    digesting: Digesting,
    is_done: bool,
}

impl<'f> ParquetGroup<'f> {
    pub(super) fn new(
        file: &'f ParquetFile,
        group: &'f RowGroupMetadata,
        in_scope: InScope<'_>,
        share: Option<Share>,
    ) -> Result<Self, InputError> {
        let mut scratch = file.spent.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let mut selected = std::mem::take(&mut scratch.selected);
        selected.clear();
        let mut this = Self {
            file,
            group,
            selected,
            read: 0,
            row: 0,
            open: std::iter::repeat_with(|| None).take(file.used.len()).collect(),
            batch: ParquetBatch::default(),
            scratch,
            digesting: Digesting::new(share, file.size),
            is_done: false,
        };
        this.batch.columns = this.unread();
        this.scan(in_scope)?;
        this.add_versions()?;
        Ok(this)
    }

    /// The next wanted rows, so many at most, with those between them; `None` where there is
    /// no row left.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or does not hold what it announces.
    pub fn read(&mut self, most: usize) -> Result<Option<&ParquetBatch>, InputError> {
        if self.is_done {
            return Ok(None);
        }
        let file = self.file;
        let end = self.selected.len().min(self.read.saturating_add(most.max(1)));
        if self.read < end {
            for at in 0..file.used.len() {
                self.fill(at, end)?;
            }
        }
        let here = self.selected.get(self.read..end).unwrap_or_default();
        self.is_done = end == self.selected.len();
        let behind = if self.is_done { None } else { here.last() };
        let behind = behind.map_or(self.group.num_rows(), |last| *last as usize + 1);
        let first = self.row;
        // No row is beyond what 32 bits hold.
        let within = |row: &u32| u32::try_from((*row as usize).saturating_sub(first)).unwrap_or(u32::MAX);
        self.batch.show(behind.saturating_sub(first), here.iter().map(within));
        (self.read, self.row) = (end, behind);
        if self.is_done {
            for flat in self.open.iter_mut().rev().filter_map(Option::take) {
                flat.close(&mut self.scratch);
            }
            let mut scratch = std::mem::take(&mut self.scratch);
            scratch.selected = std::mem::take(&mut self.selected);
            file.spent.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        }
        Ok(Some(&self.batch))
    }

    /// The parts of the file's digest that are the group's share, in order.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn parts(self) -> Result<Vec<Part>, InputError> {
        self.digesting.finish(&self.file.file).map_err(|error| InputError::io(&self.file.name, error))
    }

    /// All of the group.
    pub(super) fn read_all(mut self) -> Result<ParquetBatch, InputError> {
        self.read(usize::MAX)?;
        Ok(self.batch)
    }

    /// Lets a used column hold the wanted rows up to `end`.
    fn fill(&mut self, at: usize, end: usize) -> Result<(), InputError> {
        let Some(source) = self.file.used.get(at) else { return Ok(()) };
        let here = self.selected.get(self.read..end).unwrap_or_default();
        let is_all = self.selected.len() == self.group.num_rows();
        let rows = if is_all { Rows::Next(here.len()) } else { Rows::These(here) };
        let wanted = if is_all { None } else { Some(self.selected.as_slice()) };
        let (Some(open), Some(column)) = (self.open.get_mut(at), self.batch.columns.get_mut(source.place)) else {
            return Ok(());
        };
        let chunk = match (open.as_mut(), column.as_mut()) {
            // All of it is there.
            (None, Some(held)) => {
                held.first = self.read;
                return Ok(());
            }
            (Some(flat), Some(held)) => {
                held.values.clear();
                if further(flat, rows, &mut held.values, &mut self.scratch) {
                    return Ok(());
                }
                let Some(flat) = open.take() else { return Ok(()) };
                flat.into_chunk()
            }
            (_, None) => {
                let count = wanted.map_or(self.group.num_rows(), <[u32]>::len);
                match opened(self.file, self.group, source, count, &mut self.scratch, &mut self.digesting)? {
                    Ok((mut flat, mut values)) => {
                        if further(&mut flat, rows, &mut values, &mut self.scratch) {
                            *column = Some(Held::new(source, values, 0));
                            // The next column has the memory of one that is done with.
                            if end == self.selected.len() {
                                flat.close(&mut self.scratch);
                            } else {
                                *open = Some(flat);
                            }
                            return Ok(());
                        }
                        flat.into_chunk()
                    }
                    Err(chunk) => chunk,
                }
            }
        };
        let values = self.file.by_library(self.group, source, chunk, wanted)?;
        *column = Some(Held::new(source, values, self.read));
        Ok(())
    }

    /// Finds the rows in scope, and keeps what was read of them on the way.
    fn scan(&mut self, in_scope: InScope<'_>) -> Result<(), InputError> {
        let (file, rows) = (self.file, self.group.num_rows());
        let reader = RowReader::new(&file.map);
        let sources = file.map.places(Column::ProcedureCode);
        for source in file.used.iter().filter(|source| rows > 0 && sources.contains(&source.place)) {
            let values = if Some(source.place) == reader.procedure_place() && source.kind == Kind::Bytes {
                match self.scanned(source, in_scope)? {
                    Ok(values) => {
                        self.hold(source, values);
                        return Ok(());
                    }
                    Err(chunk) => file.by_library(self.group, source, chunk, None)?,
                }
            } else {
                self.whole(source)?
            };
            self.hold(source, values);
        }
        // Several sources, or one that is no plain text: the procedure of every row.
        self.batch.show(rows, []);
        let is_wanted = |row: &u32| reader.procedure(&self.batch.row(*row as usize)).is_some_and(in_scope);
        self.selected = (0..u32::try_from(rows).unwrap_or(u32::MAX)).filter(is_wanted).collect();
        if self.selected.len() < rows {
            // They hold rows that are not wanted.
            self.batch.columns = self.unread();
        }
        Ok(())
    }

    /// Finds the rows in scope by a column of text, and gives the texts of those; or the
    /// column, where it must be left to the library.
    fn scanned(&mut self, source: &Source, in_scope: InScope<'_>) -> Result<Result<Values, Chunk<'f>>, InputError> {
        let rows = self.group.num_rows();
        let (mut flat, mut values) =
            match opened(self.file, self.group, source, rows, &mut self.scratch, &mut self.digesting)? {
                Ok(opened) => opened,
                Err(chunk) => return Ok(Err(chunk)),
            };
        // A feed has a few thousand distinct procedures in millions of rows.
        let mut verdicts = Vec::new();
        let wanted = |text: &str| procedure_head(text.as_bytes()).is_some_and(in_scope);
        for first in (0..rows).step_by(STEP) {
            let before = values.len();
            let step = Rows::Next(STEP.min(rows - first));
            let is_read = further(&mut flat, step, &mut values, &mut self.scratch);
            let (true, Values::Text(texts)) = (is_read, &mut values) else {
                self.selected.clear();
                return Ok(Err(flat.into_chunk()));
            };
            let selected = &mut self.selected;
            texts.retain(before, &mut verdicts, wanted, |row| selected.extend(u32::try_from(first + row).ok()));
        }
        flat.close(&mut self.scratch);
        Ok(Ok(values))
    }

    /// Adds the rows that belong to a later version of their claim.
    fn add_versions(&mut self) -> Result<(), InputError> {
        let (file, rows) = (self.file, self.group.num_rows());
        let reader = RowReader::new(&file.map);
        if !reader.tells_versions() || self.selected.len() == rows {
            return Ok(());
        }
        let sources = file.map.places(Column::ClaimFrequency);
        let mut columns = self.unread();
        for source in file.used.iter().filter(|source| sources.contains(&source.place)) {
            if let Some(column) = columns.get_mut(source.place) {
                *column = Some(Held::new(source, self.whole(source)?, 0));
            }
        }
        let whole = ParquetBatch::new(rows, Vec::new(), columns);
        let mut in_scope = self.selected.iter().copied().peekable();
        let is_wanted =
            |row: &u32| in_scope.next_if_eq(row).is_some() || reader.is_later_version(&whole.row(*row as usize));
        let more: Vec<u32> = (0..u32::try_from(rows).unwrap_or(u32::MAX)).filter(is_wanted).collect();
        if more.len() > self.selected.len() {
            // Columns that are there hold the rows in scope alone.
            self.batch.columns = self.unread();
        }
        self.selected = more;
        Ok(())
    }

    /// All values of a column.
    fn whole(&mut self, source: &Source) -> Result<Values, InputError> {
        let rows = self.group.num_rows();
        let chunk = match opened(self.file, self.group, source, rows, &mut self.scratch, &mut self.digesting)? {
            Ok((mut flat, mut values)) => {
                if further(&mut flat, Rows::Next(rows), &mut values, &mut self.scratch) {
                    flat.close(&mut self.scratch);
                    return Ok(values);
                }
                flat.into_chunk()
            }
            Err(chunk) => chunk,
        };
        self.file.by_library(self.group, source, chunk, None)
    }

    fn hold(&mut self, source: &Source, values: Values) {
        if let Some(column) = self.batch.columns.get_mut(source.place) {
            *column = Some(Held::new(source, values, 0));
        }
    }

    /// The file's columns, none of them read.
    fn unread(&self) -> Vec<Option<Held>> {
        std::iter::repeat_with(|| None).take(self.file.map.width).collect()
    }
}

/// A column chunk of which `wanted` rows are going to be read, or one that must be left to
/// the library.
#[allow(clippy::type_complexity)]
fn opened<'f>(
    file: &ParquetFile,
    group: &'f RowGroupMetadata,
    source: &Source,
    wanted: usize,
    scratch: &mut Scratch,
    digesting: &mut Digesting,
) -> Result<Result<(Flat<'f>, Values), Chunk<'f>>, InputError> {
    let chunk = file.chunk(group, source, scratch.chunks.pop().unwrap_or_default(), digesting)?;
    Ok(Flat::open(source, chunk, wanted, scratch))
}

/// Whether a column could be read further.
fn further(flat: &mut Flat<'_>, rows: Rows<'_>, values: &mut Values, scratch: &mut Scratch) -> bool {
    decode::quietly(|| flat.read(rows, values, scratch).ok_or("it is left to the library")).is_ok()
}
