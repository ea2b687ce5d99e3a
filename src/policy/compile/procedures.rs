//! Procedures: their days, limits, neighbours and regions.

use std::fmt;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::error::{PolicyError, Source};
use super::names::Names;
use super::regions::region_index;
use crate::claim::ProcedureCode;
use crate::policy::raw::{Calendar, Limit, RawProcedure, Word};
use crate::policy::{Procedure, RegionIndex};

/// Compiles every procedure, in the file's order.
pub(super) fn compile(
    source: Source<'_>,
    raw: &[RawProcedure<'_>],
    services: &Names,
    regions: &Names,
) -> Result<Vec<Procedure>, PolicyError> {
    let mut by_code = FxHashMap::with_capacity_and_hasher(raw.len(), FxBuildHasher);
    for procedure in raw {
        let code = procedure.code.0;
        if by_code.insert(code, procedure).is_some() {
            return Err(source.refuse(Entry(code), "the file has two of this code"));
        }
    }
    let compiler = ProcedureCompiler { source, by_code, services, regions };
    let mut procedures = Vec::with_capacity(raw.len());
    for procedure in raw {
        procedures.push(compiler.compile(procedure)?);
    }
    Ok(procedures)
}

/// What to call a procedure in messages.
pub(super) struct Entry(pub(super) ProcedureCode);

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "procedure {}", self.0)
    }
}

struct ProcedureCompiler<'a> {
    source: Source<'a>,
    by_code: FxHashMap<ProcedureCode, &'a RawProcedure<'a>>,
    services: &'a Names,
    regions: &'a Names,
}

impl ProcedureCompiler<'_> {
    fn compile(&self, raw: &RawProcedure<'_>) -> Result<Procedure, PolicyError> {
        let (source, code) = (self.source, raw.code.0);
        let (active_from, active_to) = (raw.from.day(), raw.to.map(Calendar::day));
        if let Some(to) = active_to.filter(|to| *to < active_from) {
            return Err(source.refuse(Entry(code), format_args!("`to` {to} is before `from` {active_from}")));
        }
        let replaced_by = raw.replaced_by.map(|word| word.0);
        if replaced_by.is_some() && active_to.is_none() {
            return Err(source.refuse(Entry(code), "it is replaced and has no last day: give `to`"));
        }
        if replaced_by == Some(code) {
            return Err(source.refuse(Entry(code), "it is replaced by itself"));
        }
        Ok(Procedure {
            code,
            label: source.excerpt(&raw.label)?,
            service: self.services.resolve(source, Entry(code), &raw.service)?,
            active_from,
            active_to,
            replaced_by,
            limit: raw.limit.map(Limit::units),
            bilateral_included: raw.bilateral_included,
            add_on_to: self.primaries(raw)?,
            second_to: self.firsts(raw)?,
            treats: self.treats(raw)?,
            doubtful_region: match &raw.doubtful_region {
                Some(region) => Some(self.region(code, region)?),
                None => None,
            },
            cite: source.excerpt(&raw.cite)?,
            edits_source: source.excerpt(&raw.edits_source)?,
        })
    }

    /// Primaries of an add-on: other codes of the file that are no add-ons.
    fn primaries(&self, raw: &RawProcedure<'_>) -> Result<Box<[ProcedureCode]>, PolicyError> {
        self.neighbours(raw, "add_on_to", raw.add_on_to.as_deref(), |code, other| {
            other.add_on_to.is_some().then(|| format!("{code} is an add-on itself, and no primary"))
        })
    }

    /// Codes beside which this one is the second: not mutually, else each would
    /// stop the other.
    fn firsts(&self, raw: &RawProcedure<'_>) -> Result<Box<[ProcedureCode]>, PolicyError> {
        self.neighbours(raw, "second_to", raw.second_to.as_deref(), |code, other| {
            let seconds = other.second_to.as_deref().unwrap_or_default();
            let mutual = seconds.iter().any(|word| word.0 == raw.code.0);
            mutual.then(|| format!("{code} is second to this one as well: one of the two must be the first"))
        })
    }

    fn neighbours(
        &self,
        raw: &RawProcedure<'_>,
        key: &str,
        codes: Option<&[Word<ProcedureCode>]>,
        objection: impl Fn(ProcedureCode, &RawProcedure<'_>) -> Option<String>,
    ) -> Result<Box<[ProcedureCode]>, PolicyError> {
        let Some(codes) = codes else { return Ok(Box::default()) };
        let refuse = |reason: String| self.source.refuse(Entry(raw.code.0), format_args!("`{key}`: {reason}"));
        self.source.not_empty(Entry(raw.code.0), key, codes)?;
        let mut neighbours: Vec<ProcedureCode> = Vec::with_capacity(codes.len());
        for Word(code) in codes {
            if *code == raw.code.0 {
                return Err(refuse("it names the procedure itself".to_owned()));
            }
            if neighbours.contains(code) {
                return Err(refuse(format!("it names {code} twice")));
            }
            let other = self.by_code.get(code).ok_or_else(|| refuse(format!("the file has no procedure {code}")))?;
            if let Some(reason) = objection(*code, other) {
                return Err(refuse(reason));
            }
            neighbours.push(*code);
        }
        Ok(neighbours.into())
    }

    fn treats(&self, raw: &RawProcedure<'_>) -> Result<Box<[RegionIndex]>, PolicyError> {
        let Some(regions) = &raw.treats else { return Ok(Box::default()) };
        // None given means all, so that none left must be a mistake.
        self.source.not_empty(Entry(raw.code.0), "treats", regions)?;
        regions.iter().map(|region| self.region(raw.code.0, region)).collect()
    }

    fn region(&self, code: ProcedureCode, name: &str) -> Result<RegionIndex, PolicyError> {
        region_index(self.regions.resolve(self.source, Entry(code), name)?)
    }
}
