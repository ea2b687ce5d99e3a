//! What whoever decides lines remembers from one to the next. It saves looking
//! the same things up again, and changes nothing that is decided.

use super::LineKeys;
use crate::claim::{ClaimLine, Day};
use crate::icd10::RecentCodes;
use crate::policy::{Program, ProgramNames};
use crate::short::same;

/// A worker's memory, for lines under the same policies.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    pub(super) codes: RecentCodes,
    /// Lines of business as they were written, and what they meant.
    programs: Vec<(String, Option<Program>)>,
    /// The place of the last line's among them.
    last_program: usize,
    last: Option<LastLine>,
}

/// What the keys of the last line were made of, and the keys.
#[derive(Clone, Debug)]
struct LastLine {
    claim: Vec<u8>,
    member: Vec<u8>,
    provider: Vec<u8>,
    day: Day,
    keys: LineKeys,
}

impl Recall {
    /// Payers write a line of business in few ways.
    const PROGRAMS: usize = 16;

    /// The keys of a line: those of the last one, where it is of the same claim,
    /// member, provider and day.
    pub fn keys(&mut self, line: &ClaimLine<'_>) -> LineKeys {
        let texts = [line.claim_id, line.member_id, line.provider_npi].map(str::as_bytes);
        let [claim, member, provider] = texts;
        let Some(last) = &mut self.last else {
            let keys = LineKeys::new(line);
            let [claim, member, provider] = texts.map(<[u8]>::to_vec);
            self.last = Some(LastLine { claim, member, provider, day: line.service_date, keys });
            return keys;
        };
        let alike = last.day == line.service_date
            && same(&last.claim, claim)
            && same(&last.member, member)
            && same(&last.provider, provider);
        if !alike {
            for (known, text) in [&mut last.claim, &mut last.member, &mut last.provider].into_iter().zip(texts) {
                known.clear();
                known.extend_from_slice(text);
            }
            last.day = line.service_date;
            last.keys = LineKeys::new(line);
        }
        last.keys
    }

    /// Changes the remembered codes for those of another, whose adjudicator has the same
    /// code table.
    pub fn swap_codes(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.codes, &mut other.codes);
    }

    /// The program of a line of business.
    pub(super) fn program(&mut self, names: &ProgramNames, line_of_business: &str) -> Option<Program> {
        let is_known = |(known, _): &(String, _)| same(known.as_bytes(), line_of_business.as_bytes());
        if let Some((_, program)) = self.programs.get(self.last_program).filter(|known| is_known(known)) {
            return *program;
        }
        if let Some(place) = self.programs.iter().position(is_known) {
            self.last_program = place;
            return self.programs.get(place)?.1;
        }
        let program = names.find(line_of_business);
        if self.programs.len() < Self::PROGRAMS {
            self.programs.push((line_of_business.to_owned(), program));
        }
        program
    }
}
