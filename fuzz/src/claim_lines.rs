//! Lines: from the bytes of a file, or the fields of a row, to a claim line or the
//! column that cannot be read.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::sync::OnceLock;

use adjudicate::claim::{ClaimLine, Day, ProcedureCode};
use adjudicate::digest::DigestKind;
use adjudicate::input::csv::{Chunk, CsvFile, CsvOptions, Records, RowVisitor};
use adjudicate::input::{
    Cell, ColumnMap, Compression, InputError, InputFormat, Layout, Row, RowMemory, RowReader, VersionRow,
};

use super::layout::embedded;
use super::on_disk;

/// What becomes of the rows of a file, in words.
#[derive(Default)]
struct Told {
    rows: Vec<String>,
    before: Before,
}

/// What a reader keeps from row to row, and the header that each of its numbers is of.
#[derive(Default)]
struct Before {
    memory: RowMemory,
    headers: BTreeMap<NonZeroU64, String>,
}

impl RowVisitor for Told {
    fn accepts(&mut self, procedure: ProcedureCode) -> bool {
        procedure.packed() % 4 != 1
    }

    fn passed(&mut self) {
        self.rows.push("passed".to_owned());
    }

    fn version(&mut self, version: &VersionRow<'_>) {
        // The same row is counted as passed.
        assert!(!version.claim_id.is_empty());
    }

    fn row<'a, 'm: 'a, R: Row<'a>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
        let told = told(row, procedure, &mut line, reader, &mut self.before);
        self.before.memory.take_back(line);
        self.rows.push(format!("{told} {:?}", raw()));
    }

    fn row_behind<'a, 'm: 'a, R: Row<'a>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        line: &mut ClaimLine<'a>,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        let told = told(row, procedure, line, reader, &mut self.before);
        self.rows.push(format!("{told} {:?}", raw()));
    }

    fn unclosed(&mut self, raw: &[u8]) -> bool {
        self.rows.push(format!("unclosed {raw:?}"));
        true
    }

    fn ragged(&mut self, fields: usize, raw: &[u8]) {
        self.rows.push(format!("{fields} {raw:?}"));
    }
}

/// A row as a line, or what is wrong with it, in words. It is the same whatever was
/// read before it, be it `line`; and lines with one number for their header have one header.
fn told<'a, 'm: 'a, R: Row<'a>>(
    row: &R,
    procedure: ProcedureCode,
    line: &mut ClaimLine<'a>,
    reader: &RowReader<'m>,
    before: &mut Before,
) -> String {
    let Before { memory, headers } = before;
    let alone = format!("{:?}", reader.read(row, procedure));
    line.procedure = procedure;
    let filled = reader.fill(row, line, memory);
    let filled = filled.map(|()| ClaimLine { header: None, ..line.clone() });
    assert_eq!(format!("{filled:?}"), alone);
    assert_eq!(filled.is_ok(), line.header.is_some());
    if let Some(number) = line.header {
        let ClaimLine { claim_id, member_id, provider_npi, service_date, line_of_business, diagnoses, .. } = &*line;
        let all = [claim_id, member_id, provider_npi, line_of_business];
        let header = format!("{all:?} {service_date} {diagnoses:?}");
        assert_eq!(headers.entry(number.0).or_insert_with(|| header.clone()), &header);
        assert!(!line.claim_id.trim().is_empty() && line.line_number > 0);
    }
    alone
}

/// As much is read of a file that unpacks to more.
const MOST_BYTES: usize = 4 << 20;

/// The header's names, the delimiter, and the rows.
type FileTold = (Vec<String>, u8, Vec<String>);

/// The header's names and the rows of a file, which is read in chunks of at least so
/// many bytes; `None` where it unpacks to more than is read here.
fn file_told(
    text: &[u8],
    layout: &Layout,
    delimiter: Option<u8>,
    chunk_bytes: usize,
) -> Result<Option<FileTold>, InputError> {
    let (_file, input) = on_disk::input(text, InputFormat::Csv);
    let options = CsvOptions { delimiter, chunk_bytes, digest: DigestKind::Blake3 };
    let mut file = CsvFile::open(&input, layout, options)?;
    let (map, delimiter) = (file.map().clone(), file.delimiter());
    let reader = RowReader::new(&map);
    let mut told = Told::default();
    let mut parts = Vec::new();
    let mut bytes = 0;
    let mut buffer = Chunk::default();
    while let Some(chunk) = file.next_chunk(buffer)? {
        bytes += chunk.len();
        if bytes > MOST_BYTES {
            return Ok(None);
        }
        Records::new(delimiter, map.width, &reader).visit(&chunk, &mut told);
        parts.extend(chunk.parts());
        buffer = chunk;
    }
    let (digest, length) = file.finish()?;
    assert_eq!(length, text.len() as u64);
    assert_eq!(digest.finish(parts), DigestKind::Blake3.of(text));
    Ok(Some((map.names, delimiter, told.rows)))
}

/// A file reads the same in chunks of any size, has the digest of its bytes, and as many
/// records as the `csv` crate finds in it. The first byte chooses layout and delimiter.
pub fn file(data: &[u8]) {
    let [choice, text @ ..] = data else { return };
    let layout = embedded(usize::from(choice & 3));
    let delimiter = [None, Some(b','), Some(b'|'), Some(b';')].get(usize::from(choice >> 2 & 3)).copied().flatten();
    let large = file_told(text, layout, delimiter, 1 << 14);
    let small = file_told(text, layout, delimiter, 1024);
    let odd = file_told(text, layout, delimiter, 3);
    let (names, delimiter, rows) = match (large, small, odd) {
        (Ok(large), Ok(small), Ok(odd)) => {
            if large.is_none() || small.is_none() || odd.is_none() {
                return;
            }
            assert!(large == small && large == odd);
            let Some(large) = large else { return };
            large
        }
        (large, small, odd) => {
            let errors = [large.err(), small.err(), odd.err()].map(|error| error.map(|error| error.to_string()));
            // Damage behind the first bytes is met in different places.
            assert!(errors.iter().all(Option::is_some), "{errors:?}");
            return;
        }
    };
    if Compression::sniff(text) != Compression::Plain {
        return;
    }
    let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let mut records = csv.byte_records().map(|record| record.expect("memory"));
    let header = records.next().unwrap_or_default();
    assert!(header.iter().map(String::from_utf8_lossy).eq(names.iter().map(String::as_str)), "{header:?} {names:?}");
    assert_eq!(records.count(), rows.len());
}

/// The fields of a row, by the places of their columns.
struct Fields<'a>(&'a [&'a [u8]]);

impl<'a> Row<'a> for Fields<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        match self.0.get(column) {
            Some([]) | None => Cell::Blank,
            Some(bytes) => str::from_utf8(bytes).map_or(Cell::Bytes(bytes), Cell::Text),
        }
    }
}

/// Columns of which the fuzzer fills in the fields.
const COLUMNS: [&str; 22] = [
    "claim_id",
    "line_number",
    "service_date",
    "procedure_code",
    "diagnosis_codes",
    "diagnosis_pointers",
    "line_of_business",
    "member_id",
    "provider_npi",
    "modifiers",
    "units",
    "billed_amount",
    "paid_amount",
    "etiology",
    "technique",
    "symptomatic",
    "conservative_weeks",
    "claim_frequency",
    "original_claim_id",
    "claim_status",
    "paid_date",
    "allowed_amount",
];

/// A row of any fields is a line or a reject, whatever was read before it; and what a
/// line says, written out plainly, is read as the same. Line ends stand between fields,
/// an empty line between rows.
pub fn fields(data: &[u8]) {
    static MAP: OnceLock<ColumnMap> = OnceLock::new();
    let names = COLUMNS.map(str::to_owned);
    let map = MAP.get_or_init(|| ColumnMap::new("fields", &names, embedded(0)).expect("the columns that are needed"));
    let reader = RowReader::new(map);
    let mut before = Before::default();
    let fields: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    for row in fields.chunks(COLUMNS.len()).take(8) {
        let row = Fields(row);
        let Some(procedure) = reader.procedure(&row) else { continue };
        let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
        let told = told(&row, procedure, &mut line, &reader, &mut before);
        before.memory.take_back(line);
        let Ok(line) = reader.read(&row, procedure) else { continue };
        assert!(told.starts_with("Ok"));
        let version = reader.version(&row);
        assert!(version.is_none_or(|version| version.claim_id == line.claim_id));
        check_again(&reader, &row, &line);
    }
}

/// Reads a line again from what it prints.
fn check_again<'a>(reader: &RowReader<'_>, row: &Fields<'a>, line: &ClaimLine<'a>) {
    let mut written: Vec<Vec<u8>> = row.0.iter().map(|field| field.to_vec()).collect();
    written.resize(COLUMNS.len(), Vec::new());
    let mut put = |name: &str, text: String| {
        let place = COLUMNS.iter().position(|column| *column == name);
        if let Some(field) = place.and_then(|place| written.get_mut(place)) {
            *field = text.into_bytes();
        }
    };
    let dollars = |value: Option<adjudicate::claim::Decimal>| {
        let mut text = Vec::new();
        if let Some(value) = value {
            value.write_dollars(&mut text);
        }
        String::from_utf8(text).expect("digits")
    };
    put("claim_id", line.claim_id.to_owned());
    put("line_number", line.line_number.to_string());
    put("service_date", line.service_date.to_string());
    put("units", if line.given.units { line.units.to_string() } else { String::new() });
    put("billed_amount", dollars(line.billed));
    put("paid_amount", dollars(line.paid));
    put("allowed_amount", dollars(line.payer.allowed));
    put("paid_date", line.payer.paid_date.map(|day| day.to_string()).unwrap_or_default());
    put("conservative_weeks", line.facts.conservative_weeks.map(|weeks| weeks.to_string()).unwrap_or_default());
    let fields: Vec<&[u8]> = written.iter().map(Vec::as_slice).collect();
    let again = reader.read(&Fields(&fields), line.procedure);
    assert_eq!(format!("{:?}", again.as_ref()), format!("{:?}", Ok::<_, ()>(line)));
}
