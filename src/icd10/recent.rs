//! The codes met last, so that the codes of a claim, and those that every other
//! claim has, are not searched in the whole table again and again.
//!
//! The table is larger than a core's cache; this is much smaller. What it answers
//! is what the table would.

use super::table::{Icd10, Status};
use super::{CodeIndex, DiagnosisCode};
use crate::claim::Day;
use crate::slot::slot;

/// A memory of codes and their validity, in front of one table.
#[derive(Clone, Debug, Default)]
pub struct RecentCodes {
    slots: Vec<Recent>,
}

/// A code that was found, and its days, in 24 bytes: all of them stay in a core's
/// own cache.
#[derive(Clone, Copy, Debug)]
struct Recent {
    code: DiagnosisCode,
    index: CodeIndex,
    from: Day,
    to: Day,
}

impl RecentCodes {
    /// How many codes are remembered, as a power of two.
    const SLOTS: u32 = 13;

    /// What a code is on a day, by `table`, which must be the same each time.
    #[inline]
    pub fn status(&mut self, table: &Icd10, code: &DiagnosisCode, day: Day) -> Status {
        let slot = slot(code.packed(), Self::SLOTS);
        let recent = match self.slots.get(slot) {
            Some(recent) if recent.code == *code => Some(*recent),
            _ => self.remember(table, *code, slot),
        };
        match recent {
            Some(recent) if recent.from <= day && day <= recent.to => Status::Billable(recent.index),
            _ => table.status(code, day),
        }
    }

    #[inline(never)]
    fn remember(&mut self, table: &Icd10, code: DiagnosisCode, slot: usize) -> Option<Recent> {
        let index = table.find(&code)?;
        let (from, to) = table.validity(index);
        let recent = Recent { code, index, from, to: to.unwrap_or(Day::from_days(i32::MAX)) };
        if self.slots.is_empty() {
            self.slots.resize(1 << Self::SLOTS, Recent { code: DiagnosisCode::EMPTY, ..recent });
        }
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = recent;
        }
        Some(recent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_what_the_table_does() {
        let table = Icd10::embedded().unwrap();
        let mut recent = RecentCodes::default();
        let days = ["2017-01-01", "2020-09-30", "2020-10-01", "2026-03-01"].map(|day| Day::parse_iso(day).unwrap());
        let codes = ["M80.08XA", "M80.08", "C79.51", "J45.990", "X99.999", "M54.5", "M54.50", "Z3A"];
        for _ in 0..3 {
            for code in codes.map(|code| DiagnosisCode::parse(code.as_bytes()).unwrap()) {
                for day in days {
                    assert_eq!(recent.status(&table, &code, day), table.status(&code, day), "{code} {day}");
                }
            }
        }
    }
}
