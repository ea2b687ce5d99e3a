//! What reviews came to, as it is written: `docs/schemas/reviews.schema.json` describes it.

use serde::{Deserialize, Serialize};

use super::Precision;
use crate::report::FileRecord;

/// The version of the form.
pub const SCHEMA_VERSION: u32 = 1;

/// What reviewers found, by rule and for all denied lines. Dollars are JSON numbers,
/// reversals netted; estimates are rounded to the cent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Reviews {
    /// The version of this form.
    pub schema_version: u32,
    /// The reviewers' file: its name without its folder, and its digest in the kind of
    /// the run's manifest. Whoever reads the file fills it in.
    #[serde(default)]
    pub file: Option<FileRecord>,
    /// How the figures were made, in sentences for whoever reads them.
    pub method: Vec<String>,
    /// What makes them weaker than they look, in sentences; empty where nothing does.
    pub warnings: Vec<String>,
    /// What became of its rows.
    pub read: ReadCounts,
    /// Every rule that has a stratum, in the order of the sample.
    pub by_rule: Vec<RuleReview>,
    /// The rules that deny, as one.
    pub denied: Totals,
}

/// What became of the rows of the reviewers' file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReadCounts {
    /// Rows, without those of blanks only.
    pub rows: u64,
    /// Rows without a verdict.
    pub not_reviewed: u64,
    /// Rows with a verdict on a line that is not in the sample: left out.
    pub not_in_sample: u64,
    /// Rows with a verdict whose claim and line number are those of several sampled
    /// lines: left out.
    pub ambiguous: u64,
    /// Rows that say again what another row says of the line.
    pub repeated: u64,
    /// Lines with verdicts that contradict each other: undetermined.
    pub contradicted: u64,
    /// Rows that, beside a sampled line's source, name another claim line than the
    /// sample does.
    pub other_claim: u64,
}

/// Lines of the sample and what reviewers said of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReviewCounts {
    /// Lines in the sample.
    pub sampled: u64,
    /// Those with a verdict.
    pub reviewed: u64,
    /// Reviewed lines whose recommendation was right.
    pub confirmed: u64,
    /// Reviewed lines whose recommendation was wrong.
    pub overturned: u64,
    /// Reviewed lines that the chart did not decide.
    pub undetermined: u64,
}

impl ReviewCounts {
    pub(super) fn add(&mut self, other: &Self) {
        self.sampled += other.sampled;
        self.reviewed += other.reviewed;
        self.confirmed += other.confirmed;
        self.overturned += other.overturned;
        self.undetermined += other.undetermined;
    }
}

/// What reviewers found on the lines that one rule names.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RuleReview {
    /// The rule's id.
    pub rule: String,
    /// What it recommended.
    pub disposition: String,
    /// Lines that it names.
    pub lines: u64,
    /// Dollars paid on them.
    pub paid: f64,
    /// Lines of them whose paid amount is unknown: counted as 0 dollars.
    pub paid_unknown: u64,
    /// Lines sampled and reviewed.
    #[serde(flatten)]
    pub counts: ReviewCounts,
    /// Whether the reviewed lines are the first ones of the random order. Others were
    /// picked, not drawn, and what they say of the rest is not known.
    pub drawn: bool,
    /// The rule's precision; `None` where no line was reviewed, or lines were picked.
    pub precision: Option<Precision>,
    /// Dollars paid on the lines that were reviewed and confirmed.
    pub confirmed_paid: f64,
    /// Lines that were confirmed and whose paid amount is unknown.
    pub confirmed_paid_unknown: u64,
    /// The confirmed dollars of all its lines; `None` where they cannot be estimated.
    pub extrapolated: Option<Extrapolation>,
    /// What these dollars are at least, with a confidence of 95%.
    pub lower_bound: f64,
}

/// Estimated dollars of all lines whose recommendation is right.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Extrapolation {
    /// The estimate.
    pub dollars: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The degrees of freedom; `None` where the standard error is 0.
    pub degrees_of_freedom: Option<f64>,
    /// The lower limit of the two-sided 90% interval, as textbooks have it. The lower
    /// bound beside this is never above it but where more than that is certain.
    pub lower_limit: f64,
}

/// What reviewers found on all denied lines.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Denied lines of all strata.
    pub lines: u64,
    /// Dollars paid on them: the exposure.
    pub exposure: f64,
    /// Lines of them whose paid amount is unknown: counted as 0 dollars.
    pub paid_unknown: u64,
    /// Lines sampled and reviewed.
    #[serde(flatten)]
    pub counts: ReviewCounts,
    /// Whether the reviewed lines of every stratum are the first of its random order.
    pub drawn: bool,
    /// Dollars paid on the lines that were reviewed and confirmed.
    pub confirmed_paid: f64,
    /// Rules for which nothing is extrapolated: too few of their lines were reviewed.
    pub not_extrapolated: Vec<String>,
    /// Their lines.
    pub not_extrapolated_lines: u64,
    /// Dollars paid on those.
    pub not_extrapolated_paid: f64,
    /// The confirmed dollars of all lines of the other rules; `None` where there are no
    /// others.
    pub extrapolated: Option<Extrapolation>,
    /// What the confirmed dollars of all denied lines are at least, with a confidence of
    /// 95%.
    pub lower_bound: f64,
}
