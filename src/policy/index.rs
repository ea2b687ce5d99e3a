//! Every loaded policy as one index: from a procedure code to what each program
//! follows for it.

use std::sync::Arc;

use super::entries::Entries;
use super::{
    Policy, PolicyError, PolicyFile, PolicyRef, Procedure, ProcedureEntry, ProcedureIndex, Program, ProgramNames,
    Speaker,
};
use crate::claim::{Day, ProcedureCode};
use crate::icd10::Icd10;

/// All loaded policies, joined; immutable, shared by every worker.
#[derive(Clone, Debug)]
pub struct PolicyIndex {
    table: Arc<Icd10>,
    policies: Vec<Policy>,
    entries: Entries,
    programs: ProgramNames,
    doubts: usize,
}

impl PolicyIndex {
    /// Joins policies that have been compiled against `table`.
    ///
    /// # Errors
    ///
    /// Two policies share an id, or claim one procedure for one program on the
    /// same days.
    pub fn new(table: Arc<Icd10>, policies: Vec<Policy>, programs: ProgramNames) -> Result<Self, PolicyError> {
        let entries = Entries::join(&policies)?;
        Ok(Self { table, policies, entries, programs, doubts: 0 })
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
        self.entries.all()
    }

    /// The same, with so many doubts about the files that it was made of.
    #[must_use]
    pub(super) fn doubted(self, doubts: usize) -> Self {
        Self { doubts, ..self }
    }

    /// How many doubts there are about the files that it was made of, as
    /// [`PolicyFile::warnings`] tells them.
    #[must_use]
    pub fn doubts(&self) -> usize {
        self.doubts
    }

    /// The procedure of a code, if any policy speaks about it.
    #[must_use]
    #[inline]
    pub fn find(&self, code: ProcedureCode) -> Option<ProcedureIndex> {
        self.entries.find(code)
    }

    /// A procedure by its index.
    #[must_use]
    pub fn entry(&self, index: ProcedureIndex) -> Option<&ProcedureEntry> {
        self.entries.all().get(index.0 as usize)
    }

    /// The policy that decides a procedure for a program on a day: of those that
    /// claim the program, the one in force on that day, else the first; with the place of
    /// the version in force.
    #[must_use]
    #[inline]
    pub fn claimant(
        &self,
        entry: &ProcedureEntry,
        program: Program,
        day: Day,
    ) -> Option<(PolicyRef, &Policy, &Procedure, Option<usize>)> {
        let mut first = None;
        for Speaker { policy: reference, slot, .. } in entry.policies.iter() {
            let Some(policy) = self.policy(*reference) else { continue };
            let Some(procedure) = policy.procedures.get(*slot as usize) else { continue };
            if !policy.programs.contains(&program) {
                continue;
            }
            if let Some((version, _)) = policy.version_on(day) {
                return Some((*reference, policy, procedure, Some(version)));
            }
            first = first.or(Some((*reference, policy, procedure, None)));
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
