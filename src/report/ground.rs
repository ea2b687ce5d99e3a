//! Where what a finding says is written down.

use crate::icd10::CodeIndex;
use crate::policy::{Coverage, Policy, PrintedList, Procedure, Standing};
use crate::rules::RuleId;

/// Stands before the edition where a finding rests on the code table, not on a policy.
pub const CODE_TABLE: &str = "code table, ";

/// What a finding may rest on: a procedure and a version of a policy, as far as
/// they are known, and the diagnoses of the line that the table has.
pub struct Ground<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// Its procedure.
    pub procedure: Option<&'a Procedure>,
    /// What the version says of it.
    pub coverage: Option<&'a Coverage>,
    /// The line's diagnoses that the code table has.
    pub diagnoses: &'a [CodeIndex],
    /// The code table's edition.
    pub table_edition: &'a str,
}

impl Ground<'_> {
    /// What a finding of a rule rests on: the sections of the policy, or the code
    /// table. Blank where it is neither.
    #[must_use]
    pub fn of(&self, rule: RuleId) -> String {
        match rule {
            RuleId::Pgm001 | RuleId::Pgm002 | RuleId::Pgm003 | RuleId::Pol001 => self.policy.source.clone(),
            RuleId::Cod001 | RuleId::Rev001 | RuleId::Rev002 | RuleId::Rev004 => {
                self.procedure.map_or_else(String::new, |procedure| self.policy.text(procedure.cite).to_owned())
            }
            RuleId::Cov001 | RuleId::Cov006 | RuleId::Cov007 | RuleId::Cov004 | RuleId::Cov005 => {
                self.coverage.map_or_else(String::new, |coverage| coverage.cite.clone())
            }
            RuleId::Cod002 | RuleId::Cod003 | RuleId::Cod005 => format!("{CODE_TABLE}{}", self.table_edition),
            RuleId::Cov002 | RuleId::Aut001 | RuleId::Cod004 | RuleId::Rev003 | RuleId::Rev005 => {
                self.lists(Standing::Supporting)
            }
            RuleId::Cov003 => self.lists(Standing::Review),
            RuleId::Lin001 | RuleId::Lin002 | RuleId::Lin003 | RuleId::Lin005 | RuleId::Lin006 => {
                self.procedure.map_or_else(String::new, |procedure| self.policy.text(procedure.edits_source).to_owned())
            }
            // These rest on the claim itself.
            RuleId::Cod006 | RuleId::Lin004 | RuleId::Lin007 | RuleId::Pgm004 => String::new(),
        }
    }

    /// The sections of the lists of a standing that hold a diagnosis of the line;
    /// of all of them where none does.
    fn lists(&self, standing: Standing) -> String {
        let Some(coverage) = self.coverage else { return String::new() };
        let holds = |list: &PrintedList| {
            list.entries.iter().any(|entry| self.diagnoses.iter().any(|code| entry.codes.contains(code)))
        };
        let all: Vec<_> = coverage.printed_lists(self.policy).filter(|list| list.standing == standing).collect();
        let holding: Vec<_> = all.iter().copied().filter(|list| holds(list)).collect();
        let mut cites: Vec<_> =
            if holding.is_empty() { all } else { holding }.into_iter().map(|list| list.cite.as_str()).collect();
        cites.dedup();
        cites.join("; ")
    }
}
