//! What lines came to, worked out once for all that came to the same.

use super::RunSettings;
use super::context::{Context, Lacks};
use super::ruled::Ruled;
use crate::claim::{ClaimStatus, ProcedureCode, Stated};
use crate::engine::{Adjudicator, LineState};
use crate::policy::Program;
use crate::report::{Defaulted, Outcome, Sorted};
use crate::rules::{Disposition, FindingSet};

impl<'a> Ruled<'a> {
    /// What lines of this procedure, context and findings have in common.
    pub(super) fn work_out(&self, state: &LineState, context: Context, findings: FindingSet) -> (Outcome<'a>, Sorted) {
        work_out(self.settings, self.adjudicator, state, context, findings)
    }
}

/// What lines of this procedure, context and findings have in common, under these policies.
pub(super) fn work_out<'a>(
    settings: &RunSettings,
    adjudicator: &'a Adjudicator,
    state: &LineState,
    context: Context,
    findings: FindingSet,
) -> (Outcome<'a>, Sorted) {
    let index = adjudicator.index();
    let weights = &adjudicator.weights_on(state.waiver);
    let overrides = adjudicator.overrides();
    let weighing = findings.and(adjudicator.weights().weighing());
    let rule = findings.deciding_rule(weights);
    let (carc, rarc) = rule.map_or(("", ""), |rule| findings.codes(rule));
    let policy = index.policy(context.policy());
    let version = context.version().and_then(|at| policy?.versions.get(usize::from(at)));
    let indication = context.indication().and_then(|at| policy?.indications.get(usize::from(at)));
    let status = context.status();
    let disposition = findings.disposition(weights);
    let recoverable = settings.look_back.map(|_| !context.lacks().has(Lacks::LAPSED));
    let payer_denied = status == Stated::Known(ClaimStatus::Denied);
    let outcome = Outcome {
        procedure: index.entry(state.procedure()).map_or(ProcedureCode::NONE, |entry| entry.code),
        line_of_business: context.program().map(Program::name),
        disposition,
        rule,
        findings,
        carc,
        rarc,
        policy_id: policy.map_or("", |policy| policy.id.as_str()),
        policy_version: version.map_or("", |version| version.id.as_str()),
        indication: indication.map_or("", |one| one.id.as_str()),
        claim_status: match status {
            Stated::Known(status) => status.word(),
            Stated::Blank | Stated::Other => "",
        },
        overrides: overrides.ids(state.waiver, weighing.and(overrides.waived(state.waiver))),
        recovery: match recoverable.filter(|_| disposition == Disposition::Deny && !payer_denied) {
            Some(true) => "recoverable",
            Some(false) => "lapsed",
            None => "",
        },
    };
    let sorted = Sorted {
        procedure: state.procedure(),
        program: context.program(),
        version: (context.policy(), context.version()),
        lacks: defaulted(context.lacks()),
        payer_denied,
        unknown_status: status == Stated::Other,
        recoverable,
        no_paid_date: context.lacks().has(Lacks::PAID_DATE),
        waiver: state.waiver,
    };
    (outcome, sorted)
}

fn defaulted(lacks: Lacks) -> Defaulted {
    Defaulted {
        line_of_business: lacks.has(Lacks::LINE_OF_BUSINESS),
        units: lacks.has(Lacks::UNITS),
        pointers: lacks.has(Lacks::POINTERS),
        paid: lacks.has(Lacks::PAID),
    }
}
