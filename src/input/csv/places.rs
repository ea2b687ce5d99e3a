//! Where the fields of a line lie, found all at once.

use std::ops::Range;

/// Where the fields of a line begin, if these are not too many. The table has room for every
/// number of a byte, so that nothing need be compared to look one up.
#[derive(Debug)]
pub(super) struct Places([usize; 257]);

impl Places {
    /// How many fields a line may have: behind their places is room for those that are
    /// written without need, and for a last column, which has nothing in it.
    pub(super) const MOST: usize = 240;

    /// How many starts are ever written.
    const WRITTEN: usize = Self::MOST + 9;

    pub(super) const NONE: Self = {
        let mut starts = [0; 257];
        starts[256] = 1;
        Self(starts)
    };

    /// Where a field lies; of the column that no line has, an empty place.
    #[inline]
    pub(super) fn of(&self, column: usize) -> Range<usize> {
        let next = self.0.get((column & 255) + 1).copied().unwrap_or_default();
        self.start(column)..next.wrapping_sub(1)
    }

    /// Where the fields from one to before another lie.
    #[inline]
    pub(super) fn between(&self, first: usize, behind: usize) -> Range<usize> {
        self.start(first)..self.start(behind).wrapping_sub(1)
    }

    #[inline]
    fn start(&self, column: usize) -> usize {
        self.0.get(column & 255).copied().unwrap_or_default()
    }

    /// Where fields begin, and one behind the last would, in a line of so many.
    pub(super) fn starts(&self, width: usize) -> &[usize] {
        self.0.get(..=width).unwrap_or_default()
    }

    /// Notes the fields behind the delimiters of a mask, before which there are `delimiters`,
    /// and whose first bit stands for the byte at `base`: eight at a time, whether or not
    /// there are so many, which takes no decision that could be foreseen wrongly.
    #[inline]
    pub(super) fn put(&mut self, delimiters: usize, base: usize, mut mask: u64) {
        let (starts, _) = self.0.split_at_mut(Self::WRITTEN);
        let mut first = delimiters + 1;
        while let Some(eight) = starts.get_mut(first..first + 8) {
            for start in eight {
                *start = base + mask.trailing_zeros() as usize + 1;
                mask &= mask.wrapping_sub(1);
            }
            if mask == 0 {
                return;
            }
            first += 8;
        }
    }

    /// Notes where a line with so many delimiters ends.
    #[inline]
    pub(super) fn end(&mut self, delimiters: usize, length: usize) {
        let (starts, _) = self.0.split_at_mut(Self::WRITTEN);
        if let Some(behind) = starts.get_mut(delimiters + 1) {
            *behind = length + 1;
        }
    }
}
