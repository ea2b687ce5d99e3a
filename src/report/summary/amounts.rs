//! Lines and dollars as the summary has them.

use serde::{Deserialize, Serialize};

/// Dollars of lines, reversals netted.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct DollarsSummary {
    /// Dollars billed.
    pub billed: f64,
    /// Dollars paid.
    pub paid: f64,
    /// Lines whose paid amount is unknown.
    pub paid_unknown: u64,
    /// Dollars billed on those.
    pub billed_paid_unknown: f64,
}

/// Lines and dollars.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct AmountsSummary {
    /// Lines.
    pub lines: u64,
    /// Their dollars.
    #[serde(flatten)]
    pub dollars: DollarsSummary,
}

/// Lines and dollars under a name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct KeyedAmounts {
    /// The name.
    pub key: String,
    /// Lines and dollars.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
}

/// Lines of a group that a rule names.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NamedSummary {
    /// The rule's id.
    pub rule: String,
    /// What it recommends for them.
    pub disposition: String,
    /// Lines.
    pub lines: u64,
    /// Dollars paid on them, reversals netted.
    pub paid: f64,
}

/// Lines and dollars of a group, by disposition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GroupSummary {
    /// What the group shares.
    pub key: String,
    /// All its lines.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
    /// Lines allowed.
    pub allow: u64,
    /// Lines denied.
    pub deny: u64,
    /// Lines pended.
    pub pend: u64,
    /// Lines referred.
    pub refer: u64,
    /// Dollars paid on its denied lines, reversals netted.
    pub exposure: f64,
    /// Its flagged lines by the rule that names them, in catalogue order.
    pub rules: Vec<NamedSummary>,
}
