//! Decisions as CSV (RFC 4180, `\n` line ends).

use std::io::{self, Write};

use super::DecisionRow;
use super::decision::COLUMNS;
use super::outcome::Outcome;
use crate::claim::{Day, Decimal};

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\n")
}

/// Rows of one group, as text.
#[derive(Debug, Default)]
pub struct CsvGroup {
    out: Vec<u8>,
    /// The last day that was written, and how.
    day: Option<(Day, [u8; 10])>,
}

impl CsvGroup {
    /// An empty group in the memory of another text.
    pub(super) fn new(mut spent: Vec<u8>) -> Self {
        spent.clear();
        Self { out: spent, day: None }
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
        let out = &mut self.out;
        let texts = [row.source_file.as_bytes(), row.claim_id, row.diagnosis_codes, row.provider_npi, row.detail];
        // Once for the row, and not for each of its fields.
        out.reserve(256 + row.outcome.csv.len() + texts.iter().map(|text| text.len()).sum::<usize>());
        push_text(out, row.source_file.as_bytes());
        out.push(b',');
        push_number(out, row.source_row);
        out.push(b',');
        push_text(out, row.claim_id);
        out.push(b',');
        push_number(out, u64::from(row.line_number));
        out.push(b',');
        out.extend_from_slice(&date);
        out.push(b',');
        row.outcome.outcome.procedure.write(out);
        out.push(b',');
        push_text(out, row.diagnosis_codes);
        out.push(b',');
        push_text(out, row.program());
        out.push(b',');
        push_text(out, row.provider_npi);
        out.push(b',');
        row.units.write_plain(out);
        out.push(b',');
        push_dollars(out, row.billed);
        out.push(b',');
        push_dollars(out, row.paid);
        out.extend_from_slice(&row.outcome.csv);
        push_text(out, row.detail);
        out.push(b'\n');
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// The columns between the paid amount and the detail, with the delimiters
/// before and behind them.
pub(super) fn outcome_columns(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = vec![b','];
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

/// Appends a field, quoted where its text needs it.
pub(super) fn push_text(out: &mut Vec<u8>, bytes: &[u8]) {
    // Each byte is looked at, whatever the others are: that takes less than
    // stopping early would.
    if !bytes.iter().fold(false, |found, byte| found | needs_quotes(*byte)) {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    for byte in bytes {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
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

fn push_number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn push_dollars(out: &mut Vec<u8>, amount: Option<Decimal>) {
    if let Some(amount) = amount {
        amount.write_dollars(out);
    }
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
