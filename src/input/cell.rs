//! One value of a row, whatever the file's format.

use super::Parts;
use super::source::trimmed;
use crate::claim::{Day, Decimal};

/// A value as the file holds it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Cell<'a> {
    /// Nothing: blank text, a null, or no such column.
    Blank,
    /// Text.
    Text(&'a str),
    /// What should be text, and is not UTF-8.
    Bytes(&'a [u8]),
    /// A whole number of a typed column.
    Integer(i64),
    /// A number of a typed column.
    Number(Decimal),
    /// A number of a typed column that no amount can hold (NaN, or too large).
    Unreadable,
    /// A day of a typed column.
    Day(Day),
    /// A truth value of a typed column.
    Truth(bool),
}

impl<'a> Cell<'a> {
    /// Text, or nothing.
    #[inline]
    pub(super) fn of_text(text: &'a str) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }

    /// A column's text. Typed columns were made text by their reader; whatever is
    /// not UTF-8 has been rejected before.
    #[inline]
    pub(super) fn text(self) -> &'a str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}

/// A row whose values can be asked for by the place of their column in the file.
pub trait Row<'a> {
    /// The value of a column; blank where the row has none.
    fn cell(&self, column: usize) -> Cell<'a>;

    /// The same, of text without the white space around it: trimmed here once, so that every
    /// reader sees the bare value.
    #[inline]
    fn bare(&self, column: usize) -> Cell<'a> {
        match self.cell(column) {
            Cell::Text(text) => Cell::of_text(trimmed(text)),
            other => other,
        }
    }

    /// The same of a column of text; empty where it is blank.
    #[inline]
    fn text(&self, column: usize) -> &'a str {
        self.bare(column).text()
    }

    /// The bytes of a column of text, where it is known that no white space is around it;
    /// `None` says nothing.
    #[inline]
    fn bare_bytes(&self, _column: usize) -> Option<&'a [u8]> {
        None
    }

    /// What may not be as it was in the row that stands before it; `None` where that is
    /// not known of any such row.
    #[inline]
    fn changed(&self) -> Option<Parts> {
        None
    }

    /// Whether it is known that no value is [`Cell::Bytes`].
    fn is_text(&self) -> bool {
        false
    }
}
