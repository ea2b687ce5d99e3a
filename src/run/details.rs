//! What line edits have to tell of a line, with the other lines on which it rests.

use std::io;

use super::ruled::{Ruled, row};
use super::spool::Batch;
use crate::engine::{Adjudicator, EditNote, FIRST_PAST, LineState, RelatedLine};
use crate::rules::FindingSet;

impl Ruled<'_> {
    /// What the line's findings have to tell: its own, then its edits'.
    pub(super) fn tell(&self, own: &[u8], notes: &[EditNote], batch: &Batch, detail: &mut Vec<u8>) -> io::Result<()> {
        detail.clear();
        detail.extend_from_slice(own);
        // Most lie in the same batch.
        let here = batch.first..batch.first + batch.lines;
        for note in notes {
            let related = |other: u32| {
                let state = if here.contains(&other) { self.lines.spool.state(batch, other)? } else { None };
                let Some(state) = state else { return self.related(other, batch.file) };
                Ok(self.related_in(batch, &state, other, batch.file))
            };
            let other = note.evidence.other.map(related).transpose()?;
            note.write(other.as_ref(), detail);
        }
        Ok(())
    }

    /// Another line of the run, for words on a line of the file `beside`.
    pub(super) fn related(&self, other: u32, beside: usize) -> io::Result<RelatedLine> {
        if other >= FIRST_PAST {
            let past = self.lines.past.related(other, self.index());
            return past.ok_or_else(|| io::ErrorKind::NotFound.into());
        }
        let Some((batch, state)) = self.find(other)? else {
            return Ok(RelatedLine { procedure: None, decided_by: "", place: String::new() });
        };
        Ok(self.related_in(batch, &state, other, beside))
    }

    /// A line of this batch, for the same.
    fn related_in(&self, batch: &Batch, state: &LineState, other: u32, beside: usize) -> RelatedLine {
        let mut findings = state.findings;
        for note in batch.notes_of(other) {
            findings.insert(note.rule);
        }
        RelatedLine {
            procedure: self.index().entry(state.procedure()).map(|entry| entry.code),
            decided_by: decided_by(self.adjudicator, findings, state),
            place: self.place(batch, state, beside),
        }
    }

    /// Where a line stands, for words on a line of the file `beside`.
    pub(super) fn place(&self, batch: &Batch, state: &LineState, beside: usize) -> String {
        let mut number = itoa::Buffer::new();
        let place = ["row ", number.format(row(batch, state))].concat();
        if batch.file == beside { place } else { [&place, " of ", self.file_name(batch.file)].concat() }
    }
}

/// Takes the notes of a line, which the first of these are, if it has any.
#[inline]
pub(super) fn own_notes<'n>(notes: &mut &'n [EditNote], number: u32) -> &'n [EditNote] {
    if notes.first().is_none_or(|note| note.line != number) {
        return &[];
    }
    let (own, rest) = notes.split_at(notes.iter().take_while(|note| note.line == number).count());
    *notes = rest;
    own
}

/// The rule that decides a line with these findings.
pub(super) fn decided_by(adjudicator: &Adjudicator, findings: FindingSet, state: &LineState) -> &'static str {
    findings.deciding_rule(&adjudicator.weights_on(state.waiver)).map_or("", |rule| rule.rule().code)
}
