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

/// A held line. Texts are UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct HeldLine<'a> {
    /// Claim, examined diagnoses as printed, provider and detail.
    pub(super) texts: [&'a [u8]; TEXTS],
    /// Since which line each of them is as it is: their numbers, from 1.
    pub(super) numbers: [u32; TEXTS],
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

/// The held lines of a batch. Bytes that are no held line end it.
#[derive(Clone, Debug)]
pub(super) struct HeldLines<'a> {
    rest: &'a [u8],
    /// The line read last. What the next one shares with it stays as it is.
    line: HeldLine<'a>,
    /// The number of the last one.
    number: u32,
}

impl<'a> HeldLines<'a> {
    /// Lines of which the first one's number is `first`, counted from 0.
    pub(super) fn new(bytes: &'a [u8], first: u32) -> Self {
        let line = HeldLine {
            texts: [&[]; TEXTS],
            numbers: [0; TEXTS],
            unquoted: false,
            line_of_business: &[],
            context: Context::default(),
            service_date: Day::from_days(0),
            billed: None,
            paid: None,
            allowed: None,
        };
        Self { rest: bytes, line, number: first }
    }

    /// The next line.
    #[inline]
    pub(super) fn read(&mut self) -> Option<&HeldLine<'a>> {
        let [shared] = self.take()?;
        self.number += 1;
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
                    let number = self.number;
                    if let (Some(known), Some(since)) =
                        (self.line.texts.get_mut(place), self.line.numbers.get_mut(place))
                    {
                        (*known, *since) = (text, number);
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
