//! What a run leaves behind: decisions, rejects, summary, report, manifest.
//!
//! The files are a wire format of their own: inner types may change, these may
//! not without a new schema version.

mod bulk_file;
mod decision;
mod decisions_csv;
mod decisions_parquet;
mod manifest;
mod outcome;
mod page;
mod rejects;
mod run_folder;
mod summary;
mod sums;
mod tally;
pub mod words;

pub use crate::short::TextBuffer;
pub use bulk_file::{Aligned, BulkFile};
pub use decision::{DecisionFormat, DecisionRow, DecisionWriter, EncodedGroup, Encoder, GroupBuilder};
pub use manifest::{
    FileRecord, InputRecord, LayoutRecord, Manifest, ManifestError, OptionsRecord, PolicyRecord, ProgramRecord,
};
pub use outcome::{KeptOutcome, Outcome, OutcomeKey, Outcomes};
pub use page::render_page;
pub use rejects::RejectWriter;
pub use run_folder::{FolderError, RunFolder};
pub use summary::{SCHEMA_VERSION, Summary};
pub use sums::WorkerSums;
pub use tally::{Amounts, ByDisposition, Defaulted, Dollars, RuleTally, Sorted, Tally};
