//! Sums over decided lines, made group by group and merged.

use rustc_hash::FxHashMap;

use super::DecisionRow;
use crate::claim::Decimal;
use crate::policy::{PolicyRef, ProcedureIndex, Program};
use crate::rules::{CATALOGUE, Disposition, RuleId};

/// Lines and dollars.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Amounts {
    /// Lines.
    pub lines: u64,
    /// Dollars billed, reversals netted.
    pub billed: Decimal,
    /// Dollars paid, reversals netted.
    pub paid: Decimal,
    /// Lines whose paid amount is unknown.
    pub paid_unknown: u64,
}

impl Amounts {
    fn add(&mut self, row: &DecisionRow<'_>) {
        self.lines += 1;
        self.billed += row.billed.unwrap_or_default();
        self.paid += row.paid.unwrap_or_default();
        self.paid_unknown += u64::from(row.paid.is_none());
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
    fn add(&mut self, row: &DecisionRow<'_>) {
        if let Some(amounts) = self.0.get_mut(row.disposition as usize) {
            amounts.add(row);
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
    /// Adds a decided line.
    pub fn add(&mut self, row: &DecisionRow<'_>, sorted: &Sorted) {
        self.all.add(row);
        self.add_rules(row);
        self.procedures.entry(sorted.procedure).or_default().add(row);
        self.programs.entry(sorted.program).or_default().add(row);
        let (year, month, _) = row.service_date.ymd();
        self.months.entry((year, month)).or_default().add(row);
        match self.providers.get_mut(row.provider_npi) {
            Some(sums) => sums.add(row),
            None => self.providers.entry(row.provider_npi.to_owned()).or_default().add(row),
        }
        self.versions.entry(sorted.version).or_default().add(row);
        let lacks = sorted.lacks;
        let lacking = [lacks.line_of_business, lacks.units, lacks.pointers, lacks.paid];
        for (count, lacks) in self.defaulted.iter_mut().zip(lacking) {
            *count += u64::from(lacks);
        }
        if row.disposition == Disposition::Allow && row.indication.is_empty() {
            self.clinical_not_examined.add(row);
        }
    }

    fn add_rules(&mut self, row: &DecisionRow<'_>) {
        if row.findings.is_empty() {
            return;
        }
        self.rules.resize(CATALOGUE.len(), RuleTally::default());
        if let Some(tally) = row.rule.and_then(|rule| self.rules.get_mut(rule as usize)) {
            tally.named.add(row);
        }
        for rule in row.findings.rules() {
            if let Some(tally) = self.rules.get_mut(rule as usize) {
                tally.found += 1;
            }
        }
    }

    /// What a rule came to.
    #[must_use]
    pub fn rule(&self, rule: RuleId) -> RuleTally {
        self.rules.get(rule as usize).copied().unwrap_or_default()
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: Self) {
        self.all.merge(&other.all);
        self.rules.resize(CATALOGUE.len(), RuleTally::default());
        for (mine, theirs) in self.rules.iter_mut().zip(&other.rules) {
            mine.named.merge(&theirs.named);
            mine.found += theirs.found;
        }
        merge(&mut self.procedures, other.procedures);
        merge(&mut self.programs, other.programs);
        merge(&mut self.months, other.months);
        merge(&mut self.providers, other.providers);
        merge(&mut self.versions, other.versions);
        for (mine, theirs) in self.defaulted.iter_mut().zip(other.defaulted) {
            *mine += theirs;
        }
        self.clinical_not_examined.merge(&other.clinical_not_examined);
    }
}

fn merge<K: Eq + std::hash::Hash>(mine: &mut FxHashMap<K, ByDisposition>, theirs: FxHashMap<K, ByDisposition>) {
    for (key, amounts) in theirs {
        mine.entry(key).or_default().merge(&amounts);
    }
}
