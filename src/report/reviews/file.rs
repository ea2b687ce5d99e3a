//! Reading the file that reviewers filled in.
//!
//! It went through a spreadsheet: the delimiter may be another one, a byte order mark
//! may stand before the header, and an `'` before text that would be a formula.

use std::io::{self, Read};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::columns::{ColumnError, Columns};

/// The largest file that is read: some hundred thousand lines. A file of reviews was
/// filled in by people.
const LARGEST: u64 = 64 << 20;

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// What a reviewer found on a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The recommendation was right.
    Confirmed,
    /// It was wrong.
    Overturned,
    /// The chart does not tell.
    Undetermined,
}

impl Verdict {
    /// Reads a verdict that is not blank, in any case.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_slice() {
            b"confirmed" | b"upheld" | b"agree" | b"yes" | b"y" | b"1" | b"true" => Self::Confirmed,
            b"overturned" | b"disagree" | b"no" | b"n" | b"0" | b"false" => Self::Overturned,
            b"undetermined" | b"unclear" | b"unknown" | b"?" => Self::Undetermined,
            _ => return None,
        })
    }
}

/// Which line a row is about.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum LineKey {
    /// A row of an input.
    Source {
        /// The input's name, as given to the run.
        file: String,
        /// Its row, from 1.
        row: u64,
    },
    /// A line of a claim.
    Claim {
        /// The claim's identifier.
        id: String,
        /// The line's number on it.
        number: u32,
    },
}

/// A row that has a verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The row of the reviewers' file, as a spreadsheet counts: the header is row 1.
    pub row: u64,
    /// The line that it is about.
    pub key: LineKey,
    /// The claim and line that it names beside its source, where it does.
    pub also: Option<LineKey>,
    /// The verdict.
    pub verdict: Verdict,
}

/// A file of reviews as read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReviewFile {
    /// Its rows, without the header and without rows of blanks only.
    pub rows: u64,
    /// Those that have a verdict, in the file's order.
    pub marks: Vec<Mark>,
}

/// Why a file of reviews cannot be used. The messages name no value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewFileError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is larger than a file of reviews can be.
    #[error("a file of reviews has at most {} MiB", LARGEST >> 20)]
    TooLarge,
    /// It is no text of bytes.
    #[error("the file is UTF-16; save it as CSV UTF-8")]
    Utf16,
    /// Its header cannot be used.
    #[error(transparent)]
    Header(#[from] ColumnError),
    /// A row cannot be read.
    #[error("row {row}, column `{column}`: {reason}")]
    Cell {
        /// The row, as a spreadsheet counts.
        row: u64,
        /// The column.
        column: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// A row does not have the header's fields.
    #[error(
        "row {row} has more fields than the header; does a text that holds the delimiter lack its quotation marks?"
    )]
    Fields {
        /// The row, as a spreadsheet counts.
        row: u64,
    },
}

impl ReviewFile {
    /// Reads a file of reviews: CSV with a header, delimited by comma, semicolon or tab.
    /// Needed are the column `verdict`, and `source_file` with `source_row` or `claim_id`
    /// with `line_number`; a row that fills in both pairs is found by the first. Others
    /// are passed over. A blank verdict is a line that is not reviewed.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is too large or UTF-16; the header lacks a needed column
    /// or has it twice; a verdict is none; a row with a verdict does not say which line
    /// it is about, or has more fields than the header.
    pub fn read(reader: impl Read) -> Result<Self, ReviewFileError> {
        let mut bytes = Vec::new();
        reader.take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Err(ReviewFileError::TooLarge);
        }
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Err(ReviewFileError::Utf16);
        }
        let (mut records, columns) = header(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes))?;
        let width = records.byte_headers().map_err(io::Error::from)?.len();
        let mut file = Self::default();
        let mut record = ByteRecord::new();
        let mut row = 1;
        while records.read_byte_record(&mut record).map_err(io::Error::from)? {
            row += 1;
            if record.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            if record.iter().skip(width).any(|field| !field.trim_ascii().is_empty()) {
                return Err(ReviewFileError::Fields { row });
            }
            file.rows += 1;
            file.marks.extend(Cells { record: &record, row }.mark(&columns)?);
        }
        Ok(file)
    }
}

/// Finds the delimiter, by which the header has the needed columns.
fn header(text: &[u8]) -> Result<(Reader<&[u8]>, Columns), ReviewFileError> {
    let mut nearest = (0, ColumnError::Missing("verdict"));
    for delimiter in DELIMITERS {
        let mut records = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
        let header = records.byte_headers().map_err(io::Error::from)?;
        match Columns::find(header) {
            Ok(columns) => return Ok((records, columns)),
            Err(error) if header.len() > nearest.0 => nearest = (header.len(), error),
            Err(_) => {}
        }
    }
    Err(nearest.1.into())
}

/// A row of the file.
struct Cells<'r> {
    record: &'r ByteRecord,
    row: u64,
}

impl<'r> Cells<'r> {
    /// A cell without white space and without the `'` of a spreadsheet-safe writer.
    fn text(&self, place: usize) -> &'r [u8] {
        plain(self.record.get(place).unwrap_or_default())
    }

    fn fail(&self, column: &'static str, reason: &'static str) -> ReviewFileError {
        ReviewFileError::Cell { row: self.row, column, reason }
    }

    /// The row's verdict and line; nothing where it has no verdict.
    fn mark(&self, columns: &Columns) -> Result<Option<Mark>, ReviewFileError> {
        let verdict = self.text(columns.verdict);
        if verdict.is_empty() {
            return Ok(None);
        }
        let verdict = Verdict::parse(verdict)
            .ok_or_else(|| self.fail("verdict", "neither confirmed, overturned nor undetermined (nor blank)"))?;
        let filled = |pair: (usize, usize)| !self.text(pair.0).is_empty() || !self.text(pair.1).is_empty();
        let source = columns.source.filter(|pair| filled(*pair));
        let claim = columns.claim.filter(|pair| filled(*pair));
        let (key, also) = match (source, claim) {
            (Some((file, row)), claim) => {
                let key = LineKey::Source {
                    file: self.needed(file, "source_file")?,
                    row: number(self.text(row)).ok_or_else(|| self.fail("source_row", "not a row number"))?,
                };
                // What the row names besides is a check only, so it need not be readable.
                (key, claim.and_then(|pair| self.claim(pair).ok()))
            }
            (None, Some(pair)) => (self.claim(pair)?, None),
            (None, None) => {
                let column = if columns.source.is_some() { "source_file" } else { "claim_id" };
                return Err(self.fail(column, "blank, so the line that the verdict is about is not known"));
            }
        };
        Ok(Some(Mark { row: self.row, key, also, verdict }))
    }

    fn claim(&self, (id, line): (usize, usize)) -> Result<LineKey, ReviewFileError> {
        let id = self.needed(id, "claim_id")?;
        let number = number(self.text(line)).and_then(|number| number.try_into().ok());
        Ok(LineKey::Claim { id, number: number.ok_or_else(|| self.fail("line_number", "not a line number"))? })
    }

    fn needed(&self, place: usize, column: &'static str) -> Result<String, ReviewFileError> {
        match self.text(place) {
            b"" => Err(self.fail(column, "blank, and the other half of the line's name is not")),
            text => Ok(String::from_utf8_lossy(text).into_owned()),
        }
    }
}

/// Text without white space around it and without one `'` before it.
pub(super) fn plain(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    text.strip_prefix(b"'").map_or(text, <[u8]>::trim_ascii_start)
}

/// A whole number; `12.0` is how some programs write 12.
fn number(text: &[u8]) -> Option<u64> {
    let text = text.strip_suffix(b".0").unwrap_or(text);
    std::str::from_utf8(text).ok().filter(|text| !text.starts_with('+'))?.parse().ok()
}
