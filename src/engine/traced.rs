//! Lines decided together, with what led to it kept: for explaining them.

use super::{Adjudicator, EditBatch, EditNote, LineEdits, LineKeys, LineState, RelatedLine, SessionKey, Trace};
use super::{add_findings, batch::join_details};
use crate::claim::ClaimLine;
use crate::overrides::Waiver;
use crate::rules::{Evidence, FindingSet, RuleId};

/// Lines that are decided as if they were all of a run.
#[derive(Debug)]
pub struct TracedBatch<'a> {
    adjudicator: &'a Adjudicator,
    lines: &'a [ClaimLine<'a>],
    traced: Vec<Option<TracedLine<'a>>>,
    notes: Vec<EditNote>,
    states: Vec<LineState>,
    /// The places of the lines in scope, by their numbers.
    places: Vec<usize>,
}

/// A line in scope, and what it came to.
#[derive(Debug)]
pub struct TracedLine<'a> {
    /// What its own rules saw.
    pub trace: Trace<'a>,
    /// All findings, those of line edits included.
    pub findings: FindingSet,
    /// The overrides that it meets.
    pub waiver: Waiver,
    /// The session in which line edits saw it.
    pub session: SessionKey,
    /// The line's number among those in scope.
    number: u32,
}

impl<'a> TracedBatch<'a> {
    /// Decides lines, in the order of the run's rows.
    #[must_use]
    pub fn decide(adjudicator: &'a Adjudicator, lines: &'a [ClaimLine<'a>]) -> Self {
        let mut batch = EditBatch::default();
        let mut places = Vec::new();
        let drafted: Vec<_> = lines
            .iter()
            .zip(1_u32..)
            .enumerate()
            .map(|(place, (line, row))| {
                let trace = adjudicator.trace(line)?;
                let keys = LineKeys::new(line);
                let waiver = adjudicator.overrides().find(line);
                batch.push(keys.session, LineState::new(line, &trace.draft, keys, row).waiving(waiver));
                places.push(place);
                Some((trace, keys.session))
            })
            .collect();
        let notes = LineEdits::new(adjudicator).of_run(&batch);
        let mut states = batch.lines;
        add_findings(&mut states, &notes);
        let mut finished = states.iter().zip(0_u32..);
        let traced = drafted
            .into_iter()
            .map(|drafted| {
                let (trace, session) = drafted?;
                let (state, number) = finished.next()?;
                Some(TracedLine { trace, findings: state.findings, waiver: state.waiver, session, number })
            })
            .collect();
        Self { adjudicator, lines, traced, notes, states, places }
    }

    /// What the lines were decided by.
    #[must_use]
    pub fn adjudicator(&self) -> &'a Adjudicator {
        self.adjudicator
    }

    /// The line at a place, and what it came to if it is in scope.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<(&'a ClaimLine<'a>, Option<&TracedLine<'a>>)> {
        Some((self.lines.get(place)?, self.traced.get(place)?.as_ref()))
    }

    /// Every line, likewise, in order.
    pub fn iter(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&'a ClaimLine<'a>, Option<&TracedLine<'a>>)> + ExactSizeIterator {
        self.lines.iter().zip(self.traced.iter().map(Option::as_ref))
    }

    /// What a line edit saw on a line; `None` where it found nothing.
    #[must_use]
    pub fn evidence(&self, line: &TracedLine<'_>, rule: RuleId) -> Option<Evidence> {
        self.notes_on(line).find(|note| note.rule == rule).map(|note| note.evidence)
    }

    /// The place of the other line that a line edit's finding rests on.
    #[must_use]
    pub fn other(&self, line: &TracedLine<'_>, rule: RuleId) -> Option<usize> {
        self.place(self.evidence(line, rule)?.other?)
    }

    /// What a rule found on a line, in words; blank where its name says it all.
    /// `named` says where another line stands, by its place.
    #[must_use]
    pub fn detail(&self, line: &TracedLine<'_>, rule: RuleId, named: &dyn Fn(usize) -> String) -> String {
        if let Some(finding) = line.trace.finding(rule) {
            return finding.detail.into_owned();
        }
        let mut notes = self.notes_on(line).filter(|note| note.rule == rule);
        notes.next().map(|note| self.describe(note, named)).unwrap_or_default()
    }

    /// What all findings on a line have to tell, as a run's `detail` has it.
    #[must_use]
    pub fn details(&self, line: &TracedLine<'_>, named: &dyn Fn(usize) -> String) -> String {
        let own = line.trace.draft.detail.clone().into_owned();
        join_details(own, self.notes_on(line).map(|note| self.describe(note, named)))
    }

    fn notes_on(&self, line: &TracedLine<'_>) -> impl Iterator<Item = &EditNote> {
        // Notes are in the order of lines.
        let start = self.notes.partition_point(|note| note.line < line.number);
        let number = line.number;
        self.notes.iter().skip(start).take_while(move |note| note.line == number)
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.places.get(number as usize).copied()
    }

    fn describe(&self, note: &EditNote, named: &dyn Fn(usize) -> String) -> String {
        let related = |number: u32| {
            let state = self.states.get(number as usize);
            let entry = state.and_then(|state| self.adjudicator.index().entry(state.procedure()));
            let rule = state.and_then(|state| state.findings.deciding_rule(&self.adjudicator.weights_on(state.waiver)));
            RelatedLine {
                procedure: entry.map(|entry| entry.code),
                decided_by: rule.map_or("", |rule| rule.rule().code),
                place: self.place(number).map(named).unwrap_or_default(),
            }
        };
        note.describe(note.evidence.other.map(related).as_ref())
    }
}
