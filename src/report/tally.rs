//! Sums over decided lines, made group by group and merged.

use std::collections::BTreeMap;

use super::DecisionRow;
use crate::claim::Decimal;
use crate::policy::{ProcedureIndex, Program};
use crate::rules::{Disposition, RuleId};

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

/// Everything that a summary sums.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// All decided lines.
    pub all: ByDisposition,
    /// By rule.
    pub rules: BTreeMap<RuleId, RuleTally>,
    /// By procedure.
    pub procedures: BTreeMap<ProcedureIndex, ByDisposition>,
    /// By program; `None` is an unknown line of business.
    pub programs: BTreeMap<Option<Program>, ByDisposition>,
    /// By month of service, as year and month.
    pub months: BTreeMap<(i32, u32), ByDisposition>,
    /// By provider; blank where none is given.
    pub providers: BTreeMap<String, ByDisposition>,
    /// By policy and version; a blank version where none was applied.
    pub versions: BTreeMap<(String, String), ByDisposition>,
    /// Lines that did not give their line of business, units, pointers, paid
    /// amount.
    pub defaulted: [u64; 4],
    /// Allowed lines whose clinical facts nothing weighed.
    pub clinical_not_examined: Amounts,
}

impl Tally {
    /// Adds a decided line.
    pub fn add(
        &mut self,
        row: &DecisionRow<'_>,
        program: Option<Program>,
        procedure: ProcedureIndex,
        lacks: &Defaulted,
    ) {
        self.all.add(row);
        if let Some(rule) = row.rule {
            self.rules.entry(rule).or_default().named.add(row);
        }
        for rule in row.findings.rules() {
            self.rules.entry(rule).or_default().found += 1;
        }
        self.procedures.entry(procedure).or_default().add(row);
        self.programs.entry(program).or_default().add(row);
        let (year, month, _) = row.service_date.ymd();
        self.months.entry((year, month)).or_default().add(row);
        add_to(&mut self.providers, row.provider_npi, row);
        match self.versions.iter_mut().find(|((id, version), _)| id == row.policy_id && version == row.policy_version) {
            Some((_, amounts)) => amounts.add(row),
            None => {
                self.versions.entry((row.policy_id.to_owned(), row.policy_version.to_owned())).or_default().add(row);
            }
        }
        let lacking = [lacks.line_of_business, lacks.units, lacks.pointers, lacks.paid];
        for (count, lacks) in self.defaulted.iter_mut().zip(lacking) {
            *count += u64::from(lacks);
        }
        if row.disposition == Disposition::Allow && row.indication.is_empty() {
            self.clinical_not_examined.add(row);
        }
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: Self) {
        self.all.merge(&other.all);
        for (rule, tally) in other.rules {
            let mine = self.rules.entry(rule).or_default();
            mine.named.merge(&tally.named);
            mine.found += tally.found;
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

fn add_to(map: &mut BTreeMap<String, ByDisposition>, key: &str, row: &DecisionRow<'_>) {
    match map.get_mut(key) {
        Some(amounts) => amounts.add(row),
        None => map.entry(key.to_owned()).or_default().add(row),
    }
}

fn merge<K: Ord>(mine: &mut BTreeMap<K, ByDisposition>, theirs: BTreeMap<K, ByDisposition>) {
    for (key, amounts) in theirs {
        mine.entry(key).or_default().merge(&amounts);
    }
}
