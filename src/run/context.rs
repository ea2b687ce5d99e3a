//! What lines have in common that mostly come to the same, as one number.

use super::LookBack;
use crate::claim::{ClaimLine, ClaimStatus, Stated};
use crate::engine::Draft;
use crate::policy::{PolicyRef, Program};

/// Program, policy, version, indication, what was not given and what the payer made of
/// the line, as one number: lines that agree in it mostly come to the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Context(pub(super) u64);

const NONE: u16 = u16::MAX;
/// The bits of the first byte that hold the program; above them stands its status with
/// the payer.
const PROGRAM: u8 = 0x0f;
/// The status with the payer, as it is held there.
const STATUSES: [Stated<ClaimStatus>; 5] = [
    Stated::Blank,
    Stated::Known(ClaimStatus::Paid),
    Stated::Known(ClaimStatus::Denied),
    Stated::Known(ClaimStatus::Reversed),
    Stated::Other,
];

impl Context {
    pub(super) fn new(line: &ClaimLine<'_>, draft: &Draft, look_back: Option<&LookBack>) -> Self {
        let [policy_low, policy_high] = draft.policy.0.to_le_bytes();
        let [version_low, version_high] = draft.version.unwrap_or(NONE).to_le_bytes();
        let [indication_low, indication_high] = draft.indication.unwrap_or(NONE).to_le_bytes();
        let program = draft.program.map_or(PROGRAM, |program| program as u8);
        let status = match line.payer.status {
            Stated::Blank => 0,
            Stated::Known(ClaimStatus::Paid) => 1,
            Stated::Known(ClaimStatus::Denied) => 2,
            Stated::Known(ClaimStatus::Reversed) => 3,
            Stated::Other => 4,
        };
        Self(u64::from_le_bytes([
            program | status << 4,
            Lacks::of(line, look_back).0,
            policy_low,
            policy_high,
            version_low,
            version_high,
            indication_low,
            indication_high,
        ]))
    }

    pub(super) fn program(self) -> Option<Program> {
        let [program, ..] = self.0.to_le_bytes();
        Program::ALL.get(usize::from(program & PROGRAM)).copied()
    }

    /// What became of the line with the payer.
    pub(super) fn status(self) -> Stated<ClaimStatus> {
        let [program, ..] = self.0.to_le_bytes();
        STATUSES.get(usize::from(program >> 4)).copied().unwrap_or_default()
    }

    pub(super) fn lacks(self) -> Lacks {
        let [_, lacks, ..] = self.0.to_le_bytes();
        Lacks(lacks)
    }

    pub(super) fn policy(self) -> PolicyRef {
        let [_, _, low, high, ..] = self.0.to_le_bytes();
        PolicyRef(u16::from_le_bytes([low, high]))
    }

    /// The version applied, by its place in the policy.
    pub(super) fn version(self) -> Option<u16> {
        let [.., low, high, _, _] = self.0.to_le_bytes();
        Some(u16::from_le_bytes([low, high])).filter(|place| *place != NONE)
    }

    /// The indication that is met, by its place in the policy.
    pub(super) fn indication(self) -> Option<u16> {
        let [.., low, high] = self.0.to_le_bytes();
        Some(u16::from_le_bytes([low, high])).filter(|place| *place != NONE)
    }
}

/// Which optional values a row did not give, and how it lies to the look-back, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Lacks(u8);

impl Lacks {
    pub(super) const LINE_OF_BUSINESS: u8 = 1;
    pub(super) const UNITS: u8 = 2;
    pub(super) const POINTERS: u8 = 4;
    pub(super) const PAID: u8 = 8;
    /// Paid too long ago to be asked for.
    pub(super) const LAPSED: u8 = 16;
    /// Of the day of payment, where there is a look-back to be counted from it.
    pub(super) const PAID_DATE: u8 = 32;
    /// The opposite: an allowed amount is held with the line.
    pub(super) const HAS_ALLOWED: u8 = 64;

    fn of(line: &ClaimLine<'_>, look_back: Option<&LookBack>) -> Self {
        let bit = |given: bool, bit: u8| if given { 0 } else { bit };
        Self(
            bit(line.given.line_of_business, Self::LINE_OF_BUSINESS)
                | bit(line.given.units, Self::UNITS)
                | bit(line.given.pointers, Self::POINTERS)
                // What the payer denied it did not pay, whatever stands there.
                | bit(line.given.paid || line.payer.is_denied(), Self::PAID)
                | bit(look_back.is_none_or(|look_back| look_back.reaches(line)), Self::LAPSED)
                | bit(look_back.is_none() || line.payer.paid_date.is_some(), Self::PAID_DATE)
                | bit(line.payer.allowed.is_none(), Self::HAS_ALLOWED),
        )
    }

    pub(super) const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}
