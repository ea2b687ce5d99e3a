//! What providers were paid, against what others were paid for the same services.
//!
//! Programs pay differently, and a line may have several units: so providers are held
//! against what others were paid for as many units of the same procedures in the same
//! programs. How far the ratio lies from the middle one is measured by what most
//! providers show, at the median; of lines referred elsewhere nothing counts.

use std::collections::BTreeMap;

use super::amounts::{Dollars, Summed as _};
use super::peers::{FEWEST, median};
use super::tally::PaidSums;
use crate::policy::{ProcedureIndex, Program};

/// What services are told apart by, to compare what was paid for them.
pub(super) type Service = (ProcedureIndex, Option<Program>);

/// What a provider was paid, against what others were paid for as many units of the
/// same services.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct PaidCompared {
    /// Dollars paid on lines of services that others have lines of too.
    pub(super) paid: f64,
    /// Dollars that others were paid for as many units of the same services.
    pub(super) expected: f64,
    /// How far `paid / expected` lies from the middle one, in standard deviations as
    /// most providers show; `None` where there are too few to tell.
    pub(super) z: Option<f64>,
}

/// Fewer lines than this say little of what a provider is usually paid.
const FEWEST_PAID_LINES: u64 = 30;
/// The standard deviation of a normal variable whose median distance from the middle
/// is one.
const DEVIATION_OF_MEDIAN: f64 = 1.4826;
/// Under a fee schedule all are paid alike: a few percent are no difference.
const LEAST_DEVIATION: f64 = 0.05;

/// Compares what providers were paid.
#[allow(clippy::cast_precision_loss)]
pub(super) fn compare_paid(providers: &[Vec<(Service, PaidSums)>]) -> Vec<Option<PaidCompared>> {
    let mut totals: BTreeMap<Service, PaidSums> = BTreeMap::new();
    for (service, sums) in providers.iter().flatten() {
        totals.entry(*service).or_default().merge(sums);
    }
    let mut each: Vec<Option<PaidCompared>> = providers
        .iter()
        .map(|services| {
            let (mut lines, mut paid, mut expected) = (0, Dollars::default(), Vec::with_capacity(services.len()));
            for (service, own) in services {
                let all = totals.get(service).copied().unwrap_or_default();
                let others = all.units - own.units;
                // Where reversals outweigh what they reverse, there is no price.
                if others > 0 && own.units > 0 {
                    lines += own.lines;
                    paid += own.paid;
                    expected.push(own.units as f64 * ((all.paid - own.paid).number() / others as f64));
                }
            }
            // The sum must not follow the order of the services.
            expected.sort_unstable_by(f64::total_cmp);
            let (paid, expected) = (paid.number(), expected.iter().sum::<f64>());
            (lines >= FEWEST_PAID_LINES && expected > 0.0).then_some(PaidCompared { paid, expected, z: None })
        })
        .collect();
    let times = |one: &PaidCompared| one.paid / one.expected;
    let all: Vec<f64> = each.iter().flatten().map(times).collect();
    let Some(middle) = median(all.clone()).filter(|_| all.len() >= FEWEST) else { return each };
    let distance = median(all.iter().map(|times| (times - middle).abs()).collect()).unwrap_or_default();
    let deviation = (distance * DEVIATION_OF_MEDIAN).max(LEAST_DEVIATION * middle.abs());
    if deviation > 0.0 {
        each.iter_mut().flatten().for_each(|one| one.z = Some((times(one) - middle) / deviation));
    }
    each
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_held_against_those_of_the_same_procedures() {
        let provider = |dear: u32, cheap: u32, times: f64| {
            let paid = |lines: u32, price: f64| PaidSums {
                lines: lines.into(),
                units: i128::from(lines) * 10_000,
                paid: (f64::from(lines) * price * times).into(),
            };
            let service = |procedure| (ProcedureIndex(procedure), Some(Program::Commercial));
            vec![(service(0), paid(dear, 1_000.0)), (service(1), paid(cheap, 10.0))]
        };
        // Who does the dear one only is like the others; who takes thrice as much is not.
        let mut providers: Vec<_> = (0..10).map(|at| provider(50, 50, 0.9 + 0.02 * f64::from(at))).collect();
        providers.push(provider(100, 0, 1.0));
        providers.push(provider(10, 90, 3.0));
        // Too few lines to tell.
        providers.push(provider(1, 1, 9.0));
        let compared = compare_paid(&providers);
        let far: Vec<_> = (0..13).filter(|at| compared[*at].and_then(|one| one.z).is_some_and(|z| z > 5.0)).collect();
        assert_eq!((far, compared[12]), (vec![11], None));
        assert_eq!(compare_paid(&providers[..2])[0].unwrap().z, None);
    }

    #[test]
    fn under_a_fee_schedule_cents_are_no_difference_and_three_times_is() {
        let provider = |paid: f64| {
            let sums = PaidSums { lines: 100, units: 1_000_000, paid: (paid * 100.0).into() };
            vec![((ProcedureIndex(0), Some(Program::Commercial)), sums)]
        };
        let mut providers: Vec<_> = (0..20).map(|_| provider(250.0)).collect();
        providers.push(provider(251.25));
        providers.push(provider(750.0));
        let z: Vec<f64> = compare_paid(&providers).iter().map(|one| one.unwrap().z.unwrap()).collect();
        assert!(z[..21].iter().all(|z| z.abs() < 0.5) && z[21] > 5.0, "{z:?}");
    }

    #[test]
    fn the_order_of_services_is_no_matter() {
        let sums = |paid: f64| PaidSums { lines: 40, units: 400_000, paid: paid.into() };
        // Amounts that a float forgets beside one another.
        let paid = [98_765_432_109.87, 0.13, -98_765_432_100.01, 77.7];
        let provider = |times: f64| {
            let service = |(procedure, paid): (u32, f64)| ((ProcedureIndex(procedure), None), sums(paid * times));
            (0..).zip(paid).map(service).collect::<Vec<_>>()
        };
        let providers: Vec<_> = (0..20).map(|at| provider(0.9 + 0.01 * f64::from(at))).collect();
        let turned: Vec<Vec<_>> = providers.iter().map(|services| services.iter().rev().copied().collect()).collect();
        let compared = compare_paid(&providers);
        assert!(compared.iter().any(Option::is_some));
        assert_eq!(compared, compare_paid(&turned));
    }

    #[test]
    fn programs_have_prices_of_their_own() {
        let provider = |commercial: u32, medicare: u32| {
            let paid = |lines: u32, price: f64| PaidSums {
                lines: lines.into(),
                units: i128::from(lines) * 10_000,
                paid: (f64::from(lines) * price).into(),
            };
            let service = |program| (ProcedureIndex(0), Some(program));
            vec![
                (service(Program::Commercial), paid(commercial, 900.0)),
                (service(Program::Medicare), paid(medicare, 300.0)),
            ]
        };
        let mut providers: Vec<_> = (0..20).map(|_| provider(10, 90)).collect();
        providers.push(provider(95, 5));
        assert!(compare_paid(&providers).iter().all(|one| one.unwrap().z.unwrap().abs() < 0.5));
    }
}
