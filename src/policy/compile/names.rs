//! Names that one part of a file gives and another refers to.

use std::cell::Cell;
use std::fmt;

use rustc_hash::FxHashMap;

use super::error::{PolicyError, Source};

/// How alike a name must be to be proposed, from 0 to 1.
const ALIKE: f64 = 0.8;

/// Up to how many names are listed where none is alike.
const LISTED: usize = 8;

/// The ids of one kind of table, each with its place, and whether anything has
/// referred to it.
pub(super) struct Names {
    kind: &'static str,
    places: FxHashMap<String, usize>,
    in_order: Vec<(String, Cell<bool>)>,
}

impl Names {
    /// Collects ids in the file's order; refuses one that is blank or taken.
    pub(super) fn collect<'a>(
        source: Source<'_>,
        kind: &'static str,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, PolicyError> {
        let mut names = Self { kind, places: FxHashMap::default(), in_order: Vec::new() };
        for (place, id) in ids.into_iter().enumerate() {
            source.not_blank(format_args!("{kind} {}", place + 1), "id", id)?;
            if let Some(first) = names.places.insert(id.to_owned(), place) {
                let reason = format!("there are two; they are number {} and {} of their kind", first + 1, place + 1);
                return Err(source.refuse(entry(kind, id), reason));
            }
            names.in_order.push((id.to_owned(), Cell::new(false)));
        }
        Ok(names)
    }

    /// The place of a name that an entry refers to, which counts as used then.
    pub(super) fn resolve(
        &self,
        source: Source<'_>,
        referrer: impl fmt::Display,
        name: &str,
    ) -> Result<usize, PolicyError> {
        let place = self.find(source, referrer, name)?;
        if let Some((_, used)) = self.in_order.get(place) {
            used.set(true);
        }
        Ok(place)
    }

    /// The place of a name that an entry mentions without using it.
    pub(super) fn find(
        &self,
        source: Source<'_>,
        referrer: impl fmt::Display,
        name: &str,
    ) -> Result<usize, PolicyError> {
        self.places.get(name).copied().ok_or_else(|| source.refuse(referrer, self.unknown(name)))
    }

    /// Every name, in the file's order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.in_order.iter().map(|(name, _)| name.as_str())
    }

    /// The name at a place, for messages.
    pub(super) fn at(&self, place: usize) -> &str {
        self.in_order.get(place).map_or("", |(name, _)| name)
    }

    /// What to call the table with this id.
    pub(super) fn entry(&self, name: &str) -> String {
        entry(self.kind, name)
    }

    /// Names that nothing has referred to.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        self.in_order.iter().filter(|(_, used)| !used.get()).map(|(name, _)| name.as_str())
    }

    fn unknown(&self, name: &str) -> String {
        let kind = self.kind;
        let nearest = self
            .iter()
            .map(|known| (strsim::jaro_winkler(known, name), known))
            .filter(|(likeness, _)| *likeness > ALIKE)
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        let known = || self.iter().map(|known| format!("\"{known}\"")).collect::<Vec<_>>().join(", ");
        match nearest {
            Some((_, known)) => format!("the file has no {kind} \"{name}\"; is \"{known}\" meant?"),
            None if self.in_order.is_empty() => {
                format!("the file has no {kind} \"{name}\", nor any other: add a [[{kind}]] table")
            }
            None if self.in_order.len() <= LISTED => {
                format!("the file has no {kind} \"{name}\"; it has {}", known())
            }
            None => format!("the file has no {kind} \"{name}\""),
        }
    }
}

/// What to call a table with an id.
pub(super) fn entry(kind: &str, id: &str) -> String {
    format!("{kind} \"{id}\"")
}
