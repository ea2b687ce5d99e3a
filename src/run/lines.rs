//! The decided lines of a run, and what only all of them can tell.

use std::path::Path;

use rayon::ThreadPool;

use super::history::{HistoryRun, Kept, Past};
use super::lane::{LaneOutcome, Lanes};
use super::shadow::{JudgedShadow, Shadow, ShadowLines};
use super::spool::{HeldBatch, Spool};
use super::worker::BatchOutcome;
use super::{InputOutcome, RunError, RunSettings};
use crate::digest::DigestKind;
use crate::engine::{
    Adjudicator, FIRST_PAST, FinalActions, LineEdits, PackedBatch, SessionStretch, Stretches, Superseded, VersionNote,
};

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

impl Lanes<Lines, ShadowLines> {
    /// None yet. What does not fit into memory goes to files in `folder`.
    pub(super) fn of_run(settings: &RunSettings, folder: &Path) -> Self {
        let has_shadow = settings.shadow.is_some();
        let memory = if has_shadow { settings.memory_bytes / 2 } else { settings.memory_bytes };
        let shadow = has_shadow.then(|| ShadowLines::new(&settings.history, memory, folder));
        Self { own: Lines::new(settings, memory, folder), shadow }
    }

    /// Takes the lines of the next batch, before which so many rows of its file
    /// stand.
    pub(super) fn take(&mut self, outcome: &mut BatchOutcome, rows_before: u64) -> Result<(), RunError> {
        let rows_before = u32::try_from(rows_before).unwrap_or(u32::MAX);
        let place = (outcome.file, rows_before);
        if let (Some(lines), Some(batch)) = (&mut self.shadow, &mut outcome.lanes.shadow) {
            lines.take(std::mem::take(batch), self.own.spool.lines(), place)?;
        }
        self.own.take(&mut outcome.lanes.own, &mut outcome.versions, place)
    }

    /// Judges again what only the whole run can tell.
    pub(super) fn rejudged(
        self,
        judges: &Lanes<&Adjudicator, &Shadow>,
        pool: &ThreadPool,
    ) -> Result<Lanes<JudgedLines, JudgedShadow>, RunError> {
        let Self { own, shadow } = self;
        let asked = shadow.zip(judges.shadow).map(|(lines, shadow)| {
            let asked = pool.install(|| lines.ask(&own.stretches, &own.actions.versions, shadow))?;
            Ok::<_, RunError>((asked, shadow))
        });
        let asked = asked.transpose()?;
        let own = own.rejudged(judges.own, pool)?;
        let shadow = asked.map(|(asked, shadow)| asked.judge(&own, shadow, pool)).transpose()?;
        Ok(Lanes { own, shadow })
    }
}

impl Lines {
    fn new(settings: &RunSettings, memory: usize, folder: &Path) -> Self {
        Self {
            spool: Spool::new(memory, folder),
            stretches: Stretches::default(),
            actions: FinalActions::default(),
            history: settings.history.clone(),
            memory,
            digest: settings.digest,
            keep: settings.keep_history,
        }
    }

    fn take(
        &mut self,
        lane: &mut LaneOutcome,
        versions: &mut Vec<VersionNote>,
        (file, rows_before): (usize, u32),
    ) -> Result<(), RunError> {
        let limit = u64::from(FIRST_PAST);
        let first = self.spool.lines();
        if u64::from(first) + lane.lines.states.len() as u64 > limit {
            return Err(RunError::TooManyLines { limit });
        }
        let PackedBatch { states, sessions, claims } = std::mem::take(&mut lane.lines);
        self.stretches.take(&sessions, &claims, first);
        self.actions.take(versions, &mut lane.payments, first, file, rows_before);
        let batch = HeldBatch {
            states,
            held: std::mem::take(&mut lane.held),
            notes: std::mem::take(&mut lane.notes),
            file,
            rows_before,
        };
        let kept = if self.keep { self.stretches.sessions.len() * size_of::<SessionStretch>() } else { 0 };
        self.spool.push(batch, self.stretches.bytes() + self.actions.bytes() + kept)
    }

    /// Refuses inputs that an earlier run has read.
    pub(super) fn check_inputs(&self, inputs: &[InputOutcome]) -> Result<(), RunError> {
        self.history.iter().try_for_each(|run| Ok(run.check_inputs(inputs, self.digest)?))
    }

    /// Judges again the sessions and claims whose lines lie apart: then the lines
    /// are ready to be written.
    fn rejudged(self, adjudicator: &Adjudicator, pool: &ThreadPool) -> Result<JudgedLines, RunError> {
        adjudicator.overrides().check()?;
        let edits = LineEdits::new(adjudicator);
        let Self { history, stretches, actions, .. } = &self;
        let past = Past::of_runs(history, adjudicator, &stretches.sessions, &actions.versions, self.memory)?;
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
