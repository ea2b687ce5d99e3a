//! The arguments of `compare`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

/// The arguments of `compare`.
#[derive(Args, Debug, Clone)]
#[allow(clippy::struct_excessive_bools)]
#[command(group(ArgGroup::new("files").args(["changes", "html"]).multiple(true)))]
#[command(after_long_help = "Examples:
  adjudicate compare audit-2026-02 audit-2026-03
  adjudicate compare audit audit-pend --changes changes.csv
  adjudicate compare audit audit-pend --html comparison.html
  adjudicate compare before after --json --fail-on-change

What differs between the runs themselves (program, policies, options, inputs, code table) is told first. Runs over the \
same inputs are matched by file and row. Runs over different inputs are matched by claim id, line number and \
occurrence (the n-th line of that claim and number); what only one of them decided is counted apart. Exposure is what \
was paid on denied lines. The files of --changes and --html are written complete or not at all, and not into a run folder.

Exit status: 0 compared, 1 compared and --fail-on-change found a line with another disposition, 2 not compared.")]
pub(crate) struct CompareArguments {
    /// The folder of the first run
    #[arg(value_name = "RUN_A")]
    pub(crate) a: PathBuf,

    /// The folder of the second run
    #[arg(value_name = "RUN_B")]
    pub(crate) b: PathBuf,

    /// Write the lines whose disposition or naming rule changed into a file of CSV
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) changes: Option<PathBuf>,

    /// Write a page for people: one HTML file that needs nothing else
    #[arg(long, value_name = "FILE.html")]
    pub(crate) html: Option<PathBuf>,

    /// Replace the files of --changes and --html where there are any
    #[arg(long, requires = "files")]
    pub(crate) overwrite: bool,

    /// Put `'` before text in the file of --changes that a spreadsheet would run as a formula
    #[arg(long, requires = "changes")]
    pub(crate) spreadsheet_safe: bool,

    /// End with status 1 if the disposition of any line changed
    #[arg(long)]
    pub(crate) fail_on_change: bool,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}
