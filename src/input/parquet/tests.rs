//! Files made here, of every type that a warehouse may write, read back as rows.

mod broken;
mod changes;
mod scope;
mod typed;
mod unsuitable;

use std::io::Write as _;

use polars_arrow::array::{Array, BinaryViewArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_arrow::record_batch::RecordBatchT;
use polars_arrow::types::NativeType;
use polars_parquet::write::{
    CompressionOptions, Encoding, FileWriter, RowGroupIterator, StatisticsOptions, Version, WriteOptions,
};
use tempfile::NamedTempFile;

use super::{ParquetBatch, ParquetFile};
use crate::claim::ProcedureCode;
use crate::input::{InputError, InputFile, InputFormat, Layout, Row as _};

type Columns = Vec<(&'static str, Box<dyn Array>)>;

const PLAIN: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: None,
    },
    version: Version::V1,
    compression: CompressionOptions::Zstd(None),
    data_page_size: None,
};

/// A Parquet file with a row group for each of `groups`.
fn written(groups: &[Columns], options: WriteOptions, encoding: Encoding) -> Vec<u8> {
    let schema: ArrowSchema = groups[0]
        .iter()
        .map(|(name, array)| ((*name).into(), Field::new((*name).into(), array.dtype().clone(), true)))
        .collect();
    let batches = groups.iter().map(|columns| {
        let arrays: Vec<Box<dyn Array>> = columns.iter().map(|(_, array)| array.clone()).collect();
        Ok(RecordBatchT::new(arrays[0].len(), schema.clone().into(), arrays))
    });
    let encodings: Vec<_> = groups[0].iter().map(|_| vec![encoding]).collect();
    let mut writer = FileWriter::try_new(Vec::new(), schema.clone(), options).unwrap();
    for group in RowGroupIterator::try_new(batches, &schema, options, encodings.into()).unwrap() {
        writer.write(u64::MAX, group.unwrap()).unwrap();
    }
    writer.end(None).unwrap();
    writer.into_inner()
}

fn on_disk(bytes: &[u8]) -> (NamedTempFile, InputFile) {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let path = file.path().to_owned();
    let input =
        InputFile { name: "claims.parquet".to_owned(), path, format: InputFormat::Parquet, size: bytes.len() as u64 };
    (file, input)
}

fn opened_as(bytes: &[u8], layout: &Layout) -> Result<ParquetFile, InputError> {
    let (_file, input) = on_disk(bytes);
    ParquetFile::open(&input, layout)
}

fn opened(bytes: &[u8]) -> Result<ParquetFile, InputError> {
    opened_as(bytes, &Layout::embedded("native").unwrap())
}

fn opened_columns(columns: Columns) -> Result<ParquetFile, InputError> {
    opened(&written(&[columns], PLAIN, Encoding::RleDictionary))
}

/// Codes that begin with 9 are in scope.
fn nines(procedure: ProcedureCode) -> bool {
    procedure.to_string().starts_with('9')
}

fn all(file: &ParquetFile) -> ParquetBatch {
    file.read_group(0, &|_| true).unwrap()
}

/// A column's values in a batch, as cells print.
fn cells(file: &ParquetFile, batch: &ParquetBatch, name: &str) -> Vec<String> {
    let place = file.map().names.iter().position(|known| known == name).unwrap();
    (0..batch.selected().len())
        .map(|at| match batch.row(at).cell(place) {
            crate::input::Cell::Text(text) => format!("Text({text})"),
            crate::input::Cell::Bytes(bytes) => format!("Text({})", String::from_utf8_lossy(bytes)),
            other => format!("{other:?}"),
        })
        .collect()
}

fn text(values: &[Option<&str>]) -> Box<dyn Array> {
    Utf8ViewArray::from_slice(values).boxed()
}

fn bytes(values: &[Option<&[u8]>]) -> Box<dyn Array> {
    BinaryViewArray::from_slice(values).boxed()
}

fn typed<T: NativeType>(dtype: ArrowDataType, values: &[Option<T>]) -> Box<dyn Array> {
    PrimitiveArray::<T>::from(values).to(dtype).boxed()
}

/// The needed columns, for three rows, but for those that a test brings itself.
fn three_rows(own: Columns) -> Columns {
    let mut columns: Columns = vec![
        ("claim_id", text(&[Some("C1"), Some("C2"), Some("C3")])),
        ("line_number", typed(ArrowDataType::Int64, &[Some(1_i64), Some(2), Some(3)])),
        ("service_date", typed(ArrowDataType::Date32, &[Some(20_000_i32), Some(20_001), Some(20_002)])),
        ("procedure_code", text(&[Some("99213"), Some("12345"), Some("99214")])),
        ("diagnosis_codes", text(&[Some("M80.08XA"), None, Some("C41.2;I10")])),
    ];
    columns.retain(|(name, _)| own.iter().all(|(own, _)| own != name));
    columns.extend(own);
    columns
}
