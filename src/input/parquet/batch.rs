//! The rows in scope of a row group, or of a piece of it.

use super::source::Source;
use super::values::Values;
use crate::input::{Cell, Parts, Row};

/// Rows that stand together in a row group, each column by itself as the file holds it.
#[derive(Default)]
pub struct ParquetBatch {
    rows: usize,
    selected: Vec<u32>,
    /// Of each of these what may not be as it was in the one before.
    changed: Vec<Parts>,
    /// By place in the file; those that are not used are `None`.
    pub(super) columns: Vec<Option<Held>>,
    is_text: bool,
}

/// A column's values.
pub(super) struct Held {
    pub(super) values: Values,
    /// The place among them of the batch's first row that is held.
    pub(super) first: usize,
    /// What is read from them.
    parts: Parts,
}

impl Held {
    pub(super) fn new(source: &Source, values: Values, first: usize) -> Self {
        Self { values, first, parts: source.parts }
    }
}

impl ParquetBatch {
    pub(super) fn new(rows: usize, selected: Vec<u32>, columns: Vec<Option<Held>>) -> Self {
        let mut batch = Self { columns, ..Self::default() };
        batch.show(rows, selected);
        batch
    }

    /// Lets the columns that are there be those of these rows.
    pub(super) fn show(&mut self, rows: usize, selected: impl IntoIterator<Item = u32>) {
        self.rows = rows;
        self.selected.clear();
        self.selected.extend(selected);
        self.is_text = self.columns.iter().flatten().all(|column| column.values.is_text());
        self.changed.clear();
        self.changed.resize(self.selected.len(), Parts::NONE);
        for column in self.columns.iter().flatten().filter(|column| column.parts != Parts::NONE) {
            column.values.mark_changes(column.first, column.parts, &mut self.changed);
        }
        // Before it there is none.
        if let Some(first) = self.changed.first_mut() {
            *first = Parts::ALL;
        }
    }

    /// How many rows there are, in scope or not.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The places among them of the rows held here, ascending, from 0.
    #[must_use]
    pub fn selected(&self) -> &[u32] {
        &self.selected
    }

    /// A row held here: the `at`-th of [`Self::selected`].
    #[must_use]
    pub fn row(&self, at: usize) -> ParquetRow<'_> {
        let changed = self.changed.get(at).copied().unwrap_or(Parts::ALL);
        ParquetRow { columns: &self.columns, at, is_text: self.is_text, changed }
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
            column.values.describe(column.first + at, &mut field);
            push_field(&mut record, &field);
        }
        record
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
    columns: &'a [Option<Held>],
    at: usize,
    is_text: bool,
    changed: Parts,
}

impl<'a> Row<'a> for ParquetRow<'a> {
    #[inline]
    fn cell(&self, column: usize) -> Cell<'a> {
        match self.columns.get(column) {
            Some(Some(column)) => column.values.cell(column.first + self.at),
            _ => Cell::Blank,
        }
    }

    #[inline]
    fn text(&self, column: usize) -> &'a str {
        match self.columns.get(column) {
            Some(Some(column)) => column.values.text(column.first + self.at),
            _ => "",
        }
    }

    #[inline]
    fn changed(&self) -> Option<Parts> {
        Some(self.changed)
    }

    #[inline]
    fn is_text(&self) -> bool {
        self.is_text
    }
}
