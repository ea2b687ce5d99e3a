//! Coverages: what a version says of one service.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::error::{PolicyError, Source};
use super::lists::DiagnosisLists;
use super::names::Names;
use crate::icd10::{CodeIndex, Icd10};
use crate::policy::diagnoses::ListedSpan;
use crate::policy::raw::RawCoverage;
use crate::policy::{Coverage, DiagnosisTable, Standing};

/// What coverages refer to, and what they share.
pub(super) struct CoverageCompiler<'a> {
    source: Source<'a>,
    table: &'a Icd10,
    indications: &'a Names,
    list_names: &'a Names,
    lists: &'a DiagnosisLists,
    /// By the lists that they join, by place: versions share them.
    tables: FxHashMap<Vec<usize>, Arc<DiagnosisTable>>,
    warnings: Vec<String>,
}

impl<'a> CoverageCompiler<'a> {
    pub(super) fn new(
        source: Source<'a>,
        table: &'a Icd10,
        indications: &'a Names,
        list_names: &'a Names,
        lists: &'a DiagnosisLists,
    ) -> Self {
        Self { source, table, indications, list_names, lists, tables: FxHashMap::default(), warnings: Vec::new() }
    }

    /// What has been found doubtful.
    pub(super) fn into_warnings(self) -> Vec<String> {
        self.warnings
    }

    /// A coverage, and the places of its lists.
    pub(super) fn compile(&mut self, name: &str, raw: &RawCoverage<'_>) -> Result<(Coverage, Vec<usize>), PolicyError> {
        let (source, techniques) = (self.source, raw.investigational_techniques.as_deref());
        if raw.investigational {
            self.refuse_conditions(name, raw)?;
        }
        if let Some(techniques) = techniques {
            source.not_empty(name, "investigational_techniques", techniques)?;
        }
        let lists = self.places(name, "diagnoses", self.list_names, raw.diagnoses.as_deref())?;
        let indications = self.places(name, "indications", self.indications, raw.indications.as_deref())?;
        if lists.is_empty() && !indications.is_empty() {
            let reason = "it has indications and no diagnoses: facts are weighed only where a diagnosis is listed";
            return Err(source.refuse(name, reason));
        }
        let diagnoses = if lists.is_empty() { None } else { Some(self.join(name, &lists)?) };
        let coverage = Coverage {
            investigational: raw.investigational,
            investigational_techniques: techniques.unwrap_or_default().iter().map(|word| word.0).collect(),
            requires_cleared_device: raw.requires_cleared_device,
            diagnoses,
            lists: lists.clone(),
            indications,
            cite: raw.cite.as_ref().to_owned(),
        };
        Ok((coverage, lists))
    }

    /// What is investigational is so whatever a line says.
    fn refuse_conditions(&self, name: &str, raw: &RawCoverage<'_>) -> Result<(), PolicyError> {
        let given = [
            ("diagnoses", raw.diagnoses.is_some()),
            ("indications", raw.indications.is_some()),
            ("investigational_techniques", raw.investigational_techniques.is_some()),
            ("requires_cleared_device", raw.requires_cleared_device),
        ];
        match given.into_iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((key, _)) => {
                let reason = format!("it is investigational whatever the line says, so `{key}` has no meaning here");
                Err(self.source.refuse(name, reason))
            }
        }
    }

    /// The places of names, in the file's order, each once.
    fn places(
        &self,
        name: &str,
        key: &str,
        names: &Names,
        wanted: Option<&[String]>,
    ) -> Result<Vec<usize>, PolicyError> {
        let Some(wanted) = wanted else { return Ok(Vec::new()) };
        self.source.not_empty(name, key, wanted)?;
        let mut places = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let place = names.resolve(self.source, name, wanted)?;
            if places.contains(&place) {
                return Err(self.source.refuse(name, format_args!("it names {} twice", names.entry(wanted))));
            }
            places.push(place);
        }
        places.sort_unstable();
        Ok(places)
    }

    /// The diagnoses of some lists as one table. A code may be on two of them
    /// only if both say the same.
    fn join(&mut self, name: &str, lists: &[usize]) -> Result<Arc<DiagnosisTable>, PolicyError> {
        if let Some(table) = self.tables.get(lists) {
            return Ok(Arc::clone(table));
        }
        let mut spans = Vec::with_capacity(self.spans_of(lists).map(<[_]>::len).sum());
        self.spans_of(lists).for_each(|list| spans.extend_from_slice(list));
        spans.sort_by_key(|span| span.codes.first());
        if !spans.is_sorted_by(|one, next| one.codes.behind() <= next.codes.first()) {
            spans = self.agreed(name, lists)?;
        }
        let says = |span: &ListedSpan| self.lists.said.get(usize::from(span.says)).map(|listed| listed.standing);
        if !spans.iter().any(|span| says(span) == Some(Standing::Supporting)) {
            self.warnings.push(self.source.warn(name, "none of its diagnoses supports: no line can be allowed"));
        }
        let joined = Arc::new(DiagnosisTable::new(Arc::clone(&self.lists.said), spans));
        self.tables.insert(lists.to_vec(), Arc::clone(&joined));
        Ok(joined)
    }

    /// The spans of some lists, list by list.
    fn spans_of<'l>(&'l self, lists: &'l [usize]) -> impl Iterator<Item = &'l [ListedSpan]> {
        lists.iter().filter_map(|place| self.lists.listed.get(*place)).map(Vec::as_slice)
    }

    /// The diagnoses of lists that have codes in common, code by code.
    fn agreed(&mut self, name: &str, lists: &[usize]) -> Result<Vec<ListedSpan>, PolicyError> {
        let mut agreed: FxHashMap<CodeIndex, (usize, u16)> = FxHashMap::default();
        let mut doubts = Vec::new();
        let spans =
            lists.iter().zip(self.spans_of(lists)).flat_map(|(place, list)| list.iter().map(|span| (*place, span)));
        for (place, span) in spans {
            for code in span.codes.clone() {
                // What stays is what the first list says.
                let (first, says) = *agreed.entry(code).or_insert((place, span.says));
                if first == place {
                    continue;
                }
                let (one, other) = (self.list_names.at(first), self.list_names.at(place));
                let both = format!("{} is on list \"{one}\" and on list \"{other}\"", self.table.code(code));
                let standing = |says: u16| self.lists.said.get(usize::from(says)).map(|listed| listed.standing);
                if standing(says) != standing(span.says) {
                    let reason = format!("{both}: it supports or it is for review, not both");
                    return Err(self.source.refuse(name, reason));
                }
                if says != span.says {
                    return Err(self.source.refuse(name, format_args!("{both}, which say different things of it")));
                }
                doubts.push(self.source.warn(name, both));
            }
        }
        self.warnings.extend(doubts);
        let mut codes: Vec<_> = agreed.into_iter().map(|(code, (_, says))| (code, says)).collect();
        codes.sort_unstable();
        Ok(codes.into_iter().map(|(code, says)| ListedSpan { codes: code.into(), says }).collect())
    }
}
