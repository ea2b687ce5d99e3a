//! Decisions as CSV (RFC 4180, `\n` line ends).

use std::io::{self, Write};

use super::DecisionRow;
use super::decision::COLUMNS;
use crate::claim::{Day, Decimal};

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\n")
}

/// Rows of one group, as text.
#[derive(Debug, Default)]
pub struct CsvGroup {
    out: Vec<u8>,
}

impl CsvGroup {
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let out = &mut self.out;
        push_text(out, row.source_file);
        out.push(b',');
        push_number(out, row.source_row);
        out.push(b',');
        push_text(out, row.claim_id);
        out.push(b',');
        push_number(out, u64::from(row.line_number));
        out.push(b',');
        push_day(out, row.service_date);
        out.push(b',');
        row.procedure.write(out);
        out.push(b',');
        push_text(out, row.diagnosis_codes);
        out.push(b',');
        push_text(out, row.line_of_business);
        out.push(b',');
        push_text(out, row.provider_npi);
        out.push(b',');
        row.units.write_plain(out);
        out.push(b',');
        push_dollars(out, row.billed);
        out.push(b',');
        push_dollars(out, row.paid);
        out.push(b',');
        out.extend_from_slice(row.disposition.name().as_bytes());
        out.push(b',');
        out.extend_from_slice(row.rule.map_or("", |rule| rule.rule().code).as_bytes());
        out.push(b',');
        for (at, rule) in row.findings.rules().enumerate() {
            if at > 0 {
                out.push(b';');
            }
            out.extend_from_slice(rule.rule().code.as_bytes());
        }
        for text in [row.carc, row.rarc, row.policy_id, row.policy_version, row.indication, row.detail] {
            out.push(b',');
            push_text(out, text);
        }
        out.push(b'\n');
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// Appends a field, quoted where its text needs it.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
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

fn push_number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn push_dollars(out: &mut Vec<u8>, amount: Option<Decimal>) {
    if let Some(amount) = amount {
        amount.write_dollars(out);
    }
}

fn push_day(out: &mut Vec<u8>, day: Day) {
    let (year, month, day) = day.ymd();
    let digit = |value: u32| b'0' + u8::try_from(value % 10).unwrap_or(0);
    let year = u32::try_from(year).unwrap_or(0);
    out.extend_from_slice(&[
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
    ]);
}
