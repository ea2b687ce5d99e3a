//! A calendar day, held as a count of days so that validity tests are integer
//! comparisons.

use std::fmt;

use jiff::civil::Date;

/// A day of the proleptic Gregorian calendar: days since 1970-01-01.
///
/// Ordered by time. Service dates, code validity and policy versions are all
/// `Day`s; the program knows no time of day and no time zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Day(i32);

impl Day {
    /// The day of a year, month (1–12) and day of the month, if there is one.
    #[must_use]
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        // Howard Hinnant's days-from-civil, after the calendar has been asked
        // whether the day exists.
        Date::new(year, month, day).ok()?;
        let (y, m, d) = (i32::from(year), i32::from(month), i32::from(day));
        let y = if m <= 2 { y - 1 } else { y };
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let shifted_month = (m + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + d - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// The day so many days after 1970-01-01 (negative: before).
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Year, month (1–12) and day of the month.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        (year as i32, month as u32, day as u32)
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
                let year = digits(y)?;
                let month = digits(&[*m1, *m2])?;
                let day = digits(&[*d1, *d2])?;
                Self::from_ymd(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
            }
            _ => None,
        }
    }

    /// The day before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

fn digits(text: &[u8]) -> Option<i16> {
    text.iter().try_fold(0_i16, |value, byte| {
        byte.is_ascii_digit().then(|| value.checked_mul(10)?.checked_add(i16::from(byte - b'0')))?
    })
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_three_centuries_survives_the_round_trip() {
        let mut date = Date::new(1850, 1, 1).unwrap();
        let epoch = Date::new(1970, 1, 1).unwrap();
        while date.year() < 2150 {
            let day = Day::from_ymd(date.year(), date.month(), date.day()).unwrap();
            assert_eq!(day.to_string(), date.to_string());
            assert_eq!(Day::parse_iso(&date.to_string()), Some(day));
            assert_eq!(day.days(), (date - epoch).get_days());
            date = date.tomorrow().unwrap();
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "", "2024/01/01"] {
            assert_eq!(Day::parse_iso(text), None, "{text}");
        }
    }
}
