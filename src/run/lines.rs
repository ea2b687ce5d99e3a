//! The decided lines of a run, and what only all of them can tell.

use std::path::Path;

use rayon::ThreadPool;

use super::spool::{HeldBatch, Spool};
use super::worker::BatchOutcome;
use super::{RunError, RunSettings};
use crate::engine::{Adjudicator, LineEdits, Stretches};

/// Lines in scope, in the run's order, as long as more of them come.
pub(super) struct Lines {
    spool: Spool,
    /// Where stretches of their sessions and claims begin.
    stretches: Stretches,
}

impl Lines {
    /// None yet. What does not fit into memory goes to a file in `folder`.
    pub(super) fn new(settings: &RunSettings, folder: &Path) -> Self {
        Self { spool: Spool::new(settings.memory_bytes, folder), stretches: Stretches::default() }
    }

    /// Takes the lines of the next batch, before which so many rows of its file
    /// stand.
    pub(super) fn take(&mut self, outcome: &mut BatchOutcome, rows_before: u64) -> Result<(), RunError> {
        let limit = u64::from(u32::MAX);
        let first = self.spool.lines();
        if u64::from(first) + outcome.lines.lines.len() as u64 > limit {
            return Err(RunError::TooManyLines { limit });
        }
        self.stretches.take(&mut outcome.lines, first);
        let batch = HeldBatch {
            states: std::mem::take(&mut outcome.lines.lines),
            held: std::mem::take(&mut outcome.held),
            notes: std::mem::take(&mut outcome.notes),
            file: outcome.file,
            rows_before: u32::try_from(rows_before).unwrap_or(u32::MAX),
        };
        self.spool.push(batch, self.stretches.bytes())
    }

    /// Judges again the sessions and claims whose lines lie apart: then the lines
    /// are ready to be written.
    pub(super) fn rejudged(self, adjudicator: &Adjudicator, pool: &ThreadPool) -> Result<Spool, RunError> {
        let edits = LineEdits::new(adjudicator.index(), adjudicator.weights());
        let Self { mut spool, mut stretches } = self;
        spool.settle()?;
        pool.install(|| {
            let rejudged = edits.rejudge(&mut stretches, |first, lines, begins| spool.fetch(first, lines, begins))?;
            drop(stretches);
            spool.apply(&rejudged);
            Ok(spool)
        })
    }
}
