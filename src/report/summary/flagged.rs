//! What the summary says of flagged lines.

use serde::{Deserialize, Serialize};

use super::AmountsSummary;

/// Denied and pended lines by what it would take.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StoppedSummary {
    /// Denied for what the claim lacks or has wrong: a corrected claim may mend it.
    pub fixable: AmountsSummary,
    /// Denied because another line is.
    pub cascaded: AmountsSummary,
    /// All other denials.
    pub hard: AmountsSummary,
    /// Pended because another line is.
    pub pended_with_another: AmountsSummary,
    /// All other pends.
    pub pended: AmountsSummary,
}

/// Lines that a rule on diagnoses names, by the first examined diagnosis.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DiagnosisSummary {
    /// The rule.
    pub rule: String,
    /// The diagnosis; blank where the code table does not know it.
    pub code: String,
    /// Lines and dollars.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
}

/// How the sample of flagged lines was drawn.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SampleSummary {
    /// The seed.
    pub seed: u64,
    /// How many lines it was to have at most.
    pub most: u64,
    /// Flagged lines in all.
    pub flagged: u64,
    /// Lines in the sample.
    pub lines: u64,
    /// By naming rule, in catalogue order.
    pub strata: Vec<StratumSummary>,
}

/// The lines that a rule names, and those of the sample.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StratumSummary {
    /// The rule.
    pub rule: String,
    /// What it recommends for them.
    pub disposition: String,
    /// Lines that it names.
    pub lines: u64,
    /// Dollars paid on them, reversals netted.
    pub paid: f64,
    /// What reversals among them took back: zero or less.
    pub reversed: f64,
    /// Those of them whose paid amount is unknown.
    pub paid_unknown: u64,
    /// Those in the sample.
    pub sampled: u64,
    /// For how many lines each of those stands.
    pub weight: f64,
}
