//! Steps 1 to 6 and 8 of a line, in the contract's order.

use super::{Draft, Recall};
use crate::policy::Coverage;
use crate::rules::{ClinicalReview, Finding, LineContext, RuleId};

/// A line on its way through the steps.
pub(super) struct Case<'a> {
    /// What the rules see, filled in as far as the steps went.
    pub(super) context: LineContext<'a>,
    /// The version in force, by its place in the policy.
    pub(super) version: Option<u16>,
    /// What the line comes to.
    pub(super) draft: Draft,
}

impl Case<'_> {
    /// The steps, in the contract's order. Each says whether to go on.
    pub(super) fn decide(&mut self, recall: &mut Recall) {
        let _ = self.program() && self.code_dates() && self.version() && self.coverage() && {
            self.draft.reached_diagnosis = true;
            self.diagnosis(recall)
        };
    }

    /// Asks a rule, notes what it found, and says whether it found something.
    // Where the rule is known, as it is in every step, its check is called by name.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn ask(&mut self, rule: RuleId) -> bool {
        let Some(finding) = rule.rule().about_line(&self.context) else { return false };
        self.note(rule, finding);
        true
    }

    /// Asks rules until one has a finding, and says whether one had.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn ask_first<const N: usize>(&mut self, rules: [RuleId; N]) -> bool {
        let mut found = false;
        for rule in rules {
            found = found || self.ask(rule);
        }
        found
    }

    #[inline(never)]
    fn note(&mut self, rule: RuleId, finding: Finding) {
        self.draft.findings.insert(rule);
        if finding.alternative {
            self.draft.findings.mark_alternative();
        }
        if self.draft.detail.is_empty() {
            self.draft.detail = finding.detail;
        } else if !finding.detail.is_empty() {
            let detail = self.draft.detail.to_mut();
            detail.push_str("; ");
            detail.push_str(&finding.detail);
        }
    }

    /// Step 1.
    fn program(&mut self) -> bool {
        if self.ask_first([RuleId::Pgm001, RuleId::Pgm002, RuleId::Pgm003]) {
            return false;
        }
        !(self.ask(RuleId::Pgm004) && self.context.options.strict_programs)
    }

    /// Step 2.
    fn code_dates(&mut self) -> bool {
        !self.ask(RuleId::Cod001)
    }

    /// Step 3.
    fn version(&mut self) -> bool {
        self.context.version = self.version.and_then(|place| self.context.policy.versions.get(usize::from(place)));
        self.context.coverage = self
            .context
            .version
            .and_then(|version| version.coverage.get(self.context.procedure.service))
            .and_then(Option::as_ref);
        if self.ask(RuleId::Pol001) {
            return false;
        }
        self.draft.version = self.version;
        true
    }

    /// Step 4.
    fn coverage(&mut self) -> bool {
        !self.ask_first([RuleId::Cov001, RuleId::Cov006, RuleId::Cov007])
    }

    /// Steps 5, 6 and 8.
    fn diagnosis(&mut self, recall: &mut Recall) -> bool {
        let Some(coverage) = self.context.coverage else { return false };
        let Some(lists) = coverage.diagnoses.as_deref() else {
            // A policy may cover a service whatever the diagnosis.
            return true;
        };
        let statuses = recall.statuses(self.context.table, self.context.line);
        self.context.diagnoses.fill(self.context.line, self.context.table, lists, statuses);
        if self.ask_first([RuleId::Cod004, RuleId::Cod006]) {
            return false;
        }
        let supports = self.context.diagnoses.supports();
        let for_review = !supports && self.context.diagnoses.calls_for_review();
        if !supports && !for_review {
            if self.ask_first([RuleId::Cod003, RuleId::Cod002]) {
                return false;
            }
            self.ask_first([RuleId::Cov002, RuleId::Aut001]);
            self.ask(RuleId::Cod005);
            return false;
        }
        self.clinical(coverage, for_review);
        self.ask(RuleId::Cod005);
        if supports {
            for rule in [RuleId::Rev001, RuleId::Rev002, RuleId::Rev003, RuleId::Rev004, RuleId::Rev005] {
                self.ask(rule);
            }
        }
        true
    }

    /// Step 6. An indication that is met settles what the review list left open.
    fn clinical(&mut self, coverage: &Coverage, for_review: bool) {
        let context = &mut self.context;
        context.clinical = ClinicalReview::new(context.line, context.policy, coverage, &context.diagnoses);
        self.draft.indication = context.clinical.met.and_then(|place| u16::try_from(place).ok());
        if self.draft.indication.is_some() {
            return;
        }
        if for_review {
            self.ask(RuleId::Cov003);
        }
        self.ask_first([RuleId::Cov004, RuleId::Aut001, RuleId::Cov005]);
    }
}
