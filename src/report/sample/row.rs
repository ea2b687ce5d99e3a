//! One line of the sample.

use crate::report::DecisionRow;
use crate::report::decision::COLUMNS;
use crate::report::decisions_csv::{day_text, write_rules};

/// A line's columns, in the order of the decisions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SampledRow {
    /// One text behind the other.
    text: String,
    ends: [u32; COLUMNS.len()],
}

impl SampledRow {
    /// A row with these columns.
    pub(in crate::report) fn of<'c>(columns: impl IntoIterator<Item = &'c str>) -> Self {
        let mut kept = Self { text: String::with_capacity(256), ends: [0; COLUMNS.len()] };
        for (end, column) in kept.ends.iter_mut().zip(columns) {
            kept.text.push_str(column);
            *end = u32::try_from(kept.text.len()).unwrap_or(u32::MAX);
        }
        kept
    }

    pub(super) fn new(row: &DecisionRow<'_>) -> Self {
        let (outcome, texts) = (&row.outcome.outcome, row.texts);
        let mut columns = Columns { text: Vec::with_capacity(256), ends: [0; COLUMNS.len()], filled: 0 };
        columns.add(row.source_file.as_bytes());
        columns.add(itoa::Buffer::new().format(row.source_row).as_bytes());
        columns.add(&texts.claim_id);
        columns.add(itoa::Buffer::new().format(row.line_number).as_bytes());
        columns.add(&day_text(row.service_date));
        columns.write(|out| outcome.procedure.write(out));
        columns.add(&texts.diagnosis_codes);
        columns.add(row.program());
        columns.add(&texts.provider_npi);
        columns.write(|out| row.units.write_plain(out));
        for amount in [row.billed, row.paid] {
            columns.write(|out| amount.iter().for_each(|amount| amount.write_dollars(out)));
        }
        columns.add(outcome.disposition.name().as_bytes());
        columns.add(outcome.rule.map_or("", |rule| rule.rule().code).as_bytes());
        columns.write(|out| write_rules(outcome, out));
        for text in [outcome.carc, outcome.rarc, outcome.policy_id, outcome.policy_version, outcome.indication] {
            columns.add(text.as_bytes());
        }
        columns.add(&texts.detail);
        for text in [outcome.claim_status, &outcome.overrides, outcome.recovery] {
            columns.add(text.as_bytes());
        }
        columns.finish()
    }

    /// A column by its name; blank where there is none of the name.
    #[must_use]
    pub fn column(&self, name: &str) -> &str {
        let place = COLUMNS.iter().position(|known| *known == name);
        place.and_then(|place| self.columns().nth(place)).unwrap_or_default()
    }

    /// The columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let column = self.text.get(from..*end as usize).unwrap_or_default();
            from = *end as usize;
            column
        })
    }
}

/// Columns that are put one behind the other.
struct Columns {
    text: Vec<u8>,
    ends: [u32; COLUMNS.len()],
    filled: usize,
}

impl Columns {
    fn add(&mut self, column: &[u8]) {
        self.write(|out| out.extend_from_slice(column));
    }

    fn write(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.text);
        if let Some(end) = self.ends.get_mut(self.filled) {
            *end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        }
        self.filled += 1;
    }

    fn finish(self) -> SampledRow {
        let Self { text, ends, .. } = self;
        String::from_utf8(text).map_or_else(
            |wrong| {
                let mut from = 0;
                let columns = ends.map(|end| {
                    let column = wrong.as_bytes().get(from..end as usize).unwrap_or_default();
                    from = end as usize;
                    String::from_utf8_lossy(column)
                });
                SampledRow::of(columns.iter().map(AsRef::as_ref))
            },
            |text| SampledRow { text, ends },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_kept_apart_whatever_bytes_they_have() {
        for middle in ["x, y".as_bytes(), b"", b"\xff"] {
            let mut columns = Columns { text: Vec::new(), ends: [0; COLUMNS.len()], filled: 0 };
            (0..COLUMNS.len()).for_each(|at| columns.add(if at == 7 { middle } else { b"abc" }));
            let row = columns.finish();
            let expected = String::from_utf8_lossy(middle);
            let expected = (0..COLUMNS.len()).map(|at| if at == 7 { &*expected } else { "abc" });
            assert!(row.columns().eq(expected));
        }
    }
}
