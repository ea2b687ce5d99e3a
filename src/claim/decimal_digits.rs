//! The digits of a decimal, read.

use super::decimal::{LIMIT, SCALE};

/// Plain digits, at most eight with their point, and at most four behind it: how
/// nearly all numbers are written. `None` says nothing of others.
#[inline]
pub(super) fn parse_plain(text: &[u8]) -> Option<i64> {
    const POINTS: u64 = 0x2E2E_2E2E_2E2E_2E2E;
    // All of the text in one register, its first byte in the lowest. The two halves
    // of a longer one overlap, and are the same there.
    let shift = |bytes: usize| 8 * u32::try_from(bytes).unwrap_or(0);
    let packed = match (text, text.first_chunk(), text.last_chunk()) {
        (_, Some(first), Some(last)) if text.len() <= 8 => {
            let last = u64::from(u32::from_le_bytes(*last));
            u64::from(u32::from_le_bytes(*first)) | last << shift(text.len() - 4)
        }
        ([one], ..) => u64::from(*one),
        ([one, two], ..) => u64::from(*one) | u64::from(*two) << 8,
        ([one, two, three], ..) => u64::from(*one) | u64::from(*two) << 8 | u64::from(*three) << 16,
        _ => return None,
    };
    // Exact below the first point, which is all that is asked.
    let points = packed ^ POINTS;
    let point = points.wrapping_sub(0x0101_0101_0101_0101) & !points & 0x8080_8080_8080_8080;
    let at = (point.trailing_zeros() / 8) as usize;
    let (digits, places) = if at < text.len() {
        let before = packed & ((1 << shift(at)) - 1);
        let behind = packed.checked_shr(shift(at + 1)).unwrap_or(0);
        (before | behind << shift(at), text.len() - at - 1)
    } else {
        (packed, 0)
    };
    let length = text.len() - usize::from(at < text.len());
    let scale = *[SCALE, SCALE / 10, SCALE / 100, SCALE / 1000, 1].get(places)?;
    // The digits at the register's end, zeros before them.
    let zeros = 0x3030_3030_3030_3030_u64;
    let value = match shift(8 - length) {
        0 => digits,
        64 => return None,
        gap => digits << gap | zeros >> (64 - gap),
    } ^ zeros;
    Some(eight_digits(value)? * scale)
}

/// Dollars and cents, of at most eight bytes with their point: how nearly all amounts are
/// written. `None` says nothing of others.
#[inline]
pub(super) fn parse_cents(text: &[u8]) -> Option<i64> {
    const CENTS: u64 = 0xFFFF << 48;
    let (first, last) = (text.first_chunk()?, text.last_chunk()?);
    let gap = 8 * u32::try_from(8_usize.checked_sub(text.len())?).unwrap_or(0);
    // All of the text at the end of one register, its first byte in the lowest. The two
    // halves overlap, and are the same there.
    let packed = u64::from(u32::from_le_bytes(*first)) << gap | u64::from(u32::from_le_bytes(*last)) << 32;
    if packed >> 40 & 0xFF != u64::from(b'.') {
        return None;
    }
    let digits = packed & CENTS | packed << 8 & !CENTS;
    // Nothing before the first digit.
    let value = (digits ^ 0x3030_3030_3030_3030) & u64::MAX << (gap + 8);
    Some(eight_digits(value)? * (SCALE / 100))
}

/// The number of eight digits, the first in the lowest byte.
#[inline]
fn eight_digits(value: u64) -> Option<i64> {
    if (value.wrapping_add(0x7676_7676_7676_7676) | value) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    // Neighbours are joined: eight digits, four numbers of two, two of four.
    let twos = value.wrapping_mul(10).wrapping_add(value >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = twos.wrapping_mul(100).wrapping_add(twos >> 16) & 0x0000_FFFF_0000_FFFF;
    let number = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF;
    Some(number.cast_signed())
}

/// Digits as anybody writes them, maybe with `commas` between groups of three.
pub(super) fn parse_unsigned(text: &[u8], commas: bool) -> Option<i64> {
    let point = text.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = match point {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, &[][..]),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    if commas && whole.contains(&b',') {
        for (index, group) in whole.split(|byte| *byte == b',').enumerate() {
            if group.len() > 3 || group.is_empty() || (index > 0 && group.len() != 3) {
                return None;
            }
            value = append_digits(value, group)?;
        }
    } else {
        value = append_digits(value, whole)?;
    }
    value = value.checked_mul(SCALE)?;
    let mut weight = SCALE;
    for (index, byte) in fraction.iter().enumerate() {
        if !byte.is_ascii_digit() {
            return None;
        }
        let digit = i64::from(byte - b'0');
        if index < 4 {
            weight /= 10;
            value = value.checked_add(digit * weight)?;
        } else if index == 4 && digit >= 5 {
            value = value.checked_add(1)?;
        }
    }
    (value <= LIMIT).then_some(value)
}

fn append_digits(start: i64, digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(start, |value, byte| {
        if !byte.is_ascii_digit() {
            return None;
        }
        value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn dollars_and_cents_are_read_as_any_are(text in "[0-9]{0,6}[.][0-9]{2}|[0-9.,/:a-]{0,9}") {
            let read = parse_cents(text.as_bytes());
            if read.is_some() {
                proptest::prop_assert_eq!(read, parse_unsigned(text.as_bytes(), false));
            } else {
                let has_cents = text.len().checked_sub(3).is_some_and(|at| at > 0 && text.find('.') == Some(at));
                let is_plain = has_cents && text.len() <= 8 && text.bytes().all(|b| b == b'.' || b.is_ascii_digit());
                proptest::prop_assert!(!is_plain, "{}", text);
            }
        }

        #[test]
        fn plain_numbers_are_read_as_any_are(text in "[0-9]{0,8}[.]?[0-9]{0,6}|[0-9.,/:a-]{0,9}") {
            let any = parse_unsigned(text.as_bytes(), false);
            if let Some(value) = parse_plain(text.as_bytes()) {
                proptest::prop_assert_eq!(any, Some(value));
            } else {
                let point = text.find('.');
                let rare = text.len() > 8 || point.is_some_and(|at| text.len() - at > 5);
                proptest::prop_assert!(any.is_none() || rare, "{}", text);
            }
        }
    }
}
