//! Diagnoses of a claim, right and wrong.

use super::catalogue::{Covered, Span};
use super::draft::{Draft, SEPARATOR};
use super::listed::{Listed, Wanted};
use super::maker::Maker;
use super::population::{Style, style_of};
use super::profile::Scenario;
use crate::claim::Day;
use crate::icd10::{CodeIndex, DiagnosisCode};

/// The most diagnoses of a claim.
const MOST: usize = 4;

/// How often a procedure is tried that may fail by chance.
const TRIES: u32 = 6;

impl<'p> Maker<'p> {
    /// Everyday diagnoses, one to four.
    pub(super) fn everyday_diagnoses(&mut self, draft: &mut Draft<'p>, day: Day) {
        let mut codes = Codes::default();
        let more = self.others();
        for _ in 0..=more {
            codes.push(self.plan.pool.everyday(day, &mut self.rng));
        }
        codes.write(draft);
    }

    /// Diagnoses for a procedure, as the scenario wants them. `false` where the
    /// policy offers none such; then the claim has none either.
    pub(super) fn diagnose(
        &mut self,
        scenario: Scenario,
        covered: &Covered<'_>,
        span: &Span<'_>,
        day: Day,
        draft: &mut Draft<'p>,
    ) -> bool {
        draft.diagnoses.clear();
        if scenario == Scenario::MissingDiagnosis {
            return true;
        }
        let Some(list) = span.list.and_then(|at| self.plan.catalogue.lists.get(at)) else {
            self.everyday_diagnoses(draft, day);
            return true;
        };
        let mut codes = Codes::default();
        let Some(first) = (0..TRIES).find_map(|_| self.first(scenario, covered, list, day, &mut codes)) else {
            return false;
        };
        let icd10 = self.plan.icd10;
        // Some codes count only beside another one.
        let beside = icd10.find(&first).and_then(|code| list.table.get(code)).map(|listed| &listed.together_with);
        codes.push(
            beside
                .and_then(|codes| self.rng.pick_where(codes, |code| icd10.billable_on(*code, day)))
                .map(|code| icd10.code(*code)),
        );
        if scenario == Scenario::StrayDiagnosis {
            codes.push(self.plan.pool.invalid(first, day, &mut self.rng));
        } else if scenario == Scenario::Usual && self.rng.often(1_500) {
            let second = list.pick(Wanted::Usual, covered.procedure, day, icd10, &mut self.rng);
            codes.push(second.map(|choice| icd10.code(choice.code)));
        }
        let more = self.others();
        for _ in 0..more {
            let other = if scenario == Scenario::InvalidDiagnosis {
                // One that can be billed would make it another error.
                self.plan.pool.invalid(first, day, &mut self.rng).filter(|_| more == 1)
            } else {
                self.unlisted(list, day)
            };
            codes.push(other);
        }
        if self.rng.often(1_200) {
            codes.reverse();
        }
        codes.write(draft);
        true
    }

    /// One diagnosis and no other.
    pub(super) fn diagnose_with(&self, code: CodeIndex, draft: &mut Draft<'p>) {
        draft.diagnoses.clear();
        let mut codes = Codes::default();
        codes.push(Some(self.plan.icd10.code(code)));
        codes.write(draft);
    }

    /// The diagnosis that the scenario is about.
    fn first(
        &mut self,
        scenario: Scenario,
        covered: &Covered<'_>,
        list: &'p Listed<'p>,
        day: Day,
        codes: &mut Codes,
    ) -> Option<DiagnosisCode> {
        let wanted = match scenario {
            Scenario::LaterEncounter => Wanted::Later,
            Scenario::NoIndication => Wanted::NoIndication,
            Scenario::ReviewDiagnosis => Wanted::Review,
            Scenario::DoubtfulRegion => Wanted::Doubtful,
            Scenario::OtherRegion => Wanted::Elsewhere,
            _ => Wanted::Usual,
        };
        let pool = &self.plan.pool;
        let first = if scenario == Scenario::UnlistedDiagnosis {
            let near = if self.rng.often(5_000) { list.any(&mut self.rng) } else { None };
            let is_listed = |code: CodeIndex| list.table.get(code).is_some();
            let near = near.and_then(|code| pool.neighbour(self.plan.icd10.code(code), day, is_listed, &mut self.rng));
            near.or_else(|| self.unlisted(list, day))?
        } else {
            let choice = list.pick(wanted, covered.procedure, day, self.plan.icd10, &mut self.rng)?;
            let code = self.plan.icd10.code(choice.code);
            match scenario {
                Scenario::IncompleteDiagnosis => pool.incomplete(code, day, &mut self.rng)?,
                Scenario::InvalidDiagnosis => pool.invalid(code, day, &mut self.rng)?,
                _ => code,
            }
        };
        codes.push(Some(first));
        Some(first)
    }

    /// An everyday diagnosis that is not on the list.
    fn unlisted(&mut self, list: &Listed<'_>, day: Day) -> Option<DiagnosisCode> {
        let code = self.plan.pool.everyday(day, &mut self.rng)?;
        let listed = self.plan.icd10.find(&code).is_some_and(|code| list.table.get(code).is_some());
        (!listed).then_some(code)
    }

    /// How many diagnoses stand beside the first.
    fn others(&mut self) -> u32 {
        match self.rng.below(100) {
            0..=19 => 0,
            20..=49 => 1,
            50..=77 => 2,
            _ => 3,
        }
    }
}

/// Diagnoses in order, each once, four at most.
#[derive(Default)]
struct Codes {
    codes: [Option<DiagnosisCode>; MOST],
    count: usize,
}

impl Codes {
    fn push(&mut self, code: Option<DiagnosisCode>) {
        if code.is_some()
            && !self.codes.contains(&code)
            && let Some(place) = self.codes.get_mut(self.count)
        {
            *place = code;
            self.count += 1;
        }
    }

    fn reverse(&mut self) {
        self.codes.get_mut(..self.count).unwrap_or_default().reverse();
    }

    /// Writes them as the claim's provider does.
    fn write(&self, draft: &mut Draft<'_>) {
        let style = style_of(draft.provider);
        for code in self.codes.iter().flatten() {
            if !draft.diagnoses.is_empty() {
                draft.diagnoses.push(SEPARATOR);
            }
            draft.diagnoses.push_str(&if style == Style::Dotted { code.dotted() } else { code.undotted() });
        }
        if style == Style::Lower {
            draft.diagnoses.make_ascii_lowercase();
        }
    }
}
