//! The reading half of a run: batches in, judged lines and rejects out.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write as _};

use rayon::ThreadPool;

use super::checkpoint::{Checkpoint, blocks};
use super::feed::{Done, Feed, Job, work};
use super::lane::Lanes;
use super::lines::{JudgedLines, Lines};
use super::ordered::in_order;
use super::shadow::{JudgedShadow, Shadow, ShadowLines};
use super::watched::Watched;
use super::worker::BatchOutcome;
use super::{InputOutcome, Observer, RowCounts, RunError, RunSettings};
use crate::digest::{Digesting, Part};
use crate::engine::Adjudicator;
use crate::input::InputError;
use crate::report::{FileRecord, RejectWriter, RunFolder};

/// All that the reading half leaves.
pub(super) struct Reading {
    /// Lines in scope, in the run's order.
    pub(super) lanes: Lanes<JudgedLines, JudgedShadow>,
    /// What became of each input.
    pub(super) inputs: Vec<InputOutcome>,
    /// Rejected rows by column and reason.
    pub(super) reasons: BTreeMap<(String, String), u64>,
    /// The rejects file.
    pub(super) rejects: FileRecord,
    /// What became of the rows under the shadow's policies.
    pub(super) shadow_counts: RowCounts,
}

/// Reads every input, and judges again what only the whole run can tell.
pub(super) fn read_all(
    mut checkpoint: Option<Checkpoint>,
    settings: &RunSettings,
    adjudicator: &Adjudicator,
    folder: &RunFolder,
    pool: &ThreadPool,
    observer: &mut dyn Observer,
) -> Result<Reading, RunError> {
    let watched = match &checkpoint {
        Some(checkpoint) => checkpoint.watched().clone(),
        None => Watched::new(&settings.inputs)?,
    };
    let stored = checkpoint.as_mut().map(Checkpoint::take_stored).unwrap_or_default();
    let known: Vec<usize> = stored.keys().copied().collect();
    let mut feed = Feed::new(settings, stored)?.digesting_beside_rows();
    let mut collector = Collector::new(settings, folder)?;
    let spent = feed.spent();
    let keeps = checkpoint.is_some();
    in_order(
        pool,
        || feed.draw(),
        |job| {
            let keeps = keeps && !matches!(job, Job::Stored { .. });
            let done = work(job, adjudicator, settings, &spent)?;
            // Made here, where several are at it.
            let kept = if keeps { blocks(&done, adjudicator.overrides()) } else { Vec::new() };
            Ok((done, kept))
        },
        |(done, kept)| {
            // Whatever was read of the file has been handed over before its end is.
            let ended = if let Done::Ended { file, .. } = done { Some(file) } else { None };
            collector.take(done, observer)?;
            let ended = ended.and_then(|file| Some((file, collector.inputs.get(file)?)));
            if let Some((file, input)) = ended {
                watched.check(&settings.inputs, file, input, settings.digest)?;
            }
            let Some(checkpoint) = &mut checkpoint else { return Ok(()) };
            checkpoint.add(&kept)?;
            match ended {
                Some((file, input)) if known.binary_search(&file).is_err() => {
                    // What exceeds the number of combinations is nowhere in the lines.
                    adjudicator.overrides().check()?;
                    checkpoint.finish(input, file)
                }
                _ => Ok(()),
            }
        },
    )?;
    collector.finish(&Lanes::of(adjudicator, settings), pool)
}

struct Collector {
    lines: Lanes<Lines, ShadowLines>,
    inputs: Vec<InputOutcome>,
    reasons: BTreeMap<(String, String), u64>,
    shadow_counts: RowCounts,
    rejects: RejectWriter<BufWriter<Digesting<std::fs::File>>>,
    rejects_path: std::path::PathBuf,
    /// Parts of the digest of the file that is being read.
    parts: Vec<Part>,
    bytes: u64,
    rows: u64,
}

impl Collector {
    fn new(settings: &RunSettings, folder: &RunFolder) -> Result<Self, RunError> {
        let inputs = settings.inputs.iter().map(|input| InputOutcome {
            name: input.name.clone(),
            digest: String::new(),
            bytes: 0,
            counts: RowCounts::default(),
        });
        let (rejects_path, file) = folder.create("rejects.csv")?;
        let output = |source| RunError::Output { path: rejects_path.clone(), source };
        let rejects = RejectWriter::new(BufWriter::new(Digesting::new(file, settings.digest))).map_err(output)?;
        let rejects = rejects.spreadsheet_safe(settings.spreadsheet_safe);
        Ok(Self {
            lines: Lanes::of_run(settings, folder.staging()),
            inputs: inputs.collect(),
            reasons: BTreeMap::new(),
            shadow_counts: RowCounts::default(),
            rejects,
            rejects_path,
            parts: Vec::new(),
            bytes: 0,
            rows: 0,
        })
    }

    fn take(&mut self, done: Done, observer: &mut dyn Observer) -> Result<(), RunError> {
        match done {
            Done::Rows { outcomes, stored, parts } => {
                self.parts.extend(parts);
                self.bytes += stored;
                for outcome in outcomes {
                    self.rows += outcome.counts().rows;
                    self.take_rows(outcome)?;
                }
                observer.reading(self.bytes, self.rows);
            }
            Done::Part(part) => self.parts.extend(part),
            Done::Ended { file, digest, bytes } => {
                let parts = std::mem::take(&mut self.parts);
                if let Some(input) = self.inputs.get_mut(file) {
                    input.digest = digest.finish(parts);
                    input.bytes = bytes;
                }
            }
        }
        Ok(())
    }

    fn take_rows(&mut self, mut outcome: BatchOutcome) -> Result<(), RunError> {
        let Some(input) = self.inputs.get_mut(outcome.file) else { return Ok(()) };
        let before = input.counts.rows;
        input.counts = input.counts.plus(outcome.counts());
        let limit = u64::from(u32::MAX);
        if input.counts.rows > limit {
            return Err(InputError::TooManyRows { path: input.name.clone(), limit }.into());
        }
        if let Some(shadow) = &outcome.lanes.shadow {
            self.shadow_counts = self.shadow_counts.plus(shadow.counts);
        }
        self.lines.take(&mut outcome, before)?;
        let path = &self.rejects_path;
        let output = |source| RunError::Output { path: path.clone(), source };
        for reject in outcome.rejects {
            let column = reject.column.map(|column| column.to_string()).unwrap_or_default();
            self.rejects
                .write(&input.name, before + reject.row, &column, &reject.reason, &reject.text)
                .map_err(output)?;
            *self.reasons.entry((column, reject.reason)).or_default() += 1;
        }
        Ok(())
    }

    fn finish(self, judges: &Lanes<&Adjudicator, &Shadow>, pool: &ThreadPool) -> Result<Reading, RunError> {
        let output = |source| RunError::Output { path: self.rejects_path.clone(), source };
        let writer = self.rejects.finish().map_err(output)?;
        let digesting = writer.into_inner().map_err(|error| output(error.into_error()))?;
        let (mut file, digest, bytes) = digesting.finish();
        file.flush().map_err(output)?;
        self.lines.own.check_inputs(&self.inputs)?;
        let lanes = self.lines.rejudged(judges, pool)?;
        let mut inputs = self.inputs;
        for one in &lanes.own.superseded.lines {
            let file = lanes.own.spool.batch_of(one.line).and_then(|batch| inputs.get_mut(batch.file));
            if let Some(input) = file {
                input.counts.decided -= 1;
                input.counts.superseded += 1;
            }
        }
        let mut shadow_counts = self.shadow_counts;
        let superseded = lanes.shadow.as_ref().map_or(0, |shadow| shadow.superseded);
        shadow_counts.decided -= superseded;
        shadow_counts.superseded += superseded;
        Ok(Reading {
            lanes,
            inputs,
            reasons: self.reasons,
            rejects: FileRecord { name: "rejects.csv".to_owned(), digest, bytes },
            shadow_counts,
        })
    }
}
