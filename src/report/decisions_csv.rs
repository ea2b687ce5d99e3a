//! Decisions as CSV (RFC 4180, `\n` line ends).

mod columns;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use self::columns::{DATE, Days, PROCEDURE, Place, quoted};
pub(super) use self::columns::{OutcomeColumns, day_text, write_rules};

use super::decision::COLUMNS;
use super::outcome::Outcome;
use super::spreadsheet::disarmed;
use super::{DecisionRow, LineTexts};
use crate::claim::Decimal;
use crate::csv_text::needs_no_quotes;
use crate::digits::LIMIT;
use crate::short::{Row, TextBuffer, WideText, put};

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\n")
}

/// Rows of one group, as text.
///
/// The texts of a line are copied from where they are held, and those that follow from its
/// outcome were put together when that was first met.
#[derive(Debug, Default)]
pub struct CsvGroup {
    out: TextBuffer,
    place: Place,
    days: Days,
}

/// Digits, points, signs, delimiters and quotes of a row's columns, and its date, at most.
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
        let Self { out, place, days } = self;
        let last_digit = place.set(row);
        let date = days.text(row.service_date);
        let LineTexts { claim_id, diagnosis_codes, provider_npi, detail, line_of_business, .. } = row.texts;
        let texts = claim_id.len() + diagnosis_codes.len() + line_of_business.len() + provider_npi.len() + detail.len();
        let unquoted = row.texts.unquoted;
        // Of a text that is quoted each byte may be a quote.
        out.add_row(NUMBERS + place.text.len() + 2 * texts + outcome.len, |to| {
            to.add(&place.text);
            to.add_array(&[last_digit, b','], 2);
            add_field(to, *claim_id, unquoted);
            match row.line_number {
                number @ 0..10 => to.fill(|to: &mut [u8; 3 + DATE + PROCEDURE]| {
                    put(to, 0, [b',', b'0' + number.to_le_bytes()[0], b',']);
                    put(to, 3, date);
                    put(to, 3 + DATE, outcome.procedure);
                    3 + DATE + outcome.procedure_length
                }),
                number => {
                    to.add_array(b",", 1);
                    add_number(to, number);
                    to.add_array(&date, DATE);
                    to.add_array(&outcome.procedure, outcome.procedure_length);
                }
            }
            add_field(to, *diagnosis_codes, unquoted);
            to.add_array(&outcome.program, outcome.program_length);
            if outcome.program_is_stated {
                add_field(to, WideText::from(*line_of_business), false);
                to.add_array(b",", 1);
            }
            add_field(to, *provider_npi, unquoted);
            if row.units == Decimal::ONE {
                to.add_array(b",1,\0", 3);
            } else {
                to.add_array(b",", 1);
                *to = add_rare(std::mem::take(to), |text| row.units.write_plain(text));
            }
            let amounts = [row.billed, row.paid];
            let cents = |amount: Option<Decimal>| amount.and_then(Decimal::hundredths).filter(|cents| *cents < LIMIT);
            if let [Some(billed), Some(paid)] = amounts.map(cents) {
                to.add_both_hundredths([billed, paid], b',');
            } else {
                for amount in amounts {
                    match (amount, cents(amount)) {
                        (_, Some(cents)) => to.add_hundredths(cents, b','),
                        (Some(amount), None) => {
                            *to = add_rare(std::mem::take(to), |text| amount.write_dollars(text));
                        }
                        (None, None) => to.add_array(b",", 1),
                    }
                }
            }
            if detail.is_empty() {
                outcome.rest.add_to(to, outcome.rest.len());
            } else {
                outcome.rest.add_to(to, outcome.before_detail);
                add_field(to, *detail, row.texts.unquoted_detail);
                outcome.behind.add_to(to, outcome.behind.len());
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
        let LineTexts { claim_id, diagnosis_codes, provider_npi, detail, line_of_business, .. } = *row.texts;
        let texts = [claim_id, diagnosis_codes, WideText::from(line_of_business), provider_npi, detail];
        let texts = texts.map(|text| String::from_utf8_lossy(text.as_bytes()));
        let [claim_id, diagnosis_codes, line_of_business, provider_npi, detail] =
            texts.each_ref().map(|text| disarmed(text));
        let texts = LineTexts {
            claim_id: WideText::from(&*claim_id),
            diagnosis_codes: WideText::from(&*diagnosis_codes),
            line_of_business: line_of_business.as_bytes(),
            provider_npi: WideText::from(&*provider_npi),
            detail: WideText::from(&*detail),
            // What was known of the texts is not known of these.
            unquoted: false,
            unquoted_detail: false,
            numbers: row.texts.numbers,
        };
        let safe = DecisionRow { source_file: &disarmed(row.source_file), texts: &texts, ..*row };
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

/// Adds a field, quoted where its text needs it; `unquoted` says that it is known not to.
#[inline]
fn add_field(to: &mut Row<'_>, field: WideText<'_>, unquoted: bool) {
    if unquoted || needs_no_quotes(&field) {
        to.add_wide(field);
    } else {
        *to = add_quoted(std::mem::take(to), field);
    }
}

/// Adds a field in quotes.
#[inline(never)]
fn add_quoted<'b>(mut to: Row<'b>, field: WideText<'_>) -> Row<'b> {
    if field.contains(&b'"') {
        return to.with(&quoted(&field));
    }
    to.add_array(b"\"", 1);
    to.add_wide(field);
    to.add_array(b"\"", 1);
    to
}

/// Adds a number and the delimiter behind it.
#[inline]
fn add_number(to: &mut Row<'_>, number: u32) {
    if number < LIMIT {
        to.add_small(number, b',');
    } else {
        *to = std::mem::take(to).with(itoa::Buffer::new().format(number).as_bytes());
        to.add_array(b",", 1);
    }
}

/// Adds a number that is written in another way, and the delimiter behind it.
#[cold]
fn add_rare(mut to: Row<'_>, write: impl FnOnce(&mut Vec<u8>)) -> Row<'_> {
    let mut number = Vec::new();
    write(&mut number);
    to.add_slice(&number);
    to.add_array(b",", 1);
    to
}
