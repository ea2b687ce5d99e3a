//! Dollars, units and weeks as exact fixed-point numbers.

use std::fmt;
use std::ops::{Add, AddAssign};

use super::decimal_digits::{parse_cents, parse_plain, parse_unsigned};

/// A decimal number with four places, exact in addition.
///
/// Amounts are dollars, units are service units. Text with more than four
/// places is rounded half away from zero, so that a float's
/// `0.30000000000000004` is 0.3. Beyond ±900 billion nothing is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Decimal(i64);

pub(super) const SCALE: i64 = 10_000;
pub(super) const LIMIT: i64 = 900_000_000_000 * SCALE;

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(SCALE);

    /// The number of ten-thousandths.
    #[must_use]
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// A number of ten-thousandths.
    #[must_use]
    pub const fn from_ten_thousandths(value: i64) -> Self {
        Self(value)
    }

    /// A number of hundredths.
    #[must_use]
    pub(crate) const fn from_hundredths(value: u32) -> Self {
        Self(value as i64 * (SCALE / 100))
    }

    /// A whole number, if it is within the limits.
    #[must_use]
    pub fn from_integer(value: i64) -> Option<Self> {
        value.checked_mul(SCALE).filter(|v| v.abs() <= LIMIT).map(Self)
    }

    /// A float rounded to four places, if it is finite and within the limits.
    #[must_use]
    pub fn from_float(value: f64) -> Option<Self> {
        #[allow(clippy::cast_precision_loss)]
        let scaled = (value * SCALE as f64).round();
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        (scaled.is_finite() && scaled.abs() <= LIMIT as f64).then_some(Self(scaled as i64))
    }

    /// Reads plain decimal notation: a sign, digits, a fraction.
    ///
    /// Scientific notation is refused: it mostly means that a spreadsheet has
    /// shortened the number.
    #[must_use]
    #[inline]
    pub fn parse(text: &[u8]) -> Option<Self> {
        parse_plain(text).map(Self).or_else(|| Self::parse_any(text))
    }

    fn parse_any(text: &[u8]) -> Option<Self> {
        let (negative, digits) = split_sign(text);
        let magnitude = parse_unsigned(digits, false)?;
        Some(Self(if negative { -magnitude } else { magnitude }))
    }

    /// Reads dollars: as [`Decimal::parse`], with `$` before or after the sign
    /// and with commas between groups of three digits.
    #[must_use]
    #[inline]
    pub fn parse_dollars(text: &[u8]) -> Option<Self> {
        let plain = parse_cents(text).or_else(|| parse_plain(text));
        plain.map(Self).or_else(|| Self::parse_any_dollars(text))
    }

    fn parse_any_dollars(text: &[u8]) -> Option<Self> {
        let (mut negative, mut rest) = split_sign(text);
        if let [b'$', after @ ..] = rest {
            rest = after.trim_ascii_start();
            if rest.len() + 1 == text.len() || !negative {
                let (inner, digits) = split_sign(rest);
                // A sign on both sides of the dollar sign is no number.
                if digits.len() != rest.len() && text.first() != Some(&b'$') {
                    return None;
                }
                negative |= inner;
                rest = digits;
            }
        }
        let magnitude = parse_unsigned(rest, true)?;
        Some(Self(if negative { -magnitude } else { magnitude }))
    }

    /// Whether the number is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether the number is above zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The number of hundredths, where there are whole ones, and not too many.
    #[inline]
    pub(crate) fn hundredths(self) -> Option<u32> {
        // The inverse of 25 among numbers of 64 bits. Of a multiple of 100 this makes a hundredth,
        // and of any other number, or one below zero, more than a hundredth of all there are.
        const INVERSE: u64 = 0x8f5c_28f5_c28f_5c29;
        const { assert!(SCALE == 100 * 100 && INVERSE.wrapping_mul(25) == 1) };
        u32::try_from(self.0.cast_unsigned().wrapping_mul(INVERSE).rotate_right(2)).ok()
    }

    /// Appends the number as dollars: two places, or as many as it has.
    pub fn write_dollars(self, out: &mut Vec<u8>) {
        self.write(2, out);
    }

    /// Appends the number with no more places than it has.
    pub fn write_plain(self, out: &mut Vec<u8>) {
        self.write(0, out);
    }

    /// Appends the number with at least so many places, and no more than it needs.
    fn write(self, least_places: usize, out: &mut Vec<u8>) {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (magnitude / SCALE.unsigned_abs(), magnitude % SCALE.unsigned_abs());
        if self.0 < 0 {
            out.push(b'-');
        }
        out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
        let digits = [b'.', digit(fraction / 1000), digit(fraction / 100), digit(fraction / 10), digit(fraction)];
        let needed = match () {
            () if !fraction.is_multiple_of(10) => 4,
            () if !fraction.is_multiple_of(100) => 3,
            () if !fraction.is_multiple_of(1000) => 2,
            () if fraction != 0 => 1,
            () => 0,
        };
        match needed.max(least_places) {
            0 => {}
            places => out.extend_from_slice(digits.get(..=places).unwrap_or(&digits)),
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // One digit.
const fn digit(number: u64) -> u8 {
    b'0' + (number % 10) as u8
}

fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(16);
        self.write_plain(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

// Sums saturate: a total that leaves the range of 64 bits is wrong by then, but
// it must not take the run down with it.
impl Add for Decimal {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Decimal {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dollars(text: &str) -> Option<String> {
        Decimal::parse_dollars(text.as_bytes()).map(|value| {
            let mut out = Vec::new();
            value.write_dollars(&mut out);
            String::from_utf8(out).unwrap()
        })
    }

    #[test]
    fn dollars_as_payers_write_them() {
        for (text, expected) in [
            ("0", "0.00"),
            ("1234.5", "1234.50"),
            ("$1,234.56", "1234.56"),
            ("-$5", "-5.00"),
            ("$-5", "-5.00"),
            ("$ 5", "5.00"),
            ("+7.", "7.00"),
            (".5", "0.50"),
            ("-0.005", "-0.005"),
            ("0.30000000000000004", "0.30"),
            ("1.00005", "1.0001"),
            ("1,000,000", "1000000.00"),
        ] {
            assert_eq!(dollars(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn whole_hundredths_are_told_from_other_numbers() {
        let most = i64::from(u32::MAX);
        let near = |number: i64| (number.saturating_sub(150)..number.saturating_add(150)).collect::<Vec<_>>();
        for number in
            [i64::MIN, -1_000, 0, 10_000, most, 100 * most, i64::MAX / 100, i64::MAX].iter().flat_map(|at| near(*at))
        {
            let whole = (0..=100 * most).contains(&number) && number % 100 == 0;
            let expected = whole.then(|| u32::try_from(number / 100).unwrap());
            assert_eq!(Decimal::from_ten_thousandths(number).hundredths(), expected, "{number}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            ".",
            "-",
            "$",
            "1,23",
            "1,2345",
            ",123",
            "12x",
            "1.2.3",
            "--5",
            "-$-5",
            "1e5",
            "NaN",
            "inf",
            "900000000001",
            "99999999999999999999",
            "1 000",
            "-+5",
            "$$5",
        ] {
            assert_eq!(dollars(text), None, "{text}");
        }
        assert_eq!(Decimal::parse(b"1,000"), None);
        assert_eq!(Decimal::parse(b"$1"), None);
    }

    #[test]
    fn units_print_without_needless_places() {
        assert_eq!(Decimal::parse(b"1.0").unwrap().to_string(), "1");
        assert_eq!(Decimal::parse(b"-2.50").unwrap().to_string(), "-2.5");
        assert_eq!(Decimal::from_float(0.1 + 0.2).unwrap().to_string(), "0.3");
    }
}
