//! The procedures of all policies, each with the policies that speak about it.

use std::ops::{Deref, DerefMut};

use rustc_hash::FxHashMap;

use super::{Policy, PolicyError, Procedure};
use crate::claim::ProcedureCode;
use crate::slot::slot;

/// A procedure that some policy speaks about, by its place in the index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProcedureIndex(pub u32);

/// A policy, by its place in the index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PolicyRef(pub u16);

/// A procedure code and the policies that speak about it.
#[derive(Clone, Debug)]
pub struct ProcedureEntry {
    /// The code.
    pub code: ProcedureCode,
    /// The policies, in their order.
    pub policies: Speakers,
}

/// What one policy says of a procedure beside others of its session.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// The policy.
    pub policy: PolicyRef,
    /// The place of the procedure in it.
    pub slot: u32,
    /// Most units on one day.
    pub limit: Option<u32>,
    /// Primaries that the code is an add-on to.
    pub primaries: Box<[ProcedureIndex]>,
    /// First codes of the exclusive pairs of which this is the second.
    pub second_to: Box<[ProcedureIndex]>,
}

/// The policies that speak about a procedure, as a slice: one at least, and seldom
/// another, so that the one is kept in place.
#[derive(Clone, Debug)]
pub enum Speakers {
    /// One policy.
    One([Speaker; 1]),
    /// Several.
    Several(Vec<Speaker>),
}

impl Speakers {
    fn push(&mut self, speaker: Speaker) {
        match std::mem::replace(self, Self::Several(Vec::new())) {
            Self::One([first]) => *self = Self::Several(vec![first, speaker]),
            Self::Several(mut speakers) => {
                speakers.push(speaker);
                *self = Self::Several(speakers);
            }
        }
    }
}

impl Deref for Speakers {
    type Target = [Speaker];

    fn deref(&self) -> &[Speaker] {
        match self {
            Self::One(speaker) => speaker,
            Self::Several(speakers) => speakers,
        }
    }
}

impl DerefMut for Speakers {
    fn deref_mut(&mut self) -> &mut [Speaker] {
        match self {
            Self::One(speaker) => speaker,
            Self::Several(speakers) => speakers,
        }
    }
}

impl ProcedureEntry {
    /// What a policy says of the procedure.
    #[must_use]
    pub fn speaker(&self, policy: PolicyRef) -> Option<&Speaker> {
        self.policies.iter().find(|speaker| speaker.policy == policy)
    }
}

/// Where each code stands, while procedures are joined.
type ByCode = FxHashMap<u64, ProcedureIndex>;

/// The procedures of all policies.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    all: Vec<ProcedureEntry>,
    slots: Slots,
}

/// Where each code stands, found in fewer steps than in a map: every line asks.
#[derive(Clone, Debug, Default)]
struct Slots {
    /// Codes from the place of their hash on. A power of two, at least twice as many as
    /// there are codes, so that a search always meets a free one.
    all: Vec<(ProcedureCode, ProcedureIndex)>,
    bits: u32,
}

impl Slots {
    fn new(entries: &[ProcedureEntry]) -> Self {
        let size = entries.len().max(1).saturating_mul(2).next_power_of_two();
        let free = (ProcedureCode::NONE, ProcedureIndex(0));
        let mut slots = Self { all: vec![free; size], bits: size.trailing_zeros() };
        for (entry, index) in entries.iter().zip(0..) {
            let mut place = slot(entry.code.packed(), slots.bits);
            while slots.all.get(place).is_some_and(|(code, _)| *code != ProcedureCode::NONE) {
                place = (place + 1) % size;
            }
            if let Some(slot) = slots.all.get_mut(place) {
                *slot = (entry.code, ProcedureIndex(index));
            }
        }
        slots
    }

    #[inline]
    fn find(&self, wanted: ProcedureCode) -> Option<ProcedureIndex> {
        let mut place = slot(wanted.packed(), self.bits);
        loop {
            let (code, index) = *self.all.get(place)?;
            if code == wanted {
                return Some(index).filter(|_| wanted != ProcedureCode::NONE);
            }
            if code == ProcedureCode::NONE {
                return None;
            }
            place = (place + 1) & (self.all.len() - 1);
        }
    }
}

impl Entries {
    /// Joins the procedures of policies, of which no two may have one id, or claim
    /// a procedure for one program on the same days.
    pub(super) fn join(policies: &[Policy]) -> Result<Self, PolicyError> {
        let (mut entries, mut by_code) = (Self::default(), ByCode::default());
        let count = policies.iter().map(|policy| policy.procedures.len()).sum();
        entries.all.reserve(count);
        by_code.reserve(count);
        let mut by_id: FxHashMap<&str, &Policy> = FxHashMap::default();
        for (place, policy) in policies.iter().enumerate() {
            let reference = PolicyRef(u16::try_from(place).map_err(|_| PolicyError::TooMany)?);
            if let Some(twin) = by_id.insert(&policy.id, policy) {
                return Err(PolicyError::SameId {
                    id: policy.id.clone(),
                    first: twin.origin.clone(),
                    second: policy.origin.clone(),
                });
            }
            for (slot, procedure) in (0..).zip(&policy.procedures) {
                entries.add(&mut by_code, policies, (reference, policy), (slot, procedure))?;
            }
            // A policy has all the codes that it names.
            for procedure in &policy.procedures {
                entries.resolve_neighbours(&by_code, reference, procedure);
            }
        }
        entries.slots = Slots::new(&entries.all);
        Ok(entries)
    }

    fn add(
        &mut self,
        by_code: &mut ByCode,
        policies: &[Policy],
        (reference, policy): (PolicyRef, &Policy),
        (slot, procedure): (u32, &Procedure),
    ) -> Result<(), PolicyError> {
        let speaker = Speaker {
            policy: reference,
            slot,
            limit: procedure.limit,
            primaries: Box::default(),
            second_to: Box::default(),
        };
        let next = ProcedureIndex(u32::try_from(self.all.len()).map_err(|_| PolicyError::TooMany)?);
        let at = *by_code.entry(procedure.code.packed()).or_insert(next);
        let Some(entry) = self.all.get_mut(at.0 as usize) else {
            self.all.push(ProcedureEntry { code: procedure.code, policies: Speakers::One([speaker]) });
            return Ok(());
        };
        for other in entry.policies.iter() {
            let Some(other) = policies.get(usize::from(other.policy.0)) else { continue };
            refuse_overlap(other, policy, procedure)?;
        }
        entry.policies.push(speaker);
        Ok(())
    }

    /// Add-on primaries and exclusive pairs as indices.
    fn resolve_neighbours(&mut self, by_code: &ByCode, reference: PolicyRef, procedure: &Procedure) {
        if procedure.add_on_to.is_empty() && procedure.second_to.is_empty() {
            return;
        }
        let known = |code: ProcedureCode| by_code.get(&code.packed()).copied();
        let find = |codes: &[ProcedureCode]| codes.iter().filter_map(|code| known(*code)).collect();
        let (primaries, second_to) = (find(&procedure.add_on_to), find(&procedure.second_to));
        let entry = known(procedure.code).and_then(|at| self.all.get_mut(at.0 as usize));
        let speaker = entry.and_then(|entry| entry.policies.iter_mut().find(|one| one.policy == reference));
        if let Some(speaker) = speaker {
            (speaker.primaries, speaker.second_to) = (primaries, second_to);
        }
    }

    /// Every procedure.
    pub(super) fn all(&self) -> &[ProcedureEntry] {
        &self.all
    }

    /// The procedure of a code.
    #[inline]
    pub(super) fn find(&self, code: ProcedureCode) -> Option<ProcedureIndex> {
        self.slots.find(code)
    }
}

fn refuse_overlap(first: &Policy, second: &Policy, procedure: &Procedure) -> Result<(), PolicyError> {
    let Some(program) = second.programs.iter().find(|program| first.programs.contains(program)) else {
        return Ok(());
    };
    for a in &first.versions {
        for b in &second.versions {
            let overlap = a.to.is_none_or(|last| b.from <= last) && b.to.is_none_or(|last| a.from <= last);
            if overlap {
                return Err(PolicyError::Overlap {
                    code: procedure.code,
                    program: program.name(),
                    from: a.from.max(b.from),
                    first: first.origin.clone(),
                    second: second.origin.clone(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_and_no_other() {
        let code = |number: u32| ProcedureCode::parse(&format!("{number:05}")).unwrap();
        let entry = |number| ProcedureEntry { code: code(number), policies: Speakers::Several(Vec::new()) };
        for count in [0, 1, 2, 22, 1_000] {
            let slots = Slots::new(&(0..count).map(entry).collect::<Vec<_>>());
            assert!((0..count).all(|number| slots.find(code(number)) == Some(ProcedureIndex(number))));
            assert!((count..count + 1_000).all(|number| slots.find(code(number)).is_none()));
            assert_eq!(slots.find(ProcedureCode::NONE), None);
        }
        assert_eq!(Slots::default().find(code(1)), None);
    }
}
