//! Columns of few distinct texts, numbered as they come.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use super::bits;
use super::pages::Column;
use crate::short::same;

/// Distinct texts beyond which a dictionary helps nobody.
const MOST_WORDS: usize = 1 << 16;
/// Distinct texts from which on it is asked whether they repeat at all.
const FIRST_LOOK: usize = 1 << 10;
/// A page of texts that has so many bytes takes no more of them.
const FULL_PAGE: usize = 1 << 20;

/// A column of texts: a dictionary for as long as they repeat.
#[derive(Default)]
pub(super) struct Words {
    keys: Vec<u32>,
    known: Vocabulary,
    last: u32,
    /// The texts of every row, once they have ceased to repeat.
    plain: Texts,
    is_plain: bool,
}

impl Words {
    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.known.clear();
        self.last = 0;
        self.plain.clear();
        self.is_plain = false;
    }

    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) {
        if self.is_plain {
            self.plain.push(text);
        } else if self.known.is(self.last, text) {
            self.keys.push(self.last);
        } else {
            self.push_other(text);
        }
    }

    fn push_other(&mut self, text: &[u8]) {
        let count = self.known.len();
        self.last = self.known.place_of(text);
        self.keys.push(self.last);
        let is_new = self.known.len() > count;
        if is_new && (count >= MOST_WORDS || (count >= FIRST_LOOK && self.keys.len() < 2 * count)) {
            for key in &self.keys {
                self.plain.push(self.known.get(*key).unwrap_or_default());
            }
            self.is_plain = true;
        }
    }

    /// The column: a dictionary, or plain text.
    pub(super) fn column(&self) -> Column<'_> {
        if self.is_plain { Column::Texts(&self.plain) } else { Column::Words(&self.keys, &self.known) }
    }
}

/// Distinct texts, as a dictionary's page has them: each behind its length.
#[derive(Default)]
pub(super) struct Vocabulary {
    plain: Vec<u8>,
    ends: Vec<usize>,
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
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end);
        self.plain.get(start + LENGTH..end)
    }

    /// Whether a text is the one at a place.
    #[inline]
    fn is(&self, place: u32, text: &[u8]) -> bool {
        self.get(place).is_some_and(|known| same(known, text))
    }

    /// The place of a text, which is added if it is new.
    pub(super) fn place_of(&mut self, text: &[u8]) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(text);
        let hash = hasher.finish();
        self.table.find(hash, |place| self.is(place, text)).unwrap_or_else(|free| {
            // A longer text would not fit any page.
            self.plain.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
            self.plain.extend_from_slice(text);
            self.ends.push(self.plain.len());
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
    pub(super) fn clear(&mut self) {
        self.slots.fill(0);
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
    pub(super) fn fill(&mut self, free: usize, hash: u64) -> u32 {
        self.hashes.push(hash);
        // A group does not have four billion rows.
        let count = u32::try_from(self.hashes.len()).unwrap_or(u32::MAX);
        if 2 * self.hashes.len() <= self.slots.len() {
            self.put(free, hash, count);
        } else {
            self.slots = vec![0; (4 * self.hashes.len()).next_power_of_two().max(64)];
            for place in 0..count {
                let hash = self.hashes.get(place as usize).copied().unwrap_or_default();
                if let Err(free) = self.find(hash, |_| false) {
                    self.put(free, hash, place + 1);
                }
            }
        }
        count - 1
    }

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

/// A column of texts, one behind the other.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    lengths: Vec<i64>,
    /// The pages that are full.
    full: Vec<End>,
    /// Where the last page begins.
    begin: End,
}

/// How many bytes and rows there are up to a place.
#[derive(Clone, Copy, Default)]
struct End {
    bytes: usize,
    rows: usize,
}

/// What goes into one page.
pub(super) struct TextPage<'t> {
    bytes: &'t [u8],
    lengths: &'t [i64],
}

impl Texts {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.lengths.clear();
        self.full.clear();
        self.begin = End::default();
    }

    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        // No vector is longer than a signed number counts.
        self.lengths.push(text.len().cast_signed() as i64);
        if self.bytes.len() - self.begin.bytes >= FULL_PAGE {
            self.begin = self.end();
            self.full.push(self.begin);
        }
    }

    fn end(&self) -> End {
        End { bytes: self.bytes.len(), rows: self.lengths.len() }
    }

    pub(super) fn pages(&self) -> impl Iterator<Item = TextPage<'_>> {
        let last = Some(self.end()).filter(|end| end.rows > self.begin.rows);
        let mut begin = End::default();
        self.full.iter().copied().chain(last).map(move |end| {
            let bytes = self.bytes.get(begin.bytes..end.bytes).unwrap_or_default();
            let lengths = self.lengths.get(begin.rows..end.rows).unwrap_or_default();
            begin = end;
            TextPage { bytes, lengths }
        })
    }
}

impl TextPage<'_> {
    pub(super) fn rows(&self) -> usize {
        self.lengths.len()
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        bits::differences(self.lengths, out);
        out.extend_from_slice(self.bytes);
    }
}
