//! The rows of a chunk as whoever reads their values sees them.

use std::ops::Range;

use crate::input::source::trimmed;
use crate::input::{Cell, Parts, Row};

/// A record as the places of its fields in its text, where that is UTF-8.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextRow<'a, 's> {
    pub(super) line: &'a str,
    /// Where each field begins, and where one behind the last would.
    pub(super) starts: &'s [usize],
    /// Whether no field has white space around it.
    pub(super) is_bare: bool,
    /// What may not be as it was in the line that was read last, if that is known.
    pub(super) changed: Option<Parts>,
}

impl<'a> Row<'a> for TextRow<'a, '_> {
    #[inline]
    fn cell(&self, column: usize) -> Cell<'a> {
        // A field ends beside a delimiter, so it is text as its line is.
        place(self.starts, column).and_then(|place| self.line.get(place)).map_or(Cell::Blank, Cell::Text)
    }

    #[inline]
    fn bare(&self, column: usize) -> Cell<'a> {
        Cell::of_text(self.text(column))
    }

    #[inline]
    fn text(&self, column: usize) -> &'a str {
        let text = place(self.starts, column).and_then(|place| self.line.get(place)).unwrap_or_default();
        if self.is_bare { text } else { trimmed(text) }
    }

    #[inline]
    fn changed(&self) -> Option<Parts> {
        self.changed
    }

    #[inline]
    fn is_text(&self) -> bool {
        true
    }
}

/// A record whose text is not UTF-8, as the places of its fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct BytesRow<'a, 's> {
    pub(super) line: &'a [u8],
    pub(super) starts: &'s [usize],
}

impl<'a> Row<'a> for BytesRow<'a, '_> {
    fn cell(&self, column: usize) -> Cell<'a> {
        field(place(self.starts, column).and_then(|place| self.line.get(place)))
    }
}

/// Where a field lies.
#[inline]
fn place(starts: &[usize], column: usize) -> Option<Range<usize>> {
    let [start, next] = starts.get(column..).and_then(<[usize]>::first_chunk)?;
    Some(*start..next.saturating_sub(1))
}

/// A chunk as text, if it is: looked at as a whole when the first row in scope
/// comes, which takes less than looking at its rows.
pub(super) struct ChunkText<'a> {
    chunk: &'a [u8],
    text: Known<'a>,
}

#[derive(Clone, Copy)]
enum Known<'a> {
    NotYet,
    Text(&'a str),
    NotText,
}

impl<'a> ChunkText<'a> {
    pub(super) fn of(chunk: &'a [u8]) -> Self {
        Self { chunk, text: Known::NotYet }
    }

    /// A line as text, if it is.
    #[inline]
    pub(super) fn line(&mut self, start: usize, length: usize) -> Option<&'a str> {
        let chunk = self.chunk;
        if matches!(self.text, Known::NotYet) {
            self.text = simdutf8::basic::from_utf8(chunk).map_or(Known::NotText, Known::Text);
        }
        match self.text {
            Known::Text(text) => text.get(start..start + length),
            _ => str::from_utf8(chunk.get(start..start + length)?).ok(),
        }
    }
}

/// A field that may be anything.
pub(super) fn field(bytes: Option<&[u8]>) -> Cell<'_> {
    match bytes {
        Some([]) | None => Cell::Blank,
        Some(bytes) => str::from_utf8(bytes).map_or(Cell::Bytes(bytes), Cell::Text),
    }
}
