//! Numbers in as many bits as they need, and the two encodings made of them.

/// Numbers from which on a run of one of them is written as such.
const RUN: usize = 8;
/// The numbers of a block of differences, and of the parts with a width each.
const BLOCK: usize = 128;
const PART: usize = 32;

/// How many bits a number takes.
pub(super) const fn width(most: u64) -> u32 {
    u64::BITS - most.leading_zeros()
}

/// Places in a dictionary, or levels: runs of one number, and between them
/// numbers packed by eights. None takes more bits than `width`.
pub(super) fn runs(numbers: &[u32], width: u32, out: &mut Vec<u8>) {
    let mut rest = numbers;
    // How many at the head of the rest are in no run.
    let mut loose = 0;
    while let Some((first, behind)) = rest.get(loose..).and_then(<[u32]>::split_first) {
        let run = 1 + same(*first, behind);
        // Packed numbers come by eights: a run lends what they lack.
        let lent = loose.next_multiple_of(8) - loose;
        if run < lent + RUN {
            loose += run;
            continue;
        }
        let (packed, behind) = rest.split_at(loose + lent);
        pack_by_eights(packed, width, out);
        varint(2 * (run - lent) as u64, out);
        let bytes = first.to_le_bytes();
        out.extend(bytes.iter().take(width.div_ceil(8) as usize));
        rest = behind.get(run - lent..).unwrap_or_default();
        loose = 0;
    }
    pack_by_eights(rest, width, out);
}

/// How many numbers at the head are this one. Runs are short, or very long.
#[inline]
fn same(one: u32, numbers: &[u32]) -> usize {
    let (registers, _) = numbers.as_chunks::<16>();
    let whole = registers.iter().take_while(|numbers| numbers.iter().fold(0, |all, number| all | (number ^ one)) == 0);
    let whole = 16 * whole.count();
    let rest = numbers.get(whole..).unwrap_or_default();
    whole + rest.iter().take_while(|number| **number == one).count()
}

fn pack_by_eights(numbers: &[u32], width: u32, out: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    let eights = numbers.len().div_ceil(8);
    varint(2 * eights as u64 + 1, out);
    let end = out.len() + eights * width as usize;
    pack(numbers.iter().map(|number| u64::from(*number)), width, out);
    out.resize(end, 0);
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
            let mut numbers = Vec::new();
            for loose in 0..20_u32 {
                for run in 0..20 {
                    numbers.extend((0..loose).map(|at| at.wrapping_mul(0x9e37_79b9) & most));
                    numbers.extend(std::iter::repeat_n(most - run % 2, run as usize));
                }
            }
            for length in [0, 1, 7, 8, 9, 100, numbers.len()] {
                let numbers = &numbers[..length];
                let mut out = Vec::new();
                runs(numbers, bits, &mut out);
                assert!(HybridRleDecoder::new(&out, bits, length).collect().unwrap() == numbers, "{length} of {bits}");
            }
        }
    }

    #[test]
    fn a_run_takes_no_room() {
        let mut out = Vec::new();
        runs(&[7; 4_000], 3, &mut out);
        assert_eq!(out.len(), 3);
        out.clear();
        runs(&[0; 4_000], 0, &mut out);
        assert_eq!(out.len(), 2);
    }
}
