//! What line edits have to tell of a line, with the other lines on which it rests.

use std::io;

use super::ruled::{Ruled, row};
use super::spool::Batch;
use crate::engine::{EditNote, FIRST_PAST, RelatedLine};

impl Ruled<'_> {
    /// What the line's findings have to tell: its own, then its edits'.
    pub(super) fn tell(&self, own: &[u8], notes: &[EditNote], batch: &Batch, detail: &mut Vec<u8>) -> io::Result<()> {
        detail.clear();
        detail.extend_from_slice(own);
        for note in notes {
            let other = note.evidence.other.map(|other| self.related(other, batch)).transpose()?;
            let words = note.describe(other.as_ref());
            if !detail.is_empty() && !words.is_empty() {
                detail.extend_from_slice(b"; ");
            }
            detail.extend_from_slice(words.as_bytes());
        }
        Ok(())
    }

    /// Another line of the run, for words on a line of the batch `beside`.
    fn related(&self, other: u32, beside: &Batch) -> io::Result<RelatedLine> {
        if other >= FIRST_PAST {
            let past = self.lines.past.related(other, self.index());
            return past.ok_or_else(|| io::ErrorKind::NotFound.into());
        }
        let Some((batch, state)) = self.find(other)? else {
            return Ok(RelatedLine { procedure: None, decided_by: "", place: String::new() });
        };
        let mut findings = state.findings;
        let start = batch.notes.partition_point(|note| note.line < other);
        let notes = batch.notes.iter().skip(start).take_while(|note| note.line == other);
        notes.for_each(|note| findings.insert(note.rule));
        let mut number = itoa::Buffer::new();
        let place = ["row ", number.format(row(batch, &state))].concat();
        Ok(RelatedLine {
            procedure: self.index().entry(state.procedure()).map(|entry| entry.code),
            decided_by: findings
                .deciding_rule(&self.adjudicator.weights_on(state.waiver))
                .map_or("", |rule| rule.rule().code),
            place: if batch.file == beside.file {
                place
            } else {
                [&place, " of ", self.file_name(batch.file)].concat()
            },
        })
    }
}
