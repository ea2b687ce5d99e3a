//! The arguments of `policy` and its verbs.

use clap::{Args, Subcommand};

use adjudicate::claim::Day;

use super::{PolicyFiles, day};

/// What to do with policies.
#[derive(Subcommand, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate policy list
  adjudicate policy show 02-20000-18
  adjudicate policy lint my-policy.toml --deny-warnings
  adjudicate policy expand 02-20000-18 --date 2026-03-01 --csv")]
pub(crate) enum PolicyVerb {
    /// List the loaded policies
    List(ListArguments),
    /// Show what a policy says
    Show(ShowArguments),
    /// Check policy files
    Lint(LintArguments),
    /// List every diagnosis code of a policy
    Expand(ExpandArguments),
}

/// The arguments of `policy list`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate policy list
  adjudicate policy list --policy policies/ --json")]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) files: PolicyFiles,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// The arguments of `policy show`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate policy show 02-20000-18
  adjudicate policy show my-policy --policy my-policy.toml --json")]
pub(crate) struct ShowArguments {
    /// The policy's id
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) files: PolicyFiles,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// The arguments of `policy lint`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate policy lint my-policy.toml
  adjudicate policy lint policies/ extra-programs.toml --deny-warnings
  adjudicate policy lint 02-20000-18

An error is what the program would refuse to load. A warning is what a policy may well say, and probably does not \
mean to.

Exit status: 0 no error (warnings are printed), 1 warnings with --deny-warnings, 2 an error.")]
pub(crate) struct LintArguments {
    /// Policy files, folders of them, or ids of embedded policies
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,

    /// End with status 1 if there are warnings
    #[arg(long)]
    pub(crate) deny_warnings: bool,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// The arguments of `policy expand`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate policy expand 02-20000-18
  adjudicate policy expand 02-20000-18 --date 2026-03-01
  adjudicate policy expand 02-20000-18 --csv > codes.csv

Every code of every entry of every list, with the days on which it is billable. With --date, only lists that the \
version in force on that day uses, and only codes that are billable on it.")]
pub(crate) struct ExpandArguments {
    /// The policy's id
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// Only what counts on this day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) date: Option<Day>,

    #[command(flatten)]
    pub(crate) files: PolicyFiles,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Answer in CSV
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}
