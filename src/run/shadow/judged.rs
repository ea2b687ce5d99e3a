//! What the shadow has decided otherwise, when the whole run is known.

use std::io;

use super::Shadow;
use super::lane::{Over, Scope};
use super::numbers::{Numbers, Which};
use crate::engine::{EditNote, FIRST_PAST, LineState, Rejudged, RejudgedPart, RelatedLine};
use crate::rules::FindingSet;
use crate::run::details::decided_by;
use crate::run::history::Past;
use crate::run::ruled::Ruled;
use crate::run::spool::{Batch, Spool};

/// Lines that the shadow decides otherwise than the run, ready to be compared.
pub(in crate::run) struct JudgedShadow {
    pub(super) spool: Spool,
    pub(super) over: Vec<Over>,
    pub(super) numbers: Numbers,
    /// The sessions and claims that have such lines.
    pub(super) rejudged: Rejudged,
    pub(super) past: Past,
    /// How many lines that the shadow would decide are superseded.
    pub(in crate::run) superseded: u64,
}

/// The same beside the run's own lines.
#[derive(Clone, Copy)]
pub(in crate::run) struct RuledShadow<'a> {
    pub(in crate::run) own: Ruled<'a>,
    pub(in crate::run) shadow: &'a Shadow,
    pub(in crate::run) lines: &'a JudgedShadow,
}

/// What line edits find on a line under the shadow's policies.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// Each, and whether it is the run's, which stands here too.
    all: Vec<(EditNote, bool)>,
}

impl Notes {
    /// The notes on a line of this number, of which the run has those.
    pub(super) fn fill(&mut self, part: &RejudgedPart<'_>, number: u32, own: &[EditNote]) {
        let stands = |note: &&EditNote| !part.replaces(&EditNote { line: number, ..**note });
        self.all.clear();
        self.all.extend(own.iter().filter(stands).map(|note| (*note, true)));
        self.all.extend(part.of(number).iter().map(|note| (*note, false)));
        self.all.sort_unstable_by_key(|(note, _)| note.rule);
    }

    /// The findings of a line, its own among them.
    pub(super) fn findings(&self, state: &LineState) -> FindingSet {
        let mut findings = state.findings;
        for (note, _) in &self.all {
            findings.insert(note.rule);
        }
        findings
    }
}

impl<'a> RuledShadow<'a> {
    /// The lines of the run's own numbers from `first` up to `end`, as they were judged again.
    pub(super) fn part(&self, first: u32, end: u32) -> RejudgedPart<'a> {
        let numbers = &self.lines.numbers;
        // What is the shadow's alone in front of the first line belongs to its batch or to none.
        self.lines.rejudged.part(numbers.of_own(first), numbers.of_own(end))
    }

    /// What the findings of a line of this file have to tell.
    pub(super) fn tell(&self, own: &[u8], notes: &Notes, file: usize, detail: &mut Vec<u8>) -> io::Result<()> {
        detail.clear();
        detail.extend_from_slice(own);
        for (note, is_own) in &notes.all {
            let other = note.evidence.other;
            let related = |other| if *is_own { self.own.related(other, file) } else { self.related(other, file) };
            note.write(other.map(related).transpose()?.as_ref(), detail);
        }
        Ok(())
    }

    /// Another line, for words on a line of the file `beside`.
    fn related(&self, other: u32, beside: usize) -> io::Result<RelatedLine> {
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        if other >= FIRST_PAST {
            let index = self.shadow.adjudicator().index();
            return self.lines.past.related(other, index).ok_or_else(missing);
        }
        let part = self.lines.rejudged.part(other, other + 1);
        let mut notes = Notes::default();
        let (batch, state, adjudicator) = match self.lines.numbers.which(other) {
            Which::Alone(place) => {
                notes.fill(&part, other, &[]);
                let (batch, state) = self.over(place)?.ok_or_else(missing)?;
                (batch, state, self.shadow.adjudicator())
            }
            Which::Own(own) => {
                let (batch, state) = self.own.find(own)?.ok_or_else(missing)?;
                notes.fill(&part, other, batch.notes_of(own));
                let at = self.lines.over.partition_point(|one| one.own < own);
                let mut over = (at..).zip(self.lines.over.iter().skip(at)).take_while(|(_, one)| one.own == own);
                match over.find(|(_, one)| one.scope == Scope::Both) {
                    Some((place, _)) => {
                        let found = self.over(u32::try_from(place).unwrap_or(u32::MAX))?;
                        let (_, state) = found.ok_or_else(missing)?;
                        (batch, state, self.shadow.adjudicator())
                    }
                    None => (batch, state, self.own.adjudicator),
                }
            }
        };
        Ok(RelatedLine {
            procedure: adjudicator.index().entry(state.procedure()).map(|entry| entry.code),
            decided_by: decided_by(adjudicator, notes.findings(&state), &state),
            place: self.own.place(batch, &state, beside),
        })
    }

    /// A line that lies over the run's, and its batch.
    fn over(&self, place: u32) -> io::Result<Option<(&'a Batch, LineState)>> {
        let spool = &self.lines.spool;
        let Some(batch) = spool.batch_of(place) else { return Ok(None) };
        Ok(spool.state(batch, place)?.map(|state| (batch, state)))
    }
}
