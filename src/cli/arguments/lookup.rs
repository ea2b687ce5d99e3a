//! The arguments of verbs that look something up: `rules`, `icd10`, `verify`,
//! `completions`.

use std::path::PathBuf;

use clap::Args;

use adjudicate::claim::Day;

use super::day;

/// The arguments of `rules`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate rules
  adjudicate rules --json
  adjudicate rules --markdown > rules.md

`adjudicate explain RULE` prints the manual of one.")]
pub(crate) struct RulesArguments {
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Print a Markdown table
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
}

/// The arguments of `icd10`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate icd10 M80.08XA --date 2026-03-01
  adjudicate icd10 M54.5 724.2 --date 2026-03-01
  adjudicate icd10 'M80.08XA - M80.08XS' --date 2026-03-01 --json
  adjudicate icd10

A range is one argument: two codes of the table around a hyphen, a dash, `to` or `through`. Without codes, the \
edition of the table and how many codes were in force in each fiscal year.

Exit status: 0 answered (whatever the codes are), 2 something is neither a code nor a range.")]
pub(crate) struct Icd10Arguments {
    /// Codes, or ranges of codes
    #[arg(value_name = "CODE|RANGE", requires = "date")]
    pub(crate) entries: Vec<String>,

    /// The day as of which to judge
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) date: Option<Day>,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// The arguments of `verify`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate verify audit-2026-03
  adjudicate verify audit-2026-03 --json

Every file must have the digest that the manifest records, and no other file may be there. What the rows of decisions, \
rejects, superseded lines, sample, changed lines of a shadow and history come to, counted and summed anew, must be \
what summary.json and the manifest say; each sampled line must be as decided; and summary, sample and manifest must \
make the very report. Of decisions that hold flagged lines alone, what can be told of those is compared. A run of \
another version of the program is verified as far as both know a figure, which is far less, and it is said.

Whoever can change every file of a folder can make a manifest to match: keep the digest of manifest.json itself, which \
--json tells as `manifest`, elsewhere.

Exit status: 0 all is as recorded, 2 something differs (it is named) or there is no run folder.")]
pub(crate) struct VerifyArguments {
    /// The run folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// The arguments of `completions`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate completions bash > ~/.local/share/bash-completion/completions/adjudicate
  adjudicate completions zsh > ~/.zfunc/_adjudicate
  adjudicate completions fish > ~/.config/fish/completions/adjudicate.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
