//! Short texts, compared, copied and put together.
//!
//! Codes, ids and numbers have a few bytes each, and there are twenty of them in
//! a row. Looked at as numbers that overlap in the middle, they take less than
//! the call of a function made for long ones.

mod row;
mod wide_text;

pub(crate) use row::{Padded, Row, put};
pub use wide_text::WideText;

/// Letters and digits as codes are compared, in capitals; 0 for any other byte.
const CAPITAL: [u8; 256] = {
    let mut capitals = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            capitals[byte as usize] = byte.to_ascii_uppercase();
        }
        byte += 1;
    }
    capitals
};

/// A letter or digit in capitals; 0 for any other byte.
#[inline]
pub(crate) fn capital(byte: u8) -> u8 {
    CAPITAL.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether two texts are the same.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk() && a.last_chunk::<N>() == b.last_chunk()
    }
    a.len() == b.len()
        && match a.len() {
            0..4 => a.iter().eq(b),
            4..8 => ends::<4>(a, b),
            8..16 => ends::<8>(a, b),
            16..=32 => ends::<16>(a, b),
            33..=64 => ends::<32>(a, b),
            _ => a == b,
        }
}

/// Copies a text to where there is as much room as it is long; nothing where
/// there is not.
#[inline]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    fn ends<const N: usize>(to: &mut [u8], from: &[u8]) {
        if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk()) {
            *to = *from;
        }
        if let (Some(to), Some(from)) = (to.last_chunk_mut::<N>(), from.last_chunk()) {
            *to = *from;
        }
    }
    if to.len() != from.len() {
        return;
    }
    match from.len() {
        0..4 => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
        4..8 => ends::<4>(to, from),
        8..16 => ends::<8>(to, from),
        16..=32 => ends::<16>(to, from),
        _ => to.copy_from_slice(from),
    }
}

/// Texts put one behind the other, in memory that stays when they are gone.
#[derive(Clone, Debug, Default)]
pub struct TextBuffer {
    /// Its length only grows; what counts of it lies before `filled`.
    bytes: Vec<u8>,
    filled: usize,
}

impl TextBuffer {
    /// The texts.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    /// How long they are together.
    pub(crate) fn len(&self) -> usize {
        self.filled
    }

    /// Forgets them.
    pub(crate) fn clear(&mut self) {
        self.filled = 0;
    }

    /// Adds a text.
    #[inline]
    pub(crate) fn add(&mut self, text: &[u8]) {
        copy(self.room(text.len()), text);
    }

    /// Adds a row whose texts and numbers take at most `most` bytes, by having it
    /// written.
    #[inline]
    pub(crate) fn add_row(&mut self, most: usize, write: impl FnOnce(&mut Row<'_>)) {
        let needed = self.filled + most + Row::BEYOND;
        if needed > self.bytes.len() {
            self.grow(needed);
        }
        let room = self.bytes.len() - self.filled;
        let mut row = Row::new(self.bytes.get_mut(self.filled..).unwrap_or_default());
        write(&mut row);
        self.filled += room - row.left();
    }

    /// So many bytes behind what is filled, which are to be filled now.
    #[inline]
    fn room(&mut self, length: usize) -> &mut [u8] {
        let start = self.filled;
        let end = start + length;
        if end > self.bytes.len() {
            self.grow(end);
        }
        self.filled = end;
        self.bytes.get_mut(start..end).unwrap_or_default()
    }

    #[cold]
    fn grow(&mut self, least: usize) {
        self.bytes.resize(least.next_power_of_two().max(1 << 12), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_compared_and_copied() {
        let text: Vec<u8> = (0..80).collect();
        for length in 0..text.len() {
            let text = &text[..length];
            let mut other = vec![0; length];
            copy(&mut other, text);
            assert_eq!(other, text);
            assert!(same(&other, text));
            for at in 0..length {
                other[at] ^= 128;
                assert!(!same(&other, text), "{at} of {length}");
                other[at] ^= 128;
            }
            assert!(!same(&other, &[]) || length == 0);
        }
    }

    #[test]
    fn texts_stand_one_behind_the_other() {
        let mut texts = TextBuffer::default();
        for _ in 0..2 {
            let mut all = Vec::new();
            for length in [3, 500, 20, 5000, 7, 0, 512, 1] {
                let text = vec![u8::try_from(length % 251).unwrap(); length];
                texts.add(&text);
                all.extend_from_slice(&text);
            }
            assert_eq!((texts.as_bytes(), texts.len()), (&all[..], all.len()));
            texts.clear();
        }
    }
}
