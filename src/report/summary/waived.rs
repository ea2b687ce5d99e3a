//! What a payer's overrides came to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::Adjudicator;
use crate::overrides::Override;
use crate::report::amounts::Dollars;
use crate::report::tally::Tally;
use crate::rules::{Disposition, FindingSet};

/// What a payer's overrides came to. Nothing here names a member or a claim.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OverridesSummary {
    /// The day as of which they were in force or expired.
    pub as_of: String,
    /// Lines whose disposition is another by them, each once.
    pub changed: u64,
    /// Dollars paid on lines that would have been denied, reversals netted.
    pub left_exposure: f64,
    /// Each, in the order of the file.
    pub overrides: Vec<OverrideSummary>,
    /// Pairs that waived the same rule on the same lines, in the order of the file.
    pub overlaps: Vec<OverlapSummary>,
}

/// What an override came to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OverrideSummary {
    /// Its id.
    pub id: String,
    /// Who answers for it.
    pub owner: String,
    /// Why it was made.
    pub reason: String,
    /// The last day on which it was in force.
    pub expires: String,
    /// The rules that it waives, or `all`.
    pub rules: Vec<String>,
    /// `used`, `unused` or `expired`.
    pub state: String,
    /// Decided lines that meet its conditions.
    pub matched: u64,
    /// Those on which it took weight from a finding; of an expired one, on which it
    /// would have.
    pub waived: u64,
    /// Those of them whose disposition is another by the overrides of the line.
    pub changed: u64,
    /// Dollars paid on those that would have been denied, reversals netted.
    pub left_exposure: f64,
}

/// Two overrides that waived the same rules on the same lines.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OverlapSummary {
    /// The one that stands first in the file, and is named.
    pub first: String,
    /// The other.
    pub second: String,
    /// The rules that both waived.
    pub rules: Vec<String>,
    /// Lines.
    pub lines: u64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    matched: u64,
    waived: u64,
    changed: u64,
    left_exposure: Dollars,
}

/// `None` where no file was given.
pub(super) fn overrides(adjudicator: &Adjudicator, tally: &Tally) -> Option<OverridesSummary> {
    let overrides = adjudicator.overrides();
    let as_of = overrides.as_of()?;
    let (weights, entries) = (adjudicator.weights(), overrides.entries());
    let mut all = Sums::default();
    let mut sums = vec![Sums::default(); entries.len()];
    let mut overlaps: BTreeMap<(usize, usize), (FindingSet, u64)> = BTreeMap::new();
    // Sums, so the order in which lines were met is no matter.
    for ((waiver, findings), amounts) in &tally.waived {
        let weighing = findings.and(weights.weighing());
        let waived = weighing.and(overrides.waived(*waiver));
        let (before, now) = (findings.disposition(weights), findings.disposition(&adjudicator.weights_on(*waiver)));
        let changed = if before == now { 0 } else { amounts.lines };
        let left = before == Disposition::Deny && now != Disposition::Deny;
        let left_exposure = if left { amounts.paid } else { Dollars::default() };
        for place in overrides.met(*waiver) {
            let (Some(sum), Some(one)) = (sums.get_mut(place), entries.get(place)) else { continue };
            sum.matched += amounts.lines;
            if one.expired && weighing.intersects(one.rules.set()) {
                sum.waived += amounts.lines;
            }
        }
        for place in overrides.named(*waiver, waived) {
            let Some(sum) = sums.get_mut(place) else { continue };
            sum.waived += amounts.lines;
            sum.changed += changed;
            sum.left_exposure += left_exposure;
        }
        all.changed += changed;
        all.left_exposure += left_exposure;
        for overlap in overrides.overlaps(*waiver, waived) {
            let (rules, lines) = overlaps.entry((overlap.first, overlap.second)).or_default();
            *rules = rules.or(overlap.rules);
            *lines += amounts.lines;
        }
    }
    let id = |place: usize| entries.get(place).map(|one| one.id.clone()).unwrap_or_default();
    Some(OverridesSummary {
        as_of: as_of.to_string(),
        changed: all.changed,
        left_exposure: all.left_exposure.number(),
        overrides: entries.iter().zip(&sums).map(|(one, sums)| told(one, sums)).collect(),
        overlaps: overlaps
            .into_iter()
            .map(|((first, second), (rules, lines))| OverlapSummary {
                first: id(first),
                second: id(second),
                rules: rules.rules().map(|rule| rule.rule().code.to_owned()).collect(),
                lines,
            })
            .collect(),
    })
}

fn told(one: &Override, sums: &Sums) -> OverrideSummary {
    let state = match (one.expired, sums.waived) {
        (true, _) => "expired",
        (false, 0) => "unused",
        (false, _) => "used",
    };
    OverrideSummary {
        id: one.id.clone(),
        owner: one.owner.clone(),
        reason: one.reason.clone(),
        expires: one.expires.to_string(),
        rules: one.rules.names().into_iter().map(str::to_owned).collect(),
        state: state.to_owned(),
        matched: sums.matched,
        waived: sums.waived,
        changed: sums.changed,
        left_exposure: sums.left_exposure.number(),
    }
}
