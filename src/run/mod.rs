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

mod context;
mod details;
mod feed;
mod finish;
mod gather;
mod held;
mod history;
mod lines;
mod look_back;
mod marks;
mod ordered;
mod outcomes;
mod preview;
mod read;
mod spares;
mod spool;
mod stages;
mod superseded;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::digest::DigestKind;
use crate::engine::Adjudicator;
use crate::input::{InputError, InputFile, Layout};
use crate::overrides::TooManyWaivers;
use crate::report::{DecisionFormat, FileRecord, FolderError, RunFolder, Sample, SampleSettings, Summary};

pub use feed::FileReading;
pub use gather::{Gathered, InScope, KeptLine, Wanted, gather};
pub use history::{HistoryCounts, HistoryError, HistoryRun};
pub use look_back::LookBack;
pub use preview::{Preview, PreviewRow, preview};
pub use stages::{Pass, Stage, run_until};

/// What a run reads and how, apart from how lines are decided.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// The inputs, in order.
    pub inputs: Vec<InputFile>,
    /// How their columns map to ours.
    pub layout: Layout,
    /// The delimiter of CSV inputs; detected where `None`.
    pub delimiter: Option<u8>,
    /// The format of the decisions.
    pub format: DecisionFormat,
    /// Which lines `decisions` holds.
    pub select: Select,
    /// The digest of inputs and outputs.
    pub digest: DigestKind,
    /// Worker threads; 0 means one for each core.
    pub threads: usize,
    /// The least number of bytes of a batch of CSV. Results do not depend on it.
    pub batch_bytes: usize,
    /// How many bytes may be remembered of the lines in scope until all is read.
    /// What is beyond goes to a file in the run folder's own place; results do not
    /// depend on it.
    pub memory_bytes: usize,
    /// How many lines make a row group of Parquet decisions. Part of their bytes, as
    /// the format is: it follows neither threads nor batches.
    pub group_lines: u32,
    /// How the sample of flagged lines is drawn.
    pub sample: SampleSettings,
    /// Whether text in CSV is written so that no spreadsheet runs it as a formula.
    pub spreadsheet_safe: bool,
    /// How far back what was overpaid can be asked for, if that is to be told.
    pub look_back: Option<LookBack>,
    /// Whether the run leaves what later runs need to let its lines take part.
    pub keep_history: bool,
    /// Earlier runs whose lines take part, in order.
    pub history: Vec<HistoryRun>,
}

/// The usual size of a batch of CSV, in bytes.
pub const BATCH_BYTES: usize = 1 << 19;
/// The usual limit of what is remembered of lines, in bytes.
const MEMORY_BYTES: usize = 640 << 20;
/// The usual size of a row group of Parquet decisions, in lines.
const GROUP_LINES: u32 = 1 << 16;

impl RunSettings {
    /// What is usual, for these inputs: every line in scope, as CSV, on all cores.
    #[must_use]
    pub fn new(inputs: Vec<InputFile>, layout: Layout) -> Self {
        Self {
            inputs,
            layout,
            delimiter: None,
            format: DecisionFormat::Csv,
            select: Select::InScope,
            digest: DigestKind::Blake3,
            threads: 0,
            batch_bytes: BATCH_BYTES,
            memory_bytes: MEMORY_BYTES,
            group_lines: GROUP_LINES,
            sample: SampleSettings::default(),
            spreadsheet_safe: false,
            look_back: None,
            keep_history: false,
            history: Vec::new(),
        }
    }
}

/// Which lines the decisions file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Select {
    /// Every line in scope.
    #[default]
    InScope,
    /// Lines whose disposition is not `allow`.
    Flagged,
}

impl Select {
    /// The name of the choice.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InScope => "in-scope",
            Self::Flagged => "flagged",
        }
    }
}

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

/// How many rows went where. They always add up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct RowCounts {
    /// Rows read.
    pub rows: u64,
    /// Rows whose procedure no policy speaks about.
    pub out_of_scope: u64,
    /// Lines in scope that are not judged, since another version of their claim stands.
    #[serde(default)]
    pub superseded: u64,
    /// Lines decided.
    pub decided: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

impl std::iter::Sum for RowCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::plus)
    }
}

impl RowCounts {
    /// The rows of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            out_of_scope: self.out_of_scope + other.out_of_scope,
            superseded: self.superseded + other.superseded,
            decided: self.decided + other.decided,
            rejected: self.rejected + other.rejected,
        }
    }

    /// Whether every row went somewhere, and only there.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        self.rows == self.out_of_scope + self.superseded + self.decided + self.rejected
    }
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
    #[error("{path}: {source}")]
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
    let pool = pool(settings)?;
    let read = read::read_all(settings, adjudicator, folder, &pool, observer)?;
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
