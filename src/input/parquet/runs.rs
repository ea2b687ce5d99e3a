//! Levels and places in a dictionary: runs of one number, and numbers packed
//! between them, read from the first to the last in as many pieces as one likes.

use super::thrift::Walk;

/// The place of a value that is missing.
pub(super) const GAP: u32 = u32::MAX;

/// Numbers packed by the bits that they need, and how far they have been read. They are
/// told with each call, and must be the same each time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs {
    width: usize,
    /// Where the next run's head is.
    next: usize,
    run: Run,
    /// How many numbers of the run at hand are left.
    left: usize,
}

#[derive(Clone, Copy, Debug)]
enum Run {
    /// One number over and over.
    Same(u32),
    /// Numbers one behind the other, the next of them beginning with this bit.
    Packed(usize),
}

impl Runs {
    /// Numbers of so many bits, none of them read. `None` where no number has as many.
    pub(super) fn new(width: usize) -> Option<Self> {
        // What has no bits has no bytes: nothing but zeros, without end.
        let left = if width == 0 { usize::MAX } else { 0 };
        (width <= u32::BITS as usize).then_some(Self { width, next: 0, run: Run::Same(0), left })
    }

    /// Appends the next numbers. `None` where there are not as many.
    pub(super) fn read(&mut self, bytes: &[u8], count: usize, out: &mut Vec<u32>) -> Option<()> {
        let width = self.width;
        self.pass(bytes, count, |run, bytes, count| match run {
            Run::Same(number) => {
                out.resize(out.len() + count, number);
                Some(())
            }
            Run::Packed(bit) => unpack(bytes, bit, width, count, out),
        })
    }

    /// The number behind so many.
    #[inline]
    pub(super) fn nth(&mut self, bytes: &[u8], before: usize) -> Option<u32> {
        self.skip(bytes, before)?;
        while self.left == 0 {
            self.begin(bytes)?;
        }
        self.left -= 1;
        match &mut self.run {
            Run::Same(number) => Some(*number),
            Run::Packed(bit) => {
                let at = *bit;
                *bit += self.width;
                one_of(bytes, at, self.width)
            }
        }
    }

    /// Passes over the next numbers.
    #[inline]
    pub(super) fn skip(&mut self, bytes: &[u8], mut count: usize) -> Option<()> {
        while count > self.left {
            count -= self.left;
            self.begin(bytes)?;
        }
        self.left -= count;
        if let Run::Packed(bit) = &mut self.run {
            *bit += count * self.width;
        }
        Some(())
    }

    /// Passes over the next numbers, of one bit each, and says how many of them are 1.
    pub(super) fn ones(&mut self, bytes: &[u8], count: usize) -> Option<usize> {
        let mut ones = 0;
        self.pass(bytes, count, |run, bytes, count| {
            ones += match run {
                Run::Same(number) => count * usize::from(number == 1),
                Run::Packed(bit) => ones_of(bytes, bit, count)?,
            };
            Some(())
        })?;
        Some(ones)
    }

    /// Shows the next numbers run by run.
    fn pass(
        &mut self,
        bytes: &[u8],
        mut count: usize,
        mut show: impl FnMut(Run, &[u8], usize) -> Option<()>,
    ) -> Option<()> {
        while count > 0 {
            if self.left == 0 {
                self.begin(bytes)?;
                continue;
            }
            let here = count.min(self.left);
            show(self.run, bytes, here)?;
            if let Run::Packed(bit) = &mut self.run {
                *bit += here * self.width;
            }
            self.left -= here;
            count -= here;
        }
        Some(())
    }

    /// Reads the head of the next run.
    fn begin(&mut self, bytes: &[u8]) -> Option<()> {
        let behind = bytes.get(self.next..)?;
        let (head, rest) = behind.split_first()?;
        // Most runs are short: there are more of those.
        let (head, rest) = if *head < 0x80 {
            (usize::from(*head), rest)
        } else {
            let mut walk = Walk::new(behind);
            (usize::try_from(walk.varint()?).ok()?, walk.rest())
        };
        let first = bytes.len() - rest.len();
        if head & 1 == 0 {
            let size = self.width.div_ceil(8);
            let number = rest.get(..size)?.iter().rev();
            let number = number.fold(0, |number, byte| number << 8 | u32::from(*byte));
            (u64::from(number) >> self.width == 0).then_some(())?;
            self.run = Run::Same(number);
            self.left = head >> 1;
            self.next = first + size;
        } else {
            self.run = Run::Packed(first.checked_mul(8)?);
            self.left = (head >> 1).checked_mul(8)?;
            self.left.checked_mul(self.width)?.checked_add(first.checked_mul(8)?)?;
            // The last may be cut short.
            self.next = first + (head >> 1).checked_mul(self.width)?.min(rest.len());
        }
        Some(())
    }
}

/// So many are unpacked in one step: they begin where a byte does.
const AT_ONCE: usize = 8;

/// Appends numbers of so many bits, the first of which begins at a bit.
fn unpack(bytes: &[u8], mut bit: usize, width: usize, mut count: usize, out: &mut Vec<u32>) -> Option<()> {
    out.reserve(count);
    while !bit.is_multiple_of(8) && count > 0 {
        out.push(one_of(bytes, bit, width)?);
        bit += width;
        count -= 1;
    }
    let mut rest = bytes.get(bit / 8..)?;
    let mask = (1_u64 << width) - 1;
    // Of the low half of a word: the mask leaves no more of it.
    let number = |word: u64, at: usize| u32::try_from(word >> (at * width) & mask).unwrap_or_default();
    while count >= AT_ONCE
        && width <= 16
        && let Some(word) = rest.first_chunk()
    {
        let word = u128::from_le_bytes(*word);
        let [low, high] =
            [word, word >> (4 * width)].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
        out.extend_from_slice(&[
            number(low, 0),
            number(low, 1),
            number(low, 2),
            number(low, 3),
            number(high, 0),
            number(high, 1),
            number(high, 2),
            number(high, 3),
        ]);
        rest = rest.get(width..)?;
        count -= AT_ONCE;
    }
    for at in 0..count {
        out.push(one_of(rest, at * width, width)?);
    }
    Some(())
}

/// The number of so many bits that begins at a bit.
fn one_of(packed: &[u8], bit: usize, width: usize) -> Option<u32> {
    let bytes = packed.get(bit / 8..)?;
    let word = if let Some(word) = bytes.first_chunk() {
        u64::from_le_bytes(*word)
    } else {
        (8 * bytes.len() >= bit % 8 + width).then_some(())?;
        bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
    };
    u32::try_from(word >> (bit % 8) & ((1 << width) - 1)).ok()
}

/// How many of so many bits are 1.
fn ones_of(bytes: &[u8], bit: usize, count: usize) -> Option<usize> {
    let end = bit.checked_add(count)?;
    let touched = bytes.get(bit / 8..end.div_ceil(8))?;
    let ones = |bytes: &[u8]| bytes.iter().map(|byte| byte.count_ones() as usize).sum::<usize>();
    let (words, rest) = touched.as_chunks();
    let all: usize = words.iter().map(|word| u64::from_le_bytes(*word).count_ones() as usize).sum();
    // What was counted of the first byte and of the last that lies outside.
    let before = touched.first().map_or(0, |byte| byte & ((1 << (bit % 8)) - 1));
    let behind = match end % 8 {
        0 => 0,
        within => touched.last().map_or(0, |byte| byte >> within),
    };
    (all + ones(rest)).checked_sub(ones(&[before, behind]))
}

#[cfg(test)]
mod tests {
    use polars_parquet::parquet::encoding::hybrid_rle::encode;

    use super::*;

    const MANY: usize = 3_000;

    /// Runs between packed numbers, as they are and packed.
    fn runs(width: usize) -> (Vec<u32>, Vec<u8>) {
        let number = |at: u32| at.wrapping_mul(0x9e37_79b9) >> (32 - width);
        let all: Vec<u32> = (0..3_000).map(|at| if at / 40 % 3 == 0 { number(at / 40) } else { number(at) }).collect();
        let mut packed = Vec::new();
        encode::<u32, _, _>(&mut packed, all.iter().copied(), u32::try_from(width).unwrap()).unwrap();
        (all, packed)
    }

    #[test]
    fn numbers_are_the_same_in_pieces_of_any_length() {
        for width in 1..=32 {
            let (all, packed) = runs(width);
            for piece in [1, 3, 8, 17, 100, 1_024, MANY] {
                let (mut reading, mut read) = (Runs::new(width).unwrap(), Vec::new());
                while read.len() < MANY {
                    reading.read(&packed, piece.min(MANY - read.len()), &mut read).unwrap();
                }
                assert!(read == all, "{piece} of {width}");
                let mut reading = Runs::new(width).unwrap();
                for expected in all.iter().skip(piece / 2).step_by(piece) {
                    assert_eq!(reading.nth(&packed, piece / 2), Some(*expected), "{piece} of {width}");
                    let _ = reading.skip(&packed, piece - piece / 2 - 1);
                }
            }
        }
        let mut reading = Runs::new(0).unwrap();
        assert_eq!((reading.skip(&[], MANY), reading.nth(&[], 7)), (Some(()), Some(0)));
        assert!(Runs::new(33).is_none());
    }

    #[test]
    fn ones_are_counted() {
        let (all, packed) = runs(1);
        for piece in [1, 3, 8, 63, 64, 65, 100, MANY] {
            let mut reading = Runs::new(1).unwrap();
            for here in all.chunks(piece) {
                assert_eq!(reading.ones(&packed, here.len()), Some(here.iter().sum::<u32>() as usize), "{piece}");
            }
        }
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        for width in [1, 2, 7, 8, 13, 20, 31, 32] {
            let (_, mut packed) = runs(width);
            packed.truncate(packed.len() / 2);
            let reading = || Runs::new(width).unwrap();
            assert_eq!(reading().read(&packed, MANY, &mut Vec::new()), None);
            let mut last = reading();
            assert!(last.nth(&packed, MANY - 1).is_none());
        }
        assert_eq!(Runs::new(1).unwrap().ones(&[3], 8), None);
        assert_eq!(Runs::new(1).unwrap().ones(&[0xff; 12], 8), None);
    }
}
