//! The claim line: one procedure on one claim.

use std::num::NonZeroU64;

use smallvec::SmallVec;

use super::{ClinicalFacts, Day, Decimal, Modifier, PayerRecord, ProcedureCode};
use crate::icd10::DiagnosisCode;

/// A diagnosis as it stands on a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DiagnosisText<'a> {
    /// Text that can be a code (it need not be one).
    Code(DiagnosisCode),
    /// Text that cannot: too long, or with characters outside ASCII.
    Other(&'a str),
}

/// A diagnosis and the number that a pointer knows it by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Diagnosis<'a> {
    /// The number of its column, or its place in the list, from 1.
    pub slot: u8,
    /// What it says.
    pub text: DiagnosisText<'a>,
}

/// Which optional values the row gave; the others were defaulted or are unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct Given {
    /// A line of business.
    pub line_of_business: bool,
    /// Units.
    pub units: bool,
    /// Diagnosis pointers.
    pub pointers: bool,
    /// A paid amount.
    pub paid: bool,
}

/// What lines have in common that follow one another with the same claim, member,
/// provider, day, line of business and diagnoses, as the lines of a claim do: a number
/// that their reader gave them. What was found of one of them by these holds for all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeaderNumber(pub NonZeroU64);

/// One claim line, read and typed, nothing decided yet.
///
/// Text is borrowed from the batch that was read. Blank text is empty.
#[derive(Clone, Debug)]
pub struct ClaimLine<'a> {
    /// The claim's identifier.
    pub claim_id: &'a str,
    /// The line's number on its claim, from 1.
    pub line_number: u32,
    /// The day of service.
    pub service_date: Day,
    /// The procedure.
    pub procedure: ProcedureCode,
    /// Modifiers, sorted, each once.
    pub modifiers: SmallVec<[Modifier; 4]>,
    /// Every diagnosis of the row, in order.
    pub diagnoses: Vec<Diagnosis<'a>>,
    /// The slots that pointers name and a diagnosis fills, in pointer order,
    /// each once. Meaningful where [`Given::pointers`] is true.
    pub pointed: Vec<u8>,
    /// The line of business as read.
    pub line_of_business: &'a str,
    /// The member. Never printed.
    pub member_id: &'a str,
    /// The provider.
    pub provider_npi: &'a str,
    /// Units, 1 where none are given.
    pub units: Decimal,
    /// Dollars billed; `None` is unknown.
    pub billed: Option<Decimal>,
    /// Dollars paid; `None` is unknown.
    pub paid: Option<Decimal>,
    /// Clinical facts.
    pub facts: ClinicalFacts,
    /// The payer's side of it.
    pub payer: PayerRecord<'a>,
    /// Which optional values the row gave.
    pub given: Given,
    /// What it shares with the line read before it, where the reader told.
    pub header: Option<HeaderNumber>,
}

impl<'a> ClaimLine<'a> {
    /// The diagnoses that a decision examines: the pointed ones in pointer
    /// order, else all.
    pub fn examined(&self) -> impl Iterator<Item = &Diagnosis<'a>> {
        let all = if self.given.pointers { &[][..] } else { &self.diagnoses[..] };
        let pointed = if self.given.pointers { &self.pointed[..] } else { &[][..] };
        let by_pointer = pointed.iter().flat_map(|slot| self.diagnoses.iter().filter(move |d| d.slot == *slot));
        by_pointer.chain(all)
    }
}

impl<'a> ClaimLine<'a> {
    /// A line with nothing but what every line must have: one unit, no
    /// diagnoses, nothing else given.
    #[must_use]
    pub fn new(claim_id: &'a str, line_number: u32, service_date: Day, procedure: ProcedureCode) -> Self {
        Self {
            claim_id,
            line_number,
            service_date,
            procedure,
            modifiers: SmallVec::new(),
            diagnoses: Vec::new(),
            pointed: Vec::new(),
            line_of_business: "",
            member_id: "",
            provider_npi: "",
            units: Decimal::ONE,
            billed: None,
            paid: None,
            facts: ClinicalFacts::default(),
            payer: PayerRecord::default(),
            given: Given::default(),
            header: None,
        }
    }

    /// Whether the line takes something back: its paid amount is below zero, or, where
    /// that is unknown or nothing, its units or its billed amount.
    #[must_use]
    pub fn is_below_zero(&self) -> bool {
        match self.paid {
            Some(paid) if paid != Decimal::ZERO => paid.is_negative(),
            _ => self.units.is_negative() || self.billed.is_some_and(Decimal::is_negative),
        }
    }

    /// Adds a diagnosis behind those that are there.
    pub fn add_diagnosis(&mut self, text: &'a str) {
        let slot = self.diagnoses.last().map_or(1, |last| last.slot.saturating_add(1));
        self.diagnoses.push(Diagnosis { slot, text: DiagnosisText::read(text) });
    }
}

impl<'a> DiagnosisText<'a> {
    /// Reads one diagnosis, as it stands in a file.
    #[must_use]
    pub fn read(text: &'a str) -> Self {
        DiagnosisCode::parse(text.as_bytes()).map_or(Self::Other(text), Self::Code)
    }

    /// Appends the diagnosis as it is printed: upper-cased, with its dot.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Code(code) => out.extend_from_slice(code.dotted().as_bytes()),
            Self::Other(text) => {
                let letters = text.chars().filter(|c| *c != '.').flat_map(char::to_uppercase);
                for (place, letter) in letters.enumerate() {
                    if place == 3 {
                        out.push(b'.');
                    }
                    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
    }
}
