//! What a comparison came to, as it is told. Its form is published as
//! `docs/schemas/compare.schema.json`. Dollars are JSON numbers, reversals netted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Comparer, MOST_PROVIDERS, Moved, Ruling, Sums};
use crate::rules::Disposition;

/// The version of the comparison's form.
pub const SCHEMA_VERSION: u32 = 1;

/// Two runs, compared.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Comparison {
    /// All lines.
    pub total: Figures,
    /// Lines with the same disposition and another rule that names them.
    pub rule_changed: u64,
    /// Lines by disposition in either run: every pair of them, and what only one run has.
    pub by_disposition: Vec<Transition>,
    /// By disposition and naming rule in either run, the largest changed exposure first.
    pub by_rule: Vec<RuleTransition>,
    /// By procedure.
    pub by_procedure: Vec<Group>,
    /// By provider, the largest changed exposure first, at most [`MOST_PROVIDERS`].
    pub by_provider: Vec<Group>,
    /// The providers that are not in `by_provider`.
    pub other_providers: OtherProviders,
    /// By month of service.
    pub by_service_month: Vec<Group>,
}

impl Comparison {
    /// Whether what both runs have was paid the same in both, disposition by disposition.
    #[must_use]
    pub fn is_paid_alike(&self) -> bool {
        let in_both = |one: &&Transition| one.a.is_some() && one.b.is_some();
        // Both are sums of ten-thousandths, so equal ones are the same number.
        self.by_disposition.iter().filter(in_both).all(|one| one.paid_a.to_bits() == one.paid_b.to_bits())
    }
}

/// Lines and exposure of a group.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Figures {
    /// Lines that both runs have.
    pub in_both: u64,
    /// Of these, lines with another disposition.
    pub changed: u64,
    /// Lines that only the first run has.
    pub only_in_a: u64,
    /// Lines that only the second run has.
    pub only_in_b: u64,
    /// Paid on lines that the first run denies.
    pub exposure_a: f64,
    /// Paid on lines that the second run denies.
    pub exposure_b: f64,
    /// The second less the first.
    pub difference: f64,
    /// The sum of what each line's exposure rose or fell by: what rose and what fell do
    /// not cancel out.
    pub changed_exposure: f64,
}

/// Lines that went from one disposition to another.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Transition {
    /// The disposition in the first run; `None` where only the second has the lines.
    pub a: Option<&'static str>,
    /// The disposition in the second run; `None` where only the first has the lines.
    pub b: Option<&'static str>,
    /// Lines.
    pub lines: u64,
    /// Paid on them, as the first run read it.
    pub paid_a: f64,
    /// Paid on them, as the second run read it.
    pub paid_b: f64,
    /// Lines whose paid amount is unknown in a run that has them.
    pub paid_unknown: u64,
}

/// A disposition, and the rule that names the lines.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Named {
    /// The disposition.
    pub disposition: &'static str,
    /// The rule; `None` where the lines are allowed.
    pub rule: Option<String>,
}

/// Lines that went from one rule to another, or stayed with it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RuleTransition {
    /// In the first run; `None` where only the second has the lines.
    pub a: Option<Named>,
    /// In the second run; `None` where only the first has the lines.
    pub b: Option<Named>,
    /// The lines and their exposure.
    #[serde(flatten)]
    pub figures: Figures,
}

impl RuleTransition {
    /// Whether both runs say the same of these lines.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.a == self.b
    }
}

/// Lines that have something in common.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Group {
    /// What they have in common.
    pub key: String,
    /// The lines and their exposure.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Providers that are told as one.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct OtherProviders {
    /// How many there are.
    pub providers: u64,
    /// Their lines and exposure.
    #[serde(flatten)]
    pub figures: Figures,
}

impl Figures {
    /// These and others.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            in_both: self.in_both + other.in_both,
            changed: self.changed + other.changed,
            only_in_a: self.only_in_a + other.only_in_a,
            only_in_b: self.only_in_b + other.only_in_b,
            exposure_a: self.exposure_a + other.exposure_a,
            exposure_b: self.exposure_b + other.exposure_b,
            difference: self.difference + other.difference,
            changed_exposure: self.changed_exposure + other.changed_exposure,
        }
    }

    /// All of them, to the cent.
    pub(super) fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), Self::plus)
    }
}

impl From<Sums> for Figures {
    fn from(sums: Sums) -> Self {
        Self {
            in_both: sums.in_both,
            changed: sums.changed,
            only_in_a: sums.only_in_a,
            only_in_b: sums.only_in_b,
            exposure_a: sums.exposure_a.number(),
            exposure_b: sums.exposure_b.number(),
            difference: (sums.exposure_b - sums.exposure_a).number(),
            changed_exposure: sums.moved.number(),
        }
    }
}

impl Comparer {
    /// What it came to.
    #[must_use]
    pub fn finish(self) -> Comparison {
        let by_rule = self.by_rule();
        let mut providers: Vec<_> = self.providers.into_iter().collect();
        // Their names break ties, since the sort keeps the map's order.
        providers.sort_by_key(|(_, sums)| largest_first(sums));
        let others = providers.split_off(providers.len().min(MOST_PROVIDERS));
        let mut rest = Sums::default();
        for (_, sums) in &others {
            rest.merge(sums);
        }
        Comparison {
            total: self.total.into(),
            rule_changed: self.rule_changed,
            by_disposition: transitions(&self.dispositions),
            by_rule,
            by_procedure: groups(self.procedures),
            by_provider: groups(providers),
            other_providers: OtherProviders { providers: others.len() as u64, figures: rest.into() },
            by_service_month: groups(self.months),
        }
    }

    fn by_rule(&self) -> Vec<RuleTransition> {
        let named = |ruling: Ruling| {
            let (disposition, rule) = self.rulings.get(ruling?)?;
            Some(Named { disposition: disposition.name(), rule: Some(rule.clone()).filter(|rule| !rule.is_empty()) })
        };
        let mut rules: Vec<_> = self.rules.iter().map(|((a, b), sums)| (named(*a), named(*b), *sums)).collect();
        rules.sort_by(|one, other| {
            let size = |sums: &Sums| (largest_first(sums), Reverse(sums.in_both + sums.only_in_a + sums.only_in_b));
            (size(&one.2), &one.0, &one.1).cmp(&(size(&other.2), &other.0, &other.1))
        });
        rules.into_iter().map(|(a, b, sums)| RuleTransition { a, b, figures: sums.into() }).collect()
    }
}

fn largest_first(sums: &Sums) -> impl Ord + use<> {
    Reverse((sums.moved, sums.changed))
}

fn groups(groups: impl IntoIterator<Item = (String, Sums)>) -> Vec<Group> {
    groups.into_iter().map(|(key, sums)| Group { key, figures: sums.into() }).collect()
}

fn transitions(found: &BTreeMap<(Option<Disposition>, Option<Disposition>), Moved>) -> Vec<Transition> {
    let sides = || Disposition::ALL.into_iter().map(Some).chain([None]);
    let pairs = sides().flat_map(|a| sides().map(move |b| (a, b))).filter(|pair| *pair != (None, None));
    pairs
        .map(|(a, b)| {
            let moved = found.get(&(a, b)).copied().unwrap_or_default();
            Transition {
                a: a.map(Disposition::name),
                b: b.map(Disposition::name),
                lines: moved.lines,
                paid_a: moved.paid_a.number(),
                paid_b: moved.paid_b.number(),
                paid_unknown: moved.paid_unknown,
            }
        })
        .collect()
}
