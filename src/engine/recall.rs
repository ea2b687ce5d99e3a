//! What whoever decides lines remembers from one to the next. It saves looking
//! the same things up again, and changes nothing that is decided.

use super::LineKeys;
use crate::claim::{ClaimLine, DiagnosisText, HeaderNumber};
use crate::icd10::{Icd10, RecentCodes, Status};
use crate::policy::{Program, ProgramNames};
use crate::short::same;

/// A worker's memory, for lines under the same policies, all of one reader or none.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    codes: RecentCodes,
    /// Lines of business as they were written, and what they meant.
    programs: Vec<(String, Option<Program>)>,
    last: Header,
}

/// What was found of the last line's header, as far as it was asked for.
#[derive(Clone, Debug, Default)]
struct Header {
    number: Option<HeaderNumber>,
    keys: Option<LineKeys>,
    program: Option<Named>,
    /// What each diagnosis of the line is on the service date, if that has been asked.
    statuses: Vec<Status>,
    has_statuses: bool,
}

/// What a line of business means: no policy may know it.
#[derive(Clone, Copy, Debug)]
struct Named(Option<Program>);

impl Recall {
    /// Payers write a line of business in few ways.
    const PROGRAMS: usize = 16;

    /// What is known of a line's header.
    #[inline]
    fn meet(&mut self, line: &ClaimLine<'_>) -> &mut Header {
        if line.header.is_none() || line.header != self.last.number {
            self.last.number = line.header;
            self.last.keys = None;
            self.last.program = None;
            self.last.has_statuses = false;
        }
        &mut self.last
    }

    /// The keys of a line.
    #[inline]
    pub fn keys(&mut self, line: &ClaimLine<'_>) -> LineKeys {
        *self.meet(line).keys.get_or_insert_with(|| LineKeys::new(line))
    }

    /// Changes the remembered codes for those of another, whose adjudicator has the same
    /// code table.
    pub fn swap_codes(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.codes, &mut other.codes);
    }

    /// The program of a line.
    #[inline]
    pub(super) fn program(&mut self, names: &ProgramNames, line: &ClaimLine<'_>) -> Option<Program> {
        if let Some(Named(program)) = self.meet(line).program {
            return program;
        }
        let program = self.program_of(names, line.line_of_business);
        self.last.program = Some(Named(program));
        program
    }

    fn program_of(&mut self, names: &ProgramNames, line_of_business: &str) -> Option<Program> {
        let is_known = |(known, _): &&(String, _)| same(known.as_bytes(), line_of_business.as_bytes());
        if let Some((_, program)) = self.programs.iter().find(is_known) {
            return *program;
        }
        let program = names.find(line_of_business);
        if self.programs.len() < Self::PROGRAMS {
            self.programs.push((line_of_business.to_owned(), program));
        }
        program
    }

    /// What each diagnosis of a line is on its service date, in the line's order.
    #[inline]
    pub(crate) fn statuses(&mut self, table: &Icd10, line: &ClaimLine<'_>) -> &[Status] {
        self.meet(line);
        let Self { codes, last, .. } = self;
        if !last.has_statuses {
            last.has_statuses = true;
            last.statuses.clear();
            let mut status = |text| match text {
                DiagnosisText::Code(code) => codes.status(table, &code, line.service_date),
                DiagnosisText::Other(_) => Status::Unknown,
            };
            last.statuses.extend(line.diagnoses.iter().map(|diagnosis| status(diagnosis.text)));
        }
        &last.statuses
    }
}
