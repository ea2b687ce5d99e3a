//! Claims as Parquet, as a payer's warehouse has them: text, whole numbers, dates
//! and floating dollars; Zstandard; row groups of half a million lines.

use std::fmt::Write as _;
use std::io::Write;

use polars::error::{PolarsError, PolarsResult};
use polars_arrow::array::{Array, BooleanArray, MutableBinaryViewArray, PrimitiveArray};
use polars_arrow::compute::concatenate::concatenate;
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter, ParquetType,
    StatisticsOptions, Version, WriteOptions, array_to_columns, compress, fallible_streaming_iterator,
};
use rayon::prelude::*;

use super::GenerateError;
use super::clinical::{answers, etiology_word, technique_word};
use super::columns::{CLAIM_DIGITS, CLINICAL, MEMBER_DIGITS, NATIVE};
use super::draft::{Draft, Fault, Line};
use super::plan::LINES_OF_A_BLOCK;
use super::population::{claim_number, npi_of};
use super::write::{Part, Sink};
use crate::claim::{ClinicalFacts, Decimal};

/// Lines of a row group.
const ROW_GROUP: u64 = 500_000;

/// Writes Parquet to a writer.
pub(super) struct ParquetSink<W: Write> {
    file: FileWriter<W>,
    options: WriteOptions,
}

impl<W: Write> ParquetSink<W> {
    /// Begins a file.
    pub(super) fn new(out: W, clinical: bool) -> Result<Self, GenerateError> {
        let options = WriteOptions {
            statistics: StatisticsOptions::default(),
            version: Version::V1,
            compression: CompressionOptions::Zstd(None),
            data_page_size: None,
        };
        let names = NATIVE.iter().chain(if clinical { &CLINICAL[..] } else { &[] });
        let arrays = ParquetPart::new(clinical).into_arrays();
        let field = |(name, array): (&&str, Box<dyn Array>)| Field::new((*name).into(), array.dtype().clone(), true);
        let schema: ArrowSchema = names.zip(arrays).map(field).map(|field| (field.name.clone(), field)).collect();
        Ok(Self { file: FileWriter::try_new(out, schema, options).map_err(GenerateError::Parquet)?, options })
    }

    fn write_group(&mut self, parts: Vec<ParquetPart>) -> PolarsResult<()> {
        let rows: usize = parts.iter().map(|part| part.line_number.len()).sum();
        let mut columns: Vec<Vec<Box<dyn Array>>> = Vec::new();
        for part in parts {
            for (place, array) in part.into_arrays().into_iter().enumerate() {
                match columns.get_mut(place) {
                    Some(column) => column.push(array),
                    None => columns.push(vec![array]),
                }
            }
        }
        let types: Vec<ParquetType> = self.file.parquet_schema().fields().to_vec();
        let options = self.options;
        let encode = |(chunks, type_)| encode(chunks, type_, options);
        let columns = columns.into_par_iter().zip(types).map(encode).collect::<PolarsResult<Vec<_>>>()?;
        let pages = columns.iter().map(|pages| {
            let pages = pages.iter().map(PolarsResult::Ok);
            Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages)))
        });
        self.file.write(rows as u64, DynIter::new(pages))
    }
}

/// A column's pages, compressed. (Polars compresses while it writes, on one
/// thread; here every column is a task of its own.)
fn encode(chunks: Vec<Box<dyn Array>>, type_: ParquetType, options: WriteOptions) -> PolarsResult<Vec<CompressedPage>> {
    let column = concatenate(&chunks.iter().map(AsRef::as_ref).collect::<Vec<_>>())?;
    drop(chunks);
    let encoding = match column.dtype() {
        ArrowDataType::Boolean => Encoding::Plain,
        _ => Encoding::RleDictionary,
    };
    let pages = array_to_columns(column, type_, options, &[encoding])?;
    let compress = |page| compress(page, Vec::new(), options.compression).map_err(PolarsError::from);
    pages.into_iter().flatten().map(|page| page.and_then(compress)).collect()
}

impl<W: Write + Send> Sink for ParquetSink<W> {
    type Part = ParquetPart;

    const BLOCKS: u64 = ROW_GROUP / LINES_OF_A_BLOCK;

    fn write(&mut self, parts: Vec<ParquetPart>) -> Result<(), GenerateError> {
        if parts.is_empty() { Ok(()) } else { self.write_group(parts).map_err(GenerateError::Parquet) }
    }

    fn finish(mut self) -> Result<(), GenerateError> {
        self.file.end(None).map_err(GenerateError::Parquet)?;
        self.file.into_inner().flush().map_err(GenerateError::Output)
    }
}

type Text = MutableBinaryViewArray<str>;

/// The columns of a block.
#[derive(Default)]
pub(super) struct ParquetPart {
    claim_id: Text,
    line_number: Vec<i32>,
    member_id: Text,
    provider_npi: Text,
    line_of_business: Text,
    service_date: Vec<Option<i32>>,
    place_of_service: Text,
    procedure_code: Text,
    modifiers: Text,
    units: Vec<Option<i32>>,
    billed_amount: Vec<f64>,
    paid_amount: Vec<Option<f64>>,
    diagnosis_codes: Text,
    clinical: Option<Box<Clinical>>,
    text: String,
}

/// The columns of clinical facts.
#[derive(Default)]
struct Clinical {
    words: [Text; 2],
    answers: [Vec<Option<bool>>; 5],
    weeks: [Vec<Option<f64>>; 2],
}

impl Part for ParquetPart {
    fn new(clinical: bool) -> Self {
        Self { clinical: clinical.then(Box::default), ..Self::default() }
    }

    fn push(&mut self, claim: &Draft<'_>, line: &Line<'_>) {
        self.text.clear();
        // Writing to a string does not fail.
        let _ = write!(self.text, "C{:0CLAIM_DIGITS$}", claim_number(claim.id));
        self.claim_id.push_value(&self.text);
        self.text.clear();
        let _ = write!(self.text, "M{:0MEMBER_DIGITS$}", claim.member);
        self.member_id.push_value(&self.text);
        let number = if line.fault == Some(Fault::Number) { 0 } else { line.number };
        self.line_number.push(i32::try_from(number).unwrap_or(i32::MAX));
        self.provider_npi.push_value(itoa::Buffer::new().format(npi_of(claim.provider)));
        self.line_of_business.push(filled(claim.line_of_business));
        // A column of dates has no place for one that is none: it was lost when
        // the warehouse was loaded.
        self.service_date.push((line.fault != Some(Fault::Date)).then(|| line.day.days()));
        self.place_of_service.push(filled(claim.place));
        self.procedure_code.push_value(line.procedure);
        self.modifiers.push(filled(line.modifier));
        self.units.push(line.units);
        self.billed_amount.push(if line.fault == Some(Fault::Amount) { f64::NAN } else { dollars(line.billed) });
        self.paid_amount.push(line.paid.map(dollars));
        self.diagnosis_codes.push(filled(claim.diagnoses_of(line)));
        if let Some(clinical) = &mut self.clinical {
            clinical.push(if line.in_scope { claim.facts } else { ClinicalFacts::default() });
        }
    }
}

impl Clinical {
    fn push(&mut self, facts: ClinicalFacts) {
        let [etiology, technique] = &mut self.words;
        etiology.push(filled(etiology_word(facts.etiology)));
        technique.push(filled(technique_word(facts.technique)));
        for (column, answer) in self.answers.iter_mut().zip(answers(&facts)) {
            column.push(answer);
        }
        #[allow(clippy::cast_precision_loss)] // Weeks are few.
        let number = |weeks: Decimal| weeks.ten_thousandths() as f64 / Decimal::ONE.ten_thousandths() as f64;
        for (column, weeks) in self.weeks.iter_mut().zip([facts.conservative_weeks, facts.fracture_age_weeks]) {
            column.push(weeks.map(number));
        }
    }
}

impl ParquetPart {
    /// The columns in their order.
    fn into_arrays(self) -> Vec<Box<dyn Array>> {
        let text = |column: Text| -> Box<dyn Array> { Box::new(column.freeze()) };
        let amounts = |column: Vec<Option<f64>>| -> Box<dyn Array> { Box::new(PrimitiveArray::from(column)) };
        let mut arrays: Vec<Box<dyn Array>> = vec![
            text(self.claim_id),
            Box::new(PrimitiveArray::from_vec(self.line_number)),
            text(self.member_id),
            text(self.provider_npi),
            text(self.line_of_business),
            Box::new(PrimitiveArray::from(self.service_date).to(ArrowDataType::Date32)),
            text(self.place_of_service),
            text(self.procedure_code),
            text(self.modifiers),
            Box::new(PrimitiveArray::from(self.units)),
            Box::new(PrimitiveArray::from_vec(self.billed_amount)),
            amounts(self.paid_amount),
            text(self.diagnosis_codes),
        ];
        if let Some(clinical) = self.clinical {
            arrays.extend(clinical.words.map(text));
            arrays.extend(clinical.answers.map(|column| -> Box<dyn Array> { Box::new(BooleanArray::from(column)) }));
            arrays.extend(clinical.weeks.map(amounts));
        }
        arrays
    }
}

/// A blank is null.
fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[allow(clippy::cast_precision_loss)] // Far below two to the 52nd.
fn dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}
