//! Few entries, which are sooner looked through than hashed.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// A map of mostly very few entries, which are sooner looked through than
/// hashed. A session of very many lines must not take the square of their number
/// all the same, so beyond a limit it is hashed.
pub(super) struct Few<K, V> {
    few: Vec<(K, V)>,
    many: FxHashMap<K, V>,
}

/// How many entries, or lines, are sooner looked through than hashed.
pub(super) const MOST: usize = 16;

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self { few: Vec::new(), many: FxHashMap::default() }
    }
}

impl<K: Eq + Hash + Copy, V: Default> Few<K, V> {
    pub(super) fn is_empty(&self) -> bool {
        self.few.is_empty() && self.many.is_empty()
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        if self.many.is_empty() {
            self.few.iter().find(|(known, _)| known == key).map(|(_, value)| value)
        } else {
            self.many.get(key)
        }
    }

    /// The value of a key: `first` where it had none.
    pub(super) fn entry(&mut self, key: K, first: V) -> &mut V {
        if !self.many.is_empty() || self.few.len() >= MOST {
            self.many.extend(self.few.drain(..));
            return self.many.entry(key).or_insert(first);
        }
        let place = self.few.iter().position(|(known, _)| *known == key).unwrap_or(self.few.len());
        if place == self.few.len() {
            self.few.push((key, first));
        }
        match self.few.get_mut(place) {
            Some((_, value)) => value,
            // Never: it was found, or has just been added.
            None => self.many.entry(key).or_default(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.few.clear();
        // Emptying a map costs its capacity, which one huge session must not
        // leave to all that follow.
        if self.many.capacity() > 0 {
            self.many = FxHashMap::default();
        }
    }
}
