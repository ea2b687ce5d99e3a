//! What was examined of a line, for verbs that tell of one: the JSON form, and the
//! pages made of it.

mod diagnosis;
pub(crate) mod show;

use serde::Serialize;

use adjudicate::claim::{ClaimLine, ClinicalFacts, DiagnosisText, Etiology, Fact, Stated};
use adjudicate::engine::Trace;
use adjudicate::icd10::CodeIndex;
use adjudicate::policy::{Policy, Procedure, Program, Truth};
use adjudicate::rules::RuleId;

pub(crate) use self::diagnosis::{DiagnosisAnswer, ListedAnswer};
use super::words::{self, Ground};

/// What was examined, as far as the steps went.
#[derive(Debug, Serialize)]
pub(crate) struct Examination {
    pub(crate) program: Option<&'static str>,
    pub(crate) policy_id: String,
    pub(crate) policy_title: String,
    pub(crate) policy_version: Option<String>,
    pub(crate) version_note: Option<String>,
    pub(crate) procedure: ProcedureAnswer,
    pub(crate) coverage: Vec<String>,
    pub(crate) coverage_cite: Option<String>,
    pub(crate) diagnoses: Vec<DiagnosisAnswer>,
    /// Why no diagnosis or no fact was looked at, where that is so.
    pub(crate) not_examined: Option<&'static str>,
    /// The indication that is met.
    pub(crate) indication: Option<String>,
    pub(crate) indications: Vec<IndicationAnswer>,
    /// The clinical facts that the line gives.
    pub(crate) facts: Vec<FactAnswer>,
    /// Whether there was a fact to weigh indications by.
    pub(crate) facts_given: bool,
}

/// The procedure as the policy knows it.
#[derive(Debug, Serialize)]
pub(crate) struct ProcedureAnswer {
    pub(crate) label: String,
    pub(crate) active_from: String,
    pub(crate) active_to: Option<String>,
    pub(crate) replaced_by: Option<String>,
    pub(crate) says: Vec<String>,
    pub(crate) cite: String,
}

/// One indication of the service.
#[derive(Debug, Serialize)]
pub(crate) struct IndicationAnswer {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) cite: String,
    pub(crate) requires: String,
    /// `met`, `open` or `ruled out`.
    pub(crate) standing: &'static str,
    /// The facts that would settle it, where it is open.
    pub(crate) missing: Vec<&'static str>,
    /// The facts that rule it out, where they do.
    pub(crate) against: Vec<&'static str>,
}

/// A clinical fact that was given.
#[derive(Debug, Serialize)]
pub(crate) struct FactAnswer {
    pub(crate) fact: &'static str,
    pub(crate) value: String,
}

impl Examination {
    /// What was examined of a line.
    pub(crate) fn new(line: &ClaimLine<'_>, trace: &Trace<'_>) -> Self {
        let Trace { context, draft } = trace;
        let (policy, procedure) = (context.policy, context.procedure);
        let coverage = context.coverage.filter(|_| draft.version.is_some());
        let version = context.version.filter(|_| draft.version.is_some());
        Self {
            program: draft.program.map(Program::name),
            policy_id: policy.id.clone(),
            policy_title: policy.title.clone(),
            policy_version: version.map(|version| version.id.clone()),
            version_note: version.map(|version| version.note.clone()),
            procedure: ProcedureAnswer::new(policy, procedure),
            coverage: coverage.map(|coverage| words::coverage(coverage, policy)).unwrap_or_default(),
            coverage_cite: coverage.map(|coverage| coverage.cite.clone()),
            diagnoses: diagnosis::diagnoses(line, trace),
            not_examined: not_examined(trace),
            indication: draft
                .indication
                .and_then(|place| policy.indications.get(usize::from(place)))
                .map(|indication| indication.id.clone()),
            indications: indications(line, trace),
            facts: facts(&line.facts),
            facts_given: !line.facts.nothing_to_weigh(),
        }
    }
}

impl ProcedureAnswer {
    fn new(policy: &Policy, procedure: &Procedure) -> Self {
        Self {
            label: policy.text(procedure.label).to_owned(),
            active_from: procedure.active_from.to_string(),
            active_to: procedure.active_to.map(|day| day.to_string()),
            replaced_by: procedure.replaced_by.map(|code| code.to_string()),
            says: words::procedure(procedure, policy),
            cite: policy.text(procedure.cite).to_owned(),
        }
    }
}

/// What a finding on a line rests on: the sections of the policy, or the code table.
pub(crate) fn basis(line: &ClaimLine<'_>, trace: &Trace<'_>, rule: RuleId) -> String {
    let Trace { context, draft } = trace;
    let listed: Vec<CodeIndex> = line
        .examined()
        .filter_map(|diagnosis| match diagnosis.text {
            DiagnosisText::Code(code) => context.table.find(&code),
            DiagnosisText::Other(_) => None,
        })
        .collect();
    let ground = Ground {
        policy: context.policy,
        procedure: Some(context.procedure),
        coverage: context.coverage.filter(|_| draft.version.is_some()),
        diagnoses: &listed,
        table_edition: context.table.edition(),
    };
    ground.of(rule)
}

/// Where the line was stopped before all was examined.
fn not_examined(trace: &Trace<'_>) -> Option<&'static str> {
    let (context, draft) = (&trace.context, &trace.draft);
    if !draft.reached_diagnosis {
        return Some("The line was stopped before its diagnoses and facts were tested.");
    }
    if context.coverage.is_some_and(|coverage| coverage.diagnoses.is_none()) {
        return Some("The version covers the service whatever the diagnosis: none was tested.");
    }
    let passed = context.diagnoses.supports() || context.diagnoses.calls_for_review();
    (!passed).then_some("No diagnosis supports the line or calls for review, so no clinical fact was weighed.")
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
            let (mut missing, mut against) = (Vec::new(), Vec::new());
            indication.when.missing(&line.facts, &etiology, &mut missing);
            indication.when.against(&line.facts, &etiology, &mut against);
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
                against,
            }
        })
        .collect()
}

/// The facts that were given, in the contract's order.
fn facts(facts: &ClinicalFacts) -> Vec<FactAnswer> {
    let yes_no = |answer: bool| (if answer { "yes" } else { "no" }).to_owned();
    let mut given = Vec::new();
    let mut add = |fact: &'static str, value: Option<String>| {
        given.extend(value.map(|value| FactAnswer { fact, value }));
    };
    add("etiology", stated(facts.etiology, Etiology::word));
    add("technique", stated(facts.technique, adjudicate::claim::Technique::word));
    for fact in Fact::ALL {
        let weeks = facts.weeks(fact).map(|weeks| weeks.to_string());
        add(fact.column(), facts.answer(fact).map(yes_no).or(weeks));
    }
    add("fda_cleared_device", facts.fda_cleared_device.map(yes_no));
    given
}

fn stated<T>(stated: Stated<T>, word: impl Fn(T) -> &'static str) -> Option<String> {
    match stated {
        Stated::Blank => None,
        Stated::Known(known) => Some(word(known).to_owned()),
        Stated::Other => Some("a word that is not known".to_owned()),
    }
}
