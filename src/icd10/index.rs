//! Places in the table, alone and in a row.

use std::iter::FusedIterator;
use std::ops::Range;

/// The place of a code in its table. Codes are sorted bytewise, so places
/// compare as codes do.
///
/// It means something only to the table that gave it out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CodeIndex(u32);

impl CodeIndex {
    pub(super) const fn new(place: u32) -> Self {
        Self(place)
    }

    /// The place as a number, from 0, for tables that run beside this one.
    #[must_use]
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }
}

/// Neighbouring places, in order. Iterating it yields each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeRange(Range<u32>);

impl CodeRange {
    /// From one place up to, and without, another. Nothing where they are not in
    /// order. Tables are checked to be shorter than `u32::MAX`.
    pub(super) fn between(start: usize, end: usize) -> Self {
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Self(place(start)..place(end.max(start)))
    }

    /// From one place to another, both included.
    pub(super) const fn through(first: CodeIndex, last: CodeIndex) -> Self {
        Self(first.0..last.0.saturating_add(1))
    }

    /// Places as ranges, one for each run of neighbours.
    pub(crate) fn runs(codes: &[CodeIndex]) -> impl Iterator<Item = Self> {
        codes.chunk_by(|one, next| next.0 == one.0.saturating_add(1)).filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            Some(Self::through(*first, *last))
        })
    }

    /// Its first place.
    #[must_use]
    pub const fn first(&self) -> CodeIndex {
        CodeIndex(self.0.start)
    }

    /// The place behind its last: where the next range can begin.
    #[must_use]
    pub const fn behind(&self) -> CodeIndex {
        CodeIndex(self.0.end)
    }

    /// What of it lies before a place, and what from there on.
    #[must_use]
    pub fn split_at(&self, place: CodeIndex) -> (Self, Self) {
        let at = place.0.clamp(self.0.start, self.0.end);
        (Self(self.0.start..at), Self(at..self.0.end))
    }

    /// What follows its first places.
    pub(crate) fn skipping(&self, places: usize) -> Self {
        Self::between(self.0.start as usize + places, self.0.end as usize)
    }

    /// So many places from its first on.
    pub(crate) fn extended(&self, places: usize) -> Self {
        Self::between(self.0.start as usize, self.0.start as usize + places)
    }

    /// Whether a place lies in it.
    #[must_use]
    pub fn contains(&self, index: CodeIndex) -> bool {
        self.0.contains(&index.0)
    }
}

impl From<CodeIndex> for CodeRange {
    fn from(place: CodeIndex) -> Self {
        Self::through(place, place)
    }
}

impl Iterator for CodeRange {
    type Item = CodeIndex;

    fn next(&mut self) -> Option<CodeIndex> {
        self.0.next().map(CodeIndex)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for CodeRange {
    fn next_back(&mut self) -> Option<CodeIndex> {
        self.0.next_back().map(CodeIndex)
    }
}

impl ExactSizeIterator for CodeRange {}

impl FusedIterator for CodeRange {}
