//! Levels and places in a dictionary: runs of one number, and numbers packed
//! between them.

use polars_parquet::parquet::encoding::hybrid_rle::{HybridRleChunk, HybridRleDecoder};

use super::flat::Rows;
use super::thrift::Walk;

/// The place of a value that is missing.
pub(super) const GAP: u32 = u32::MAX;

/// All numbers are unpacked where one of so many is wanted.
const OFTEN: usize = 8;

/// Of each value of a page whether it is there; `Some(None)` where all are.
#[allow(clippy::option_option)]
pub(super) fn gaps(levels: &[u8], values: usize) -> Option<Option<Vec<u32>>> {
    let decoder = HybridRleDecoder::new(levels, 1, values);
    if let Ok(Some(HybridRleChunk::Rle(1, count))) = decoder.clone().next_chunk()
        && count == values
    {
        return Some(None);
    }
    let levels = decoder.collect().ok().filter(|levels| levels.len() == values)?;
    Some(levels.contains(&0).then_some(levels))
}

/// The wanted values of a page.
pub(super) struct Pick {
    /// Their places among those that are there; all, where it is `None`.
    places: Option<Vec<u32>>,
    present: usize,
}

impl Pick {
    /// Those of `rows`, the page's own beginning with `first`.
    pub(super) fn new(rows: Rows<'_>, first: usize, values: usize, levels: Option<&[u32]>) -> Self {
        let within = |row: &u32| (*row as usize).saturating_sub(first);
        // A page has no more values than fit.
        let narrow = |place: usize| u32::try_from(place).unwrap_or(GAP);
        let Some(levels) = levels else {
            let places = match rows {
                Rows::All => None,
                Rows::These(rows) => Some(rows.iter().map(|row| narrow(within(row))).collect()),
            };
            return Self { places, present: values };
        };
        let mut seen = 0;
        let place = |is_there: bool, seen: u32| if is_there { seen } else { GAP };
        let places = match rows {
            Rows::All => levels
                .iter()
                .map(|level| {
                    let here = place(*level == 1, seen);
                    seen += level;
                    here
                })
                .collect(),
            Rows::These(rows) => {
                let mut up_to = 0;
                rows.iter()
                    .map(|row| {
                        let row = within(row);
                        seen += levels.get(up_to..row).unwrap_or_default().iter().sum::<u32>();
                        up_to = row;
                        place(levels.get(row) == Some(&1), seen)
                    })
                    .collect()
            }
        };
        Self { places: Some(places), present: levels.iter().map(|level| *level as usize).sum() }
    }

    /// How many values the page has that are there.
    pub(super) fn present(&self) -> usize {
        self.present
    }

    /// Whether every value of the page is wanted, and there.
    pub(super) fn is_all(&self) -> bool {
        self.places.is_none()
    }

    /// Shows the place of each wanted value.
    pub(super) fn each(&self, mut show: impl FnMut(u32) -> Option<()>) -> Option<()> {
        match &self.places {
            Some(places) => places.iter().try_for_each(|place| show(*place)),
            None => (0..u32::try_from(self.present).ok()?).try_for_each(show),
        }
    }

    /// Appends the wanted places in a dictionary of `count` things; `None` if one
    /// lies outside.
    pub(super) fn keys(&self, values: &[u8], count: usize, keys: &mut Vec<u32>) -> Option<()> {
        let (width, packed) = values.split_first()?;
        let width = Some(u32::from(*width)).filter(|width| *width <= u32::BITS)?;
        let start = keys.len();
        match &self.places {
            Some(places) if OFTEN * places.len() < self.present => sparse(packed, width as usize, places, keys)?,
            places => {
                let all = HybridRleDecoder::new(packed, width, self.present).collect().ok()?;
                (all.len() == self.present).then_some(())?;
                match places {
                    Some(places) => {
                        keys.extend(places.iter().map(|place| all.get(*place as usize).copied().unwrap_or(GAP)));
                    }
                    None if start == 0 => *keys = all,
                    None => keys.extend_from_slice(&all),
                }
            }
        }
        // Counted from 1 a gap is 0.
        let most = keys.get(start..)?.iter().fold(0, |most: u32, key| most.max(key.wrapping_add(1)));
        (most as usize <= count).then_some(())
    }
}

/// Unpacks the numbers at places that ascend, and no others.
fn sparse(packed: &[u8], width: usize, places: &[u32], out: &mut Vec<u32>) -> Option<()> {
    let mut walk = Walk::new(packed);
    // The run that was begun: where, how long, its number or its packed ones.
    let (mut start, mut length, mut same, mut bytes) = (0, 0, None, [].as_slice());
    if width == 0 {
        out.extend(places.iter().map(|place| if *place == GAP { GAP } else { 0 }));
        return Some(());
    }
    for place in places {
        if *place == GAP {
            out.push(GAP);
            continue;
        }
        let place = *place as usize;
        while place >= start + length {
            start += length;
            let head = usize::try_from(walk.varint()?).ok()?;
            length = head >> 1;
            if head & 1 == 0 {
                let number = walk.bytes(width.div_ceil(8))?.iter().rev();
                same = Some(number.fold(0, |number, byte| number << 8 | u32::from(*byte)));
            } else {
                same = None;
                // The last may be cut short.
                bytes = walk.bytes(length.checked_mul(width)?.min(walk.rest().len()))?;
                length = length.checked_mul(8)?;
            }
        }
        out.push(match same {
            Some(number) => number,
            None => unpacked(bytes, (place - start) * width, width)?,
        });
    }
    Some(())
}

/// The number of so many bits that begins at a bit.
fn unpacked(packed: &[u8], bit: usize, width: usize) -> Option<u32> {
    let bytes = packed.get(bit / 8..)?;
    let word = if let Some(word) = bytes.first_chunk() {
        u64::from_le_bytes(*word)
    } else {
        (8 * bytes.len() >= bit % 8 + width).then_some(())?;
        bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
    };
    u32::try_from(word >> (bit % 8) & ((1 << width) - 1)).ok()
}

#[cfg(test)]
mod tests {
    use polars_parquet::parquet::encoding::hybrid_rle::encode;

    use super::*;

    #[test]
    fn few_numbers_are_those_of_all() {
        for width in [1, 2, 7, 8, 13, 20, 31, 32] {
            let number = |at: u32| at.wrapping_mul(0x9e37_79b9) >> (32 - width);
            // Runs between packed numbers.
            let all: Vec<u32> =
                (0..3_000).map(|at| if at / 40 % 3 == 0 { number(at / 40) } else { number(at) }).collect();
            let mut packed = Vec::new();
            encode::<u32, _, _>(&mut packed, all.iter().copied(), width).unwrap();
            for step in [1, 3, 17, 100, 2_999] {
                let mut places: Vec<u32> = (0..3_000).step_by(step).collect();
                places.insert(places.len() / 2, GAP);
                let mut read = Vec::new();
                sparse(&packed, width as usize, &places, &mut read).unwrap();
                let expected: Vec<u32> =
                    places.iter().map(|place| all.get(*place as usize).copied().unwrap_or(GAP)).collect();
                assert!(read == expected, "{step} of {width}");
            }
            // Cut short, some are not there.
            packed.truncate(packed.len() / 2);
            assert_eq!(sparse(&packed, width as usize, &[0, 2_999], &mut Vec::new()), None);
        }
        let mut read = Vec::new();
        sparse(&[], 0, &[0, GAP, 7], &mut read).unwrap();
        assert_eq!(read, [0, GAP, 0]);
    }

    #[test]
    fn wanted_values_are_found_between_gaps() {
        let levels = [1, 0, 1, 1, 0, 0, 1];
        let places = |rows, levels| {
            let mut places = Vec::new();
            let pick = Pick::new(rows, 10, 7, levels);
            pick.each(|place| {
                places.push(place);
                Some(())
            });
            (places, pick.present())
        };
        assert_eq!(places(Rows::All, Some(&levels)), (vec![0, GAP, 1, 2, GAP, GAP, 3], 4));
        assert_eq!(places(Rows::These(&[11, 12, 16]), Some(&levels)), (vec![GAP, 1, 3], 4));
        assert_eq!(places(Rows::These(&[11, 12, 16]), None), (vec![1, 2, 6], 7));
        assert_eq!(places(Rows::All, None), (vec![0, 1, 2, 3, 4, 5, 6], 7));
    }

    #[test]
    fn places_beyond_the_dictionary_are_refused() {
        let mut packed = vec![3];
        encode::<u32, _, _>(&mut packed, (0..100).map(|at| at % 8), 3).unwrap();
        let rows: Vec<u32> = (0..100).collect();
        for rows in [Rows::All, Rows::These(&rows), Rows::These(&rows[7..8])] {
            let pick = Pick::new(rows, 0, 100, None);
            assert_eq!(pick.keys(&packed, 7, &mut Vec::new()), None);
            assert_eq!(pick.keys(&packed, 8, &mut Vec::new()), Some(()));
        }
    }
}
