//! Providers against their peers: observed lines against those expected at the
//! rate of all others, so that size alone convicts nobody.
//!
//! Expected are the lines that the same number of lines under the same versions of
//! the policies would come to at the rates of all *other* providers. Standardising
//! by procedure as well would hide the provider who chose the wrong procedure. The
//! difference is measured in standard deviations of a count, after the square root
//! has made its variance even: `z = 2 (√observed − √expected)`. Providers differ for
//! many good reasons, and lines of a claim share their fate, so `z` is divided by the
//! spread that most providers show (after Spiegelhalter 2005, "Funnel plots for
//! comparing institutional performance"; measured at the median, which those far out
//! cannot move, and never below chance).

use std::collections::BTreeMap;

use super::tally::AppliedVersion;

/// A provider's lines under a version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cell {
    /// The version.
    pub(super) version: AppliedVersion,
    /// Lines that were judged.
    pub(super) lines: u64,
    /// Those that are counted.
    pub(super) observed: u64,
}

/// A provider against all others.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Compared {
    /// Lines counted under versions that others have lines under too.
    pub(super) observed: u64,
    /// Lines expected at the rates of the others.
    pub(super) expected: f64,
    /// The difference in standard deviations, as providers usually differ; `None`
    /// where there are too few to tell.
    pub(super) z: Option<f64>,
}

/// All providers against each other.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Comparison {
    /// Each provider, in the order given; `None` where nobody has comparable lines.
    pub(super) each: Vec<Option<Compared>>,
    /// How much more than by chance most providers differ: the variance of `z`
    /// before it was divided. One where they differ by chance alone.
    pub(super) dispersion: f64,
}

/// Fewer providers say nothing of how providers differ.
const FEWEST: usize = 5;
/// The median of the square of a standard normal variable.
const MEDIAN_OF_SQUARE: f64 = 0.454_936;

/// Compares providers with each other.
#[allow(clippy::cast_precision_loss)]
pub(super) fn compare(providers: &[Vec<Cell>]) -> Comparison {
    let mut totals: BTreeMap<AppliedVersion, (u64, u64)> = BTreeMap::new();
    for cell in providers.iter().flatten() {
        let (lines, observed) = totals.entry(cell.version).or_default();
        *lines += cell.lines;
        *observed += cell.observed;
    }
    let mut each: Vec<Option<Compared>> = providers
        .iter()
        .map(|cells| {
            let mut of_others = cells.iter().filter_map(|cell| {
                let (lines, observed) = totals.get(&cell.version)?;
                let (lines, counted) = (lines - cell.lines, observed - cell.observed);
                (lines > 0).then(|| (cell.observed, cell.lines as f64 * (counted as f64 / lines as f64)))
            });
            let first = of_others.next()?;
            let (observed, expected) = of_others.fold(first, |sum, cell| (sum.0 + cell.0, sum.1 + cell.1));
            Some(Compared { observed, expected, z: None })
        })
        .collect();
    let raw = |one: &Compared| 2.0 * ((one.observed as f64).sqrt() - one.expected.sqrt());
    // Where less than a line is expected, chance shows itself in whole lines.
    let spread: Vec<f64> = each.iter().flatten().filter(|one| one.expected >= 1.0).map(raw).collect();
    let Some(dispersion) = dispersion(spread) else { return Comparison { each, dispersion: 1.0 } };
    each.iter_mut().flatten().for_each(|one| one.z = Some(raw(one) / dispersion.sqrt()));
    Comparison { each, dispersion }
}

/// The variance that most have; `None` of too few.
fn dispersion(z: Vec<f64>) -> Option<f64> {
    let mut squares: Vec<f64> = z.into_iter().map(|z| z * z).collect();
    squares.sort_by(f64::total_cmp);
    let middle = squares.get(squares.len() / 2).filter(|_| squares.len() >= FEWEST)?;
    Some((middle / MEDIAN_OF_SQUARE).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::PolicyRef;

    fn cells(version: u16, lines: u64, observed: u64) -> Vec<Cell> {
        vec![Cell { version: (PolicyRef(0), Some(version)), lines, observed }]
    }

    #[test]
    fn expected_is_what_others_come_to() {
        // The others: 30 of 300. Of 100 lines ten are expected; 40 are found.
        let mut providers = vec![cells(0, 100, 40), cells(0, 100, 10), cells(0, 200, 20)];
        let Comparison { each, dispersion } = compare(&providers);
        let first = each[0].unwrap();
        assert_eq!((first.observed, first.expected, first.z, dispersion), (40, 10.0, None, 1.0));
        // Under another version, it has no peers.
        providers[0] = cells(1, 100, 40);
        assert_eq!(compare(&providers).each[0], None);
        assert_eq!(compare(&[]).each, []);
    }

    #[test]
    fn versions_have_rates_of_their_own() {
        let mut both = cells(0, 50, 5);
        both.extend(cells(1, 50, 40));
        let providers = [both, cells(0, 100, 10), cells(1, 100, 80)];
        // Ten of a hundred here, eighty of a hundred there.
        assert_eq!(compare(&providers).each[0].map(|one| one.expected), Some(45.0));
    }

    #[test]
    fn size_alone_convicts_nobody() {
        // All have the same rate, but for two: a small and a large one.
        let mut providers: Vec<_> = (1..=60).map(|size| cells(0, size * 100, size * 12 + size % 5)).collect();
        providers.push(cells(0, 100, 45));
        providers.push(cells(0, 6_000, 1_800));
        let each = compare(&providers).each;
        let far: Vec<usize> = (0..providers.len()).filter(|at| each[*at].unwrap().z.unwrap() > 3.0).collect();
        assert_eq!(far, [60, 61]);
    }

    #[test]
    fn of_few_providers_one_far_out_is_told() {
        let mut providers: Vec<_> = (0..6).map(|at| cells(0, 1_000, 100 + at)).collect();
        providers.push(cells(0, 1_000, 300));
        let far = |providers: &[Vec<Cell>]| {
            compare(providers).each.iter().flatten().filter(|one| one.z.is_some_and(|z| z > 3.0)).count()
        };
        assert_eq!((far(&providers), far(&providers[..6]), far(&providers[3..])), (1, 0, 0));
    }

    #[test]
    fn where_all_differ_nobody_stands_out() {
        // Half of all have twice the rate of the others.
        let providers: Vec<_> = (0..100).map(|at| cells(0, 1_000, if at % 2 == 0 { 60 } else { 120 })).collect();
        let Comparison { each, dispersion } = compare(&providers);
        assert!(dispersion > 5.0, "{dispersion}");
        assert!(each.iter().flatten().all(|one| one.z.unwrap().abs() < 2.0));
    }
}
