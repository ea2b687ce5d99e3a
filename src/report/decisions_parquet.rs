//! Decisions as Parquet: a row group for each group, Zstandard, dictionaries
//! where they pay.
//!
//! A worker builds the columns of its group, encodes and compresses them; the
//! sink only appends pages. Amounts and units are exact decimals with four
//! places, as they are inside.

use std::io::{self, Write};

use polars_arrow::array::{Array, MutableBinaryViewArray, MutablePrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::read::ParquetError;
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Compressor, DynIter, DynStreamingIterator, Encoding, FileWriter,
    SchemaDescriptor, StatisticsOptions, Version, WriteOptions, array_to_columns, fallible_streaming_iterator,
    get_dtype_encoding, to_parquet_schema,
};

use super::DecisionRow;
use super::decision::COLUMNS;
use crate::claim::Decimal;

/// Digits of an amount, and how many of them stand behind the point.
const PRECISION: usize = 18;
const SCALE: usize = 4;

/// How many of the columns are text, and where the others stand among them.
const TEXTS: usize = COLUMNS.len() - 6;

/// What every group of one file shares.
#[derive(Debug)]
pub struct ParquetEncoder {
    parquet: SchemaDescriptor,
}

/// Rows of one group, column by column.
#[derive(Debug)]
pub struct ParquetGroup<'e> {
    encoder: &'e ParquetEncoder,
    texts: [MutableBinaryViewArray<str>; TEXTS],
    source_row: MutablePrimitiveArray<i64>,
    line_number: MutablePrimitiveArray<i64>,
    service_date: MutablePrimitiveArray<i32>,
    units: MutablePrimitiveArray<i128>,
    billed: MutablePrimitiveArray<i128>,
    paid: MutablePrimitiveArray<i128>,
    rules: String,
}

/// An encoded group.
pub struct ParquetRowGroup {
    rows: u64,
    columns: Vec<Vec<CompressedPage>>,
}

/// Appends groups to a Parquet file.
pub struct ParquetSink<W: Write> {
    writer: FileWriter<W>,
}

fn options() -> WriteOptions {
    WriteOptions {
        statistics: StatisticsOptions::default(),
        version: Version::V1,
        compression: CompressionOptions::Zstd(None),
        data_page_size: None,
    }
}

fn data_type(column: &str) -> ArrowDataType {
    match column {
        "source_row" | "line_number" => ArrowDataType::Int64,
        "service_date" => ArrowDataType::Date32,
        "units" | "billed_amount" | "paid_amount" => ArrowDataType::Decimal(PRECISION, SCALE),
        _ => ArrowDataType::Utf8View,
    }
}

fn schema() -> ArrowSchema {
    COLUMNS.iter().map(|name| ((*name).into(), Field::new((*name).into(), data_type(name), true))).collect()
}

impl ParquetEncoder {
    pub(super) fn new() -> io::Result<Self> {
        let parquet = to_parquet_schema(&schema()).map_err(io::Error::other)?;
        Ok(Self { parquet })
    }

    pub(super) fn group(&self) -> ParquetGroup<'_> {
        let decimal = || MutablePrimitiveArray::new().to(ArrowDataType::Decimal(PRECISION, SCALE));
        ParquetGroup {
            encoder: self,
            texts: std::array::from_fn(|_| MutableBinaryViewArray::new()),
            source_row: MutablePrimitiveArray::new(),
            line_number: MutablePrimitiveArray::new(),
            service_date: MutablePrimitiveArray::new().to(ArrowDataType::Date32),
            units: decimal(),
            billed: decimal(),
            paid: decimal(),
            rules: String::new(),
        }
    }
}

impl ParquetGroup<'_> {
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let amount = |amount: Option<Decimal>| amount.map(|amount| i128::from(amount.ten_thousandths()));
        self.source_row.push(i64::try_from(row.source_row).ok());
        self.line_number.push(Some(i64::from(row.line_number)));
        self.service_date.push(Some(row.service_date.days()));
        self.units.push(amount(Some(row.units)));
        self.billed.push(amount(row.billed));
        self.paid.push(amount(row.paid));
        self.rules.clear();
        for rule in row.findings.rules() {
            if !self.rules.is_empty() {
                self.rules.push(';');
            }
            self.rules.push_str(rule.rule().code);
        }
        let mut code = Vec::with_capacity(8);
        row.procedure.write(&mut code);
        let texts: [&str; TEXTS] = [
            row.source_file,
            row.claim_id,
            std::str::from_utf8(&code).unwrap_or_default(),
            row.diagnosis_codes,
            row.line_of_business,
            row.provider_npi,
            row.disposition.name(),
            row.rule.map_or("", |rule| rule.rule().code),
            &self.rules,
            row.carc,
            row.rarc,
            row.policy_id,
            row.policy_version,
            row.indication,
            row.detail,
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.push_value(text);
        }
    }

    pub(super) fn finish(self) -> io::Result<ParquetRowGroup> {
        let rows = self.source_row.values().len() as u64;
        let mut texts = self.texts.into_iter().map(|column| column.freeze().boxed());
        let mut text = || texts.next().ok_or_else(|| io::Error::other("a text column too few"));
        let mut numbers = [
            Some(self.source_row.freeze().boxed()),
            Some(self.line_number.freeze().boxed()),
            Some(self.service_date.freeze().boxed()),
            Some(self.units.freeze().boxed()),
            Some(self.billed.freeze().boxed()),
            Some(self.paid.freeze().boxed()),
        ]
        .into_iter();
        let mut columns = Vec::with_capacity(COLUMNS.len());
        for (name, parquet) in COLUMNS.iter().zip(self.encoder.parquet.fields()) {
            let kind = data_type(name);
            let array: Box<dyn Array> = if kind == ArrowDataType::Utf8View {
                text()?
            } else {
                numbers.next().flatten().ok_or_else(|| io::Error::other("a number column too few"))?
            };
            let encodings: Vec<Encoding> = get_dtype_encoding(&kind);
            let encoded = array_to_columns(array, parquet.clone(), options(), &encodings).map_err(io::Error::other)?;
            for pages in encoded {
                let pages =
                    pages.map(|page| page.map_err(|error| ParquetError::FeatureNotSupported(error.to_string())));
                let compressor = Compressor::new_from_vec(pages, options().compression, Vec::new());
                let compressed: Result<Vec<CompressedPage>, _> = compressor.collect();
                columns.push(compressed.map_err(io::Error::other)?);
            }
        }
        Ok(ParquetRowGroup { rows, columns })
    }
}

impl<W: Write> ParquetSink<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let writer = FileWriter::try_new(out, schema(), options()).map_err(io::Error::other)?;
        Ok(Self { writer })
    }

    pub(super) fn write(&mut self, group: &ParquetRowGroup) -> io::Result<()> {
        if group.rows == 0 {
            return Ok(());
        }
        let columns = group.columns.iter().map(|pages| {
            let pages = fallible_streaming_iterator::convert(pages.iter().map(Ok));
            Ok(DynStreamingIterator::new(pages))
        });
        self.writer.write(group.rows, DynIter::new(columns)).map_err(io::Error::other)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.writer.end(None).map_err(io::Error::other)?;
        Ok(self.writer.into_inner())
    }
}
