//! Coverages: what a version says of one service.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::error::{PolicyError, Source};
use super::lists::ListedCodes;
use super::names::Names;
use crate::icd10::{CodeIndex, Icd10};
use crate::policy::raw::RawCoverage;
use crate::policy::{Coverage, DiagnosisTable, Standing};

/// What coverages refer to, and what they share.
pub(super) struct CoverageCompiler<'a> {
    source: Source<'a>,
    table: &'a Icd10,
    indications: &'a Names,
    list_names: &'a Names,
    listed: &'a [ListedCodes],
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
        listed: &'a [ListedCodes],
    ) -> Self {
        Self { source, table, indications, list_names, listed, tables: FxHashMap::default(), warnings: Vec::new() }
    }

    /// What has been found doubtful.
    pub(super) fn into_warnings(self) -> Vec<String> {
        self.warnings
    }

    /// A coverage, and the places of its lists.
    pub(super) fn compile(&mut self, name: &str, raw: &RawCoverage) -> Result<(Coverage, Vec<usize>), PolicyError> {
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
            cite: raw.cite.clone(),
        };
        Ok((coverage, lists))
    }

    /// What is investigational is so whatever a line says.
    fn refuse_conditions(&self, name: &str, raw: &RawCoverage) -> Result<(), PolicyError> {
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
        let mut joined = DiagnosisTable::default();
        for (rank, place) in lists.iter().enumerate() {
            let Some(list) = self.listed.get(*place) else { continue };
            joined.listed.reserve(list.len());
            for (code, listed) in list {
                let Some(other) = joined.listed.insert(*code, listed.clone()) else { continue };
                let first = lists.iter().take(rank).find(|place| self.holds(**place, *code));
                let first = first.map_or("", |place| self.list_names.at(*place));
                let second = self.list_names.at(*place);
                let both = format!("{} is on list \"{first}\" and on list \"{second}\"", self.table.code(*code));
                if other.standing != listed.standing {
                    let reason = format!("{both}: it supports or it is for review, not both");
                    return Err(self.source.refuse(name, reason));
                }
                if other != *listed {
                    return Err(self.source.refuse(name, format_args!("{both}, which say different things of it")));
                }
                self.warnings.push(self.source.warn(name, both));
            }
        }
        if joined.listed.values().all(|listed| listed.standing != Standing::Supporting) {
            self.warnings.push(self.source.warn(name, "none of its diagnoses supports: no line can be allowed"));
        }
        let joined = Arc::new(joined);
        self.tables.insert(lists.to_vec(), Arc::clone(&joined));
        Ok(joined)
    }

    fn holds(&self, list: usize, code: CodeIndex) -> bool {
        self.listed.get(list).is_some_and(|list| list.iter().any(|(listed, _)| *listed == code))
    }
}
