//! Records: cut into chunks and taken apart, they are what the `csv` crate reads.

use std::io::Cursor;

use adjudicate::claim::ProcedureCode;
use adjudicate::digest::DigestKind;
use adjudicate::input::csv::{Chunk, CsvFile, CsvOptions, Records, RowVisitor};
use adjudicate::input::{Cell, ColumnMap, InputFile, InputFormat, Layout, Row, RowReader};

use super::on_disk;

/// What a reader made of one record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    /// In scope: its fields.
    Fields(Vec<Vec<u8>>),
    /// Out of scope.
    Passed,
    /// Of so many fields, which are not those of the header.
    Ragged(usize),
}

/// Notes every record; those with the procedure in scope in full.
pub struct Noted {
    width: usize,
    /// The records, in order.
    pub records: Vec<Record>,
    /// Each as it was read; of those out of scope nothing.
    pub raws: Vec<Vec<u8>>,
}

/// The only procedure in scope.
const IN_SCOPE: &str = "22513";

impl Noted {
    /// Nothing yet.
    pub fn new(width: usize) -> Self {
        Self { width, records: Vec::new(), raws: Vec::new() }
    }
}

fn fields(width: usize, cell: impl Fn(usize) -> Vec<u8>) -> Record {
    Record::Fields((0..width).map(cell).collect())
}

fn bytes(cell: Cell<'_>) -> Vec<u8> {
    match cell {
        Cell::Text(text) => text.as_bytes().to_vec(),
        Cell::Bytes(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    }
}

impl RowVisitor for Noted {
    fn accepts(&mut self, procedure: ProcedureCode) -> bool {
        procedure.to_string() == IN_SCOPE
    }

    fn passed(&mut self) {
        self.records.push(Record::Passed);
        self.raws.push(Vec::new());
    }

    fn row<'a, 'm: 'a, R: Row<'a>>(&mut self, row: &R, _: ProcedureCode, _: &RowReader<'m>, raw: &dyn Fn() -> Vec<u8>) {
        self.records.push(fields(self.width, |at| bytes(row.cell(at))));
        self.raws.push(raw());
    }

    fn ragged(&mut self, count: usize, raw: &[u8]) {
        self.records.push(Record::Ragged(count));
        self.raws.push(raw.to_vec());
    }
}

/// A record of the `csv` crate as a row.
struct Reference<'a>(&'a csv::ByteRecord);

impl<'a> Row<'a> for Reference<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        self.0
            .get(column)
            .filter(|field| !field.is_empty())
            .map_or(Cell::Blank, |field| std::str::from_utf8(field).map_or(Cell::Bytes(field), Cell::Text))
    }
}

/// The records of a text as the `csv` crate reads them; `after` are those before them.
pub fn reference(text: &[u8], after: usize, delimiter: u8, width: usize, reader: &RowReader<'_>) -> Vec<Record> {
    let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    csv.byte_records()
        .skip(after)
        .map(|record| {
            let record = record.expect("memory can be read");
            if record.len() != width {
                return Record::Ragged(record.len());
            }
            let row = Reference(&record);
            match reader.procedure(&row) {
                Some(code) if code.to_string() == IN_SCOPE => fields(width, |at| bytes(row.cell(at))),
                _ => Record::Passed,
            }
        })
        .collect()
}

/// The records of a file, read in chunks of at least so many bytes.
pub fn noted(input: &InputFile, layout: &Layout, delimiter: u8, chunk_bytes: usize) -> Noted {
    let options = CsvOptions { delimiter: Some(delimiter), chunk_bytes, digest: DigestKind::Blake3 };
    let mut file = CsvFile::open(input, layout, options).expect("a file with the header a, b and c");
    let map = file.map().clone();
    let reader = RowReader::new(&map);
    let mut noted = Noted::new(map.width);
    let mut buffer = Chunk::default();
    while let Some(chunk) = file.next_chunk(buffer).expect("records that end") {
        Records::new(delimiter, map.width, &reader).visit(&chunk, &mut noted);
        buffer = chunk;
    }
    noted
}

/// A layout of a file with the columns a, b and c; the procedure is in b, or every
/// row has one.
pub fn layout(constant: bool) -> Layout {
    let procedure = if constant { "[constants]\nprocedure_code = \"22513\"" } else { "procedure_code = \"b\"" };
    let text = format!(
        "name = \"letters\"\n[columns]\nclaim_id = \"a\"\nline_number = \"a\"\nservice_date = \"a\"\n\
         diagnosis_codes = \"c\"\n{procedure}\n"
    );
    Layout::parse("letters", &text).expect("a layout")
}

/// The columns of that layout.
pub fn map(layout: &Layout) -> ColumnMap {
    ColumnMap::new("letters", &["a", "b", "c"].map(str::to_owned), layout).expect("a map")
}

/// Each row as it was read must read the same again.
pub fn check_raws(noted: &Noted, delimiter: u8) {
    let last = noted.records.len();
    for ((number, record), raw) in (1..).zip(&noted.records).zip(&noted.raws) {
        // A quote that is never closed takes the file's last line end with it.
        if *record == Record::Passed || (number == last && raw.contains(&b'"')) {
            continue;
        }
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            // So that a mark at its beginning is not taken for that of a file.
            .from_reader(Cursor::new([&b"\n"[..], raw].concat()));
        let again: Vec<csv::ByteRecord> = csv.byte_records().map(|record| record.expect("memory")).collect();
        let [again] = again.as_slice() else { panic!("{} records in {raw:?}", again.len()) };
        match record {
            Record::Fields(fields) => assert!(again.iter().eq(fields.iter().map(Vec::as_slice)), "{raw:?}"),
            Record::Ragged(fields) => assert_eq!(*fields, again.len(), "{raw:?}"),
            Record::Passed => {}
        }
    }
}

const DELIMITERS: [u8; 5] = *b",|\t;~";

fn delimiter(choice: u8) -> u8 {
    DELIMITERS.get(usize::from(choice & 0x0F) % DELIMITERS.len()).copied().unwrap_or(b',')
}

/// Records are those that the `csv` crate finds, in one chunk and in a file cut into
/// chunks. The first byte chooses delimiter and layout, the second one chunk (0) or a file's
/// header and the size of its chunks.
pub fn check(data: &[u8]) {
    match data {
        [choice, 0, text @ ..] => split(*choice, text),
        [choice, shape, text @ ..] => chunks(*choice, *shape, text),
        _ => {}
    }
}

fn split(choice: u8, text: &[u8]) {
    let delimiter = delimiter(choice);
    let layout = layout(choice & 0x80 != 0);
    let map = map(&layout);
    let reader = RowReader::new(&map);
    // A byte order mark is one at the beginning of a file only.
    let expected = reference(&[b"\n", text].concat(), 0, delimiter, map.width, &reader);
    let mut noted = Noted::new(map.width);
    Records::new(delimiter, map.width, &reader).visit(text, &mut noted);
    assert_eq!(noted.records, expected);
    check_raws(&noted, delimiter);
}

const HEADS: [&str; 6] =
    ["a,b,c\n", "\u{feff}a,b,c\r\n", "\n\r\na,b,c\n", "\"a\",b,\"c\"\r\n", "\u{feff}\"a\",\"b\",c\n", "a,b,c\r"];

fn chunks(choice: u8, shape: u8, body: &[u8]) {
    let delimiter = delimiter(choice);
    let head = HEADS.get(usize::from(shape & 7) % HEADS.len()).copied().unwrap_or_default();
    let head = head.bytes().map(|byte| if byte == b',' { delimiter } else { byte });
    let text: Vec<u8> = head.chain(body.iter().copied()).collect();
    let layout = layout(choice & 0x80 != 0);
    let map = map(&layout);
    let expected = reference(&text, 1, delimiter, map.width, &RowReader::new(&map));
    let (_file, input) = on_disk::input(&text, InputFormat::Csv);
    for chunk_bytes in [1 + usize::from(shape >> 3), 4096] {
        let noted = noted(&input, &layout, delimiter, chunk_bytes);
        assert_eq!(noted.records, expected, "chunks of {chunk_bytes}");
        check_raws(&noted, delimiter);
    }
}
