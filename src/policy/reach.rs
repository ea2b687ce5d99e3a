//! Policies that load and can judge no line: a file that is in nobody's way, and in
//! nobody's use. Whoever runs one thinks that it decides something.
//!
//! Two policies cannot hide each other: those that claim a procedure for one program
//! on the same days are refused together.

use std::fmt;

use super::{Policy, PolicyIndex, Procedure, Program, Version};
use crate::claim::Day;
use crate::icd10::Icd10;

/// Why a policy can judge no line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NeverJudges {
    /// It has no version.
    NoVersion,
    /// No version of it is in force on the day under which all lines are judged.
    NotInForceOn(Day),
    /// No version says anything of a procedure on a day on which that one's code is
    /// active and the diagnosis table, where it is asked, knows codes.
    SaysNothing,
    /// No line of business means any of its programs.
    NoLineOfBusiness(Vec<Program>),
}

impl fmt::Display for NeverJudges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVersion => f.write_str("it has no version, so every line is held (POL001)"),
            Self::NotInForceOn(day) => write!(f, "no version of it is in force on {day}, the day of --policy-date"),
            Self::SaysNothing => f.write_str(
                "no version says anything of any of its procedures on a day on which the code is active and the \
                 diagnosis table knows codes",
            ),
            Self::NoLineOfBusiness(programs) => {
                let names: Vec<_> = programs.iter().map(|program| program.name()).collect();
                write!(f, "no line of business means its program ({})", names.join(", "))
            }
        }
    }
}

impl Policy {
    /// Why the policy can judge no line, each under the version of its own day or all
    /// under that of `policy_date`; `None` where it can.
    #[must_use]
    pub fn never_judges(&self, table: &Icd10, policy_date: Option<Day>) -> Option<NeverJudges> {
        if self.versions.is_empty() {
            return Some(NeverJudges::NoVersion);
        }
        let judges = |version: &Version, any_day| {
            self.procedures.iter().any(|procedure| version.judges(procedure, table.first_day(), any_day))
        };
        match policy_date {
            None => (!self.versions.iter().any(|version| judges(version, false))).then_some(NeverJudges::SaysNothing),
            Some(day) => match self.version_on(day) {
                None => Some(NeverJudges::NotInForceOn(day)),
                Some((_, version)) => (!judges(version, true)).then_some(NeverJudges::SaysNothing),
            },
        }
    }
}

impl Version {
    /// Whether there is a service date on which the version judges a procedure: one on
    /// which it is in force, unless it holds on any day.
    fn judges(&self, procedure: &Procedure, table_begins: Day, any_day: bool) -> bool {
        let Some(Some(coverage)) = self.coverage.get(procedure.service) else { return false };
        let first = if coverage.diagnoses.is_some() && !coverage.investigational {
            procedure.active_from.max(table_begins)
        } else {
            procedure.active_from
        };
        let (from, to) = if any_day { (first, None) } else { (first.max(self.from), self.to) };
        let ends = [to, procedure.active_to];
        ends.into_iter().flatten().all(|last| from <= last)
    }
}

impl PolicyIndex {
    /// The loaded policies that can judge no line, in loading order, and why.
    #[must_use]
    pub fn never_judging(&self, policy_date: Option<Day>) -> Vec<(&Policy, NeverJudges)> {
        let named = |program: &Program| {
            // A blank line of business is commercial always.
            *program == Program::Commercial || self.programs().iter().any(|(_, meant)| meant == *program)
        };
        let why = |policy: &Policy| {
            let unnamed = || NeverJudges::NoLineOfBusiness(policy.programs.clone());
            let reason = policy.never_judges(self.table(), policy_date);
            reason.or_else(|| (!policy.programs.iter().any(named)).then(unnamed))
        };
        self.policies().iter().filter_map(|policy| Some((policy, why(policy)?))).collect()
    }
}
