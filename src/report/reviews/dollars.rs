//! The confirmed dollars of strata, from those of their reviewed lines.

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::file::Verdict;
use super::matching::Reviewed;
use super::precision;
use super::sample::Stratum;
use crate::claim::Decimal;
use crate::report::amounts::Dollars;

/// The quantile of a one-sided 95% bound, which is that of a two-sided 90% interval.
const LEVEL: f64 = 0.95;
/// More degrees of freedom change the quantile by a ten-thousandth only, and it is
/// computed the less exactly the more there are.
const MANY: f64 = 1e4;

/// A stratum in numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct StratumDollars {
    /// Dollars of the reviewed lines that were confirmed.
    pub(super) confirmed: Dollars,
    /// What is extrapolated; `None` where the sample does not allow it.
    pub(super) estimate: Option<Estimate>,
    /// What is certain and what is possible without any estimate, where known.
    pub(super) certain: Option<(f64, f64)>,
}

/// An estimated sum of one stratum or of several.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Estimate {
    /// The estimate.
    pub(super) dollars: f64,
    /// As the sample shows it.
    pub(super) spread: Spread,
    /// The same, but no smaller than the precision implies.
    pub(super) guarded: Spread,
}

/// The variance of a sum of independent estimates.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spread {
    variance: f64,
    /// The sum of the strata's squared variances, each over its degrees of freedom.
    squares: f64,
}

impl Spread {
    fn of(variance: f64, freedom: f64) -> Self {
        Self { variance, squares: variance * variance / freedom }
    }

    fn add(&mut self, other: &Self) {
        self.variance += other.variance;
        self.squares += other.squares;
    }

    /// The standard error.
    pub(super) fn error(&self) -> f64 {
        self.variance.sqrt()
    }

    /// The degrees of freedom by Satterthwaite; `None` where there is no spread.
    pub(super) fn freedom(&self) -> Option<f64> {
        (self.squares > 0.0).then(|| self.variance * self.variance / self.squares)
    }

    /// How far below its estimate the limit lies.
    pub(super) fn margin(&self) -> f64 {
        self.freedom().map_or(0.0, |freedom| quantile(freedom) * self.error())
    }
}

impl Estimate {
    /// Adds that of another stratum.
    pub(super) fn add(&mut self, other: &Self) {
        self.dollars += other.dollars;
        self.spread.add(&other.spread);
        self.guarded.add(&other.guarded);
    }
}

impl StratumDollars {
    /// The dollars of a stratum whose sampled lines these are.
    #[allow(clippy::cast_precision_loss)] // Counts below 2 to the 53rd.
    pub(super) fn of(stratum: &Stratum, lines: &[Reviewed]) -> Self {
        let reviewed: Vec<(Decimal, bool)> = lines
            .iter()
            .filter_map(|reviewed| {
                let verdict = reviewed.verdict?;
                Some((reviewed.line.paid.unwrap_or_default(), verdict == Verdict::Confirmed))
            })
            .collect();
        let confirmed = sum(reviewed.iter().filter(|(_, right)| *right).map(|(paid, _)| *paid));
        let certain = stratum.reversed.map(|reversed| {
            let seen = |reversal: bool| {
                let amounts = reviewed.iter().map(|(paid, _)| *paid);
                sum(amounts.filter(|paid| paid.is_negative() == reversal)).number()
            };
            let below = (reversed.number() - seen(true)).min(0.0);
            let above = (stratum.paid.number() - reversed.number() - seen(false)).max(0.0);
            (confirmed.number() + below, confirmed.number() + above)
        });
        let count = reviewed.len() as u64;
        let (all, drawn) = (stratum.lines as f64, count as f64);
        let estimate = if count == stratum.lines {
            Some(Estimate { dollars: confirmed.number(), ..Estimate::default() })
        } else if count < 2 {
            None
        } else {
            let mean = confirmed.number() / drawn;
            let deviations = reviewed.iter().map(|(paid, right)| {
                let dollars = if *right { Dollars::from(*paid).number() } else { 0.0 };
                (dollars - mean) * (dollars - mean)
            });
            let freedom = drawn - 1.0;
            let of_lines = deviations.sum::<f64>() / freedom;
            let variance = all * all * (1.0 - drawn / all) * of_lines / drawn;
            let dollars = all * mean;
            let right = reviewed.iter().filter(|(_, right)| *right).count() as u64;
            let least = least_error(stratum.lines, count, right, dollars) / quantile(freedom);
            Some(Estimate {
                dollars,
                spread: Spread::of(variance, freedom),
                guarded: Spread::of(variance.max(least * least), freedom),
            })
        };
        Self { confirmed, estimate, certain }
    }

    /// What the stratum adds to a lower bound where nothing is extrapolated for it.
    pub(super) fn unextrapolated(&self) -> f64 {
        self.certain.map_or(self.confirmed.number(), |(least, _)| least)
    }
}

/// How far below their estimate the dollars may lie because fewer lines may be right
/// than the reviewed ones show, at the dollars that a right line comes to on average.
fn least_error(lines: u64, reviewed: u64, right: u64, dollars: f64) -> f64 {
    if right == 0 {
        return 0.0;
    }
    let shown = precision::share(right, reviewed);
    (dollars * (1.0 - precision::lower_bound(lines, reviewed, right) / shown)).max(0.0)
}

fn sum(amounts: impl Iterator<Item = Decimal>) -> Dollars {
    let mut sum = Dollars::default();
    amounts.for_each(|amount| sum += amount.into());
    sum
}

/// The quantile of Student's t.
fn quantile(freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom.clamp(1.0, MANY)).map_or(f64::INFINITY, |student| student.inverse_cdf(LEVEL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, expected) in [
            (1.0, 6.313_752),
            (2.0, 2.919_986),
            (3.0, 2.353_363),
            (9.0, 1.833_113),
            (29.0, 1.699_127),
            (120.0, 1.657_651),
            (1e4, 1.645_006),
            (1e12, 1.645_006),
        ] {
            assert!((quantile(freedom) - expected).abs() < 2e-6, "{freedom}: {}", quantile(freedom));
        }
        // A step of a fraction is a step of the quantile: nothing jumps.
        let mut before = quantile(1.0);
        for tenth in 11..3_000 {
            let now = quantile(f64::from(tenth) / 10.0);
            assert!(now < before && before - now < 1.0, "{tenth}");
            before = now;
        }
    }
}
