//! Two finished runs against each other: what became of the same lines under another
//! policy, other options, or another release.
//!
//! Lines come in pairs, in any order: a [`Pair`] is one line as each run decided it.
//! [`Comparer`] sums them, exactly; what it holds grows with procedures, providers and
//! months, not with lines. *Exposure* is what was paid on denied lines. A pair is
//! grouped by what the first run says of the line, or the second where the first has
//! no such line.
//!
//! What is told of it is [`Told`], as JSON; [`ChangesWriter`] writes the changed lines, and
//! [`render_comparison`] a page for people. None of it asks where the lines come from: of
//! two run folders, or of one run that decides each line twice.

mod changed;
mod changes;
mod page;
mod pairs;
mod result;
mod runs;
mod sample;
mod told;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::Dollars;
use crate::claim::Decimal;
use crate::rules::Disposition;

pub use changed::{ChangedLine, DecidedLine};
pub use changes::ChangesWriter;
pub use page::{ComparisonPage, render_comparison};
pub use pairs::{PairOutcomes, PairSums, PairedLine, Sided};
pub use result::{Comparison, Figures, Group, Named, OtherProviders, RuleTransition, SCHEMA_VERSION, Transition};
pub use runs::{RunDifference, differences, same_inputs};
pub use sample::ChangedSample;
pub use told::{Digested, MatchedBy, SideTold, Told};

/// How many providers are told one by one.
pub const MOST_PROVIDERS: usize = 50;

/// A line as one run decided it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line<'a> {
    /// The day of service, as `YYYY-MM-DD`.
    pub service_date: &'a str,
    /// The procedure.
    pub procedure: &'a str,
    /// The provider; blank where it is unknown.
    pub provider: &'a str,
    /// Dollars paid, if known.
    pub paid: Option<Decimal>,
    /// What became of it.
    pub disposition: Disposition,
    /// The rule that names it; blank where it is allowed.
    pub rule: &'a str,
}

impl Line<'_> {
    fn paid(&self) -> Dollars {
        self.paid.unwrap_or_default().into()
    }

    fn exposure(&self) -> Dollars {
        if self.disposition == Disposition::Deny { self.paid() } else { Dollars::default() }
    }
}

/// A line in both runs, or in one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pair<'a> {
    /// The line as both decided it.
    Both(Line<'a>, Line<'a>),
    /// The first run alone has it.
    OnlyA(Line<'a>),
    /// The second run alone has it.
    OnlyB(Line<'a>),
}

impl<'a> Pair<'a> {
    /// The line in the first run.
    #[must_use]
    pub const fn a(&self) -> Option<Line<'a>> {
        match *self {
            Self::Both(a, _) | Self::OnlyA(a) => Some(a),
            Self::OnlyB(_) => None,
        }
    }

    /// The line in the second run.
    #[must_use]
    pub const fn b(&self) -> Option<Line<'a>> {
        match *self {
            Self::Both(_, b) | Self::OnlyB(b) => Some(b),
            Self::OnlyA(_) => None,
        }
    }

    /// Whether both runs have it and decided it differently: another disposition, or
    /// another rule that names it.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        matches!(self, Self::Both(a, b) if (a.disposition, a.rule) != (b.disposition, b.rule))
    }
}

/// Lines of a group, and their exposure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sums {
    in_both: u64,
    changed: u64,
    only_in_a: u64,
    only_in_b: u64,
    exposure_a: Dollars,
    exposure_b: Dollars,
    moved: Dollars,
}

impl Sums {
    fn of(pair: &Pair<'_>) -> Self {
        let exposure = |line: Option<Line<'_>>| line.map_or_else(Dollars::default, |line| line.exposure());
        let (exposure_a, exposure_b) = (exposure(pair.a()), exposure(pair.b()));
        Self {
            in_both: u64::from(matches!(pair, Pair::Both(..))),
            changed: u64::from(matches!(pair, Pair::Both(a, b) if a.disposition != b.disposition)),
            only_in_a: u64::from(matches!(pair, Pair::OnlyA(_))),
            only_in_b: u64::from(matches!(pair, Pair::OnlyB(_))),
            exposure_a,
            exposure_b,
            moved: (exposure_b - exposure_a).magnitude(),
        }
    }

    fn merge(&mut self, other: &Self) {
        self.in_both += other.in_both;
        self.changed += other.changed;
        self.only_in_a += other.only_in_a;
        self.only_in_b += other.only_in_b;
        self.exposure_a += other.exposure_a;
        self.exposure_b += other.exposure_b;
        self.moved += other.moved;
    }
}

/// Lines that went from one disposition to another, and what was paid on them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Moved {
    lines: u64,
    paid_a: Dollars,
    paid_b: Dollars,
    paid_unknown: u64,
}

impl Moved {
    fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.paid_a += other.paid_a;
        self.paid_b += other.paid_b;
        self.paid_unknown += other.paid_unknown;
    }
}

/// The place of a disposition with a rule in [`Comparer::rulings`].
type Ruling = Option<usize>;

/// Sums pairs.
#[derive(Clone, Debug, Default)]
pub struct Comparer {
    total: Sums,
    rule_changed: u64,
    dispositions: BTreeMap<(Option<Disposition>, Option<Disposition>), Moved>,
    /// Few: a run's rules, each with one disposition or two.
    rulings: Vec<(Disposition, String)>,
    rules: BTreeMap<(Ruling, Ruling), Sums>,
    procedures: BTreeMap<String, Sums>,
    providers: BTreeMap<String, Sums>,
    months: BTreeMap<String, Sums>,
}

impl Comparer {
    /// Adds a line.
    pub fn add<'a>(&mut self, pair: &Pair<'a>) {
        let (a, b) = (pair.a(), pair.b());
        let Some(line) = a.or(b) else { return };
        let sums = Sums::of(pair);
        let moved = Moved {
            lines: 1,
            paid_a: a.map_or_else(Dollars::default, |line| line.paid()),
            paid_b: b.map_or_else(Dollars::default, |line| line.paid()),
            paid_unknown: u64::from([a, b].into_iter().flatten().any(|line| line.paid.is_none())),
        };
        let ruled = |line: Line<'a>| (line.disposition, line.rule);
        self.add_ruled(a.map(ruled), b.map(ruled), &sums, &moved);
        add_to(&mut self.procedures, line.procedure, &sums);
        add_to(&mut self.providers, line.provider, &sums);
        add_to(&mut self.months, line.service_date.get(..7).unwrap_or(line.service_date), &sums);
    }

    /// Adds lines that were decided alike: their dispositions and the rules that name them.
    fn add_ruled(
        &mut self,
        a: Option<(Disposition, &str)>,
        b: Option<(Disposition, &str)>,
        sums: &Sums,
        moved: &Moved,
    ) {
        self.total.merge(sums);
        let is_renamed = a.zip(b).is_some_and(|(a, b)| a.0 == b.0 && a.1 != b.1);
        self.rule_changed += if is_renamed { sums.in_both } else { 0 };
        let name = |ruled: Option<(Disposition, &str)>| ruled.map(|(disposition, _)| disposition);
        self.dispositions.entry((name(a), name(b))).or_default().merge(moved);
        let key = (a.map(|ruled| self.ruling(ruled)), b.map(|ruled| self.ruling(ruled)));
        self.rules.entry(key).or_default().merge(sums);
    }

    fn ruling(&mut self, (disposition, rule): (Disposition, &str)) -> usize {
        let known = |(known, named): &(Disposition, String)| *known == disposition && named == rule;
        self.rulings.iter().position(known).unwrap_or_else(|| {
            self.rulings.push((disposition, rule.to_owned()));
            self.rulings.len() - 1
        })
    }
}

impl<'a> Extend<Pair<'a>> for Comparer {
    fn extend<I: IntoIterator<Item = Pair<'a>>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|pair| self.add(&pair));
    }
}

fn add_to(groups: &mut BTreeMap<String, Sums>, key: &str, sums: &Sums) {
    match groups.get_mut(key) {
        Some(group) => group.merge(sums),
        None => drop(groups.insert(key.to_owned(), *sums)),
    }
}
