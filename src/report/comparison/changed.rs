//! A line that two runs decided differently, with what is shown of it.

use super::{Line, Pair};
use crate::claim::Decimal;

/// A line as one run decided it, with what the comparison does not ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DecidedLine<'a> {
    /// What is compared of it.
    pub line: Line<'a>,
    /// The file that it stands in, as given.
    pub source_file: &'a str,
    /// Its row there, from 1.
    pub source_row: u64,
    /// The claim.
    pub claim_id: &'a str,
    /// The line's number on the claim.
    pub line_number: &'a str,
    /// Units, if known.
    pub units: Option<Decimal>,
    /// Dollars billed, if known.
    pub billed: Option<Decimal>,
    /// All rules with a finding, `;` between them.
    pub rules: &'a str,
    /// What only this line can tell.
    pub detail: &'a str,
    /// The version of the policy that judged it.
    pub policy_version: &'a str,
}

/// A line as both runs decided it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChangedLine<'a> {
    /// In the first run.
    pub a: DecidedLine<'a>,
    /// In the second run.
    pub b: DecidedLine<'a>,
    /// Which of the lines with its claim and number it is, from 1, where lines are
    /// matched by that.
    pub occurrence: Option<u32>,
}

impl<'a> ChangedLine<'a> {
    /// What is summed of it.
    #[must_use]
    pub const fn pair(&self) -> Pair<'a> {
        Pair::Both(self.a.line, self.b.line)
    }
}
