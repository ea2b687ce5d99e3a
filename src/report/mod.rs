//! What a run leaves behind: decisions, rejects, summary, report, manifest.
//!
//! The files are a wire format of their own: inner types may change, these may
//! not without a new schema version.

mod amounts;
mod bulk_file;
pub mod comparison;
mod decision;
mod decisions_csv;
mod decisions_parquet;
mod ground;
mod history_record;
mod keyed;
mod manifest;
mod outcome;
mod page;
mod pairs;
mod peers;
mod prices;
mod records;
mod rejects;
pub mod reviews;
mod run_folder;
mod sample;
mod sample_csv;
mod spreadsheet;
mod summary;
mod sums;
mod superseded;
mod tally;
mod text_numbers;
pub mod words;
mod workbook;

pub use crate::short::{TextBuffer, WideText};
pub use amounts::{Amounts, ByRule, Dollars, Split, Summed};
pub use bulk_file::{Aligned, BulkFile};
pub use decision::{
    COLUMNS as DECISION_COLUMNS, DecisionFormat, DecisionRow, DecisionWriter, EncodedGroup, Encoder, GroupBuilder,
    LineTexts,
};
pub use ground::{CODE_TABLE, Ground};
pub use history_record::HistoryRecord;
pub use manifest::{Manifest, ManifestError, open_regular};
pub use outcome::{KeptOutcome, Outcome, OutcomeKey, Outcomes};
pub use page::{PageSource, render_page};
pub use records::{FileRecord, InputRecord, LayoutRecord, OptionsRecord, PolicyRecord, ProgramRecord};
pub use rejects::RejectWriter;
pub use run_folder::{Completed, FolderError, Leftover, RunFolder};
pub use sample::{Draw, Redraw, Sample, SampleSettings, SampledRow, Stratum};
pub use spreadsheet::{disarmed, rearmed};
pub use summary::*;
pub use sums::{DiagnosisText, WorkerSums};
pub use superseded::SupersededRow;
pub use tally::{
    AllowedSums, AppliedVersion, Defaulted, NamedSums, PaidSums, ProviderSums, Quarter, QuarterSums, Sorted, Tally,
};
pub use text_numbers::TextNumbers;
pub use workbook::{WORKBOOK_NAME, render_workbook};
