//! Where two policies come to the same on a line by itself. A draft mostly differs from
//! what is published in little; who knows in what need not decide every line twice.

use rustc_hash::FxHashSet;

use super::{Coverage, DiagnosisTable, Policy, Procedure, Version};
use crate::claim::{ClaimLine, DiagnosisText};
use crate::icd10::{DiagnosisCode, Icd10};

/// What two policies say alike of a procedure, by the versions that judge it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Likeness {
    /// Of each version of the one with each of the other.
    pairs: Vec<Option<Unlike>>,
    others: usize,
}

/// The diagnoses that two lists do not have alike, and what they begin with: of a code that is
/// not complete it is asked whether a complete one is listed. There may be none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Unlike {
    codes: FxHashSet<DiagnosisCode>,
}

impl Likeness {
    /// What two policies say alike of a procedure. Both were resolved against `table`.
    #[must_use]
    pub fn new(one: (&Policy, &Procedure), other: (&Policy, &Procedure), table: &Icd10) -> Self {
        if !(are_alike(one.0, other.0) && are_known_alike(one.1, other.1)) {
            return Self::default();
        }
        let pairs = one.0.versions.iter().flat_map(|a| other.0.versions.iter().map(move |b| (a, b)));
        let pairs = pairs.map(|(a, b)| {
            let (a, b) = (says(a, one.1)?, says(b, other.1)?);
            say_alike((one.0, a), (other.0, b)).then(|| Unlike::new(a, b, table))
        });
        Self { pairs: pairs.collect(), others: other.0.versions.len() }
    }

    /// Whether a line comes to the same under these versions of the two, by their places.
    /// Where it says no, it may still.
    #[must_use]
    #[inline]
    pub fn holds(&self, one: usize, other: usize, line: &ClaimLine<'_>) -> bool {
        let pair = self.pairs.get(one * self.others + other).filter(|_| other < self.others);
        pair.and_then(Option::as_ref).is_some_and(|unlike| !unlike.concerns(line))
    }
}

impl Unlike {
    fn new(one: &Coverage, other: &Coverage, table: &Icd10) -> Self {
        let tables = [one, other].map(|coverage| coverage.diagnoses.as_deref());
        let [Some(one), Some(other)] = tables else { return Self::default() };
        let lacks = |one: &DiagnosisTable, other: &DiagnosisTable| {
            let unlike = one.iter().filter(|(code, said)| other.get(*code) != Some(*said));
            unlike.flat_map(|(code, _)| table.code(code).beginnings()).collect::<Vec<_>>()
        };
        Self { codes: lacks(one, other).into_iter().chain(lacks(other, one)).collect() }
    }

    /// Whether a line has one of the diagnoses, pointed at or not.
    fn concerns(&self, line: &ClaimLine<'_>) -> bool {
        !self.codes.is_empty()
            && line.diagnoses.iter().any(|one| match one.text {
                DiagnosisText::Code(code) => self.codes.contains(&code),
                DiagnosisText::Other(_) => false,
            })
    }
}

fn says<'v>(version: &'v Version, procedure: &Procedure) -> Option<&'v Coverage> {
    version.coverage.get(procedure.service)?.as_ref()
}

/// Whether two policies are the same in what no version changes, as far as rules read it.
fn are_alike(one: &Policy, other: &Policy) -> bool {
    // Named one by one, so that a field that is added is thought of here.
    let Policy {
        programs,
        referrals,
        regions,
        initial_encounter,
        id: _,
        title: _,
        publisher: _,
        source: _,
        origin: _,
        procedures: _,
        services: _,
        indications: _,
        versions: _,
        lists: _,
        limitations: _,
        devices: _,
        texts: _,
    } = one;
    *programs == other.programs
        && *referrals == other.referrals
        && *regions == other.regions
        && *initial_encounter == other.initial_encounter
}

/// Whether two policies know a procedure as the same. What they say of it beside others
/// of a session is no matter of the line by itself.
fn are_known_alike(one: &Procedure, other: &Procedure) -> bool {
    let Procedure {
        code,
        active_from,
        active_to,
        replaced_by,
        bilateral_included,
        treats,
        doubtful_region,
        label: _,
        service: _,
        limit: _,
        add_on_to: _,
        second_to: _,
        cite: _,
        edits_source: _,
    } = one;
    *code == other.code
        && *active_from == other.active_from
        && *active_to == other.active_to
        && *replaced_by == other.replaced_by
        && *bilateral_included == other.bilateral_included
        && *treats == other.treats
        && *doubtful_region == other.doubtful_region
}

/// Whether two versions say the same of a service but for diagnoses that one of them lists.
fn say_alike((one_policy, one): (&Policy, &Coverage), (other_policy, other): (&Policy, &Coverage)) -> bool {
    let Coverage {
        investigational,
        investigational_techniques,
        requires_cleared_device,
        diagnoses,
        indications,
        lists: _,
        cite: _,
    } = one;
    let weighed = |policy: &Policy, places: &[usize]| -> Vec<_> {
        places.iter().map(|place| policy.indications.get(*place).cloned()).collect()
    };
    *investigational == other.investigational
        && *investigational_techniques == other.investigational_techniques
        && *requires_cleared_device == other.requires_cleared_device
        && diagnoses.is_some() == other.diagnoses.is_some()
        && weighed(one_policy, indications) == weighed(other_policy, &other.indications)
}
