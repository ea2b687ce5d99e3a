//! Parquet files of a CSV text, made by polars.

use polars::prelude::{Column, DataFrame, DataType, NamedFrom as _, ParquetWriter, Series, TimeUnit};

/// A text's columns, all of them text; a blank is a null.
fn frame(text: &str) -> DataFrame {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let columns = header.iter().enumerate().map(|(at, name)| {
        let values: Vec<Option<&str>> =
            records.iter().map(|record| Some(&record[at]).filter(|value| !value.is_empty())).collect();
        Column::from(Series::new(name.into(), values))
    });
    DataFrame::new(records.len(), columns.collect()).unwrap()
}

fn written(mut frame: DataFrame, rows: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).with_row_group_size(Some(rows)).finish(&mut frame).unwrap();
    bytes
}

/// A text's claims with every column as text.
pub(crate) fn claims(text: &str) -> Vec<u8> {
    written(frame(text), 1 << 20)
}

/// The same in row groups of so many rows.
pub(crate) fn claims_in_groups(text: &str, rows: usize) -> Vec<u8> {
    written(frame(text), rows)
}

/// The same with the types that a warehouse would give its columns. The text's
/// values must be written plainly: ISO days, no `$`.
pub(crate) fn typed_claims(text: &str, rows: usize) -> Vec<u8> {
    let mut frame = frame(text);
    let types = [
        ("line_number", DataType::Int64),
        ("service_date", DataType::Date),
        ("units", DataType::Float64),
        ("billed_amount", DataType::Float64),
        ("paid_amount", DataType::Float64),
        ("conservative_weeks", DataType::Float64),
        ("fracture_age_weeks", DataType::Int32),
    ];
    for (name, kind) in types {
        retype(&mut frame, name, &kind);
    }
    for name in ["symptomatic", "severe_pain", "hospitalized", "ambulation_prevented", "fda_cleared_device"] {
        let Ok(column) = frame.column(name) else { continue };
        let answers: Vec<Option<bool>> =
            column.str().unwrap().iter().map(|text| text.map(|text| text == "yes")).collect();
        frame.with_column(Column::from(Series::new(name.into(), answers))).unwrap();
    }
    written(frame, rows)
}

fn retype(frame: &mut DataFrame, name: &str, kind: &DataType) {
    let Ok(column) = frame.column(name) else { return };
    let other = if *kind == DataType::Date { days(column) } else { column.strict_cast(kind).unwrap() };
    frame.with_column(other).unwrap();
}

/// ISO days as days.
fn days(column: &Column) -> Column {
    let days: Vec<Option<i32>> = column
        .str()
        .unwrap()
        .iter()
        .map(|text| text.map(|text| adjudicate::claim::Day::parse_iso(text).unwrap().days()))
        .collect();
    Column::from(Series::new(column.name().clone(), days)).cast(&DataType::Date).unwrap()
}

/// Files with one column of a type that cannot mean what the column holds, each
/// with that column's name.
pub(crate) fn odd_types(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let cases = [
        ("claim_id", DataType::Boolean),
        ("line_number", DataType::Boolean),
        ("service_date", DataType::Boolean),
        ("procedure_code", DataType::Date),
        ("diagnosis_codes", DataType::Date),
        ("paid_amount", DataType::Date),
        ("line_number", DataType::Datetime(TimeUnit::Microseconds, None)),
    ];
    let mut files = Vec::new();
    for (name, kind) in cases {
        let mut frame = frame(text);
        let rows = frame.height();
        let base = match kind {
            DataType::Boolean => Series::new(name.into(), vec![true; rows]),
            DataType::Date => Series::new(name.into(), vec![1_i32; rows]),
            _ => Series::new(name.into(), vec![1_i64; rows]),
        };
        frame.with_column(Column::from(base.cast(&kind).unwrap())).unwrap();
        files.push((name, written(frame, 1 << 20)));
    }
    files
}

/// How many rows each row group of a file has.
pub(crate) fn groups(bytes: &[u8]) -> Vec<usize> {
    use polars::prelude::{ParquetReader, SerReader as _};

    let mut reader = ParquetReader::new(std::io::Cursor::new(bytes));
    reader.get_metadata().unwrap().row_groups.iter().map(polars_parquet::read::RowGroupMetadata::num_rows).collect()
}

/// The rows of decisions in Parquet, each value as decisions in CSV show it.
pub(crate) fn decisions(bytes: &[u8]) -> Vec<super::Row> {
    use polars::prelude::{ParquetReader, SerReader as _};

    let frame = ParquetReader::new(std::io::Cursor::new(bytes)).finish().unwrap();
    let rows = (0..frame.height())
        .map(|at| frame.columns().iter().map(|column| (column.name().to_string(), shown(column, at))).collect());
    rows.collect()
}

fn shown(column: &Column, at: usize) -> String {
    use polars::prelude::AnyValue;

    match column.get(at).unwrap() {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.to_owned(),
        AnyValue::Date(days) => adjudicate::claim::Day::from_days(days).to_string(),
        AnyValue::Decimal(..) | AnyValue::Float64(_) => {
            let value: f64 = column.get(at).unwrap().try_extract().unwrap();
            let decimal = adjudicate::claim::Decimal::from_float(value).unwrap();
            let mut text = Vec::new();
            match column.name().as_str() {
                "units" => decimal.write_plain(&mut text),
                _ => decimal.write_dollars(&mut text),
            }
            String::from_utf8(text).unwrap()
        }
        other => other.to_string(),
    }
}

/// A text's claims with one column put in another's place.
pub(crate) fn with_column(text: &str, column: Column) -> Vec<u8> {
    let mut frame = frame(text);
    frame.with_column(column).unwrap();
    written(frame, 2)
}

/// A text's claims under a compression, in row groups of so many rows.
pub(crate) fn compressed(text: &str, compression: polars::prelude::ParquetCompression, rows: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let writer = ParquetWriter::new(&mut bytes).with_compression(compression).with_row_group_size(Some(rows));
    writer.finish(&mut frame(text)).unwrap();
    bytes
}
