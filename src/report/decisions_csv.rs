//! Decisions as CSV (RFC 4180, `\n` line ends).

mod columns;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

pub(super) use self::columns::OutcomeColumns;
use self::columns::{DATE, Days, Field, Middle, ONE, PROCEDURE};

use super::decision::COLUMNS;
use super::outcome::Outcome;
use super::spreadsheet::disarmed;
use super::{DecisionRow, TextNumbers};
use crate::claim::Decimal;
use crate::digits::LIMIT;
use crate::short::{Row, TextBuffer, put};

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\n")
}

/// Rows of one group, as text.
///
/// What the lines of a claim have in common is put together once and copied.
#[derive(Debug, Default)]
pub struct CsvGroup {
    out: TextBuffer,
    source_file: Field,
    claim_id: Field,
    days: Days,
    middle: Middle,
    detail: Field,
    /// A number whose text cannot be put together in place.
    rare: Vec<u8>,
}

/// Digits, points, signs and delimiters of a row's numbers and date, at most.
const NUMBERS: usize = 128;

impl CsvGroup {
    /// An empty group in the memory of another text.
    pub(super) fn new(mut spent: TextBuffer) -> Self {
        spent.clear();
        Self { out: spent, ..Self::default() }
    }

    #[inline]
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        self.push_as(row, &row.outcome.csv);
    }

    /// Adds a row of which these columns follow from its outcome.
    #[inline]
    fn push_as(&mut self, row: &DecisionRow<'_>, outcome: &OutcomeColumns) {
        let Self { out, source_file, claim_id, days, middle, detail, rare } = self;
        let TextNumbers { source_file: file, claim_id: claim, detail: told, .. } = row.numbers;
        source_file.set(row.source_file.as_bytes(), file, false);
        claim_id.set(row.claim_id, claim, row.unquoted);
        middle.set(row);
        if !row.detail.is_empty() {
            detail.set(row.detail, told, row.unquoted);
        }
        let date = days.text(row.service_date);
        let texts = source_file.text.len() + claim_id.text.len() + middle.text.len() + detail.text.len();
        out.add_row(NUMBERS + texts + outcome.len, |to| {
            to.add(&source_file.text);
            add_number(to, row.source_row);
            to.add(&claim_id.text);
            match row.line_number {
                number @ 0..10 => to.add_array(&[b'0' + number.to_le_bytes()[0], b','], 2),
                number => add_number(to, number.into()),
            }
            to.fill(|to: &mut [u8; DATE + PROCEDURE]| {
                put(to, 0, date);
                put(to, DATE, outcome.procedure);
                DATE + outcome.procedure_length
            });
            if row.units == Decimal::ONE {
                to.add_long(&middle.text);
            } else {
                to.add_first(&middle.text, middle.text.len() - ONE.len());
                add_rare(to, rare, |text| row.units.write_plain(text));
            }
            for amount in [row.billed, row.paid] {
                match amount.map(|amount| (amount, amount.hundredths().filter(|cents| *cents < LIMIT))) {
                    Some((_, Some(cents))) => to.add_hundredths(cents, b','),
                    Some((amount, None)) => add_rare(to, rare, |text| amount.write_dollars(text)),
                    None => to.add_array(b",", 1),
                }
            }
            if row.detail.is_empty() {
                to.add_long(&outcome.whole);
            } else {
                to.add_long(&outcome.before);
                to.add_long(&detail.text);
                to.add(&outcome.behind);
            }
        });
    }

    pub(super) fn finish(self) -> TextBuffer {
        self.out
    }
}

/// The same, with text that no spreadsheet runs as a formula.
#[derive(Debug, Default)]
pub struct SafeCsvGroup {
    group: CsvGroup,
    /// The place of the last row's outcome, and its columns.
    outcome: Option<(usize, OutcomeColumns)>,
}

impl SafeCsvGroup {
    pub(super) fn new(spent: TextBuffer) -> Self {
        Self { group: CsvGroup::new(spent), outcome: None }
    }

    /// Not a part of the usual path, so that it takes nothing from it.
    #[inline(never)]
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let texts = [row.claim_id, row.diagnosis_codes, row.line_of_business, row.provider_npi, row.detail];
        let texts = texts.map(String::from_utf8_lossy);
        let [claim_id, diagnosis_codes, line_of_business, provider_npi, detail] =
            texts.each_ref().map(|text| disarmed(text));
        let safe = DecisionRow {
            source_file: &disarmed(row.source_file),
            claim_id: claim_id.as_bytes(),
            diagnosis_codes: diagnosis_codes.as_bytes(),
            line_of_business: line_of_business.as_bytes(),
            provider_npi: provider_npi.as_bytes(),
            detail: detail.as_bytes(),
            // What was known of the texts is not known of these.
            unquoted: false,
            ..*row
        };
        let place = row.outcome.place;
        let (_, columns) = match self.outcome.take() {
            Some(last) if last.0 == place => self.outcome.insert(last),
            _ => {
                let outcome = &row.outcome.outcome;
                let [policy_id, policy_version, indication, overrides] =
                    [outcome.policy_id, outcome.policy_version, outcome.indication, &outcome.overrides].map(disarmed);
                let safe = Outcome {
                    policy_id: &policy_id,
                    policy_version: &policy_version,
                    indication: &indication,
                    overrides: overrides.into_owned(),
                    ..outcome.clone()
                };
                self.outcome.insert((place, OutcomeColumns::of(&safe)))
            }
        };
        self.group.push_as(&safe, columns);
    }

    pub(super) fn finish(self) -> TextBuffer {
        self.group.finish()
    }
}

/// Adds a number and the delimiter behind it.
#[inline]
fn add_number(to: &mut Row<'_>, number: u64) {
    if let Some(number) = u32::try_from(number).ok().filter(|number| *number < LIMIT) {
        to.add_small(number, b',');
    } else {
        to.add_slice(itoa::Buffer::new().format(number).as_bytes());
        to.add_array(b",", 1);
    }
}

/// Adds a number that is written in another way, and the delimiter behind it.
#[cold]
fn add_rare(to: &mut Row<'_>, number: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    number.clear();
    write(number);
    to.add_slice(number);
    to.add_array(b",", 1);
}
