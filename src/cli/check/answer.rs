//! What there is to tell about a question: the JSON form, from which the page is
//! made too.

use serde::{Serialize, Serializer};

use adjudicate::claim::{ClaimLine, DiagnosisText, Etiology, Stated};
use adjudicate::engine::Trace;
use adjudicate::policy::{Program, Truth};
use adjudicate::rules::{Disposition, RuleId, Weight};

use super::diagnosis::{DiagnosisAnswer, diagnoses};
use super::session::{Decided, Session};
use crate::cli::arguments::CheckArguments;
use crate::cli::words::{self, Ground};

/// The version of this form.
const SCHEMA_VERSION: u32 = 1;

/// The answer.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    schema_version: u32,
    pub(super) procedure: String,
    pub(super) service_date: String,
    /// Whether a loaded policy speaks about the procedure; all else is none if not.
    pub(super) in_scope: bool,
    pub(super) decision: Option<DecisionAnswer>,
    /// The procedures given with it.
    pub(super) session: Vec<OtherAnswer>,
    /// The loaded policies.
    pub(super) policies: Vec<String>,
    pub(super) icd10cm: String,
    /// What the asker may not have been aware of.
    pub(super) notes: Vec<String>,
}

/// What was decided, and what led to it.
#[derive(Debug, Serialize)]
pub(super) struct DecisionAnswer {
    #[serde(serialize_with = "disposition_name")]
    pub(super) disposition: Disposition,
    pub(super) rule: Option<&'static str>,
    pub(super) carc: &'static str,
    pub(super) rarc: &'static str,
    pub(super) findings: Vec<FindingAnswer>,
    pub(super) program: Option<&'static str>,
    pub(super) policy_id: String,
    pub(super) policy_title: String,
    pub(super) policy_version: Option<String>,
    pub(super) version_note: Option<String>,
    pub(super) procedure: ProcedureAnswer,
    pub(super) coverage: Vec<String>,
    pub(super) coverage_cite: Option<String>,
    pub(super) diagnoses: Vec<DiagnosisAnswer>,
    /// The indication that is met.
    pub(super) indication: Option<String>,
    pub(super) indications: Vec<IndicationAnswer>,
    /// Whether there was a fact to weigh indications by.
    pub(super) facts_given: bool,
    pub(super) limitations: Vec<String>,
}

/// The procedure as the policy knows it.
#[derive(Debug, Serialize)]
pub(super) struct ProcedureAnswer {
    pub(super) label: String,
    pub(super) active_from: String,
    pub(super) active_to: Option<String>,
    pub(super) replaced_by: Option<String>,
    pub(super) says: Vec<String>,
    pub(super) cite: String,
}

/// One finding.
#[derive(Debug, Serialize)]
pub(super) struct FindingAnswer {
    pub(super) rule: &'static str,
    pub(super) name: &'static str,
    #[serde(serialize_with = "weight_name")]
    pub(super) weight: Weight,
    pub(super) says: String,
    pub(super) detail: String,
    pub(super) basis: String,
    pub(super) carc: &'static str,
    pub(super) rarc: &'static str,
}

/// One indication of the service.
#[derive(Debug, Serialize)]
pub(super) struct IndicationAnswer {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) cite: String,
    pub(super) requires: String,
    /// `met`, `open` or `ruled out`.
    pub(super) standing: &'static str,
    /// The facts that would settle it, where it is open.
    pub(super) missing: Vec<&'static str>,
}

/// A procedure of the same session.
#[derive(Debug, Serialize)]
pub(super) struct OtherAnswer {
    pub(super) procedure: String,
    pub(super) disposition: Option<&'static str>,
    pub(super) rule: Option<&'static str>,
}

impl Answer {
    /// The answer to a session's question.
    pub(super) fn new(session: &Session<'_>, arguments: &CheckArguments) -> Self {
        let index = session.adjudicator.index();
        let asked = session.asked();
        let decision = asked.and_then(|(line, decided)| Some(decision(session, line, decided?)));
        let other = |(line, decided): (&ClaimLine<'_>, Option<&Decided<'_>>)| OtherAnswer {
            procedure: line.procedure.to_string(),
            disposition: decided.map(|one| one.findings.disposition(session.adjudicator.weights()).name()),
            rule: decided
                .and_then(|one| one.findings.deciding_rule(session.adjudicator.weights()))
                .map(|rule| rule.rule().code),
        };
        Self {
            schema_version: SCHEMA_VERSION,
            procedure: asked.map(|(line, _)| line.procedure.to_string()).unwrap_or_default(),
            service_date: arguments.date.to_string(),
            in_scope: decision.is_some(),
            notes: asked.map(|(line, decided)| notes(session, line, decided)).unwrap_or_default(),
            decision,
            session: session.others().map(other).collect(),
            policies: index.policies().iter().map(|policy| policy.id.clone()).collect(),
            icd10cm: index.table().edition().to_owned(),
        }
    }
}

fn decision(session: &Session<'_>, line: &ClaimLine<'_>, decided: &Decided<'_>) -> DecisionAnswer {
    let weights = session.adjudicator.weights();
    let Trace { context, draft } = &decided.trace;
    let (policy, procedure) = (context.policy, context.procedure);
    let coverage = context.coverage.filter(|_| draft.version.is_some());
    let version = context.version.filter(|_| draft.version.is_some());
    let rule = decided.findings.deciding_rule(weights);
    let (carc, rarc) = rule.map_or(("", ""), |rule| decided.findings.codes(rule));
    let listed: Vec<_> = line
        .examined()
        .filter_map(|diagnosis| match diagnosis.text {
            DiagnosisText::Code(code) => context.table.find(&code),
            DiagnosisText::Other(_) => None,
        })
        .collect();
    let ground = Ground {
        policy,
        procedure: Some(procedure),
        coverage,
        diagnoses: &listed,
        table_edition: context.table.edition(),
    };
    let finding = |id: RuleId| {
        let rule = id.rule();
        let (carc, rarc) = decided.findings.codes(id);
        FindingAnswer {
            rule: rule.code,
            name: rule.name,
            weight: weights.of(id),
            says: words::short(rule),
            detail: session.detail(decided, id),
            basis: ground.of(id),
            carc,
            rarc,
        }
    };
    DecisionAnswer {
        disposition: decided.findings.disposition(weights),
        rule: rule.map(|rule| rule.rule().code),
        carc,
        rarc,
        findings: decided.findings.rules().map(finding).collect(),
        program: draft.program.map(Program::name),
        policy_id: policy.id.clone(),
        policy_title: policy.title.clone(),
        policy_version: version.map(|version| version.id.clone()),
        version_note: version.map(|version| version.note.clone()),
        procedure: ProcedureAnswer {
            label: policy.text(procedure.label).to_owned(),
            active_from: procedure.active_from.to_string(),
            active_to: procedure.active_to.map(|day| day.to_string()),
            replaced_by: procedure.replaced_by.map(|code| code.to_string()),
            says: words::procedure(procedure, policy),
            cite: policy.text(procedure.cite).to_owned(),
        },
        coverage: coverage.map(|coverage| words::coverage(coverage, policy)).unwrap_or_default(),
        coverage_cite: coverage.map(|coverage| coverage.cite.clone()),
        diagnoses: diagnoses(line, &decided.trace),
        indication: draft
            .indication
            .and_then(|place| policy.indications.get(usize::from(place)))
            .map(|indication| indication.id.clone()),
        indications: indications(line, &decided.trace),
        facts_given: !line.facts.nothing_to_weigh(),
        limitations: policy.limitations.clone(),
    }
}

/// The indications, weighed as step 6 weighs them, where the line came so far;
/// also without any fact, to say which ones are needed.
fn indications(line: &ClaimLine<'_>, trace: &Trace<'_>) -> Vec<IndicationAnswer> {
    let context = &trace.context;
    let passed = context.diagnoses.supports() || context.diagnoses.for_review().next().is_some();
    let Some(coverage) = context.coverage.filter(|_| passed) else { return Vec::new() };
    let etiology = |wanted: Etiology| context.diagnoses.etiology_is(wanted, line.facts.etiology);
    words::indications(coverage, context.policy)
        .map(|indication| {
            let mut missing = Vec::new();
            indication.when.missing(&line.facts, &etiology, &mut missing);
            IndicationAnswer {
                id: indication.id.clone(),
                label: indication.label.clone(),
                cite: indication.cite.clone(),
                requires: words::criterion(&indication.when),
                standing: match indication.when.weigh(&line.facts, &etiology) {
                    Truth::True => "met",
                    Truth::Unknown => "open",
                    Truth::False => "ruled out",
                },
                missing,
            }
        })
        .collect()
}

fn notes(session: &Session<'_>, line: &ClaimLine<'_>, decided: Option<&Decided<'_>>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |holds: bool, text: &str| {
        if holds {
            notes.push(text.to_owned());
        }
    };
    let alone = session.others().next().is_none();
    let lacks_primary = decided.is_some_and(|one| one.findings.contains(RuleId::Lin001));
    note(lacks_primary && alone, "This is an add-on code: name the primary of its session with --with.");
    note(decided.is_some() && !line.given.line_of_business, "No line of business was given: judged as commercial.");
    note(line.facts.etiology == Stated::Other, "The etiology is no known word: it counts as not known.");
    note(line.facts.technique == Stated::Other, "The technique is no known word: it counts as not known.");
    let table = session.adjudicator.index().table();
    note(
        line.service_date > table.last_day(),
        &format!("The service date lies behind the last day of the diagnosis table ({}).", table.last_day()),
    );
    for (other, decided) in session.others() {
        let text = format!("No loaded policy speaks about {}: it counts for nothing here.", other.procedure);
        note(decided.is_none(), &text);
    }
    notes
}

#[allow(clippy::trivially_copy_pass_by_ref)] // The signature is serde's.
fn disposition_name<S: Serializer>(disposition: &Disposition, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(disposition.name())
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn weight_name<S: Serializer>(weight: &Weight, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(weight.name())
}
