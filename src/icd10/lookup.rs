//! From a code to its place in the table: a fixed hash table with open
//! addressing.
//!
//! A slot is only the place; the code it stands for is compared in the table
//! itself. That is four bytes a slot, which stay in the processor's cache where a
//! general map of keys and values would not.

use super::{CodeIndex, DiagnosisCode};
use crate::slot::slot;

/// A slot that holds nothing. No table is that long.
const FREE: u32 = u32::MAX;

/// Places by hash of their code.
#[derive(Clone)]
pub(super) struct Lookup {
    /// A power of two, and at least twice as many as there are codes: a search
    /// always meets a free slot.
    slots: Vec<u32>,
    /// That power.
    bits: u32,
}

impl Lookup {
    /// Indexes codes, given in the order of their places, each once.
    pub(super) fn new(count: usize, codes: impl Iterator<Item = DiagnosisCode>) -> Self {
        let size = count.max(1).saturating_mul(2).next_power_of_two();
        let mut lookup = Self { slots: vec![FREE; size], bits: size.trailing_zeros() };
        for (place, code) in (0..FREE).zip(codes.take(count)) {
            let mut slot = lookup.start(code);
            while lookup.slots.get(slot).is_some_and(|taken| *taken != FREE) {
                slot = lookup.next(slot);
            }
            if let Some(free) = lookup.slots.get_mut(slot) {
                *free = place;
            }
        }
        lookup
    }

    /// The place of a code, where `is_at` tells whether it stands at a place.
    pub(super) fn find(&self, code: DiagnosisCode, is_at: impl Fn(CodeIndex) -> bool) -> Option<CodeIndex> {
        let mut slot = self.start(code);
        // Ends at the free slot that there always is.
        loop {
            let place = *self.slots.get(slot)?;
            if place == FREE {
                return None;
            }
            let index = CodeIndex::new(place);
            if is_at(index) {
                return Some(index);
            }
            slot = self.next(slot);
        }
    }

    /// The slot behind a slot; the first one follows the last.
    fn next(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }

    /// The slot at which the search for a code begins.
    fn start(&self, code: DiagnosisCode) -> usize {
        slot(code.packed(), self.bits)
    }
}
