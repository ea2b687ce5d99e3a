//! What whoever reads rows keeps from one to the next. It saves work, and changes
//! nothing that is read.

use std::num::NonZeroU64;

use super::{Cell, lists, scalars};
use crate::claim::{ClaimLine, Day, Diagnosis, DiagnosisText, HeaderNumber};
use crate::short::same;
use crate::slot::slot;

/// A reader's memory, for rows of any file.
#[derive(Debug, Default)]
pub struct RowMemory {
    /// The memory of the last line's diagnoses.
    spare: Vec<Diagnosis<'static>>,
    /// The last line's diagnoses, where they can be kept: the lines of a claim mostly
    /// share theirs.
    codes: Vec<Diagnosis<'static>>,
    unkept: bool,
    /// The list that said them, as it stood in its row, where it was one list.
    list: Option<String>,
    /// How often the diagnoses were others than those before, or may have been.
    lists: u64,
    /// The first days of months, by the `YYYY-MM-` of days that were read, each in the place
    /// of its hash.
    months: Vec<Option<([u8; 8], Day)>>,
    header: Header,
}

/// What the last line has in common with others of its claim.
#[derive(Debug, Default)]
struct Header {
    number: u64,
    texts: [Vec<u8>; 4],
    day: Option<Day>,
    /// Which diagnoses, by how often they had changed.
    list: u64,
}

impl RowMemory {
    /// How many months are remembered at most, as a power of two.
    const MONTHS: u32 = 8;

    /// Takes the memory of a line that is done with.
    #[inline]
    pub fn take_back(&mut self, line: ClaimLine<'_>) {
        self.spare = emptied(line.diagnoses);
    }

    /// The number of the header of a line that was read with this memory just now.
    #[inline]
    pub(super) fn header(&mut self, line: &ClaimLine<'_>) -> Option<HeaderNumber> {
        let last = &mut self.header;
        let texts = [line.claim_id, line.member_id, line.provider_npi, line.line_of_business].map(str::as_bytes);
        let is_same = last.list == self.lists
            && last.day == Some(line.service_date)
            && last.texts.iter().zip(texts).all(|(known, text)| same(known, text));
        if !is_same {
            last.number += 1;
            last.list = self.lists;
            last.day = Some(line.service_date);
            for (known, text) in last.texts.iter_mut().zip(texts) {
                known.clear();
                known.extend_from_slice(text);
            }
        }
        NonZeroU64::new(last.number).map(HeaderNumber)
    }

    /// The number of a header that no line before has.
    #[inline]
    pub(super) fn next_header(&mut self) -> Option<HeaderNumber> {
        let last = &mut self.header;
        last.number += 1;
        // The line is nobody's whose texts are remembered.
        last.day = None;
        NonZeroU64::new(last.number).map(HeaderNumber)
    }

    /// Reads a day.
    #[inline]
    pub(super) fn day(&mut self, cell: Cell<'_>) -> Result<Day, scalars::Expected> {
        match cell {
            Cell::Text(text) => self.day_of(text.as_bytes()),
            cell => scalars::day(cell),
        }
    }

    /// Reads a day as text: of a month that was met before, by its number in the month.
    #[inline]
    pub(super) fn day_of(&mut self, text: &[u8]) -> Result<Day, scalars::Expected> {
        let Some((month, [tens @ b'0'..=b'2', ones @ b'0'..=b'9'])) = text.split_first_chunk() else {
            return scalars::day_of(text);
        };
        // No month has fewer days than these.
        let behind_first = i32::from(tens - b'0') * 10 + i32::from(ones - b'0') - 1;
        let place = slot(u64::from_le_bytes(*month), Self::MONTHS);
        if let Some(Some((known, first))) = self.months.get(place)
            && known == month
            && (0..28).contains(&behind_first)
        {
            return Ok(Day::from_days(first.days() + behind_first));
        }
        let day = scalars::day_of(text)?;
        // Of ten bytes, such are only days that end with their number in the month.
        if let [_, _, _, _, b'-', _, _, b'-'] = month {
            self.months.resize(1 << Self::MONTHS, None);
            if let Some(place) = self.months.get_mut(place) {
                *place = Some((*month, Day::from_days(day.days() - behind_first)));
            }
        }
        Ok(day)
    }

    /// Reads a list of diagnoses.
    #[inline]
    pub(super) fn diagnoses<'a>(&mut self, list: &'a str, diagnoses: &mut Vec<Diagnosis<'a>>) {
        if self.list.as_ref().is_some_and(|known| same(known.as_bytes(), list.as_bytes())) {
            diagnoses.extend_from_slice(&self.codes);
            return;
        }
        lists::push_list(list, diagnoses);
        let mut memory = self.list.take().unwrap_or_default();
        self.remember(diagnoses);
        if !self.unkept {
            memory.clear();
            memory.push_str(list);
            self.list = Some(memory);
        }
    }

    /// Empties a line's diagnoses, and gives them memory that was used before.
    #[inline]
    pub(super) fn lend(&mut self, diagnoses: &mut Vec<Diagnosis<'_>>) {
        diagnoses.clear();
        if diagnoses.capacity() == 0 {
            *diagnoses = emptied(std::mem::take(&mut self.spare));
        }
    }

    /// Takes in diagnoses that stood in columns of their own.
    pub(super) fn meet(&mut self, diagnoses: &[Diagnosis<'_>]) {
        if self.unkept || *self.codes.as_slice() != *diagnoses {
            self.remember(diagnoses);
        }
    }

    /// Remembers other diagnoses than those before.
    fn remember(&mut self, diagnoses: &[Diagnosis<'_>]) {
        self.lists += 1;
        self.list = None;
        self.codes.clear();
        // Text is borrowed from its row, so it cannot be kept.
        self.codes.extend(diagnoses.iter().map_while(|diagnosis| match diagnosis.text {
            DiagnosisText::Code(code) => Some(Diagnosis { slot: diagnosis.slot, text: DiagnosisText::Code(code) }),
            DiagnosisText::Other(_) => None,
        }));
        self.unkept = self.codes.len() < diagnoses.len();
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
    fn a_day_is_the_same_in_whichever_order_days_are_read() {
        let mut memory = RowMemory::default();
        let texts = ["2024-02-29", "2023-02-29", "2023-02-28", "2023-02-01", "2023-02-00", "2023-02-31", "2023-02-0x"];
        let others = ["20240229", "02/29/2024", "2/1/2023", "01-Feb-2023", "1-Feb-2023", "2023-02-1", "2023/02/01", ""];
        for text in texts.iter().chain(&others).chain(&texts).chain(texts.iter().rev()).chain(&others) {
            assert_eq!(memory.day(Cell::Text(text)), scalars::day(Cell::Text(text)), "{text}");
        }
        for number in 0..40_000 {
            let text = Day::from_days(number % 400 * 97 + number / 400).to_string();
            assert_eq!(memory.day(Cell::Text(&text)), scalars::day(Cell::Text(&text)), "{text}");
        }
    }

    #[test]
    fn a_list_says_the_same_whatever_came_before_it() {
        let lists = ["M80.08XA;C41.2", "", "M80.08XA;C41.2", "M80.08XA", "M80.08XA;not a code at all", "", "C41.2"];
        let mut memory = RowMemory::default();
        for list in lists.iter().chain(&lists).flat_map(|list| [list, list]) {
            let mut expected = Vec::new();
            super::lists::push_list(list, &mut expected);
            let mut line = ClaimLine::new("", 0, Day::from_days(0), crate::claim::ProcedureCode::NONE);
            memory.lend(&mut line.diagnoses);
            memory.diagnoses(list, &mut line.diagnoses);
            assert_eq!(line.diagnoses, expected, "{list}");
            memory.take_back(line);
        }
    }

    #[test]
    fn a_blank_list_says_nothing_whatever_columns_said_before() {
        let mut memory = RowMemory::default();
        let mut diagnoses = Vec::new();
        super::lists::push_numbered(1, "M80.08XA", &mut diagnoses);
        let read = |memory: &mut RowMemory, list| {
            let mut diagnoses = Vec::new();
            memory.diagnoses(list, &mut diagnoses);
            diagnoses.len()
        };
        memory.meet(&diagnoses);
        assert_eq!(read(&mut memory, ""), 0);
        memory.meet(&diagnoses);
        assert_eq!(read(&mut memory, "C41.2"), 1);
        memory.meet(&[]);
        assert_eq!(read(&mut memory, "C41.2"), 1);
    }

    proptest::proptest! {
        #[test]
        fn lines_of_one_header_have_all_of_it_in_common(
            rows in proptest::collection::vec((0..2_usize, 0..2_usize, 0..2_usize, 0..6_usize, proptest::bool::ANY), 2..12),
            faulty in proptest::collection::vec(proptest::bool::weighted(0.2), 12),
        ) {
            const LISTS: [&str; 6] = ["C41.2", "", "M80.08XA;not a code at all", "C41.2;M80.08XA", "not a code at all", "."];
            let texts = ["a", "b"];
            let mut memory = RowMemory::default();
            let mut seen: Vec<(HeaderNumber, String)> = Vec::new();
            for ((claim, member, day, list, in_columns), faulty) in rows.into_iter().zip(faulty) {
                let day = Day::from_days(20_000 + i32::try_from(day).unwrap());
                let mut line = ClaimLine::new(texts[claim], 1, day, crate::claim::ProcedureCode::NONE);
                line.member_id = texts[member];
                if in_columns {
                    super::lists::push_numbered(1, LISTS[list], &mut line.diagnoses);
                    memory.meet(&line.diagnoses);
                } else {
                    memory.diagnoses(LISTS[list], &mut line.diagnoses);
                    let mut afresh = Vec::new();
                    super::lists::push_list(LISTS[list], &mut afresh);
                    proptest::prop_assert_eq!(&line.diagnoses, &afresh);
                }
                // A row of which something else could not be read never gets a header.
                if !faulty {
                    let header = memory.header(&line).unwrap();
                    let all = format!("{claim} {member} {day} {:?}", line.diagnoses);
                    let same = seen.iter().find(|(known, _)| *known == header);
                    proptest::prop_assert!(same.is_none_or(|(_, known)| *known == all), "{:?} {}", same, all);
                    seen.push((header, all));
                }
                memory.take_back(line);
            }
        }
    }

    #[test]
    fn the_lines_of_a_claim_have_one_header() {
        let mut memory = RowMemory::default();
        let mut header = |claim, list| {
            let mut line = ClaimLine::new(claim, 1, Day::from_days(20_000), crate::claim::ProcedureCode::NONE);
            memory.diagnoses(list, &mut line.diagnoses);
            let header = memory.header(&line);
            memory.take_back(line);
            header
        };
        let first = header("a", "C41.2");
        assert_eq!((header("a", "C41.2"), header("a", "C41.2")), (first, first));
        assert_ne!(header("b", "C41.2"), first);
        assert_ne!(header("a", "C41.2"), first, "not next to the first");
    }

    #[test]
    fn the_memory_of_diagnoses_is_used_again() {
        let diagnoses: Vec<Diagnosis<'_>> = Vec::with_capacity(7);
        let place = diagnoses.as_ptr() as usize;
        let emptied = emptied(diagnoses);
        assert_eq!((emptied.as_ptr() as usize, emptied.capacity()), (place, 7));
    }
}
