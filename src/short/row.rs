//! Rows put together from texts that are copied in whole registers.

use super::{copy, same};
use crate::digits;

/// A short text with room behind it, so that it can be copied in whole registers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Padded {
    /// Whole registers; what counts of them lies before `length`.
    registers: Vec<[u8; REGISTER]>,
    length: usize,
}

/// As many bytes as are copied at once.
const REGISTER: usize = 32;

impl Padded {
    /// How long it is.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The text.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.registers.as_flattened().get(..self.length).unwrap_or_default()
    }

    /// Whether it is this text.
    #[inline]
    pub(crate) fn is(&self, text: &[u8]) -> bool {
        same(self.as_bytes(), text)
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
        if end > REGISTER * self.registers.len() {
            self.grow(end);
        }
        copy(self.registers.as_flattened_mut().get_mut(start..end).unwrap_or_default(), text);
        self.length = end;
    }

    /// Makes room for so many bytes.
    #[cold]
    fn grow(&mut self, least: usize) {
        self.registers.resize(least.div_ceil(REGISTER).next_power_of_two(), [0; REGISTER]);
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
/// registers and the next one written over what was too much, so the room is a register
/// longer than the row.
#[derive(Debug)]
pub(crate) struct Row<'b> {
    rest: &'b mut [u8],
}

impl<'b> Row<'b> {
    /// What a row takes in bytes beyond its texts and numbers.
    pub(crate) const BEYOND: usize = 2 * REGISTER;

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

    /// Adds a text.
    #[inline]
    pub(crate) fn add(&mut self, text: &Padded) {
        self.add_first(text, text.length);
    }

    /// Adds a text's first bytes.
    #[inline]
    pub(crate) fn add_first(&mut self, text: &Padded, length: usize) {
        if let (Some(to), Some(register)) = (self.rest.first_chunk_mut(), text.registers.first()) {
            *to = *register;
        }
        if length > REGISTER {
            self.add_more(text, length);
        }
        self.pass(length);
    }

    /// Adds what of a text does not go into one register.
    #[inline]
    fn add_more(&mut self, text: &Padded, length: usize) {
        let room = self.rest.get_mut(REGISTER..).unwrap_or_default();
        let registers = text.registers.get(1..length.div_ceil(REGISTER)).unwrap_or_default();
        for (to, register) in room.as_chunks_mut().0.iter_mut().zip(registers) {
            *to = *register;
        }
    }

    /// Adds bytes of which only the first ones count.
    #[inline]
    pub(crate) fn add_array<const N: usize>(&mut self, bytes: &[u8; N], length: usize) {
        if let Some(to) = self.rest.first_chunk_mut() {
            *to = *bytes;
        }
        self.pass(length);
    }

    /// Adds a text of any kind.
    #[inline]
    pub(crate) fn add_slice(&mut self, text: &[u8]) {
        copy(self.rest.get_mut(..text.len()).unwrap_or_default(), text);
        self.pass(text.len());
    }

    /// Adds a number below [`digits::LIMIT`] and the byte that ends it.
    #[inline]
    pub(crate) fn add_small(&mut self, number: u32, end: u8) {
        let (text, length) = digits::digits(number);
        self.add_array(&text, length);
        self.add_array(&[end], 1);
    }

    /// Adds a number of hundredths below [`digits::LIMIT`], with its point, and the byte
    /// that ends it.
    #[inline]
    pub(crate) fn add_hundredths(&mut self, number: u32, end: u8) {
        let (whole, rest) = (number / 100, number % 100);
        let (text, length) = digits::digits(whole);
        self.add_array(&text, length);
        #[allow(clippy::cast_possible_truncation)] // Each is a digit.
        let [tens, ones] = [rest / 10, rest % 10].map(|digit| b'0' + digit as u8);
        self.add_array(&[b'.', tens, ones, end], 4);
    }

    #[inline]
    fn pass(&mut self, length: usize) {
        let rest = std::mem::take(&mut self.rest);
        self.rest = rest.get_mut(length..).unwrap_or_default();
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
            assert!(padded.is(&text) && padded.len() == length && !padded.is(b"?"));
            texts.add_row(3 * length + 40, |row| {
                row.add(&padded);
                row.add_small(u32::try_from(length).unwrap(), b',');
                row.add_first(&padded, length / 2);
                row.add_hundredths(99_999_900 + u32::try_from(length % 100).unwrap(), b';');
                row.add_slice(&text);
                row.add_array(b"1,23", 2);
            });
            all.extend_from_slice(&text);
            write!(all, "{length},").unwrap();
            all.extend_from_slice(&text[..length / 2]);
            write!(all, "999999.{:02};", length % 100).unwrap();
            all.extend_from_slice(&text);
            all.extend_from_slice(b"1,");
            assert_eq!(texts.as_bytes(), all, "{length}");
        }
    }
}
