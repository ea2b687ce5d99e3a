//! Clinical facts that fit the claim, or not: whatever indications ask for, they
//! are what answers are made from.

use super::catalogue::{Covered, Span};
use super::draft::{Draft, SEPARATOR};
use super::maker::Maker;
use crate::claim::{ClinicalFacts, Decimal, Etiology, Fact, Stated, Technique};
use crate::icd10::DiagnosisCode;
use crate::policy::{Criterion, ListedEtiology};

/// The most weeks above what is asked for.
const WEEKS: u32 = 10;

impl<'p> Maker<'p> {
    /// Gives the claim facts, or leaves them blank.
    pub(super) fn clinical_facts(&mut self, draft: &mut Draft<'p>, covered: &Covered<'_>, span: &Span<'_>) {
        let rates = &self.plan.rates.clinical;
        if !self.rng.often(rates.given) {
            return;
        }
        let told = self.told(draft, span);
        let all = &covered.policy.indications;
        let of_that_cause = |at: &usize| {
            let wanted = all.get(*at).and_then(|indication| wanted_etiology(&indication.when));
            told.is_none() || wanted.is_none() || wanted == told
        };
        let mut facts = ClinicalFacts::default();
        let indication = self.rng.pick_where(&span.coverage.indications, of_that_cause).and_then(|at| all.get(*at));
        if let Some(indication) = indication {
            self.satisfy(&indication.when, &mut facts);
        }
        // Where the codes tell the cause, a chart review often does not repeat it.
        if told.is_some() && self.rng.often(5_000) {
            facts.etiology = Stated::Blank;
        }
        if self.rng.often(rates.not_met) {
            nothing_holds(&mut facts);
        } else if self.rng.often(rates.incomplete) {
            forget(&mut facts);
        }
        if span.coverage.requires_cleared_device && self.rng.often(6_000) {
            facts.fda_cleared_device = Some(!self.rng.often(rates.uncleared_device));
        }
        let uncovered = &span.coverage.investigational_techniques;
        if !uncovered.is_empty() {
            let covered = [Technique::Balloon, Technique::Mechanical, Technique::Radiofrequency];
            let technique = if self.rng.often(rates.investigational_technique) {
                self.rng.pick(uncovered)
            } else {
                self.rng.pick_where(&covered, |technique| !uncovered.contains(technique))
            };
            facts.technique = technique.map_or(Stated::Blank, |technique| Stated::Known(*technique));
        }
        draft.facts = facts;
    }

    /// The cause that the claim's diagnoses tell, where one does.
    fn told(&self, draft: &Draft<'p>, span: &Span<'_>) -> Option<Etiology> {
        let list = self.plan.catalogue.lists.get(span.list?)?;
        draft.diagnoses.split(SEPARATOR).find_map(|text| {
            let code = self.plan.icd10.find(&DiagnosisCode::parse(text.as_bytes())?)?;
            match list.table.get(code)?.etiology {
                ListedEtiology::Is(etiology) => Some(etiology),
                _ => None,
            }
        })
    }

    /// Makes a condition true.
    fn satisfy(&mut self, criterion: &Criterion, facts: &mut ClinicalFacts) {
        match criterion {
            Criterion::Etiology(etiology) => facts.etiology = Stated::Known(*etiology),
            Criterion::Holds(fact) => set(facts, *fact, Some(true)),
            Criterion::AtLeast(fact, weeks) => {
                let more = Decimal::from_integer(i64::from(self.rng.below(WEEKS)));
                set_weeks(facts, *fact, more.map(|more| *weeks + more));
            }
            Criterion::Below(fact, weeks) => {
                // Whole weeks from nothing up to the last one below.
                let whole = u32::try_from((weeks.ten_thousandths() - 1) / Decimal::ONE.ten_thousandths()).unwrap_or(0);
                set_weeks(facts, *fact, Decimal::from_integer(i64::from(self.rng.between(0, whole))));
            }
            Criterion::All(parts) => parts.iter().for_each(|part| self.satisfy(part, facts)),
            Criterion::Any(parts) => {
                if let Some(part) = self.rng.pick(parts) {
                    self.satisfy(part, facts);
                }
            }
        }
    }
}

/// The etiology that a condition asks for.
fn wanted_etiology(criterion: &Criterion) -> Option<Etiology> {
    match criterion {
        Criterion::Etiology(etiology) => Some(*etiology),
        Criterion::All(parts) | Criterion::Any(parts) => parts.iter().find_map(wanted_etiology),
        _ => None,
    }
}

/// Everything that was asked is answered with no, and with no weeks.
fn nothing_holds(facts: &mut ClinicalFacts) {
    for fact in Fact::ALL {
        set(facts, fact, Some(false));
        set_weeks(facts, fact, Some(Decimal::ZERO));
    }
    // A fracture is old; of all else there was none.
    facts.fracture_age_weeks = Decimal::from_integer(i64::from(WEEKS) * 10);
}

/// The first answer that was given is lost.
fn forget(facts: &mut ClinicalFacts) {
    let given = |fact: &Fact| facts.answer(*fact).is_some() || facts.weeks(*fact).is_some();
    if let Some(fact) = Fact::ALL.iter().find(|fact| given(fact)) {
        set(facts, *fact, None);
        set_weeks(facts, *fact, None);
    }
}

fn set(facts: &mut ClinicalFacts, fact: Fact, answer: Option<bool>) {
    match fact {
        Fact::Symptomatic => facts.symptomatic = answer,
        Fact::SeverePain => facts.severe_pain = answer,
        Fact::Hospitalized => facts.hospitalized = answer,
        Fact::AmbulationPrevented => facts.ambulation_prevented = answer,
        Fact::ConservativeWeeks | Fact::FractureAgeWeeks => {}
    }
}

fn set_weeks(facts: &mut ClinicalFacts, fact: Fact, weeks: Option<Decimal>) {
    match fact {
        Fact::ConservativeWeeks => facts.conservative_weeks = weeks,
        Fact::FractureAgeWeeks => facts.fracture_age_weeks = weeks,
        _ => {}
    }
}

/// The word of an etiology as a file has it.
pub(super) fn etiology_word(stated: Stated<Etiology>) -> &'static str {
    match stated {
        Stated::Known(etiology) => etiology.word(),
        Stated::Blank | Stated::Other => "",
    }
}

/// The word of a technique as a file has it.
pub(super) fn technique_word(stated: Stated<Technique>) -> &'static str {
    match stated {
        Stated::Known(technique) => technique.word(),
        Stated::Blank | Stated::Other => "",
    }
}

/// Yes-or-no facts in the order of their columns.
pub(super) const fn answers(facts: &ClinicalFacts) -> [Option<bool>; 5] {
    [facts.symptomatic, facts.severe_pain, facts.hospitalized, facts.ambulation_prevented, facts.fda_cleared_device]
}
