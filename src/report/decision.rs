//! One row of `decisions`, and the writer of either format.
//!
//! Rows are encoded in groups, side by side on any thread; the groups are then
//! written one after the other, in the run's order. Groups hold the same lines
//! whatever the threads and batches, so the bytes are the same too.

use std::io::{self, Write};

use super::decisions_csv::{CsvGroup, SafeCsvGroup};
use super::decisions_parquet::{ParquetEncoder, ParquetGroup, ParquetRowGroup, ParquetSink};
use super::outcome::KeptOutcome;
use super::text_numbers::TextNumbers;
use crate::claim::{Day, Decimal};
use crate::short::{TextBuffer, WideText};

/// The format of the decisions file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecisionFormat {
    /// Text.
    Csv,
    /// Apache Parquet, compressed with Zstandard.
    Parquet,
}

impl DecisionFormat {
    /// The name of the format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The file's name in the run folder.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "decisions.csv",
            Self::Parquet => "decisions.parquet",
        }
    }
}

/// The texts of a line, in UTF-8.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineTexts<'a> {
    /// The claim.
    pub claim_id: WideText<'a>,
    /// The examined diagnoses, `;` between them.
    pub diagnosis_codes: WideText<'a>,
    /// The provider.
    pub provider_npi: WideText<'a>,
    /// What only this line can tell.
    pub detail: WideText<'a>,
    /// The line of business as read. Meaningful where the program is unknown.
    pub line_of_business: &'a [u8],
    /// Whether it is known that none of claim, diagnoses and provider needs quotes in CSV.
    pub unquoted: bool,
    /// Whether the same is known of the detail.
    pub unquoted_detail: bool,
    /// Which of them are another line's.
    pub numbers: TextNumbers,
}

/// One decided line, as it is written.
#[derive(Clone, Copy, Debug)]
pub struct DecisionRow<'a> {
    /// The file that the line stands in, as given.
    pub source_file: &'a str,
    /// Its row there, from 1.
    pub source_row: u64,
    /// The line's texts.
    pub texts: &'a LineTexts<'a>,
    /// The line's number on the claim.
    pub line_number: u32,
    /// The day of service.
    pub service_date: Day,
    /// Units.
    pub units: Decimal,
    /// Dollars billed, if known.
    pub billed: Option<Decimal>,
    /// Dollars paid, if known.
    pub paid: Option<Decimal>,
    /// What became of the line.
    pub outcome: &'a KeptOutcome<'a>,
}

impl<'a> DecisionRow<'a> {
    /// The program, or an unknown line of business as read.
    pub(super) fn program(&self) -> &'a [u8] {
        self.outcome.outcome.line_of_business.map_or(self.texts.line_of_business, str::as_bytes)
    }
}

/// The names of the columns of the decisions, in order.
pub const COLUMNS: [&str; 24] = [
    "source_file",
    "source_row",
    "claim_id",
    "line_number",
    "service_date",
    "procedure_code",
    "diagnosis_codes",
    "line_of_business",
    "provider_npi",
    "units",
    "billed_amount",
    "paid_amount",
    "disposition",
    "rule",
    "rules",
    "carc",
    "rarc",
    "policy_id",
    "policy_version",
    "indication",
    "detail",
    "claim_status",
    "override",
    "recovery",
];

/// What a column of the decisions holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ColumnKind {
    /// What a claim, a policy or the program says: never a number, whatever its
    /// characters.
    Text,
    /// A whole number that names something.
    Place,
    /// A day, as `YYYY-MM-DD`.
    Day,
    /// A number.
    Number,
    /// Dollars; blank where they are unknown.
    Dollars,
}

impl ColumnKind {
    /// What the column of this name holds.
    pub(super) fn of(column: &str) -> Self {
        match column {
            "source_row" | "line_number" => Self::Place,
            "service_date" => Self::Day,
            "units" => Self::Number,
            "billed_amount" | "paid_amount" => Self::Dollars,
            _ => Self::Text,
        }
    }
}

/// Makes groups for one decisions file; shared by the workers.
#[derive(Debug)]
pub enum Encoder {
    /// Text.
    Csv,
    /// Text that no spreadsheet runs.
    SafeCsv,
    /// Parquet.
    Parquet(ParquetEncoder),
}

/// Rows on their way to one group.
#[derive(Debug)]
pub enum GroupBuilder<'e> {
    /// Text.
    Csv(Box<CsvGroup>),
    /// Text that no spreadsheet runs.
    SafeCsv(Box<SafeCsvGroup>),
    /// Parquet.
    Parquet(Box<ParquetGroup<'e>>),
}

/// A group ready to be written.
pub enum EncodedGroup {
    /// Text.
    Csv(TextBuffer),
    /// Parquet.
    Parquet(ParquetRowGroup),
}

/// Writes groups, in order, to the decisions file.
pub enum DecisionWriter<W: Write> {
    /// Text.
    Csv(W),
    /// Parquet.
    Parquet(Box<ParquetSink<W>>),
}

impl Encoder {
    /// An encoder of a format.
    ///
    /// # Errors
    ///
    /// The Parquet library refuses the schema.
    pub fn new(format: DecisionFormat) -> io::Result<Self> {
        Ok(match format {
            DecisionFormat::Csv => Self::Csv,
            DecisionFormat::Parquet => Self::Parquet(ParquetEncoder::new()?),
        })
    }

    /// Whether text is written so that no spreadsheet runs it as a formula; Parquet
    /// says of itself what is text.
    #[must_use]
    pub fn spreadsheet_safe(self, safe: bool) -> Self {
        match (self, safe) {
            (Self::Csv | Self::SafeCsv, true) => Self::SafeCsv,
            (Self::Csv | Self::SafeCsv, false) => Self::Csv,
            (parquet @ Self::Parquet(_), _) => parquet,
        }
    }

    /// An empty group; text is written into the memory of `spent`.
    #[must_use]
    pub fn group(&self, spent: TextBuffer) -> GroupBuilder<'_> {
        match self {
            Self::Csv => GroupBuilder::Csv(Box::new(CsvGroup::new(spent))),
            Self::SafeCsv => GroupBuilder::SafeCsv(Box::new(SafeCsvGroup::new(spent))),
            Self::Parquet(encoder) => GroupBuilder::Parquet(Box::new(encoder.group())),
        }
    }
}

impl GroupBuilder<'_> {
    /// Adds a row.
    #[inline]
    pub fn push(&mut self, row: &DecisionRow<'_>) {
        match self {
            Self::Csv(group) => group.push(row),
            Self::SafeCsv(group) => group.push(row),
            Self::Parquet(group) => group.push(row),
        }
    }

    /// Encodes the group.
    ///
    /// # Errors
    ///
    /// The Parquet library fails.
    pub fn finish(self) -> io::Result<EncodedGroup> {
        Ok(match self {
            Self::Csv(group) => EncodedGroup::Csv(group.finish()),
            Self::SafeCsv(group) => EncodedGroup::Csv(group.finish()),
            Self::Parquet(group) => EncodedGroup::Parquet(group.finish()?),
        })
    }
}

impl<W: Write> DecisionWriter<W> {
    /// Opens a decisions file in `out`.
    ///
    /// # Errors
    ///
    /// `out` cannot be written.
    pub fn new(format: DecisionFormat, mut out: W) -> io::Result<Self> {
        Ok(match format {
            DecisionFormat::Csv => {
                super::decisions_csv::write_header(&mut out)?;
                Self::Csv(out)
            }
            DecisionFormat::Parquet => Self::Parquet(Box::new(ParquetSink::new(out)?)),
        })
    }

    /// Writes the next group, and gives the memory of text back.
    ///
    /// # Errors
    ///
    /// The output cannot be written, or the group is of the other format.
    pub fn write(&mut self, group: EncodedGroup) -> io::Result<TextBuffer> {
        match (self, group) {
            (Self::Csv(out), EncodedGroup::Csv(bytes)) => out.write_all(bytes.as_bytes()).map(|()| bytes),
            (Self::Parquet(sink), EncodedGroup::Parquet(group)) => sink.write(&group).map(|()| TextBuffer::default()),
            _ => Err(io::Error::other("a group of the other format")),
        }
    }

    /// Ends the file and returns what it was written to.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Self::Csv(mut out) => out.flush().map(|()| out),
            Self::Parquet(sink) => sink.finish(),
        }
    }
}
