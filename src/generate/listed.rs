//! The diagnoses of a policy's list, sorted by what a claim can use them for.

use super::background::Causes;
use super::rng::{Rng, Weighted};
use crate::claim::Day;
use crate::icd10::{CodeIndex, Icd10};
use crate::policy::{DiagnosisTable, ListedEtiology, Policy, Procedure, RegionIndex, Standing};

/// A diagnosis on the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// Its code.
    pub(super) code: CodeIndex,
    /// The region that it names.
    pub(super) region: Option<RegionIndex>,
}

/// Which diagnosis of a list is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// A supporting one that raises no question.
    Usual,
    /// A supporting one of a later encounter.
    Later,
    /// A supporting one that fits no indication.
    NoIndication,
    /// One for review.
    Review,
    /// A supporting one of the region that makes the procedure doubtful.
    Doubtful,
    /// A supporting one of a region that the procedure does not treat.
    Elsewhere,
}

/// One list.
pub(super) struct Listed<'i> {
    /// The list itself.
    pub(super) table: &'i DiagnosisTable,
    /// Supporting, of a first encounter, by cause.
    usual: Weighted<Vec<Choice>>,
    later: Vec<Choice>,
    no_indication: Vec<Choice>,
    review: Vec<Choice>,
    /// Every supporting one.
    supporting: Vec<Choice>,
}

impl<'i> Listed<'i> {
    /// Sorts the diagnoses of `table`, which is `policy`'s.
    pub(super) fn new(table: &'i DiagnosisTable, policy: &Policy, causes: Causes, icd10: &Icd10) -> Self {
        let first_encounters = &policy.initial_encounter;
        let mut usual: Vec<(ListedEtiology, Vec<Choice>)> = Vec::new();
        let (mut later, mut no_indication, mut review, mut supporting) = (vec![], vec![], vec![], vec![]);
        for (code, listed) in table.iter() {
            let choice = Choice { code, region: listed.region };
            if listed.standing == Standing::Review {
                review.push(choice);
                continue;
            }
            supporting.push(choice);
            let seventh = icd10.code(code).seventh();
            if listed.etiology == ListedEtiology::None {
                no_indication.push(choice);
            } else if seventh
                .is_some_and(|seventh| !first_encounters.is_empty() && !first_encounters.contains(&seventh))
            {
                later.push(choice);
            } else {
                match usual.iter_mut().find(|(cause, _)| *cause == listed.etiology) {
                    Some((_, choices)) => choices.push(choice),
                    None => usual.push((listed.etiology, vec![choice])),
                }
            }
        }
        let usual = usual.into_iter().map(|(cause, choices)| (choices, causes.weight(cause)));
        Self { table, usual: Weighted::new(usual), later, no_indication, review, supporting }
    }

    /// A diagnosis for a procedure on a day; `None` where the list has none such.
    pub(super) fn pick(
        &self,
        wanted: Wanted,
        procedure: &Procedure,
        day: Day,
        icd10: &Icd10,
        rng: &mut Rng,
    ) -> Option<Choice> {
        let billable = |choice: &Choice| icd10.billable_on(choice.code, day);
        let doubtful = |choice: &Choice| choice.region.is_some() && choice.region == procedure.doubtful_region;
        let treated = |choice: &Choice| {
            choice.region.is_none_or(|region| procedure.treats.is_empty() || procedure.treats.contains(&region))
        };
        let fits = |choice: &Choice| treated(choice) && !doubtful(choice) && billable(choice);
        let found = match wanted {
            Wanted::Usual => {
                let by_cause = self.usual.pick(rng).and_then(|choices| rng.pick_where(choices, fits));
                // A list need not have all causes, and not for all regions.
                by_cause.or_else(|| rng.pick_where(&self.supporting, fits))
            }
            Wanted::Later => rng.pick_where(&self.later, fits),
            Wanted::NoIndication => rng.pick_where(&self.no_indication, fits),
            Wanted::Review => rng.pick_where(&self.review, billable),
            Wanted::Doubtful => rng.pick_where(&self.supporting, |choice| doubtful(choice) && billable(choice)),
            Wanted::Elsewhere => {
                rng.pick_where(&self.supporting, |choice| !treated(choice) && !doubtful(choice) && billable(choice))
            }
        };
        found.copied()
    }

    /// A supporting one, for no procedure in particular.
    pub(super) fn any(&self, rng: &mut Rng) -> Option<CodeIndex> {
        rng.pick(&self.supporting).map(|choice| choice.code)
    }
}
