//! Decisions as CSV (RFC 4180, `\n` line ends).

use std::io::{self, Write};

use super::DecisionRow;
use super::decision::COLUMNS;
use super::outcome::Outcome;
use super::spreadsheet::disarmed;
use crate::claim::{Day, Decimal};
use crate::csv_text::{needs_no_quotes, push_field};
use crate::digits::LIMIT;
use crate::short::{Padded, Row, TextBuffer};

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    out.write_all(COLUMNS.join(",").as_bytes())?;
    out.write_all(b"\n")
}

/// Rows of one group, as text.
///
/// What the lines of a claim have in common is put together once and copied.
#[derive(Debug, Default)]
pub struct CsvGroup {
    out: TextBuffer,
    source_file: Field,
    claim_id: Field,
    /// The last day that was written, and how.
    day: Option<(Day, [u8; 10])>,
    middle: Middle,
    detail: Field,
    /// A number whose text cannot be put together in place.
    rare: Vec<u8>,
}

/// Digits, points, signs and delimiters of a row's numbers and date, at most.
const NUMBERS: usize = 128;

impl CsvGroup {
    /// An empty group in the memory of another text.
    pub(super) fn new(mut spent: TextBuffer) -> Self {
        spent.clear();
        Self { out: spent, ..Self::default() }
    }

    #[inline]
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        self.push_as(row, &row.outcome.csv);
    }

    /// Adds a row of which these columns follow from its outcome.
    #[inline]
    fn push_as(&mut self, row: &DecisionRow<'_>, outcome: &OutcomeColumns) {
        let Self { out, source_file, claim_id, day, middle, detail, rare } = self;
        source_file.set(row.source_file.as_bytes(), false);
        claim_id.set(row.claim_id, row.unquoted);
        middle.set(row);
        if !row.detail.is_empty() {
            detail.set(row.detail, row.unquoted);
        }
        let date = match day {
            Some((day, text)) if *day == row.service_date => *text,
            _ => day.insert((row.service_date, day_text(row.service_date))).1,
        };
        let texts = source_file.text.len() + claim_id.text.len() + middle.text.len() + detail.text.len();
        out.add_row(NUMBERS + texts + outcome.len(), |to| {
            to.add(&source_file.text);
            add_number(to, row.source_row);
            to.add(&claim_id.text);
            add_number(to, row.line_number.into());
            to.add_array(&date, date.len());
            to.add(&outcome.procedure);
            if row.units == Decimal::ONE {
                to.add(&middle.text);
            } else {
                to.add_first(&middle.text, middle.text.len() - ONE.len());
                row.units.write_plain(rare);
                add_rare(to, rare);
            }
            for amount in [row.billed, row.paid] {
                match amount.map(|amount| (amount, amount.hundredths().filter(|cents| *cents < LIMIT))) {
                    Some((_, Some(cents))) => to.add_hundredths(cents, b','),
                    Some((amount, None)) => {
                        amount.write_dollars(rare);
                        add_rare(to, rare);
                    }
                    None => to.add_array(b",", 1),
                }
            }
            if row.detail.is_empty() {
                to.add(&outcome.whole);
            } else {
                to.add(&outcome.before);
                to.add(&detail.text);
                to.add(&outcome.behind);
            }
        });
    }

    pub(super) fn finish(self) -> TextBuffer {
        self.out
    }
}

/// The same, with text that no spreadsheet runs as a formula.
#[derive(Debug, Default)]
pub struct SafeCsvGroup {
    group: CsvGroup,
    /// The place of the last row's outcome, and its columns.
    outcome: Option<(usize, OutcomeColumns)>,
}

impl SafeCsvGroup {
    pub(super) fn new(spent: TextBuffer) -> Self {
        Self { group: CsvGroup::new(spent), outcome: None }
    }

    /// Not a part of the usual path, so that it takes nothing from it.
    #[inline(never)]
    pub(super) fn push(&mut self, row: &DecisionRow<'_>) {
        let texts = [row.claim_id, row.diagnosis_codes, row.line_of_business, row.provider_npi, row.detail];
        let texts = texts.map(String::from_utf8_lossy);
        let [claim_id, diagnosis_codes, line_of_business, provider_npi, detail] =
            texts.each_ref().map(|text| disarmed(text));
        let safe = DecisionRow {
            source_file: &disarmed(row.source_file),
            claim_id: claim_id.as_bytes(),
            diagnosis_codes: diagnosis_codes.as_bytes(),
            line_of_business: line_of_business.as_bytes(),
            provider_npi: provider_npi.as_bytes(),
            detail: detail.as_bytes(),
            // What was known of the texts is not known of these.
            unquoted: false,
            ..*row
        };
        let place = row.outcome.place;
        let (_, columns) = match self.outcome.take() {
            Some(last) if last.0 == place => self.outcome.insert(last),
            _ => {
                let outcome = &row.outcome.outcome;
                let [policy_id, policy_version, indication, overrides] =
                    [outcome.policy_id, outcome.policy_version, outcome.indication, &outcome.overrides].map(disarmed);
                let safe = Outcome {
                    policy_id: &policy_id,
                    policy_version: &policy_version,
                    indication: &indication,
                    overrides: overrides.into_owned(),
                    ..outcome.clone()
                };
                self.outcome.insert((place, OutcomeColumns::of(&safe)))
            }
        };
        self.group.push_as(&safe, columns);
    }

    pub(super) fn finish(self) -> TextBuffer {
        self.group.finish()
    }
}

/// The columns that follow from a line's outcome, put together where they stand side by
/// side.
#[derive(Clone, Debug)]
pub(super) struct OutcomeColumns {
    /// The procedure, with the delimiters before and behind it.
    procedure: Padded,
    /// Those between the paid amount and the detail.
    before: Padded,
    /// Those behind the detail.
    behind: Padded,
    /// All but the procedure, around a detail that is blank.
    whole: Padded,
}

impl OutcomeColumns {
    pub(super) fn of(outcome: &Outcome<'_>) -> Self {
        let [procedure, before, behind] =
            [procedure_column(outcome), outcome_columns(outcome), columns_behind(outcome)];
        let whole = Padded::from(&[&before[..], b",", &behind].concat()[..]);
        let [procedure, before, behind] = [procedure, before, behind].map(|text| Padded::from(&text[..]));
        Self { procedure, before, behind, whole }
    }

    /// How long all columns are together.
    fn len(&self) -> usize {
        self.procedure.len() + self.whole.len()
    }
}

/// A column that rows next to each other mostly share, with the delimiter behind it.
#[derive(Debug, Default)]
struct Field {
    /// What it says; nothing, where nothing has been written.
    says: Padded,
    text: Padded,
}

impl Field {
    /// `unquoted` says that the text is known to need no quotes.
    #[inline]
    fn set(&mut self, says: &[u8], unquoted: bool) {
        if self.text.len() == 0 || !self.says.is(says) {
            self.says.clear();
            self.says.add(says);
            self.text.clear();
            add_field(&mut self.text, says, unquoted);
        }
    }
}

/// The units of most lines, behind what stands before them.
const ONE: &[u8] = b"1,";

/// The columns from the diagnoses to the provider, and one unit.
#[derive(Debug, Default)]
struct Middle {
    diagnosis_codes: Padded,
    program: Padded,
    provider_npi: Padded,
    text: Padded,
}

impl Middle {
    #[inline]
    fn set(&mut self, row: &DecisionRow<'_>) {
        let same = self.text.len() > 0
            && self.diagnosis_codes.is(row.diagnosis_codes)
            && self.provider_npi.is(row.provider_npi)
            && self.program.is(row.program());
        if same {
            return;
        }
        self.text.clear();
        let is_word = row.outcome.outcome.line_of_business.is_some();
        for (known, says, unquoted) in [
            (&mut self.diagnosis_codes, row.diagnosis_codes, row.unquoted),
            (&mut self.program, row.program(), is_word),
            (&mut self.provider_npi, row.provider_npi, row.unquoted),
        ] {
            known.clear();
            known.add(says);
            add_field(&mut self.text, says, unquoted);
        }
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

/// Adds a number and the delimiter behind it.
#[inline]
fn add_number(to: &mut Row<'_>, number: u64) {
    match u32::try_from(number).ok().filter(|number| *number < LIMIT) {
        Some(number @ 0..10) => to.add_array(&[b'0' + number.to_le_bytes()[0], b','], 2),
        Some(number) => to.add_small(number, b','),
        None => {
            to.add_slice(itoa::Buffer::new().format(number).as_bytes());
            to.add_array(b",", 1);
        }
    }
}

#[cold]
fn add_rare(to: &mut Row<'_>, number: &mut Vec<u8>) {
    to.add_slice(number);
    to.add_array(b",", 1);
    number.clear();
}

#[cold]
fn quoted(field: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::new();
    push_field(&mut quoted, field);
    quoted
}

fn day_text(day: Day) -> [u8; 10] {
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
