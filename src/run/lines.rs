//! The decided lines of a run, and what only all of them can tell.

use std::path::Path;

use rayon::ThreadPool;

use super::spool::{HeldBatch, Spool};
use super::worker::BatchOutcome;
use super::{RunError, RunSettings};
use crate::engine::{Adjudicator, FinalActions, LineEdits, Stretches, Superseded};

/// Lines in scope, in the run's order, as long as more of them come.
pub(super) struct Lines {
    spool: Spool,
    /// Where stretches of their sessions and claims begin.
    stretches: Stretches,
    /// What they say of the versions of their claims.
    actions: FinalActions,
}

/// The lines of a run, ready to be written.
pub(super) struct JudgedLines {
    pub(super) spool: Spool,
    /// Those of them that are not judged.
    pub(super) superseded: Superseded,
}

impl Lines {
    /// None yet. What does not fit into memory goes to a file in `folder`.
    pub(super) fn new(settings: &RunSettings, folder: &Path) -> Self {
        Self {
            spool: Spool::new(settings.memory_bytes, folder),
            stretches: Stretches::default(),
            actions: FinalActions::default(),
        }
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
        let rows_before = u32::try_from(rows_before).unwrap_or(u32::MAX);
        self.actions.take(&mut outcome.versions, &mut outcome.payments, first, outcome.file, rows_before);
        let batch = HeldBatch {
            states: std::mem::take(&mut outcome.lines.lines),
            held: std::mem::take(&mut outcome.held),
            notes: std::mem::take(&mut outcome.notes),
            file: outcome.file,
            rows_before,
        };
        self.spool.push(batch, self.stretches.bytes() + self.actions.bytes())
    }

    /// Judges again the sessions and claims whose lines lie apart: then the lines
    /// are ready to be written.
    pub(super) fn rejudged(self, adjudicator: &Adjudicator, pool: &ThreadPool) -> Result<JudgedLines, RunError> {
        adjudicator.overrides().check()?;
        let edits = LineEdits::new(adjudicator);
        let Self { mut spool, mut stretches, actions } = self;
        spool.settle()?;
        let superseded = actions.settle(|see| spool.each_state(see))?;
        superseded.judge_again(&mut stretches);
        spool.supersede(&superseded.lines)?;
        pool.install(|| {
            let rejudged = edits.rejudge(&mut stretches, |first, lines, begins| spool.fetch(first, lines, begins))?;
            drop(stretches);
            spool.apply(&rejudged);
            Ok(JudgedLines { spool, superseded })
        })
    }
}
