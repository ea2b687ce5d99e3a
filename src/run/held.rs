//! A decided line while it waits for the rest of the run: what its row of the
//! decisions needs beyond its [`LineState`](crate::engine::LineState), as bytes
//! that can go to a file.

use crate::claim::{ClaimLine, Day, Decimal};
use crate::engine::Draft;
use crate::policy::Program;

/// A held line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct HeldLine<'a> {
    pub(super) claim_id: &'a str,
    pub(super) diagnosis_codes: &'a str,
    pub(super) provider_npi: &'a str,
    /// As read; meaningful where the program is unknown.
    pub(super) line_of_business: &'a str,
    pub(super) detail: &'a str,
    pub(super) service_date: Day,
    pub(super) billed: Option<Decimal>,
    pub(super) paid: Option<Decimal>,
    pub(super) program: Option<Program>,
    pub(super) policy: u16,
    pub(super) version: Option<u16>,
    pub(super) indication: Option<u16>,
    pub(super) lacks: Lacks,
}

/// Which optional values a row did not give, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Lacks(u8);

impl Lacks {
    pub(super) const LINE_OF_BUSINESS: u8 = 1;
    pub(super) const UNITS: u8 = 2;
    pub(super) const POINTERS: u8 = 4;
    pub(super) const PAID: u8 = 8;

    fn of(line: &ClaimLine<'_>) -> Self {
        let bit = |given: bool, bit: u8| if given { 0 } else { bit };
        Self(
            bit(line.given.line_of_business, Self::LINE_OF_BUSINESS)
                | bit(line.given.units, Self::UNITS)
                | bit(line.given.pointers, Self::POINTERS)
                | bit(line.given.paid, Self::PAID),
        )
    }

    pub(super) const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// The fixed part of a held line, in bytes, its own length included.
const FIXED: usize = 4 + 5 * 4 + 4 + 8 + 8 + 1 + 2 + 2 + 2 + 1;
const NO_AMOUNT: i64 = i64::MIN;
const NONE: u16 = u16::MAX;

/// Appends a line to the held bytes. `scratch` saves an allocation per line.
pub(super) fn hold(line: &ClaimLine<'_>, draft: &Draft, scratch: &mut Vec<u8>, out: &mut Vec<u8>) {
    scratch.clear();
    for diagnosis in line.examined() {
        if !scratch.is_empty() {
            scratch.push(b';');
        }
        diagnosis.text.write(scratch);
    }
    let unknown = if draft.program.is_none() { line.line_of_business } else { "" };
    let texts: [&[u8]; 5] =
        [line.claim_id.as_bytes(), scratch, line.provider_npi.as_bytes(), unknown.as_bytes(), draft.detail.as_bytes()];
    let length = FIXED + texts.iter().map(|text| text.len()).sum::<usize>();
    let amount = |amount: Option<Decimal>| amount.map_or(NO_AMOUNT, Decimal::ten_thousandths);
    let program = draft.program.and_then(|program| Program::ALL.iter().position(|known| *known == program));
    let short = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();

    out.reserve(length);
    out.extend_from_slice(&short(length));
    for text in texts {
        out.extend_from_slice(&short(text.len()));
    }
    out.extend_from_slice(&line.service_date.days().to_le_bytes());
    out.extend_from_slice(&amount(line.billed).to_le_bytes());
    out.extend_from_slice(&amount(line.paid).to_le_bytes());
    out.push(program.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX));
    out.extend_from_slice(&draft.policy.0.to_le_bytes());
    out.extend_from_slice(&draft.version.unwrap_or(NONE).to_le_bytes());
    out.extend_from_slice(&draft.indication.unwrap_or(NONE).to_le_bytes());
    out.push(Lacks::of(line).0);
    for text in texts {
        out.extend_from_slice(text);
    }
}

/// The held lines in a stretch of bytes. Bytes that are no held line end it.
#[derive(Clone, Debug)]
pub(super) struct HeldLines<'a> {
    rest: &'a [u8],
}

impl<'a> HeldLines<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Passes over lines without reading them.
    pub(super) fn skip_lines(&mut self, count: usize) {
        for _ in 0..count {
            let Some(length) = self.rest.first_chunk().map(|bytes| u32::from_le_bytes(*bytes) as usize) else { return };
            self.rest = self.rest.get(length..).unwrap_or_default();
        }
    }
}

impl<'a> Iterator for HeldLines<'a> {
    type Item = HeldLine<'a>;

    fn next(&mut self) -> Option<HeldLine<'a>> {
        let length = u32::from_le_bytes(*self.rest.first_chunk()?) as usize;
        let (line, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        let mut bytes = Bytes(line.get(4..)?);
        let mut lengths = [0_usize; 5];
        for length in &mut lengths {
            *length = u32::from_le_bytes(bytes.take()?) as usize;
        }
        let amount = |value: i64| (value != NO_AMOUNT).then(|| Decimal::from_ten_thousandths(value));
        let index = |value: u16| (value != NONE).then_some(value);
        let service_date = Day::from_days(i32::from_le_bytes(bytes.take()?));
        let billed = amount(i64::from_le_bytes(bytes.take()?));
        let paid = amount(i64::from_le_bytes(bytes.take()?));
        let [program] = bytes.take()?;
        let policy = u16::from_le_bytes(bytes.take()?);
        let version = index(u16::from_le_bytes(bytes.take()?));
        let indication = index(u16::from_le_bytes(bytes.take()?));
        let [lacks] = bytes.take()?;
        let mut texts = lengths.into_iter().map(|length| bytes.text(length));
        Some(HeldLine {
            claim_id: texts.next()??,
            diagnosis_codes: texts.next()??,
            provider_npi: texts.next()??,
            line_of_business: texts.next()??,
            detail: texts.next()??,
            service_date,
            billed,
            paid,
            program: Program::ALL.get(usize::from(program)).copied(),
            policy,
            version,
            indication,
            lacks: Lacks(lacks),
        })
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn text(&mut self, length: usize) -> Option<&'a str> {
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}
