//! How far back what was overpaid can be asked for.

use crate::claim::{ClaimLine, Day};

/// So many months, up to a day that the user names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LookBack {
    /// Months.
    pub months: u32,
    /// The day.
    pub as_of: Day,
    /// The first day of payment that is not too long ago.
    first: Day,
}

impl LookBack {
    /// So many calendar months before a day.
    #[must_use]
    pub fn new(months: u32, as_of: Day) -> Self {
        let Some(mut first) = shifted(as_of, -i64::from(months)) else {
            // Longer ago than the calendar goes.
            return Self { months, as_of, first: Day::from_days(i32::MIN) };
        };
        // Months are of unequal length: it may be some days behind that one, or before.
        let reaches = |day: Day| shifted(day, months.into()).is_none_or(|later| later >= as_of);
        let days = first.days().saturating_sub(4)..=first.days().saturating_add(4);
        if let Some(day) = days.map(Day::from_days).find(|day| reaches(*day)) {
            first = day;
        }
        Self { months, as_of, first }
    }

    /// Whether what was paid on a line can still be asked for: counted from the day of
    /// payment, else from that of service.
    #[must_use]
    pub fn reaches(&self, line: &ClaimLine<'_>) -> bool {
        line.payer.paid_date.unwrap_or(line.service_date) >= self.first
    }
}

/// The day so many months later, the month's last where it has no such day; `None`
/// beyond the calendar.
fn shifted(day: Day, months: i64) -> Option<Day> {
    let (year, month, of_month) = day.ymd();
    let month = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let (year, month) = (i16::try_from(month.div_euclid(12)).ok(), i8::try_from(month.rem_euclid(12) + 1).ok());
    let on = |of_month: u32| Day::from_ymd(year?, month?, i8::try_from(of_month).ok()?);
    (1..=of_month).rev().take(4).find_map(on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::ProcedureCode;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn months_are_the_calendars() {
        for (months, as_of, first) in [
            (12, "2026-03-15", "2025-03-15"),
            (1, "2026-03-31", "2026-03-01"),
            (1, "2026-02-28", "2026-01-28"),
            (12, "2025-02-28", "2024-02-28"),
            (12, "2024-02-29", "2023-03-01"),
            (6, "2026-08-30", "2026-03-01"),
            (0, "2026-03-15", "2026-03-15"),
        ] {
            let found = LookBack::new(months, day(as_of)).first;
            // By definition: the first day that reaches it.
            assert!(shifted(found, months.into()) >= Some(day(as_of)), "{months} {as_of}");
            assert!(shifted(found.previous(), months.into()) < Some(day(as_of)), "{months} {as_of}");
            assert_eq!(found, day(first), "{months} {as_of}");
        }
        assert_eq!(LookBack::new(u32::MAX, day("2026-03-15")).first.days(), i32::MIN);
    }

    #[test]
    fn it_counts_from_payment_else_from_service() {
        let look_back = LookBack::new(12, day("2026-03-15"));
        let mut line = ClaimLine::new("C1", 1, day("2024-01-01"), ProcedureCode::NONE);
        assert!(!look_back.reaches(&line));
        line.payer.paid_date = Some(day("2025-03-15"));
        assert!(look_back.reaches(&line));
        line.payer.paid_date = Some(day("2025-03-14"));
        assert!(!look_back.reaches(&line));
    }
}
