//! From a chunk's bytes to values, by the library, at arm's length.

use std::cell::Cell;
use std::fmt::Display;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars_arrow::array::Array;
use polars_arrow::compute::concatenate::concatenate;
use polars_arrow::datatypes::Field;
use polars_parquet::read::{BasicDecompressor, ColumnChunkMetadata, Filter, PageReader, column_iter_to_arrays};

/// More than the headers of pages can need beyond the pages themselves.
const HEADROOM: usize = 1 << 16;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread reads Parquet where a panic means that the file is damaged,
/// and becomes an error of the file: then a panic hook has nothing to tell.
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Calls the library. A panic of its own means a damaged file to us: it checks
/// much, but not everything, before it indexes.
pub(super) fn quietly<T, E: Display>(work: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    match done {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("its pages do not hold what they announce".to_owned()),
    }
}

/// The values of a chunk, those that `filter` lets through.
pub(super) fn decode(
    bytes: Vec<u8>,
    chunk: &ColumnChunkMetadata,
    field: Field,
    filter: Option<Filter>,
) -> Result<Box<dyn Array>, String> {
    quietly(|| {
        let type_ = &chunk.descriptor().descriptor.primitive_type;
        let (mut arrays, _) = column_iter_to_arrays(vec![pages(bytes, chunk)], vec![type_], field, filter)
            .map_err(|error| error.to_string())?;
        match arrays.pop() {
            Some(only) if arrays.is_empty() => Ok(only),
            Some(last) => {
                arrays.push(last);
                let parts: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
                concatenate(&parts).map_err(|error| error.to_string())
            }
            None => Err("it holds no values".to_owned()),
        }
    })
}

fn pages(bytes: Vec<u8>, chunk: &ColumnChunkMetadata) -> BasicDecompressor {
    BasicDecompressor::new(page_reader(bytes, chunk), Vec::new())
}

/// The pages of a chunk as they lie in the file.
pub(super) fn page_reader(bytes: Vec<u8>, chunk: &ColumnChunkMetadata) -> PageReader {
    let most = bytes.len().saturating_add(HEADROOM);
    PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_is_known_within_it_and_nowhere_else() {
        assert!(!is_guarded());
        let within = quietly(|| {
            let within = quietly(|| Ok::<_, String>(is_guarded()))?;
            Ok::<_, String>(within && is_guarded())
        });
        assert_eq!(within, Ok(true));
        assert!(quietly(|| -> Result<(), String> { panic!("made for the test") }).is_err());
        assert!(!is_guarded());
    }
}
