//! The records of a chunk.
//!
//! Most rows of a payer's feed are passed over, and passing over must not copy
//! or allocate: a line without a quote is one record; its delimiters are counted
//! by [`line`](super::line), and only the procedure's field is looked at. A record
//! with quotes is taken apart by [`fields`](super::fields). Both read as the `csv`
//! crate does.

use memchr::{memchr, memchr_iter, memchr2};

use super::fields::{FieldRow, Fields};
use super::last::{HeaderFields, LastLine};
use super::line::{FoundLine, LineScanner};
use super::rows::{BytesRow, ChunkText, TextRow};
use crate::claim::{ClaimLine, ProcedureCode};
use crate::input::{Row, RowReader, VersionRow, procedure};

/// What becomes of the rows of a batch, in order.
pub trait RowVisitor {
    /// Whether a procedure is in scope.
    fn accepts(&mut self, procedure: ProcedureCode) -> bool;
    /// A row out of scope.
    fn passed(&mut self);
    /// What a row out of scope says of other claims, before it is passed.
    fn version(&mut self, _version: &VersionRow<'_>) {}
    /// A row in scope, and the way to see it as it was read.
    fn row<'a, 'm: 'a, R: Row<'a>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    );
    /// A row in scope that tells what has changed since another one, which is `line` as this
    /// method has read it, or a line without a header, if it did not.
    #[inline]
    fn row_behind<'a, 'm: 'a, R: Row<'a>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        _line: &mut ClaimLine<'a>,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        self.row(row, procedure, reader, raw);
    }
    /// A row whose last quote is never closed, so that it has taken in all that
    /// follows. Says whether that settles it; if not, it is a row like others, as
    /// it is for the `csv` crate.
    fn unclosed(&mut self, _raw: &[u8]) -> bool {
        false
    }
    /// A row that does not split into as many fields as the header.
    fn ragged(&mut self, fields: usize, raw: &[u8]);

    /// A row of which nothing is known yet: it is sent where it belongs.
    #[inline]
    fn see<'a, 'm: 'a, R: Row<'a>>(&mut self, row: &R, reader: &RowReader<'m>, raw: &dyn Fn() -> Vec<u8>)
    where
        Self: Sized,
    {
        if let Some(procedure) = reader.procedure(row).filter(|procedure| self.accepts(*procedure)) {
            return self.row(row, procedure, reader, raw);
        }
        if let Some(version) = reader.version(row) {
            self.version(&version);
        }
        self.passed();
    }
}

/// How the records of one file's chunks are read.
#[derive(Clone, Debug)]
pub struct Records<'m> {
    delimiter: u8,
    width: usize,
    reader: &'m RowReader<'m>,
    header: HeaderFields,
}

impl<'m> Records<'m> {
    /// Records with this delimiter and as many fields as the header.
    #[must_use]
    pub fn new(delimiter: u8, width: usize, reader: &'m RowReader<'m>) -> Self {
        Self { delimiter, width, reader, header: HeaderFields::of(reader.map()) }
    }

    /// Shows every record of a chunk to a visitor, in order.
    pub fn visit(&self, chunk: &[u8], visitor: &mut impl RowVisitor) {
        let lines = Lines::of(chunk);
        let mut fields = Fields::default();
        if lines == Lines::CarriageReturns {
            // Looking for a line end, which may be far away, for each record would take
            // the square of the chunk's length.
            let mut at = 0;
            while at < chunk.len() {
                let start = at;
                at = fields.read(chunk, start, self.delimiter);
                self.visit_fields(chunk, start, at, &fields, visitor);
            }
            return;
        }
        let plain = lines == Lines::Plain;
        let mut kept = Kept {
            scanner: LineScanner::new(self.delimiter),
            text: ChunkText::of(chunk),
            last: LastLine::none(&self.header),
        };
        let mut at = 0;
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
            let found = kept.scanner.find(rest);
            let line = rest.get(..found.length).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let start = at;
            if plain || memchr2(b'"', b'\r', line).is_none() {
                at += found.length + 1;
                if !line.is_empty() {
                    self.visit_line(line, start, found, &mut kept, visitor);
                }
            } else {
                at = fields.read(chunk, start, self.delimiter);
                self.visit_fields(chunk, start, at, &fields, visitor);
            }
        }
    }

    /// A record on a line without quotes.
    #[inline]
    fn visit_line<'a>(
        &self,
        line: &[u8],
        start: usize,
        found: FoundLine,
        kept: &mut Kept<'a>,
        visitor: &mut impl RowVisitor,
    ) where
        'm: 'a,
    {
        let Kept { scanner, text, last } = kept;
        if found.delimiters + 1 != self.width {
            visitor.ragged(found.delimiters + 1, line);
            return;
        }
        let in_scope = match self.reader.procedure_place() {
            Some(place) => {
                let (from, to) = scanner.field(place, line.len());
                let procedure = procedure::procedure_head(line.get(from..to).unwrap_or_default());
                let procedure = procedure.filter(|procedure| visitor.accepts(*procedure));
                if procedure.is_none() && !self.may_tell_of_others(line, scanner) {
                    return visitor.passed();
                }
                procedure
            }
            None => None,
        };
        let raw = || line.to_vec();
        let starts = scanner.starts(line.len());
        let is_bare = found.bare;
        match (text.line(start, line.len()), in_scope) {
            (Some(line), Some(procedure)) => {
                let changed = Some(last.changed(&self.header, line, starts));
                let row = TextRow { line, starts, is_bare, changed };
                visitor.row_behind(&row, procedure, &mut last.line, self.reader, &raw);
            }
            (Some(line), None) => visitor.see(&TextRow { line, starts, is_bare, changed: None }, self.reader, &raw),
            (None, _) => self.show(&BytesRow { line, starts }, in_scope, visitor, &raw),
        }
    }

    /// Whether a line out of scope may say something of other claims.
    #[inline]
    fn may_tell_of_others(&self, line: &[u8], scanner: &LineScanner) -> bool {
        self.reader.tells_versions()
            && self.reader.frequency_place().is_none_or(|place| {
                let (from, to) = scanner.field(place, line.len());
                RowReader::may_be_later_version(line.get(from..to).unwrap_or_default())
            })
    }

    /// A record that was taken apart.
    fn visit_fields(&self, chunk: &[u8], start: usize, end: usize, fields: &Fields, visitor: &mut impl RowVisitor) {
        let text = without_line_end(chunk.get(start..end).unwrap_or_default());
        let raw = || text.to_vec();
        match fields.len() {
            // A line end by itself.
            0 => {}
            _ if fields.is_unclosed() && visitor.unclosed(text) => {}
            width if width == self.width => self.show(&FieldRow::new(chunk, fields), None, visitor, &raw),
            width => visitor.ragged(width, text),
        }
    }

    /// Shows a row to the visitor, whose procedure may be known to be in scope.
    #[inline]
    fn show<'a>(
        &self,
        row: &impl Row<'a>,
        in_scope: Option<ProcedureCode>,
        visitor: &mut impl RowVisitor,
        raw: &dyn Fn() -> Vec<u8>,
    ) where
        'm: 'a,
    {
        match in_scope {
            Some(procedure) => visitor.row(row, procedure, self.reader, raw),
            None => visitor.see(row, self.reader, raw),
        }
    }
}

/// What is kept from line to line of a chunk.
struct Kept<'a> {
    scanner: LineScanner,
    text: ChunkText<'a>,
    last: LastLine<'a>,
}

/// What the lines of a chunk are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lines {
    /// Each is a record: there are no quotes, and no carriage return that ends a
    /// record by itself.
    Plain,
    /// Some have quotes.
    Quoted,
    /// There is a carriage return that no line end follows: maybe all of the chunk
    /// is one line, and of many records.
    CarriageReturns,
}

impl Lines {
    fn of(chunk: &[u8]) -> Self {
        let Some(first) = memchr2(b'"', b'\r', chunk) else { return Self::Plain };
        let rest = chunk.get(first..).unwrap_or_default();
        let is_bare = |at: usize| !matches!(rest.get(at + 1), Some(b'\n') | None);
        if memchr_iter(b'\r', rest).any(is_bare) {
            Self::CarriageReturns
        } else if memchr(b'"', rest).is_some() {
            Self::Quoted
        } else {
            Self::Plain
        }
    }
}

fn without_line_end(record: &[u8]) -> &[u8] {
    let ends = record.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    record.get(..record.len() - ends).unwrap_or_default()
}
