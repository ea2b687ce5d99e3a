//! Rows put together from texts that are copied in whole registers.

use super::{WideText, copy};
use crate::digits;

/// A short text with room behind it, so that it can be copied in whole registers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Padded {
    /// Pairs of registers; what counts of them lies before `length`.
    bytes: Vec<u8>,
    length: usize,
}

/// As many bytes as a register holds.
const REGISTER: usize = 32;
/// As many as are copied at once of texts that are mostly longer than that.
const PAIR: usize = 2 * REGISTER;

impl Padded {
    /// How long it is.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Forgets the text.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.length = 0;
    }

    /// Adds a text.
    #[inline]
    pub(crate) fn add(&mut self, text: &[u8]) {
        let start = self.length;
        let end = start + text.len();
        if end > self.bytes.len() {
            self.grow(end);
        }
        copy(self.bytes.get_mut(start..end).unwrap_or_default(), text);
        self.length = end;
    }

    /// Makes room for so many bytes.
    #[cold]
    fn grow(&mut self, least: usize) {
        self.bytes.resize(least.max(PAIR).next_power_of_two(), 0);
    }
}

impl From<&[u8]> for Padded {
    fn from(text: &[u8]) -> Self {
        let mut padded = Self::default();
        padded.add(text);
        padded
    }
}

/// The room for one row, filled from its beginning on. Each text is copied in whole
/// registers and the next one written over what was too much, so the room is longer than
/// the row.
#[derive(Debug, Default)]
pub(crate) struct Row<'b> {
    rest: &'b mut [u8],
}

impl<'b> Row<'b> {
    /// What a row takes in bytes beyond its texts and numbers.
    pub(crate) const BEYOND: usize = 2 * PAIR;

    /// An empty row in this room.
    #[inline]
    pub(super) fn new(room: &'b mut [u8]) -> Self {
        Self { rest: room }
    }

    /// How much room is left.
    #[inline]
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Adds a text that is mostly no longer than a register.
    #[inline]
    pub(crate) fn add(&mut self, text: &Padded) {
        let length = text.length;
        if length > REGISTER {
            *self = std::mem::take(self).with(text.bytes.get(..length).unwrap_or_default());
        } else if let Some(bytes) = text.bytes.first_chunk::<REGISTER>() {
            self.add_array(bytes, length);
        }
    }

    /// Adds a text that is mostly short.
    #[inline]
    pub(crate) fn add_wide(&mut self, text: WideText<'_>) {
        if let Some(bytes) = text.chunk() {
            self.add_array(bytes, text.len());
        } else {
            *self = std::mem::take(self).with(text.as_bytes());
        }
    }

    /// The row with another text of any kind. It is handed over and given back, since one whose
    /// place is told to a function that is called is no longer kept in registers.
    #[inline(never)]
    pub(crate) fn with(mut self, text: &[u8]) -> Self {
        self.add_slice(text);
        self
    }

    /// Adds bytes of which only the first ones count.
    #[inline]
    pub(crate) fn add_array<const N: usize>(&mut self, bytes: &[u8; N], length: usize) {
        self.fill(|to: &mut [u8; N]| {
            *to = *bytes;
            length
        });
    }

    /// Has so many bytes written, of which only the first ones count: how many of them is
    /// said afterwards.
    #[inline]
    pub(crate) fn fill<const N: usize>(&mut self, write: impl FnOnce(&mut [u8; N]) -> usize) {
        let rest = std::mem::take(&mut self.rest);
        if let Some(to) = rest.first_chunk_mut() {
            let length = write(to).min(N);
            self.rest = rest.get_mut(length..).unwrap_or_default();
        }
    }

    /// Adds a text of any kind.
    #[inline]
    pub(crate) fn add_slice(&mut self, text: &[u8]) {
        if let Some((to, rest)) = std::mem::take(&mut self.rest).split_at_mut_checked(text.len()) {
            copy(to, text);
            self.rest = rest;
        }
    }

    /// Adds a number below [`digits::LIMIT`] and the byte that ends it.
    #[inline]
    pub(crate) fn add_small(&mut self, number: u32, end: u8) {
        let (text, length) = digits::digits(number);
        self.fill(|to: &mut [u8; 16]| {
            put(to, 0, text);
            put(to, length, [end]);
            length + 1
        });
    }

    /// Adds a number of hundredths below [`digits::LIMIT`], with its point, and the byte
    /// that ends it.
    #[inline]
    pub(crate) fn add_hundredths(&mut self, number: u32, end: u8) {
        self.add_dollars(digits::hundredths(number), end);
    }

    /// Adds two such numbers, with that byte behind each.
    #[inline]
    pub(crate) fn add_both_hundredths(&mut self, numbers: [u32; 2], end: u8) {
        let [first, second] = digits::both_hundredths(numbers);
        self.add_dollars(first, end);
        self.add_dollars(second, end);
    }

    #[inline]
    fn add_dollars(&mut self, (whole, length, [tens, ones]): ([u8; 8], usize, [u8; 2]), end: u8) {
        self.fill(|to: &mut [u8; 16]| {
            put(to, 0, whole);
            put(to, length, [b'.', tens, ones, end]);
            length + 4
        });
    }
}

/// Writes bytes at a place.
#[inline]
pub(crate) fn put<const N: usize, const M: usize>(to: &mut [u8; N], at: usize, bytes: [u8; M]) {
    if let Some(to) = to.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *to = bytes;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::TextBuffer;
    use super::*;

    #[test]
    fn a_row_is_its_texts_and_numbers() {
        let mut texts = TextBuffer::default();
        let mut all = Vec::new();
        for length in [0, 1, 7, 31, 32, 33, 64, 65, 100, 5_000] {
            let text: Vec<u8> = (0..length).map(|at| b'a' + u8::try_from(at % 26).unwrap()).collect();
            let mut padded = Padded::default();
            for (first, last) in [(0, length / 3), (length / 3, length)] {
                padded.add(&text[first..last]);
            }
            assert_eq!(padded.len(), length);
            texts.add_row(6 * length + 70, |row| {
                row.add(&padded);
                row.add_small(u32::try_from(length).unwrap(), b',');
                let cents = u32::try_from(length % 100).unwrap();
                row.add_hundredths(99_999_900 + cents, b';');
                row.add_both_hundredths([cents, 1_234_500 + cents], b';');
                row.add_wide(WideText::first(&[&text[..], &[b'-'; 60]].concat(), length).unwrap().0);
                row.add_wide(WideText::from(&text));
                row.add_slice(&text);
                row.add_array(b"1,23", 2);
            });
            all.extend_from_slice(&text);
            write!(all, "{length},").unwrap();
            write!(all, "999999.{0:02};0.{0:02};12345.{0:02};", length % 100).unwrap();
            all.extend_from_slice(&[&text[..], &text, &text].concat());
            all.extend_from_slice(b"1,");
            assert_eq!(texts.as_bytes(), all, "{length}");
        }
    }
}
