//! Chance, the same on every machine: a seeded generator whose numbers are part
//! of its definition, and choices made with integers only.
//!
//! Nothing here asks the platform's mathematics library for a power or a
//! logarithm: their last bits differ, and with them every byte that follows.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng as _, SeedableRng as _};

/// What [`Rng::often`] counts by.
pub(super) const TEN_THOUSAND: u32 = 10_000;

/// A stream of random numbers.
#[derive(Clone)]
pub(super) struct Rng(Pcg64Mcg);

impl Rng {
    /// One of many independent streams of a seed.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(mix(mix(seed) ^ stream)))
    }

    /// A number from 0 up to, and without, `bound`; 0 where that is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        // Scaling instead of a remainder: its bias, under one in two to the 32nd
        // for each value, is of no consequence here.
        high(u64::from(self.word()) * u64::from(bound))
    }

    /// A number from `low` to `high`, both included; `low` where they are not in
    /// order.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low.saturating_add(self.below(high.saturating_sub(low).saturating_add(1)))
    }

    /// Whether what happens so often in ten thousand happens now.
    pub(super) fn often(&mut self, in_ten_thousand: u32) -> bool {
        self.below(TEN_THOUSAND) < in_ten_thousand
    }

    /// One of these.
    pub(super) fn pick<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.get(self.below(count) as usize)
    }

    /// One of those that will do: tried at random a few times, then the first one
    /// found behind a random place. `None` where none will do.
    pub(super) fn pick_where<'t, T>(&mut self, items: &'t [T], fits: impl Fn(&T) -> bool) -> Option<&'t T> {
        for _ in 0..6 {
            let item = self.pick(items)?;
            if fits(item) {
                return Some(item);
            }
        }
        let start = self.below(u32::try_from(items.len()).unwrap_or(u32::MAX)) as usize;
        let (before, behind) = items.split_at_checked(start)?;
        behind.iter().chain(before).find(|item| fits(item))
    }

    fn word(&mut self) -> u32 {
        high(self.0.next_u64())
    }
}

/// The upper half.
#[allow(clippy::cast_possible_truncation)] // After the shift nothing is cut off.
const fn high(value: u64) -> u32 {
    (value >> 32) as u32
}

/// Scrambles a number: equal in, equal out, and neighbours far apart (the
/// finalizer of `SplitMix64`). For what is fixed by chance: a member's line of
/// business, a provider's charge for a code.
pub(super) const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number from 0 up to, and without, `bound`, fixed by a key.
pub(super) fn fixed(key: u64, bound: u32) -> u32 {
    high(u64::from(high(mix(key))) * u64::from(bound))
}

/// Things, some likelier than others.
#[derive(Clone, Debug)]
pub(super) struct Weighted<T> {
    items: Vec<T>,
    /// The sum of the weights up to and with each.
    sums: Vec<u32>,
}

impl<T> Weighted<T> {
    /// From things and their weights; a thing that weighs nothing never comes.
    pub(super) fn new(pairs: impl IntoIterator<Item = (T, u32)>) -> Self {
        let mut sum = 0_u32;
        let (items, sums) = pairs
            .into_iter()
            .filter(|(_, weight)| *weight > 0)
            .map(|(item, weight)| {
                sum = sum.saturating_add(weight);
                (item, sum)
            })
            .unzip();
        Self { items, sums }
    }

    /// Draws one; `None` only where there is none.
    pub(super) fn pick(&self, rng: &mut Rng) -> Option<&T> {
        self.at(rng.below(self.total()))
    }

    /// The one that a key fixes.
    pub(super) fn fixed(&self, key: u64) -> Option<&T> {
        self.at(fixed(key, self.total()))
    }

    /// The sum of all weights.
    pub(super) fn total(&self) -> u32 {
        self.sums.last().copied().unwrap_or(0)
    }

    /// Each with its weight.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&T, u32)> {
        let before = [0].iter().chain(&self.sums);
        self.items.iter().zip(self.sums.iter().zip(before)).map(|(item, (sum, before))| (item, sum - before))
    }

    /// All of them.
    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    fn at(&self, weight: u32) -> Option<&T> {
        self.items.get(self.sums.partition_point(|sum| *sum <= weight))
    }
}

/// Places from 0, the first the likeliest, the n-th an n-th as likely: how
/// claims spread over providers, and diagnoses over claims.
pub(super) fn zipf(count: u32) -> Weighted<u32> {
    // Weights of at least 1 that sum up below two to the 32nd.
    let top = 1 << 27;
    Weighted::new((0..count).map(|place| (place, (top / (place + 1)).max(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_part_of_the_format() {
        let mut rng = Rng::new(7, 1);
        let drawn: Vec<_> = (0..6).map(|_| rng.below(1_000_000)).collect();
        assert_eq!(drawn, [456_579, 471_402, 88_107, 808_229, 698_309, 776_345]);
    }

    #[test]
    fn streams_and_seeds_differ() {
        let first = |seed, stream| Rng::new(seed, stream).below(u32::MAX);
        assert_ne!(first(1, 0), first(0, 1));
        assert_ne!(first(1, 1), first(1, 2));
        assert_eq!(first(1, 1), first(1, 1));
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut rng = Rng::new(3, 0);
        assert_eq!((rng.below(0), rng.below(1), rng.between(5, 4), rng.between(9, 9)), (0, 0, 5, 9));
        let mut seen = [false; 4];
        for _ in 0..200 {
            seen[rng.between(1, 4) as usize - 1] = true;
        }
        assert_eq!(seen, [true; 4]);
        assert_eq!(rng.pick::<u8>(&[]), None);
    }

    #[test]
    fn weights_hold_and_nothing_weightless_comes() {
        let weighted = Weighted::new([("a", 1), ("never", 0), ("b", 3)]);
        let mut rng = Rng::new(5, 0);
        let count = (0..40_000).filter(|_| weighted.pick(&mut rng) == Some(&"b")).count();
        assert!((29_500..30_500).contains(&count), "{count}");
        assert_eq!(weighted.items(), ["a", "b"]);
        assert_eq!(Weighted::<u8>::new([]).pick(&mut rng), None);
    }

    #[test]
    fn what_fits_is_found_however_rare() {
        let items: Vec<_> = (0..1_000).collect();
        let mut rng = Rng::new(5, 0);
        for wanted in [0, 500, 999] {
            assert_eq!(rng.pick_where(&items, |item| *item == wanted), Some(&wanted));
        }
        assert_eq!(rng.pick_where(&items, |item| *item < 0), None);
        assert_eq!(rng.pick_where::<u8>(&[], |_| true), None);
    }

    #[test]
    fn few_are_large() {
        let providers = zipf(1_000);
        let mut rng = Rng::new(11, 0);
        let mut counts = vec![0; 1_000];
        for _ in 0..100_000 {
            counts[*providers.pick(&mut rng).unwrap() as usize] += 1;
        }
        assert!(counts[0] > 9 * counts[9], "{} {}", counts[0], counts[9]);
        assert!(counts[..10].iter().sum::<i32>() > 35_000);
    }
}
