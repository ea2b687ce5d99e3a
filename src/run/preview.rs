//! What would be read, and how: for a look before a run.

use std::collections::BTreeMap;

use super::FileReading;
use crate::claim::ProcedureCode;
use crate::digest::DigestKind;
use crate::input::csv::{Chunk, CsvFile, CsvOptions, Records, RowVisitor};
use crate::input::parquet::ParquetFile;
use crate::input::{Cell, Column, ColumnMap, InputError, InputFile, InputFormat, Layout, Row, RowReader};

/// How one input would be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// What was detected.
    pub reading: FileReading,
    /// The first rows of a CSV input.
    pub rows: Vec<PreviewRow>,
}

/// One of the first rows, whatever its procedure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PreviewRow {
    /// How many fields it has; where that is not the header's width, it would be
    /// rejected.
    pub fields: usize,
    /// Each mapped column but the member's, with its text: that of the first
    /// source that is filled. Nothing where the row would be rejected.
    pub columns: Vec<(String, String)>,
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
    let mut seen = Vec::new();
    let reading = match input.format {
        InputFormat::Csv => {
            let options = CsvOptions { delimiter, chunk_bytes: 1 << 16, digest: DigestKind::Blake3 };
            let mut csv = CsvFile::open(input, layout, options)?;
            let map = csv.map().clone();
            if let Some(chunk) = csv.next_chunk(Chunk::default())? {
                let any = ColumnMap::new(&input.name, &map.names, &any_procedure())?;
                let reader = RowReader::new(&any);
                let mut first = FirstRows { wanted: rows, rows: Vec::new(), map: &map };
                Records::new(csv.delimiter(), map.width, &reader).visit(&chunk, &mut first);
                seen = first.rows;
            }
            FileReading { name: input.name.clone(), format: input.format, delimiter: Some(csv.delimiter()), map }
        }
        InputFormat::Parquet => {
            let parquet = ParquetFile::open(input, layout)?;
            FileReading { name: input.name.clone(), format: input.format, delimiter: None, map: parquet.map().clone() }
        }
    };
    Ok(Preview { reading, rows: seen })
}

/// A layout under which every row has a procedure, so that none is passed over.
fn any_procedure() -> Layout {
    let constants = Column::REQUIRED.into_iter().chain([Column::DiagnosisCodes]);
    Layout {
        name: String::new(),
        about: String::new(),
        columns: BTreeMap::new(),
        constants: constants.map(|column| (column, "00000".to_owned())).collect(),
        delimiter: None,
    }
}

/// Takes the first rows.
struct FirstRows<'m> {
    wanted: usize,
    rows: Vec<PreviewRow>,
    map: &'m ColumnMap,
}

impl FirstRows<'_> {
    fn push(&mut self, fields: usize, columns: impl FnOnce(&ColumnMap) -> Vec<(String, String)>) {
        if self.rows.len() < self.wanted {
            let columns = columns(self.map);
            self.rows.push(PreviewRow { fields, columns });
        }
    }
}

/// Each mapped column of a row but the member's, which is private, with its text:
/// that of the first source that is filled.
pub(super) fn shown<'r>(map: &ColumnMap, row: &impl Row<'r>) -> Vec<(Column, String)> {
    let text = |place: &usize| {
        let text = match row.cell(*place) {
            Cell::Blank | Cell::Unreadable => return None,
            Cell::Text(text) => text.trim().to_owned(),
            Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).trim().to_owned(),
            Cell::Integer(number) => number.to_string(),
            Cell::Number(number) => number.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Truth(truth) => (if truth { "yes" } else { "no" }).to_owned(),
        };
        Some(text).filter(|text| !text.is_empty())
    };
    let columns = map.mapped().filter(|(column, _)| *column != Column::MemberId);
    columns.map(|(column, places)| (column, places.iter().find_map(text).unwrap_or_default())).collect()
}

impl RowVisitor for FirstRows<'_> {
    fn accepts(&mut self, _: ProcedureCode) -> bool {
        self.rows.len() < self.wanted
    }

    fn passed(&mut self) {}

    fn row<'r, 'm: 'r, R: Row<'r>>(&mut self, row: &R, _: ProcedureCode, _: &RowReader<'m>, _: &dyn Fn() -> Vec<u8>) {
        self.push(self.map.width, |map| {
            shown(map, row).into_iter().map(|(column, text)| (column.to_string(), text)).collect()
        });
    }

    fn ragged(&mut self, fields: usize, _: &[u8]) {
        self.push(fields, |_| Vec::new());
    }
}
