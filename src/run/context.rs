//! What lines have in common that mostly come to the same, as one number.

use crate::claim::ClaimLine;
use crate::engine::Draft;
use crate::policy::{PolicyRef, Program};

/// Program, policy, version, indication and what was not given, as one number:
/// lines that agree in it mostly come to the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Context(pub(super) u64);

const NONE: u16 = u16::MAX;

impl Context {
    pub(super) fn new(line: &ClaimLine<'_>, draft: &Draft) -> Self {
        let [policy_low, policy_high] = draft.policy.0.to_le_bytes();
        let [version_low, version_high] = draft.version.unwrap_or(NONE).to_le_bytes();
        let [indication_low, indication_high] = draft.indication.unwrap_or(NONE).to_le_bytes();
        let program = draft.program.map_or(u8::MAX, |program| program as u8);
        Self(u64::from_le_bytes([
            program,
            Lacks::of(line).0,
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
        Program::ALL.get(usize::from(program)).copied()
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
