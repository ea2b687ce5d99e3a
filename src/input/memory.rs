//! What whoever reads rows keeps from one to the next. It saves work, and changes
//! nothing that is read.

use super::lists;
use crate::claim::{ClaimLine, Diagnosis, DiagnosisText};
use crate::short::same;

/// A reader's memory, for rows of any file.
#[derive(Debug, Default)]
pub struct RowMemory {
    /// The memory of the last line's diagnoses.
    spare: Vec<Diagnosis<'static>>,
    /// The last list of nothing but codes, as it stood in its row, and what it
    /// said: the lines of a claim mostly share theirs.
    list: String,
    codes: Vec<Diagnosis<'static>>,
}

impl RowMemory {
    /// Takes the memory of a line that is done with.
    #[inline]
    pub fn take_back(&mut self, line: ClaimLine<'_>) {
        self.spare = emptied(line.diagnoses);
    }

    /// Reads a list of diagnoses.
    #[inline]
    pub(super) fn diagnoses<'a>(&mut self, list: &'a str) -> Vec<Diagnosis<'a>> {
        let mut diagnoses = emptied(std::mem::take(&mut self.spare));
        if same(self.list.as_bytes(), list.as_bytes()) {
            diagnoses.extend_from_slice(&self.codes);
            return diagnoses;
        }
        lists::push_list(list, &mut diagnoses);
        self.remember(list, &diagnoses);
        diagnoses
    }

    fn remember(&mut self, list: &str, diagnoses: &[Diagnosis<'_>]) {
        self.list.clear();
        self.codes.clear();
        for diagnosis in diagnoses {
            let DiagnosisText::Code(code) = diagnosis.text else {
                // Text is borrowed from its row, so it cannot be kept.
                return self.codes.clear();
            };
            self.codes.push(Diagnosis { slot: diagnosis.slot, text: DiagnosisText::Code(code) });
        }
        self.list.push_str(list);
    }
}

/// No diagnoses, in the memory of others: collected in place, they keep it.
#[inline]
#[allow(clippy::unnecessary_filter_map)] // A filter would keep the type, and with it the lifetime.
fn emptied<'b>(mut diagnoses: Vec<Diagnosis<'_>>) -> Vec<Diagnosis<'b>> {
    diagnoses.clear();
    diagnoses.into_iter().filter_map(|_| None).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_the_same_whatever_came_before_it() {
        let lists = ["M80.08XA;C41.2", "", "M80.08XA;C41.2", "M80.08XA", "M80.08XA;not a code at all", "", "C41.2"];
        let mut memory = RowMemory::default();
        for list in lists.iter().chain(&lists).flat_map(|list| [list, list]) {
            let mut expected = Vec::new();
            super::lists::push_list(list, &mut expected);
            let mut line = ClaimLine::new("", 0, crate::claim::Day::from_days(0), crate::claim::ProcedureCode::NONE);
            line.diagnoses = memory.diagnoses(list);
            assert_eq!(line.diagnoses, expected, "{list}");
            memory.take_back(line);
        }
    }

    #[test]
    fn the_memory_of_diagnoses_is_used_again() {
        let diagnoses: Vec<Diagnosis<'_>> = Vec::with_capacity(7);
        let place = diagnoses.as_ptr() as usize;
        let emptied = emptied(diagnoses);
        assert_eq!((emptied.as_ptr() as usize, emptied.capacity()), (place, 7));
    }
}
