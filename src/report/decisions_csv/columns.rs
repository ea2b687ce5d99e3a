//! Columns of the CSV decisions as texts that rows share.

use crate::claim::Day;
use crate::csv_text::{needs_no_quotes, push_field};
use crate::policy::Program;
use crate::report::{DecisionRow, Outcome, TextNumbers};
use crate::short::Padded;

/// The columns that follow from a line's outcome, put together where they stand side by
/// side.
#[derive(Clone, Debug)]
pub(in crate::report) struct OutcomeColumns {
    /// The procedure, with the delimiters before and behind it, and how long that is.
    pub(super) procedure: [u8; PROCEDURE],
    pub(super) procedure_length: usize,
    /// Those between the paid amount and the detail.
    pub(super) before: Padded,
    /// Those behind the detail.
    pub(super) behind: Padded,
    /// All but the procedure, around a detail that is blank.
    pub(super) whole: Padded,
    /// How long all columns are together.
    pub(super) len: usize,
}

/// How long a day is, and a procedure of eight characters between its delimiters.
pub(super) const DATE: usize = 10;
pub(super) const PROCEDURE: usize = 10;

impl OutcomeColumns {
    pub(in crate::report) fn of(outcome: &Outcome<'_>) -> Self {
        let (before, behind) = (outcome_columns(outcome), columns_behind(outcome));
        let whole = Padded::from(&[&before[..], b",", &behind].concat()[..]);
        let [before, behind] = [before, behind].map(|text| Padded::from(&text[..]));
        let column = procedure_column(outcome);
        let mut procedure = [0; PROCEDURE];
        procedure.iter_mut().zip(&column).for_each(|(to, byte)| *to = *byte);
        let len = PROCEDURE + whole.len();
        Self { procedure, procedure_length: column.len(), before, behind, whole, len }
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

/// A column that rows next to each other mostly share, with the delimiter behind it.
#[derive(Debug, Default)]
pub(super) struct Field {
    /// The number of the text that it says.
    number: u32,
    pub(super) text: Padded,
}

impl Field {
    /// `unquoted` says that the text is known to need no quotes.
    #[inline]
    pub(super) fn set(&mut self, says: &[u8], number: u32, unquoted: bool) {
        if number == 0 || number != self.number {
            self.number = number;
            self.text.clear();
            add_field(&mut self.text, says, unquoted);
        }
    }
}

/// The units of most lines, behind what stands before them.
pub(super) const ONE: &[u8] = b"1,";

/// The columns from the diagnoses to the provider, and one unit.
#[derive(Debug, Default)]
pub(super) struct Middle {
    /// The numbers of the diagnoses and of the provider, and the program.
    says: (u32, u32, Option<Program>),
    pub(super) text: Padded,
}

impl Middle {
    #[inline]
    pub(super) fn set(&mut self, row: &DecisionRow<'_>) {
        let TextNumbers { diagnosis_codes, provider_npi, .. } = row.numbers;
        let says = (diagnosis_codes, provider_npi, row.outcome.sorted.program);
        // An unknown program is one of many.
        let known = diagnosis_codes != 0 && provider_npi != 0 && says.2.is_some();
        if !known || says != self.says {
            self.says = says;
            self.make(row);
        }
    }

    fn make(&mut self, row: &DecisionRow<'_>) {
        self.text.clear();
        add_field(&mut self.text, row.diagnosis_codes, row.unquoted);
        add_field(&mut self.text, row.program(), row.outcome.outcome.line_of_business.is_some());
        add_field(&mut self.text, row.provider_npi, row.unquoted);
        self.text.add(ONE);
    }
}

/// The procedure's column, with the delimiters before and behind it.
fn procedure_column(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = vec![b','];
    outcome.procedure.write(&mut out);
    out.push(b',');
    out
}

/// The columns between the paid amount and the detail, with the delimiter behind
/// them.
fn outcome_columns(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(outcome.disposition.name().as_bytes());
    out.push(b',');
    out.extend_from_slice(outcome.rule.map_or("", |rule| rule.rule().code).as_bytes());
    out.push(b',');
    for (at, rule) in outcome.findings.rules().enumerate() {
        if at > 0 {
            out.push(b';');
        }
        out.extend_from_slice(rule.rule().code.as_bytes());
    }
    for text in [outcome.carc, outcome.rarc, outcome.policy_id, outcome.policy_version, outcome.indication] {
        out.push(b',');
        push_field(&mut out, text.as_bytes());
    }
    out.push(b',');
    out
}

/// The columns behind the detail, with the line's end.
fn columns_behind(outcome: &Outcome<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(outcome.claim_status.as_bytes());
    out.push(b',');
    push_field(&mut out, outcome.overrides.as_bytes());
    out.push(b',');
    out.extend_from_slice(outcome.recovery.as_bytes());
    out.push(b'\n');
    out
}

/// Adds a field and its delimiter, quoted where its text needs it; `unquoted` says
/// that it is known not to.
#[inline]
fn add_field(out: &mut Padded, field: &[u8], unquoted: bool) {
    if unquoted || needs_no_quotes(field) {
        out.add(field);
    } else {
        out.add(&quoted(field));
    }
    out.add(b",");
}

#[cold]
fn quoted(field: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::new();
    push_field(&mut quoted, field);
    quoted
}

fn day_text(day: Day) -> [u8; DATE] {
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
