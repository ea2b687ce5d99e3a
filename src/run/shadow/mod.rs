//! A run that decides every line a second time, by other policies: what would become of
//! the lines, beside what does.
//!
//! Of the second time only what differs is kept: lines that come to something else by
//! themselves (`lane`, `lines`) lie over the run's own, and the sessions and claims that have
//! such lines are judged again when the whole run is known. All other lines are the same.
//! When the run's own lines are written, both are met side by side (`beside`).

mod account;
mod beside;
mod judged;
mod lane;
mod lines;
mod numbers;
mod stored;
mod twins;

#[cfg(test)]
mod twins_tests;

use std::io;

use rayon::prelude::*;

use super::rows_file::RowsFile;
use super::spares::Spares;
use super::spool::Batch;
use super::{RowCounts, RunError, RunSettings};
use crate::report::comparison::{ChangedSample, ChangesWriter, Comparer, Comparison, PairOutcomes};
use crate::report::{Outcomes, RunFolder, WorkerSums};

pub(super) use beside::{ComparingDesk, OwnLine, paid};
pub(super) use judged::{JudgedShadow, RuledShadow};
pub(super) use lane::{ShadowBatch, ShadowDesk, ShadowLane};
pub(super) use lines::ShadowLines;
pub use twins::Shadow;

/// What became of the lines under the shadow's policies.
#[derive(Debug)]
pub struct ShadowOutcome {
    /// Every line, as the run decided it (A) and as the shadow did (B).
    pub comparison: Comparison,
    /// Changed lines that a page has room for.
    pub sample: ChangedSample,
    /// What became of the rows under the shadow's policies.
    pub counts: RowCounts,
}

impl ShadowOutcome {
    /// The file of changed lines in a run folder.
    pub const CHANGES: &str = "shadow-changes.csv";
    /// The figures in a run folder.
    pub const FIGURES: &str = "shadow.json";
    /// The page in a run folder.
    pub const PAGE: &str = "shadow.html";
}

/// What the workers have compared.
#[derive(Default)]
pub(super) struct Compared {
    comparer: Comparer,
    sample: ChangedSample,
}

impl Compared {
    /// Adds what a worker has met, whose outcomes and sums of the run's own lines are given.
    pub(super) fn add(&mut self, desk: ComparingDesk<'_>, own: &Outcomes<'_>, sums: &WorkerSums) {
        let outcomes = PairOutcomes { own, over: &desk.over, again: &desk.again };
        desk.account.pairs.add_to(outcomes, sums, &mut self.comparer);
        self.sample.merge(desk.account.sample);
    }

    /// Adds the shadow's batches of which the run itself has no lines.
    pub(super) fn add_alone(&mut self, shadow: &RuledShadow<'_>, own: &[Batch]) -> io::Result<()> {
        let desks: Spares<ComparingDesk<'_>> = Spares::default();
        shadow.lines.spool.batches().par_iter().try_for_each(|batch| {
            if own.binary_search_by_key(&batch.place(), Batch::place).is_ok() {
                return Ok(());
            }
            let mut desk = desks.take();
            desk.alone(shadow, batch)?.rest();
            desks.give(desk);
            io::Result::Ok(())
        })?;
        desks.into_inner().into_iter().for_each(|desk| self.add(desk, &Outcomes::default(), &WorkerSums::default()));
        Ok(())
    }

    /// All of it.
    pub(super) fn finish(self, counts: RowCounts) -> ShadowOutcome {
        ShadowOutcome { comparison: self.comparer.finish(), sample: self.sample, counts }
    }
}

/// The file of changed lines, with its header.
pub(super) fn changes_file(settings: &RunSettings, folder: &RunFolder) -> Result<RowsFile, RunError> {
    let header = ChangesWriter::new(Vec::new(), settings.spreadsheet_safe).and_then(ChangesWriter::finish);
    let header = header.map_err(|source| RunError::Output { path: ShadowOutcome::CHANGES.into(), source })?;
    RowsFile::new(ShadowOutcome::CHANGES, &header, settings, folder)
}
