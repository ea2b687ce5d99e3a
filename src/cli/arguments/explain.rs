//! The arguments of `explain`.

use clap::Args;

/// The arguments of `explain`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate explain COV002
  adjudicate explain add-on-without-primary
  adjudicate explain audit-2026-03 C1017
  adjudicate explain audit-2026-03 C1017 2 --json
  adjudicate explain audit-2026-03 C1017 2 --markdown > appeal.md

With a rule, its manual. With a run folder and a claim, the story of the claim's lines (or of the one whose number is \
given): what was billed, each finding with its section of the policy and what would change it, what was examined, the \
other lines that count, and how the run is identified. Never the member.

For that, the inputs are read again where they are what they were: those of relative names from the current folder. \
The lines are decided again with those of their sessions; what the run recorded counts. Where an input, a policy or \
the layout is gone or changed, what the decisions hold is told.

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

    /// Answer in Markdown, to be put into a letter or a file
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
}
