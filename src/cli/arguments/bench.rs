//! The arguments of `bench`.

use std::path::PathBuf;

use clap::Args;

use super::TaskArguments;

/// The arguments of `bench`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate bench claims.csv
  adjudicate bench 2026-03/*.parquet --rounds 5 --threads 4
  adjudicate bench claims.csv --json > before.json
  adjudicate bench claims.csv --compare before.json --threshold 5

What is measured: five passes over the inputs, each doing what the one before does and a stage more, with a run's own \
threads; a stage's share is the difference between two passes.
  read    the bytes, in chunks that end where a record ends, and their digest
  split   every row found, and its procedure looked up
  parse   a claim line made of every row in scope
  decide  every line decided, by itself and among the others, and held for the writing
  write   the whole run: all files of a run folder written
The last pass is `adjudicate run --no-sync` into the system's folder for temporary files (TMPDIR names another), from \
which it is removed again. Loading policies and the diagnosis table is not measured. Of a Parquet file `read` is only \
the digest, and `split` is the decoding of the procedures and of the used columns of rows in scope.

Before the first round the inputs are read once, so that all passes find them in the system's memory. In each round \
all passes are made; of each the median counts. A pass that took longer than a later one counts as long as that one. \
MB are millions of bytes as stored, so compressed ones where a file is compressed. Peak memory is the most that the \
process held until the end of the first round (where the system is Linux).

OLD.json is what --json printed. It is refused if it is of another input (bytes, rows or rows in scope), or of other \
threads, options, layout, policies, form or build.

Exit status: 0 measured; 1 measured, and the whole is slower than in OLD.json by more than the threshold; 2 nothing \
was measured, or OLD.json cannot be compared with.")]
pub(crate) struct BenchArguments {
    /// Claim files: CSV (plain, .gz, .zst) or Parquet; folders; patterns
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,

    /// How many rounds; of each pass the median counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) rounds: u16,

    /// Compare with an earlier measurement
    #[arg(long, value_name = "OLD.json", help_heading = "Comparison")]
    pub(crate) compare: Option<PathBuf>,

    /// By how much fewer lines a second, in percent, the whole may come to
    #[arg(long, value_name = "PERCENT", default_value_t = 10.0, help_heading = "Comparison")]
    #[arg(value_parser = percent, allow_negative_numbers = true)]
    pub(crate) threshold: f64,

    /// Print the measurement as JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Print nothing but errors
    #[arg(long, short, conflicts_with = "json")]
    pub(crate) quiet: bool,

    /// Show no progress bar
    #[arg(long, env = "ADJUDICATE_NO_PROGRESS", value_parser = super::yes_no())]
    pub(crate) no_progress: bool,

    #[command(flatten)]
    pub(crate) task: TaskArguments,
}

/// Reads a percentage.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').parse::<f64>();
    number
        .ok()
        .filter(|number| number.is_finite() && *number >= 0.0)
        .ok_or_else(|| "not a percentage of 0 or more".to_owned())
}
