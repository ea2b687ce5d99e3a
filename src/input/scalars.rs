//! Fields that hold one value: days, numbers, answers.

use super::Cell;
use crate::claim::{ClaimFrequency, Day, Decimal};

/// Why a value cannot be read: what was expected, in words.
pub(super) type Expected = &'static str;

const A_DAY: Expected = "not a date (YYYY-MM-DD, YYYYMMDD, M/D/YYYY or DD-Mon-YYYY)";
const A_LINE_NUMBER: Expected = "not a whole number of 1 or more";
const AN_AMOUNT: Expected = "not an amount in dollars";
const A_NUMBER: Expected = "not a decimal number";
const WEEKS: Expected = "not a number of weeks, 0 or more";
const A_FREQUENCY: Expected = "not a claim frequency (1 original, 7 replacement, 8 void, or another single character)";
const AN_ANSWER: Expected = "not true/false, yes/no, y/n or 1/0";

/// The days on which a service may lie: those of the years 1900 to 9999. Others
/// are slips of the keyboard.
const DAYS: std::ops::RangeInclusive<Day> = Day::from_days(-25_567)..=Day::from_days(2_932_896);

pub(super) fn day(cell: Cell<'_>) -> Result<Day, Expected> {
    match cell {
        Cell::Text(text) => day_of(text.as_bytes()),
        Cell::Day(day) => Some(day).filter(|day| DAYS.contains(day)).ok_or(A_DAY),
        // Warehouses keep dates as the number YYYYMMDD.
        Cell::Integer(number) => day_of(itoa::Buffer::new().format(number).as_bytes()),
        _ => Err(A_DAY),
    }
}

/// A day as text without white space around it.
pub(super) fn day_of(text: &[u8]) -> Result<Day, Expected> {
    day_of_text(text).filter(|day| DAYS.contains(day)).ok_or(A_DAY)
}

#[inline]
fn day_of_text(text: &[u8]) -> Option<Day> {
    match text {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] | [y1, y2, y3, y4, m1, m2, d1, d2] => {
            let year = number([*y1, *y2, *y3, *y4]);
            match (year, number([*m1, *m2]), number([*d1, *d2])) {
                (Some(year), Some(month), Some(day)) => from_numbers(year, month, day),
                _ => day_of_parts(text),
            }
        }
        _ => day_of_parts(text),
    }
}

/// Days as people write them, in parts of any length.
fn day_of_parts(text: &[u8]) -> Option<Day> {
    let separator = if text.contains(&b'/') { b'/' } else { b'-' };
    let mut parts = text.splitn(3, |byte| *byte == separator);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year = number(<[u8; 4]>::try_from(year).ok()?)?;
    if separator == b'/' {
        from_numbers(year, short_number(first)?, short_number(second)?)
    } else {
        from_numbers(year, month_of_name(second)?, short_number(first)?)
    }
}

fn from_numbers(year: i16, month: i16, day: i16) -> Option<Day> {
    Day::from_ymd(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

fn short_number(text: &[u8]) -> Option<i16> {
    match text {
        [one] => number([*one]),
        [ten, one] => number([*ten, *one]),
        _ => None,
    }
}

/// The number of up to four digits.
#[inline]
fn number<const N: usize>(text: [u8; N]) -> Option<i16> {
    let mut value = 0;
    let mut all_digits = true;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        all_digits &= digit < 10;
        value = value * 10 + i32::from(digit);
    }
    all_digits.then(|| i16::try_from(value).ok())?
}

fn month_of_name(name: &[u8]) -> Option<i16> {
    const NAMES: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let at = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    i16::try_from(at + 1).ok()
}

pub(super) fn line_number(cell: Cell<'_>) -> Result<u32, Expected> {
    if let Cell::Text(text) = cell
        && let [digit @ b'1'..=b'9'] = text.as_bytes()
    {
        return Ok(u32::from(digit - b'0'));
    }
    if let Cell::Integer(number @ 1..) = cell
        && let Ok(number) = u32::try_from(number)
    {
        return Ok(number);
    }
    if let Cell::Text(text) = cell
        && text.bytes().skip_while(|byte| *byte != b'.').skip(1).any(|digit| digit != b'0')
    {
        // A fraction too small for a decimal's places is a fraction all the same.
        return Err(A_LINE_NUMBER);
    }
    let number = decimal(cell, Decimal::parse).ok_or(A_LINE_NUMBER)?;
    let whole = number.ten_thousandths() / Decimal::ONE.ten_thousandths();
    let exact = Decimal::from_integer(whole) == Some(number) && whole >= 1;
    u32::try_from(whole).ok().filter(|_| exact).ok_or(A_LINE_NUMBER)
}

#[inline]
pub(super) fn units(cell: Cell<'_>) -> Result<Decimal, Expected> {
    if cell == Cell::Text("1") {
        return Ok(Decimal::ONE);
    }
    decimal(cell, Decimal::parse).ok_or(A_NUMBER)
}

#[inline]
pub(super) fn dollars(cell: Cell<'_>) -> Result<Decimal, Expected> {
    decimal(cell, Decimal::parse_dollars).ok_or(AN_AMOUNT)
}

/// Dollars as text without white space around it.
#[inline]
pub(super) fn dollars_of(text: &[u8]) -> Result<Decimal, Expected> {
    Decimal::parse_dollars(text).ok_or(AN_AMOUNT)
}

pub(super) fn weeks(cell: Cell<'_>) -> Result<Decimal, Expected> {
    if let Cell::Text(text) = cell
        && text.starts_with('-')
        && text.bytes().any(|digit| matches!(digit, b'1'..=b'9'))
    {
        return Err(WEEKS);
    }
    decimal(cell, Decimal::parse).filter(|weeks| !weeks.is_negative()).ok_or(WEEKS)
}

#[inline]
fn decimal(cell: Cell<'_>, parse: impl Fn(&[u8]) -> Option<Decimal>) -> Option<Decimal> {
    match cell {
        Cell::Text(text) => parse(text.as_bytes()),
        Cell::Integer(value) => Decimal::from_integer(value),
        Cell::Number(value) => Some(value),
        _ => None,
    }
}

/// A claim frequency code: 7 replaces, 8 voids, any other is an original's.
pub(super) fn frequency(cell: Cell<'_>) -> Result<ClaimFrequency, Expected> {
    if let Some(number) = decimal(cell, Decimal::parse) {
        let code = (0..=9_u8).find(|code| Decimal::from_integer((*code).into()) == Some(number));
        return code.map(frequency_of).ok_or(A_FREQUENCY);
    }
    match cell {
        Cell::Text(text) if matches!(text.as_bytes(), [letter] if letter.is_ascii_alphabetic()) => {
            Ok(ClaimFrequency::Original)
        }
        _ => Err(A_FREQUENCY),
    }
}

const fn frequency_of(code: u8) -> ClaimFrequency {
    match code {
        7 => ClaimFrequency::Replacement,
        8 => ClaimFrequency::Void,
        _ => ClaimFrequency::Original,
    }
}

pub(super) fn answer(cell: Cell<'_>) -> Result<bool, Expected> {
    let known = match cell {
        Cell::Truth(value) => Some(value),
        Cell::Integer(0) | Cell::Number(Decimal::ZERO) => Some(false),
        Cell::Integer(1) | Cell::Number(Decimal::ONE) => Some(true),
        Cell::Text(text) => {
            let is = |words: [&str; 4]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
            if is(["true", "yes", "y", "1"]) {
                Some(true)
            } else if is(["false", "no", "n", "0"]) {
                Some(false)
            } else {
                None
            }
        }
        _ => None,
    };
    known.ok_or(AN_ANSWER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_every_spelling() {
        for text in ["2026-03-01", "20260301", "3/1/2026", "03/1/2026", "03/01/2026", "01-Mar-2026", "1-mar-2026"] {
            assert_eq!(day(Cell::Text(text)).map(|day| day.to_string()), Ok("2026-03-01".to_owned()), "{text}");
        }
        for text in [
            "2026-3-1",
            "2026/03/01",
            "31-Feb-2026",
            "1/3/26",
            "13/1/2026",
            "0999-01-01",
            "2026-03-01T00:00:00",
            "tomorrow",
            "",
        ] {
            assert_eq!(day(Cell::Text(text)), Err(A_DAY), "{text}");
        }
        assert_eq!(day(Cell::Text("4/5/2024")).map(|day| day.to_string()), Ok("2024-04-05".to_owned()));
        assert_eq!(day(Cell::Text("1-Jan-24")), Err(A_DAY));
        for (first, behind) in [((1900, 1, 1), (1899, 12, 31)), ((9999, 12, 31), (9999, 12, 31))] {
            let [first, behind] = [first, behind].map(|(year, month, day)| Day::from_ymd(year, month, day).unwrap());
            assert_eq!(day(Cell::Day(first)), Ok(first));
            assert_eq!(day(Cell::Day(behind)).is_ok(), behind == first);
        }
        assert_eq!(day(Cell::Day(Day::from_days(DAYS.end().days() + 1))), Err(A_DAY));
        assert_eq!(day(Cell::Integer(20_260_301)).map(|day| day.to_string()), Ok("2026-03-01".to_owned()));
    }

    #[test]
    fn frequencies_are_one_character() {
        use ClaimFrequency::{Original, Replacement, Void};
        for (text, expected) in [
            ("1", Original),
            ("7", Replacement),
            ("07", Replacement),
            ("7.0", Replacement),
            ("8", Void),
            ("A", Original),
        ] {
            assert_eq!(frequency(Cell::Text(text)), Ok(expected), "{text}");
        }
        assert_eq!(frequency(Cell::Integer(8)), Ok(Void));
        for text in ["10", "137", "7A", "-7", "7.5", "original"] {
            assert_eq!(frequency(Cell::Text(text)), Err(A_FREQUENCY), "{text}");
        }
    }

    #[test]
    fn line_numbers_are_whole() {
        assert_eq!(line_number(Cell::Text("1.0")), Ok(1));
        assert_eq!(line_number(Cell::Number(Decimal::ONE)), Ok(1));
        for text in ["0", "-1", "1.5", "1.00001", "0.99999", "one", "4294967296"] {
            assert_eq!(line_number(Cell::Text(text)), Err(A_LINE_NUMBER), "{text}");
        }
    }

    #[test]
    fn weeks_are_not_negative_however_small() {
        assert_eq!(weeks(Cell::Text("-0.00001")), Err(WEEKS));
        assert_eq!(weeks(Cell::Text("-0.0")), Ok(Decimal::ZERO));
        assert!(weeks(Cell::Text("6.5")).is_ok());
    }
}
