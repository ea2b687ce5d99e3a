//! What one worker's lines add up to.

use std::borrow::Borrow;
use std::hash::Hash;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::DecisionRow;
use super::outcome::Outcomes;
use super::tally::{Amounts, ByDisposition, Tally};
use crate::claim::Day;
use crate::short::same;

/// What one worker's lines add up to, until the tally is made of it.
#[derive(Debug, Default)]
pub struct WorkerSums {
    /// By day: there are few, and the month of each need be found but once.
    days: Sums<Day>,
    providers: Sums<SmallVec<[u8; 16]>>,
}

/// Sums by a key that lines next to each other mostly share.
#[derive(Debug)]
struct Sums<K> {
    places: FxHashMap<K, usize>,
    added: Vec<ByDisposition>,
    /// The place of the last line's.
    last: Option<(K, usize)>,
}

impl<K> Default for Sums<K> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), added: Vec::new(), last: None }
    }
}

impl<K: Eq + Hash> Sums<K> {
    /// The sums of a key; `is_last` says whether the last one's is the same.
    #[inline]
    fn of<Q>(&mut self, key: &Q, is_last: impl FnOnce(&K) -> bool, own: impl Fn(&Q) -> K) -> Option<&mut ByDisposition>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let place = match &self.last {
            Some((last, place)) if is_last(last) => *place,
            _ => self.find(key, own),
        };
        self.added.get_mut(place)
    }

    #[inline(never)]
    fn find<Q>(&mut self, key: &Q, own: impl Fn(&Q) -> K) -> usize
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let known = self.places.get(key).copied();
        let place = known.unwrap_or_else(|| {
            self.added.push(ByDisposition::default());
            self.places.insert(own(key), self.added.len() - 1);
            self.added.len() - 1
        });
        self.last = Some((own(key), place));
        place
    }

    fn into_iter(self) -> impl Iterator<Item = (K, ByDisposition)> {
        let added = self.added;
        self.places.into_iter().map(move |(key, place)| (key, added.get(place).copied().unwrap_or_default()))
    }
}

impl WorkerSums {
    /// Adds a decided line and its amounts.
    pub fn add(&mut self, row: &DecisionRow<'_>, amounts: &Amounts) {
        let disposition = row.outcome.outcome.disposition;
        if let Some(sums) = self.days.of(&row.service_date, |last| *last == row.service_date, |day| *day) {
            sums.add(disposition, amounts);
        }
        if let Some(sums) =
            self.providers.of(row.provider_npi, |last| same(last, row.provider_npi), SmallVec::from_slice)
        {
            sums.add(disposition, amounts);
        }
    }

    /// Adds all of it to a tally.
    pub fn add_to(self, outcomes: &Outcomes<'_>, tally: &mut Tally) {
        outcomes.iter().for_each(|kept| tally.add(kept));
        for (day, sums) in self.days.into_iter() {
            let (year, month, _) = day.ymd();
            tally.months.entry((year, month)).or_default().merge(&sums);
        }
        for (provider, sums) in self.providers.into_iter() {
            let provider = String::from_utf8_lossy(&provider).into_owned();
            tally.providers.entry(provider).or_default().merge(&sums);
        }
    }
}
