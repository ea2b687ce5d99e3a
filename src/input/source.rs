//! Where the values of one of our columns come from in a row.

use super::{Cell, Column, ColumnMap, Fault, Row, scalars};
use crate::claim::Stated;

/// The places of one column, the preferred one first, and its constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'m> {
    pub(super) places: &'m [usize],
    pub(super) constant: Option<&'m str>,
    /// The only place, where there is not more to it; one that no row has, where there is
    /// none.
    plain: Option<usize>,
}

impl<'m> Source<'m> {
    /// Where a column's values come from in the rows of a file.
    pub(super) fn of(map: &'m ColumnMap, column: Column) -> Self {
        let (places, constant) = (map.places(column), map.constant(column));
        let plain = match (places, constant) {
            ([place], None) => Some(*place),
            ([], None) => Some(usize::MAX),
            _ => None,
        };
        Self { places, constant, plain }
    }
}

/// The first filled source of a column, else its constant.
#[inline]
pub(super) fn cell<'a, 'm: 'a>(source: Source<'m>, row: &impl Row<'a>) -> Cell<'a> {
    match source.plain {
        Some(place) => row.bare(place),
        None => first_filled(source, row),
    }
}

fn first_filled<'a, 'm: 'a>(source: Source<'m>, row: &impl Row<'a>) -> Cell<'a> {
    let mut cells = source.places.iter().map(|place| row.bare(*place));
    let constant = || source.constant.map_or(Cell::Blank, Cell::Text);
    cells.find(|cell| *cell != Cell::Blank).unwrap_or_else(constant)
}

/// A column's text.
#[inline]
pub(super) fn text<'a, 'm: 'a>(source: Source<'m>, row: &impl Row<'a>) -> &'a str {
    match source.plain {
        Some(place) => row.text(place),
        None => first_filled(source, row).text(),
    }
}

/// Text without the white space around it.
#[inline]
pub(super) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        // Mostly there is none.
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        [only] if only.is_ascii_graphic() => text,
        _ => trimmed_of_any(text),
    }
}

fn trimmed_of_any(text: &str) -> &str {
    if text.is_ascii() { text.trim_ascii() } else { text.trim() }
}

/// A value that no row may lack.
#[inline]
pub(super) fn needed(cell: Cell<'_>, column: Column) -> Result<Cell<'_>, Fault> {
    match cell {
        Cell::Blank => Err(Fault { column: Some(column), reason: "blank" }),
        filled => Ok(filled),
    }
}

/// A value that a row may lack.
#[inline]
pub(super) fn optional<T>(
    cell: Cell<'_>,
    read: impl Fn(Cell<'_>) -> Result<T, scalars::Expected>,
) -> Result<Option<T>, scalars::Expected> {
    match cell {
        Cell::Blank => Ok(None),
        filled => read(filled).map(Some),
    }
}

/// A word of a column: known, another one, or none.
pub(super) fn stated<T>(word: &str, known: fn(&str) -> Option<T>) -> Stated<T> {
    if word.is_empty() { Stated::Blank } else { known(word).map_or(Stated::Other, Stated::Known) }
}
