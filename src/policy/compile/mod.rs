//! From a policy file as written to a policy that rules can read.
//!
//! Everything is checked here, once: ranges against the code table, names against
//! what they refer to, days against one another. What compiles needs no further
//! check anywhere. The first fault is reported; doubts are collected.

mod coverages;
mod error;
mod indications;
mod lint;
mod lists;
mod names;
mod procedures;
mod programs;
mod regions;
mod services;
mod versions;

#[cfg(test)]
mod doubt_tests;
#[cfg(test)]
mod embedded_tests;
#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod tests;

use self::coverages::CoverageCompiler;
pub use self::error::PolicyError;
use self::error::Source;
use self::lint::Lint;
use self::services::Services;
use super::excerpt::Texts;
use super::raw::{RawFile, RawPolicy, RawSchema, SCHEMA};
use super::{Policy, Program, embedded_policies};
use crate::icd10::Icd10;
use crate::toml_error::toml_fault;

/// What one file holds.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// The name of the file, for messages.
    pub origin: String,
    /// Its policy; `None` where it only adds names of programs.
    pub policy: Option<Policy>,
    /// Lines of business as the file writes them, and the program of each.
    pub programs: Vec<(String, Program)>,
    /// Doubts: what the file may say and probably does not mean.
    pub warnings: Vec<String>,
}

impl PolicyFile {
    /// Reads a file's text and checks it against the code table. `origin` is what
    /// messages call the file.
    ///
    /// # Errors
    ///
    /// The text is not TOML of a policy file's shape, or an entry of it
    /// contradicts the table, another entry or itself.
    pub fn parse(origin: &str, text: &str, table: &Icd10) -> Result<Self, PolicyError> {
        let mut raw = read(origin, text)?;
        let texts = Texts::of_file(text.len());
        let source = Source { origin, texts: &texts };
        let mut warnings = Vec::new();
        let programs = programs::names(source, &raw.program, &mut warnings)?;
        let policy = if let Some(head) = raw.policy.take() {
            Some(compile(source, table, head, raw, &mut warnings)?)
        } else {
            refuse_homeless(source, &raw)?;
            None
        };
        Ok(Self { origin: origin.to_owned(), policy, programs, warnings })
    }

    /// The policies that are part of the program.
    ///
    /// # Errors
    ///
    /// One of them does not compile against `table`: it is not the embedded one.
    pub fn embedded(table: &Icd10) -> Result<Vec<Self>, PolicyError> {
        let parse = |(id, text): &(&str, &str)| Self::parse(&format!("embedded policy {id}"), text, table);
        embedded_policies().iter().map(parse).collect()
    }
}

fn read<'t>(origin: &str, text: &'t str) -> Result<RawFile<'t>, PolicyError> {
    // What is plain and right has no message.
    if let Some(raw) = RawFile::plain(text).filter(|raw| raw.schema == SCHEMA) {
        return Ok(raw);
    }
    let file = || origin.to_owned();
    let read = toml::from_str::<RawFile<'_>>(text);
    // A file of another schema may have keys that this one does not know: its
    // schema is the better reason, whatever else is wrong.
    let schema = match &read {
        Ok(raw) => Some(raw.schema),
        Err(_) => toml::from_str::<RawSchema>(text).ok().and_then(|raw| raw.schema),
    };
    if let Some(found) = schema.filter(|found| *found != SCHEMA) {
        return Err(PolicyError::Schema { file: file(), found, known: SCHEMA });
    }
    read.map_err(|error| PolicyError::Toml { file: file(), message: toml_fault(origin, text, &error) })
}

/// Refuses tables that only a policy can have, and a file with nothing in it.
fn refuse_homeless(source: Source<'_>, raw: &RawFile<'_>) -> Result<(), PolicyError> {
    let homeless = [
        ("referral", raw.referral.is_empty()),
        ("service", raw.service.is_empty()),
        ("region", raw.region.is_empty()),
        ("diagnosis_list", raw.diagnosis_list.is_empty()),
        ("indication", raw.indication.is_empty()),
        ("procedure", raw.procedure.is_empty()),
        ("version", raw.version.is_empty()),
    ];
    if let Some((kind, _)) = homeless.into_iter().find(|(_, is_empty)| !is_empty) {
        return Err(source.refuse(format_args!("[[{kind}]]"), "the file has no [policy] table that it could belong to"));
    }
    if raw.program.is_empty() {
        return Err(source.refuse("[policy]", "the file has neither this table nor any [[program]] table"));
    }
    Ok(())
}

fn compile(
    source: Source<'_>,
    table: &Icd10,
    head: RawPolicy,
    raw: RawFile<'_>,
    warnings: &mut Vec<String>,
) -> Result<Policy, PolicyError> {
    let texts = [("id", &head.id), ("title", &head.title), ("publisher", &head.publisher), ("source", &head.source)];
    for (key, text) in texts {
        source.not_blank("[policy]", key, text)?;
    }
    if !head.initial_encounter.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Err(source.refuse("[policy]", "`initial_encounter` is one word of capital letters and digits"));
    }
    let programs = programs::claimed(source, &head)?;
    let referrals = programs::referrals(source, &raw.referral, &programs)?;
    let services = Services::collect(source, &raw.service)?;
    let (regions, regions_by_code) = regions::compile(source, table, &raw.region)?;
    let lists = lists::compile(source, table, raw.diagnosis_list, &regions_by_code)?;
    let list_names = lists::names(source, &lists.printed)?;
    let (indication_names, indications) = indications::compile(source, &raw.indication)?;
    if raw.procedure.is_empty() {
        return Err(source.refuse("[policy]", "the file has no [[procedure]] table"));
    }
    let procedures = procedures::compile(source, &raw.procedure, &services.names, &regions)?;
    let mut coverages = CoverageCompiler::new(source, table, &indication_names, &list_names, &lists);
    let versions = versions::compile(source, &raw.version, &services, &mut coverages)?;
    warnings.extend(coverages.into_warnings());
    let policy = Policy {
        id: head.id.trim().to_owned(),
        title: head.title,
        publisher: head.publisher,
        source: head.source,
        origin: source.origin.to_owned(),
        programs,
        referrals,
        procedures,
        services: services.names.iter().map(str::to_owned).collect(),
        regions: regions.iter().map(str::to_owned).collect(),
        indications,
        versions: versions.versions,
        lists: lists.printed,
        initial_encounter: head.initial_encounter.into_bytes(),
        limitations: head.limitations,
        devices: head.devices,
        texts: source.texts.take(),
    };
    let lint = Lint {
        source,
        table,
        policy: &policy,
        services: &services,
        regions: &regions,
        indications: &indication_names,
        list_names: &list_names,
        lists_of_versions: &versions.lists,
    };
    lint.collect(warnings);
    Ok(policy)
}
