//! Decisions as Parquet, compressed with Zstandard.
//!
//! Columns are numbered as the rows come, so their pages are made here; the
//! library writes them and the footer. What a row group holds, and nothing else,
//! decides its bytes.

mod bits;
mod numbers;
mod outcomes;
mod pages;
mod texts;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_parquet::parquet::metadata::SchemaDescriptor;
use polars_parquet::parquet::write::{FileWriter, WriteOptions};
use polars_parquet::read::ParquetError;
use polars_parquet::write::fallible_streaming_iterator::convert;
use polars_parquet::write::{CompressedPage, DynIter, DynStreamingIterator, Version, to_parquet_type};

use self::numbers::FewNumbers;
use self::outcomes::Outcomes;
use self::pages::{Column, PageEncoder};
use self::texts::Texts;
use super::DecisionRow;
use super::decision::COLUMNS;
use crate::claim::Decimal;

/// Who wrote the file, as its footer says.
const CREATOR: &str = concat!(env!("CARGO_PKG_NAME"), " version ", env!("CARGO_PKG_VERSION"));

/// Amounts and units: 18 digits, of which four are places.
const NUMBER: ArrowDataType = ArrowDataType::Decimal(18, 4);

/// Makes row groups of one decisions file.
pub struct ParquetEncoder {
    schema: SchemaDescriptor,
    /// What groups were made of that are done.
    spent: Mutex<Vec<Desk>>,
}

impl fmt::Debug for ParquetEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetEncoder").finish_non_exhaustive()
    }
}

impl ParquetEncoder {
    /// An encoder.
    ///
    /// # Errors
    ///
    /// The library refuses the schema.
    pub fn new() -> io::Result<Self> {
        Ok(Self { schema: schema()?, spent: Mutex::default() })
    }

    /// An empty group.
    #[must_use]
    pub fn group(&self) -> ParquetGroup<'_> {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner).pop();
        ParquetGroup { encoder: self, desk: spent.unwrap_or_default() }
    }
}

fn schema() -> io::Result<SchemaDescriptor> {
    let columns = COLUMNS.iter().map(|name| {
        let (dtype, blank) = match *name {
            "source_row" | "line_number" => (ArrowDataType::Int64, false),
            "service_date" => (ArrowDataType::Date32, false),
            "units" => (NUMBER, false),
            "billed_amount" | "paid_amount" => (NUMBER, true),
            _ => (ArrowDataType::Utf8View, false),
        };
        to_parquet_type(&Field::new((*name).into(), dtype, blank)).map_err(io::Error::other)
    });
    Ok(SchemaDescriptor::new("decisions".into(), columns.collect::<io::Result<_>>()?))
}

/// Rows on their way to one row group.
pub struct ParquetGroup<'e> {
    encoder: &'e ParquetEncoder,
    desk: Desk,
}

impl fmt::Debug for ParquetGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetGroup").field("rows", &self.desk.columns.source_row.len()).finish_non_exhaustive()
    }
}

/// What a group is made with, from group to group.
#[derive(Default)]
struct Desk {
    columns: Columns,
    pages: Option<PageEncoder>,
}

#[derive(Default)]
struct Columns {
    source_file: Texts,
    source_row: Vec<i64>,
    claim_id: Texts,
    line_number: Vec<i64>,
    service_date: Vec<i64>,
    diagnosis_codes: Texts,
    provider_npi: Texts,
    units: FewNumbers,
    billed: FewNumbers,
    paid: FewNumbers,
    outcomes: Outcomes,
    detail: Texts,
}

impl ParquetGroup<'_> {
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let amount = |amount: Option<Decimal>| amount.map(Decimal::ten_thousandths);
        let columns = &mut self.desk.columns;
        let (texts, numbers) = (row.texts, row.texts.numbers);
        columns.source_file.push(row.source_file.into(), numbers.source_file);
        columns.source_row.push(row.source_row.cast_signed());
        columns.claim_id.push(texts.claim_id, numbers.claim_id);
        columns.line_number.push(row.line_number.into());
        columns.service_date.push(row.service_date.days().into());
        columns.diagnosis_codes.push(texts.diagnosis_codes, numbers.diagnosis_codes);
        columns.provider_npi.push(texts.provider_npi, numbers.provider_npi);
        columns.units.push(Some(row.units.ten_thousandths()));
        columns.billed.push(amount(row.billed));
        columns.paid.push(amount(row.paid));
        columns.outcomes.push(row);
        columns.detail.push(texts.detail, numbers.detail);
    }

    pub(super) fn finish(self) -> io::Result<ParquetRowGroup> {
        let Self { encoder, desk: Desk { mut columns, pages } } = self;
        let mut pages = pages.map_or_else(PageEncoder::new, Ok)?;
        let rows = columns.source_row.len() as u64;
        columns.outcomes.settle();
        let into = encoder.schema.columns().iter().filter(|_| rows > 0);
        let done = into.zip(columns.in_order()).map(|(into, column)| pages.pages(&column, &into.descriptor));
        let done = done.collect::<io::Result<_>>()?;
        columns.clear();
        let desk = Desk { columns, pages: Some(pages) };
        encoder.spent.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
        Ok(ParquetRowGroup { rows, columns: done })
    }
}

impl Columns {
    /// The columns in the schema's order.
    fn in_order(&self) -> [Column<'_>; COLUMNS.len()] {
        let [
            procedure,
            disposition,
            rule,
            findings,
            carc,
            rarc,
            policy,
            version,
            indication,
            status,
            overrides,
            recovery,
        ] = self.outcomes.columns();
        [
            Column::Words(&self.source_file),
            Column::Numbers(&self.source_row),
            Column::Texts(&self.claim_id),
            Column::Numbers(&self.line_number),
            Column::Numbers(&self.service_date),
            procedure,
            Column::Words(&self.diagnosis_codes),
            self.outcomes.line_of_business(),
            Column::Words(&self.provider_npi),
            Column::Few(&self.units),
            Column::Few(&self.billed),
            Column::Few(&self.paid),
            disposition,
            rule,
            findings,
            carc,
            rarc,
            policy,
            version,
            indication,
            Column::Words(&self.detail),
            status,
            overrides,
            recovery,
        ]
    }

    fn clear(&mut self) {
        self.source_file.clear();
        self.source_row.clear();
        self.claim_id.clear();
        self.line_number.clear();
        self.service_date.clear();
        self.diagnosis_codes.clear();
        self.provider_npi.clear();
        self.units.clear();
        self.billed.clear();
        self.paid.clear();
        self.outcomes.clear();
        self.detail.clear();
    }
}

/// A row group, encoded and compressed.
pub struct ParquetRowGroup {
    rows: u64,
    columns: Vec<Vec<CompressedPage>>,
}

/// Writes row groups, one after the other, and then the footer.
pub struct ParquetSink<W: Write> {
    writer: FileWriter<W>,
}

impl<W: Write> ParquetSink<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let options = WriteOptions { write_statistics: false, version: Version::V2 };
        Ok(Self { writer: FileWriter::new(out, schema()?, options, Some(CREATOR.to_owned())) })
    }

    pub(super) fn write(&mut self, group: &ParquetRowGroup) -> io::Result<()> {
        if group.rows == 0 {
            return Ok(());
        }
        let columns = group.columns.iter().map(|pages| Ok(DynStreamingIterator::new(convert(pages.iter().map(Ok)))));
        self.writer.write::<ParquetError>(group.rows, DynIter::new(columns)).map_err(io::Error::other)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.writer.end(None).map_err(io::Error::other)?;
        Ok(self.writer.into_inner())
    }
}
