//! What there is to tell about a question: the JSON form, from which the page is
//! made too.

use serde::{Serialize, Serializer};

use adjudicate::claim::{ClaimLine, Stated};
use adjudicate::engine::{TracedBatch, TracedLine};
use adjudicate::rules::{Disposition, RuleId, Weight};

use crate::cli::arguments::CheckArguments;
use crate::cli::decided::{Examination, basis};
use crate::cli::words;

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
    #[serde(flatten)]
    pub(super) examined: Examination,
    pub(super) limitations: Vec<String>,
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

/// A procedure of the same session.
#[derive(Debug, Serialize)]
pub(super) struct OtherAnswer {
    pub(super) procedure: String,
    pub(super) disposition: Option<&'static str>,
    pub(super) rule: Option<&'static str>,
}

impl Answer {
    /// The answer to a session's question.
    pub(super) fn new(session: &TracedBatch<'_>, arguments: &CheckArguments) -> Self {
        let index = session.adjudicator().index();
        let asked = session.iter().next_back();
        let decision = asked.and_then(|(line, decided)| Some(decision(session, line, decided?)));
        let other = |(line, decided): (&ClaimLine<'_>, Option<&TracedLine<'_>>)| OtherAnswer {
            procedure: line.procedure.to_string(),
            disposition: decided.map(|one| one.findings.disposition(session.adjudicator().weights()).name()),
            rule: decided
                .and_then(|one| one.findings.deciding_rule(session.adjudicator().weights()))
                .map(|rule| rule.rule().code),
        };
        Self {
            schema_version: SCHEMA_VERSION,
            procedure: asked.map(|(line, _)| line.procedure.to_string()).unwrap_or_default(),
            service_date: arguments.date.to_string(),
            in_scope: decision.is_some(),
            notes: asked.map(|(line, decided)| notes(session, line, decided)).unwrap_or_default(),
            decision,
            session: others(session).map(other).collect(),
            policies: index.policies().iter().map(|policy| policy.id.clone()).collect(),
            icd10cm: index.table().edition().to_owned(),
        }
    }
}

/// What was given with the line asked about, which stands last.
fn others<'s, 'a>(
    session: &'s TracedBatch<'a>,
) -> impl Iterator<Item = (&'a ClaimLine<'a>, Option<&'s TracedLine<'a>>)> {
    session.iter().rev().skip(1).rev()
}

fn decision(session: &TracedBatch<'_>, line: &ClaimLine<'_>, decided: &TracedLine<'_>) -> DecisionAnswer {
    let weights = session.adjudicator().weights();
    let rule = decided.findings.deciding_rule(weights);
    let (carc, rarc) = rule.map_or(("", ""), |rule| decided.findings.codes(rule));
    // The others have no row; they are named by their procedures.
    let place = |_| "the same day".to_owned();
    let finding = |id: RuleId| {
        let rule = id.rule();
        let (carc, rarc) = decided.findings.codes(id);
        FindingAnswer {
            rule: rule.code,
            name: rule.name,
            weight: weights.of(id),
            says: words::short(rule),
            detail: session.detail(decided, id, &place),
            basis: basis(line, &decided.trace, id),
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
        examined: Examination::new(line, &decided.trace),
        limitations: decided.trace.context.policy.limitations.clone(),
    }
}

fn notes(session: &TracedBatch<'_>, line: &ClaimLine<'_>, decided: Option<&TracedLine<'_>>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |holds: bool, text: &str| {
        if holds {
            notes.push(text.to_owned());
        }
    };
    let alone = others(session).next().is_none();
    let lacks_primary = decided.is_some_and(|one| one.findings.contains(RuleId::Lin001));
    note(lacks_primary && alone, "This is an add-on code: name the primary of its session with --with.");
    note(decided.is_some() && !line.given.line_of_business, "No line of business was given: judged as commercial.");
    note(line.facts.etiology == Stated::Other, "The etiology is no known word: it counts as not known.");
    note(line.facts.technique == Stated::Other, "The technique is no known word: it counts as not known.");
    let table = session.adjudicator().index().table();
    note(
        line.service_date > table.last_day(),
        &format!("The service date lies behind the last day of the diagnosis table ({}).", table.last_day()),
    );
    note(
        line.service_date < table.first_day(),
        &format!("The service date lies before the first day of the diagnosis table ({}).", table.first_day()),
    );
    for (other, decided) in others(session) {
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
