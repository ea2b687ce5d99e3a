//! Procedures that no policy speaks about, as they are met.
//!
//! Nearly all rows of a feed have one of a few thousand such codes, and under a
//! thousand policies the index of those that are in scope is larger than a core's
//! cache. So whoever passes over rows remembers what it has been told.

use crate::claim::ProcedureCode;
use crate::slot::slot;

/// A memory of procedures out of scope, in front of an index.
#[derive(Clone, Debug, Default)]
pub struct OutOfScope {
    /// Codes by their hash; the last one met has the place.
    met: Vec<ProcedureCode>,
}

impl OutOfScope {
    /// How many codes are remembered, as a power of two: they fit the nearest cache.
    const PLACES: u32 = 11;

    /// Whether a policy speaks about a procedure: what `speaks`, which must ask the same
    /// policies each time, says or has said.
    #[inline]
    pub fn is_in_scope(&mut self, procedure: ProcedureCode, speaks: impl FnOnce() -> bool) -> bool {
        let place = slot(procedure.packed(), Self::PLACES);
        if self.met.get(place) == Some(&procedure) {
            return false;
        }
        if speaks() {
            return true;
        }
        self.met.resize(1 << Self::PLACES, ProcedureCode::NONE);
        if let Some(met) = self.met.get_mut(place) {
            *met = procedure;
        }
        false
    }
}
