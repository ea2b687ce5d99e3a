//! Providers against their peers: observed lines against those expected at the
//! rate of all others, so that size alone convicts nobody.
//!
//! Expected are the lines that the same number of lines under the same versions of
//! the policies would come to at the rates of all *other* providers. Standardising
//! by procedure as well would hide the provider who chose the wrong procedure. The
//! difference is measured in standard deviations of a count, after the square root
//! has made its variance even: `z = 2 (√observed − √expected)`. Providers differ for
//! many good reasons, so `z` is divided by the spread that most of them show
//! (Spiegelhalter 2005, "Funnel plots for comparing institutional performance":
//! winsorised at the tenth and ninetieth percentile, and never below one).

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
    /// The difference in standard deviations, as providers usually differ.
    pub(super) z: f64,
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

/// So few providers say nothing of how providers differ.
const FEWEST: usize = 10;
/// One in so many is cut off at either end, to measure how the others differ.
const CUT: usize = 10;

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
            let z = 2.0 * ((observed as f64).sqrt() - expected.sqrt());
            Some(Compared { observed, expected, z })
        })
        .collect();
    // Where less than a line is expected, chance shows itself in whole lines.
    let spread = each.iter().flatten().filter(|one| one.expected >= 1.0).map(|one| one.z);
    let dispersion = dispersion(spread.collect());
    each.iter_mut().flatten().for_each(|one| one.z /= dispersion.sqrt());
    Comparison { each, dispersion }
}

/// The mean square, with what lies far out brought in to the tenth and ninetieth
/// percentile.
#[allow(clippy::cast_precision_loss)]
fn dispersion(mut z: Vec<f64>) -> f64 {
    if z.len() < FEWEST {
        return 1.0;
    }
    z.sort_by(f64::total_cmp);
    let cut = z.len() / CUT;
    let (Some(&low), Some(&high)) = (z.get(cut), z.get(z.len() - 1 - cut)) else { return 1.0 };
    let squares: f64 = z.iter().map(|z| z.clamp(low, high).powi(2)).sum();
    (squares / z.len() as f64).max(1.0)
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
        assert_eq!((first.observed, first.expected, dispersion), (40, 10.0, 1.0));
        assert!((first.z - 2.0 * (40_f64.sqrt() - 10_f64.sqrt())).abs() < 1e-12);
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
        let far: Vec<usize> = (0..providers.len()).filter(|at| each[*at].unwrap().z > 3.0).collect();
        assert_eq!(far, [60, 61]);
    }

    #[test]
    fn where_all_differ_nobody_stands_out() {
        // Half of all have twice the rate of the others.
        let providers: Vec<_> = (0..100).map(|at| cells(0, 1_000, if at % 2 == 0 { 60 } else { 120 })).collect();
        let Comparison { each, dispersion } = compare(&providers);
        assert!(dispersion > 5.0, "{dispersion}");
        assert!(each.iter().flatten().all(|one| one.z.abs() < 2.0));
    }
}
