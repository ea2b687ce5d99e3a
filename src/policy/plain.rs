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
mod tests;

use serde::Deserialize;

pub(super) use values::CALENDAR;
use values::{Table, Value};

use crate::claim::Day;

/// How deep values may lie in one another.
const DEPTH: u32 = 32;

/// Numbers of more digits are left to the crate: these fit whatever they say.
const DIGITS: usize = 15;

/// Reads a text; `None` where it is not plain, or not what is asked for.
pub(super) fn from_str<'t, T: Deserialize<'t>>(text: &'t str) -> Option<T> {
    T::deserialize(Value::Table(Reader::new(text).document()?)).ok()
}

/// Goes over a text once.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Keys and values of the tables that are being read, the innermost last.
    pairs: Vec<(&'t str, Value<'t>)>,
    /// Values of the arrays that are being read, the innermost last.
    values: Vec<Value<'t>>,
}

/// Where the keys behind a header go.
enum Header<'t> {
    /// `[name]`.
    Table(&'t str),
    /// `[[name]]`.
    Next(&'t str),
    /// `[[name.part]]`.
    NextPart(&'t str, &'t str),
}

impl<'t> Reader<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, at: 0, pairs: Vec::new(), values: Vec::new() }
    }

    fn document(mut self) -> Option<Table<'t>> {
        let mut root = self.lines()?;
        while let Some(header) = self.header()? {
            let table = self.lines()?;
            match header {
                Header::Table(name) => root.add(name, Value::Table(table))?,
                Header::Next(name) => root.push(name, table)?,
                Header::NextPart(name, part) => root.last_of(name)?.push(part, table)?,
            }
        }
        Some(root)
    }

    /// The keys and values up to the next header, or the end.
    fn lines(&mut self) -> Option<Table<'t>> {
        let first = self.pairs.len();
        loop {
            self.skip_blank_lines()?;
            if matches!(self.next(), None | Some(b'[')) {
                return Table::new(self.pairs.split_off(first));
            }
            self.pair(0)?;
            self.end_line()?;
        }
    }

    /// `[`, or nothing at the end of the text.
    #[expect(clippy::option_option)] // Read, and there is none; or not plain.
    fn header(&mut self) -> Option<Option<Header<'t>>> {
        if self.next().is_none() {
            return Some(None);
        }
        self.expect(b'[')?;
        let header = if self.skip(b'[') {
            let name = self.key()?;
            let part = if self.skip(b'.') { Some(self.key()?) } else { None };
            self.expect(b']')?;
            part.map_or(Header::Next(name), |part| Header::NextPart(name, part))
        } else {
            Header::Table(self.key()?)
        };
        self.expect(b']')?;
        self.end_line()?;
        Some(Some(header))
    }

    /// `key = value`.
    fn pair(&mut self, depth: u32) -> Option<()> {
        let key = self.key()?;
        self.skip_blanks();
        self.expect(b'=')?;
        self.skip_blanks();
        let value = self.value(depth)?;
        self.pairs.push((key, value));
        Some(())
    }

    fn key(&mut self) -> Option<&'t str> {
        let key = self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))?;
        (!key.is_empty()).then_some(key)
    }

    fn value(&mut self, depth: u32) -> Option<Value<'t>> {
        match self.next()? {
            b'"' => self.string().map(Value::Text),
            b'[' if depth < DEPTH => self.array(depth + 1),
            b'{' if depth < DEPTH => self.inline_table(depth + 1),
            b't' | b'f' => match self.take_while(|byte| byte.is_ascii_alphabetic())? {
                "true" => Some(Value::Truth(true)),
                "false" => Some(Value::Truth(false)),
                _ => None,
            },
            _ => self.number_or_day(),
        }
    }

    /// A string in which every character stands for itself.
    fn string(&mut self) -> Option<&'t str> {
        self.expect(b'"')?;
        let text = self.take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20 | 0x7F))?;
        self.expect(b'"')?;
        // Three of them begin a string of several lines.
        (self.next() != Some(b'"')).then_some(text)
    }

    fn array(&mut self, depth: u32) -> Option<Value<'t>> {
        self.expect(b'[')?;
        let first = self.values.len();
        loop {
            self.skip_blank_lines()?;
            if self.skip(b']') {
                return Some(Value::Array(self.values.split_off(first)));
            }
            let value = self.value(depth)?;
            self.values.push(value);
            self.skip_blank_lines()?;
            if !self.skip(b',') {
                self.expect(b']')?;
                return Some(Value::Array(self.values.split_off(first)));
            }
        }
    }

    /// On one line, but for what its values do.
    fn inline_table(&mut self, depth: u32) -> Option<Value<'t>> {
        self.expect(b'{')?;
        let first = self.pairs.len();
        loop {
            self.skip_blanks();
            self.pair(depth)?;
            self.skip_blanks();
            if !self.skip(b',') {
                self.expect(b'}')?;
                return Table::new(self.pairs.split_off(first)).map(Value::Table);
            }
        }
    }

    fn number_or_day(&mut self) -> Option<Value<'t>> {
        let whole = self.digits()?;
        match self.next() {
            Some(b'-') if whole.len() == 4 => {
                self.expect(b'-')?;
                let month = self.digits().filter(|digits| digits.len() == 2)?;
                self.expect(b'-')?;
                let day = self.digits().filter(|digits| digits.len() == 2)?;
                // A time of day may follow, even behind a blank.
                let ends = match self.next() {
                    None | Some(b'\n' | b'\r' | b',' | b']' | b'}' | b'#') => true,
                    Some(b' ') => !self.rest().get(1).is_some_and(u8::is_ascii_digit),
                    Some(_) => false,
                };
                let day = Day::from_ymd(whole.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
                ends.then_some(Value::Day(day))
            }
            _ if whole.len() > 1 && whole.starts_with('0') => None,
            Some(b'.') => {
                let start = self.at - whole.len();
                self.expect(b'.')?;
                self.digits()?;
                let text = self.text.get(start..self.at).filter(|text| text.len() <= DIGITS)?;
                self.after_number()?;
                text.parse().ok().map(Value::Fraction)
            }
            _ => {
                self.after_number()?;
                whole.parse().ok().filter(|_| whole.len() <= DIGITS).map(Value::Whole)
            }
        }
    }

    fn digits(&mut self) -> Option<&'t str> {
        self.take_while(|byte| byte.is_ascii_digit()).filter(|digits| !digits.is_empty())
    }

    /// Gives up where a number goes on in a way that is not plain.
    fn after_number(&self) -> Option<()> {
        let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+' | b':');
        (!self.next().is_some_and(goes_on)).then_some(())
    }

    /// Blank space, comments and ends of lines.
    fn skip_blank_lines(&mut self) -> Option<()> {
        loop {
            self.skip_blanks();
            match self.next() {
                Some(b'\n') => self.at += 1,
                Some(b'\r' | b'#') => self.end_line()?,
                _ => return Some(()),
            }
        }
    }

    /// The rest of a line that holds nothing more but a comment.
    fn end_line(&mut self) -> Option<()> {
        self.skip_blanks();
        if self.skip(b'#') {
            self.take_while(|byte| !matches!(byte, 0..0x20 | 0x7F) || byte == b'\t')?;
        }
        if self.next().is_none() {
            return Some(());
        }
        self.skip(b'\r');
        self.expect(b'\n')
    }

    fn skip_blanks(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// The bytes from here on for which `holds` holds.
    fn take_while(&mut self, holds: impl Fn(u8) -> bool) -> Option<&'t str> {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.iter().position(|byte| !holds(*byte)).unwrap_or(rest.len());
        self.text.get(start..self.at)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.skip(byte).then_some(())
    }

    /// Whether this byte was next.
    fn skip(&mut self, byte: u8) -> bool {
        let found = self.next() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}
