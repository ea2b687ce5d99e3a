//! What would be read, and how: for a look before a run.

use super::FileReading;
use crate::claim::ProcedureCode;
use crate::digest::DigestKind;
use crate::input::csv::{CsvFile, CsvOptions, Records, RowVisitor};
use crate::input::parquet::ParquetFile;
use crate::input::{Cell, Column, ColumnMap, InputError, InputFile, InputFormat, Layout, Row, RowReader};

/// How one input would be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// What was detected.
    pub reading: FileReading,
    /// The first rows of a CSV input: each mapped column but the member's, with
    /// its text.
    pub rows: Vec<Vec<(String, String)>>,
}

/// What would be read of each input, and how.
///
/// # Errors
///
/// As for a run, before it begins.
pub fn preview(
    inputs: &[InputFile],
    layout: &Layout,
    delimiter: Option<u8>,
    rows: usize,
) -> Result<Vec<Preview>, InputError> {
    inputs.iter().map(|input| preview_file(input, layout, delimiter, rows)).collect()
}

/// Opens one input and reads its first rows' mapped columns as text.
fn preview_file(input: &InputFile, layout: &Layout, delimiter: Option<u8>, rows: usize) -> Result<Preview, InputError> {
    let mut seen = FirstRows { wanted: rows, rows: Vec::new(), columns: Vec::new() };
    let reading = match input.format {
        InputFormat::Csv => {
            let options = CsvOptions { delimiter, chunk_bytes: 1 << 16, digest: DigestKind::Blake3 };
            let mut csv = CsvFile::open(input, layout, options)?;
            let map = csv.map().clone();
            seen.columns = columns_of(&map);
            if let Some(chunk) = csv.next_chunk(Vec::new())? {
                let reader = RowReader::new(&map);
                Records::new(csv.delimiter(), map.width, &reader).visit(&chunk, &mut seen);
            }
            FileReading { name: input.name.clone(), format: input.format, delimiter: Some(csv.delimiter()), map }
        }
        InputFormat::Parquet => {
            let parquet = ParquetFile::open(input, layout)?;
            FileReading { name: input.name.clone(), format: input.format, delimiter: None, map: parquet.map().clone() }
        }
    };
    Ok(Preview { reading, rows: seen.rows })
}

fn columns_of(map: &ColumnMap) -> Vec<(Column, usize)> {
    map.mapped().filter_map(|(column, places)| Some((column, *places.first()?))).collect()
}

/// Takes the first rows, whatever their procedure.
struct FirstRows {
    wanted: usize,
    rows: Vec<Vec<(String, String)>>,
    columns: Vec<(Column, usize)>,
}

impl RowVisitor for FirstRows {
    fn accepts(&self, _: ProcedureCode) -> bool {
        self.rows.len() < self.wanted
    }

    fn passed(&mut self) {}

    fn row<'r, 'm: 'r, R: Row<'r>>(&mut self, row: &R, _: ProcedureCode, _: &RowReader<'m>, _: &dyn Fn() -> Vec<u8>) {
        let text = |place: usize| match row.cell(place) {
            Cell::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        // The member is private, in a preview too.
        let shown = self.columns.iter().filter(|(column, _)| *column != Column::MemberId);
        self.rows.push(shown.map(|(column, place)| (column.to_string(), text(*place))).collect());
    }

    fn ragged(&mut self, _: usize, _: &[u8]) {}
}
