//! Which program a line of business means: the names of one file, and of all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::PolicyFile;
use super::error::{PolicyError, Source};
use crate::icd10::Icd10;
use crate::policy::program::fold;
use crate::policy::raw::{RawPolicy, RawProgram, RawReferral};
use crate::policy::{PolicyIndex, Program, ProgramNames};

/// The names of one file, as written.
pub(super) fn names(
    source: Source<'_>,
    raw: &[RawProgram],
    warnings: &mut Vec<String>,
) -> Result<Vec<(String, Program)>, PolicyError> {
    let mut names = Vec::new();
    let mut known = BTreeMap::new();
    for program in raw {
        let meant = program.program.0;
        let entry = format!("program \"{}\"", meant.name());
        source.not_empty(&entry, "names", &program.names)?;
        for name in &program.names {
            let folded = fold(name);
            if folded.is_empty() {
                return Err(source.refuse(&entry, "it has a name that is blank; blank means commercial always"));
            }
            if folded == Program::Commercial.name() && meant != Program::Commercial {
                return Err(source.refuse(&entry, format_args!("\"{name}\" means commercial always")));
            }
            match known.insert(folded, meant) {
                Some(other) if other != meant => {
                    let reason = format!("\"{name}\" is a name of program \"{}\" already", other.name());
                    return Err(source.refuse(&entry, reason));
                }
                Some(_) => {
                    let doubt = format!("\"{name}\" is there already (case, blanks, - and _ do not matter)");
                    warnings.push(source.warn(&entry, doubt));
                }
                None => names.push((name.clone(), meant)),
            }
        }
    }
    Ok(names)
}

/// The programs that a policy decides.
pub(super) fn claimed(source: Source<'_>, policy: &RawPolicy) -> Result<Vec<Program>, PolicyError> {
    source.not_empty("[policy]", "programs", &policy.programs)?;
    let mut programs = Vec::with_capacity(policy.programs.len());
    for program in &policy.programs {
        if programs.contains(&program.0) {
            return Err(source.refuse("[policy]", format_args!("`programs` names \"{}\" twice", program.0.name())));
        }
        programs.push(program.0);
    }
    Ok(programs)
}

/// Where the lines of other programs are sent.
pub(super) fn referrals(
    source: Source<'_>,
    raw: &[RawReferral],
    claimed: &[Program],
) -> Result<Vec<(Program, String)>, PolicyError> {
    let mut referrals: Vec<(Program, String)> = Vec::with_capacity(raw.len());
    for referral in raw {
        let program = referral.program.0;
        let entry = format!("referral of program \"{}\"", program.name());
        source.not_blank(&entry, "to", &referral.to)?;
        if claimed.contains(&program) {
            return Err(source.refuse(&entry, "the policy decides this program itself, by `programs`"));
        }
        if referrals.iter().any(|(other, _)| *other == program) {
            return Err(source.refuse(&entry, "there are two of this program"));
        }
        referrals.push((program, referral.to.clone()));
    }
    Ok(referrals)
}

impl PolicyIndex {
    /// Joins files that have been compiled against `table`: their policies, and
    /// the program names of all.
    ///
    /// A file without a policy adds names. Where no file *with* a policy names
    /// any program, the names of the embedded policies hold beside those.
    ///
    /// # Errors
    ///
    /// No file holds a policy; two policies share an id, or claim one procedure
    /// for one program on the same days; one name means two programs.
    pub fn from_files(table: Arc<Icd10>, files: Vec<PolicyFile>) -> Result<Self, PolicyError> {
        if files.iter().all(|file| file.policy.is_none()) {
            return Err(PolicyError::NoPolicy);
        }
        let mut joined = JoinedNames::default();
        if files.iter().all(|file| file.policy.is_none() || file.programs.is_empty()) {
            for file in PolicyFile::embedded(&table)? {
                joined.add(&file)?;
            }
        }
        for file in &files {
            joined.add(file)?;
        }
        let doubts = files.iter().map(|file| file.warnings.len()).sum();
        let policies = files.into_iter().filter_map(|file| file.policy).collect();
        Self::new(table, policies, joined.names).map(|index| index.doubted(doubts))
    }
}

/// The names of several files, and which file each is from.
#[derive(Default)]
struct JoinedNames {
    names: ProgramNames,
    origins: BTreeMap<String, (Program, String)>,
}

impl JoinedNames {
    fn add(&mut self, file: &PolicyFile) -> Result<(), PolicyError> {
        for (name, program) in &file.programs {
            let (first_program, first) =
                self.origins.entry(fold(name)).or_insert_with(|| (*program, file.origin.clone()));
            if self.names.add(name, *program).is_err() {
                return Err(PolicyError::ProgramName {
                    name: name.clone(),
                    first_program: *first_program,
                    first: first.clone(),
                    second_program: *program,
                    second: file.origin.clone(),
                });
            }
        }
        Ok(())
    }
}
