//! Decided lines while they wait for the rest of the run: what their rows of the
//! decisions need beyond their [`LineState`](crate::engine::LineState)s, as bytes
//! that can go to a file.
//!
//! The lines of a claim have most of it in common and stand together, so what a
//! line shares with the one before it is not held twice.

mod holder;

pub(super) use self::holder::Holder;
use super::context::{Context, Lacks};
use crate::claim::{Day, Decimal};
use crate::csv_text::needs_no_quotes;
use crate::report::{LineTexts, TextNumbers};
use crate::short::WideText;

/// A held line.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldLine<'a> {
    /// Their numbers say since which line they are as they are, from 1.
    pub(super) texts: LineTexts<'a>,
    pub(super) context: Context,
    pub(super) service_date: Day,
    pub(super) billed: Option<Decimal>,
    pub(super) paid: Option<Decimal>,
    pub(super) allowed: Option<Decimal>,
}

/// What a line shares with the one before it, as bits of its first byte. The
/// texts come first, in their order.
const TEXTS: usize = 4;
const SAME_CONTEXT: u8 = 1 << 4;
const SAME_DAY: u8 = 1 << 5;
const ALL_TEXTS: u8 = (1 << TEXTS) - 1;
/// What lines with one header share of these: all but the detail, which is the last.
const SAME_HEADER: u8 = ALL_TEXTS >> 1;
/// No text needs quotes in CSV.
const UNQUOTED: u8 = 1 << 6;

/// Both amounts are whole cents of four bytes, not ten-thousandths of eight.
const CENTS: u8 = 1 << 7;

const NO_AMOUNT: i64 = i64::MIN;
const NO_CENTS: u32 = u32::MAX;
/// A length that does not fit one byte follows it in four.
const LONG: u8 = u8::MAX;

/// The held lines of a batch. Bytes that are no held line end it.
#[derive(Clone, Debug)]
pub(super) struct HeldLines<'a> {
    rest: &'a [u8],
    /// The line read last. What the next one shares with it stays as it is.
    line: HeldLine<'a>,
    /// The number of the last one.
    number: u32,
    /// Whether it has what only some lines have: a line of business that is unknown, or an
    /// amount that was allowed.
    more: bool,
    /// Of which texts it is known that they need no quotes in CSV, as bits.
    plain: u8,
}

impl<'a> HeldLines<'a> {
    /// Lines of which the first one's number is `first`, counted from 0.
    pub(super) fn new(bytes: &'a [u8], first: u32) -> Self {
        let line = HeldLine {
            // The lines of a batch are of one file.
            texts: LineTexts { numbers: TextNumbers::new(first + 1, [0; TEXTS]), ..LineTexts::default() },
            context: Context::default(),
            service_date: Day::from_days(0),
            billed: None,
            paid: None,
            allowed: None,
        };
        Self { rest: bytes, line, number: first, more: false, plain: 0 }
    }

    /// The next line.
    #[inline]
    pub(super) fn read(&mut self) -> Option<&HeldLine<'a>> {
        // Most lines have their amounts in eight bytes.
        let [shared, first @ ..] = self.take::<9>()?;
        self.number += 1;
        if shared & CENTS != 0 {
            let [billed, paid] = [u64::from_le_bytes(first), u64::from_le_bytes(first) >> 32].map(low);
            let amount = |cents: u32| (cents != NO_CENTS).then(|| Decimal::from_hundredths(cents));
            self.line.billed = amount(billed);
            self.line.paid = amount(paid);
        } else {
            let amount = |value: i64| (value != NO_AMOUNT).then(|| Decimal::from_ten_thousandths(value));
            self.line.billed = amount(i64::from_le_bytes(first));
            self.line.paid = amount(i64::from_le_bytes(self.take()?));
        }
        if shared & SAME_CONTEXT == 0 {
            self.line.context = Context(u64::from_le_bytes(self.take()?));
            self.more = self.line.context.program().is_none() || self.line.context.lacks().has(Lacks::HAS_ALLOWED);
            self.line.allowed = None;
        }
        if shared & SAME_DAY == 0 {
            self.line.service_date = Day::from_days(i32::from_le_bytes(self.take()?));
        }
        if shared & ALL_TEXTS != ALL_TEXTS {
            self.read_texts(shared)?;
        }
        if self.more {
            self.read_more()?;
        }
        Some(&self.line)
    }

    /// The texts that are not shared.
    #[inline]
    fn read_texts(&mut self, shared: u8) -> Option<()> {
        let Self { rest, line, number, plain, .. } = self;
        let LineTexts { claim_id, diagnosis_codes, provider_npi, detail, numbers, .. } = &mut line.texts;
        let all_plain = shared & UNQUOTED != 0;
        let texts = [
            (claim_id, &mut numbers.claim_id),
            (diagnosis_codes, &mut numbers.diagnosis_codes),
            (provider_npi, &mut numbers.provider_npi),
            (detail, &mut numbers.detail),
        ];
        for (place, (text, since)) in texts.into_iter().enumerate() {
            if shared & 1 << place == 0 {
                *text = take_text(rest)?;
                *since = *number;
                if !all_plain {
                    *plain = *plain & !(1 << place) | u8::from(needs_no_quotes(text)) << place;
                }
            }
        }
        if all_plain {
            *plain = ALL_TEXTS;
        }
        line.texts.unquoted = *plain & SAME_HEADER == SAME_HEADER;
        line.texts.unquoted_detail = *plain > SAME_HEADER;
        Some(())
    }

    /// What only some lines have.
    #[inline(never)]
    fn read_more(&mut self) -> Option<()> {
        if self.line.context.program().is_none() {
            self.line.texts.line_of_business = take_text(&mut self.rest)?.as_bytes();
        }
        if self.line.context.lacks().has(Lacks::HAS_ALLOWED) {
            self.line.allowed = Some(Decimal::from_ten_thousandths(i64::from_le_bytes(self.take()?)));
        }
        Some(())
    }

    #[inline]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        take(&mut self.rest)
    }
}

#[inline]
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(*head)
}

#[inline]
fn take_text<'a>(rest: &mut &'a [u8]) -> Option<WideText<'a>> {
    let length = match take(rest)? {
        [LONG] => u32::from_le_bytes(take(rest)?) as usize,
        [short] => usize::from(short),
    };
    let (text, behind) = WideText::first(rest, length)?;
    *rest = behind;
    Some(text)
}

fn low(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default()
}
