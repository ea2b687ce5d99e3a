//! The records of a chunk.
//!
//! Most rows of a payer's feed are passed over, and passing over must not copy
//! or allocate: a chunk without a quote is cut at its line ends, the delimiters
//! are counted, and only the procedure's field is looked at. A chunk with a
//! quote is read by the `csv` crate, which is the definition of what is right.

use memchr::{memchr, memchr_iter};

use crate::claim::ProcedureCode;
use crate::input::{Cell, Row, RowReader};

/// What becomes of the rows of a batch, in order.
pub trait RowVisitor {
    /// Whether a procedure is in scope.
    fn accepts(&self, procedure: ProcedureCode) -> bool;
    /// A row out of scope.
    fn passed(&mut self);
    /// A row in scope, and the way to see it as it was read.
    fn row<'a, 'm: 'a, R: Row<'a>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    );
    /// A row that does not split into as many fields as the header.
    fn ragged(&mut self, fields: usize, raw: &[u8]);
}

/// How the records of one file's chunks are read.
#[derive(Clone, Copy, Debug)]
pub struct Records<'m> {
    delimiter: u8,
    width: usize,
    reader: &'m RowReader<'m>,
}

/// A record as the places of its fields' ends in its text.
#[derive(Clone, Copy, Debug)]
pub struct CsvRow<'a, 's> {
    text: &'a [u8],
    ends: &'s [usize],
}

impl<'a> Row<'a> for CsvRow<'a, '_> {
    fn cell(&self, column: usize) -> Cell<'a> {
        let start = match column.checked_sub(1) {
            None => Some(0),
            Some(before) => self.ends.get(before).map(|end| end + 1),
        };
        let field = start.zip(self.ends.get(column)).and_then(|(start, end)| self.text.get(start..*end));
        match field {
            Some([]) | None => Cell::Blank,
            Some(field) => Cell::Text(field),
        }
    }
}

/// A record of the `csv` crate.
struct Quoted<'a>(&'a csv::ByteRecord);

impl<'a> Row<'a> for Quoted<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        match self.0.get(column) {
            Some([]) | None => Cell::Blank,
            Some(field) => Cell::Text(field),
        }
    }
}

impl<'m> Records<'m> {
    /// Records with this delimiter and as many fields as the header.
    #[must_use]
    pub fn new(delimiter: u8, width: usize, reader: &'m RowReader<'m>) -> Self {
        Self { delimiter, width, reader }
    }

    /// Shows every record of a chunk to a visitor, in order.
    pub fn visit(&self, chunk: &[u8], visitor: &mut impl RowVisitor) {
        if memchr(b'"', chunk).is_some() || has_bare_return(chunk) {
            self.visit_quoted(chunk, visitor);
        } else {
            self.visit_plain(chunk, visitor);
        }
    }

    fn visit_plain(&self, chunk: &[u8], visitor: &mut impl RowVisitor) {
        let mut ends = Vec::with_capacity(self.width);
        let mut rest = chunk;
        while !rest.is_empty() {
            let (record, behind) = match memchr(b'\n', rest) {
                Some(end) => rest.split_at(end + 1),
                None => (rest, &[][..]),
            };
            rest = behind;
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            let record = record.strip_suffix(b"\r").unwrap_or(record);
            if record.is_empty() {
                continue;
            }
            ends.clear();
            ends.extend(memchr_iter(self.delimiter, record));
            if ends.len() + 1 != self.width {
                visitor.ragged(ends.len() + 1, record);
                continue;
            }
            ends.push(record.len());
            let row = CsvRow { text: record, ends: &ends };
            match self.reader.procedure(&row).filter(|procedure| visitor.accepts(*procedure)) {
                Some(procedure) => self.show(&row, procedure, visitor, &|| record.to_vec()),
                None => visitor.passed(),
            }
        }
    }

    fn visit_quoted(&self, chunk: &[u8], visitor: &mut impl RowVisitor) {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.delimiter).from_reader(chunk);
        let mut record = csv::ByteRecord::new();
        loop {
            let start = reader.position().byte();
            // Reading bytes from memory does not fail.
            if !reader.read_byte_record(&mut record).unwrap_or(false) {
                return;
            }
            let end = reader.position().byte();
            let raw = || {
                let place = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX);
                let text = chunk.get(place(start)..place(end)).unwrap_or_default();
                let first = text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
                let text = text.get(first..).unwrap_or_default();
                let last = text.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
                text.get(..text.len() - last).unwrap_or_default().to_vec()
            };
            if record.len() != self.width {
                visitor.ragged(record.len(), &raw());
                continue;
            }
            let row = Quoted(&record);
            match self.reader.procedure(&row).filter(|procedure| visitor.accepts(*procedure)) {
                Some(procedure) => self.show(&row, procedure, visitor, &raw),
                None => visitor.passed(),
            }
        }
    }

    fn show<'a>(
        &self,
        row: &impl Row<'a>,
        procedure: ProcedureCode,
        visitor: &mut impl RowVisitor,
        raw: &dyn Fn() -> Vec<u8>,
    ) where
        'm: 'a,
    {
        visitor.row(row, procedure, self.reader, raw);
    }
}

/// A carriage return that is not half of a line end ends a record by itself.
fn has_bare_return(chunk: &[u8]) -> bool {
    memchr_iter(b'\r', chunk).any(|at| !matches!(chunk.get(at + 1), Some(b'\n') | None))
}
