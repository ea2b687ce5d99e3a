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

/// The bytes of a column that has one place or none, where its row has them as they are
/// read; `None` says nothing.
#[inline]
pub(super) fn bare_bytes<'a>(source: Source<'_>, row: &impl Row<'a>) -> Option<&'a [u8]> {
    source.plain.and_then(|place| row.bare_bytes(place))
}

/// Text without the white space around it.
#[inline]
pub(super) fn trimmed(text: &str) -> &str {
    // Mostly there is none.
    if is_bare(text.as_bytes()) { text } else { trimmed_of_any(text) }
}

/// Whether text begins and ends with what is surely no white space, or is empty.
#[inline]
pub(super) fn is_bare(text: &[u8]) -> bool {
    match text {
        [first, .., last] => first.is_ascii_graphic() && last.is_ascii_graphic(),
        [only] => only.is_ascii_graphic(),
        [] => true,
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
