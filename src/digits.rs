//! Small numbers as text.
//!
//! All digits are found at once, in one register, and stored at once: a row of the
//! decisions has five numbers, and digit by digit they took longer than all of
//! its texts.

use wide::u32x4;

/// The least number that is not small.
pub(crate) const LIMIT: u32 = 100_000_000;

/// The digits of a number below [`LIMIT`], from the first on, and how many there
/// are: at least one. What stands behind them is of no meaning.
#[inline]
pub(crate) fn digits(number: u32) -> ([u8; 8], usize) {
    let ones = eight(number);
    // A zero has a digit too.
    let blank = (ones.trailing_zeros() / 8).min(7);
    let text = (ones | ZEROS) >> (8 * blank);
    (text.to_le_bytes(), 8 - blank as usize)
}

/// The same of a number of hundredths: the digits of the whole number, how many there are,
/// and the two behind the point.
#[inline]
pub(crate) fn hundredths(number: u32) -> ([u8; 8], usize, [u8; 2]) {
    of_hundredths(eight(number))
}

/// The same of two such numbers.
#[inline]
pub(crate) fn both_hundredths(numbers: [u32; 2]) -> [([u8; 8], usize, [u8; 2]); 2] {
    eights(numbers).map(of_hundredths)
}

#[inline]
fn of_hundredths(ones: u64) -> ([u8; 8], usize, [u8; 2]) {
    const WHOLE: u64 = 0x0000_FFFF_FFFF_FFFF;
    let blank = ((ones & WHOLE).trailing_zeros() / 8).min(5);
    let text = ones | ZEROS;
    let [.., tens, last] = text.to_le_bytes();
    (((text & WHOLE) >> (8 * blank)).to_le_bytes(), 6 - blank as usize, [tens, last])
}

/// What makes digits of numbers.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The eight digits of a number, as numbers, the first in the lowest byte.
#[inline]
fn eight(number: u32) -> u64 {
    debug_assert!(number < LIMIT);
    // Two numbers of four digits, four of two, eight of one: lanes of a register,
    // the first in the lowest byte. The factors divide by 100 and by 10 exactly
    // within the lanes' ranges.
    let fours = u64::from(number / 10_000) | u64::from(number % 10_000) << 32;
    let hundreds = (fours.wrapping_mul(10_486) >> 20) & 0x0000_007F_0000_007F;
    let twos = hundreds | fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = (twos.wrapping_mul(103) >> 10) & 0x000F_000F_000F_000F;
    tens | twos.wrapping_sub(tens.wrapping_mul(10)) << 8
}

/// The same of two numbers, side by side in one register.
#[inline]
fn eights([first, second]: [u32; 2]) -> [u64; 2] {
    debug_assert!(first < LIMIT && second < LIMIT);
    let all = u32x4::splat;
    let fours = u32x4::new([first / 10_000, first % 10_000, second / 10_000, second % 10_000]);
    let hundreds: u32x4 = (fours * all(10_486)) >> 20;
    let twos: u32x4 = hundreds | ((fours - hundreds * all(100)) << 16);
    let tens: u32x4 = ((twos * all(103)) >> 10) & all(0x000F_000F);
    let ones: u32x4 = tens | ((twos - tens * all(10)) << 8);
    let [a, b, c, d] = ones.to_array().map(u64::from);
    [a | b << 32, c | d << 32]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: u32) {
        let (text, length) = digits(number);
        assert_eq!(str::from_utf8(&text[..length]), Ok(number.to_string().as_str()));
        let (whole, length, cents) = hundredths(number);
        let text = [&whole[..length], b".", &cents].concat();
        assert_eq!(String::from_utf8(text), Ok(format!("{}.{:02}", number / 100, number % 100)));
        let other = LIMIT - 1 - number;
        assert_eq!(both_hundredths([number, other]), [hundredths(number), hundredths(other)]);
    }

    #[test]
    fn numbers_print_as_everywhere() {
        (0..20_000).for_each(check);
        (0..LIMIT).step_by(997).for_each(check);
        for power in [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, LIMIT] {
            check(power - 1);
            check(if power == LIMIT { 0 } else { power });
        }
    }
}
