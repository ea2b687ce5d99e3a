//! The lines of a question, decided together as the engine decides a run, with
//! what led to it kept.

use adjudicate::claim::ClaimLine;
use adjudicate::engine::{
    Adjudicator, EditBatch, EditNote, LineEdits, LineKeys, LineState, RelatedLine, Trace, add_findings,
};
use adjudicate::rules::{FindingSet, RuleId};

/// Lines of one session and what they came to.
pub(super) struct Session<'a> {
    pub(super) adjudicator: &'a Adjudicator,
    pub(super) lines: &'a [ClaimLine<'a>],
    decided: Vec<Option<Decided<'a>>>,
    notes: Vec<EditNote>,
    states: Vec<LineState>,
}

/// A line in scope.
pub(super) struct Decided<'a> {
    pub(super) trace: Trace<'a>,
    /// All findings, those of line edits included.
    pub(super) findings: FindingSet,
    /// The line's number among those in scope.
    number: u32,
}

impl<'a> Session<'a> {
    /// Decides the lines.
    pub(super) fn decide(adjudicator: &'a Adjudicator, lines: &'a [ClaimLine<'a>]) -> Self {
        let mut batch = EditBatch::default();
        let traces: Vec<_> = lines
            .iter()
            .zip(1_u32..)
            .map(|(line, row)| {
                let trace = adjudicator.trace(line)?;
                let keys = LineKeys::new(line);
                batch.push(keys.session, LineState::new(line, &trace.draft, keys, row));
                Some(trace)
            })
            .collect();
        let mut states = batch.lines.clone();
        let notes = LineEdits::new(adjudicator.index(), adjudicator.weights()).of_run(batch);
        add_findings(&mut states, &notes);
        let mut finished = states.iter().zip(0_u32..);
        let decided = traces
            .into_iter()
            .map(|trace| {
                let trace = trace?;
                let (state, number) = finished.next()?;
                Some(Decided { trace, findings: state.findings, number })
            })
            .collect();
        Self { adjudicator, lines, decided, notes, states }
    }

    /// The line asked about, and what it came to if it is in scope.
    pub(super) fn asked(&self) -> Option<(&'a ClaimLine<'a>, Option<&Decided<'a>>)> {
        Some((self.lines.last()?, self.decided.last()?.as_ref()))
    }

    /// The lines given with it, likewise.
    pub(super) fn others(&self) -> impl Iterator<Item = (&'a ClaimLine<'a>, Option<&Decided<'a>>)> {
        let others = self.lines.len().saturating_sub(1);
        self.lines.iter().zip(&self.decided).take(others).map(|(line, decided)| (line, decided.as_ref()))
    }

    /// What a rule found on a line, in words; blank where its name says it all.
    pub(super) fn detail(&self, decided: &Decided<'_>, rule: RuleId) -> String {
        if let Some(finding) = decided.trace.finding(rule) {
            return finding.detail.into_owned();
        }
        let mut notes = self.notes.iter().filter(|note| note.line == decided.number && note.rule == rule);
        notes
            .next()
            .map(|note| note.describe(note.evidence.other.map(|number| self.related(number)).as_ref()))
            .unwrap_or_default()
    }

    fn related(&self, number: u32) -> RelatedLine {
        let state = self.states.get(number as usize);
        let entry = state.and_then(|state| self.adjudicator.index().entry(state.procedure()));
        let rule = state.and_then(|state| state.findings.deciding_rule(self.adjudicator.weights()));
        RelatedLine {
            procedure: entry.map(|entry| entry.code),
            decided_by: rule.map_or("", |rule| rule.rule().code),
            // It has no row; it is named by its procedure.
            place: "the same day".to_owned(),
        }
    }
}
