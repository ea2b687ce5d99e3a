//! Procedures that no policy speaks about, as they are met.
//!
//! Nearly all rows of a feed have one of a few thousand such codes, and under a
//! thousand policies the index of those that are in scope is larger than a core's
//! cache. So whoever passes over rows remembers what it has been told.

use super::PolicyIndex;
use crate::claim::ProcedureCode;
use crate::slot::slot;

/// A memory of procedures out of scope, in front of one index.
#[derive(Clone, Debug, Default)]
pub struct OutOfScope {
    /// Codes by their hash; the last one met has the place.
    met: Vec<ProcedureCode>,
}

impl OutOfScope {
    /// How many codes are remembered, as a power of two: they fit the nearest cache.
    const PLACES: u32 = 11;

    /// Whether a policy of `index`, which must be the same each time, speaks about
    /// a procedure.
    #[inline]
    pub fn is_in_scope(&mut self, index: &PolicyIndex, procedure: ProcedureCode) -> bool {
        let place = slot(procedure.packed(), Self::PLACES);
        if self.met.get(place) == Some(&procedure) {
            return false;
        }
        if index.find(procedure).is_some() {
            return true;
        }
        self.met.resize(1 << Self::PLACES, ProcedureCode::NONE);
        if let Some(met) = self.met.get_mut(place) {
            *met = procedure;
        }
        false
    }
}
