//! Distinct things, numbered as they come.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use crate::short::same;

/// Distinct texts, as a dictionary's page has them: each behind its length.
#[derive(Default)]
pub(super) struct Vocabulary {
    plain: Vec<u8>,
    /// Where each ends. Beyond four gigabytes no page is written.
    ends: Vec<u32>,
    table: Table,
}

/// The bytes of a length.
const LENGTH: usize = 4;

impl Vocabulary {
    pub(super) fn clear(&mut self) {
        self.plain.clear();
        self.ends.clear();
        self.table.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn plain(&self) -> &[u8] {
        &self.plain
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..).map_while(|place| self.get(place))
    }

    #[inline]
    fn get(&self, place: u32) -> Option<&[u8]> {
        let place = place as usize;
        let end = *self.ends.get(place)? as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        self.plain.get(start + LENGTH..end)
    }

    /// The place of a text, which is added if it is new.
    #[inline]
    pub(super) fn place_of(&mut self, text: &[u8]) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(text);
        let hash = hasher.finish();
        let found = self.table.find(hash, |place| self.get(place).is_some_and(|known| same(known, text)));
        found.unwrap_or_else(|free| {
            // A longer text would not fit any page.
            self.plain.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            self.plain.extend_from_slice(text);
            self.ends.push(u32::try_from(self.plain.len()).unwrap_or(u32::MAX));
            self.table.fill(free, hash)
        })
    }
}

/// Where things stand that are numbered as they come: their hashes, and a slot
/// for each in a table that is at most half full. The things themselves are kept
/// by their owner.
#[derive(Default)]
pub(super) struct Table {
    /// In each the upper half of a hash and, in the lower one, the place behind that of the
    /// thing; 0 where there is none. A thing of another hash is told without a look elsewhere.
    slots: Vec<u64>,
    hashes: Vec<u64>,
}

/// The half of a hash that a slot holds.
const UPPER: u64 = u64::MAX << u32::BITS;

impl Table {
    /// Forgets all. What comes next may be few again, and a small table stays near.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.hashes.clear();
    }

    /// The place of the thing of this hash that `is` it, or a free slot.
    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = start(hash) & mask;
        while let Some(found) = self.slots.get(slot).filter(|found| **found != 0) {
            if (found ^ hash) & UPPER == 0 {
                #[allow(clippy::cast_possible_truncation)] // The lower half.
                let place = (*found as u32).wrapping_sub(1);
                if is(place) {
                    return Ok(place);
                }
            }
            slot = (slot + 1) & mask;
        }
        Err(slot)
    }

    /// Gives the next place to a new thing, for which `find` gave a free slot.
    #[inline]
    pub(super) fn fill(&mut self, free: usize, hash: u64) -> u32 {
        self.hashes.push(hash);
        // A group does not have four billion rows.
        let count = u32::try_from(self.hashes.len()).unwrap_or(u32::MAX);
        if 2 * self.hashes.len() <= self.slots.len() {
            self.put(free, hash, count);
        } else {
            self.grow(count);
        }
        count - 1
    }

    #[cold]
    fn grow(&mut self, count: u32) {
        self.slots.clear();
        self.slots.resize((2 * self.hashes.len()).next_power_of_two().max(64), 0);
        for place in 0..count {
            let hash = self.hashes.get(place as usize).copied().unwrap_or_default();
            if let Err(free) = self.find(hash, |_| false) {
                self.put(free, hash, place + 1);
            }
        }
    }

    #[inline]
    fn put(&mut self, slot: usize, hash: u64, count: u32) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = hash & UPPER | u64::from(count);
        }
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation)]
fn start(hash: u64) -> usize {
    hash as usize
}
