//! Providers against their peers: observed lines against those expected at the
//! rate of all others, so that size alone convicts nobody.
//!
//! Expected are the lines that the same number of lines under the same versions of
//! the policies would come to at the rates of all *other* providers, without those far
//! out themselves. Standardising
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
pub(super) const FEWEST: usize = 5;
/// The median of the square of a standard normal variable.
const MEDIAN_OF_SQUARE: f64 = 0.454_936;

/// Compares providers with each other: first with all others, then with those others
/// that are not `far` out themselves, who would make everybody else look good.
#[allow(clippy::cast_precision_loss)]
pub(super) fn compare(providers: &[Vec<Cell>], far: f64) -> Comparison {
    let first = against(providers, &vec![true; providers.len()]);
    // Only those above: one far above makes others lie below.
    let is_peer: Vec<bool> = first.each.iter().map(|one| one.and_then(|one| one.z).is_none_or(|z| z < far)).collect();
    against(providers, &is_peer)
}

/// Compares providers with those others that are peers; where no other is one, with
/// all others.
#[allow(clippy::cast_precision_loss)]
fn against(providers: &[Vec<Cell>], is_peer: &[bool]) -> Comparison {
    let of_all = totals(providers.iter());
    let of_peers = totals(providers.iter().zip(is_peer).filter(|(_, is_peer)| **is_peer).map(|(cells, _)| cells));
    let mut each: Vec<Option<Compared>> = providers
        .iter()
        .zip(is_peer)
        .map(|(cells, is_peer)| {
            let mut of_others = cells.iter().filter_map(|cell| {
                let others = |totals: &Totals, is_in: bool| {
                    let (lines, observed) = totals.get(&cell.version)?;
                    let own = if is_in { (cell.lines, cell.observed) } else { (0, 0) };
                    Some((lines - own.0, observed - own.1)).filter(|(lines, _)| *lines > 0)
                };
                let (lines, counted) = others(&of_peers, *is_peer).or_else(|| others(&of_all, true))?;
                Some((cell.observed, cell.lines as f64 * (counted as f64 / lines as f64)))
            });
            let first = of_others.next()?;
            let (observed, expected) = of_others.fold(first, |sum, cell| (sum.0 + cell.0, sum.1 + cell.1));
            Some(Compared { observed, expected, z: None })
        })
        .collect();
    if each.iter().flatten().count() < FEWEST {
        return Comparison { each, dispersion: 1.0 };
    }
    let raw = |one: &Compared| 2.0 * ((one.observed as f64).sqrt() - one.expected.sqrt());
    // Where less than a line is expected, chance shows itself in whole lines.
    let spread: Vec<f64> = each.iter().flatten().filter(|one| one.expected >= 1.0).map(raw).collect();
    let dispersion = dispersion(spread);
    each.iter_mut().flatten().for_each(|one| one.z = Some(raw(one) / dispersion.sqrt()));
    Comparison { each, dispersion }
}

/// Lines, and those counted, by version.
type Totals = BTreeMap<AppliedVersion, (u64, u64)>;

fn totals<'c>(providers: impl Iterator<Item = &'c Vec<Cell>>) -> Totals {
    let mut totals = Totals::new();
    for cell in providers.flatten() {
        let (lines, observed) = totals.entry(cell.version).or_default();
        *lines += cell.lines;
        *observed += cell.observed;
    }
    totals
}

/// The variance that most have, and that of chance alone where too few tell.
fn dispersion(z: Vec<f64>) -> f64 {
    let enough = z.len() >= FEWEST;
    let middle = median(z.into_iter().map(|z| z * z).collect()).filter(|_| enough);
    middle.map_or(1.0, |middle| (middle / MEDIAN_OF_SQUARE).max(1.0))
}

/// The value in the middle.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::PolicyRef;

    const FAR: f64 = 3.0;

    fn cells(version: u16, lines: u64, observed: u64) -> Vec<Cell> {
        vec![Cell { version: (PolicyRef(0), Some(version)), lines, observed }]
    }

    #[test]
    fn expected_is_what_others_come_to() {
        // The others: 30 of 300. Of 100 lines ten are expected; 40 are found.
        let mut providers = vec![cells(0, 100, 40), cells(0, 100, 10), cells(0, 200, 20)];
        let Comparison { each, dispersion } = compare(&providers, FAR);
        let first = each[0].unwrap();
        assert_eq!((first.observed, first.expected, first.z, dispersion), (40, 10.0, None, 1.0));
        // Under another version, it has no peers.
        providers[0] = cells(1, 100, 40);
        assert_eq!(compare(&providers, FAR).each[0], None);
        assert_eq!(compare(&[], FAR).each, []);
    }

    #[test]
    fn versions_have_rates_of_their_own() {
        let mut both = cells(0, 50, 5);
        both.extend(cells(1, 50, 40));
        let providers = [both, cells(0, 100, 10), cells(1, 100, 80)];
        // Ten of a hundred here, eighty of a hundred there.
        assert_eq!(compare(&providers, FAR).each[0].map(|one| one.expected), Some(45.0));
    }

    #[test]
    fn size_alone_convicts_nobody() {
        // All have the same rate, but for two: a small and a large one.
        let mut providers: Vec<_> = (1..=60).map(|size| cells(0, size * 100, size * 12 + size % 5)).collect();
        providers.push(cells(0, 100, 45));
        providers.push(cells(0, 6_000, 1_800));
        let each = compare(&providers, FAR).each;
        let far: Vec<usize> = (0..providers.len()).filter(|at| each[*at].unwrap().z.unwrap() > 3.0).collect();
        assert_eq!(far, [60, 61]);
    }

    #[test]
    fn of_few_providers_one_far_out_is_told() {
        let mut providers: Vec<_> = (0..6).map(|at| cells(0, 1_000, 100 + at)).collect();
        providers.push(cells(0, 1_000, 300));
        let far = |providers: &[Vec<Cell>]| {
            compare(providers, FAR).each.iter().flatten().filter(|one| one.z.is_some_and(|z| z > 3.0)).count()
        };
        assert_eq!((far(&providers), far(&providers[..6]), far(&providers[3..])), (1, 0, 0));
    }

    #[test]
    fn a_rule_that_is_rare_tells_one_who_abuses_it() {
        let mut providers: Vec<_> = (0..60).map(|at| cells(0, 100, u64::from(at % 3 == 0))).collect();
        providers.push(cells(0, 100, 90));
        assert!(compare(&providers, FAR).each[60].unwrap().z.unwrap() > 10.0);
    }

    #[test]
    fn peers_whom_one_far_out_put_below_stay_its_peers() {
        // Under the first version there are three alone, one of them far out.
        let mut providers = vec![cells(0, 1_000, 400), cells(0, 1_000, 20), cells(0, 1_000, 20)];
        providers.extend((0..8).map(|at| cells(1, 1_000, 20 + at)));
        let each = compare(&providers, FAR).each;
        let [a, b] = [0, 1].map(|at| each[at].unwrap());
        assert_eq!((a.observed, a.expected, b.expected), (400, 20.0, 20.0));
        assert!(a.z.unwrap() > 10.0 && b.z.unwrap() < FAR);
    }

    #[test]
    fn one_far_out_does_not_make_the_others_look_good() {
        let mut providers: Vec<_> = (0..40).map(|at| cells(0, 1_000, 95 + at % 11)).collect();
        providers.push(cells(0, 30_000, 12_000));
        let Comparison { each, dispersion } = compare(&providers, FAR);
        assert!(each.iter().take(40).flatten().all(|one| (99.0..101.0).contains(&one.expected)));
        assert!((1.0..1.1).contains(&dispersion), "{dispersion}");
        assert!(each[40].unwrap().z.unwrap() > 50.0);
    }

    #[test]
    fn where_all_differ_nobody_stands_out() {
        // Half of all have twice the rate of the others.
        let providers: Vec<_> = (0..100).map(|at| cells(0, 1_000, if at % 2 == 0 { 60 } else { 120 })).collect();
        let Comparison { each, dispersion } = compare(&providers, FAR);
        assert!(dispersion > 5.0, "{dispersion}");
        assert!(each.iter().flatten().all(|one| one.z.unwrap().abs() < 2.0));
    }
}
