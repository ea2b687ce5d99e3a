//! The fields of one record that holds quotes.
//!
//! As in the `csv` crate: a quote is special at the start of a field only; inside
//! a quoted field a doubled quote is one; what follows a closing quote belongs to
//! the field as it stands. A field is a stretch of the chunk wherever it can be.

use memchr::{memchr, memchr3};

use super::rows::field;
use crate::input::{Cell, Row};

/// Where a field's text is.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// In the chunk.
    Chunk(usize, usize),
    /// In the text put together from pieces.
    Joined(usize, usize),
}

/// The fields of one record.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    places: Vec<Place>,
    joined: Vec<u8>,
    unclosed: bool,
}

impl Fields {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether the input ended inside a quoted field.
    pub(super) fn is_unclosed(&self) -> bool {
        self.unclosed
    }

    /// Reads the record that begins at `start` and returns where the next one
    /// does. A line end by itself is no record.
    pub(super) fn read(&mut self, chunk: &[u8], start: usize, delimiter: u8) -> usize {
        self.places.clear();
        self.joined.clear();
        self.unclosed = false;
        let mut at = start;
        if matches!(chunk.get(at), Some(b'\n' | b'\r')) {
            return at + 1;
        }
        loop {
            at = if chunk.get(at) == Some(&b'"') {
                self.read_quoted(chunk, at + 1, delimiter)
            } else {
                let end = unquoted_end(chunk, at, delimiter);
                self.places.push(Place::Chunk(at, end));
                end
            };
            match chunk.get(at) {
                Some(byte) if *byte == delimiter => at += 1,
                Some(_) => return at + 1,
                None => return at,
            }
        }
    }

    /// Reads a field whose text begins at `start`, behind its opening quote, and
    /// returns where it ends.
    fn read_quoted(&mut self, chunk: &[u8], start: usize, delimiter: u8) -> usize {
        let Some(quote) = find_quote(chunk, start) else {
            self.unclosed = true;
            self.places.push(Place::Chunk(start, chunk.len()));
            return chunk.len();
        };
        if chunk.get(quote + 1).is_none_or(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r')) {
            self.places.push(Place::Chunk(start, quote));
            return quote + 1;
        }
        // Doubled quotes, or text behind the closing one: put it together.
        let first = self.joined.len();
        let mut from = start;
        let mut quote = Some(quote);
        let end = loop {
            let Some(found) = quote else {
                self.unclosed = true;
                self.join(chunk, from, chunk.len());
                break chunk.len();
            };
            self.join(chunk, from, found);
            if chunk.get(found + 1) == Some(&b'"') {
                self.joined.push(b'"');
                from = found + 2;
                quote = find_quote(chunk, from);
            } else {
                let end = unquoted_end(chunk, found + 1, delimiter);
                self.join(chunk, found + 1, end);
                break end;
            }
        };
        self.places.push(Place::Joined(first, self.joined.len()));
        end
    }

    fn join(&mut self, chunk: &[u8], from: usize, to: usize) {
        self.joined.extend_from_slice(chunk.get(from..to).unwrap_or_default());
    }
}

fn find_quote(chunk: &[u8], from: usize) -> Option<usize> {
    memchr(b'"', chunk.get(from..)?).map(|at| from + at)
}

fn unquoted_end(chunk: &[u8], from: usize, delimiter: u8) -> usize {
    let found = chunk.get(from..).and_then(|rest| memchr3(delimiter, b'\n', b'\r', rest));
    found.map_or(chunk.len(), |at| from + at)
}

/// A record as its fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldRow<'a> {
    chunk: &'a [u8],
    fields: &'a Fields,
}

impl<'a> FieldRow<'a> {
    pub(super) const fn new(chunk: &'a [u8], fields: &'a Fields) -> Self {
        Self { chunk, fields }
    }
}

impl<'a> Row<'a> for FieldRow<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        field(match self.fields.places.get(column) {
            Some(Place::Chunk(start, end)) => self.chunk.get(*start..*end),
            Some(Place::Joined(start, end)) => self.fields.joined.get(*start..*end),
            None => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut fields, mut at, mut records) = (Fields::default(), 0, Vec::new());
        while at < text.len() {
            at = fields.read(text.as_bytes(), at, b',');
            let row = FieldRow::new(text.as_bytes(), &fields);
            let cells = (0..fields.len()).map(|column| match row.cell(column) {
                Cell::Text(text) => text.to_owned(),
                _ => String::new(),
            });
            let cells: Vec<_> = cells.collect();
            if !cells.is_empty() {
                records.push(cells);
            }
        }
        records
    }

    fn read_by_crate(text: &str) -> Vec<Vec<String>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    proptest::proptest! {
        #[test]
        fn as_the_csv_crate_reads(text in "[ab,\"\n\r]{0,40}") {
            proptest::prop_assert_eq!(read(&text), read_by_crate(&text));
        }
    }
}
