//! The arguments of `compare`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `compare`.
#[derive(Args, Debug, Clone)]
#[allow(clippy::struct_excessive_bools)]
#[command(after_long_help = "Examples:
  adjudicate compare audit-2026-02 audit-2026-03
  adjudicate compare audit audit-pend --changes changes.csv
  adjudicate compare before after --json --fail-on-change

What differs between the runs themselves (program, policies, options, inputs, code table) is told first. Runs over the \
same inputs are matched by file and row. Runs over different inputs are matched by claim id, line number and \
occurrence (the n-th line of that claim and number); what is only in one of them is counted apart. Exposure is what was \
paid on denied lines.

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

    /// Replace the file of --changes where there is one
    #[arg(long, requires = "changes")]
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
