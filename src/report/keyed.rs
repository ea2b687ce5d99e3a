//! Sums by keys of which there may be many, as texts and days are.

use std::borrow::Borrow;
use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Sums by a key that lines next to each other mostly share.
#[derive(Debug)]
pub(super) struct Keyed<K, V> {
    places: FxHashMap<K, usize>,
    added: Vec<V>,
    /// The place of the last line's.
    last: Option<(K, usize)>,
    /// Keys that were met lately, each where its hash has it looked for first.
    recent: Vec<Option<(K, usize)>>,
}

/// So many of them.
const RECENT: usize = 512;

impl<K, V> Default for Keyed<K, V> {
    fn default() -> Self {
        Self { places: FxHashMap::default(), added: Vec::new(), last: None, recent: Vec::new() }
    }
}

impl<K: Eq + Hash, V: Default> Keyed<K, V> {
    /// The sums of a key; `is_last` says whether the last one's is the same.
    #[inline]
    pub(super) fn of<Q>(&mut self, key: &Q, is_last: impl FnOnce(&K) -> bool, own: impl Fn(&Q) -> K) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let place = match &self.last {
            Some((last, place)) if is_last(last) => *place,
            _ => {
                let place = self.place(key, &own);
                self.last = Some((own(key), place));
                place
            }
        };
        self.added.get_mut(place)
    }

    /// The place of a key's sums; `is` says whether the key last met with such a hash is the same.
    #[inline]
    pub(super) fn near<Q>(&mut self, key: &Q, hash: u64, is: impl FnOnce(&K) -> bool, own: impl Fn(&Q) -> K) -> usize
    where
        K: Borrow<Q> + Clone,
        Q: Eq + Hash + ?Sized,
    {
        let slot = usize::try_from(hash % RECENT as u64).unwrap_or_default();
        match self.recent.get(slot) {
            Some(Some((known, place))) if is(known) => *place,
            _ => {
                let place = self.place(key, &own);
                self.recent.resize(RECENT, None);
                if let Some(recent) = self.recent.get_mut(slot) {
                    *recent = Some((own(key), place));
                }
                place
            }
        }
    }

    /// The place of a key's sums.
    #[inline(never)]
    pub(super) fn place<Q>(&mut self, key: &Q, own: impl Fn(&Q) -> K) -> usize
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let known = self.places.get(key).copied();
        known.unwrap_or_else(|| {
            self.added.push(V::default());
            self.places.insert(own(key), self.added.len() - 1);
            self.added.len() - 1
        })
    }

    /// The sums at a place.
    #[inline]
    pub(super) fn at(&mut self, place: usize) -> Option<&mut V> {
        self.added.get_mut(place)
    }

    /// All sums with their keys, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.places.iter().filter_map(|(key, place)| Some((key, self.added.get(*place)?)))
    }

    /// The same.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (K, V)> {
        let mut added = self.added;
        self.places.into_iter().filter_map(move |(key, place)| Some((key, std::mem::take(added.get_mut(place)?))))
    }
}
