//! A chunk of a CSV input, and its memory.

use std::ops::Deref;

use crate::digest::Part;

/// A stretch of a CSV input: whole records, each byte of them once.
///
/// Made from the buffer of an earlier one, so that a run does not ask the system
/// for memory again and again.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Its length only grows; what counts of it lies before `filled`.
    bytes: Vec<u8>,
    pub(super) filled: usize,
    /// Where the last whole record ends.
    pub(super) end: usize,
    /// The bytes that were read for this chunk, where its reader is to digest
    /// them: from here to `filled`, in parts of `part_bytes`.
    read_from: usize,
    pub(super) part_bytes: usize,
    /// Where in the input the first of those parts begins.
    pub(super) offset: u64,
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.end).unwrap_or_default()
    }
}

impl Chunk {
    /// Digests what was read for this chunk, where that was left to whoever
    /// reads it.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        if self.part_bytes == 0 {
            return Vec::new();
        }
        let read = self.bytes.get(self.read_from..self.filled).unwrap_or_default();
        let offsets = (0_u64..).map(|place| self.offset + place * self.part_bytes as u64);
        read.chunks(self.part_bytes).zip(offsets).filter_map(|(part, offset)| Part::new(part, offset)).collect()
    }

    /// How much memory it holds, whatever is in it.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.bytes.capacity()
    }

    /// Empties the chunk but for its memory, and puts `carried` at its start.
    pub(super) fn restart(&mut self, carried: &[u8]) {
        self.filled = 0;
        self.end = 0;
        self.room(carried.len()).copy_from_slice(carried);
        self.filled = carried.len();
        self.read_from = self.filled;
    }

    pub(super) fn filled(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    /// So many bytes behind what is filled.
    pub(super) fn room(&mut self, length: usize) -> &mut [u8] {
        let end = self.filled + length;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes.get_mut(self.filled..end).unwrap_or_default()
    }
}
