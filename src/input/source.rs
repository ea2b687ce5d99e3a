//! Where the values of one of our columns come from in a row.

use super::{Cell, Column, Fault, Row, scalars};

/// The places of one column, the preferred one first, and its constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'m> {
    pub(super) places: &'m [usize],
    pub(super) constant: Option<&'m str>,
}

/// The first filled source of a column, else its constant.
#[inline]
pub(super) fn cell<'a, 'm: 'a>(source: Source<'m>, row: &impl Row<'a>) -> Cell<'a> {
    for place in source.places {
        match row.cell(*place) {
            Cell::Blank => {}
            // Trimmed here once, so that every reader sees the bare value.
            Cell::Text(text) => match trimmed(text) {
                "" => {}
                bare => return Cell::Text(bare),
            },
            filled => return filled,
        }
    }
    source.constant.map_or(Cell::Blank, Cell::Text)
}

/// Text without the white space around it.
#[inline]
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        // Mostly there is none.
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        [only] if only.is_ascii_graphic() => text,
        _ if text.is_ascii() => text.trim_ascii(),
        _ => text.trim(),
    }
}

pub(super) fn needed<'a, 'm: 'a>(source: Source<'m>, row: &impl Row<'a>, column: Column) -> Result<Cell<'a>, Fault> {
    match cell(source, row) {
        Cell::Blank => Err(Fault { column: Some(column), reason: "blank" }),
        filled => Ok(filled),
    }
}

/// A column's text. Typed columns were made text by their reader;
/// whatever is not UTF-8 has been rejected before.
#[inline]
pub(super) fn text<'a, 'm: 'a>(source: Source<'m>, row: &impl Row<'a>) -> &'a str {
    match cell(source, row) {
        Cell::Text(text) => text,
        _ => "",
    }
}

#[inline]
pub(super) fn optional<'a, 'm: 'a, T>(
    source: Source<'m>,
    row: &impl Row<'a>,
    read: fn(Cell<'_>) -> Result<T, scalars::Expected>,
) -> Result<Option<T>, scalars::Expected> {
    match cell(source, row) {
        Cell::Blank => Ok(None),
        filled => read(filled).map(Some),
    }
}
