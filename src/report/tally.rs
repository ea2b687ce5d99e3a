//! Sums over decided lines, made group by group and merged.

use std::ops::AddAssign;

use rustc_hash::FxHashMap;

use super::outcome::KeptOutcome;
use crate::claim::Decimal;
use crate::policy::{PolicyRef, ProcedureIndex, Program};
use crate::rules::{CATALOGUE, Disposition, RuleId};

/// Dollars of many lines, exactly: more than a run's lines can come to, whichever
/// of them are added first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Dollars(i128);

impl Dollars {
    /// The sum as one amount, or the nearest that there is.
    #[must_use]
    pub fn amount(self) -> Decimal {
        let nearest = self.0.clamp(i64::MIN.into(), i64::MAX.into());
        Decimal::from_ten_thousandths(nearest.try_into().unwrap_or_default())
    }
}

impl From<Decimal> for Dollars {
    fn from(amount: Decimal) -> Self {
        Self(amount.ten_thousandths().into())
    }
}

impl AddAssign for Dollars {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

/// Lines and dollars.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Amounts {
    /// Lines.
    pub lines: u64,
    /// Dollars billed, reversals netted.
    pub billed: Dollars,
    /// Dollars paid, reversals netted.
    pub paid: Dollars,
    /// Lines whose paid amount is unknown.
    pub paid_unknown: u64,
}

impl Amounts {
    /// One line.
    #[must_use]
    pub fn of(billed: Option<Decimal>, paid: Option<Decimal>) -> Self {
        Self {
            lines: 1,
            billed: billed.unwrap_or_default().into(),
            paid: paid.unwrap_or_default().into(),
            paid_unknown: u64::from(paid.is_none()),
        }
    }

    /// Adds other lines.
    pub fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.billed += other.billed;
        self.paid += other.paid;
        self.paid_unknown += other.paid_unknown;
    }
}

/// Lines and dollars by disposition, in the order of [`Disposition::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ByDisposition(pub [Amounts; 4]);

impl ByDisposition {
    pub(super) fn add(&mut self, disposition: Disposition, amounts: &Amounts) {
        if let Some(mine) = self.0.get_mut(disposition as usize) {
            mine.merge(amounts);
        }
    }

    /// Adds other lines.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            mine.merge(theirs);
        }
    }

    /// The lines of one disposition.
    #[must_use]
    pub fn of(&self, disposition: Disposition) -> Amounts {
        self.0.get(disposition as usize).copied().unwrap_or_default()
    }

    /// All lines.
    #[must_use]
    pub fn all(&self) -> Amounts {
        let mut all = Amounts::default();
        self.0.iter().for_each(|amounts| all.merge(amounts));
        all
    }
}

/// Which optional values a row did not give.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct Defaulted {
    /// No line of business: judged as commercial.
    pub line_of_business: bool,
    /// No units: taken as one.
    pub units: bool,
    /// No diagnosis pointers: all diagnoses examined.
    pub pointers: bool,
    /// No paid amount: unknown.
    pub paid: bool,
}

/// What a policy's rule came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RuleTally {
    /// Lines that the rule names.
    pub named: Amounts,
    /// Lines with a finding of the rule, whatever names them.
    pub found: u64,
}

/// What a decided line is summed under, beside what its row says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sorted {
    /// Its procedure.
    pub procedure: ProcedureIndex,
    /// Its program; `None` is an unknown line of business.
    pub program: Option<Program>,
    /// The policy that put it in scope, and the version applied, by its place.
    pub version: (PolicyRef, Option<u16>),
    /// What it did not give.
    pub lacks: Defaulted,
}

/// Everything that a summary sums.
///
/// Its maps are unordered, since millions of lines go through them; whoever
/// reads them sorts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// All decided lines.
    pub all: ByDisposition,
    /// By rule, in catalogue order; empty where no line was added.
    pub rules: Vec<RuleTally>,
    /// By procedure.
    pub procedures: FxHashMap<ProcedureIndex, ByDisposition>,
    /// By program; `None` is an unknown line of business.
    pub programs: FxHashMap<Option<Program>, ByDisposition>,
    /// By month of service, as year and month.
    pub months: FxHashMap<(i32, u32), ByDisposition>,
    /// By provider; blank where none is given.
    pub providers: FxHashMap<String, ByDisposition>,
    /// By policy and version applied.
    pub versions: FxHashMap<(PolicyRef, Option<u16>), ByDisposition>,
    /// Lines that did not give their line of business, units, pointers, paid
    /// amount.
    pub defaulted: [u64; 4],
    /// Allowed lines whose clinical facts nothing weighed.
    pub clinical_not_examined: Amounts,
}

impl Tally {
    /// Adds the lines of an outcome.
    pub(super) fn add(&mut self, kept: &KeptOutcome<'_>) {
        let KeptOutcome { outcome, sorted, amounts, .. } = kept;
        let disposition = outcome.disposition;
        self.all.add(disposition, amounts);
        self.rules.resize(CATALOGUE.len(), RuleTally::default());
        if let Some(tally) = outcome.rule.and_then(|rule| self.rules.get_mut(rule as usize)) {
            tally.named.merge(amounts);
        }
        for rule in outcome.findings.rules() {
            if let Some(tally) = self.rules.get_mut(rule as usize) {
                tally.found += amounts.lines;
            }
        }
        self.procedures.entry(sorted.procedure).or_default().add(disposition, amounts);
        self.programs.entry(sorted.program).or_default().add(disposition, amounts);
        self.versions.entry(sorted.version).or_default().add(disposition, amounts);
        let lacks = sorted.lacks;
        let lacking = [lacks.line_of_business, lacks.units, lacks.pointers, lacks.paid];
        for (count, lacks) in self.defaulted.iter_mut().zip(lacking) {
            *count += if lacks { amounts.lines } else { 0 };
        }
        if disposition == Disposition::Allow && outcome.indication.is_empty() {
            self.clinical_not_examined.merge(amounts);
        }
    }

    /// What a rule came to.
    #[must_use]
    pub fn rule(&self, rule: RuleId) -> RuleTally {
        self.rules.get(rule as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_who_adds_what() {
        let line = |amount| {
            let amount = Some(Decimal::from_ten_thousandths(amount));
            Amounts::of(amount, amount)
        };
        let lines = [i64::MAX, i64::MIN, i64::MAX, i64::MIN, 5].map(line);
        let sum = |lines: &[Amounts]| {
            lines.iter().fold(Amounts::default(), |mut sum, line| {
                sum.merge(line);
                sum
            })
        };
        for turn in 0..lines.len() {
            let mut lines = lines;
            lines.rotate_left(turn);
            for swap in 1..lines.len() {
                lines.swap(0, swap);
                // One worker has the first of them, another the rest.
                let (first, rest) = lines.split_at(swap);
                let all = sum(&[sum(first), sum(rest)]);
                assert_eq!((all.lines, all.billed, all.paid), (5, Dollars(3), Dollars(3)), "{lines:?}");
            }
        }
    }

    #[test]
    fn what_is_no_amount_becomes_the_nearest() {
        let twice = |amount| {
            let mut sum = Dollars::from(Decimal::from_ten_thousandths(amount));
            sum += sum;
            sum.amount().ten_thousandths()
        };
        assert_eq!([i64::MAX, i64::MIN, -7].map(twice), [i64::MAX, i64::MIN, -14]);
    }
}
