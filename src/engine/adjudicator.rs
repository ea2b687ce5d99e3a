//! What a line by itself gives reason to do, under loaded policies.

use std::borrow::Cow;
use std::sync::Arc;

use super::steps::Case;
use super::{DecisionOptions, Recall};
use crate::claim::ClaimLine;
use crate::overrides::{Overrides, Waiver};
use crate::policy::{PolicyIndex, PolicyRef, ProcedureEntry, ProcedureIndex, Program};
use crate::rules::{ClinicalReview, DiagnosisReview, Finding, FindingSet, LineContext, RuleId, Weights};

/// Decides lines under loaded policies. Cheap to share between threads.
#[derive(Clone, Debug)]
pub struct Adjudicator {
    index: Arc<PolicyIndex>,
    options: DecisionOptions,
    weights: Weights,
    overrides: Arc<Overrides>,
}

/// What a line by itself came to. Line edits may still add to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// The procedure.
    pub procedure: ProcedureIndex,
    /// The program; `None` where the line of business is unknown.
    pub program: Option<Program>,
    /// The policy that put the line in scope.
    pub policy: PolicyRef,
    /// The version applied, by its place in the policy; `None` where step 3 was
    /// not passed.
    pub version: Option<u16>,
    /// The first indication that is met, by its place in the policy.
    pub indication: Option<u16>,
    /// Whether the line reached the diagnosis step, so that line edits apply.
    pub reached_diagnosis: bool,
    /// The rules with a finding.
    pub findings: FindingSet,
    /// What the findings have to tell, `; ` between them.
    pub detail: Cow<'static, str>,
}

/// A draft and what led to it, for explaining a line to a person.
#[derive(Debug)]
pub struct Trace<'a> {
    /// What the rules saw, filled in as far as the steps went.
    pub context: LineContext<'a>,
    /// What the line came to.
    pub draft: Draft,
}

impl Trace<'_> {
    /// What a rule remarked; `None` where it did not, or is a line edit.
    #[must_use]
    pub fn finding(&self, rule: RuleId) -> Option<Finding> {
        // Rules are functions of the context alone, and what they read of it
        // does not change once it is there: asked again, they say the same.
        self.draft.findings.contains(rule).then(|| rule.rule().about_line(&self.context))?
    }
}

impl Adjudicator {
    /// An adjudicator of these policies under these options.
    #[must_use]
    pub fn new(index: Arc<PolicyIndex>, options: DecisionOptions) -> Self {
        Self { index, options, weights: Weights::new(&options), overrides: Arc::default() }
    }

    /// The policies.
    #[must_use]
    pub fn index(&self) -> &Arc<PolicyIndex> {
        &self.index
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &DecisionOptions {
        &self.options
    }

    /// The same, with a payer's overrides.
    #[must_use]
    pub fn with_overrides(self, overrides: Arc<Overrides>) -> Self {
        Self { overrides, ..self }
    }

    /// The payer's overrides.
    #[must_use]
    pub fn overrides(&self) -> &Overrides {
        &self.overrides
    }

    /// The same, to be shared with another adjudicator of the same lines.
    #[must_use]
    pub fn shared_overrides(&self) -> Arc<Overrides> {
        Arc::clone(&self.overrides)
    }

    /// What each rule weighs on lines that meet these overrides.
    #[must_use]
    #[inline]
    pub fn weights_on(&self, waiver: Waiver) -> Weights {
        if waiver.is_none() { self.weights } else { self.weights.waiving(self.overrides.waived(waiver)) }
    }

    /// What each rule weighs under the options, where nothing is waived.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Decides a line by itself; `None` where no policy speaks about its
    /// procedure.
    #[must_use]
    pub fn draft(&self, line: &ClaimLine<'_>) -> Option<Draft> {
        self.draft_recalling(line, &mut Recall::default())
    }

    /// Decides a line by itself as [`draft`](Self::draft) does, sooner where
    /// `recall` has seen lines like it, under the same adjudicator.
    #[must_use]
    #[inline]
    pub fn draft_recalling(&self, line: &ClaimLine<'_>, recall: &mut Recall) -> Option<Draft> {
        self.draft_of(line, self.index.find(line.procedure)?, recall)
    }

    /// The same for a line whose procedure has been found.
    #[must_use]
    #[inline]
    pub fn draft_of(&self, line: &ClaimLine<'_>, procedure: ProcedureIndex, recall: &mut Recall) -> Option<Draft> {
        let entry = self.index.entry(procedure)?;
        let mut case = self.open(line, procedure, entry, recall)?;
        case.decide(recall);
        Some(case.draft)
    }

    /// Decides a line by itself as [`draft`](Self::draft) does, and keeps what
    /// its rules saw.
    #[must_use]
    pub fn trace<'a>(&'a self, line: &'a ClaimLine<'a>) -> Option<Trace<'a>> {
        let procedure = self.index.find(line.procedure)?;
        let entry = self.index.entry(procedure)?;
        let recall = &mut Recall::default();
        let mut case = self.open(line, procedure, entry, recall)?;
        case.decide(recall);
        Some(Trace { context: case.context, draft: case.draft })
    }

    /// Step 1's first half: which program, and which policy speaks for it.
    // A case is large, so it is made where it stays.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn open<'a>(
        &'a self,
        line: &'a ClaimLine<'a>,
        at: ProcedureIndex,
        entry: &'a ProcedureEntry,
        recall: &mut Recall,
    ) -> Option<Case<'a>> {
        let program = recall.program(self.index.programs(), line);
        let day = self.options.policy_date.unwrap_or(line.service_date);
        // A name that no policy knows is no reason to leave a line undecided: it is
        // judged as commercial, with a remark.
        let claimant = self.index.claimant(entry, program.unwrap_or(Program::Commercial), day);
        let claimed = claimant.is_some();
        let (reference, policy, procedure, version) = claimant.or_else(|| {
            let (reference, policy, procedure) = self.index.first_policy(entry)?;
            Some((reference, policy, procedure, policy.version_on(day).map(|(version, _)| version)))
        })?;
        Some(Case {
            context: LineContext {
                line,
                options: &self.options,
                table: self.index.table(),
                program,
                claimed,
                policy,
                procedure,
                version: None,
                coverage: None,
                diagnoses: DiagnosisReview::default(),
                clinical: ClinicalReview::default(),
            },
            version: version.and_then(|place| u16::try_from(place).ok()),
            draft: Draft {
                procedure: at,
                program,
                policy: reference,
                version: None,
                indication: None,
                reached_diagnosis: false,
                findings: FindingSet::default(),
                detail: Cow::Borrowed(""),
            },
        })
    }
}
