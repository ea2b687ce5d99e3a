//! The records of a chunk.
//!
//! Most rows of a payer's feed are passed over, and passing over must not copy
//! or allocate: a line without a quote is one record; its delimiters are counted
//! by [`line`](super::line), and only the procedure's field is looked at. A record
//! with quotes is taken apart by [`fields`](super::fields). Both read as the `csv`
//! crate does.

use super::fields::{FieldRow, Fields};
use super::last::{HeaderFields, LastLine};
use super::line::LineScanner;
use super::lines::Lines;
use super::places::Places;
use super::rows::{BytesRow, ChunkText, TextRow};
use crate::claim::{ClaimLine, ProcedureCode};
use crate::input::{Row, RowReader, VersionRow, procedure};

/// What becomes of the rows of a batch, in order.
pub trait RowVisitor {
    /// Whether a procedure is in scope.
    fn accepts(&mut self, procedure: ProcedureCode) -> bool;
    /// The procedure in a field that is nothing but a code, and whether it is in scope, as far
    /// as that is remembered. `None` says nothing.
    #[inline]
    fn met(&self, _field: &[u8]) -> Option<(ProcedureCode, bool)> {
        None
    }
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
    /// The place of the procedure, where no other has to be looked at.
    procedure: Option<usize>,
    header: HeaderFields,
}

impl<'m> Records<'m> {
    /// Records with this delimiter and as many fields as the header.
    #[must_use]
    pub fn new(delimiter: u8, width: usize, reader: &'m RowReader<'m>) -> Self {
        let header = HeaderFields::of(reader.map());
        Self { delimiter, width, reader, procedure: reader.procedure_place(), header }
    }

    /// Shows every record of a chunk to a visitor, in order.
    pub fn visit(&self, chunk: &[u8], visitor: &mut impl RowVisitor) {
        let mut fields = Fields::default();
        let mut kept = Kept {
            scanner: LineScanner::new(self.delimiter),
            text: ChunkText::of(chunk),
            last: LastLine::none(&self.header),
            is_behind: false,
        };
        let mut lines = Lines::of_delimiter(self.delimiter);
        let mut at = 0;
        while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
            let start = at;
            if lines != Lines::Apart {
                // Behind a line in scope there is mostly another: of that, all fields are found.
                let scanner = &mut kept.scanner;
                let found = if kept.is_behind { scanner.find_with_places(rest) } else { scanner.find(rest) };
                let full = rest.get(..found.length).unwrap_or_default();
                let line = full.strip_suffix(b"\r").unwrap_or(full);
                let is_bare = found.odd as usize == full.len() - line.len();
                if is_bare || lines.are_plain(line, rest) {
                    at += found.length + 1;
                    match found.delimiters as usize + 1 {
                        // A line end by itself.
                        _ if line.is_empty() => {}
                        width if width == self.width => self.visit_line(line, start, is_bare, &mut kept, visitor),
                        width => visitor.ragged(width, line),
                    }
                    continue;
                }
            }
            kept.is_behind = false;
            at = fields.read(chunk, start, self.delimiter);
            self.visit_fields(chunk, start, at, &fields, visitor);
        }
    }

    /// A record on a line without quotes.
    #[inline]
    fn visit_line<'a>(
        &self,
        line: &[u8],
        start: usize,
        is_bare: bool,
        kept: &mut Kept<'a>,
        visitor: &mut impl RowVisitor,
    ) where
        'm: 'a,
    {
        let Kept { scanner, text, last, is_behind } = kept;
        let length = line.len();
        let are_placed = std::mem::take(is_behind);
        if are_placed {
            scanner.end_places(self.width - 1, length);
        }
        let in_scope = match self.procedure {
            Some(procedure) => {
                let field = |place| {
                    let place = if are_placed { scanner.places().of(place) } else { scanner.field(place, length) };
                    line.get(place).unwrap_or_default()
                };
                let procedure = in_scope(field(procedure), visitor);
                if procedure.is_none() && !self.may_tell_of_others(field) {
                    return visitor.passed();
                }
                procedure
            }
            None => None,
        };
        let raw = || line.to_vec();
        let text = text.line(start, length);
        let is_narrow = self.width <= Places::MOST;
        if is_narrow && !are_placed {
            scanner.find_places(length);
        }
        let Some(text) = text.filter(|_| is_narrow) else {
            let starts = if is_narrow { scanner.places().starts(self.width) } else { scanner.starts(length) };
            let row = BytesRow { line, starts, is_text: text.is_some() };
            return self.show(&row, in_scope, visitor, &raw);
        };
        let places = scanner.places();
        match in_scope {
            Some(procedure) => {
                *is_behind = true;
                let changed = Some(last.changed(text, places));
                let row = TextRow { line: text, places, is_bare, changed };
                visitor.row_behind(&row, procedure, &mut last.line, self.reader, &raw);
            }
            None => visitor.see(&TextRow { line: text, places, is_bare, changed: None }, self.reader, &raw),
        }
    }

    /// Whether a line out of scope with these fields may say something of other claims.
    #[inline]
    fn may_tell_of_others<'l>(&self, field: impl Fn(usize) -> &'l [u8]) -> bool {
        self.reader.tells_versions()
            && self.reader.frequency_place().is_none_or(|place| RowReader::may_be_later_version(field(place)))
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
    /// Whether the line before was in scope.
    is_behind: bool,
}

/// The procedure in a field, if it is in scope.
#[inline]
fn in_scope(field: &[u8], visitor: &mut impl RowVisitor) -> Option<ProcedureCode> {
    match visitor.met(field) {
        Some((procedure, is_in_scope)) => is_in_scope.then_some(procedure),
        None => procedure::procedure_head(field).filter(|procedure| visitor.accepts(*procedure)),
    }
}

fn without_line_end(record: &[u8]) -> &[u8] {
    let ends = record.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    record.get(..record.len() - ends).unwrap_or_default()
}
