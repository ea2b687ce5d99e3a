//! What was sampled: strata of flagged lines, and the lines drawn from them.

use crate::claim::Decimal;
use crate::report::amounts::Dollars;
use crate::rules::Disposition;

/// All flagged lines that one rule names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stratum {
    /// The rule's id.
    pub rule: String,
    /// What the rule recommended for them.
    pub disposition: Disposition,
    /// How many lines there are.
    pub lines: u64,
    /// Dollars paid on them, reversals netted.
    pub paid: Dollars,
    /// Dollars of those paid amounts that are below zero: zero or less. `None` where
    /// not known: then the bounds that are certain without any estimate are not used.
    pub reversed: Option<Dollars>,
    /// Lines whose paid amount is unknown.
    pub paid_unknown: u64,
}

/// A line drawn from a stratum.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SampledLine {
    /// The rule of its stratum.
    pub rule: String,
    /// Its place in the random order of its stratum, from 1.
    pub place: u64,
    /// The input that it stands in, as given.
    pub source_file: String,
    /// Its row there, from 1.
    pub source_row: u64,
    /// The claim.
    pub claim_id: String,
    /// The line's number on the claim.
    pub line_number: u32,
    /// Dollars paid, if known.
    pub paid: Option<Decimal>,
}

/// Why strata and lines do not make a sample.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// A stratum is there twice.
    #[error("rule {0} is two strata of the sample")]
    StratumTwice(String),
    /// A line is of a stratum that is not there.
    #[error("a sampled line is of rule {0}, which is no stratum of the sample")]
    NoStratum(String),
    /// More lines were drawn than there are, or there are more than can be.
    #[error("the sample has {sampled} lines of rule {rule}, which names {lines}")]
    TooMany {
        /// The rule.
        rule: String,
        /// Lines drawn.
        sampled: u64,
        /// Lines there are.
        lines: u64,
    },
    /// A line was drawn twice.
    #[error("a row is in the sample twice, under rule {0}")]
    LineTwice(String),
}
