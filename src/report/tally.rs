//! Sums over decided lines, made group by group and merged.

use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use super::amounts::{Amounts, ByRule, Dollars, Split, Summed};
use super::outcome::KeptOutcome;
use super::sums::DiagnosisText;
use crate::claim::Day;
use crate::overrides::Waiver;
use crate::policy::{PolicyRef, ProcedureIndex, Program};
use crate::rules::{CATALOGUE, Disposition, FindingSet, RuleId};

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

/// What a decided line is summed under, beside what its row says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sorted {
    /// Its procedure.
    pub procedure: ProcedureIndex,
    /// Its program; `None` is an unknown line of business.
    pub program: Option<Program>,
    /// The policy that put it in scope, and the version applied, by its place.
    pub version: AppliedVersion,
    /// What it did not give.
    pub lacks: Defaulted,
    /// The payer has denied it itself: it is no exposure.
    pub payer_denied: bool,
    /// Its status with the payer is a word that is not known.
    pub unknown_status: bool,
    /// Whether what was paid can still be asked for, where that is asked.
    pub recoverable: Option<bool>,
    /// It has no day of payment to count that from.
    pub no_paid_date: bool,
    /// The overrides that it meets.
    pub waiver: Waiver,
}

/// A policy's version, by its place; `None` where none was applied.
pub type AppliedVersion = (PolicyRef, Option<u16>);

/// A calendar quarter: four times the year, and 0 to 3.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Quarter(i32);

impl Quarter {
    /// The quarter of a month, from 1 to 12, of a year.
    #[must_use]
    pub fn of(year: i32, month: u32) -> Self {
        Self(year * 4 + i32::try_from(month.saturating_sub(1) / 3).unwrap_or_default())
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.0.div_euclid(4), self.0.rem_euclid(4) + 1)
    }
}

/// A provider's lines of a quarter. A run has fewer lines than these can count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct QuarterSums {
    /// All of them.
    pub lines: u32,
    /// Those denied.
    pub denied: u32,
    /// Those pended.
    pub pended: u32,
}

impl QuarterSums {
    /// Adds a line of a disposition.
    pub(super) fn add(&mut self, disposition: Disposition) {
        self.lines += 1;
        self.denied += u32::from(disposition == Disposition::Deny);
        self.pended += u32::from(disposition == Disposition::Pend);
    }

    /// Those of so many lines of each disposition.
    pub(super) fn of(lines: [u32; 4]) -> Self {
        let of = |disposition| lines.get(disposition as usize).copied().unwrap_or_default();
        Self { lines: lines.iter().sum(), denied: of(Disposition::Deny), pended: of(Disposition::Pend) }
    }
}

impl Summed for QuarterSums {
    fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.denied += other.denied;
        self.pended += other.pended;
    }
}

/// Lines that a rule names, and what was paid on them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NamedSums {
    /// Lines.
    pub lines: u64,
    /// Dollars paid, reversals netted.
    pub paid: Dollars,
}

impl Summed for NamedSums {
    fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.paid += other.paid;
    }
}

/// Lines whose paid amount is known, their units, and what was paid on them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PaidSums {
    /// Lines.
    pub lines: u64,
    /// Units, in ten-thousandths.
    pub units: i128,
    /// Dollars paid, reversals netted.
    pub paid: Dollars,
}

impl Summed for PaidSums {
    fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.units += other.units;
        self.paid += other.paid;
    }
}

/// What a provider's lines come to. Few of its sums are touched by a line: there are
/// many providers, and their lines come in any order.
#[derive(Clone, Debug, Default)]
pub struct ProviderSums {
    /// All its lines.
    pub all: Amounts,
    /// By naming rule and version applied.
    pub named: Split<(Option<RuleId>, AppliedVersion), NamedSums>,
    /// By quarter.
    pub quarters: Split<Quarter, QuarterSums>,
    /// Dollars of lines that were judged, by procedure and program.
    pub paid: Split<(ProcedureIndex, Option<Program>), PaidSums>,
}

/// What a provider's sums follow of lines that came to the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProviderLines<'a> {
    pub(super) rule: Option<RuleId>,
    pub(super) disposition: Disposition,
    pub(super) version: AppliedVersion,
    pub(super) service: (ProcedureIndex, Option<Program>),
    /// Whether they are compared with other providers' lines.
    pub(super) compared: bool,
    /// Of how many it is known what the payer paid, and the units of these, in
    /// ten-thousandths.
    pub(super) priced: u64,
    pub(super) units: i128,
    pub(super) amounts: &'a Amounts,
}

impl ProviderSums {
    /// Adds lines.
    pub(super) fn add(&mut self, of: &ProviderLines<'_>) {
        self.all.merge(of.amounts);
        let (lines, paid) = (of.amounts.lines, of.amounts.paid);
        self.named.of((of.rule, of.version)).merge(&NamedSums { lines, paid });
        if of.compared && of.priced > 0 && of.disposition != Disposition::Refer {
            self.paid.of(of.service).merge(&PaidSums { lines: of.priced, units: of.units, paid });
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.named.merge(&other.named);
        self.quarters.merge(&other.quarters);
        self.paid.merge(&other.paid);
    }
}

/// Everything that a summary sums.
///
/// Its maps are unordered, since millions of lines go through them; whoever
/// reads them sorts.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// All decided lines.
    pub all: ByRule,
    /// Lines with a finding of a rule, whatever names them; in catalogue order,
    /// empty where no line was added.
    pub found: Vec<u64>,
    /// The procedures and versions on whose lines a rule was found.
    pub grounds: FxHashSet<(RuleId, ProcedureIndex, AppliedVersion)>,
    /// By procedure.
    pub procedures: FxHashMap<ProcedureIndex, ByRule>,
    /// By program; `None` is an unknown line of business.
    pub programs: FxHashMap<Option<Program>, ByRule>,
    /// By month of service, as year and month.
    pub months: FxHashMap<(i32, u32), ByRule>,
    /// Lines by service date.
    pub days: FxHashMap<Day, u64>,
    /// By provider; blank where none is given.
    pub providers: FxHashMap<String, ProviderSums>,
    /// By policy and version applied.
    pub versions: FxHashMap<AppliedVersion, ByRule>,
    /// By input, in their order.
    pub files: Vec<Amounts>,
    /// Lines named for their diagnoses, by rule and first examined diagnosis;
    /// blank where the code table does not know it.
    pub diagnoses: FxHashMap<(RuleId, DiagnosisText), Amounts>,
    /// Lines that did not give their line of business, units, pointers, paid
    /// amount.
    pub defaulted: [Amounts; 4],
    /// Allowed lines whose clinical facts nothing weighed.
    pub clinical_not_examined: Amounts,
    /// Lines that the payer has denied itself, with the amounts as they were read.
    pub already_denied: Amounts,
    /// Lines whose status with the payer is a word that is not known.
    pub unknown_status: Amounts,
    /// Denied lines by the rule that names them and whether what was paid on them can
    /// still be asked for.
    pub recovery: Split<(Option<RuleId>, bool), Amounts>,
    /// Those of them that were counted from the day of service.
    pub counted_from_service: Amounts,
    /// Lines that meet overrides, by these and their findings.
    pub waived: FxHashMap<(Waiver, FindingSet), Amounts>,
    /// Dollars allowed, by disposition, of lines that say so.
    pub allowed: [AllowedSums; 4],
    /// Lines that are not judged, by reason.
    pub superseded: [Amounts; 5],
}

/// Lines that say what was allowed, and how much.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AllowedSums {
    /// Lines.
    pub lines: u64,
    /// Dollars allowed, reversals netted.
    pub allowed: Dollars,
}

impl Tally {
    /// Adds the lines of an outcome.
    pub(super) fn add(&mut self, kept: &KeptOutcome<'_>) {
        let KeptOutcome { outcome, sorted, amounts, .. } = kept;
        let rule = outcome.rule;
        self.all.of(rule).merge(amounts);
        self.found.resize(CATALOGUE.len(), 0);
        for found in outcome.findings.rules() {
            if let Some(lines) = self.found.get_mut(found as usize) {
                *lines += amounts.lines;
            }
            self.grounds.insert((found, sorted.procedure, sorted.version));
        }
        self.procedures.entry(sorted.procedure).or_default().of(rule).merge(amounts);
        self.programs.entry(sorted.program).or_default().of(rule).merge(amounts);
        self.versions.entry(sorted.version).or_default().of(rule).merge(amounts);
        let lacks = sorted.lacks;
        let lacking = [lacks.line_of_business, lacks.units, lacks.pointers, lacks.paid];
        for (sum, _) in self.defaulted.iter_mut().zip(lacking).filter(|(_, lacks)| *lacks) {
            sum.merge(amounts);
        }
        if sorted.unknown_status {
            self.unknown_status.merge(amounts);
        }
        if let Some(recoverable) = sorted.recoverable
            && outcome.disposition == Disposition::Deny
            && !sorted.payer_denied
        {
            self.recovery.of((rule, recoverable)).merge(amounts);
            if sorted.no_paid_date {
                self.counted_from_service.merge(amounts);
            }
        }
        if !sorted.waiver.is_none() {
            self.waived.entry((sorted.waiver, outcome.findings)).or_default().merge(amounts);
        }
        if outcome.disposition == Disposition::Allow && outcome.indication.is_empty() {
            self.clinical_not_examined.merge(amounts);
        }
    }
}
