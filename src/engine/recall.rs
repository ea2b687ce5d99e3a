//! What whoever decides lines remembers from one to the next. It saves looking
//! the same things up again, and changes nothing that is decided.

use crate::icd10::RecentCodes;
use crate::policy::{Program, ProgramNames};

/// A worker's memory, for lines under the same policies.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    pub(super) codes: RecentCodes,
    /// Lines of business as they were written, and what they meant.
    programs: Vec<(String, Option<Program>)>,
}

impl Recall {
    /// Payers write a line of business in few ways.
    const PROGRAMS: usize = 16;

    /// The program of a line of business.
    pub(super) fn program(&mut self, names: &ProgramNames, line_of_business: &str) -> Option<Program> {
        if let Some((_, program)) = self.programs.iter().find(|(known, _)| known == line_of_business) {
            return *program;
        }
        let program = names.find(line_of_business);
        if self.programs.len() < Self::PROGRAMS {
            self.programs.push((line_of_business.to_owned(), program));
        }
        program
    }
}
