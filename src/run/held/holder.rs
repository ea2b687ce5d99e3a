//! Holding lines: from a line and its draft to bytes.

use std::ops::Range;

use super::{ALL_TEXTS, CENTS, LONG, NO_AMOUNT, NO_CENTS, SAME_CONTEXT, SAME_DAY, SAME_HEADER, TEXTS, UNQUOTED};
use crate::claim::{ClaimLine, Day, Decimal, Diagnosis, DiagnosisText, HeaderNumber};
use crate::csv_text::needs_no_quotes;
use crate::engine::Draft;
use crate::icd10::DiagnosisCode;
use crate::run::LookBack;
use crate::run::context::Context;
use crate::short::{Row, TextBuffer, same};

/// The places of the texts.
const CLAIM: usize = 0;
const DIAGNOSES: usize = 1;
const PROVIDER: usize = 2;
const DETAIL: usize = 3;

/// What a line takes in bytes at most, before its texts.
const BEFORE_TEXTS: usize = 1 + 2 * 8 + 8 + 4;
/// A length takes so many at most.
const LENGTH: usize = 5;

/// Holds the lines of a batch.
#[derive(Debug, Default)]
pub(in crate::run) struct Holder {
    out: TextBuffer,
    /// Where the last line's texts stand.
    texts: [Range<usize>; TEXTS],
    last: Option<(Context, Day)>,
    /// The last line's header, if all of its diagnoses were examined in their order.
    header: Option<HeaderNumber>,
    /// Which of the texts need no quotes in CSV, as bits.
    unquoted: u8,
    /// The last line's examined diagnoses, if all of them were codes; and how they are
    /// printed, codes or not.
    codes: Vec<DiagnosisCode>,
    diagnoses: TextBuffer,
}

impl Holder {
    /// Holds the next line.
    pub(in crate::run) fn hold(&mut self, line: &ClaimLine<'_>, draft: &Draft, look_back: Option<&LookBack>) {
        let context = Context::new(line, draft, look_back);
        let (day, detail) = (line.service_date, draft.detail.as_bytes());
        let header = line.header.filter(|_| !line.given.pointers);
        let last = self.last.replace((context, day));
        // A batch's first line shares no header: there is none yet.
        let mut shared = match header {
            Some(_) if header == self.header => SAME_HEADER,
            _ => self.shared_header(line, last.is_some()),
        };
        self.header = header;
        if let Some((last, last_day)) = last {
            shared |= if self.is_known(DETAIL, detail) { 1 << DETAIL } else { 0 };
            shared |= if last == context { SAME_CONTEXT } else { 0 } | if last_day == day { SAME_DAY } else { 0 };
        }
        let all_shared = shared & ALL_TEXTS == ALL_TEXTS;
        if !all_shared {
            self.look_for_quotes(line, detail, shared);
        }
        if self.unquoted == ALL_TEXTS {
            shared |= UNQUOTED;
        }
        self.out.add_row(BEFORE_TEXTS, |to| {
            if let [Some(billed), Some(paid)] = [line.billed, line.paid].map(cents) {
                let cents = u64::from(paid) << 32 | u64::from(billed);
                let head = u128::from(cents) << 8 | u128::from(shared | CENTS);
                // Mostly nothing but the day follows, which fits the same register.
                if shared & SAME_CONTEXT != 0 {
                    let day = u128::from(day.days().cast_unsigned()) << 72;
                    to.add_array(&(day | head).to_le_bytes(), if shared & SAME_DAY == 0 { 13 } else { 9 });
                    return;
                }
                to.add_array(&head.to_le_bytes(), 9);
            } else {
                to.add_array(&[shared], 1);
                for amount in [line.billed, line.paid] {
                    to.add_array(&amount.map_or(NO_AMOUNT, Decimal::ten_thousandths).to_le_bytes(), 8);
                }
            }
            if shared & SAME_CONTEXT == 0 {
                to.add_array(&context.0.to_le_bytes(), 8);
            }
            if shared & SAME_DAY == 0 {
                to.add_array(&day.days().to_le_bytes(), 4);
            }
        });
        if !all_shared {
            self.add_texts(line, detail, shared);
        }
        if context.program().is_none() {
            self.out.add_row(LENGTH + line.line_of_business.len(), |to| add_text(to, line.line_of_business.as_bytes()));
        }
        if let Some(allowed) = line.payer.allowed {
            self.out.add(&allowed.ten_thousandths().to_le_bytes());
        }
    }

    /// The texts of a line of which the diagnoses are printed.
    #[inline]
    fn texts<'t>(diagnoses: &'t TextBuffer, line: &'t ClaimLine<'_>, detail: &'t [u8]) -> [&'t [u8]; TEXTS] {
        [line.claim_id.as_bytes(), diagnoses.as_bytes(), line.provider_npi.as_bytes(), detail]
    }

    /// Looks at the texts that are not shared.
    fn look_for_quotes(&mut self, line: &ClaimLine<'_>, detail: &[u8], shared: u8) {
        for (place, text) in Self::texts(&self.diagnoses, line, detail).into_iter().enumerate() {
            if shared & 1 << place == 0 {
                self.unquoted = self.unquoted & !(1 << place) | u8::from(needs_no_quotes(text)) << place;
            }
        }
    }

    /// Adds the texts that are not shared.
    fn add_texts(&mut self, line: &ClaimLine<'_>, detail: &[u8], shared: u8) {
        let Self { out, texts: known, diagnoses, .. } = self;
        for (place, (text, known)) in Self::texts(diagnoses, line, detail).into_iter().zip(known).enumerate() {
            if shared & 1 << place == 0 {
                out.add_row(LENGTH + text.len(), |to| add_text(to, text));
                *known = out.len() - text.len()..out.len();
            }
        }
    }

    /// Whether the last line had this text there.
    #[inline]
    fn is_known(&self, place: usize, text: &[u8]) -> bool {
        let Some(known) = self.texts.get(place) else { return false };
        if text.is_empty() || known.is_empty() {
            return text.is_empty() && known.is_empty();
        }
        self.out.as_bytes().get(known.clone()).is_some_and(|known| same(known, text))
    }

    /// Which texts but the detail a line of another header shares with the last one, if the
    /// batch has one before it; its diagnoses are printed.
    fn shared_header(&mut self, line: &ClaimLine<'_>, follows: bool) -> u8 {
        let same_codes = self.print_diagnoses(line);
        if !follows {
            return 0;
        }
        let bit = |is_shared: bool, place: usize| u8::from(is_shared) << place;
        // Other codes are printed otherwise.
        let same_texts = || self.codes.is_empty() && self.is_known(DIAGNOSES, self.diagnoses.as_bytes());
        bit(self.is_known(CLAIM, line.claim_id.as_bytes()), CLAIM)
            | bit(same_codes || same_texts(), DIAGNOSES)
            | bit(self.is_known(PROVIDER, line.provider_npi.as_bytes()), PROVIDER)
    }

    /// Puts the examined diagnoses as they are printed, unless they are known to be
    /// the last line's; says whether they are.
    fn print_diagnoses(&mut self, line: &ClaimLine<'_>) -> bool {
        // Only a few lines have pointers.
        if line.given.pointers { self.print(|| line.examined()) } else { self.print(|| line.diagnoses.iter()) }
    }

    #[inline]
    fn print<'d, 'l: 'd, D: Iterator<Item = &'d Diagnosis<'l>>>(&mut self, examined: impl Fn() -> D) -> bool {
        let codes = &mut self.codes;
        let texts = examined().map(|diagnosis| diagnosis.text);
        if !codes.is_empty() && texts.eq(codes.iter().map(|code| DiagnosisText::Code(*code))) {
            return true;
        }
        self.diagnoses.clear();
        codes.clear();
        let mut all_codes = true;
        for (place, diagnosis) in examined().enumerate() {
            let between: &[u8] = if place > 0 { b";" } else { b"" };
            match diagnosis.text {
                DiagnosisText::Code(code) => {
                    codes.push(code);
                    let (text, length) = code.printed();
                    // Both at once: there is room for one more in the register.
                    let shift = between.len();
                    let text = u128::from_le_bytes(text) << (8 * shift) | if shift > 0 { u128::from(b';') } else { 0 };
                    self.diagnoses.add_row(shift + length, |to| to.add_array(&text.to_le_bytes(), shift + length));
                }
                other @ DiagnosisText::Other(_) => {
                    all_codes = false;
                    let mut text = between.to_vec();
                    other.write(&mut text);
                    self.diagnoses.add(&text);
                }
            }
        }
        if !all_codes {
            codes.clear();
        }
        false
    }

    /// The held bytes; the next line begins another batch.
    pub(in crate::run) fn finish(&mut self) -> Vec<u8> {
        let held = self.out.as_bytes().to_vec();
        self.out.clear();
        (self.last, self.header) = (None, None);
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

/// Adds a text behind its length.
#[inline]
fn add_text(to: &mut Row<'_>, text: &[u8]) {
    match u8::try_from(text.len()) {
        Ok(length) if length < LONG => to.add_array(&[length], 1),
        _ => {
            to.add_array(&[LONG], 1);
            to.add_array(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes(), 4);
        }
    }
    to.add_slice(text);
}
