//! The table: finding a code, and judging it as of a day.

use std::fmt;

use super::lookup::Lookup;
use super::{CodeIndex, CodeRange, DiagnosisCode, RangeError, TableError, format, range};
use crate::claim::Day;

/// The table, as `scripts/build_icd10_table.py` wrote it.
const EMBEDDED: &[u8] = include_bytes!("icd10cm.bin.zst");

/// Stands for "still valid" where a last day is kept.
const STILL_VALID: Day = Day::from_days(i32::MAX);

/// The shortest text that a code can begin with: its category.
const CATEGORY: usize = 3;

/// A code and the days on which it is billable, both inclusive.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) code: DiagnosisCode,
    pub(super) from: Day,
    pub(super) to: Day,
}

impl Entry {
    /// What a place outside of the table holds: no code, on no day.
    pub(super) const NONE: Self =
        Self { code: DiagnosisCode::EMPTY, from: Day::from_days(i32::MAX), to: Day::from_days(i32::MIN) };

    fn is_valid_on(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// What a diagnosis is on a day. The first that holds, in this order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It may be billed.
    Billable(CodeIndex),
    /// It has three characters or more, and codes that may be billed on the day
    /// begin with it: characters are missing.
    Incomplete,
    /// The table has it, for other days.
    NotValidOnDate(CodeIndex),
    /// The table has no such code.
    Unknown,
}

/// All codes of an edition with their validity. Immutable; share it in an `Arc`.
#[derive(Clone)]
pub struct Icd10 {
    edition: String,
    first_day: Day,
    last_day: Day,
    entries: Vec<Entry>,
    lookup: Lookup,
}

impl Icd10 {
    /// Decodes the table that is part of the program. Takes milliseconds: do it
    /// once.
    ///
    /// # Errors
    ///
    /// The embedded bytes are damaged: the program was built wrongly.
    pub fn embedded() -> Result<Self, TableError> {
        let decoded = format::decode(EMBEDDED)?;
        Self::new(decoded.edition, decoded.first_day, decoded.last_day, decoded.entries)
    }

    /// A table of other codes: each row a code, its first day, and its last day
    /// unless it is still valid. In any order; dots and case do not matter.
    ///
    /// # Errors
    ///
    /// A code cannot be one, occurs twice, or ends before it begins; or the table
    /// itself ends before it begins.
    pub fn from_rows(
        edition: &str,
        first_day: Day,
        last_day: Day,
        rows: impl IntoIterator<Item = (String, Day, Option<Day>)>,
    ) -> Result<Self, TableError> {
        let entry = |(text, from, to): (String, Day, Option<Day>)| match DiagnosisCode::parse(text.as_bytes()) {
            Some(code) => Ok(Entry { code, from, to: to.unwrap_or(STILL_VALID) }),
            None => Err(TableError::NotACode(text)),
        };
        let mut entries = rows.into_iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        entries.sort_unstable_by_key(|entry| entry.code);
        Self::new(edition.to_owned(), first_day, last_day, entries)
    }

    /// Every table is made here, so every table is sorted and numbered in `u32`.
    pub(super) fn new(edition: String, first_day: Day, last_day: Day, entries: Vec<Entry>) -> Result<Self, TableError> {
        if last_day < first_day {
            return Err(TableError::NoDays);
        }
        if u32::try_from(entries.len()).map_or(true, |count| count == u32::MAX) {
            return Err(TableError::TooLong);
        }
        for (one, next) in entries.iter().zip(entries.iter().skip(1)) {
            if next.code <= one.code {
                return Err(TableError::Order(next.code));
            }
        }
        if let Some(entry) = entries.iter().find(|entry| entry.to < entry.from) {
            return Err(TableError::EndsBeforeItBegins(entry.code));
        }
        let lookup = Lookup::new(entries.len(), entries.iter().map(|entry| entry.code));
        Ok(Self { edition, first_day, last_day, entries, lookup })
    }

    /// The edition's name, for reports.
    #[must_use]
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// What tells it from a table of the same name: a digest, in hexadecimal, of its days, its
    /// codes and theirs.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.edition.as_bytes());
        let days = |from: Day, to: Day| [from.days().to_le_bytes(), to.days().to_le_bytes()];
        hasher.update(days(self.first_day, self.last_day).as_flattened());
        for Entry { code, from, to } in &self.entries {
            hasher.update(&code.packed().to_le_bytes());
            hasher.update(days(*from, *to).as_flattened());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The first day that the table knows. What was billable before, it cannot
    /// say: it calls every code not valid then.
    #[must_use]
    pub fn first_day(&self) -> Day {
        self.first_day
    }

    /// The last day that the table knows. Later on, it goes on calling billable
    /// what was so on that day.
    #[must_use]
    pub fn last_day(&self) -> Day {
        self.last_day
    }

    /// How many codes it has, of all days.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no codes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The place of a code, whatever its days.
    #[must_use]
    pub fn find(&self, code: &DiagnosisCode) -> Option<CodeIndex> {
        self.lookup.find(*code, |index| self.entry(index).code == *code)
    }

    /// The code at a place. (A place of another, longer table: a code without
    /// characters, which no table has.)
    #[must_use]
    pub fn code(&self, index: CodeIndex) -> DiagnosisCode {
        self.entry(index).code
    }

    /// Whether the code at a place may be billed for service on a day.
    #[must_use]
    pub fn billable_on(&self, index: CodeIndex, day: Day) -> bool {
        self.entry(index).is_valid_on(day)
    }

    /// The first and the last day of the code at a place; no last day where it is
    /// still valid.
    #[must_use]
    pub fn validity(&self, index: CodeIndex) -> (Day, Option<Day>) {
        let entry = self.entry(index);
        (entry.from, Some(entry.to).filter(|day| *day != STILL_VALID))
    }

    /// What a code is on a day.
    #[must_use]
    pub fn status(&self, code: &DiagnosisCode, day: Day) -> Status {
        let index = self.find(code);
        match index {
            Some(index) if self.billable_on(index, day) => Status::Billable(index),
            _ if code.len() >= CATEGORY && self.completions(code, day).next().is_some() => Status::Incomplete,
            Some(index) => Status::NotValidOnDate(index),
            None => Status::Unknown,
        }
    }

    /// The codes billable on a day that begin with `prefix` and are longer, in
    /// order.
    pub fn completions<'t>(&'t self, prefix: &DiagnosisCode, day: Day) -> impl Iterator<Item = CodeIndex> + use<'t> {
        let own = *prefix;
        self.with_prefix(prefix).filter(move |index| {
            let entry = self.entry(*index);
            entry.code != own && entry.is_valid_on(day)
        })
    }

    /// The codes of all days that begin with `prefix`, itself included.
    #[must_use]
    pub fn with_prefix(&self, prefix: &DiagnosisCode) -> CodeRange {
        self.between(*prefix, prefix.last_with_prefix())
    }

    /// The codes of all days from `first` to `last`, both included, compared
    /// bytewise without dots.
    ///
    /// # Errors
    ///
    /// One of the two is not in the table, or they are not in order.
    pub fn range(&self, first: &DiagnosisCode, last: &DiagnosisCode) -> Result<CodeRange, RangeError> {
        let (first, last) = range::find_ends(self, *first, *last)?;
        Ok(CodeRange::through(first, last))
    }

    /// How many codes may be billed on a day. Looks at every code.
    #[must_use]
    pub fn count_in_force(&self, day: Day) -> usize {
        self.entries.iter().filter(|entry| entry.is_valid_on(day)).count()
    }

    /// The codes next to where `code` stands or would stand: the one before it
    /// and the one behind it.
    pub(super) fn neighbours(&self, code: DiagnosisCode) -> (Option<DiagnosisCode>, Option<DiagnosisCode>) {
        let start = self.entries.partition_point(|entry| entry.code < code);
        let end = self.entries.partition_point(|entry| entry.code <= code);
        let at = |place: usize| self.entries.get(place).map(|entry| entry.code);
        (start.checked_sub(1).and_then(at), at(end))
    }

    fn between(&self, first: DiagnosisCode, last: DiagnosisCode) -> CodeRange {
        CodeRange::between(
            self.entries.partition_point(|entry| entry.code < first),
            self.entries.partition_point(|entry| entry.code <= last),
        )
    }

    fn entry(&self, index: CodeIndex) -> &Entry {
        self.entries.get(index.as_usize()).unwrap_or(&Entry::NONE)
    }
}

impl fmt::Debug for Icd10 {
    /// The edition and its size: nobody wants to read the codes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Icd10").field("edition", &self.edition).field("codes", &self.len()).finish_non_exhaustive()
    }
}
