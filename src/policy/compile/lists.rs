//! Diagnosis lists: printed ranges, resolved against the code table.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::error::{PolicyError, Source};
use super::names::{Names, entry};
use super::regions::{EntryName, RegionsByCode, Repeat};
use crate::icd10::{CodeIndex, CodeRange, Icd10, RangeError, expand, expand_all, expand_plain};
use crate::policy::diagnoses::{ListedSpan, UNLISTED};
use crate::policy::raw::{RawEntry, RawList, RawSaid};
use crate::policy::{EntryCodes, ListedDiagnosis, ListedEtiology, PrintedEntry, PrintedList, RegionIndex, Standing};

const LIST: &str = "diagnosis_list";

/// A diagnosis list with every code resolved, in the order of its entries.
pub(super) type ListedCodes = Vec<ListedSpan>;

/// The diagnosis lists of a file.
pub(super) struct DiagnosisLists {
    /// What people read.
    pub(super) printed: Vec<PrintedList>,
    /// What tables are made of, list by list.
    pub(super) listed: Vec<ListedCodes>,
    /// What listed codes say, each once.
    pub(super) said: Arc<[ListedDiagnosis]>,
}

/// Compiles the diagnosis lists.
pub(super) fn compile(
    source: Source<'_>,
    table: &Icd10,
    raw: Vec<RawList<'_>>,
    regions: &RegionsByCode,
) -> Result<DiagnosisLists, PolicyError> {
    let mut compiler = ListCompiler { source, table, regions, alone: Arc::new([]), said: Said::default() };
    let (mut printed, mut listed) = (Vec::with_capacity(raw.len()), Vec::with_capacity(raw.len()));
    for list in raw {
        let (one, codes) = compiler.compile(list)?;
        printed.push(one);
        listed.push(codes);
    }
    Ok(DiagnosisLists { printed, listed, said: compiler.said.all.into() })
}

/// The ids of the lists.
pub(super) fn names(source: Source<'_>, lists: &[PrintedList]) -> Result<Names, PolicyError> {
    Names::collect(source, LIST, lists.iter().map(|list| list.id.as_str()))
}

/// What listed codes say, each once: long lists say little.
#[derive(Default)]
struct Said {
    all: Vec<ListedDiagnosis>,
    places: FxHashMap<ListedDiagnosis, u16>,
    last: u16,
}

impl Said {
    /// The place of what a code says.
    fn place(
        &mut self,
        standing: Standing,
        etiology: ListedEtiology,
        region: Option<RegionIndex>,
        together_with: &Arc<[CodeIndex]>,
    ) -> Result<u16, PolicyError> {
        // Most codes say what the one before them says.
        let same = |last: &ListedDiagnosis| {
            (last.standing, last.etiology, last.region) == (standing, etiology, region)
                && Arc::ptr_eq(&last.together_with, together_with)
        };
        if self.all.get(usize::from(self.last)).is_some_and(same) {
            return Ok(self.last);
        }
        let together_with = Arc::clone(together_with);
        let diagnosis = ListedDiagnosis { standing, etiology, region, together_with };
        let next = u16::try_from(self.all.len()).ok().filter(|next| *next != UNLISTED).ok_or(PolicyError::TooMany)?;
        self.last = *self.places.entry(diagnosis.clone()).or_insert(next);
        if self.last == next {
            self.all.push(diagnosis);
        }
        Ok(self.last)
    }
}

struct ListCompiler<'a> {
    source: Source<'a>,
    table: &'a Icd10,
    regions: &'a RegionsByCode,
    /// What codes share that count alone: nearly all.
    alone: Arc<[CodeIndex]>,
    said: Said,
}

/// What holds for every entry of a list that does not say otherwise.
struct Defaults {
    standing: Standing,
    etiology: ListedEtiology,
    seventh: Option<String>,
    together_with: Arc<[CodeIndex]>,
}

/// A list whose entries are being added.
#[derive(Default)]
struct Growing {
    printed: Vec<PrintedEntry>,
    listed: ListedCodes,
    /// The codes of each entry, with its number.
    taken: Vec<(CodeRange, usize)>,
}

impl ListCompiler<'_> {
    fn compile(&mut self, list: RawList<'_>) -> Result<(PrintedList, ListedCodes), PolicyError> {
        let RawList { id, standing, cite, entries, etiology, seventh, together_with } = list;
        self.source.not_empty(entry(LIST, &id), "entries", &entries)?;
        let defaults = Defaults {
            standing: standing.0,
            etiology: etiology.map_or(ListedEtiology::NotTold, |word| word.0),
            seventh,
            together_with: match together_with {
                Some(texts) => self.together_with(&entry(LIST, &id), &texts)?,
                None => Arc::clone(&self.alone),
            },
        };
        let mut growing = Growing {
            printed: Vec::with_capacity(entries.len()),
            listed: Vec::with_capacity(entries.len()),
            taken: Vec::with_capacity(entries.len()),
        };
        let plain = expand_plain(entries.iter().map(|entry| &*entry.codes), self.table);
        let outcome = (1..).zip(entries.iter().zip(plain)).try_for_each(|(number, (raw, plain))| {
            let name = EntryName { kind: LIST, id: &id, number, text: &raw.codes };
            self.add(&name, raw, plain, &defaults, &mut growing)
        });
        // A code that is there twice stands before an entry at fault behind it.
        if let Some(Repeat { code, first, second: number }) = Repeat::find(&growing.taken) {
            let text = entries.get(number - 1).map_or("", |entry| &entry.codes);
            let reason = format!("{} is in entry {first} already", self.table.code(code));
            return Err(self.source.refuse(EntryName { kind: LIST, id: &id, number, text }, reason));
        }
        outcome?;
        let printed = PrintedList {
            id: id.into_owned(),
            standing: standing.0,
            cite: cite.into_owned(),
            entries: growing.printed,
        };
        Ok((printed, growing.listed))
    }

    /// Adds an entry to its list. `plain` is its range, where it is plainly one.
    fn add(
        &mut self,
        name: &EntryName<'_>,
        raw: &RawEntry<'_>,
        plain: Option<CodeRange>,
        defaults: &Defaults,
        list: &mut Growing,
    ) -> Result<(), PolicyError> {
        let before = list.taken.len();
        let (etiology, seventh, together_with) = match raw.says.as_deref() {
            Some(RawSaid { etiology, seventh, together_with }) => {
                (*etiology, seventh.as_deref(), together_with.as_ref())
            }
            None => (None, None, None),
        };
        let sevenths = seventh.or(defaults.seventh.as_deref());
        let codes = match plain.filter(|_| sevenths.is_none()) {
            Some(range) => Ok(one_run(range, name.number, &mut list.taken)),
            None => self.expand(&raw.codes, sevenths, name.number, &mut list.taken),
        };
        let codes = codes.map_err(|error| self.source.refuse(name, error))?;
        let together_with = match together_with {
            Some(texts) => self.together_with(name, texts)?,
            None => Arc::clone(&defaults.together_with),
        };
        if let Some(own) = codes.iter().find(|code| together_with.contains(code)) {
            let reason = format!("{} would count together with itself, that is, always", self.table.code(*own));
            return Err(self.source.refuse(name, reason));
        }
        let etiology = etiology.map_or(defaults.etiology, |word| word.0);
        for (range, _) in list.taken.get(before..).unwrap_or_default() {
            for (codes, region) in self.regions.parts(range.clone()) {
                let says = self.said.place(defaults.standing, etiology, region, &together_with)?;
                list.listed.push(ListedSpan { codes, says });
            }
        }
        list.printed.push(PrintedEntry { text: self.source.excerpt(&raw.codes)?, codes });
        Ok(())
    }

    fn expand(
        &self,
        text: &str,
        sevenths: Option<&str>,
        number: usize,
        taken: &mut Vec<(CodeRange, usize)>,
    ) -> Result<EntryCodes, RangeError> {
        let Some(sevenths) = sevenths else {
            return Ok(one_run(expand_all(text, self.table)?, number, taken));
        };
        let codes = expand(text, Some(sevenths), self.table)?;
        taken.extend(CodeRange::runs(&codes).map(|run| (run, number)));
        Ok(codes.into_iter().collect())
    }

    fn together_with(&self, entry: &dyn fmt::Display, texts: &[String]) -> Result<Arc<[CodeIndex]>, PolicyError> {
        self.source.not_empty(entry, "together_with", texts)?;
        let mut codes = Vec::new();
        for text in texts {
            let refuse = |error| self.source.refuse(entry, format_args!("`together_with` \"{text}\": {error}"));
            codes.extend(expand_all(text, self.table).map_err(refuse)?);
        }
        codes.sort_unstable();
        codes.dedup();
        Ok(codes.into())
    }
}

/// The codes of an entry that is one range, which it takes.
fn one_run(range: CodeRange, number: usize, taken: &mut Vec<(CodeRange, usize)>) -> EntryCodes {
    taken.push((range.clone(), number));
    range.collect()
}
