//! A run: from input files to a run folder.
//!
//! ```text
//! files ─ batches ─ line or reject ─ draft ─┬─ state ── line edits ─┐
//!                                           └─ held (spool) ────────┴─ rows ─ decisions, summary
//! ```
//!
//! The first half passes over the input once, deciding each line by itself. What
//! only the whole run can tell is added when all is read. The second half goes
//! over the held lines and writes them out. Both halves work on many batches at a
//! time and hand their results over in order.

mod batch;
mod checkpoint;
mod context;
mod counts;
mod details;
mod feed;
mod finish;
mod gather;
mod held;
mod history;
mod lane;
mod lines;
mod look_back;
mod marks;
mod ordered;
mod outcomes;
mod preview;
mod read;
mod reject_limit;
mod rows_file;
mod ruled;
mod settings;
mod shadow;
mod spares;
mod spool;
mod stages;
mod superseded;
mod watched;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::engine::Adjudicator;
use crate::input::InputError;
use crate::overrides::TooManyWaivers;
use crate::place::advice;
use crate::report::{FileRecord, FolderError, RunFolder, Sample, Summary};

pub use checkpoint::{Checkpoint, Fingerprint, Remark};
pub use counts::RowCounts;
pub use feed::FileReading;
pub use gather::{Gathered, InScope, KeptLine, Wanted, gather};
pub use history::{HistoryCounts, HistoryError, HistoryRun};
pub use look_back::LookBack;
pub use preview::{Preview, PreviewRow, preview};
pub use reject_limit::{NoRejectLimit, RejectLimit};
pub use settings::{BATCH_BYTES, RunSettings, Select};
pub use shadow::{Shadow, ShadowOutcome};
pub use stages::{Pass, Stage, run_until};
pub(crate) use worker::UNCLOSED;

/// Told how far a run is. Called from the thread that called [`run`].
pub trait Observer {
    /// So many bytes of the inputs, as stored, have been read, and so many rows.
    fn reading(&mut self, bytes: u64, rows: u64);
    /// So many of so many lines in scope have been written.
    fn writing(&mut self, lines: u64, of: u64);
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn reading(&mut self, _: u64, _: u64) {}
    fn writing(&mut self, _: u64, _: u64) {}
}

/// What became of one input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputOutcome {
    /// Its name, as given.
    pub name: String,
    /// Its digest, in hexadecimal.
    pub digest: String,
    /// Its size in bytes, as stored.
    pub bytes: u64,
    /// Its rows.
    pub counts: RowCounts,
}

/// What a run came to. Its files stand in the folder, which is not yet in place.
#[derive(Debug)]
pub struct Outcome {
    /// Counts and dollars.
    pub summary: Summary,
    /// Flagged lines, drawn by chance.
    pub sample: Sample,
    /// The inputs.
    pub inputs: Vec<InputOutcome>,
    /// Decisions, rejects and sample, as written.
    pub files: Vec<FileRecord>,
    /// What became of the lines under the shadow's policies, where there are such.
    pub shadow: Option<ShadowOutcome>,
}

/// Why a run produced nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// An input cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The run folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file of the run folder, or a temporary one beside it, cannot be written.
    #[error("{path}: {source}{}", advice(source))]
    Output {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// More lines in scope than one run can hold.
    #[error("more than {limit} lines in scope; split the run by service date")]
    TooManyLines {
        /// The most lines of one run.
        limit: u64,
    },
    /// What must stay in memory of the lines in scope does not fit the limit.
    #[error(
        "what must be remembered of the lines in scope takes more than {limit} bytes; allow more with --memory, or \
         split the run by service date"
    )]
    Memory {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Lines meet too many combinations of a payer's overrides.
    #[error(transparent)]
    Overrides(#[from] TooManyWaivers),
    /// An earlier run cannot take part.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// What an earlier run had finished of an input was whole when this run began, and is no more.
    #[error("what the checkpoint holds of an input changed while it was read; run again")]
    CheckpointDamaged,
    /// The threads could not be started.
    #[error("the worker threads could not be started: {0}")]
    Threads(String),
    /// A defect of the program. Nothing of the claim is in the message.
    #[error("a defect of the program stopped the run ({0}); please report it")]
    Defect(String),
}

/// Reads all inputs, decides every line in scope, and writes decisions and
/// rejects into `folder`, which the caller completes and puts in place.
///
/// # Errors
///
/// An input or the output fails; the folder is then worth nothing.
pub fn run(
    settings: &RunSettings,
    adjudicator: &Arc<Adjudicator>,
    folder: &RunFolder,
    observer: &mut dyn Observer,
) -> Result<Outcome, RunError> {
    run_from(None, settings, adjudicator, folder, observer)
}

/// The same, but that what a checkpoint holds of the inputs is not read again, and that it
/// takes what is finished.
///
/// # Errors
///
/// An input, the checkpoint or the output fails. The checkpoint keeps what was finished.
pub fn run_from(
    checkpoint: Option<Checkpoint>,
    settings: &RunSettings,
    adjudicator: &Arc<Adjudicator>,
    folder: &RunFolder,
    observer: &mut dyn Observer,
) -> Result<Outcome, RunError> {
    let pool = pool(settings)?;
    let read = read::read_all(checkpoint, settings, adjudicator, folder, &pool, observer)?;
    finish::write_all(settings, adjudicator, folder, &pool, read, observer)
}

/// The threads of one run.
fn pool(settings: &RunSettings) -> Result<ThreadPool, RunError> {
    let mut builder = ThreadPoolBuilder::new().thread_name(|number| format!("worker-{number}"));
    if settings.threads > 0 {
        builder = builder.num_threads(settings.threads);
    }
    builder.build().map_err(|error| RunError::Threads(error.to_string()))
}
