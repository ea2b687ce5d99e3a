//! Populations whose truth is known, sampled many times: bounds and intervals hold as
//! often as they say.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng as _, SeedableRng as _};

use super::*;
use crate::claim::Decimal;
use crate::report::amounts::Dollars;
use crate::rules::Disposition;

const SAMPLES: u32 = 400;

/// Chance.
struct Chance(Pcg64Mcg);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// A number from 0 up to 1.
    fn share(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    #[allow(clippy::cast_possible_truncation)] // Below a `usize`.
    fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound as u64) as usize
    }
}

/// What a stratum is like: lines, share that is right, how many are drawn, and the price
/// of a line.
struct Kind {
    lines: usize,
    right: f64,
    drawn: usize,
    price: fn(&mut Chance) -> f64,
}

/// A stratum's lines: dollars paid, and whether they were rightly flagged.
type Population = Vec<(Decimal, bool)>;

/// How often bounds and intervals held in [`SAMPLES`] samples.
#[derive(Default, Debug)]
struct Held {
    /// The lower bound of all strata was not above the truth.
    bound: u32,
    /// The textbook limit was not.
    limit: u32,
    /// The interval of the first stratum's precision held the true one.
    precision: u32,
    /// The mean of the estimates over the truth.
    ratio: f64,
}

fn populations(kinds: &[Kind], chance: &mut Chance) -> Vec<Population> {
    let line = |kind: &Kind, chance: &mut Chance| {
        let paid = Decimal::from_float(((kind.price)(chance) * 100.0).round() / 100.0).unwrap();
        (paid, chance.share() < kind.right)
    };
    kinds.iter().map(|kind| (0..kind.lines).map(|_| line(kind, chance)).collect()).collect()
}

fn sum(amounts: impl Iterator<Item = Decimal>) -> Dollars {
    let mut sum = Dollars::default();
    amounts.for_each(|amount| sum += amount.into());
    sum
}

fn held(kinds: &[Kind], seed: u64) -> Held {
    let chance = &mut Chance::new(seed);
    let populations = populations(kinds, chance);
    let truth: f64 = populations
        .iter()
        .map(|lines| sum(lines.iter().filter(|(_, right)| *right).map(|(paid, _)| *paid)).number())
        .sum();
    let first = &populations[0];
    let share = precision::share(first.iter().filter(|(_, right)| *right).count() as u64, first.len() as u64);
    let strata: Vec<Stratum> = populations
        .iter()
        .enumerate()
        .map(|(rule, lines)| Stratum {
            rule: rule.to_string(),
            disposition: Disposition::Deny,
            lines: lines.len() as u64,
            paid: sum(lines.iter().map(|(paid, _)| *paid)),
            reversed: Some(sum(lines.iter().map(|(paid, _)| *paid).filter(|paid| paid.is_negative()))),
            paid_unknown: 0,
        })
        .collect();
    let mut held = Held::default();
    for _ in 0..SAMPLES {
        let (sample, file) = draw(kinds, &populations, chance);
        let reviews = Reviews::new(&strata, &sample, &file).unwrap();
        let estimate = reviews.denied.extrapolated.unwrap();
        let precision = reviews.by_rule[0].precision.unwrap();
        held.bound += u32::from(reviews.denied.lower_bound <= truth + 0.005);
        held.limit += u32::from(estimate.lower_limit <= truth + 0.005);
        held.precision += u32::from(precision.lower <= share && share <= precision.upper);
        held.ratio += estimate.dollars / truth / f64::from(SAMPLES);
        assert!(reviews.denied.drawn && reviews.denied.lower_bound >= reviews.denied.confirmed_paid);
        assert!(reviews.denied.lower_bound <= reviews.denied.exposure + 0.005);
    }
    held
}

/// Draws from each stratum, and what perfect reviewers find.
fn draw(kinds: &[Kind], populations: &[Population], chance: &mut Chance) -> (Vec<SampledLine>, ReviewFile) {
    let (mut sample, mut file) = (Vec::new(), ReviewFile::default());
    for (rule, (kind, lines)) in kinds.iter().zip(populations).enumerate() {
        let mut order: Vec<usize> = (0..lines.len()).collect();
        for place in 0..kind.drawn {
            let other = place + chance.below(order.len() - place);
            order.swap(place, other);
            let (paid, right) = lines[order[place]];
            let (source_file, source_row) = (rule.to_string(), order[place] as u64 + 1);
            file.rows += 1;
            file.marks.push(Mark {
                row: file.rows + 1,
                key: LineKey::Source { file: source_file.clone(), row: source_row },
                also: None,
                verdict: if right { Verdict::Confirmed } else { Verdict::Overturned },
            });
            sample.push(SampledLine {
                rule: rule.to_string(),
                place: place as u64 + 1,
                source_file,
                source_row,
                claim_id: String::new(),
                line_number: 1,
                paid: Some(paid),
            });
        }
    }
    (sample, file)
}

/// Prices with a tail to the right, of which the largest are some ten times the middle.
fn skewed(chance: &mut Chance) -> f64 {
    300.0 * (1.0 + 2.0 * -(1.0 - chance.share()).ln())
}

/// Nearly one price.
fn narrow(chance: &mut Chance) -> f64 {
    400.0 + 20.0 * chance.share()
}

fn at_least(count: u32, percent: u32) -> bool {
    count * 100 >= SAMPLES * percent
}

#[test]
fn of_skewed_amounts_the_bound_lies_below_the_truth() {
    let kinds = [
        Kind { lines: 2_000, right: 0.85, drawn: 60, price: skewed },
        Kind { lines: 700, right: 0.6, drawn: 40, price: skewed },
        Kind { lines: 90, right: 0.95, drawn: 30, price: narrow },
        Kind { lines: 12, right: 0.5, drawn: 12, price: skewed },
    ];
    let held = held(&kinds, 1);
    assert!(at_least(held.bound, 93) && at_least(held.limit, 92), "{held:?}");
    assert!(at_least(held.precision, 93), "{held:?}");
    assert!((held.ratio - 1.0).abs() < 0.02, "{held:?}");
    // It is a bound and not merely low: at times it lies above.
    assert!(held.limit < SAMPLES, "{held:?}");
}

#[test]
fn of_one_price_and_few_errors_the_textbook_limit_fails_and_the_bound_does_not() {
    let kinds = [Kind { lines: 5_000, right: 0.9, drawn: 20, price: narrow }];
    let held = held(&kinds, 2);
    assert!(!at_least(held.limit, 90), "{held:?}");
    assert!(at_least(held.bound, 94) && at_least(held.precision, 93), "{held:?}");
}

#[test]
fn half_of_the_lines_reviewed_narrows_without_failing() {
    let kinds = [
        Kind { lines: 120, right: 0.7, drawn: 60, price: skewed },
        Kind { lines: 80, right: 0.8, drawn: 40, price: skewed },
    ];
    let held = held(&kinds, 3);
    assert!(at_least(held.bound, 92) && at_least(held.limit, 91) && at_least(held.precision, 93), "{held:?}");
}
