//! A rule's precision: what share of its lines the reviewers confirm.

use serde::{Deserialize, Serialize};
use statrs::distribution::{DiscreteCDF as _, Hypergeometric};

/// The level of what is said in two directions: 2.5% in either tail.
const TWO_SIDED: f64 = 0.025;
/// The level of a lower bound alone.
const ONE_SIDED: f64 = 0.05;

/// The share of a stratum's lines that were rightly flagged, from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Precision {
    /// The share of the reviewed lines: the estimate.
    pub share: f64,
    /// The lower end of the exact two-sided 95% interval.
    pub lower: f64,
    /// Its upper end.
    pub upper: f64,
    /// Whether every line was reviewed, so that this is no estimate.
    pub exact: bool,
}

impl Precision {
    /// The precision of a stratum of so many lines, of which so many were reviewed and
    /// so many of them confirmed. `None` where no line was reviewed.
    #[must_use]
    pub fn of(lines: u64, reviewed: u64, confirmed: u64) -> Option<Self> {
        (0 < reviewed && confirmed <= reviewed && reviewed <= lines).then(|| Self {
            share: share(confirmed, reviewed),
            lower: share(fewest(lines, reviewed, confirmed, TWO_SIDED), lines),
            upper: share(lines - fewest(lines, reviewed, reviewed - confirmed, TWO_SIDED), lines),
            exact: reviewed == lines,
        })
    }
}

/// The exact one-sided 95% lower bound of the share.
pub(super) fn lower_bound(lines: u64, reviewed: u64, confirmed: u64) -> f64 {
    share(fewest(lines, reviewed, confirmed, ONE_SIDED), lines)
}

/// The fewest right lines of a stratum, by which so many right ones among those drawn
/// are not rarer than `level`.
fn fewest(lines: u64, drawn: u64, right: u64, level: f64) -> u64 {
    // Those drawn are known: the answer lies between them and all that they leave open.
    let (mut low, mut high) = (right, lines - (drawn - right));
    while low < high {
        let middle = low + (high - low) / 2;
        let as_many = Hypergeometric::new(lines, middle, drawn)
            .map_or(1.0, |drawing| right.checked_sub(1).map_or(1.0, |fewer| drawing.sf(fewer)));
        if as_many > level {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[allow(clippy::cast_precision_loss)] // Counts below 2 to the 53rd.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: u64, reviewed: u64, confirmed: u64) -> (f64, f64, f64, bool) {
        let precision = Precision::of(lines, reviewed, confirmed).unwrap();
        (precision.share, precision.lower, precision.upper, precision.exact)
    }

    #[test]
    fn a_small_stratum_by_hand() {
        // Of 10 lines 3 are drawn, and all confirmed. With K right ones of 10 that has
        // the probability C(K,3)/C(10,3) = C(K,3)/120: K = 3 gives 1/120 = 0.008, K = 4
        // gives 4/120 = 0.033, K = 5 gives 10/120 = 0.083.
        assert_eq!(of(10, 3, 3), (1.0, 0.4, 1.0, false));
        assert_eq!(of(10, 3, 0), (0.0, 0.0, 0.6, false));
        assert!((lower_bound(10, 3, 3) - 0.5).abs() < 1e-12);
        // One line of two: the other is open.
        assert_eq!(of(2, 1, 1), (1.0, 0.5, 1.0, false));
    }

    #[test]
    fn where_all_are_reviewed_it_is_exact() {
        assert_eq!(of(7, 7, 5), (5.0 / 7.0, 5.0 / 7.0, 5.0 / 7.0, true));
        assert_eq!(of(1, 1, 0), (0.0, 0.0, 0.0, true));
        assert!(Precision::of(5, 0, 0).is_none());
        assert!(Precision::of(0, 0, 0).is_none());
    }

    #[test]
    fn of_many_lines_it_is_the_interval_of_clopper_and_pearson() {
        // Tables: 0 of 30, 15 of 30 and 95 of 100.
        for ((reviewed, confirmed), (lower, upper)) in
            [((30, 0), (0.0, 0.1157)), ((30, 15), (0.3130, 0.6870)), ((100, 95), (0.8872, 0.9836))]
        {
            let (_, low, high, _) = of(100_000_000, reviewed, confirmed);
            assert!((low - lower).abs() < 5e-5 && (high - upper).abs() < 5e-5, "{confirmed}: {low} {high}");
        }
    }

    #[test]
    fn it_covers_what_is_so_whatever_that_is() {
        // Exactly, by summing the probability of each outcome whose interval covers.
        use statrs::distribution::Discrete as _;
        for (lines, reviewed) in [(40_u64, 12_u64), (200, 30), (500, 60)] {
            for right in (0..=lines).step_by(7) {
                let drawing = Hypergeometric::new(lines, right, reviewed).unwrap();
                let truth = share(right, lines);
                let mut covered = 0.0;
                let mut bounded = 0.0;
                for confirmed in 0..=reviewed {
                    let probability = drawing.pmf(confirmed);
                    if probability < 1e-12 {
                        continue;
                    }
                    let (_, lower, upper, _) = of(lines, reviewed, confirmed);
                    covered += if lower <= truth && truth <= upper { probability } else { 0.0 };
                    bounded += if lower_bound(lines, reviewed, confirmed) <= truth { probability } else { 0.0 };
                }
                assert!(covered > 0.95 - 1e-6 && bounded > 0.95 - 1e-6, "{right} of {lines}: {covered} {bounded}");
            }
        }
    }
}
