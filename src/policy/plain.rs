//! Plain TOML: the part of TOML that policies are written in, read fast.
//!
//! The `toml` crate defines what a file says. It takes a file apart in several
//! passes, so that it can say where a fault lies; with a thousand policies that is
//! most of the time of loading them. This reader goes over the text once, and
//! gives up at whatever it does not know: then the crate reads the file. So it
//! has no messages, and no fault is told by it. Property tests hold what it does
//! read to what the crate reads.
//!
//! It knows `[name]`, `[[name]]` and `[[name.name]]`; keys without quotes and dots;
//! strings in `"` without escapes; whole numbers and decimal fractions without a
//! sign; days; `true` and `false`; arrays; inline tables.

mod values;

#[cfg(test)]
mod any;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::de::Error;

pub(super) use values::{CALENDAR, Lines};

use crate::claim::Day;

/// Numbers of more digits are left to the crate: these fit whatever they say.
const DIGITS: usize = 15;

/// Which bytes a key may have.
const KEY: [bool; 256] = {
    let mut may = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        may[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        byte += 1;
    }
    may
};

/// What is made of a text, table by table.
pub(super) trait Document<'t> {
    /// Takes the keys and values behind a header; first those behind none. All of
    /// `lines` must be read, and what has no place in the document, or a second
    /// one, must be an error.
    fn add(&mut self, header: Header<'t>, lines: Lines<'_, 't>) -> Result<(), NotPlain>;
}

/// Where keys and values go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Header<'t> {
    /// No header: the head of the text.
    Root,
    /// `[name]`.
    Table(&'t str),
    /// `[[name]]`.
    Next(&'t str),
    /// `[[name.part]]`.
    NextPart(&'t str, &'t str),
}

/// The text is not plain, or not what is asked for: the crate will say what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NotPlain;

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain TOML")
    }
}

impl std::error::Error for NotPlain {}

impl Error for NotPlain {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// What has been read, or nothing where it is not plain.
type Plain<T> = Result<T, NotPlain>;

/// Reads a text into a document.
pub(super) fn read<'t>(text: &'t str, document: &mut impl Document<'t>) -> Plain<()> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    document.add(Header::Root, Lines::new(&mut reader))?;
    while reader.next().is_some() {
        let header = reader.header()?;
        document.add(header, Lines::new(&mut reader))?;
    }
    Ok(())
}

/// Goes over a text once.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// How many arrays and inline tables it is in.
    depth: u32,
}

/// A value that is no string, array or inline table.
enum Scalar {
    Whole(i64),
    Fraction(f64),
    Truth(bool),
    Day(Day),
}

impl<'t> Reader<'t> {
    fn header(&mut self) -> Plain<Header<'t>> {
        self.expect(b'[')?;
        let header = if self.skip(b'[') {
            let name = self.key()?;
            let header = if self.skip(b'.') { Header::NextPart(name, self.key()?) } else { Header::Next(name) };
            self.expect(b']')?;
            header
        } else {
            Header::Table(self.key()?)
        };
        self.expect(b']')?;
        self.end_line()?;
        Ok(header)
    }

    /// The key of `key = value`, and what stands before the value.
    fn key_of_pair(&mut self) -> Plain<&'t str> {
        let key = self.key()?;
        self.skip_blanks();
        self.expect(b'=')?;
        self.skip_blanks();
        Ok(key)
    }

    fn key(&mut self) -> Plain<&'t str> {
        let key = self.take_while(|byte| KEY.get(usize::from(byte)) == Some(&true))?;
        if key.is_empty() { Err(NotPlain) } else { Ok(key) }
    }

    /// A string in which every character stands for itself.
    fn string(&mut self) -> Plain<&'t str> {
        self.expect(b'"')?;
        let start = self.at;
        self.at += plain_length(self.rest());
        let text = self.text.get(start..self.at).ok_or(NotPlain)?;
        self.expect(b'"')?;
        // Three of them begin a string of several lines.
        if self.next() == Some(b'"') { Err(NotPlain) } else { Ok(text) }
    }

    fn scalar(&mut self) -> Plain<Scalar> {
        if self.next().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.number_or_day();
        }
        match self.take_while(|byte| byte.is_ascii_alphabetic())? {
            "true" => Ok(Scalar::Truth(true)),
            "false" => Ok(Scalar::Truth(false)),
            _ => Err(NotPlain),
        }
    }

    fn number_or_day(&mut self) -> Plain<Scalar> {
        let start = self.at;
        let whole = self.digits()?;
        if whole.len() == 4 && self.skip(b'-') {
            return self.day(whole).map(Scalar::Day);
        }
        let is_whole = !self.skip(b'.');
        if !is_whole {
            self.digits()?;
        }
        let text = self.text.get(start..self.at).ok_or(NotPlain)?;
        let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+' | b':');
        if text.len() > DIGITS || (whole.len() > 1 && whole.starts_with('0')) || self.next().is_some_and(goes_on) {
            return Err(NotPlain);
        }
        let number =
            if is_whole { text.parse().ok().map(Scalar::Whole) } else { text.parse().ok().map(Scalar::Fraction) };
        number.ok_or(NotPlain)
    }

    /// The rest of a day whose year has been read.
    fn day(&mut self, year: &str) -> Plain<Day> {
        let month = self.digits()?;
        self.expect(b'-')?;
        let day = self.digits()?;
        // A time of day may follow, even behind a blank.
        let ends = match self.next() {
            None | Some(b'\n' | b'\r' | b',' | b']' | b'}' | b'#' | b'\t') => true,
            Some(b' ') => !self.rest().get(1).is_some_and(u8::is_ascii_digit),
            Some(_) => false,
        };
        if !ends || month.len() != 2 || day.len() != 2 {
            return Err(NotPlain);
        }
        let found = || Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        found().ok_or(NotPlain)
    }

    fn digits(&mut self) -> Plain<&'t str> {
        let digits = self.take_while(|byte| byte.is_ascii_digit())?;
        if digits.is_empty() { Err(NotPlain) } else { Ok(digits) }
    }

    /// Blank space, comments and ends of lines.
    #[inline]
    fn skip_blank_lines(&mut self) -> Plain<()> {
        loop {
            match self.next() {
                Some(b' ' | b'\t' | b'\n') => self.at += 1,
                Some(b'\r' | b'#') => self.end_line()?,
                _ => return Ok(()),
            }
        }
    }

    /// The rest of a line that holds nothing more but a comment.
    fn end_line(&mut self) -> Plain<()> {
        // As nearly every line ends.
        if self.skip(b'\n') {
            return Ok(());
        }
        self.skip_blanks();
        if self.skip(b'#') {
            self.take_while(|byte| !matches!(byte, 0..0x20 | 0x7F) || byte == b'\t')?;
        }
        if self.next().is_none() {
            return Ok(());
        }
        self.skip(b'\r');
        self.expect(b'\n')
    }

    #[inline]
    fn skip_blanks(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// The bytes from here on for which `holds` holds.
    fn take_while(&mut self, holds: impl Fn(u8) -> bool) -> Plain<&'t str> {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.iter().position(|byte| !holds(*byte)).unwrap_or(rest.len());
        self.text.get(start..self.at).ok_or(NotPlain)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Plain<()> {
        if self.skip(byte) { Ok(()) } else { Err(NotPlain) }
    }

    /// Whether this byte was next.
    #[inline]
    fn skip(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    #[inline]
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}

/// How many bytes, from the first on, stand for themselves in a string: up to a
/// quote, a backslash or a control character.
fn plain_length(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20 | 0x7F);
    let mut length = 0;
    // Eight at a time. Of each test, the lowest byte whose high bit is set is one
    // that passes; a borrow may set those of bytes above it, too.
    while let Some(eight) = bytes.get(length..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*eight);
        let is = |byte: u8| (word ^ (EACH * u64::from(byte))).wrapping_sub(EACH) & !(word ^ (EACH * u64::from(byte)));
        let is_control = word.wrapping_sub(EACH * 0x20) & !word;
        let found = (is(b'"') | is(b'\\') | is(0x7F) | is_control) & (EACH << 7);
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += eight.len();
    }
    let rest = bytes.get(length..).unwrap_or_default();
    length + rest.iter().position(ends).unwrap_or(rest.len())
}
