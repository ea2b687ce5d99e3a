//! Numbers in as many bits as they need, and the two encodings made of them.

/// The numbers of a block of differences, and of the parts with a width each.
const BLOCK: usize = 128;
const PART: usize = 32;

/// How many bits a number takes.
pub(super) const fn width(most: u64) -> u32 {
    u64::BITS - most.leading_zeros()
}

/// Places in a dictionary, or levels, `of` each row: runs of one number, and between
/// them numbers packed by eights. None takes more bits than `width`.
///
/// Runs are looked for where eights begin: the few that are missed so are short.
#[inline]
pub(super) fn runs<T: Copy>(rows: &[T], of: impl Fn(T) -> u32, width: u32, out: &mut Vec<u8>) {
    let mut rest = rows;
    let mut eights = Eights::default();
    while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
        let eight = eight.map(&of);
        let [first, ..] = eight;
        if eight != [first; 8] {
            eights.add(eight, width, out);
            rest = behind;
            continue;
        }
        let (whole, _) = behind.as_chunks::<8>();
        let whole = 8 * whole.iter().take_while(|eight| eight.map(&of) == [first; 8]).count();
        let behind = behind.get(whole..).unwrap_or_default();
        let part = behind.iter().take_while(|row| of(**row) == first).count();
        eights = Eights::default();
        run(first, 8 + whole + part, width, out);
        rest = behind.get(part..).unwrap_or_default();
    }
    if !rest.is_empty() {
        let mut eight = [0; 8];
        for (number, row) in eight.iter_mut().zip(rest) {
            *number = of(*row);
        }
        eights.add(eight, width, out);
    }
}

/// So many times the same number.
pub(super) fn run(number: u32, times: usize, width: u32, out: &mut Vec<u8>) {
    varint(2 * times as u64, out);
    out.extend(number.to_le_bytes().iter().take(width.div_ceil(8) as usize));
}

/// Numbers packed by eights, behind a byte that says how many eights there are.
#[derive(Default)]
struct Eights {
    /// Where that byte stands, if there is one that can still count.
    head: Option<usize>,
}

impl Eights {
    /// As many as the byte can count.
    const MOST: u8 = u8::MAX >> 1;

    #[inline]
    fn add(&mut self, eight: [u32; 8], width: u32, out: &mut Vec<u8>) {
        let head = *self.head.get_or_insert_with(|| {
            out.push(1);
            out.len() - 1
        });
        if let Some(count) = out.get_mut(head) {
            *count += 2;
            if *count >= Self::MOST {
                self.head = None;
            }
        }
        if width > 16 {
            return pack(eight.into_iter().map(u64::from), width, out);
        }
        let four = |[a, b, c, d]: [u64; 4]| a | b << width | c << (2 * width) | d << (3 * width);
        let [a, b, c, d, behind @ ..] = eight.map(u64::from);
        let (first, behind) = (four([a, b, c, d]), four(behind));
        let end = out.len() + width as usize;
        // Most are few enough that all eight have room in one register.
        if width <= 8 {
            out.extend_from_slice(&(first | behind << (4 * width)).to_le_bytes());
        } else {
            out.extend_from_slice(&(u128::from(first) | u128::from(behind) << (4 * width)).to_le_bytes());
        }
        out.truncate(end);
    }
}

/// Numbers as the differences of each from the one before it.
pub(super) fn differences(numbers: &[i64], out: &mut Vec<u8>) {
    varint(BLOCK as u64, out);
    varint((BLOCK / PART) as u64, out);
    varint(numbers.len() as u64, out);
    let mut before = numbers.first().copied().unwrap_or_default();
    zigzag(before, out);
    let mut block = [0; BLOCK];
    for numbers in numbers.get(1..).unwrap_or_default().chunks(BLOCK) {
        let mut least = i64::MAX;
        for (difference, number) in block.iter_mut().zip(numbers) {
            *difference = number.wrapping_sub(before);
            before = *number;
            least = least.min(*difference);
        }
        // A part is always full; what is behind the last number means nothing.
        for beyond in block.iter_mut().skip(numbers.len()) {
            *beyond = least;
        }
        let more = block.map(|difference| difference.wrapping_sub(least).cast_unsigned());
        let parts = more.chunks(PART).map(|part| (width(part.iter().fold(0, |all, number| all | number)), part));
        zigzag(least, out);
        out.extend(parts.clone().map(|(width, _)| width.to_le_bytes()[0]));
        for (width, part) in parts.take(numbers.len().div_ceil(PART)) {
            pack(part.iter().copied(), width, out);
        }
    }
}

/// Packs numbers, the first into the lowest bits.
fn pack(numbers: impl Iterator<Item = u64>, width: u32, out: &mut Vec<u8>) {
    if width == 0 {
        return;
    }
    let mut word = 0;
    let mut filled = 0;
    for number in numbers {
        word |= number << filled;
        filled += width;
        if filled >= u64::BITS {
            out.extend_from_slice(&word.to_le_bytes());
            filled -= u64::BITS;
            // What of the number had no room, which may be nothing.
            word = number.checked_shr(width - filled).unwrap_or_default();
        }
    }
    out.extend(word.to_le_bytes().iter().take(filled.div_ceil(8) as usize));
}

fn zigzag(number: i64, out: &mut Vec<u8>) {
    varint((number << 1 ^ number >> (i64::BITS - 1)).cast_unsigned(), out);
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

#[cfg(test)]
mod tests {
    use polars_parquet::parquet::encoding::hybrid_rle::HybridRleDecoder;

    use super::*;

    #[test]
    fn runs_are_read_again() {
        // Runs of every length around the limit, behind loose numbers of every count.
        for bits in [1, 3, 8, 13, 20, 32] {
            let most = u32::MAX >> (32 - bits);
            // More loose numbers than one byte counts eights of.
            let mut numbers: Vec<u32> = (0..2_000_u32).map(|at| at.wrapping_mul(0x9e37_79b9) & most).collect();
            for loose in 0..20_u32 {
                for run in 0..20 {
                    numbers.extend((0..loose).map(|at| at.wrapping_mul(0x9e37_79b9) & most));
                    numbers.extend(std::iter::repeat_n(most - run % 2, run as usize));
                }
            }
            for length in [0, 1, 7, 8, 9, 100, 504, 505, 512, numbers.len()] {
                let numbers = &numbers[..length];
                let mut out = Vec::new();
                runs(numbers, |number| number, bits, &mut out);
                assert!(HybridRleDecoder::new(&out, bits, length).collect().unwrap() == numbers, "{length} of {bits}");
            }
        }
    }

    #[test]
    fn a_run_takes_no_room() {
        let mut out = Vec::new();
        runs(&[7; 4_000], |number| number, 3, &mut out);
        assert_eq!(out.len(), 3);
        out.clear();
        run(0, 4_000, 0, &mut out);
        assert_eq!(out.len(), 2);
    }
}
