//! The arguments of `explain`.

use clap::Args;

/// The arguments of `explain`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate explain COV002
  adjudicate explain add-on-without-primary
  adjudicate explain audit-2026-03 C1017
  adjudicate explain audit-2026-03 C1017 2 --json

With a rule, its manual. With a run folder and a claim, each finding on the claim's lines (or on the one whose number \
is given): the rule in short words, what it saw, the section of the policy, and the adjustment codes it suggests.

Exit status: 0 explained, 2 there is no such rule, folder or line.")]
pub(crate) struct ExplainArguments {
    /// A rule's id or name; or a run folder, and then a claim
    #[arg(value_name = "RULE|DIR")]
    pub(crate) subject: String,

    /// A claim of the run
    #[arg(value_name = "CLAIM")]
    pub(crate) claim: Option<String>,

    /// A line of the claim, by its number
    #[arg(value_name = "LINE")]
    pub(crate) line: Option<u32>,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}
