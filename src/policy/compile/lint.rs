//! Doubts: what a policy may well say, and probably does not mean to.

use super::error::Source;
use super::names::Names;
use super::procedures;
use super::services::Services;
use crate::icd10::{CodeIndex, Icd10};
use crate::policy::{Policy, PrintedEntry, PrintedList, Procedure, Version};

/// Every part of a compiled file that doubts are about.
pub(super) struct Lint<'a> {
    pub(super) source: Source<'a>,
    pub(super) table: &'a Icd10,
    pub(super) policy: &'a Policy,
    pub(super) services: &'a Services,
    pub(super) regions: &'a Names,
    pub(super) indications: &'a Names,
    pub(super) list_names: &'a Names,
    /// The places of the lists that each version uses.
    pub(super) lists_of_versions: &'a [Vec<usize>],
}

impl Lint<'_> {
    /// Adds the doubts, in the order in which a file usually stands.
    pub(super) fn collect(&self, warnings: &mut Vec<String>) {
        let unused = [
            (&self.services.names, "no procedure belongs to it"),
            (self.regions, "no procedure treats it or is doubtful there"),
            (self.list_names, "no version uses it"),
            (self.indications, "no version uses it"),
        ];
        for (names, doubt) in unused {
            warnings.extend(names.unused().map(|name| self.source.warn(names.entry(name), doubt)));
        }
        for (place, list) in self.policy.lists.iter().enumerate() {
            self.lint_list(place, list, warnings);
        }
        for procedure in &self.policy.procedures {
            let doubts = [self.covered(procedure), self.replaced(procedure), self.sourced(procedure)];
            let entry = procedures::Entry(procedure.code);
            warnings.extend(doubts.into_iter().flatten().map(|doubt| self.source.warn(&entry, doubt)));
        }
        if let Some(reason) = self.policy.never_judges(self.table, None) {
            warnings.push(self.source.warn("[policy]", format!("it can judge no line: {reason}")));
        }
    }

    /// Codes that nobody can bill while the list is in force.
    fn lint_list(&self, place: usize, list: &PrintedList, warnings: &mut Vec<String>) {
        let in_force: Vec<&Version> = self
            .policy
            .versions
            .iter()
            .zip(self.lists_of_versions)
            .filter(|(_, used)| used.contains(&place))
            .map(|(version, _)| version)
            .collect();
        if in_force.is_empty() {
            return;
        }
        let is_dead = |code: CodeIndex| !in_force.iter().any(|version| self.meets(version, code));
        for PrintedEntry { text, codes } in &list.entries {
            let mut dead = codes.iter().copied().filter(|code| is_dead(*code));
            if let Some(first) = dead.next() {
                let entry = format!("{}, entry \"{}\"", self.list_names.entry(&list.id), self.policy.text(*text));
                let first = self.table.code(first);
                let others = match dead.count() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                let doubt = format!("{first}{others}: not billable on any day on which the list is in force");
                warnings.push(self.source.warn(entry, doubt));
            }
        }
    }

    /// Whether a code is billable on a day on which a version is in force.
    fn meets(&self, version: &Version, code: CodeIndex) -> bool {
        let (from, to) = self.table.validity(code);
        version.to.is_none_or(|last| from <= last) && to.is_none_or(|last| version.from <= last)
    }

    fn covered(&self, procedure: &Procedure) -> Option<String> {
        let said = |version: &Version| version.coverage.get(procedure.service).is_some_and(Option::is_some);
        let meets = |version: &Version| {
            version.to.is_none_or(|last| procedure.active_from <= last)
                && procedure.active_to.is_none_or(|last| version.from <= last)
        };
        let covered = self.policy.versions.iter().any(|version| said(version) && meets(version));
        if covered || self.services.is_dates_only(procedure.service) {
            return None;
        }
        Some(
            "no version says anything of its service while the code is active; if none should, \
              mark the service `dates_only = true`"
                .to_owned(),
        )
    }

    fn replaced(&self, procedure: &Procedure) -> Option<String> {
        let (code, last) = (procedure.replaced_by?, procedure.active_to?);
        match self.policy.procedures.iter().find(|other| other.code == code) {
            None => Some(format!("its replacement {code} is not in the file, so its days cannot be checked")),
            Some(other) if other.active_to.is_some_and(|end| end <= last) => {
                Some(format!("its replacement {code} was deleted no later than it"))
            }
            Some(_) => None,
        }
    }

    fn sourced(&self, procedure: &Procedure) -> Option<String> {
        let edited = procedure.limit.is_some() || !procedure.add_on_to.is_empty() || !procedure.second_to.is_empty();
        let silent = edited && self.policy.text(procedure.edits_source).trim().is_empty();
        silent.then(|| "it has a limit, primaries or exclusive pairs, and no `edits_source` says whose".to_owned())
    }
}
