//! Every loaded policy as one index: from a procedure code to what each program
//! follows for it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Policy, PolicyError, PolicyFile, Procedure, Program, ProgramNames};
use crate::claim::{Day, ProcedureCode};
use crate::icd10::Icd10;

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

/// All loaded policies, joined; immutable, shared by every worker.
#[derive(Clone, Debug)]
pub struct PolicyIndex {
    table: Arc<Icd10>,
    policies: Vec<Policy>,
    entries: Vec<ProcedureEntry>,
    by_code: FxHashMap<u64, ProcedureIndex>,
    programs: ProgramNames,
}

impl PolicyIndex {
    /// Joins policies that have been compiled against `table`.
    ///
    /// # Errors
    ///
    /// Two policies share an id, or claim one procedure for one program on the
    /// same days.
    pub fn new(table: Arc<Icd10>, policies: Vec<Policy>, programs: ProgramNames) -> Result<Self, PolicyError> {
        let mut index = Self { table, policies, entries: Vec::new(), by_code: FxHashMap::default(), programs };
        index.add_entries()?;
        index.resolve_neighbours();
        Ok(index)
    }

    /// The policies that are part of the program.
    ///
    /// # Errors
    ///
    /// A defect: they are tested.
    pub fn embedded(table: Arc<Icd10>) -> Result<Self, PolicyError> {
        let files = PolicyFile::embedded(&table)?;
        Self::from_files(table, files)
    }

    fn add_entries(&mut self) -> Result<(), PolicyError> {
        let count = self.policies.iter().map(|policy| policy.procedures.len()).sum();
        self.entries.reserve(count);
        self.by_code.reserve(count);
        let mut by_id: FxHashMap<&str, &Policy> = FxHashMap::default();
        for (place, policy) in self.policies.iter().enumerate() {
            let reference = PolicyRef(u16::try_from(place).map_err(|_| PolicyError::TooMany)?);
            if let Some(twin) = by_id.insert(&policy.id, policy) {
                return Err(PolicyError::SameId {
                    id: policy.id.clone(),
                    first: twin.origin.clone(),
                    second: policy.origin.clone(),
                });
            }
            for (slot, procedure) in (0..).zip(&policy.procedures) {
                let speaker = Speaker {
                    policy: reference,
                    slot,
                    limit: procedure.limit,
                    primaries: Box::default(),
                    second_to: Box::default(),
                };
                let next = ProcedureIndex(u32::try_from(self.entries.len()).map_err(|_| PolicyError::TooMany)?);
                let at = *self.by_code.entry(procedure.code.packed()).or_insert(next);
                if at == next {
                    let policies = Speakers::One([speaker]);
                    self.entries.push(ProcedureEntry { code: procedure.code, policies });
                    continue;
                }
                let Some(entry) = self.entries.get_mut(at.0 as usize) else { continue };
                for other in entry.policies.iter() {
                    let Some(other) = self.policies.get(usize::from(other.policy.0)) else { continue };
                    refuse_overlap(other, policy, procedure)?;
                }
                entry.policies.push(speaker);
            }
        }
        Ok(())
    }

    /// Add-on primaries and exclusive pairs as indices, once all codes are known.
    fn resolve_neighbours(&mut self) {
        let find = |codes: &[ProcedureCode]| {
            codes.iter().filter_map(|code| self.by_code.get(&code.packed()).copied()).collect()
        };
        for speaker in self.entries.iter_mut().flat_map(|entry| entry.policies.iter_mut()) {
            let policy = self.policies.get(usize::from(speaker.policy.0));
            if let Some(procedure) = policy.and_then(|policy| policy.procedures.get(speaker.slot as usize)) {
                speaker.primaries = find(&procedure.add_on_to);
                speaker.second_to = find(&procedure.second_to);
            }
        }
    }

    /// The code table that the policies were resolved against.
    #[must_use]
    pub fn table(&self) -> &Arc<Icd10> {
        &self.table
    }

    /// The loaded policies, in loading order.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// A loaded policy.
    #[must_use]
    pub fn policy(&self, reference: PolicyRef) -> Option<&Policy> {
        self.policies.get(usize::from(reference.0))
    }

    /// Line-of-business names.
    #[must_use]
    pub fn programs(&self) -> &ProgramNames {
        &self.programs
    }

    /// Every procedure in scope.
    #[must_use]
    pub fn procedures(&self) -> &[ProcedureEntry] {
        &self.entries
    }

    /// The procedure of a code, if any policy speaks about it.
    #[must_use]
    pub fn find(&self, code: ProcedureCode) -> Option<ProcedureIndex> {
        self.by_code.get(&code.packed()).copied()
    }

    /// A procedure by its index.
    #[must_use]
    pub fn entry(&self, index: ProcedureIndex) -> Option<&ProcedureEntry> {
        self.entries.get(index.0 as usize)
    }

    /// The policy that decides a procedure for a program on a day: of those that
    /// claim the program, the one in force on that day, else the first.
    #[must_use]
    pub fn claimant(
        &self,
        entry: &ProcedureEntry,
        program: Program,
        day: Day,
    ) -> Option<(PolicyRef, &Policy, &Procedure)> {
        let mut first = None;
        for Speaker { policy: reference, slot, .. } in entry.policies.iter() {
            let Some(policy) = self.policy(*reference) else { continue };
            let Some(procedure) = policy.procedures.get(*slot as usize) else { continue };
            if !policy.programs.contains(&program) {
                continue;
            }
            if policy.version_on(day).is_some() {
                return Some((*reference, policy, procedure));
            }
            first = first.or(Some((*reference, policy, procedure)));
        }
        first
    }

    /// The first policy that speaks about a procedure: the one that put the line
    /// in scope where none claims its program.
    #[must_use]
    pub fn first_policy(&self, entry: &ProcedureEntry) -> Option<(PolicyRef, &Policy, &Procedure)> {
        let Speaker { policy: reference, slot, .. } = entry.policies.first()?;
        let policy = self.policy(*reference)?;
        Some((*reference, policy, policy.procedures.get(*slot as usize)?))
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
