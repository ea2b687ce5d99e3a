//! Regions and diagnosis lists: printed ranges, resolved against the code table.

use std::fmt;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::error::{PolicyError, Source};
use super::names::{Names, entry};
use crate::icd10::{CodeIndex, DiagnosisCode, Icd10, RangeError, expand};
use crate::policy::raw::{RawEntry, RawList, RawRegion};
use crate::policy::{ListedDiagnosis, ListedEtiology, PrintedEntry, PrintedList, RegionIndex, Standing};

const REGION: &str = "region";
const LIST: &str = "diagnosis_list";

/// Which region a diagnosis names.
pub(super) type RegionsByCode = FxHashMap<CodeIndex, RegionIndex>;

/// A diagnosis list with every code resolved, each with what its entry says.
pub(super) type ListedCodes = Vec<(CodeIndex, ListedDiagnosis)>;

/// An entry of a list, for messages.
struct EntryName<'a> {
    kind: &'static str,
    id: &'a str,
    number: usize,
    text: &'a str,
}

impl fmt::Display for EntryName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, id, number, text } = self;
        write!(f, "{kind} \"{id}\", entry {number} \"{text}\"")
    }
}

/// Compiles the regions.
pub(super) fn regions(
    source: Source<'_>,
    table: &Icd10,
    raw: &[RawRegion],
) -> Result<(Names, RegionsByCode), PolicyError> {
    let names = Names::collect(source, REGION, raw.iter().map(|region| region.id.as_str()))?;
    let mut by_code = RegionsByCode::default();
    for (place, region) in raw.iter().enumerate() {
        let index = region_index(place)?;
        source.not_empty(entry(REGION, &region.id), "diagnoses", &region.diagnoses)?;
        for (number, text) in (1..).zip(&region.diagnoses) {
            let name = EntryName { kind: REGION, id: &region.id, number, text };
            for code in expand(text, None, table).map_err(|error| source.refuse(&name, error))? {
                if let Some(first) = by_code.insert(code, index) {
                    let first = names.at(usize::from(first.0));
                    let reason = format!("{} is in region \"{first}\" already", table.code(code));
                    return Err(source.refuse(&name, reason));
                }
            }
        }
    }
    Ok((names, by_code))
}

/// The index of the region at a place.
pub(super) fn region_index(place: usize) -> Result<RegionIndex, PolicyError> {
    u16::try_from(place).map(RegionIndex).map_err(|_| PolicyError::TooMany)
}

/// Compiles the diagnosis lists: what people read, and what tables are made of.
pub(super) fn diagnosis_lists(
    source: Source<'_>,
    table: &Icd10,
    raw: Vec<RawList>,
    regions: &RegionsByCode,
) -> Result<(Vec<PrintedList>, Vec<ListedCodes>), PolicyError> {
    let compiler = ListCompiler { source, table, regions, alone: Arc::new([]) };
    let lists: Vec<_> = raw.into_iter().map(|list| compiler.compile(list)).collect::<Result<_, _>>()?;
    Ok(lists.into_iter().unzip())
}

/// The ids of the lists.
pub(super) fn names(source: Source<'_>, lists: &[PrintedList]) -> Result<Names, PolicyError> {
    Names::collect(source, LIST, lists.iter().map(|list| list.id.as_str()))
}

struct ListCompiler<'a> {
    source: Source<'a>,
    table: &'a Icd10,
    regions: &'a RegionsByCode,
    /// What codes share that count alone: nearly all.
    alone: Arc<[CodeIndex]>,
}

/// What holds for every entry of a list that does not say otherwise.
struct Defaults {
    standing: Standing,
    etiology: ListedEtiology,
    seventh: Option<String>,
    together_with: Arc<[CodeIndex]>,
}

impl ListCompiler<'_> {
    fn compile(&self, list: RawList) -> Result<(PrintedList, ListedCodes), PolicyError> {
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
        let mut listed = ListedCodes::with_capacity(entries.len());
        let mut entry_of = FxHashMap::with_capacity_and_hasher(entries.len(), FxBuildHasher);
        let mut printed = Vec::with_capacity(entries.len());
        for (number, raw) in (1..).zip(entries) {
            let name = EntryName { kind: LIST, id: &id, number, text: &raw.codes };
            let codes = self.entry(&name, &raw, &defaults, &mut listed)?;
            for code in &codes {
                if let Some(first) = entry_of.insert(*code, number) {
                    let reason = format!("{} is in entry {first} already", self.table.code(*code));
                    return Err(self.source.refuse(&name, reason));
                }
            }
            printed.push(PrintedEntry { text: raw.codes, codes });
        }
        Ok((PrintedList { id, standing: standing.0, cite, entries: printed }, listed))
    }

    /// The codes of an entry, which it adds to those of its list.
    fn entry(
        &self,
        name: &EntryName<'_>,
        raw: &RawEntry,
        defaults: &Defaults,
        listed: &mut ListedCodes,
    ) -> Result<Vec<CodeIndex>, PolicyError> {
        let sevenths = raw.seventh.as_deref().or(defaults.seventh.as_deref());
        let codes = self.expand(&raw.codes, sevenths).map_err(|error| self.source.refuse(name, error))?;
        let together_with = match &raw.together_with {
            Some(texts) => self.together_with(name, texts)?,
            None => Arc::clone(&defaults.together_with),
        };
        if let Some(own) = codes.iter().find(|code| together_with.contains(code)) {
            let reason = format!("{} would count together with itself, that is, always", self.table.code(*own));
            return Err(self.source.refuse(name, reason));
        }
        listed.extend(codes.iter().map(|code| {
            let diagnosis = ListedDiagnosis {
                standing: defaults.standing,
                etiology: raw.etiology.map_or(defaults.etiology, |word| word.0),
                region: self.regions.get(code).copied(),
                together_with: Arc::clone(&together_with),
            };
            (*code, diagnosis)
        }));
        Ok(codes)
    }

    fn expand(&self, text: &str, sevenths: Option<&str>) -> Result<Vec<CodeIndex>, RangeError> {
        // Long lists are mostly of single codes, which need none of the care that
        // ranges do. What is no code of the table may still be a range.
        if sevenths.is_none() {
            let code = DiagnosisCode::parse(text.as_bytes()).and_then(|code| self.table.find(&code));
            if let Some(code) = code {
                return Ok(vec![code]);
            }
        }
        expand(text, sevenths, self.table)
    }

    fn together_with(&self, entry: &dyn fmt::Display, texts: &[String]) -> Result<Arc<[CodeIndex]>, PolicyError> {
        self.source.not_empty(entry, "together_with", texts)?;
        let mut codes = Vec::new();
        for text in texts {
            let refuse = |error| self.source.refuse(entry, format_args!("`together_with` \"{text}\": {error}"));
            codes.extend(expand(text, None, self.table).map_err(refuse)?);
        }
        codes.sort_unstable();
        codes.dedup();
        Ok(codes.into())
    }
}
