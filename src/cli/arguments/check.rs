//! The arguments of `check`.

use clap::Args;

use adjudicate::claim::Day;

use super::{PolicyArguments, day};

/// The arguments of `check`.
#[derive(Args, Debug, Clone)]
#[command(after_long_help = "Examples:
  adjudicate check 22513 M80.08XA --date 2026-03-01
  adjudicate check 22514 S32.010A --date 2026-03-01 --conservative-weeks 3
  adjudicate check 22515 M80.08XA --date 2026-03-01 --units 2 --with 22513
  adjudicate check 22513-50 M80.08XA C79.51 --pointer B --date 2026-03-01 --line-of-business ppo
  adjudicate check 22520 --date 2016-05-02 --json

The date has no default: codes and coverage are always those of a day. Facts come from an authorization or a chart \
review; what is not given is unknown, and is never held against the member.

Exit status: 0 answered (also where no policy speaks about the procedure), 2 the question cannot be read.")]
pub(crate) struct CheckArguments {
    /// The procedure code; modifiers may follow it (22513-59)
    #[arg(value_name = "PROCEDURE")]
    pub(crate) procedure: String,

    /// Diagnosis codes, in the line's order
    #[arg(value_name = "DIAGNOSIS")]
    pub(crate) diagnoses: Vec<String>,

    /// The day of service
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) date: Day,

    /// The line of business; commercial where not given
    #[arg(long, value_name = "NAME", help_heading = "Claim line")]
    pub(crate) line_of_business: Option<String>,

    /// A modifier (repeatable)
    #[arg(long = "modifier", value_name = "CODE", help_heading = "Claim line")]
    pub(crate) modifiers: Vec<String>,

    /// Units
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, help_heading = "Claim line")]
    pub(crate) units: Option<String>,

    /// Which diagnoses the line points to, as letters or numbers (repeatable)
    #[arg(long = "pointer", value_name = "POINTER", help_heading = "Claim line")]
    pub(crate) pointers: Vec<String>,

    /// Another procedure of the same session, such as the primary of an add-on, with the same diagnoses and facts
    /// (repeatable)
    #[arg(long = "with", value_name = "PROCEDURE", help_heading = "Claim line")]
    pub(crate) with: Vec<String>,

    /// The number of an authorization on file; it is not looked up anywhere
    #[arg(long, value_name = "NUMBER", help_heading = "Claim line")]
    pub(crate) authorization_number: Option<String>,

    #[command(flatten)]
    pub(crate) facts: FactArguments,

    #[command(flatten)]
    pub(crate) policy: PolicyArguments,

    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Clinical facts, as text: they are read as those of a claim file are.
#[derive(Args, Debug, Clone, Default)]
#[command(next_help_heading = "Clinical facts")]
pub(crate) struct FactArguments {
    /// The cause: osteoporotic, neoplastic or traumatic
    #[arg(long, value_name = "WORD")]
    pub(crate) etiology: Option<String>,

    /// The technique: balloon, mechanical or radiofrequency
    #[arg(long, value_name = "WORD")]
    pub(crate) technique: Option<String>,

    /// The member has symptoms (yes, if no answer follows)
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, default_missing_value = "yes")]
    pub(crate) symptomatic: Option<String>,

    /// The pain is severe
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, default_missing_value = "yes")]
    pub(crate) severe_pain: Option<String>,

    /// The fracture led to a hospital stay
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, default_missing_value = "yes")]
    pub(crate) hospitalized: Option<String>,

    /// The fracture prevents walking
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, default_missing_value = "yes")]
    pub(crate) ambulation_prevented: Option<String>,

    /// The device is cleared by the FDA
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, default_missing_value = "yes")]
    pub(crate) fda_cleared_device: Option<String>,

    /// Weeks of conservative treatment that failed
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(crate) conservative_weeks: Option<String>,

    /// Weeks since the fracture
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(crate) fracture_age_weeks: Option<String>,
}
