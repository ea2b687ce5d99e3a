//! Columns of few distinct values, numbered as they come.

use std::hash::Hasher as _;
use std::io;
use std::num::NonZeroU32;

use polars_arrow::array::{Array, BinaryArray, DictionaryArray, PrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, IntegerType};
use polars_arrow::offset::OffsetsBuffer;
use rustc_hash::FxHasher;

/// Distinct texts beyond which a dictionary helps nobody.
const MOST_WORDS: usize = 1 << 16;
/// Distinct texts from which on it is asked whether they repeat at all.
const FIRST_LOOK: usize = 1 << 10;

/// A column of few numbers.
#[derive(Default)]
pub(super) struct Codes {
    keys: Vec<u32>,
    values: Vec<i64>,
    table: Table,
    last: Option<(i64, u32)>,
}

impl Codes {
    #[inline]
    pub(super) fn push(&mut self, value: i64) {
        let place = match self.last {
            Some((last, place)) if last == value => place,
            _ => self.place_of(value),
        };
        self.keys.push(place);
    }

    fn place_of(&mut self, value: i64) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write_i64(value);
        let hash = hasher.finish();
        let found = self.table.find(hash, |place| self.values.get(place as usize) == Some(&value));
        let place = found.unwrap_or_else(|free| {
            self.values.push(value);
            self.table.fill(free, hash)
        });
        self.last = Some((value, place));
        place
    }

    pub(super) fn into_array(self) -> io::Result<Box<dyn Array>> {
        dictionary(self.keys, PrimitiveArray::from_vec(self.values).boxed())
    }
}

/// A column of texts: a dictionary for as long as they repeat.
#[derive(Default)]
pub(super) struct Words {
    keys: Vec<u32>,
    known: Vocabulary,
    last: u32,
    plain: Option<Texts>,
}

impl Words {
    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) {
        if let Some(plain) = &mut self.plain {
            plain.push(text);
        } else if self.known.is(self.last, text) {
            self.keys.push(self.last);
        } else {
            self.push_other(text);
        }
    }

    fn push_other(&mut self, text: &[u8]) {
        let count = self.known.texts.len();
        self.last = self.known.place_of(text);
        self.keys.push(self.last);
        let is_new = self.known.texts.len() > count;
        if is_new && (count >= MOST_WORDS || (count >= FIRST_LOOK && self.keys.len() < 2 * count)) {
            let mut plain = Texts::default();
            for key in &self.keys {
                plain.push(self.known.texts.get(*key).unwrap_or_default());
            }
            self.plain = Some(plain);
        }
    }

    /// The column: a dictionary, or plain text.
    pub(super) fn into_array(self) -> io::Result<Box<dyn Array>> {
        match self.plain {
            Some(plain) => plain.into_array(),
            None => dictionary(self.keys, self.known.into_array()?),
        }
    }
}

/// Distinct texts.
#[derive(Default)]
pub(super) struct Vocabulary {
    texts: Texts,
    table: Table,
}

impl Vocabulary {
    /// Whether a text is the one at a place.
    #[inline]
    pub(super) fn is(&self, place: u32, text: &[u8]) -> bool {
        self.texts.get(place).is_some_and(|known| same(known, text))
    }

    /// The place of a text, which is added if it is new.
    pub(super) fn place_of(&mut self, text: &[u8]) -> u32 {
        let mut hasher = FxHasher::default();
        hasher.write(text);
        let hash = hasher.finish();
        self.table.find(hash, |place| self.is(place, text)).unwrap_or_else(|free| {
            self.texts.push(text);
            self.table.fill(free, hash)
        })
    }

    pub(super) fn into_array(self) -> io::Result<Box<dyn Array>> {
        self.texts.into_array()
    }
}

/// Where things stand that are numbered as they come: their hashes, and a slot
/// for each in a table that is at most half full. The things themselves are kept
/// by their owner.
#[derive(Default)]
pub(super) struct Table {
    slots: Vec<Option<NonZeroU32>>,
    hashes: Vec<u64>,
}

impl Table {
    /// The place of the thing of this hash that `is` it, or a free slot.
    #[inline]
    pub(super) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = start(hash) & mask;
        while let Some(Some(found)) = self.slots.get(slot) {
            let place = found.get() - 1;
            if self.hashes.get(place as usize) == Some(&hash) && is(place) {
                return Ok(place);
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
            self.put(free, count);
        } else {
            self.slots = vec![None; (4 * self.hashes.len()).next_power_of_two().max(64)];
            for place in 0..count {
                let hash = self.hashes.get(place as usize).copied().unwrap_or_default();
                if let Err(free) = self.find(hash, |_| false) {
                    self.put(free, place + 1);
                }
            }
        }
        count - 1
    }

    fn put(&mut self, slot: usize, count: u32) {
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = NonZeroU32::new(count);
        }
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation)]
fn start(hash: u64) -> usize {
    hash as usize
}

/// Whether two texts are the same. Most are short, and their ends, looked at as
/// numbers, are sooner compared than a function called.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk() && a.last_chunk::<N>() == b.last_chunk()
    }
    a.len() == b.len()
        && match a.len() {
            0..4 => a.iter().eq(b),
            4..8 => ends::<4>(a, b),
            8..16 => ends::<8>(a, b),
            16..=32 => ends::<16>(a, b),
            _ => a == b,
        }
}

/// A column of texts, one behind the other.
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where each begins, and where the last ends.
    bounds: Vec<i64>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { bytes: Vec::new(), bounds: vec![0] }
    }
}

impl Texts {
    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.end();
    }

    #[inline]
    fn end(&mut self) {
        // No vector is longer than a signed number counts.
        self.bounds.push(self.bytes.len().cast_signed() as i64);
    }

    fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    #[inline]
    fn get(&self, place: u32) -> Option<&[u8]> {
        let bounds = self.bounds.get(place as usize..)?.first_chunk::<2>()?;
        let [start, end] = bounds.map(|bound| usize::try_from(bound).unwrap_or_default());
        self.bytes.get(start..end)
    }

    pub(super) fn into_array(self) -> io::Result<Box<dyn Array>> {
        let bounds = OffsetsBuffer::try_from(self.bounds).map_err(io::Error::other)?;
        let array = BinaryArray::<i64>::try_new(ArrowDataType::LargeBinary, bounds, self.bytes.into(), None);
        Ok(array.map_err(io::Error::other)?.boxed())
    }
}

/// A column of things by their places.
pub(super) fn dictionary(keys: Vec<u32>, values: Box<dyn Array>) -> io::Result<Box<dyn Array>> {
    let dtype = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(values.dtype().clone()), false);
    let array = DictionaryArray::<u32>::try_new(dtype, PrimitiveArray::from_vec(keys), values);
    Ok(array.map_err(io::Error::other)?.boxed())
}
