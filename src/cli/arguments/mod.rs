//! The arguments, as parsed: here what verbs share, beside it one file for each
//! verb or family of them. What they mean is for the verbs.

mod bench;
mod check;
mod compare;
mod explain;
mod generate;
mod lookup;
mod policy;
mod report;
mod run;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use adjudicate::claim::Day;

use super::log::LogFormat;

pub(crate) use bench::BenchArguments;
pub(crate) use check::CheckArguments;
pub(crate) use compare::CompareArguments;
pub(crate) use explain::ExplainArguments;
pub(crate) use generate::GenerateArguments;
pub(crate) use lookup::{CompletionsArguments, Icd10Arguments, RulesArguments, VerifyArguments};
pub(crate) use policy::{ExpandArguments, LintArguments, ListArguments, PolicyVerb, ShowArguments};
pub(crate) use report::ReportArguments;
pub(crate) use run::{AuditArguments, DigestName, FormatName, RunArguments, SelectName, THREADS, TaskArguments};

/// Batch adjudication of medical claim lines against coverage policies.
#[derive(Parser, Debug)]
#[command(
    name = "adjudicate",
    version,
    about,
    long_about = "Reads medical claim lines, decides every line that a loaded coverage policy speaks about, and says \
                  for each what the coded data gives reason to do (allow, deny, pend, refer), by which rule, under \
                  which version of which policy. A disposition is a recommendation; it never says that a service was, \
                  or was not, medically necessary.",
    propagate_version = true,
    after_help = "Exit status: 0 complete; 1 complete, and --fail-on found one, or more rows were rejected than --max-rejects \
                  allows (of bench: slower than --compare allows; of \
                  compare: --fail-on-change found a change); \
                  2 nothing was produced; 3 complete, but rows were rejected. SIGINT, SIGTERM and SIGHUP \
                  end the program within a second and leave nothing unfinished; it ends by the signal itself, which a \
                  shell tells as 130, 143 and 129."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,

    /// The form of messages on standard error: lines for people, or one JSON object a line for a collector
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        env = "ADJUDICATE_LOG_FORMAT",
        help_heading = "Messages"
    )]
    pub(crate) log_format: Option<LogFormat>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Verb {
    /// Decide the lines of claim files and write a run folder
    // The largest ones are boxed, so that the others need not be as large.
    Run(Box<RunArguments>),
    /// Decide one procedure with its diagnoses, and say why
    Check(Box<CheckArguments>),
    /// Explain a rule, or a line of a finished run
    Explain(ExplainArguments),
    /// List the rules
    Rules(RulesArguments),
    /// Look into coverage policies
    #[command(subcommand)]
    Policy(PolicyVerb),
    /// Look up diagnosis codes as of a date
    Icd10(Icd10Arguments),
    /// Make the report of a finished run again, with what a chart review found
    Report(ReportArguments),
    /// Compare two finished runs: what another policy, other options or other claims did
    Compare(CompareArguments),
    /// Check a run folder against its manifest
    Verify(VerifyArguments),
    /// Make synthetic claims
    Generate(GenerateArguments),
    /// Measure how fast a run is on your own claims, stage by stage
    Bench(Box<BenchArguments>),
    /// Print a completion script for a shell
    Completions(CompletionsArguments),
}

/// Which policies; shared by every verb that reads them.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Policies")]
pub(crate) struct PolicyFiles {
    /// A policy file, a folder of them, or the id of an embedded policy, in place of the embedded ones (repeatable;
    /// in the environment: `ADJUDICATE_POLICY`, with `:` between several)
    // The environment is read by `policies::given`: clap would split a path on
    // the command line too.
    #[arg(long = "policy", value_name = "PATH")]
    pub(crate) policies: Vec<String>,
}

/// Which policies, and how to judge by them; shared by the verbs that decide.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Policies")]
pub(crate) struct PolicyArguments {
    #[command(flatten)]
    pub(crate) files: PolicyFiles,

    /// Judge every line under the versions of this day, not those of its service date
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day, env = "ADJUDICATE_POLICY_DATE")]
    pub(crate) policy_date: Option<Day>,

    /// Pend a line whose line of business no policy knows, instead of judging it as commercial
    #[arg(long, env = "ADJUDICATE_STRICT_PROGRAMS", value_parser = yes_no())]
    pub(crate) strict_programs: bool,

    /// What a diagnosis that is not listed gives reason to do
    #[arg(long, value_name = "WEIGHT", value_enum, env = "ADJUDICATE_UNLISTED_DIAGNOSIS")]
    pub(crate) unlisted_diagnosis: Option<DenyOrPend>,

    /// What clinical facts that rule out every indication give reason to do (deny: only if a clinician judged them)
    #[arg(long, value_name = "WEIGHT", value_enum, env = "ADJUDICATE_CLINICAL")]
    pub(crate) clinical: Option<DenyOrPend>,

    /// Pend a supported line that comes without clinical facts
    #[arg(long, env = "ADJUDICATE_REQUIRE_CLINICAL", value_parser = yes_no())]
    pub(crate) require_clinical: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DenyOrPend {
    Deny,
    Pend,
}

/// Reads what the environment says of a switch: true or false, yes or no, on or
/// off, 1 or 0.
pub(crate) fn yes_no() -> BoolishValueParser {
    BoolishValueParser::new()
}

/// Reads a day.
pub(crate) fn day(text: &str) -> Result<Day, String> {
    Day::parse_iso(text.trim()).ok_or_else(|| "not a date; write YYYY-MM-DD".to_owned())
}

/// Reads a number of bytes: `512M`, `4GiB`, `1000000`. Units are powers of 1,024.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let expected = || "a size is a whole number with a unit, such as 512M or 4G".to_owned();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits).ok_or_else(expected)?;
    let shift = match unit.trim().to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return Err(expected()),
    };
    let number: usize = number.parse().map_err(|_| expected())?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0).ok_or_else(expected)
}

/// Reads a delimiter.
pub(crate) fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" | b"tab" | b"TAB" => Ok(b'\t'),
        [b'"' | b'\n' | b'\r'] => Err("a quote or a line end cannot be the delimiter".to_owned()),
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err("a delimiter is one ASCII character".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in
            [("512M", 512 << 20), ("4GiB", 4 << 30), ("64kb", 64 << 10), ("1000", 1000), ("1 g", 1 << 30)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "M", "1.5G", "-1M", "0", "12X", "99999999999T", "1Mi M"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
