//! `superseded.csv`: lines in scope that are not judged, since another version of their
//! claim stands or their payment was taken back.

use std::io::Write as _;

use super::spreadsheet::disarmed;
use crate::claim::{Day, Decimal, ProcedureCode};
use crate::csv_text::push_field;
use crate::engine::SupersededBy;

/// One such line. Texts are UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct SupersededRow<'a> {
    /// The file that the line stands in, as given.
    pub source_file: &'a str,
    /// Its row there, from 1.
    pub source_row: u64,
    /// The claim.
    pub claim_id: &'a [u8],
    /// The line's number on the claim.
    pub line_number: u32,
    /// The day of service.
    pub service_date: Day,
    /// The procedure.
    pub procedure: ProcedureCode,
    /// The provider.
    pub provider_npi: &'a [u8],
    /// Units.
    pub units: Decimal,
    /// Dollars billed, if known.
    pub billed: Option<Decimal>,
    /// Dollars paid, if known.
    pub paid: Option<Decimal>,
    /// Why it is not judged.
    pub reason: SupersededBy,
    /// The row of what stands, or of what was last; blank where there is none.
    pub superseded_by: &'a str,
}

impl SupersededRow<'_> {
    /// The file's name in the run folder.
    pub const FILE_NAME: &'static str = "superseded.csv";
    /// Its first line.
    pub const HEADER: &'static [u8] =
        b"source_file,source_row,claim_id,line_number,service_date,procedure_code,provider_npi,\
units,billed_amount,paid_amount,reason,superseded_by\n";

    /// Adds the row; `safe`: so that no spreadsheet runs a text of it as a formula.
    pub fn write(&self, safe: bool, out: &mut Vec<u8>) {
        let text = |out: &mut Vec<u8>, text: &str| {
            let text = if safe { disarmed(text) } else { text.into() };
            push_field(out, text.as_bytes());
            out.push(b',');
        };
        let mut number = Vec::new();
        text(out, self.source_file);
        // Writing to memory does not fail.
        let _ = write!(out, "{},", self.source_row);
        text(out, &String::from_utf8_lossy(self.claim_id));
        let _ = write!(out, "{},{},{},", self.line_number, self.service_date, self.procedure);
        text(out, &String::from_utf8_lossy(self.provider_npi));
        self.units.write_plain(&mut number);
        out.append(&mut number);
        out.push(b',');
        for amount in [self.billed, self.paid] {
            if let Some(amount) = amount {
                amount.write_dollars(&mut number);
                out.append(&mut number);
            }
            out.push(b',');
        }
        text(out, self.reason.word());
        let by = if safe { disarmed(self.superseded_by) } else { self.superseded_by.into() };
        push_field(out, by.as_bytes());
        out.push(b'\n');
    }
}
