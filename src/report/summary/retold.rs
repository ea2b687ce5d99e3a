//! Figures of a summary made again of what the decisions say, row by row, for whoever
//! holds one to the other.

use super::build::{Groups, amounts, diagnoses, stopped};
use super::{AmountsSummary, DiagnosisSummary, PeersSummary, ProviderSummary, StoppedSummary, compared};
use crate::claim::{Day, Decimal};
use crate::icd10::Icd10;
use crate::policy::{ProcedureIndex, Program};
use crate::report::amounts::Amounts;
use crate::report::sums::{OF_DIAGNOSES, first_diagnosis};
use crate::report::tally::{AppliedVersion, ProviderLines, ProviderSums, Quarter, Tally};
use crate::rules::{Disposition, RuleId, Weights};

/// A decided line, as its row tells it.
#[derive(Clone, Copy, Debug)]
pub struct ToldLine<'a> {
    /// The rule that names it.
    pub rule: Option<RuleId>,
    /// The version applied: any number that is its own.
    pub version: AppliedVersion,
    /// Its procedure: any number that is its own.
    pub procedure: ProcedureIndex,
    /// Its program; `None` is an unknown line of business.
    pub program: Option<Program>,
    /// The day of service.
    pub service_date: Day,
    /// The examined diagnoses, `;` between them.
    pub diagnoses: &'a str,
    /// The provider, or blank.
    pub provider: &'a str,
    /// Units.
    pub units: Decimal,
    /// Whether the row says what was paid.
    pub paid_given: bool,
    /// The payer has denied the line itself.
    pub payer_denied: bool,
    /// Whether an indication is named.
    pub has_indication: bool,
    /// Its dollars; nothing was paid where the payer denied it.
    pub amounts: &'a Amounts,
}

/// What rows of the decisions come to.
#[derive(Clone, Debug)]
pub struct Retold<'t> {
    weights: Weights,
    table: &'t Icd10,
    tally: Tally,
    paid_not_given: Amounts,
}

impl<'t> Retold<'t> {
    /// Nothing yet, of a run of these weights.
    #[must_use]
    pub fn new(weights: Weights, table: &'t Icd10) -> Self {
        Self { weights, table, tally: Tally::default(), paid_not_given: Amounts::default() }
    }

    /// Adds a line.
    pub fn add(&mut self, line: &ToldLine<'_>) {
        let ToldLine { rule, amounts, service_date, .. } = *line;
        let disposition = self.weights.disposition_of(rule);
        self.tally.all.of(rule).merge(amounts);
        *self.tally.days.entry(service_date).or_default() += 1;
        // On what the payer denied nothing was paid, whatever the row says.
        if !line.paid_given && !line.payer_denied {
            self.paid_not_given.merge(amounts);
        }
        if disposition == Disposition::Allow && !line.has_indication {
            self.tally.clinical_not_examined.merge(amounts);
        }
        if let Some(rule) = rule.filter(|rule| OF_DIAGNOSES.contains(rule)) {
            let first = first_diagnosis(line.diagnoses.as_bytes(), service_date, self.table);
            self.tally.diagnoses.entry((rule, first)).or_default().merge(amounts);
        }
        if !self.tally.providers.contains_key(line.provider) {
            self.tally.providers.insert(line.provider.to_owned(), ProviderSums::default());
        }
        let Some(provider) = self.tally.providers.get_mut(line.provider) else { return };
        let (year, month, _) = service_date.ymd();
        let (compared, priced) = (!line.provider.is_empty(), line.paid_given && !line.payer_denied);
        provider.add(&ProviderLines {
            rule,
            disposition,
            version: line.version,
            service: (line.procedure, line.program),
            compared,
            priced: priced.into(),
            units: line.units.ten_thousandths().into(),
            amounts,
        });
        if compared {
            provider.quarters.of(Quarter::of(year, month)).add(disposition);
        }
    }

    /// Stopped lines by what it would take to mend them.
    #[must_use]
    pub fn stopped(&self) -> StoppedSummary {
        stopped(&self.tally.all, &self.weights)
    }

    /// What was billed where a listed diagnosis was expected.
    #[must_use]
    pub fn diagnoses(&self) -> Vec<DiagnosisSummary> {
        diagnoses(&self.tally)
    }

    /// Providers against their peers: the largest, and those unlike them.
    #[must_use]
    pub fn providers(&self) -> (Vec<ProviderSummary>, PeersSummary) {
        let (named, _, peers) = compared::summed(&Groups { weights: &self.weights }, &self.tally);
        (named, peers)
    }

    /// Allowed lines whose clinical facts nothing weighed.
    #[must_use]
    pub fn clinical_not_examined(&self) -> AmountsSummary {
        amounts(&self.tally.clinical_not_examined)
    }

    /// Lines that do not say what was paid.
    #[must_use]
    pub fn paid_not_given(&self) -> AmountsSummary {
        amounts(&self.paid_not_given)
    }

    /// Lines before the diagnosis table's first day, and after its last.
    #[must_use]
    pub fn outside_table(&self) -> [u64; 2] {
        let (first, last) = (self.table.first_day(), self.table.last_day());
        let lines = |outside: &dyn Fn(Day) -> bool| {
            self.tally.days.iter().filter(|(day, _)| outside(**day)).map(|(_, lines)| lines).sum()
        };
        [lines(&|day| day < first), lines(&|day| day > last)]
    }
}
