//! The arguments of `run`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use adjudicate::claim::Day;
use adjudicate::run::RejectLimit;

use super::{DenyOrPend, PolicyArguments, day, delimiter, size, yes_no};

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FormatName {
    Csv,
    Parquet,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SelectName {
    InScope,
    Flagged,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DigestName {
    Blake3,
    Sha256,
}

/// The arguments of `run`.
#[derive(Args, Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools)]
#[command(after_long_help = "Examples:
  adjudicate run claims.csv --out audit
  adjudicate run 2026-03/*.parquet --out audit-2026-03 --format csv
  adjudicate run extract.txt.gz --delimiter '|' --layout rif-carrier --out audit
  zcat claims.csv.gz | adjudicate run - --out audit --fail-on deny
  adjudicate run claims.csv --dry-run

Options may also stand in a file (--config) or in the environment (ADJUDICATE_THREADS=4, and so on): the command line \
comes before the environment, the environment before the file.")]
pub(crate) struct RunArguments {
    /// Claim files: CSV (plain, .gz, .zst) or Parquet; folders; patterns; `-` for CSV on standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,

    /// The run folder to make
    #[arg(long, short, value_name = "DIR", env = "ADJUDICATE_OUT", required_unless_present_any = ["dry_run", "config"])]
    pub(crate) out: Option<PathBuf>,

    /// Replace the run folder if there is one
    #[arg(long, env = "ADJUDICATE_OVERWRITE", value_parser = yes_no())]
    pub(crate) overwrite: bool,

    /// Keep what is finished of the inputs beside the run folder's place until it is complete, and go on from what an
    /// earlier run into the same place kept
    #[arg(long, env = "ADJUDICATE_RESUME", value_parser = yes_no())]
    pub(crate) resume: bool,

    /// Leave syncing the run folder to disk to the system
    #[arg(long, env = "ADJUDICATE_NO_SYNC", value_parser = yes_no())]
    pub(crate) no_sync: bool,

    /// Say what was detected (format, delimiter, columns, first rows) and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) task: TaskArguments,

    /// Leave history.bin in the run folder, so that later runs can name this one with --history
    #[arg(long, help_heading = "Audit", env = "ADJUDICATE_KEEP_HISTORY", value_parser = yes_no())]
    pub(crate) keep_history: bool,

    /// Let the lines that an earlier run decided take part in duplicates and sessions; may be given several times, the
    /// earliest run first
    #[arg(long, value_name = "RUN", help_heading = "Audit")]
    pub(crate) history: Vec<PathBuf>,

    /// Decide every line a second time, by the run's policies with this one in the place of the policy of the same id
    /// (or beside them): what it would change is written into the run folder, and changes nothing else there; may be
    /// given several times
    #[arg(long, value_name = "FILE|DIR|ID", help_heading = "Audit", env = "ADJUDICATE_SHADOW", value_delimiter = ':')]
    pub(crate) shadow: Vec<String>,

    /// End with status 1 if a line was denied (deny), or denied or pended (pend)
    #[arg(long, value_enum, value_name = "DISPOSITION", help_heading = "Output", env = "ADJUDICATE_FAIL_ON")]
    pub(crate) fail_on: Option<DenyOrPend>,

    /// Warn, and end with status 1, if more rows are rejected: a number, or a share of the rows that are not out of
    /// scope, such as 0.5%
    #[arg(long, value_name = "LIMIT", help_heading = "Output", env = "ADJUDICATE_MAX_REJECTS")]
    pub(crate) max_rejects: Option<RejectLimit>,

    /// Write what became of the run into this file too, for Prometheus's textfile collector; also where it fails
    #[arg(long, value_name = "FILE", help_heading = "Output", env = "ADJUDICATE_METRICS")]
    pub(crate) metrics: Option<PathBuf>,

    /// Print the summary as JSON
    #[arg(long, help_heading = "Output", env = "ADJUDICATE_JSON", value_parser = yes_no())]
    pub(crate) json: bool,

    /// Print no summary and no messages but warnings and errors
    #[arg(long, short, help_heading = "Output", env = "ADJUDICATE_QUIET", value_parser = yes_no())]
    pub(crate) quiet: bool,

    /// Show no progress bar
    #[arg(long, help_heading = "Output", env = "ADJUDICATE_NO_PROGRESS", value_parser = yes_no())]
    pub(crate) no_progress: bool,

    /// The most memory for what is remembered of the lines in scope until all is read, such as
    /// 512M or 4G [default: 640M]; what is beyond goes to a file beside the output
    #[arg(long, value_name = "SIZE", env = "ADJUDICATE_MEMORY", value_parser = size, help_heading = None)]
    pub(crate) memory: Option<usize>,

    /// Read options from a TOML file
    #[arg(long, value_name = "FILE", env = "ADJUDICATE_CONFIG", help_heading = None)]
    pub(crate) config: Option<PathBuf>,

    /// The least size of a batch of CSV; for tests, since results do not depend on it
    #[arg(long, hide = true, value_name = "BYTES")]
    pub(crate) batch_bytes: Option<usize>,
}

/// Everything that says what a run comes to, but for the inputs; shared by the verbs
/// that make one.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct TaskArguments {
    #[command(flatten)]
    pub(crate) input: InputArguments,

    #[command(flatten)]
    pub(crate) policy: PolicyArguments,

    #[command(flatten)]
    pub(crate) audit: AuditArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,

    /// Worker threads; one for each core where not given
    #[arg(long, value_name = "N", env = "ADJUDICATE_THREADS", value_parser = clap::value_parser!(u16).range(THREADS))]
    // Without this it would stand under the heading of what was flattened last.
    #[arg(help_heading = None)]
    pub(crate) threads: Option<u16>,
}

/// How inputs are read.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArguments {
    /// How the columns map to ours: the name of a layout of the program, or a file ending in .toml
    #[arg(long, value_name = "NAME|FILE.toml", env = "ADJUDICATE_LAYOUT")]
    pub(crate) layout: Option<String>,

    /// The delimiter of CSV inputs (`\t` or `tab` for a tab); detected where not given
    #[arg(long, value_name = "CHAR", value_parser = delimiter, env = "ADJUDICATE_DELIMITER")]
    pub(crate) delimiter: Option<u8>,

    /// Read what a link in a folder, or one that fits a pattern, leads to, if it leads out of the folder; refused
    /// where not given
    #[arg(long, env = "ADJUDICATE_FOLLOW_LINKS", value_parser = yes_no())]
    pub(crate) follow_links: bool,

    /// The most that a compressed CSV input may unpack to, as times its size, beyond 16 MiB [default: 500]
    #[arg(long, value_name = "TIMES", env = "ADJUDICATE_MAX_UNPACK_RATIO", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_unpack_ratio: Option<u64>,
}

/// What a retrospective audit asks for.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Audit")]
pub(crate) struct AuditArguments {
    /// Judge every version of a claim, not only the one that stands
    #[arg(long, env = "ADJUDICATE_AS_RECEIVED", value_parser = yes_no())]
    pub(crate) as_received: bool,

    /// Tell the exposure that can still be asked back: paid (or, where that day is blank, rendered) no more than so
    /// many months before --as-of
    #[arg(long, value_name = "MONTHS", env = "ADJUDICATE_LOOK_BACK")]
    pub(crate) look_back: Option<u32>,

    /// A payer's exceptions (.toml or .csv): rules that are waived on the lines that they name; needs --as-of
    #[arg(long, value_name = "FILE", env = "ADJUDICATE_OVERRIDES")]
    pub(crate) overrides: Option<PathBuf>,

    /// The day from which --look-back counts, and as of which an override is in force or expired
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, env = "ADJUDICATE_AS_OF")]
    pub(crate) as_of: Option<Day>,
}

/// What is written, and in which form.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArguments {
    /// The format of the decisions; as the first input where not given
    #[arg(long, value_enum, env = "ADJUDICATE_FORMAT")]
    pub(crate) format: Option<FormatName>,

    /// Which lines the decisions hold: every line in scope, or those not allowed
    #[arg(long, value_enum, env = "ADJUDICATE_SELECT")]
    pub(crate) select: Option<SelectName>,

    /// At most so many flagged lines are drawn by chance for review and for the report
    #[arg(long, value_name = "LINES", env = "ADJUDICATE_SAMPLE")]
    pub(crate) sample: Option<u32>,

    /// Another seed draws other lines
    #[arg(long, value_name = "SEED", env = "ADJUDICATE_SAMPLE_SEED")]
    pub(crate) sample_seed: Option<u64>,

    /// The digest in the manifest
    #[arg(long, value_enum, env = "ADJUDICATE_DIGEST")]
    pub(crate) digest: Option<DigestName>,

    /// Write report.xlsx too: the summary's tables and the sampled lines as a workbook with typed columns
    #[arg(long, env = "ADJUDICATE_XLSX", value_parser = yes_no())]
    pub(crate) xlsx: bool,

    /// Put `'` before text that a spreadsheet would run as a formula, in decisions.csv, rejects.csv and sample.csv
    ///
    /// Such text begins with `=`, `+`, `-`, `@` (or the full-width form of one), a tab, a line end or a NUL, at the
    /// start of a column or behind `;`, a tab or a line end in it, whatever spaces, quotes and control characters stand
    /// before. Numbers and dates stay as they are, and so does Parquet, which says of itself what is text. `explain`
    /// takes the `'` away again; other readers have to know. In report.xlsx such text is treated so in any case.
    #[arg(long, env = "ADJUDICATE_SPREADSHEET_SAFE", value_parser = yes_no())]
    pub(crate) spreadsheet_safe: bool,
}

/// How many worker threads there may be.
pub(crate) const THREADS: std::ops::RangeInclusive<i64> = 1..=1024;
