//! The arguments of `report`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `report`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate report audit-2026-03
  adjudicate report audit-2026-03 --reviews reviewed.csv

The report is made of what stands in the run folder (summary, sample, manifest), which must be as the run left it; the \
manifest then records the new report. For a chart review, copy sample.csv, write `confirmed`, `overturned` or \
`undetermined` into its column `verdict`, and name the copy with --reviews: each rule's precision with its interval, \
and the exposure that the review supports with its lower bound, are printed, stand in the report, and in reviews.json.

Exit status: 0 made, 2 nothing was changed.")]
pub(crate) struct ReportArguments {
    /// The run folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// A copy of sample.csv with reviewers' verdicts
    #[arg(long, value_name = "FILE")]
    pub(crate) reviews: Option<PathBuf>,

    /// Write the workbook report.xlsx too; where the run folder has one, it is made again in any case
    #[arg(long)]
    pub(crate) xlsx: bool,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}
