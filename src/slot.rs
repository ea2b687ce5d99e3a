//! Where a packed code goes in a table with a power of two of slots.

/// The slot of a packed text among `2^bits`, for up to 63 bits.
///
/// Packed texts differ mostly in a few of their bits, and not always in the same
/// ones. Multiplying by 2^64 / golden ratio (Knuth) lets every bit have a say in
/// the highest ones, and only those are kept.
#[inline]
pub(crate) fn slot(packed: u64, bits: u32) -> usize {
    let hash = packed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(hash.checked_shr(u64::BITS - bits).unwrap_or(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::slot;

    /// How many of 512 slots these texts take, packed as codes are.
    fn taken(texts: impl Iterator<Item = String>) -> usize {
        let packed = texts.map(|text| {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            u64::from_be_bytes(bytes)
        });
        packed.map(|packed| slot(packed, 9)).collect::<HashSet<_>>().len()
    }

    #[test]
    fn texts_that_differ_anywhere_spread() {
        // Thrown at random, a hundred things take some 91 of 512 slots.
        for at in 0..3 {
            let numbers = (0..100).map(|number| {
                let mut text = "ABCDE".to_owned();
                text.replace_range(at..at + 2, &format!("{number:02}"));
                text
            });
            assert!(taken(numbers) > 70, "at {at}");
        }
        assert!(taken((0..100).map(|number| format!("{number:02}"))) > 70);
    }
}
