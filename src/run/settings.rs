//! What a run is told.

use std::sync::Arc;

use super::{HistoryRun, LookBack, RejectLimit, Shadow};
use crate::digest::DigestKind;
use crate::input::csv::UNPACK_RATIO;
use crate::input::{InputFile, Layout};
use crate::report::{DecisionFormat, SampleSettings};

/// What a run reads and how, apart from how lines are decided, but for the policies that
/// decide them a second time.
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
    /// How many times its stored size a compressed CSV input may come to, once it is large.
    pub unpack_ratio: u64,
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
    /// Other policies that decide every line as well, under the same options and overrides:
    /// what would become of the lines is compared, and changes nothing else.
    pub shadow: Option<Arc<Shadow>>,
    /// The most rejects of which nobody has to be warned.
    pub max_rejects: Option<RejectLimit>,
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
            unpack_ratio: UNPACK_RATIO,
            memory_bytes: MEMORY_BYTES,
            group_lines: GROUP_LINES,
            sample: SampleSettings::default(),
            spreadsheet_safe: false,
            look_back: None,
            keep_history: false,
            history: Vec::new(),
            shadow: None,
            max_rejects: None,
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
