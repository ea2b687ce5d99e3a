//! The rows of one row group that are in scope.

use super::values::Values;
use crate::input::{Cell, Row};

/// Rows of a row group, each column by itself as the file holds it.
pub struct ParquetBatch {
    rows: usize,
    selected: Vec<u32>,
    /// By place in the file; those that are not used are `None`.
    columns: Vec<Option<Values>>,
    is_text: bool,
}

impl ParquetBatch {
    pub(super) fn new(rows: usize, selected: Vec<u32>, columns: Vec<Option<Values>>) -> Self {
        let is_text = columns.iter().flatten().all(Values::is_text);
        Self { rows, selected, columns, is_text }
    }

    /// How many rows the group has, in scope or not.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The places within the group of the rows held here, ascending, from 0.
    #[must_use]
    pub fn selected(&self) -> &[u32] {
        &self.selected
    }

    /// A row held here: the `at`-th of [`Self::selected`].
    #[must_use]
    pub fn row(&self, at: usize) -> ParquetRow<'_> {
        ParquetRow { columns: &self.columns, at, is_text: self.is_text }
    }

    /// A row as it was read, for people: its used columns in the file's order,
    /// as one CSV record without a line end.
    #[must_use]
    pub fn describe(&self, at: usize) -> Vec<u8> {
        let mut record = Vec::new();
        let mut field = Vec::new();
        for (place, column) in self.columns.iter().flatten().enumerate() {
            if place > 0 {
                record.push(b',');
            }
            field.clear();
            column.describe(at, &mut field);
            push_field(&mut record, &field);
        }
        record
    }

    pub(super) fn into_columns(self) -> Vec<Option<Values>> {
        self.columns
    }
}

fn push_field(record: &mut Vec<u8>, field: &[u8]) {
    if !field.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        record.extend_from_slice(field);
        return;
    }
    record.push(b'"');
    for byte in field {
        if *byte == b'"' {
            record.push(b'"');
        }
        record.push(*byte);
    }
    record.push(b'"');
}

/// One row of a batch.
#[derive(Clone, Copy)]
pub struct ParquetRow<'a> {
    columns: &'a [Option<Values>],
    at: usize,
    is_text: bool,
}

impl<'a> Row<'a> for ParquetRow<'a> {
    #[inline]
    fn cell(&self, column: usize) -> Cell<'a> {
        match self.columns.get(column) {
            Some(Some(values)) => values.cell(self.at),
            _ => Cell::Blank,
        }
    }

    fn is_text(&self) -> bool {
        self.is_text
    }
}
