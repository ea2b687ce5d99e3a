//! The rows of a chunk as whoever reads their values sees them.

use super::places::Places;
use crate::input::source::{is_bare, trimmed};
use crate::input::{Cell, Parts, Row};

/// A record as the places of its fields in its text, where that is UTF-8.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextRow<'a, 's> {
    pub(super) line: &'a str,
    pub(super) places: &'s Places,
    /// Whether no field has white space around it.
    pub(super) is_bare: bool,
    /// What may not be as it was in the line that was read last, if that is known.
    pub(super) changed: Option<Parts>,
}

impl<'a> Row<'a> for TextRow<'a, '_> {
    #[inline]
    fn cell(&self, column: usize) -> Cell<'a> {
        // A field ends beside a delimiter, so it is text as its line is.
        self.line.get(self.places.of(column)).map_or(Cell::Blank, Cell::Text)
    }

    #[inline]
    fn bare(&self, column: usize) -> Cell<'a> {
        Cell::of_text(self.text(column))
    }

    #[inline]
    fn text(&self, column: usize) -> &'a str {
        let text = self.line.get(self.places.of(column)).unwrap_or_default();
        if self.is_bare { text } else { trimmed(text) }
    }

    #[inline]
    fn bare_bytes(&self, column: usize) -> Option<&'a [u8]> {
        let bytes = self.line.as_bytes().get(self.places.of(column))?;
        (self.is_bare || is_bare(bytes)).then_some(bytes)
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

/// A record whose text is not UTF-8, or of very many fields, as where these begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct BytesRow<'a, 's> {
    pub(super) line: &'a [u8],
    /// And where one behind the last would.
    pub(super) starts: &'s [usize],
    pub(super) is_text: bool,
}

impl<'a> Row<'a> for BytesRow<'a, '_> {
    fn cell(&self, column: usize) -> Cell<'a> {
        let ends = self.starts.get(column..).and_then(<[usize]>::first_chunk);
        field(ends.and_then(|[start, next]| self.line.get(*start..next.saturating_sub(1))))
    }

    fn is_text(&self) -> bool {
        self.is_text
    }
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
