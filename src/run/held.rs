//! Decided lines while they wait for the rest of the run: what their rows of the
//! decisions need beyond their [`LineState`](crate::engine::LineState)s, as bytes
//! that can go to a file.
//!
//! The lines of a claim have most of it in common and stand together, so what a
//! line shares with the one before it is not held twice.

use std::ops::Range;

use super::LookBack;
use super::context::{Context, Lacks};
use crate::claim::{ClaimLine, Day, Decimal, DiagnosisText, HeaderNumber};
use crate::csv_text::needs_no_quotes;
use crate::engine::Draft;
use crate::icd10::DiagnosisCode;
use crate::short::{TextBuffer, same};

/// A held line. Texts are UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct HeldLine<'a> {
    /// Claim, examined diagnoses as printed, provider and detail.
    pub(super) texts: [&'a [u8]; TEXTS],
    /// Whether none of these needs quotes in CSV.
    pub(super) unquoted: bool,
    /// As read. Meaningful where the program is unknown.
    pub(super) line_of_business: &'a [u8],
    pub(super) context: Context,
    pub(super) service_date: Day,
    pub(super) billed: Option<Decimal>,
    pub(super) paid: Option<Decimal>,
    pub(super) allowed: Option<Decimal>,
}

/// What a line shares with the one before it, as bits of its first byte. The
/// texts come first, in their order.
const TEXTS: usize = 4;
/// The places of the diagnoses and of the detail among the texts.
const DIAGNOSES: usize = 1;
const DETAIL: usize = 3;
/// Of these, what lines with one header share: all but the detail.
const SAME_HEADER: u8 = ALL_TEXTS & !(1 << DETAIL);
const SAME_CONTEXT: u8 = 1 << 4;
const SAME_DAY: u8 = 1 << 5;
const ALL_TEXTS: u8 = (1 << TEXTS) - 1;
/// No text needs quotes in CSV.
const UNQUOTED: u8 = 1 << 6;

/// Both amounts are whole cents of four bytes, not ten-thousandths of eight.
const CENTS: u8 = 1 << 7;

const NO_AMOUNT: i64 = i64::MIN;
const NO_CENTS: u32 = u32::MAX;
/// A length that does not fit one byte follows it in four.
const LONG: u8 = u8::MAX;

/// Holds the lines of a batch.
#[derive(Debug, Default)]
pub(super) struct Holder {
    out: TextBuffer,
    /// Where the last line's texts stand.
    texts: [Range<usize>; TEXTS],
    last: Option<(Context, Day)>,
    /// The last line's header, if all of its diagnoses were examined in their order.
    header: Option<HeaderNumber>,
    /// Which of the texts need no quotes in CSV.
    unquoted: [bool; TEXTS],
    /// The last line's examined diagnoses, if all of them were codes.
    codes: Option<Vec<DiagnosisCode>>,
    diagnoses: Vec<u8>,
}

impl Holder {
    /// Holds the next line.
    pub(super) fn hold(&mut self, line: &ClaimLine<'_>, draft: &Draft, look_back: Option<&LookBack>) {
        let context = Context::new(line, draft, look_back);
        let (day, detail) = (line.service_date, draft.detail.as_bytes());
        let same_header = self.last.is_some() && line.header.is_some() && line.header == self.header;
        let mut shared = if same_header && !line.given.pointers {
            SAME_HEADER | if self.is_known(DETAIL, detail) { 1 << DETAIL } else { 0 }
        } else {
            self.shared_texts(line, detail)
        };
        self.header = line.header.filter(|_| !line.given.pointers);
        if let Some((last, last_day)) = self.last.replace((context, day)) {
            shared |= if last == context { SAME_CONTEXT } else { 0 } | if last_day == day { SAME_DAY } else { 0 };
        }
        let texts: [&[u8]; TEXTS] = [line.claim_id.as_bytes(), &self.diagnoses, line.provider_npi.as_bytes(), detail];
        for (place, (text, unquoted)) in texts.iter().zip(&mut self.unquoted).enumerate() {
            if shared & 1 << place == 0 {
                *unquoted = needs_no_quotes(text);
            }
        }
        if self.unquoted == [true; TEXTS] {
            shared |= UNQUOTED;
        }

        let out = &mut self.out;
        if let [Some(billed), Some(paid)] = [line.billed, line.paid].map(cents) {
            let mut amounts = [shared | CENTS, 0, 0, 0, 0, 0, 0, 0, 0];
            let both = u64::from(paid) << 32 | u64::from(billed);
            if let Some(behind) = amounts.last_chunk_mut() {
                *behind = both.to_le_bytes();
            }
            out.add(&amounts);
        } else {
            out.add(&[shared]);
            for amount in [line.billed, line.paid] {
                out.add(&amount.map_or(NO_AMOUNT, Decimal::ten_thousandths).to_le_bytes());
            }
        }
        if shared & SAME_CONTEXT == 0 {
            out.add(&context.0.to_le_bytes());
        }
        if shared & SAME_DAY == 0 {
            out.add(&day.days().to_le_bytes());
        }
        if shared & ALL_TEXTS != ALL_TEXTS {
            for (place, (text, known)) in texts.iter().zip(&mut self.texts).enumerate() {
                if shared & 1 << place == 0 {
                    *known = add_text(out, text);
                }
            }
        }
        if context.program().is_none() {
            add_text(out, line.line_of_business.as_bytes());
        }
        if let Some(allowed) = line.payer.allowed {
            out.add(&allowed.ten_thousandths().to_le_bytes());
        }
    }

    /// Whether the last line had this text there.
    #[inline]
    fn is_known(&self, place: usize, text: &[u8]) -> bool {
        let known = self.texts.get(place).and_then(|known| self.out.as_bytes().get(known.clone()));
        known.is_some_and(|known| same(known, text))
    }

    /// Which texts the line shares with the last one, one by one; its diagnoses are
    /// printed.
    fn shared_texts(&mut self, line: &ClaimLine<'_>, detail: &[u8]) -> u8 {
        let same_codes = self.print_diagnoses(line);
        if self.last.is_none() {
            return 0;
        }
        let texts: [&[u8]; TEXTS] = [line.claim_id.as_bytes(), &self.diagnoses, line.provider_npi.as_bytes(), detail];
        let mut shared = 0;
        for (place, text) in texts.into_iter().enumerate() {
            if (place == DIAGNOSES && same_codes) || self.is_known(place, text) {
                shared |= 1 << place;
            }
        }
        shared
    }

    /// Puts the examined diagnoses as they are printed, unless they are known to be
    /// the last line's; says whether they are.
    fn print_diagnoses(&mut self, line: &ClaimLine<'_>) -> bool {
        let texts = line.examined().map(|diagnosis| diagnosis.text);
        if self.last.is_some()
            && let Some(codes) = &self.codes
            && texts.eq(codes.iter().map(|code| DiagnosisText::Code(*code)))
        {
            return true;
        }
        self.diagnoses.clear();
        let codes = self.codes.get_or_insert_default();
        codes.clear();
        let mut all_codes = true;
        for (place, diagnosis) in line.examined().enumerate() {
            if place > 0 {
                self.diagnoses.push(b';');
            }
            diagnosis.text.write(&mut self.diagnoses);
            match diagnosis.text {
                DiagnosisText::Code(code) => codes.push(code),
                DiagnosisText::Other(_) => all_codes = false,
            }
        }
        if !all_codes {
            self.codes = None;
        }
        false
    }

    /// The held bytes; the next line begins another batch.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        let held = self.out.as_bytes().to_vec();
        self.out.clear();
        self.last = None;
        held
    }
}

/// An amount in cents, if it is one; an amount that is not known is.
#[inline]
fn cents(amount: Option<Decimal>) -> Option<u32> {
    match amount {
        None => Some(NO_CENTS),
        Some(amount) => amount.hundredths().filter(|cents| *cents != NO_CENTS),
    }
}

/// Adds a text behind its length, and says where it stands.
#[inline]
fn add_text(out: &mut TextBuffer, text: &[u8]) -> Range<usize> {
    match u8::try_from(text.len()) {
        Ok(length) if length < LONG => out.add(&[length]),
        _ => {
            out.add(&[LONG]);
            out.add(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        }
    }
    out.add(text);
    out.len() - text.len()..out.len()
}

/// The held lines of a batch. Bytes that are no held line end it.
#[derive(Clone, Debug)]
pub(super) struct HeldLines<'a> {
    rest: &'a [u8],
    /// The line read last. What the next one shares with it stays as it is.
    line: HeldLine<'a>,
}

impl<'a> HeldLines<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let line = HeldLine {
            texts: [&[]; TEXTS],
            unquoted: false,
            line_of_business: &[],
            context: Context::default(),
            service_date: Day::from_days(0),
            billed: None,
            paid: None,
            allowed: None,
        };
        Self { rest: bytes, line }
    }

    /// The next line.
    #[inline]
    pub(super) fn read(&mut self) -> Option<&HeldLine<'a>> {
        let [shared] = self.take()?;
        if shared & CENTS != 0 {
            let amount = |cents: u32| (cents != NO_CENTS).then(|| Decimal::from_hundredths(cents));
            self.line.billed = amount(u32::from_le_bytes(self.take()?));
            self.line.paid = amount(u32::from_le_bytes(self.take()?));
        } else {
            let amount = |value: i64| (value != NO_AMOUNT).then(|| Decimal::from_ten_thousandths(value));
            self.line.billed = amount(i64::from_le_bytes(self.take()?));
            self.line.paid = amount(i64::from_le_bytes(self.take()?));
        }
        self.line.unquoted = shared & UNQUOTED != 0;
        if shared & SAME_CONTEXT == 0 {
            self.line.context = Context(u64::from_le_bytes(self.take()?));
        }
        if shared & SAME_DAY == 0 {
            self.line.service_date = Day::from_days(i32::from_le_bytes(self.take()?));
        }
        if shared & ALL_TEXTS != ALL_TEXTS {
            for place in 0..TEXTS {
                if shared & 1 << place == 0 {
                    let text = self.take_text()?;
                    if let Some(known) = self.line.texts.get_mut(place) {
                        *known = text;
                    }
                }
            }
        }
        if self.line.context.program().is_none() {
            self.line.line_of_business = self.take_text()?;
        }
        self.line.allowed = if self.line.context.lacks().has(Lacks::HAS_ALLOWED) {
            Some(Decimal::from_ten_thousandths(i64::from_le_bytes(self.take()?)))
        } else {
            None
        };
        Some(&self.line)
    }

    #[inline]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*head)
    }

    #[inline]
    fn take_text(&mut self) -> Option<&'a [u8]> {
        let length = match self.take()? {
            [LONG] => u32::from_le_bytes(self.take()?) as usize,
            [short] => usize::from(short),
        };
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }
}
