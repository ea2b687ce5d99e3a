//! Decisions as Parquet, compressed with Zstandard.
//!
//! The library's encoders, column by column, on the thread that calls them:
//! neither its data frames nor its pool of threads are used. What a row group
//! holds, and nothing else, decides its bytes.

mod outcomes;
mod pages;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Write};

use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::bitmap::BitmapBuilder;
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_parquet::parquet::metadata::SchemaDescriptor;
use polars_parquet::parquet::write::{FileWriter, WriteOptions};
use polars_parquet::read::ParquetError;
use polars_parquet::write::fallible_streaming_iterator::convert;
use polars_parquet::write::{CompressedPage, DynIter, DynStreamingIterator, Encoding, Version, to_parquet_type};

use self::outcomes::Outcomes;
use self::pages::PageEncoder;
use self::words::{Codes, Texts, Words};
use super::DecisionRow;
use super::decision::COLUMNS;
use crate::claim::Decimal;

/// Who wrote the file, as its footer says.
const CREATOR: &str = concat!(env!("CARGO_PKG_NAME"), " version ", env!("CARGO_PKG_VERSION"));

/// Amounts and units: 18 digits, of which four are places.
const NUMBER: ArrowDataType = ArrowDataType::Decimal(18, 4);

/// Makes row groups of one decisions file.
#[derive(Debug)]
pub struct ParquetEncoder {
    schema: SchemaDescriptor,
}

impl ParquetEncoder {
    /// An encoder.
    ///
    /// # Errors
    ///
    /// The library refuses the schema.
    pub fn new() -> io::Result<Self> {
        Ok(Self { schema: schema()? })
    }

    /// An empty group.
    #[must_use]
    pub fn group(&self) -> ParquetGroup<'_> {
        ParquetGroup { schema: &self.schema, columns: Columns::default() }
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
    schema: &'e SchemaDescriptor,
    columns: Columns,
}

impl fmt::Debug for ParquetGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetGroup").field("rows", &self.columns.source_row.len()).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Columns {
    source_file: Words,
    source_row: Vec<i64>,
    claim_id: Texts,
    line_number: Vec<i64>,
    service_date: Vec<i32>,
    diagnosis_codes: Words,
    provider_npi: Words,
    units: Codes,
    billed: Amounts,
    paid: Amounts,
    outcomes: Outcomes,
    detail: Words,
}

#[derive(Default)]
struct Amounts {
    values: Vec<i64>,
    known: BitmapBuilder,
}

impl Amounts {
    #[inline]
    fn push(&mut self, amount: Option<Decimal>) {
        self.values.push(amount.unwrap_or_default().ten_thousandths());
        self.known.push(amount.is_some());
    }

    fn into_array(self) -> Box<dyn Array> {
        PrimitiveArray::new(ArrowDataType::Int64, self.values.into(), Some(self.known.freeze())).boxed()
    }
}

impl ParquetGroup<'_> {
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let columns = &mut self.columns;
        columns.source_file.push(row.source_file.as_bytes());
        columns.source_row.push(row.source_row.cast_signed());
        columns.claim_id.push(row.claim_id);
        columns.line_number.push(row.line_number.into());
        columns.service_date.push(row.service_date.days());
        columns.diagnosis_codes.push(row.diagnosis_codes);
        columns.provider_npi.push(row.provider_npi);
        columns.units.push(row.units.ten_thousandths());
        columns.billed.push(row.billed);
        columns.paid.push(row.paid);
        columns.outcomes.push(row);
        columns.detail.push(row.detail);
    }

    pub(super) fn finish(self) -> io::Result<ParquetRowGroup> {
        let rows = self.columns.source_row.len() as u64;
        let mut encoder = PageEncoder::new()?;
        let columns = self.schema.columns().iter().zip(self.columns.into_arrays()?);
        let columns =
            columns.map(|(column, (array, encoding))| encoder.pages(array.as_ref(), &column.descriptor, encoding));
        Ok(ParquetRowGroup { rows, columns: columns.collect::<io::Result<_>>()? })
    }
}

impl Columns {
    /// The columns in the schema's order, each with its encoding, should it not
    /// be a dictionary.
    fn into_arrays(self) -> io::Result<[(Box<dyn Array>, Encoding); COLUMNS.len()]> {
        // Differences take the least room; texts of equal length need none for
        // their lengths.
        let numbers = |array| (array, Encoding::DeltaBinaryPacked);
        let text = |array| (array, Encoding::DeltaLengthByteArray);
        let outcomes = self.outcomes.into_columns()?;
        Ok([
            text(self.source_file.into_array()?),
            numbers(PrimitiveArray::from_vec(self.source_row).boxed()),
            text(self.claim_id.into_array()?),
            numbers(PrimitiveArray::from_vec(self.line_number).boxed()),
            numbers(PrimitiveArray::from_vec(self.service_date).boxed()),
            text(outcomes.procedure),
            text(self.diagnosis_codes.into_array()?),
            text(outcomes.line_of_business),
            text(self.provider_npi.into_array()?),
            numbers(self.units.into_array()?),
            numbers(self.billed.into_array()),
            numbers(self.paid.into_array()),
            text(outcomes.disposition),
            text(outcomes.rule),
            text(outcomes.findings),
            text(outcomes.carc),
            text(outcomes.rarc),
            text(outcomes.policy_id),
            text(outcomes.policy_version),
            text(outcomes.indication),
            text(self.detail.into_array()?),
        ])
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
