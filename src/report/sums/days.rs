//! Decided lines by day and month of service, and those that follow one another on a day.

use super::super::amounts::ByRule;
use super::super::pairs::SmallSums;
use super::super::tally::Quarter;
use crate::rules::{CATALOGUE, RuleId};

/// The lines of a day.
#[derive(Debug, Default)]
pub(super) struct DaySums {
    pub(super) dated: Option<Dated>,
    pub(super) lines: u64,
}

/// What a day lies in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Dated {
    /// The month's place.
    pub(super) month: usize,
    pub(super) quarter: Quarter,
}

/// The lines of a month.
#[derive(Debug, Default)]
pub(super) struct MonthSums {
    /// By the place of the rule that names them, and behind all rules those that none does.
    pub(super) small: Vec<SmallSums>,
    pub(super) beyond: ByRule,
}

impl MonthSums {
    /// How many such places there are.
    pub(super) const PLACES: usize = CATALOGUE.len() + 1;

    #[inline]
    pub(super) fn place(rule: Option<RuleId>) -> usize {
        rule.map_or(CATALOGUE.len(), |rule| rule as usize)
    }
}

/// As many runs of lines wait.
pub(super) const RUNS: usize = 64;

/// Lines that follow one another with the same provider and day, as those of a claim do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LineRun {
    /// The number of the provider's text, and the day; 0 where there is no line.
    pub(super) key: (u32, i32),
    /// The provider's place, and the day's.
    pub(super) provider: usize,
    pub(super) of_day: usize,
    pub(super) dated: Dated,
    /// Its lines by disposition.
    pub(super) lines: [u32; 4],
}
