//! One line without quotes, looked at 64 bytes at a time.
//!
//! Each byte is compared once, with the delimiter and with the line end; what is
//! equal becomes a bit of a mask, and counting and finding fields is done on the
//! masks.

use std::ops::Range;

use wide::{i8x32, u8x32};

use super::places::Places;

/// How many bytes one mask tells of.
const BLOCK: usize = 64;

/// The highest byte that is odd: white space, a quote, or between the two.
const LAST_ODD: u8 = b'"';

/// Looks at lines; keeps its memory from line to line.
#[derive(Debug)]
pub(super) struct LineScanner {
    delimiter: u8,
    /// As often as bytes are compared at once.
    delimiters: u8x32,
    /// Where delimiters are: a bit for each byte, block by block. Its length only grows;
    /// what counts are the first `blocks`.
    masks: Vec<u64>,
    blocks: usize,
    places: Places,
    /// Where fields begin, of a line with more fields than places are kept for.
    starts: Vec<usize>,
}

/// A line as it was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FoundLine {
    /// Its length, without the line end.
    pub(super) length: usize,
    /// How many delimiters it has.
    pub(super) delimiters: u32,
    /// How many bytes, delimiters apart, are white space, quotes or outside ASCII. There may
    /// be others among them; in a line without any there is none of these.
    pub(super) odd: u32,
}

impl LineScanner {
    pub(super) fn new(delimiter: u8) -> Self {
        let delimiters = u8x32::splat(delimiter);
        Self { delimiter, delimiters, masks: Vec::new(), blocks: 0, places: Places::NONE, starts: Vec::new() }
    }

    /// Finds the line at the start of these bytes.
    #[inline]
    pub(super) fn find(&mut self, bytes: &[u8]) -> FoundLine {
        self.look::<false>(bytes)
    }

    /// Finds it, and the places of all its fields, but no fields one by one: for a line of
    /// which all are likely to be asked for. Of one with more fields than
    /// [`Places::MOST`], the places are worth nothing.
    #[inline]
    pub(super) fn find_with_places(&mut self, bytes: &[u8]) -> FoundLine {
        self.look::<true>(bytes)
    }

    /// Says where that line ends, of so many delimiters: maybe before a carriage return.
    #[inline]
    pub(super) fn end_places(&mut self, delimiters: usize, length: usize) {
        self.places.end(delimiters, length);
    }

    #[inline]
    fn look<const PLACES: bool>(&mut self, bytes: &[u8]) -> FoundLine {
        let (mut delimiters, mut odd, mut blocks) = (0, 0, 0);
        let mut rest = bytes;
        loop {
            let (masks, behind) = match rest.split_first_chunk() {
                Some((block, behind)) => (Masks::of(block, self.delimiters), behind),
                None => (Masks::of_few(rest, self.delimiter), &[][..]),
            };
            // All bits below the first line end; all of them where there is none.
            let before = !masks.line_ends & masks.line_ends.wrapping_sub(1);
            let found = masks.delimiters & before;
            if PLACES {
                self.places.put(delimiters as usize, blocks * BLOCK, found);
            } else if let Some(mask) = self.masks.get_mut(blocks) {
                *mask = found;
            } else {
                self.masks.push(found);
            }
            delimiters += found.count_ones();
            odd += (masks.odd & before & !found).count_ones();
            if masks.line_ends != 0 || behind.is_empty() {
                self.blocks = blocks + 1;
                let length = blocks * BLOCK + masks.line_ends.trailing_zeros() as usize;
                return FoundLine { length: length.min(bytes.len()), delimiters, odd };
            }
            rest = behind;
            blocks += 1;
        }
    }

    /// The masks of the line that was found last.
    #[inline]
    fn masks(&self) -> &[u64] {
        self.masks.get(..self.blocks).unwrap_or_default()
    }

    /// Where a field of the line that was found last lies, which is so long.
    #[inline]
    pub(super) fn field(&self, place: usize, length: usize) -> Range<usize> {
        let mut masks = self.masks().iter().enumerate();
        let mut start = 0;
        // The delimiters of the block at hand that lie behind the field's start.
        let mut rest = (0, 0);
        if let Some(mut skip) = place.checked_sub(1) {
            start = length;
            for (block, mask) in masks.by_ref() {
                let count = mask.count_ones() as usize;
                if skip >= count {
                    skip -= count;
                    continue;
                }
                let mut mask = *mask;
                for _ in 0..skip {
                    mask &= mask.wrapping_sub(1);
                }
                start = block * BLOCK + mask.trailing_zeros() as usize + 1;
                rest = (block, mask & mask.wrapping_sub(1));
                break;
            }
        }
        if rest.1 == 0 {
            rest = masks.find(|(_, mask)| **mask != 0).map_or(rest, |(block, mask)| (block, *mask));
        }
        let end = if rest.1 == 0 { length } else { rest.0 * BLOCK + rest.1.trailing_zeros() as usize };
        start.min(length)..end
    }

    /// Finds the places of all fields of the line that was found last, without them, and is
    /// so long. It has at most [`Places::MOST`].
    #[inline]
    pub(super) fn find_places(&mut self, length: usize) {
        let mut delimiters = 0;
        for (block, mask) in self.masks.iter().take(self.blocks).enumerate() {
            self.places.put(delimiters, block * BLOCK, *mask);
            delimiters += mask.count_ones() as usize;
        }
        self.places.end(delimiters, length);
    }

    /// Where the fields of the line are whose places were found last.
    #[inline]
    pub(super) const fn places(&self) -> &Places {
        &self.places
    }

    /// Where each field of the line that was found last begins, and where one
    /// behind the last would.
    pub(super) fn starts(&mut self, length: usize) -> &[usize] {
        self.starts.clear();
        self.starts.push(0);
        for (block, mask) in self.masks.iter().take(self.blocks).enumerate() {
            let mut mask = *mask;
            while mask != 0 {
                self.starts.push(block * BLOCK + mask.trailing_zeros() as usize + 1);
                mask &= mask - 1;
            }
        }
        self.starts.push(length + 1);
        &self.starts
    }
}

/// What the bytes of a block are: a bit for each.
struct Masks {
    delimiters: u64,
    line_ends: u64,
    /// White space, quotes, and what lies between or outside ASCII.
    odd: u64,
}

impl Masks {
    #[inline]
    fn of(block: &[u8; BLOCK], delimiter: u8x32) -> Self {
        let line_end = u8x32::splat(b'\n');
        // Bytes outside ASCII are below zero.
        let last_odd = i8x32::splat(LAST_ODD.cast_signed());
        let (mut delimiters, mut line_ends, mut plain) = (0, 0, 0);
        let (halves, _) = block.as_chunks::<32>();
        for (place, half) in halves.iter().enumerate() {
            let bytes = u8x32::new(*half);
            delimiters |= u64::from(bytes.simd_eq(delimiter).to_bitmask()) << (32 * place);
            line_ends |= u64::from(bytes.simd_eq(line_end).to_bitmask()) << (32 * place);
            let signed = i8x32::new(half.map(u8::cast_signed));
            plain |= u64::from(signed.simd_gt(last_odd).to_bitmask()) << (32 * place);
        }
        Self { delimiters, line_ends, odd: !plain }
    }

    /// The same for the last bytes of a chunk, fewer than a block.
    #[cold]
    fn of_few(bytes: &[u8], delimiter: u8) -> Self {
        let mask = |is: &dyn Fn(u8) -> bool| bytes.iter().rev().fold(0, |mask, byte| mask << 1 | u64::from(is(*byte)));
        Self {
            delimiters: mask(&|byte| byte == delimiter),
            line_ends: mask(&|byte| byte == b'\n'),
            odd: mask(&|byte| byte.cast_signed() <= LAST_ODD.cast_signed()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn as_found_byte_by_byte(text in "[a,]{0,90}[ a,\"!#é]{0,2}\r?\n?[a,]{0,100}\n?[a,\n]{0,20}") {
            let mut scanner = LineScanner::new(b',');
            let line = text.split('\n').next().unwrap();
            let found = scanner.find(text.as_bytes());
            proptest::prop_assert_eq!(found.length, line.len());
            proptest::prop_assert_eq!(found.delimiters as usize, line.matches(',').count());
            let odd = line.bytes().filter(|byte| !byte.is_ascii() || *byte <= b'"');
            proptest::prop_assert_eq!(found.odd as usize, odd.count());
            let mut start = 0;
            let is_narrow = line.split(',').count() <= Places::MOST;
            if is_narrow {
                scanner.find_places(found.length);
                let mut other = LineScanner::new(b',');
                proptest::prop_assert_eq!(other.find_with_places(text.as_bytes()), found);
                other.end_places(found.delimiters as usize, found.length);
                let width = line.split(',').count();
                proptest::prop_assert_eq!(other.places().starts(width), scanner.places().starts(width));
            }
            for (place, field) in line.split(',').enumerate() {
                let range = start..start + field.len();
                if is_narrow {
                    proptest::prop_assert_eq!(scanner.places().of(place), range.clone());
                }
                proptest::prop_assert_eq!(scanner.field(place, found.length), range);
                start += field.len() + 1;
            }
            proptest::prop_assert_eq!(scanner.places().of(usize::MAX), 0..0);
            let starts = line.match_indices(',').map(|(at, _)| at + 1);
            let starts: Vec<usize> = [0].into_iter().chain(starts).chain([line.len() + 1]).collect();
            proptest::prop_assert_eq!(scanner.starts(found.length), starts);
        }

        #[test]
        fn places_of_as_many_fields_as_are_kept(fields in proptest::collection::vec("[a]{0,3}", 1..=300)) {
            let line = fields.join(",");
            let mut scanner = LineScanner::new(b',');
            let found = scanner.find_with_places(line.as_bytes());
            scanner.end_places(found.delimiters as usize, found.length);
            proptest::prop_assert_eq!(found.delimiters as usize, fields.len() - 1);
            for (place, field) in fields.iter().enumerate().filter(|_| fields.len() <= Places::MOST) {
                proptest::prop_assert_eq!(line.get(scanner.places().of(place)), Some(field.as_str()));
            }
            proptest::prop_assert_eq!(scanner.places().of(usize::MAX), 0..0);
        }
    }
}
