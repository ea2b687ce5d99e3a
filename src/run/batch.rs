//! The decided lines of one batch, where they wait, and what they are read back into.

use crate::engine::{EditNote, LineState, PackedStates, UnpackedStates};
use crate::report::Aligned;

/// The decided lines of one batch.
#[derive(Debug, Default)]
pub(super) struct HeldBatch {
    /// What line edits compare.
    pub(super) states: PackedStates,
    /// The same lines, held.
    pub(super) held: Vec<u8>,
    /// What line edits found, lines numbered from the batch's first.
    pub(super) notes: Vec<EditNote>,
    /// Its file, by its place among the inputs.
    pub(super) file: usize,
    /// How many rows of the file stand before it.
    pub(super) rows_before: u32,
}

/// A batch of the spool.
#[derive(Debug)]
pub(super) struct Batch {
    /// The number of its first line among those of the run.
    pub(super) first: u32,
    pub(super) lines: u32,
    pub(super) notes: Vec<EditNote>,
    pub(super) file: usize,
    pub(super) rows_before: u32,
    pub(super) states: Place<PackedStates>,
    pub(super) held: Place<Vec<u8>>,
}

impl Batch {
    /// What line edits found on a line, when the run's are numbered within it.
    pub(super) fn notes_of(&self, line: u32) -> &[EditNote] {
        let start = self.notes.partition_point(|note| note.line < line);
        let end = self.notes.partition_point(|note| note.line <= line);
        self.notes.get(start..end).unwrap_or_default()
    }

    /// Where it stands in the inputs.
    pub(super) fn place(&self) -> (usize, u32) {
        (self.file, self.rows_before)
    }
}

#[derive(Debug)]
pub(super) enum Place<T> {
    Memory(T),
    File { offset: u64, length: usize },
}

impl<T: Default> Place<T> {
    /// What is in memory, which is nowhere then.
    pub(super) fn take(&mut self) -> T {
        match std::mem::replace(self, Self::Memory(T::default())) {
            Self::Memory(all) => all,
            Self::File { .. } => T::default(),
        }
    }
}

/// The states of a batch one by one, wherever they wait.
pub(super) enum States<'s> {
    Packed(UnpackedStates<'s>),
    /// Those that these bytes hold.
    Stored(std::slice::Iter<'s, [u8; LineState::STORED]>),
}

impl<'s> States<'s> {
    pub(super) fn stored(bytes: &'s [u8]) -> Self {
        Self::Stored(bytes.as_chunks().0.iter())
    }

    /// Puts the next line where one is to be; `None` where there is none.
    #[inline]
    pub(super) fn put_next(&mut self, line: &mut LineState) -> Option<()> {
        match self {
            Self::Packed(states) => states.put_next(line),
            Self::Stored(states) => states.next().map(|bytes| *line = LineState::from_bytes(bytes)),
        }
    }
}

impl Default for States<'_> {
    fn default() -> Self {
        Self::stored(&[])
    }
}

impl Iterator for States<'_> {
    type Item = LineState;

    #[inline]
    fn next(&mut self) -> Option<LineState> {
        match self {
            Self::Packed(states) => states.next(),
            Self::Stored(states) => states.next().map(LineState::from_bytes),
        }
    }
}

/// Memory for a batch's lines, read back.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) states: Vec<u8>,
    pub(super) held: Aligned,
}
