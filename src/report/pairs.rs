//! Sums by provider and outcome, in a table that does not grow.
//!
//! All that providers, rules and procedures come to follows from these, so a line is added
//! here once and not wherever it counts. Millions of lines share some thousand pairs. There
//! may be more of them than places: then a pair makes room for another, and its sums go
//! where they count.

use super::amounts::{Amounts, Dollars};
use crate::claim::Decimal;

/// The table; empty until there is a line.
#[derive(Debug, Default)]
pub(super) struct Pairs(Vec<Pair>);

/// As many places as stay close at hand.
const BITS: u32 = 13;

/// A provider and an outcome, by their places among those of the worker, and what lines of
/// both add up to. Each has a line of the processor's memory for itself.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Pair {
    pub(super) provider: u32,
    pub(super) outcome: u32,
    lines: u32,
    paid_unknown: u32,
    billed: u64,
    billed_paid_unknown: u64,
    paid: u64,
    /// Of those whose paid amount is known.
    units: u64,
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
    /// Adds a line; returns the pair that made room for it, if one did.
    #[inline]
    pub(super) fn add(&mut self, provider: u32, outcome: u32, line: Small) -> Option<Pair> {
        let key = u64::from(provider) << 32 | u64::from(outcome);
        let place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - BITS)) as usize;
        match self.0.get_mut(place) {
            Some(pair) if (pair.provider, pair.outcome) == (provider, outcome) => {
                pair.add(line);
                None
            }
            _ => self.begin(place, provider, outcome, line),
        }
    }

    #[inline(never)]
    fn begin(&mut self, place: usize, provider: u32, outcome: u32, line: Small) -> Option<Pair> {
        self.0.resize(1 << BITS, Pair::default());
        let mut begun = Pair { provider, outcome, ..Pair::default() };
        begun.add(line);
        let before = std::mem::replace(self.0.get_mut(place)?, begun);
        (before.lines > 0).then_some(before)
    }

    /// Every pair that has lines; none is left.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Pair> + use<> {
        std::mem::take(&mut self.0).into_iter().filter(|pair| pair.lines > 0)
    }
}

impl Pair {
    /// A run has fewer lines than could come to more than these hold.
    #[inline]
    fn add(&mut self, line: Small) {
        let billed = u64::from(line.billed);
        self.lines += 1;
        self.billed += billed;
        if let Some(paid) = line.paid {
            self.paid += u64::from(paid);
            self.units += u64::from(line.units);
        } else {
            self.paid_unknown += 1;
            self.billed_paid_unknown += billed;
        }
    }

    /// Its lines and dollars.
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
        let mut made_room = 0;
        for line in 0..60_000_u32 {
            let billed = Some(Decimal::from_ten_thousandths(i64::from(u32::MAX - line)));
            kept.add(billed, paid(line));
            let small = Small::of(billed, paid(line), Decimal::ONE).unwrap();
            if let Some(pair) = pairs.add(line % 300, line % 70, small) {
                made_room += 1;
                sums.merge(&pair.amounts());
                units += pair.units();
            }
        }
        for pair in pairs.drain() {
            sums.merge(&pair.amounts());
            units += pair.units();
        }
        assert!(made_room > 0);
        assert_eq!((sums, units), (kept, 48_000 * 10_000));
        assert_eq!(pairs.drain().count(), 0);
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
