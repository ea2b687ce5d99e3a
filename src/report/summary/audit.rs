//! What a retrospective audit asks of a run: which versions of claims stand, and what can
//! still be asked back.

use serde::{Deserialize, Serialize};

use super::build::amounts;
use super::{AmountsSummary, KeyedAmounts};
use crate::engine::{Superseded, SupersededBy};
use crate::report::amounts::Amounts;
use crate::report::tally::Tally;
use crate::rules::{CATALOGUE, Disposition};
use crate::run::LookBack;

/// The versions of a run's claims.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FinalActionSummary {
    /// Lines that are not judged, by reason; they are in no other sum.
    pub superseded: Vec<KeyedAmounts>,
    /// Families of claims of which several versions claim to be the last.
    pub forked: u64,
    /// Families whose versions name one another in a circle: all of them are judged.
    pub cycles: u64,
    /// Voids in scope of which no other version is.
    pub voids_without_original: u64,
    /// Replacements in scope of which no other version is.
    pub replacements_without_original: u64,
    /// Rows that take back a payment that no line shows: judged, and netted.
    pub reversals_without_line: u64,
}

/// What was allowed on lines of a disposition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AllowedSummary {
    /// The disposition.
    pub key: String,
    /// Lines that say what was allowed.
    pub lines: u64,
    /// Dollars allowed on them, reversals netted.
    pub allowed: f64,
}

/// Exposure by whether it can still be asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RecoverySummary {
    /// How many months back.
    pub months: u32,
    /// From which day.
    pub as_of: String,
    /// Denied lines that are within reach. The payer's own denials are in neither.
    pub recoverable: AmountsSummary,
    /// Denied lines that are not.
    pub lapsed: AmountsSummary,
    /// Of both, lines without a day of payment, counted from the day of service.
    pub counted_from_service: AmountsSummary,
    /// Both by the rule that names the lines, in catalogue order.
    pub by_rule: Vec<RecoveredRule>,
}

/// Exposure of a rule by whether it can still be asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RecoveredRule {
    /// The rule's id.
    pub rule: String,
    /// Denied lines that are within reach.
    pub recoverable: AmountsSummary,
    /// Denied lines that are not.
    pub lapsed: AmountsSummary,
}

pub(super) fn final_action(tally: &Tally, superseded: &Superseded) -> FinalActionSummary {
    let Superseded { counts, reversals_without_line, .. } = superseded;
    let sums = SupersededBy::ALL.into_iter().zip(&tally.superseded).filter(|(_, sum)| sum.lines > 0);
    FinalActionSummary {
        superseded: sums
            .map(|(reason, sum)| KeyedAmounts { key: reason.word().to_owned(), amounts: amounts(sum) })
            .collect(),
        forked: counts.forked,
        cycles: counts.cycles,
        voids_without_original: counts.voids_without_original,
        replacements_without_original: counts.replacements_without_original,
        reversals_without_line: *reversals_without_line,
    }
}

pub(super) fn allowed(tally: &Tally) -> Vec<AllowedSummary> {
    let sums = Disposition::ALL.into_iter().zip(&tally.allowed).filter(|(_, sum)| sum.lines > 0);
    sums.map(|(disposition, sum)| AllowedSummary {
        key: disposition.name().to_owned(),
        lines: sum.lines,
        allowed: sum.allowed.number(),
    })
    .collect()
}

pub(super) fn recovery(tally: &Tally, look_back: &LookBack) -> RecoverySummary {
    let of = |wanted: &dyn Fn(Option<crate::rules::RuleId>) -> bool, within: bool| {
        let mut sum = Amounts::default();
        let found = tally.recovery.iter().filter(|((rule, recoverable), _)| *recoverable == within && wanted(*rule));
        found.for_each(|(_, amounts)| sum.merge(amounts));
        amounts(&sum)
    };
    let rules = CATALOGUE.iter().map(|rule| RecoveredRule {
        rule: rule.code.to_owned(),
        recoverable: of(&|named| named == Some(rule.id), true),
        lapsed: of(&|named| named == Some(rule.id), false),
    });
    RecoverySummary {
        months: look_back.months,
        as_of: look_back.as_of.to_string(),
        recoverable: of(&|_| true, true),
        lapsed: of(&|_| true, false),
        counted_from_service: amounts(&tally.counted_from_service),
        by_rule: rules.filter(|one| one.recoverable.lines + one.lapsed.lines > 0).collect(),
    }
}
