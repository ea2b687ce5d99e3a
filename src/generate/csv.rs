//! Claims as CSV. No value has a comma, a quote or a newline in it, so none is
//! quoted.

use std::io::Write;

use super::GenerateError;
use super::clinical::{answers, etiology_word, technique_word};
use super::columns::{CLAIM_DIGITS, CLINICAL, MEMBER_DIGITS, NATIVE};
use super::draft::{Draft, Fault, Line};
use super::population::{claim_number, npi_of};
use super::write::{Part, Sink};
use crate::claim::Decimal;

/// Writes CSV to a writer.
pub(super) struct CsvSink<W> {
    out: W,
}

impl<W: Write> CsvSink<W> {
    /// Writes the header.
    pub(super) fn new(mut out: W, clinical: bool) -> Result<Self, GenerateError> {
        let mut header = NATIVE.join(",");
        if clinical {
            header = [header, CLINICAL.join(",")].join(",");
        }
        header.push('\n');
        out.write_all(header.as_bytes()).map_err(GenerateError::Output)?;
        Ok(Self { out })
    }
}

impl<W: Write + Send> Sink for CsvSink<W> {
    type Part = CsvPart;

    const BLOCKS: u64 = 16;

    fn write(&mut self, parts: Vec<CsvPart>) -> Result<(), GenerateError> {
        parts.iter().try_for_each(|part| self.out.write_all(&part.bytes)).map_err(GenerateError::Output)
    }

    fn finish(mut self) -> Result<(), GenerateError> {
        self.out.flush().map_err(GenerateError::Output)
    }
}

/// The rows of a block.
pub(super) struct CsvPart {
    bytes: Vec<u8>,
    clinical: bool,
}

impl Part for CsvPart {
    fn new(clinical: bool) -> Self {
        Self { bytes: Vec::new(), clinical }
    }

    fn push(&mut self, claim: &Draft<'_>, line: &Line<'_>) {
        let out = &mut self.bytes;
        native(out, claim, line);
        if self.clinical {
            facts(out, claim, line);
        }
        out.push(b'\n');
    }
}

/// The native columns of a line, without the end of the row.
pub(super) fn native(out: &mut Vec<u8>, claim: &Draft<'_>, line: &Line<'_>) {
    claim_id(out, claim.id);
    out.push(b',');
    integer(out, if line.fault == Some(Fault::Number) { 0 } else { i64::from(line.number) });
    out.extend_from_slice(b",M");
    padded(out, u64::from(claim.member), MEMBER_DIGITS);
    out.push(b',');
    padded(out, npi_of(claim.provider), 10);
    text(out, claim.line_of_business);
    out.push(b',');
    date(out, line);
    text(out, claim.place);
    text(out, line.procedure);
    text(out, line.modifier);
    out.push(b',');
    if let Some(units) = line.units {
        integer(out, i64::from(units));
    }
    out.push(b',');
    if line.fault == Some(Fault::Amount) {
        out.extend_from_slice(b"see notice");
    } else {
        dollars(out, line.billed);
    }
    out.push(b',');
    if let Some(paid) = line.paid {
        dollars(out, paid);
    }
    text(out, claim.diagnoses_of(line));
}

/// A claim's number as it is written.
pub(super) fn claim_id(out: &mut Vec<u8>, claim: u64) {
    out.push(b'C');
    padded(out, claim_number(claim), CLAIM_DIGITS);
}

fn facts(out: &mut Vec<u8>, claim: &Draft<'_>, line: &Line<'_>) {
    if !line.in_scope {
        out.extend(CLINICAL.iter().map(|_| b','));
        return;
    }
    let facts = &claim.facts;
    text(out, etiology_word(facts.etiology));
    text(out, technique_word(facts.technique));
    for answer in answers(facts) {
        text(out, answer.map_or("", |yes| if yes { "true" } else { "false" }));
    }
    for weeks in [facts.conservative_weeks, facts.fracture_age_weeks] {
        out.push(b',');
        if let Some(weeks) = weeks {
            weeks.write_plain(out);
        }
    }
}

/// Another field.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b',');
    out.extend_from_slice(text.as_bytes());
}

fn integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn padded(out: &mut Vec<u8>, value: u64, digits: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits_of = buffer.format(value).as_bytes();
    out.extend(std::iter::repeat_n(b'0', digits.saturating_sub(digits_of.len())));
    out.extend_from_slice(digits_of);
}

fn date(out: &mut Vec<u8>, line: &Line<'_>) {
    let (year, month, day) = line.day.ymd();
    padded(out, u64::try_from(year).unwrap_or(0), 4);
    out.push(b'-');
    // The thirteenth month is how a date is spoilt.
    padded(out, u64::from(if line.fault == Some(Fault::Date) { 13 } else { month }), 2);
    out.push(b'-');
    padded(out, u64::from(day), 2);
}

/// An amount.
pub(super) fn dollars(out: &mut Vec<u8>, cents: i64) {
    // Cents are hundred ten-thousandths.
    Decimal::from_ten_thousandths(cents.saturating_mul(100)).write_dollars(out);
}
