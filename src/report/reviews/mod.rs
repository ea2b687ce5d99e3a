//! What chart reviewers found in a random sample of flagged lines, and what that
//! says of all of them.
//!
//! A run's flagged lines are sampled by the rule that names them (the strata), and
//! reviewers fill in verdicts. [`ReviewFile`] reads their file back; [`Reviews::new`]
//! brings it together with the sample, and gives each rule's precision and the
//! dollars that the confirmed share of its lines comes to. Nothing here does I/O but
//! reading from what it is given.
//!
//! # Method
//!
//! *Precision* is the share of a rule's lines whose recommendation the reviewers
//! confirm. Its 95% interval inverts the hypergeometric distribution: the interval of
//! Clopper and Pearson (1934) for draws without replacement from a stratum of known
//! size. It covers at least 95%, whatever the precision, and is one number where every
//! line was reviewed. (Wilson's interval is shorter, but falls below its level where
//! precision is high, which is where a rule should be.)
//!
//! *Dollars* are a stratified mean-per-unit estimate (Cochran, Sampling Techniques,
//! 3rd edition, chapter 5): of each stratum its number of lines times the mean, over
//! its reviewed lines, of the dollars paid where the recommendation was confirmed and 0
//! elsewhere; the variance with the finite population correction; for several strata
//! the degrees of freedom by Satterthwaite's formula (Cochran, 5.16). The lower limit of
//! the two-sided 90% interval, by Student's t, is below the true sum 95 times in 100: it
//! is the amount that the Office of Inspector General of the US Department of Health
//! and Human Services recommends to recover in its audits of Medicare overpayments.
//! (Contractors of CMS commonly use a one-sided 90% limit, which is higher.)
//!
//! *The lower bound* is that limit, made to hold where normal theory is weak:
//!
//! - The spread of a stratum is never taken to be smaller than what the exact lower
//!   bound (one-sided 95%) of its precision implies. Without that, five confirmed lines
//!   of one price would have no spread, and prove a hundred thousand others.
//! - It is not below what is certain: the dollars confirmed in the reviewed lines, less
//!   the reversals among the others (which may all belong to confirmed lines). It is not
//!   above what is possible: those dollars, and every positive amount of the others.
//!   Both need the sum of the stratum's reversals, and are left out where that is not
//!   known.
//! - A stratum with no reviewed line, or with one of several, has no spread: nothing is
//!   extrapolated for it, and the lines that nobody reviewed count 0 (their reversals,
//!   where known, in full).
//!
//! Conservative by choice: a verdict of undetermined, or two verdicts that contradict
//! each other, count as not confirmed; an unknown paid amount counts 0 dollars. Lines
//! that are not in the sample were not drawn by chance, and tell nothing of the others.

mod build;
mod columns;
mod dollars;
mod file;
mod matching;
mod precision;
mod result;
mod sample;
mod words;

#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod matching_tests;
#[cfg(test)]
mod simulation_tests;
#[cfg(test)]
mod tests;

pub use columns::ColumnError;
pub use file::{LineKey, Mark, ReviewFile, ReviewFileError, Verdict};
pub use precision::Precision;
pub use result::{Extrapolation, ReadCounts, ReviewCounts, Reviews, RuleReview, SCHEMA_VERSION, Totals};
pub use sample::{SampleError, SampledLine, Stratum};
pub use words::method;
