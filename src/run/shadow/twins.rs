//! What a run's own policies and its shadow's call the same procedure and the same policy.

use std::sync::{Arc, OnceLock};

use crate::claim::{ClaimLine, Day};
use crate::engine::{Adjudicator, Draft, LineState, Recall};
use crate::policy::{Likeness, PolicyIndex, PolicyRef, ProcedureEntry, ProcedureIndex, Speaker, Version};
use crate::short::same;

/// Other policies that decide every line of a run as well, beside the run's own.
#[derive(Clone, Debug)]
pub struct Shadow {
    own: Arc<PolicyIndex>,
    adjudicator: Arc<Adjudicator>,
    procedures: Vec<Option<Twin>>,
    policies: Vec<Option<PolicyRef>>,
}

/// A procedure of the run, as the shadow knows it.
#[derive(Clone, Debug)]
struct Twin {
    procedure: ProcedureIndex,
    /// Whether both say the same of it beside others of a session.
    is_alike: bool,
    /// What both say alike of it by itself, found when a line asks: few of many procedures
    /// come up in a run.
    likeness: OnceLock<Likeness>,
}

impl Shadow {
    /// The shadow of a run that is decided by `own`. Both have the same options and
    /// overrides.
    #[must_use]
    pub fn new(own: &Arc<PolicyIndex>, adjudicator: Adjudicator) -> Self {
        let other = adjudicator.index();
        let same_id = |id: &str| other.policies().iter().position(|policy| policy.id == id);
        let policies = own.policies().iter().map(|policy| u16::try_from(same_id(&policy.id)?).ok().map(PolicyRef));
        let policies: Vec<_> = policies.collect();
        let twin = |entry: &ProcedureEntry| {
            let procedure = other.find(entry.code)?;
            let is_alike = is_alike((own, entry), (other, other.entry(procedure)?), &policies);
            Some(Twin { procedure, is_alike, likeness: OnceLock::new() })
        };
        let procedures = own.procedures().iter().map(twin).collect();
        Self { own: Arc::clone(own), procedures, policies, adjudicator: Arc::new(adjudicator) }
    }

    /// Who decides by it.
    #[must_use]
    pub fn adjudicator(&self) -> &Adjudicator {
        &self.adjudicator
    }

    fn twin(&self, procedure: ProcedureIndex) -> Option<&Twin> {
        self.procedures.get(procedure.0 as usize)?.as_ref()
    }

    fn policy(&self, own: PolicyRef) -> Option<PolicyRef> {
        self.policies.get(usize::from(own.0)).copied().flatten()
    }

    /// Whether what the policies say of a line is the same in both, as far as can be told
    /// without deciding it again: `own` is what it came to by itself.
    #[inline]
    pub(super) fn decides_alike(&self, line: &ClaimLine<'_>, own: &Draft) -> bool {
        let alike = || {
            let twin = self.twin(own.procedure).filter(|twin| twin.is_alike)?;
            let likeness = twin.likeness.get_or_init(|| self.likeness(own.procedure, twin.procedure));
            let (version, _) = self.version_on(own.policy, line.service_date)?;
            Some(likeness.holds(own.version?.into(), version, line))
        };
        alike().unwrap_or(false)
    }

    /// What both say alike of a procedure, by itself.
    fn likeness(&self, own: ProcedureIndex, twin: ProcedureIndex) -> Likeness {
        let index = self.adjudicator.index();
        let alike = || {
            let entries = [(&*self.own, self.own.entry(own)?), (&**index, index.entry(twin)?)];
            // Where several policies speak of it, which of them judges is another matter.
            let [a, b] = entries.map(|(index, entry)| match &*entry.policies {
                [one] => {
                    let policy = index.policy(one.policy)?;
                    Some((policy, policy.procedures.get(one.slot as usize)?))
                }
                _ => None,
            });
            let have_same_names = self.own.programs() == index.programs();
            have_same_names.then_some(Likeness::new(a?, b?, index.table()))
        };
        alike().unwrap_or_default()
    }

    /// Decides a line by itself, of which the run has made `own` if it decides it.
    #[inline]
    pub(super) fn draft(&self, line: &ClaimLine<'_>, own: Option<&Draft>, recall: &mut Recall) -> Option<Draft> {
        match own {
            Some(own) => self.adjudicator.draft_of(line, self.twin(own.procedure)?.procedure, recall),
            None => self.adjudicator.draft_recalling(line, recall),
        }
    }

    /// Whether a line that came to both drafts is the same line to all that follows.
    pub(super) fn is_same(&self, own: &Draft, shadow: &Draft) -> bool {
        own.findings == shadow.findings
            && own.reached_diagnosis == shadow.reached_diagnosis
            && own.program == shadow.program
            && own.version.is_some() == shadow.version.is_some()
            && self.policy(own.policy) == Some(shadow.policy)
            && self.twin(own.procedure).is_some_and(|twin| twin.is_alike)
            && same(own.detail.as_bytes(), shadow.detail.as_bytes())
    }

    /// A line of the run that is the same line here, as the shadow calls it.
    pub(super) fn called(&self, own: LineState) -> Option<LineState> {
        Some(own.called(self.twin(own.procedure())?.procedure, self.policy(own.policy)?))
    }

    /// The version that judges such a line of a day, by its name.
    pub(super) fn version(&self, own: PolicyRef, service_date: Day) -> &str {
        self.version_on(own, service_date).map_or("", |(_, version)| &version.id)
    }

    fn version_on(&self, own: PolicyRef, service_date: Day) -> Option<(usize, &Version)> {
        let day = self.adjudicator.options().policy_date.unwrap_or(service_date);
        self.adjudicator.index().policy(self.policy(own)?)?.version_on(day)
    }
}

/// Whether two policies' words on a procedure beside others come to the same.
fn is_alike(
    (own, a): (&PolicyIndex, &ProcedureEntry),
    (other, b): (&PolicyIndex, &ProcedureEntry),
    policies: &[Option<PolicyRef>],
) -> bool {
    fn codes(index: &PolicyIndex, procedures: &[ProcedureIndex]) -> Vec<u64> {
        let codes = procedures.iter().filter_map(|one| index.entry(*one)).map(|entry| entry.code.packed());
        let mut codes: Vec<_> = codes.collect();
        codes.sort_unstable();
        codes
    }
    let alike = |one: &Speaker| {
        let twin = policies.get(usize::from(one.policy.0)).copied().flatten().and_then(|policy| b.speaker(policy));
        twin.is_some_and(|twin| {
            one.limit == twin.limit
                && codes(own, &one.primaries) == codes(other, &twin.primaries)
                && codes(own, &one.second_to) == codes(other, &twin.second_to)
        })
    };
    a.policies.len() == b.policies.len() && a.policies.iter().all(alike)
}
