//! What rules weigh under a run's options, and on a line where some are waived.

use super::{CATALOGUE, Disposition, FindingSet, RuleId, Weight};
use crate::engine::DecisionOptions;

/// Which rules refer, deny and pend under a run's options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weights {
    /// Rules that refer.
    pub refer: FindingSet,
    /// Rules that deny.
    pub deny: FindingSet,
    /// Rules that pend.
    pub pend: FindingSet,
}

impl Weights {
    /// The catalogue's weights, as options change them.
    #[must_use]
    pub fn new(options: &DecisionOptions) -> Self {
        let of = |wanted: Weight| {
            CATALOGUE
                .iter()
                .filter(|rule| Self::under(options, rule.id, rule.weight) == wanted)
                .map(|rule| rule.id)
                .collect()
        };
        Self { refer: of(Weight::Refer), deny: of(Weight::Deny), pend: of(Weight::Pend) }
    }

    /// What a line comes to that this rule names; `None` names lines allowed.
    #[must_use]
    pub fn disposition_of(&self, rule: Option<RuleId>) -> Disposition {
        rule.into_iter().collect::<FindingSet>().disposition(self)
    }

    /// The same, with these rules weighing nothing, as advice.
    #[must_use]
    pub const fn waiving(&self, rules: FindingSet) -> Self {
        Self { refer: self.refer.without(rules), deny: self.deny.without(rules), pend: self.pend.without(rules) }
    }

    /// The rules that weigh something: all but advice.
    #[must_use]
    pub const fn weighing(&self) -> FindingSet {
        self.refer.or(self.deny).or(self.pend)
    }

    fn under(options: &DecisionOptions, rule: RuleId, weight: Weight) -> Weight {
        match rule {
            RuleId::Cov002 if options.unlisted_diagnosis_pends => Weight::Pend,
            RuleId::Cov004 if options.clinical_denies => Weight::Deny,
            RuleId::Pgm004 if options.strict_programs => Weight::Pend,
            _ => weight,
        }
    }

    /// The weight of a rule.
    #[must_use]
    pub const fn of(&self, rule: RuleId) -> Weight {
        if self.refer.contains(rule) {
            Weight::Refer
        } else if self.deny.contains(rule) {
            Weight::Deny
        } else if self.pend.contains(rule) {
            Weight::Pend
        } else {
            Weight::Advice
        }
    }
}
