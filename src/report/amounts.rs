//! Lines and dollars, and sums of them by a few keys.

use std::hash::Hash;
use std::ops::{AddAssign, Sub};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::claim::Decimal;
use crate::rules::{Disposition, RuleId, Weights};

/// Dollars of many lines, exactly: more than a run's lines can come to, whichever
/// of them are added first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Dollars(i128);

impl Dollars {
    /// A sum from its ten-thousandths.
    pub(super) const fn from_ten_thousandths(sum: u64) -> Self {
        Self(sum as i128)
    }

    /// The sum as one amount, or the nearest that there is.
    #[must_use]
    pub fn amount(self) -> Decimal {
        let nearest = self.0.clamp(i64::MIN.into(), i64::MAX.into());
        Decimal::from_ten_thousandths(nearest.try_into().unwrap_or_default())
    }
}

impl Dollars {
    /// The sum as a number of JSON: exact to the ten-thousandth up to 900 billion.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn number(self) -> f64 {
        self.amount().ten_thousandths() as f64 / 10_000.0
    }

    /// The same above zero.
    #[must_use]
    pub fn magnitude(self) -> Self {
        Self(self.0.abs())
    }
}

impl From<f64> for Dollars {
    /// A sum from its number of JSON.
    #[allow(clippy::cast_possible_truncation)]
    fn from(number: f64) -> Self {
        Self((number * 10_000.0).round() as i128)
    }
}

impl From<Decimal> for Dollars {
    fn from(amount: Decimal) -> Self {
        Self(amount.ten_thousandths().into())
    }
}

impl Sub for Dollars {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Dollars {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

/// Lines and dollars.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Amounts {
    /// Lines.
    pub lines: u64,
    /// Dollars billed, reversals netted.
    pub billed: Dollars,
    /// Dollars paid, reversals netted.
    pub paid: Dollars,
    /// Lines whose paid amount is unknown.
    pub paid_unknown: u64,
    /// Dollars billed on those.
    pub billed_paid_unknown: Dollars,
    /// Dollars paid that are below zero: what reversals took back.
    pub reversed: Dollars,
}

impl Amounts {
    /// One line.
    #[must_use]
    pub fn of(billed: Option<Decimal>, paid: Option<Decimal>) -> Self {
        let mut one = Self::default();
        one.add(billed, paid);
        one
    }

    /// Adds a line.
    #[inline]
    pub fn add(&mut self, billed: Option<Decimal>, paid: Option<Decimal>) {
        let billed = billed.unwrap_or_default().into();
        self.lines += 1;
        self.billed += billed;
        if let Some(paid) = paid {
            self.paid += paid.into();
            if paid.is_negative() {
                self.reversed += paid.into();
            }
        } else {
            self.paid_unknown += 1;
            self.billed_paid_unknown += billed;
        }
    }

    /// Adds other lines.
    pub fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.billed += other.billed;
        self.paid += other.paid;
        self.paid_unknown += other.paid_unknown;
        self.billed_paid_unknown += other.billed_paid_unknown;
        self.reversed += other.reversed;
    }
}

/// Something that sums up.
pub trait Summed: Default {
    /// Adds another.
    fn merge(&mut self, other: &Self);
}

impl Summed for ByRule {
    fn merge(&mut self, other: &Self) {
        self.merge(other);
    }
}

impl Summed for Amounts {
    fn merge(&mut self, other: &Self) {
        self.merge(other);
    }
}

/// Sums by a small key: mostly few, so the keys are looked at one after the other,
/// close together; of many, a table finds the place.
///
/// They stand in the order in which they came; whoever reads them sorts.
#[derive(Clone, Debug)]
pub struct Split<K, V> {
    keys: SmallVec<[K; 8]>,
    sums: Vec<V>,
    places: Option<Box<FxHashMap<K, usize>>>,
}

/// More keys than this are found by a table.
const FEW: usize = 48;

impl<K, V> Default for Split<K, V> {
    fn default() -> Self {
        Self { keys: SmallVec::new(), sums: Vec::new(), places: None }
    }
}

impl<K: Copy + Eq + Hash, V: Summed> Split<K, V> {
    /// The sum of a key.
    #[inline]
    pub(super) fn of(&mut self, key: K) -> &mut V {
        let known = match &self.places {
            None => self.keys.iter().position(|known| *known == key),
            Some(places) => places.get(&key).copied(),
        };
        let place = known.unwrap_or_else(|| self.add(key));
        // The place was found, or is the one just made.
        #[allow(clippy::indexing_slicing)]
        &mut self.sums[place]
    }

    #[cold]
    fn add(&mut self, key: K) -> usize {
        let place = self.keys.len();
        self.keys.push(key);
        self.sums.push(V::default());
        match &mut self.places {
            Some(places) => {
                places.insert(key, place);
            }
            None if place >= FEW => self.places = Some(Box::new(self.keys.iter().copied().zip(0..).collect())),
            None => {}
        }
        place
    }

    /// Adds other sums.
    pub fn merge(&mut self, other: &Self) {
        for (key, sum) in other.iter() {
            self.of(*key).merge(sum);
        }
    }

    /// All sums with their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.keys.iter().zip(&self.sums)
    }
}

/// Lines and dollars by the rule that names them; `None` names those allowed.
pub type ByRule = Split<Option<RuleId>, Amounts>;

impl ByRule {
    /// The lines of a disposition, under the weights of the run.
    #[must_use]
    pub fn with(&self, disposition: Disposition, weights: &Weights) -> Amounts {
        self.where_rule(|rule| weights.disposition_of(rule) == disposition)
    }

    /// The lines that such rules name.
    #[must_use]
    pub fn where_rule(&self, wanted: impl Fn(Option<RuleId>) -> bool) -> Amounts {
        let mut sum = Amounts::default();
        self.iter().filter(|(rule, _)| wanted(**rule)).for_each(|(_, amounts)| sum.merge(amounts));
        sum
    }

    /// All lines.
    #[must_use]
    pub fn all(&self) -> Amounts {
        self.where_rule(|_| true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_who_adds_what() {
        let line = |amount| {
            let amount = Some(Decimal::from_ten_thousandths(amount));
            Amounts::of(amount, amount)
        };
        let lines = [i64::MAX, i64::MIN, i64::MAX, i64::MIN, 5].map(line);
        let sum = |lines: &[Amounts]| {
            lines.iter().fold(Amounts::default(), |mut sum, line| {
                sum.merge(line);
                sum
            })
        };
        for turn in 0..lines.len() {
            let mut lines = lines;
            lines.rotate_left(turn);
            for swap in 1..lines.len() {
                lines.swap(0, swap);
                // One worker has the first of them, another the rest.
                let (first, rest) = lines.split_at(swap);
                let all = sum(&[sum(first), sum(rest)]);
                assert_eq!((all.lines, all.billed, all.paid), (5, Dollars(3), Dollars(3)), "{lines:?}");
            }
        }
    }

    #[test]
    fn what_is_no_amount_becomes_the_nearest() {
        let twice = |amount| {
            let mut sum = Dollars::from(Decimal::from_ten_thousandths(amount));
            sum += sum;
            sum.amount().ten_thousandths()
        };
        assert_eq!([i64::MAX, i64::MIN, -7].map(twice), [i64::MAX, i64::MIN, -14]);
    }
}
