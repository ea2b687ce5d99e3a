//! Columns of the CSV decisions as texts that rows share.

use crate::claim::Day;
use crate::csv_text::push_field;
use crate::report::{DecisionRow, Outcome};
use crate::short::{Padded, Row};

/// The columns that follow from a line's outcome, put together where they stand side by
/// side. Each lies where its owner does: nearer than behind a pointer.
#[derive(Clone, Debug)]
pub(in crate::report) struct OutcomeColumns {
    /// Those behind the paid amount, around a detail that is blank.
    pub(super) rest: Near<64>,
    /// How much of these stands before the detail.
    pub(super) before_detail: usize,
    /// What stands behind it.
    pub(super) behind: Near<32>,
    /// The procedure, with the delimiters before and behind it, and how long that is.
    pub(super) procedure: [u8; PROCEDURE],
    pub(super) procedure_length: usize,
    /// The program with its delimiters, or the one before it where the line states another.
    pub(super) program: [u8; PROGRAM],
    pub(super) program_length: usize,
    pub(super) program_is_stated: bool,
    /// How long all columns are together at most.
    pub(super) len: usize,
}

/// How long a day is, and a procedure of eight characters between its delimiters; and room
/// for each program between its own.
pub(super) const DATE: usize = 10;
pub(super) const PROCEDURE: usize = 10;
pub(super) const PROGRAM: usize = 16;

impl OutcomeColumns {
    pub(in crate::report) fn of(outcome: &Outcome<'_>) -> Self {
        let (before, behind) = (outcome_columns(outcome), columns_behind(outcome));
        let rest = Near::from([&before[..], &behind].concat());
        let column = procedure_column(outcome);
        let said = outcome.line_of_business.map_or(String::new(), |program| format!("{program},"));
        let program = [",", &said].concat();
        Self {
            len: PROCEDURE + PROGRAM + rest.len(),
            rest,
            before_detail: before.len(),
            behind: Near::from(behind),
            procedure: room(&column),
            procedure_length: column.len(),
            program: room(program.as_bytes()),
            program_length: program.len(),
            program_is_stated: outcome.line_of_business.is_none(),
        }
    }
}

/// A short text with room behind it.
fn room<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut room = [0; N];
    room.iter_mut().zip(text).for_each(|(to, byte)| *to = *byte);
    room
}

/// A text that is mostly no longer than so many bytes.
#[derive(Clone, Debug)]
pub(super) struct Near<const N: usize> {
    bytes: [u8; N],
    /// All of it, if it is longer.
    long: Box<[u8]>,
    length: usize,
}

impl<const N: usize> From<Vec<u8>> for Near<N> {
    fn from(text: Vec<u8>) -> Self {
        let (bytes, length) = (room(&text), text.len());
        Self { bytes, length, long: if length > N { text.into() } else { Box::default() } }
    }
}

impl<const N: usize> Near<N> {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Adds its first bytes to a row.
    #[inline]
    pub(super) fn add_to(&self, to: &mut Row<'_>, length: usize) {
        if length <= N {
            to.add_array(&self.bytes, length);
        } else {
            *to = std::mem::take(to).with(self.long.get(..length).unwrap_or_default());
        }
    }
}

/// Days that were written, and how: those of a year or so find their texts.
#[derive(Debug, Default)]
pub(super) struct Days(Vec<Option<(Day, [u8; DATE])>>);

impl Days {
    const COUNT: i32 = 512;

    #[inline]
    pub(super) fn text(&mut self, day: Day) -> [u8; DATE] {
        let place = usize::try_from(day.days().rem_euclid(Self::COUNT)).unwrap_or_default();
        match self.0.get(place) {
            Some(Some((known, text))) if *known == day => *text,
            _ => self.make(place, day),
        }
    }

    #[inline(never)]
    fn make(&mut self, place: usize, day: Day) -> [u8; DATE] {
        self.0.resize(usize::try_from(Self::COUNT).unwrap_or_default(), None);
        let text = day_text(day);
        if let Some(known) = self.0.get_mut(place) {
            *known = Some((day, text));
        }
        text
    }
}

/// The file and the row. Of rows that follow one another mostly the last digit is another.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// The number of the file's text, and the column.
    number: u32,
    file: Vec<u8>,
    /// The first row that differs in its last digit alone.
    first: u64,
    /// All up to that digit.
    pub(super) text: Padded,
}

impl Place {
    /// Makes the text that of a row, and says its last digit.
    #[inline]
    pub(super) fn set(&mut self, row: &DecisionRow<'_>) -> u8 {
        let number = row.texts.numbers.source_file;
        let beyond = row.source_row.wrapping_sub(self.first);
        let digit = if beyond > 9 || number == 0 || number != self.number { self.make(row) } else { beyond };
        b'0' + digit.to_le_bytes()[0]
    }

    #[inline(never)]
    fn make(&mut self, row: &DecisionRow<'_>) -> u64 {
        let number = row.texts.numbers.source_file;
        if number == 0 || number != self.number {
            self.number = number;
            self.file.clear();
            push_field(&mut self.file, row.source_file.as_bytes());
            self.file.push(b',');
        }
        self.text.clear();
        self.text.add(&self.file);
        let (tens, digit) = (row.source_row / 10, row.source_row % 10);
        if tens > 0 {
            self.text.add(itoa::Buffer::new().format(tens).as_bytes());
        }
        self.first = row.source_row - digit;
        digit
    }
}

/// The procedure's column, with the delimiters before and behind it.
fn procedure_column(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = vec![b','];
    outcome.procedure.write(&mut out);
    out.push(b',');
    out
}

/// The columns between the paid amount and the detail, with the delimiter before that.
fn outcome_columns(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(outcome.disposition.name().as_bytes());
    out.push(b',');
    out.extend_from_slice(outcome.rule.map_or("", |rule| rule.rule().code).as_bytes());
    out.push(b',');
    write_rules(outcome, &mut out);
    for text in [outcome.carc, outcome.rarc, outcome.policy_id, outcome.policy_version, outcome.indication] {
        out.push(b',');
        push_field(&mut out, text.as_bytes());
    }
    out.push(b',');
    out
}

/// Appends the rules of all findings, `;` between them.
pub(in crate::report) fn write_rules(outcome: &Outcome<'_>, out: &mut Vec<u8>) {
    for (at, rule) in outcome.findings.rules().enumerate() {
        if at > 0 {
            out.push(b';');
        }
        out.extend_from_slice(rule.rule().code.as_bytes());
    }
}

/// The columns behind the detail, with the delimiter before them and the line's end.
fn columns_behind(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = vec![b','];
    out.extend_from_slice(outcome.claim_status.as_bytes());
    out.push(b',');
    push_field(&mut out, outcome.overrides.as_bytes());
    out.push(b',');
    out.extend_from_slice(outcome.recovery.as_bytes());
    out.push(b'\n');
    out
}

/// A field in quotes.
#[cold]
pub(super) fn quoted(field: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::new();
    push_field(&mut quoted, field);
    quoted
}

/// A day as `YYYY-MM-DD`.
pub(in crate::report) fn day_text(day: Day) -> [u8; DATE] {
    let (year, month, day) = day.ymd();
    let digit = |value: u32| b'0' + u8::try_from(value % 10).unwrap_or(0);
    let year = u32::try_from(year).unwrap_or(0);
    [
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ]
}
