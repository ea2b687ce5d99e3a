//! Deciding a handful of lines at once: the engine as one call.

use super::{Adjudicator, EditNote, LineState, TracedBatch, TracedLine};
use crate::claim::{ClaimLine, ProcedureCode};
use crate::policy::Program;
use crate::rules::{Check, Disposition, FindingSet, RuleId, Witness};

/// What was decided about a line, with the reasons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// The recommendation.
    pub disposition: Disposition,
    /// The rule that names it; `None` for an allowed line.
    pub rule: Option<RuleId>,
    /// Every finding.
    pub findings: FindingSet,
    /// The claim adjustment reason code suggested with `rule`, or blank.
    pub carc: &'static str,
    /// The remittance advice remark code suggested with `rule`, or blank.
    pub rarc: &'static str,
    /// The program; `None` where the line of business is unknown.
    pub program: Option<Program>,
    /// The policy that put the line in scope.
    pub policy_id: String,
    /// The version applied, or blank.
    pub policy_version: String,
    /// The indication that is met, or blank.
    pub indication: String,
    /// What only this line can tell.
    pub detail: String,
}

/// Another line of the run, as words need it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelatedLine {
    /// Its procedure.
    pub procedure: Option<ProcedureCode>,
    /// The rule that decided it, or blank.
    pub decided_by: &'static str,
    /// Where it stands, such as `row 12`.
    pub place: String,
}

impl EditNote {
    /// What the edit saw, in words; `other` is the other line of its evidence.
    #[must_use]
    pub fn describe(&self, other: Option<&RelatedLine>) -> String {
        let mut words = Vec::new();
        self.write(other, &mut words);
        String::from_utf8(words).unwrap_or_default()
    }

    /// Appends the same to what findings before it have to tell, `; ` between them.
    pub fn write(&self, other: Option<&RelatedLine>, words: &mut Vec<u8>) {
        let Check::Session(_, describe) = self.rule.rule().check else { return };
        let end = words.len();
        if end > 0 {
            words.extend_from_slice(b"; ");
        }
        let start = words.len();
        let witness = Witness {
            evidence: self.evidence,
            procedure: other.and_then(|line| line.procedure),
            decided_by: other.map_or("", |line| line.decided_by),
            place: other.map_or("", |line| line.place.as_str()),
        };
        describe(&witness, words);
        if words.len() == start {
            words.truncate(end);
        }
    }
}

/// Decides lines together, as one run whose rows they are; `None` for a line
/// out of scope.
///
/// ```
/// use std::sync::Arc;
/// use adjudicate::claim::{ClaimLine, Day, ProcedureCode};
/// use adjudicate::engine::{Adjudicator, DecisionOptions, decide_batch};
/// use adjudicate::icd10::Icd10;
/// use adjudicate::policy::PolicyIndex;
///
/// let table = Arc::new(Icd10::embedded()?);
/// let index = Arc::new(PolicyIndex::embedded(table)?);
/// let adjudicator = Adjudicator::new(index, DecisionOptions::default());
/// let day = Day::parse_iso("2026-03-01").expect("a day");
/// let mut line = ClaimLine::new("C1", 1, day, ProcedureCode::parse("22513").expect("a code"));
/// line.add_diagnosis("M80.08XA");
/// let decisions = decide_batch(&adjudicator, &[line]);
/// assert_eq!(decisions[0].as_ref().map(|d| d.disposition.name()), Some("allow"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn decide_batch(adjudicator: &Adjudicator, lines: &[ClaimLine<'_>]) -> Vec<Option<Decision>> {
    let batch = TracedBatch::decide(adjudicator, lines);
    let row = |place: usize| format!("row {}", place + 1);
    let decision = |(_, traced): (&ClaimLine<'_>, Option<&TracedLine<'_>>)| {
        let traced = traced?;
        let (draft, findings) = (&traced.trace.draft, traced.findings);
        let policy = traced.trace.context.policy;
        let weights = adjudicator.weights_on(traced.waiver);
        let rule = findings.deciding_rule(&weights);
        let (carc, rarc) = rule.map_or(("", ""), |rule| findings.codes(rule));
        let version = draft.version.and_then(|at| policy.versions.get(usize::from(at)));
        let indication = draft.indication.and_then(|at| policy.indications.get(usize::from(at)));
        Some(Decision {
            disposition: findings.disposition(&weights),
            rule,
            findings,
            carc,
            rarc,
            program: draft.program,
            policy_id: policy.id.clone(),
            policy_version: version.map(|version| version.id.clone()).unwrap_or_default(),
            indication: indication.map(|one| one.id.clone()).unwrap_or_default(),
            detail: batch.details(traced, &row),
        })
    };
    batch.iter().map(decision).collect()
}

/// What a line's own findings have to tell, and then those of its edits.
pub(super) fn join_details(own: String, others: impl Iterator<Item = String>) -> String {
    others.fold(own, |mut detail, words| {
        if !detail.is_empty() && !words.is_empty() {
            detail.push_str("; ");
        }
        detail.push_str(&words);
        detail
    })
}

/// Adds what line edits found to the findings of the lines that are all of a
/// run.
pub fn add_findings(lines: &mut [LineState], notes: &[EditNote]) {
    for note in notes {
        if let Some(line) = lines.get_mut(note.line as usize) {
            line.findings.insert(note.rule);
        }
    }
}
