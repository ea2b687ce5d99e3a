//! The inputs of a run as a sequence of batches.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

pub(super) use self::digests::digested;
use super::checkpoint::{Block, FinishedInputs, OpenStored, restored};
use super::lane::Lanes;
use super::spares::Spares;
use super::worker::{BatchOutcome, Desk, Worker};
use super::{RunError, RunSettings};
use crate::digest::Part;
use crate::engine::Adjudicator;
use crate::input::csv::{Chunk, CsvFile, CsvOptions, FileDigest, Records};
use crate::input::parquet::{ParquetFile, Share};
use crate::input::{ColumnMap, InputError, InputFile, InputFormat, RowReader};

/// How one input is read: what was detected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileReading {
    /// Its name, as given.
    pub name: String,
    /// Its format.
    pub format: InputFormat,
    /// The delimiter of a CSV input.
    pub delimiter: Option<u8>,
    /// Where its columns stand.
    pub map: ColumnMap,
}

/// One piece of work of the reading half.
pub(super) enum Job {
    /// A chunk of a CSV file, and how many bytes of it, as stored, were read for
    /// it.
    Csv { file: usize, how: Arc<FileReading>, chunk: Chunk, stored: u64 },
    /// A row group of a Parquet file, and its share of the file's digest, where it has one.
    Parquet { file: usize, parquet: Arc<ParquetFile>, group: usize, share: Option<Share> },
    /// A part of a Parquet file, which is not read from end to end, for its
    /// digest.
    Part { input: Arc<(InputFile, File)>, offset: u64, length: u64 },
    /// The first part of such a file, behind all others, its length, and the file's size.
    First { file: usize, input: Arc<(InputFile, File)>, length: u64, bytes: u64 },
    /// The whole of such a file, for a digest that has no parts.
    Whole { file: usize, input: InputFile },
    /// A batch of a file that an earlier run has finished, and how many bytes of the file
    /// are spared by that.
    Stored { file: usize, block: Block, stored: u64 },
    /// A file has been read to its end.
    Ended { file: usize, digest: FileDigest, bytes: u64 },
}

/// What a job came to.
pub(super) enum Done {
    /// Rows, how many bytes of the input as stored they took, and their parts of
    /// its digest.
    Rows { outcomes: Vec<BatchOutcome>, stored: u64, parts: Vec<Part> },
    /// The next part of a file's digest.
    Part(Option<Part>),
    /// A file's digest and size.
    Ended { file: usize, digest: FileDigest, bytes: u64 },
}

/// Draws jobs from the inputs, in order.
pub(super) struct Feed<'a> {
    settings: &'a RunSettings,
    next_file: usize,
    open: Option<OpenCsv>,
    queued: VecDeque<Job>,
    /// Standard input cannot be opened twice: it is kept from the check.
    stdin: Option<CsvFile>,
    /// What an earlier run has finished, by the files' places, and what is read of it.
    finished: FinishedInputs,
    stored: Option<OpenStored>,
    spent: Arc<Spent>,
    /// Whether those who read the groups of a Parquet file digest it as well.
    beside_rows: bool,
}

/// What may be used again: chunks that have been decided, and the desks of
/// workers between two batches.
#[derive(Default)]
pub(super) struct Spent {
    chunks: Spares<Chunk>,
    desks: Spares<Desk>,
}

impl Spent {
    /// Keeps the memory of a chunk for another, but not that of one that grew far
    /// beyond the others for a long record.
    pub(super) fn keep(&self, chunk: Chunk, settings: &RunSettings) {
        if chunk.memory() / 4 <= settings.batch_bytes {
            self.chunks.give(chunk);
        }
    }
}

/// How many lines of a row group are read and judged at a time: a group has so many that
/// they would not stay in a core's cache from the one to the other.
pub(super) const BATCH_LINES: usize = 1 << 13;

struct OpenCsv {
    file: usize,
    csv: CsvFile,
    how: Arc<FileReading>,
}

fn open(input: &InputFile, settings: &RunSettings) -> Result<CsvFile, InputError> {
    let RunSettings { delimiter, batch_bytes, digest, unpack_ratio, .. } = *settings;
    let options = CsvOptions { delimiter, chunk_bytes: batch_bytes, digest };
    Ok(CsvFile::open(input, &settings.layout, options)?.with_unpack_ratio(unpack_ratio))
}

impl<'a> Feed<'a> {
    /// Checks every input's header, so that a run that cannot end well does not
    /// begin. What an earlier run has finished is not opened.
    pub(super) fn new(settings: &'a RunSettings, finished: FinishedInputs) -> Result<Self, InputError> {
        let mut stdin = None;
        for (_, input) in settings.inputs.iter().enumerate().filter(|(file, _)| !finished.contains_key(file)) {
            match input.format {
                InputFormat::Csv => {
                    let csv = open(input, settings)?;
                    if input.is_stdin() {
                        stdin = Some(csv);
                    }
                }
                InputFormat::Parquet => drop(ParquetFile::open(input, &settings.layout)?),
            }
        }
        let (queued, spent) = (VecDeque::new(), Arc::default());
        Ok(Self {
            settings,
            next_file: 0,
            open: None,
            queued,
            stdin,
            finished,
            stored: None,
            spent,
            beside_rows: false,
        })
    }

    /// Lets whoever reads a group of a Parquet file digest what it reads.
    pub(super) fn digesting_beside_rows(self) -> Self {
        Self { beside_rows: true, ..self }
    }

    /// Where to put buffers that are done with.
    pub(super) fn spent(&self) -> Arc<Spent> {
        Arc::clone(&self.spent)
    }

    /// The next job.
    pub(super) fn draw(&mut self) -> Result<Option<Job>, RunError> {
        loop {
            if let Some(job) = self.queued.pop_front() {
                return Ok(Some(job));
            }
            if let Some(open) = &mut self.open {
                let before = open.csv.stored_bytes_read();
                let spent = self.spent.chunks.take();
                if let Some(chunk) = open.csv.next_chunk(spent)? {
                    let stored = open.csv.stored_bytes_read() - before;
                    return Ok(Some(Job::Csv { file: open.file, how: Arc::clone(&open.how), chunk, stored }));
                }
                if let Some(open) = self.open.take() {
                    let (digest, bytes) = open.csv.finish()?;
                    return Ok(Some(Job::Ended { file: open.file, digest, bytes }));
                }
            }
            if let Some(stored) = &mut self.stored {
                let job = stored.next_job()?;
                self.stored.take_if(|_| matches!(job, Job::Ended { .. }));
                return Ok(Some(job));
            }
            let Some(input) = self.settings.inputs.get(self.next_file) else { return Ok(None) };
            self.open_next(input)?;
        }
    }

    fn open_next(&mut self, input: &InputFile) -> Result<(), RunError> {
        let file = self.next_file;
        self.next_file += 1;
        if let Some(input) = self.finished.remove(&file) {
            self.stored = Some(input.open(file)?);
            return Ok(());
        }
        match input.format {
            InputFormat::Csv => {
                let csv = match self.stdin.take_if(|_| input.is_stdin()) {
                    Some(csv) => csv,
                    None => open(input, self.settings)?,
                };
                let how = Arc::new(FileReading {
                    name: input.name.clone(),
                    format: input.format,
                    delimiter: Some(csv.delimiter()),
                    map: csv.map().clone(),
                });
                self.open = Some(OpenCsv { file, csv, how });
            }
            InputFormat::Parquet => {
                let parquet = Arc::new(ParquetFile::open(input, &self.settings.layout)?);
                let shares = parquet.shares().filter(|_| self.beside_rows && self.has_parts(parquet.size()));
                let mut share = shares.clone().into_iter().flatten();
                self.queued.extend((0..parquet.groups()).map(|group| Job::Parquet {
                    file,
                    parquet: Arc::clone(&parquet),
                    group,
                    share: share.next(),
                }));
                // What the rows are read from, whatever may have come to stand in its place.
                let open = parquet.handle().map_err(|error| InputError::io(&input.name, error))?;
                self.queue_digest(file, input, (open, parquet.size()), shares.is_some());
            }
        }
        Ok(())
    }
}

/// Does a job: the work of a reading thread.
pub(super) fn work(
    job: Job,
    adjudicator: &Adjudicator,
    settings: &RunSettings,
    spent: &Spent,
) -> Result<Done, RunError> {
    Ok(match job {
        Job::Csv { file, how, chunk, stored } => {
            // First, since the bytes are still in the cache.
            let parts = chunk.parts();
            let mut worker = Worker::new(adjudicator, settings, file, spent.desks.take());
            let reader = RowReader::new(&how.map);
            Records::new(how.delimiter.unwrap_or(b','), how.map.width, &reader).visit(&chunk, &mut worker);
            spent.keep(chunk, settings);
            let (outcome, desk) = worker.finish();
            spent.desks.give(desk);
            Done::Rows { outcomes: vec![outcome], stored, parts }
        }
        Job::Parquet { file, parquet, group, share } => {
            let lanes = Lanes::of(adjudicator, settings);
            let mut rows = parquet.group(group, &|procedure| lanes.speak_of(procedure), share)?;
            let reader = RowReader::new(parquet.map());
            let mut outcomes = Vec::new();
            let mut desk = spent.desks.take();
            while let Some(batch) = rows.read(BATCH_LINES)? {
                let mut worker = Worker::new(adjudicator, settings, file, desk);
                worker.see_batch(batch, &reader);
                let (outcome, spent) = worker.finish();
                outcomes.push(outcome);
                desk = spent;
            }
            spent.desks.give(desk);
            Done::Rows { outcomes, stored: parquet.group_bytes(group), parts: rows.parts()? }
        }
        Job::Stored { file, block, stored } => {
            let outcome = restored(&block, file, adjudicator.overrides(), settings.shadow.is_some())?;
            Done::Rows { outcomes: vec![outcome], stored, parts: Vec::new() }
        }
        job => return digested(job, settings),
    })
}

mod digests;

#[cfg(test)]
mod tests;
