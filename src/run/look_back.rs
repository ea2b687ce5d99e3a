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
        let ago = i64::from(months).saturating_neg();
        let mut first = shifted(as_of, ago);
        // Months are of unequal length: some days before may reach the day all the same.
        while shifted(first.previous(), months.into()) >= as_of {
            first = first.previous();
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

/// The day so many months later; the month's last where it has no such day.
fn shifted(day: Day, months: i64) -> Day {
    let (year, month, of_month) = day.ymd();
    let month = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let (year, month) = (i16::try_from(month.div_euclid(12)).ok(), i8::try_from(month.rem_euclid(12) + 1).ok());
    let on = |of_month: u32| Day::from_ymd(year?, month?, i8::try_from(of_month).ok()?);
    // Out of the calendar there is nothing to count to.
    (1..=of_month).rev().take(4).find_map(on).unwrap_or(Day::from_days(if months < 0 { i32::MIN } else { i32::MAX }))
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
            (6, "2026-08-30", "2026-02-28"),
            (0, "2026-03-15", "2026-03-15"),
        ] {
            let found = LookBack::new(months, day(as_of)).first;
            // By definition: the first day that reaches it.
            assert!(shifted(found, months.into()) >= day(as_of), "{months} {as_of}");
            assert!(shifted(found.previous(), months.into()) < day(as_of), "{months} {as_of}");
            assert_eq!(found <= day(first), true, "{months} {as_of} {found}");
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
