//! Sums by provider and outcome, in a table that does not grow.
//!
//! All that providers, rules and procedures come to follows from these, so a line is added
//! here once and not wherever it counts. Millions of lines share some thousand pairs. There
//! may be more of them than places: then a pair makes room for another, and its sums go
//! where they count.

use super::amounts::{Amounts, Dollars};
use crate::claim::Decimal;

/// Pairs, each in its place.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    table: Vec<Pair>,
    /// Lines that are not in it yet. What memory holds of their pairs is fetched for all of
    /// them at once, and not for each when it comes.
    waiting: Vec<(u64, Small)>,
    /// How many lines did not find their pair since the table has so many places.
    missed: usize,
}

/// How many places the table has at first and at last, as powers of two.
const LEAST: u32 = 10;
const MOST: u32 = 18;

/// As many lines wait.
const WAITING: usize = 64;

/// What lines of a provider and an outcome add up to. Each pair has a line of the processor's
/// memory for itself.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Pair {
    /// The places of both among those of the worker.
    key: u64,
    sums: SmallSums,
    /// Of those whose paid amount is known.
    units: u64,
}

/// What lines add up to of which nothing is below zero or large.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SmallSums {
    lines: u32,
    paid_unknown: u32,
    billed: u64,
    billed_paid_unknown: u64,
    paid: u64,
}

/// What is summed of a line, in ten-thousandths, none of it below zero or so large that
/// the sums of a run could not hold it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Small {
    billed: u32,
    paid: Option<u32>,
    units: u32,
}

impl Small {
    #[inline]
    pub(super) fn of(billed: Option<Decimal>, paid: Option<Decimal>, units: Decimal) -> Option<Self> {
        let small = |number: Decimal| u32::try_from(number.ten_thousandths()).ok();
        let paid = match paid {
            Some(paid) => Some(small(paid)?),
            None => None,
        };
        Some(Self { billed: small(billed.unwrap_or_default())?, paid, units: small(units)? })
    }
}

impl Pairs {
    /// Adds a line, once some more have come: says whether it is time to [enter](Self::enter)
    /// them.
    #[inline]
    #[must_use]
    pub(super) fn add(&mut self, provider: u32, outcome: u32, line: Small) -> bool {
        self.waiting.push((u64::from(provider) << 32 | u64::from(outcome), line));
        self.waiting.len() >= WAITING
    }

    /// Enters the lines that wait, and hands on the pairs that make room.
    pub(super) fn enter(&mut self, mut hand_on: impl FnMut(Pair)) {
        if self.table.is_empty() || (self.missed > self.table.len() && self.table.len() < 1 << MOST) {
            self.grow();
        }
        let shift = self.shift();
        let found = |(key, _): &&(u64, Small)| self.table.get(place(*key, shift)).is_some_and(|pair| pair.key == *key);
        self.missed += self.waiting.len() - self.waiting.iter().filter(found).count();
        for (key, line) in self.waiting.drain(..) {
            let Some(pair) = self.table.get_mut(place(key, shift)) else { continue };
            if pair.key != key {
                if pair.sums.lines > 0 {
                    hand_on(*pair);
                }
                *pair = Pair { key, ..Pair::default() };
            }
            pair.add(line);
        }
    }

    fn shift(&self) -> u32 {
        u64::BITS - self.table.len().max(2).ilog2()
    }

    /// Makes the table twice as large. No pair has to make room: two that have places of
    /// their own have so in a larger one.
    #[cold]
    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(1 << LEAST);
        let before = std::mem::replace(&mut self.table, vec![Pair::default(); size]);
        let shift = self.shift();
        for pair in before.into_iter().filter(|pair| pair.sums.lines > 0) {
            if let Some(to) = self.table.get_mut(place(pair.key, shift)) {
                *to = pair;
            }
        }
        self.missed = 0;
    }

    /// Hands on all pairs; none is left.
    pub(super) fn finish(&mut self, mut hand_on: impl FnMut(Pair)) {
        self.enter(&mut hand_on);
        std::mem::take(&mut self.table).into_iter().filter(|pair| pair.sums.lines > 0).for_each(hand_on);
    }
}

/// The place of a pair in a table of which the size is told by this shift.
#[inline]
#[allow(clippy::cast_possible_truncation)] // The table is no larger than memory.
fn place(key: u64, shift: u32) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize
}

impl SmallSums {
    /// A run has fewer lines than could come to more than these hold.
    #[inline]
    pub(super) fn add(&mut self, line: Small) {
        let billed = u64::from(line.billed);
        self.lines += 1;
        self.billed += billed;
        if let Some(paid) = line.paid {
            self.paid += u64::from(paid);
        } else {
            self.paid_unknown += 1;
            self.billed_paid_unknown += billed;
        }
    }

    /// The same as lines and dollars.
    pub(super) fn amounts(&self) -> Amounts {
        Amounts {
            lines: self.lines.into(),
            billed: Dollars::from_ten_thousandths(self.billed),
            paid: Dollars::from_ten_thousandths(self.paid),
            paid_unknown: self.paid_unknown.into(),
            billed_paid_unknown: Dollars::from_ten_thousandths(self.billed_paid_unknown),
            reversed: Dollars::default(),
        }
    }
}

impl Pair {
    #[inline]
    fn add(&mut self, line: Small) {
        self.sums.add(line);
        self.units += if line.paid.is_some() { line.units.into() } else { 0 };
    }

    /// The provider's place.
    pub(super) fn provider(&self) -> usize {
        (self.key >> 32) as usize
    }

    /// The outcome's place.
    #[allow(clippy::cast_possible_truncation)] // What is left is no more than it was.
    pub(super) fn outcome(&self) -> usize {
        (self.key & u64::from(u32::MAX)) as usize
    }

    /// Its lines and dollars.
    pub(super) fn amounts(&self) -> Amounts {
        self.sums.amounts()
    }

    /// Units of its lines whose paid amount is known, in ten-thousandths.
    pub(super) fn units(&self) -> i128 {
        self.units.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_lost_where_pairs_make_room_for_one_another() {
        let paid = |line: u32| (!line.is_multiple_of(5)).then(|| Decimal::from_ten_thousandths(line.into()));
        let mut pairs = Pairs::default();
        let (mut sums, mut units, mut kept) = (Amounts::default(), 0, Amounts::default());
        let mut handed_on = 0;
        let mut take = |pair: Pair| {
            assert_eq!(pair.provider() % 10, pair.outcome() % 10);
            handed_on += 1;
            sums.merge(&pair.amounts());
            units += pair.units();
        };
        for line in 0..60_000_u32 {
            let billed = Some(Decimal::from_ten_thousandths(i64::from(u32::MAX - line)));
            kept.add(billed, paid(line));
            let small = Small::of(billed, paid(line), Decimal::ONE).unwrap();
            if pairs.add(line % 300, line % 70, small) {
                pairs.enter(&mut take);
            }
        }
        pairs.finish(&mut take);
        // More than there are of these.
        assert!(handed_on > 2_100);
        assert_eq!((sums, units), (kept, 48_000 * 10_000));
        pairs.finish(|_| panic!("nothing is left"));
    }

    #[test]
    fn what_is_below_zero_or_large_is_not_small() {
        let [minus, large, fits] =
            [-1, 1 << 32, (1 << 32) - 1].map(|number| Some(Decimal::from_ten_thousandths(number)));
        assert!(Small::of(fits, fits, Decimal::ONE).is_some() && Small::of(None, None, Decimal::ZERO).is_some());
        for wrong in [minus, large] {
            assert!(Small::of(wrong, fits, Decimal::ONE).is_none() && Small::of(fits, wrong, Decimal::ONE).is_none());
            assert!(Small::of(fits, None, wrong.unwrap()).is_none());
        }
    }
}
