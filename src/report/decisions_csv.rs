//! Decisions as CSV (RFC 4180, `\n` line ends).

use std::io::{self, Write};

use super::DecisionRow;
use super::decision::COLUMNS;
use super::outcome::Outcome;
use crate::claim::Day;
use crate::short::ShortLine;

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\n")
}

/// Rows of one group, as text.
#[derive(Debug, Default)]
pub struct CsvGroup {
    out: Vec<u8>,
    /// The source file, and how it is written.
    source_file: (String, Vec<u8>),
    /// The row that is being written.
    line: ShortLine,
    /// The last day that was written, and how.
    day: Option<(Day, [u8; 10])>,
}

impl CsvGroup {
    /// An empty group in the memory of another text.
    pub(super) fn new(mut spent: Vec<u8>) -> Self {
        spent.clear();
        Self { out: spent, ..Self::default() }
    }

    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let date = match self.day {
            Some((day, text)) if day == row.service_date => text,
            _ => {
                let text = day_text(row.service_date);
                self.day = Some((row.service_date, text));
                text
            }
        };
        let (line, out) = (&mut self.line, &mut self.out);
        let mut number = itoa::Buffer::new();
        if self.source_file.0 != row.source_file {
            row.source_file.clone_into(&mut self.source_file.0);
            self.source_file.1.clear();
            push_text(&mut self.source_file.1, row.source_file.as_bytes());
        }
        line.add_ended(&self.source_file.1, b',', out);
        line.add_ended(number.format(row.source_row).as_bytes(), b',', out);
        add_text(line, row.claim_id, row.unquoted, out);
        line.add_ended(number.format(row.line_number).as_bytes(), b',', out);
        line.add(&date, out);
        line.add(&row.outcome.csv_procedure, out);
        add_text(line, row.diagnosis_codes, row.unquoted, out);
        add_text(line, row.program(), row.outcome.outcome.line_of_business.is_some(), out);
        add_text(line, row.provider_npi, row.unquoted, out);
        line.add_ended(row.units.text(0).as_bytes(), b',', out);
        for amount in [row.billed, row.paid] {
            match amount {
                Some(amount) => line.add_ended(amount.text(2).as_bytes(), b',', out),
                None => line.add(b",", out),
            }
        }
        line.add(&row.outcome.csv_outcome, out);
        if row.detail.is_empty() {
            line.add(b"\n", out);
        } else {
            line.end(out);
            push_text(out, row.detail);
            out.push(b'\n');
        }
        line.end(out);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
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
        push_text(&mut out, text.as_bytes());
    }
    out.push(b',');
    out
}

/// Adds a field and its delimiter to a line, quoted where its text needs it;
/// `unquoted` says that it is known not to.
#[inline]
fn add_text(line: &mut ShortLine, bytes: &[u8], unquoted: bool, out: &mut Vec<u8>) {
    if unquoted || needs_no_quotes(bytes) {
        line.add_ended(bytes, b',', out);
    } else {
        line.end(out);
        push_text(out, bytes);
        out.push(b',');
    }
}

/// Appends a field, quoted where its text needs it.
pub(super) fn push_text(out: &mut Vec<u8>, bytes: &[u8]) {
    if needs_no_quotes(bytes) {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for (place, part) in bytes.split(|byte| *byte == b'"').enumerate() {
        if place > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part);
    }
    out.push(b'"');
}

/// Whether a field needs no quotes. Each byte is looked at, whatever the others
/// are: that takes less than stopping early would.
#[inline]
pub(crate) fn needs_no_quotes(bytes: &[u8]) -> bool {
    !bytes.iter().fold(false, |found, byte| found | needs_quotes(*byte))
}

fn needs_quotes(byte: u8) -> bool {
    const NEEDS: [bool; 256] = {
        let mut needs = [false; 256];
        needs[b',' as usize] = true;
        needs[b'"' as usize] = true;
        needs[b'\n' as usize] = true;
        needs[b'\r' as usize] = true;
        needs
    };
    NEEDS.get(usize::from(byte)).copied().unwrap_or_default()
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
