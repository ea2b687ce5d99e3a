//! The arguments of `generate`.

use std::path::PathBuf;

use clap::Args;

use adjudicate::claim::Day;

use super::{PolicyFiles, day};

/// The arguments of `generate`.
#[derive(Args, Debug, Clone)]
#[allow(clippy::struct_excessive_bools)]
#[command(after_long_help = "Examples:
  adjudicate generate --lines 100000 --seed 1 --in-scope 0.01 --out claims.csv
  adjudicate generate --lines 10000000 --seed 7 --in-scope 1 --out dense.parquet
  adjudicate generate --lines 5000 --seed 3 --in-scope 0.5 --clinical --out claims.csv.gz
  adjudicate generate --lines 1000000 --seed 1 --in-scope 1 --from 2023-07-01 --to 2026-06-30 \
      --outliers 6 --truth truth.csv --out claims.parquet
  adjudicate generate --history --lines 200000 --seed 1 --truth truth.csv --out extract

The same options give the same bytes. Nobody is in these claims: members, providers and claims are invented; what is in \
scope comes from the loaded policies.

--outliers hides providers that bill, on a good third of their claims, what others seldom do: units over the limit, \
add-ons alone, investigational procedures, diagnoses that are not listed or not specific, claims twice, both sides, \
exclusive pairs, other regions; or at three times the charges. Half of them start suddenly in the last third of the \
span. --truth says who, how, since when, and how many claims and lines it is.

--history makes the extract of a retrospective audit: a folder with a file for each month in which claims were \
received, received-2019-01.csv and so on, over three years in the middle of which a policy's diagnoses change. Claims \
are replaced, voided, reversed, denied by the payer, authorized, billed again months later; nothing else is wrong. \
--truth says of each row in scope what is to become of it: in one run over all files, in a run over its own file, and \
month after month with --history. The extract is held in memory while it is made, about half a gigabyte for a million \
lines.

Exit status: 0 made, 2 nothing was made.")]
pub(crate) struct GenerateArguments {
    /// How many claim lines
    #[arg(long, value_name = "N")]
    pub(crate) lines: u64,

    /// Another seed gives other claims
    #[arg(long, value_name = "S")]
    pub(crate) seed: u64,

    /// The share of lines that are in scope, from 0 to 1; 0.3 with --history where not given
    #[arg(long, value_name = "SHARE", required_unless_present = "history")]
    pub(crate) in_scope: Option<f64>,

    /// The file to write; its name tells the format: .csv, .csv.gz, .csv.zst or .parquet. With --history a folder
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: PathBuf,

    /// An extract of years for a retrospective audit: claims with what came of them later
    #[arg(long, group = "known", conflicts_with_all = ["outliers", "clinical", "clean"])]
    pub(crate) history: bool,

    /// The first day of service; three years before the newest version of the policies where not given, with --history
    /// a year and a half before the last change of diagnoses
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) from: Option<Day>,

    /// The last day of service, with --history of receipt; four months behind that version where not given, with
    /// --history the end of three years
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) to: Option<Day>,

    /// So many providers misbehave, each in a way of its own; the claims do not tell who
    #[arg(long, value_name = "N", default_value_t = 0, group = "known")]
    pub(crate) outliers: u32,

    /// Who misbehaves, how, since when and how often, as a file of its own: .csv or .json; with --history what is to
    /// become of each line: .csv
    #[arg(long, value_name = "FILE", requires = "known")]
    pub(crate) truth: Option<PathBuf>,

    /// Columns of clinical facts too
    #[arg(long)]
    pub(crate) clinical: bool,

    /// No errors: claims as the policies would have them
    #[arg(long)]
    pub(crate) clean: bool,

    /// Replace what is there already
    #[arg(long)]
    pub(crate) overwrite: bool,

    /// Say what was made in JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Say nothing
    #[arg(long, short, conflicts_with = "json")]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) policies: PolicyFiles,
}
