//! Decisions as CSV (RFC 4180, `\n` line ends).

use std::io::{self, Write};

use super::DecisionRow;
use super::decision::COLUMNS;
use super::outcome::Outcome;
use super::spreadsheet::disarmed;
use crate::claim::{Day, Decimal};
use crate::csv_text::{needs_no_quotes, push_field};
use crate::digits::LIMIT;
use crate::short::TextBuffer;

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\n")
}

/// Rows of one group, as text.
#[derive(Debug, Default)]
pub struct CsvGroup {
    out: TextBuffer,
    /// The source file, and how it is written, with the delimiter behind it.
    source_file: (String, Vec<u8>),
    /// The last day that was written, and how.
    day: Option<(Day, [u8; 10])>,
    /// A number whose text cannot be put together in place.
    rare: Vec<u8>,
}

impl CsvGroup {
    /// An empty group in the memory of another text.
    pub(super) fn new(mut spent: TextBuffer) -> Self {
        spent.clear();
        Self { out: spent, ..Self::default() }
    }

    #[inline]
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        self.push_as(row, &row.outcome.csv_outcome, &row.outcome.csv_behind);
    }

    /// Adds a row with these columns between the paid amount and the detail, and these
    /// behind it.
    #[inline]
    fn push_as(&mut self, row: &DecisionRow<'_>, outcome: &[u8], behind: &[u8]) {
        let date = match self.day {
            Some((day, text)) if day == row.service_date => text,
            _ => {
                let text = day_text(row.service_date);
                self.day = Some((row.service_date, text));
                text
            }
        };
        if self.source_file.0 != row.source_file {
            row.source_file.clone_into(&mut self.source_file.0);
            self.source_file.1.clear();
            push_field(&mut self.source_file.1, row.source_file.as_bytes());
            self.source_file.1.push(b',');
        }
        let out = &mut self.out;
        out.add(&self.source_file.1);
        out.add_number(row.source_row, b',');
        add_field(out, row.claim_id, row.unquoted);
        out.add_number(row.line_number.into(), b',');
        out.add(&date);
        out.add(&row.outcome.csv_procedure);
        add_field(out, row.diagnosis_codes, row.unquoted);
        add_field(out, row.program(), row.outcome.outcome.line_of_business.is_some());
        add_field(out, row.provider_npi, row.unquoted);
        if row.units == Decimal::ONE {
            out.add(b"1,");
        } else {
            row.units.write_plain(&mut self.rare);
            add_rare(out, &mut self.rare);
        }
        for amount in [row.billed, row.paid] {
            match amount.map(|amount| (amount, amount.hundredths().filter(|cents| *cents < LIMIT))) {
                Some((_, Some(cents))) => out.add_hundredths(cents, b','),
                Some((amount, None)) => {
                    amount.write_dollars(&mut self.rare);
                    add_rare(out, &mut self.rare);
                }
                None => out.add(b","),
            }
        }
        out.add(outcome);
        if row.unquoted || needs_no_quotes(row.detail) {
            out.add_ended(row.detail, b',');
        } else {
            out.add_ended(&quoted(row.detail), b',');
        }
        out.add(behind);
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
    outcome: Option<(usize, [Vec<u8>; 2])>,
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
        let (_, [columns, behind]) = match self.outcome.take() {
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
                self.outcome.insert((place, [outcome_columns(&safe), columns_behind(&safe)]))
            }
        };
        self.group.push_as(&safe, columns, behind);
    }

    pub(super) fn finish(self) -> TextBuffer {
        self.group.finish()
    }
}

/// The procedure's column, with the delimiters before and behind it.
pub(super) fn procedure_column(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = vec![b','];
    outcome.procedure.write(&mut out);
    out.push(b',');
    out
}

/// The columns between the paid amount and the detail, with the delimiter behind
/// them.
pub(super) fn outcome_columns(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(outcome.disposition.name().as_bytes());
    out.push(b',');
    out.extend_from_slice(outcome.rule.map_or("", |rule| rule.rule().code).as_bytes());
    out.push(b',');
    for (at, rule) in outcome.findings.rules().enumerate() {
        if at > 0 {
            out.push(b';');
        }
        out.extend_from_slice(rule.rule().code.as_bytes());
    }
    for text in [outcome.carc, outcome.rarc, outcome.policy_id, outcome.policy_version, outcome.indication] {
        out.push(b',');
        push_field(&mut out, text.as_bytes());
    }
    out.push(b',');
    out
}

/// The columns behind the detail, with the line's end.
pub(super) fn columns_behind(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(outcome.claim_status.as_bytes());
    out.push(b',');
    push_field(&mut out, outcome.overrides.as_bytes());
    out.push(b',');
    out.extend_from_slice(outcome.recovery.as_bytes());
    out.push(b'\n');
    out
}

/// Adds a field and its delimiter, quoted where its text needs it; `unquoted` says
/// that it is known not to.
#[inline]
fn add_field(out: &mut TextBuffer, field: &[u8], unquoted: bool) {
    if unquoted || needs_no_quotes(field) {
        out.add_ended(field, b',');
    } else {
        out.add_ended(&quoted(field), b',');
    }
}

#[cold]
fn add_rare(out: &mut TextBuffer, number: &mut Vec<u8>) {
    out.add_ended(number, b',');
    number.clear();
}

#[cold]
fn quoted(field: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::new();
    push_field(&mut quoted, field);
    quoted
}

fn day_text(day: Day) -> [u8; 10] {
    let (year, month, day) = day.ymd();
    let digit = |value: u32| b'0' + u8::try_from(value % 10).unwrap_or(0);
    let year = u32::try_from(year).unwrap_or(0);
    [
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ]
}
