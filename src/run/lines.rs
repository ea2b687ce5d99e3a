//! The decided lines of a run, and what only all of them can tell.

use std::path::Path;

use rayon::ThreadPool;

use super::history::{HistoryRun, Kept, Past, PastReader};
use super::spool::{HeldBatch, Spool};
use super::worker::BatchOutcome;
use super::{InputOutcome, RunError, RunSettings};
use crate::digest::DigestKind;
use crate::engine::{Adjudicator, FIRST_PAST, FinalActions, LineEdits, SessionStretch, Stretches, Superseded};

/// Lines in scope, in the run's order, as long as more of them come.
pub(super) struct Lines {
    spool: Spool,
    /// Where stretches of their sessions and claims begin.
    stretches: Stretches,
    /// What they say of the versions of their claims.
    actions: FinalActions,
    /// Earlier runs whose lines take part.
    history: Vec<HistoryRun>,
    memory: usize,
    digest: DigestKind,
    /// Whether later runs may ask for these lines.
    keep: bool,
}

/// The lines of a run, ready to be written.
pub(super) struct JudgedLines {
    pub(super) spool: Spool,
    /// Those of them that are not judged.
    pub(super) superseded: Superseded,
    /// Lines of earlier runs that they rest on.
    pub(super) past: Past,
    /// What later runs need of them.
    pub(super) kept: Option<Kept>,
}

impl Lines {
    /// None yet. What does not fit into memory goes to a file in `folder`.
    pub(super) fn new(settings: &RunSettings, folder: &Path) -> Self {
        Self {
            spool: Spool::new(settings.memory_bytes, folder),
            stretches: Stretches::default(),
            actions: FinalActions::default(),
            history: settings.history.clone(),
            memory: settings.memory_bytes,
            digest: settings.digest,
            keep: settings.keep_history,
        }
    }

    /// Takes the lines of the next batch, before which so many rows of its file
    /// stand.
    pub(super) fn take(&mut self, outcome: &mut BatchOutcome, rows_before: u64) -> Result<(), RunError> {
        let limit = u64::from(FIRST_PAST);
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
        let kept = if self.keep { self.stretches.sessions.len() * size_of::<SessionStretch>() } else { 0 };
        self.spool.push(batch, self.stretches.bytes() + self.actions.bytes() + kept)
    }

    /// Refuses inputs that an earlier run has read.
    pub(super) fn check_inputs(&self, inputs: &[InputOutcome]) -> Result<(), RunError> {
        self.history.iter().try_for_each(|run| Ok(run.check_inputs(inputs, self.digest)?))
    }

    /// Lines of earlier runs that stand in the sessions of these.
    fn past(&self, adjudicator: &Adjudicator) -> Result<Past, RunError> {
        if self.history.is_empty() {
            return Ok(Past::default());
        }
        let mut reader = PastReader::new(adjudicator.index(), &self.stretches.sessions, self.memory);
        self.history.iter().try_for_each(|run| reader.read(run))?;
        reader.finish((!adjudicator.options().as_received).then_some(&self.actions.versions))
    }

    /// Judges again the sessions and claims whose lines lie apart: then the lines
    /// are ready to be written.
    pub(super) fn rejudged(self, adjudicator: &Adjudicator, pool: &ThreadPool) -> Result<JudgedLines, RunError> {
        adjudicator.overrides().check()?;
        let edits = LineEdits::new(adjudicator);
        let past = self.past(adjudicator)?;
        let kept = self
            .keep
            .then(|| Kept { sessions: self.stretches.sessions.clone(), versions: self.actions.versions.clone() });
        let Self { mut spool, mut stretches, actions, .. } = self;
        spool.settle()?;
        let superseded = actions.settle(|see| spool.each_state(see))?;
        superseded.judge_again(&mut stretches);
        spool.supersede(&superseded.lines)?;
        pool.install(|| {
            let fetch = |first, lines: &mut Vec<_>, begins: fn(&_) -> bool| spool.fetch(first, lines, begins);
            let rejudged = edits.rejudge(&mut stretches, &past.lines, fetch)?;
            drop(stretches);
            spool.apply(&rejudged);
            Ok(JudgedLines { spool, superseded, past, kept })
        })
    }
}
