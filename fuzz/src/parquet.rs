//! Parquet files: whatever the bytes, an error or rows; and the rows are what the
//! library reads, where it reads the columns at all.

use std::cell::Cell as Flag;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};

use adjudicate::claim::{ClaimLine, Day, Decimal, ProcedureCode};
use adjudicate::input::parquet::{ParquetBatch, ParquetFile};
use adjudicate::input::{Cell, Column, InputFormat, Row as _, RowMemory, RowReader};
use polars_arrow::array::{Array, BinaryViewArray, PrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, PageReader, column_iter_to_arrays, infer_schema,
    read_metadata,
};

use super::layout::embedded;
use super::on_disk;

thread_local! {
    static COMPARING: Flag<bool> = const { Flag::new(false) };
}

/// Whether this thread asks the library, by itself, for what our reader has read.
pub fn is_comparing() -> bool {
    COMPARING.get()
}

/// Tells a place in the library once where it panics over a file.
#[allow(unexpected_cfgs)] // The fuzzers are built with it.
pub fn note_caught(info: &PanicHookInfo<'_>) {
    static PLACES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let Some(place) = info.location() else { return };
    let place = format!("{}:{}", place.file().rsplit("/src/index").next().unwrap_or_default(), place.line());
    if PLACES.lock().unwrap_or_else(PoisonError::into_inner).insert(place.clone()) && cfg!(fuzzing) {
        eprintln!("caught: {place}");
    }
}

fn by_library<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    COMPARING.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    COMPARING.set(false);
    done.ok().flatten()
}

/// Codes that begin with 9 are in scope.
fn nines(procedure: ProcedureCode) -> bool {
    procedure.to_string().starts_with('9')
}

/// Reads everything that there is, by row groups: some rows of each, and all.
pub fn rows(data: &[u8]) {
    let (_file, input) = on_disk::input(data, InputFormat::Parquet);
    let file = match ParquetFile::open(&input, embedded(0)) {
        Ok(file) => file,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert_eq!((0..file.groups()).map(|group| file.group_rows(group)).sum::<u64>(), file.rows());
    let metadata = by_library(|| read_metadata(&mut Cursor::new(data)).ok());
    for group in 0..file.groups().min(4) {
        let all = file.read_group(group, &|_| true);
        let some = file.read_group(group, &nines);
        if let Ok(some) = &some {
            readable(&file, some);
        }
        let Ok(all) = all else { continue };
        readable(&file, &all);
        if let Ok(some) = &some {
            is_part(&file, some, &all);
        }
        // Where no row is wanted the columns are not read, and not looked over.
        if let Some(metadata) = metadata.as_ref().filter(|_| !all.selected().is_empty()) {
            compare(data, metadata, group, &file, &all);
        }
    }
}

/// So many rows of a batch are looked at.
const MOST_ROWS: usize = 1 << 12;

/// Every row of a batch is a line or a fault, the same behind the row before it and by
/// itself, and can be shown.
fn readable(file: &ParquetFile, batch: &ParquetBatch) {
    assert!(batch.selected().is_sorted_by(|a, b| a < b));
    assert!(batch.selected().last().is_none_or(|last| (*last as usize) < batch.rows()));
    let reader = RowReader::new(file.map());
    let mut memory = RowMemory::default();
    let mut line = ClaimLine::new("", 0, Day::from_days(0), ProcedureCode::NONE);
    for at in 0..batch.selected().len().min(MOST_ROWS) {
        let row = batch.row(at);
        let procedure = reader.procedure(&row);
        assert!(!reader.keeps_procedure(&row, &line) || procedure == Some(line.procedure));
        if let Some(procedure) = procedure {
            line.procedure = procedure;
            let filled = reader.fill(&row, &mut line, &mut memory);
            let filled = filled.map(|()| ClaimLine { header: None, ..line.clone() });
            assert_eq!(format!("{filled:?}"), format!("{:?}", reader.read(&row, procedure)));
            assert!(filled.is_err() || line.line_number > 0 && !line.claim_id.is_empty());
        } else {
            line.header = None;
        }
        let _ = batch.describe(at);
    }
}

/// What is read of some rows is what is read of all.
fn is_part(file: &ParquetFile, some: &ParquetBatch, all: &ParquetBatch) {
    assert_eq!(some.rows(), all.rows());
    for (at, row) in some.selected().iter().enumerate().take(MOST_ROWS) {
        let Ok(among) = all.selected().binary_search(row) else { panic!("row {row} is not among all") };
        for place in file.map().used_places() {
            assert_eq!(shown(some.row(at).cell(place)), shown(all.row(among).cell(place)), "row {row}, column {place}");
        }
    }
}

/// A cell without regard to whether the reader knows that its column is text.
fn shown(cell: Cell<'_>) -> String {
    match cell {
        Cell::Bytes(bytes) => format!("{:?}", str::from_utf8(bytes).map_err(|_| bytes)),
        cell => format!("{cell:?}"),
    }
}

/// Holds flat columns to what the library makes of them.
fn compare(data: &[u8], metadata: &FileMetadata, group: usize, file: &ParquetFile, batch: &ParquetBatch) {
    let Some(schema) = by_library(|| infer_schema(metadata).ok()) else { return };
    let (Some(group), map) = (metadata.row_groups.get(group), file.map()) else { return };
    for place in map.used_places() {
        let Some((_, field)) = schema.get_at_index(place) else { continue };
        let users: Vec<Column> =
            map.mapped().filter(|(_, places)| places.contains(&place)).map(|(column, _)| column).collect();
        let chunk = group.parquet_columns().iter().find(|chunk| {
            let path = &chunk.descriptor().path_in_schema;
            path.len() == 1 && path.first().is_some_and(|name| *name == field.name)
        });
        let Some(chunk) = chunk.filter(|_| is_same(field, &users)) else { continue };
        let Some(array) = by_library(|| array(data, chunk, field.clone())) else { continue };
        if array.len() != batch.rows() {
            continue;
        }
        for (at, row) in batch.selected().iter().enumerate().take(MOST_ROWS) {
            let theirs = theirs(array.as_ref(), *row as usize);
            assert_eq!(ours(batch.row(at).cell(place)), theirs, "row {row} of {}", field.name);
        }
    }
}

/// Whether a cell of such a column is what the library has.
fn is_same(field: &Field, users: &[Column]) -> bool {
    match field.dtype {
        ArrowDataType::BinaryView | ArrowDataType::Utf8View => true,
        ArrowDataType::Int32 | ArrowDataType::Int64 | ArrowDataType::Float64 => {
            users.iter().all(|user| matches!(user, Column::LineNumber | Column::Units | Column::PaidAmount))
        }
        ArrowDataType::Date32 => users.iter().all(|user| *user == Column::ServiceDate),
        _ => false,
    }
}

/// The values of a column, as the library reads them without us.
fn array(data: &[u8], chunk: &ColumnChunkMetadata, mut field: Field) -> Option<Box<dyn Array>> {
    if field.dtype == ArrowDataType::Utf8View {
        field.dtype = ArrowDataType::BinaryView;
    }
    // What our reader has looked over, and nothing else: the library takes memory for
    // whatever a page claims. Some writers say 0 where there is no dictionary.
    let first = chunk.data_page_offset();
    let start = chunk.dictionary_page_offset().filter(|at| (4..first).contains(at)).unwrap_or(first);
    let (start, length) = (usize::try_from(start).ok()?, usize::try_from(chunk.compressed_size()).ok()?);
    let bytes = data.get(start..)?.get(..length)?.to_vec();
    let pages = PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), 1 << 20);
    let type_ = &chunk.descriptor().descriptor.primitive_type;
    let pages = BasicDecompressor::new(pages, Vec::new());
    let (mut arrays, _) = column_iter_to_arrays(vec![pages], vec![type_], field, None).ok()?;
    if arrays.len() == 1 { arrays.pop() } else { None }
}

/// A value as bytes, a number or a day.
#[derive(PartialEq, Debug)]
enum Value {
    Nothing,
    Text(Vec<u8>),
    Number(i64),
    Ten(Option<i64>),
}

fn ours(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Blank | Cell::Truth(_) => Value::Nothing,
        Cell::Text(text) => Value::Text(text.as_bytes().to_vec()),
        Cell::Bytes(bytes) => Value::Text(bytes.to_vec()),
        Cell::Integer(number) => Value::Number(number),
        Cell::Day(day) => Value::Number(day.days().into()),
        Cell::Number(number) => Value::Ten(Some(number.ten_thousandths())),
        Cell::Unreadable => Value::Ten(None),
    }
}

fn theirs(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Nothing;
    }
    let any = array.as_any();
    if let Some(texts) = any.downcast_ref::<BinaryViewArray>() {
        return Value::Text(texts.value(row).to_vec());
    }
    if let Some(numbers) = any.downcast_ref::<PrimitiveArray<i32>>() {
        return Value::Number(numbers.value(row).into());
    }
    if let Some(numbers) = any.downcast_ref::<PrimitiveArray<i64>>() {
        return Value::Number(numbers.value(row));
    }
    let float = any.downcast_ref::<PrimitiveArray<f64>>().map(|floats| floats.value(row));
    Value::Ten(float.and_then(Decimal::from_float).map(Decimal::ten_thousandths))
}
