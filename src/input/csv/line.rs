//! One line without quotes, looked at 32 bytes at a time.
//!
//! Each byte is compared once, with the delimiter and with the line end; what is
//! equal becomes a bit of a mask, and counting and finding fields is done on the
//! masks.

use wide::{i8x32, u8x32};

/// How many bytes one mask tells of.
const BLOCK: usize = 64;

/// Looks at lines; keeps its memory from line to line.
#[derive(Debug)]
pub(super) struct LineScanner {
    delimiter: u8,
    /// Where the line's delimiters are: a bit for each byte, block by block.
    delimiters: Vec<u64>,
    /// Where fields begin, once asked for.
    starts: Vec<usize>,
}

/// A line as it was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FoundLine {
    /// Its length, without the line end.
    pub(super) length: usize,
    /// How many delimiters it has.
    pub(super) delimiters: usize,
    /// Whether there is no white space in it, nor anything outside ASCII.
    pub(super) bare: bool,
}

impl LineScanner {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, delimiters: Vec::new(), starts: Vec::new() }
    }

    /// Finds the line at the start of these bytes.
    #[inline]
    pub(super) fn find(&mut self, bytes: &[u8]) -> FoundLine {
        self.delimiters.clear();
        let (mut length, mut delimiters, mut odd) = (0, 0, 0);
        let mut rest = bytes;
        loop {
            let size = rest.len().min(BLOCK);
            let (found, line_ends, odd_here) = if let Some((block, behind)) = rest.split_first_chunk::<BLOCK>() {
                rest = behind;
                masks(block, self.delimiter)
            } else {
                masks_of_few(std::mem::take(&mut rest), self.delimiter)
            };
            // All bits below the first line end; all of them where there is none.
            let before = (line_ends & line_ends.wrapping_neg()).wrapping_sub(1);
            let found = found & before;
            delimiters += found.count_ones() as usize;
            self.delimiters.push(found);
            odd |= odd_here & before & !found;
            if line_ends != 0 {
                length += line_ends.trailing_zeros() as usize;
                return FoundLine { length, delimiters, bare: odd == 0 };
            }
            length += size;
            if rest.is_empty() {
                return FoundLine { length, delimiters, bare: odd == 0 };
            }
        }
    }

    /// Where a field of the line that was found last lies, which is so long.
    #[inline]
    pub(super) fn field(&self, place: usize, length: usize) -> (usize, usize) {
        let mut masks = self.delimiters.iter().enumerate();
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
        (start.min(length), end)
    }

    /// Where each field of the line that was found last begins, and where one
    /// behind the last would.
    #[inline]
    pub(super) fn starts(&mut self, length: usize) -> &[usize] {
        self.starts.clear();
        self.starts.push(0);
        for (block, mask) in self.delimiters.iter().enumerate() {
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

/// Which bytes are delimiters, which are line ends, and which are white space or
/// outside ASCII.
#[inline]
fn masks(block: &[u8; BLOCK], delimiter: u8) -> (u64, u64, u64) {
    let delimiter = u8x32::splat(delimiter);
    let line_end = u8x32::splat(b'\n');
    // Bytes outside ASCII are below zero.
    let last_blank = i8x32::splat(b' '.cast_signed());
    let (mut delimiters, mut line_ends, mut graphic) = (0, 0, 0);
    let (halves, _) = block.as_chunks::<32>();
    for (place, half) in halves.iter().enumerate() {
        let bytes = u8x32::new(*half);
        delimiters |= u64::from(bytes.simd_eq(delimiter).to_bitmask()) << (32 * place);
        line_ends |= u64::from(bytes.simd_eq(line_end).to_bitmask()) << (32 * place);
        let signed = i8x32::new(half.map(u8::cast_signed));
        graphic |= u64::from(signed.simd_gt(last_blank).to_bitmask()) << (32 * place);
    }
    (delimiters, line_ends, !graphic)
}

/// The same for the last bytes of a chunk, fewer than a block.
fn masks_of_few(bytes: &[u8], delimiter: u8) -> (u64, u64, u64) {
    let mask = |is: &dyn Fn(u8) -> bool| bytes.iter().rev().fold(0, |mask, byte| mask << 1 | u64::from(is(*byte)));
    (
        mask(&|byte| byte == delimiter),
        mask(&|byte| byte == b'\n'),
        mask(&|byte| byte.cast_signed() <= b' '.cast_signed()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn as_found_byte_by_byte(text in "[a,]{0,90}[ a,é]{0,2}\n?[a,]{0,100}\n?[a,\n]{0,20}") {
            let mut scanner = LineScanner::new(b',');
            let line = text.split('\n').next().unwrap();
            let found = scanner.find(text.as_bytes());
            proptest::prop_assert_eq!(found.length, line.len());
            proptest::prop_assert_eq!(found.delimiters, line.matches(',').count());
            proptest::prop_assert_eq!(found.bare, line.chars().all(|c| c.is_ascii_graphic()));
            let mut start = 0;
            for (place, field) in line.split(',').enumerate() {
                proptest::prop_assert_eq!(scanner.field(place, found.length), (start, start + field.len()));
                start += field.len() + 1;
            }
            let starts = line.match_indices(',').map(|(at, _)| at + 1);
            let starts: Vec<usize> = [0].into_iter().chain(starts).chain([line.len() + 1]).collect();
            proptest::prop_assert_eq!(scanner.starts(found.length), starts);
        }
    }
}
