//! The file of lines whose disposition or naming rule changed.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::ChangedLine;
use crate::claim::Decimal;
use crate::report::disarmed;

const HEADER: [&str; 24] = [
    "source_file_a",
    "source_row_a",
    "source_file_b",
    "source_row_b",
    "claim_id",
    "line_number",
    "occurrence",
    "service_date",
    "procedure_code",
    "provider_npi",
    "units",
    "billed_amount",
    "paid_amount",
    "paid_amount_b",
    "disposition_a",
    "rule_a",
    "rules_a",
    "detail_a",
    "disposition_b",
    "rule_b",
    "rules_b",
    "detail_b",
    "policy_version_a",
    "policy_version_b",
];

/// Writes changed lines as CSV, in the order in which they come.
#[derive(Debug)]
pub struct ChangesWriter<W: Write> {
    out: Writer<W>,
    spreadsheet_safe: bool,
}

impl<W: Write> ChangesWriter<W> {
    /// A file with its header. Text can be written so that no spreadsheet runs it as a
    /// formula.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn new(out: W, spreadsheet_safe: bool) -> io::Result<Self> {
        let mut changes = Self::rows(out, spreadsheet_safe);
        changes.out.write_record(HEADER)?;
        Ok(changes)
    }

    /// The same without the header: for rows that are made in parts and joined.
    pub fn rows(out: W, spreadsheet_safe: bool) -> Self {
        let out = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(out);
        Self { out, spreadsheet_safe }
    }

    /// Writes a line. What both runs read alike is the first one's.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write(&mut self, changed: &ChangedLine<'_>) -> io::Result<()> {
        let ChangedLine { a, b, occurrence } = changed;
        let occurrence = occurrence.map(|number| number.to_string()).unwrap_or_default();
        let [row_a, row_b] = [a, b].map(|side| side.source_row.to_string());
        let units = plain(a.units);
        let [billed, paid_a, paid_b] = [a.billed, a.line.paid, b.line.paid].map(dollars);
        let fields: [(&str, bool); 24] = [
            (a.source_file, true),
            (&row_a, false),
            (b.source_file, true),
            (&row_b, false),
            (a.claim_id, true),
            (a.line_number, false),
            (&occurrence, false),
            (a.line.service_date, false),
            (a.line.procedure, true),
            (a.line.provider, true),
            (&units, false),
            (&billed, false),
            (&paid_a, false),
            (&paid_b, false),
            (a.line.disposition.name(), true),
            (a.line.rule, true),
            (a.rules, true),
            (a.detail, true),
            (b.line.disposition.name(), true),
            (b.line.rule, true),
            (b.rules, true),
            (b.detail, true),
            (a.policy_version, true),
            (b.policy_version, true),
        ];
        for (text, may_run) in fields {
            if may_run && self.spreadsheet_safe {
                self.out.write_field(&*disarmed(text))?;
            } else {
                self.out.write_field(text)?;
            }
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes what is held, and gives back what was written to.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn finish(self) -> io::Result<W> {
        let mut out = self.out.into_inner().map_err(csv::IntoInnerError::into_error)?;
        out.flush()?;
        Ok(out)
    }
}

/// Dollars as the decisions have them in CSV; Parquet has more digits.
pub(super) fn dollars(amount: Option<Decimal>) -> String {
    written(amount, Decimal::write_dollars)
}

/// A number without digits that say nothing.
pub(super) fn plain(number: Option<Decimal>) -> String {
    written(number, Decimal::write_plain)
}

fn written(number: Option<Decimal>, write: fn(Decimal, &mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    if let Some(number) = number {
        write(number, &mut text);
    }
    String::from_utf8(text).unwrap_or_default()
}
