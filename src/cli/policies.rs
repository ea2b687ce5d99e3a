//! Loading policies and layouts from where the user says.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjudicate::digest::{DigestKind, Hasher};
use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::icd10::Icd10;
use adjudicate::input::Layout;
use adjudicate::policy::{PolicyFile, PolicyIndex, embedded_policies, embedded_policy};
use adjudicate::report::PolicyRecord;

use super::arguments::{DenyOrPend, PolicyArguments};
use super::exit::Failure;

/// A policy file's name and text.
pub(crate) struct PolicyText {
    pub(crate) origin: String,
    pub(crate) text: String,
}

/// The policy files that the arguments name, or the embedded ones.
pub(crate) fn policy_texts(policies: &[String]) -> Result<Vec<PolicyText>, Failure> {
    let embedded = |id: &str, text: &str| PolicyText { origin: format!("embedded:{id}"), text: text.to_owned() };
    if policies.is_empty() {
        return Ok(embedded_policies().iter().map(|(id, text)| embedded(id, text)).collect());
    }
    let mut texts = Vec::new();
    for policy in policies {
        let path = Path::new(policy);
        if path.is_dir() {
            let found = toml_files(path)?;
            if found.is_empty() {
                return Err(Failure::told(format!("{policy}: no policy file (.toml) in this folder")));
            }
            for file in found {
                texts.push(read(&file)?);
            }
        } else if path.exists() {
            texts.push(read(path)?);
        } else if let Some(text) = embedded_policy(policy) {
            texts.push(embedded(policy, text));
        } else {
            let known: Vec<_> = embedded_policies().iter().map(|(id, _)| *id).collect();
            let known = known.join(", ");
            return Err(Failure::told(format!(
                "{policy}: no such file or folder, nor the id of an embedded policy (there are: {known})"
            )));
        }
    }
    Ok(texts)
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let at = |error: std::io::Error| Failure::told(format!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_file() && path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<PolicyText, Failure> {
    let origin = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| Failure::told(format!("{origin}: {error}")))?;
    Ok(PolicyText { origin, text })
}

/// Loads policies, and records what was loaded.
pub(crate) fn load(
    arguments: &PolicyArguments,
    digest: DigestKind,
) -> Result<(Arc<Adjudicator>, Vec<PolicyRecord>), Failure> {
    let table = Arc::new(Icd10::embedded()?);
    let mut files = Vec::new();
    let mut records = Vec::new();
    for PolicyText { origin, text } in policy_texts(&arguments.policies)? {
        let file = PolicyFile::parse(&origin, &text, &table)?;
        let mut hasher = Hasher::new(digest);
        hasher.update(text.as_bytes());
        records.push(PolicyRecord {
            id: file.policy.as_ref().map(|policy| policy.id.clone()).unwrap_or_default(),
            origin,
            digest: hasher.finish(),
            bytes: text.len() as u64,
        });
        files.push(file);
    }
    if files.iter().all(|file| file.policy.is_none()) {
        return Err(Failure::told("no policy was loaded: the files hold names of programs only"));
    }
    let index = Arc::new(PolicyIndex::from_files(table, files)?);
    Ok((Arc::new(Adjudicator::new(index, decision_options(arguments))), records))
}

fn decision_options(arguments: &PolicyArguments) -> DecisionOptions {
    DecisionOptions {
        policy_date: arguments.policy_date,
        strict_programs: arguments.strict_programs,
        require_clinical: arguments.require_clinical,
        clinical_denies: arguments.clinical == Some(DenyOrPend::Deny),
        unlisted_diagnosis_pends: arguments.unlisted_diagnosis == Some(DenyOrPend::Pend),
    }
}

/// The layout of a name, or of a file.
pub(crate) fn layout(name: Option<&str>) -> Result<Layout, Failure> {
    let name = name.unwrap_or("native");
    let is_file = Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    if is_file {
        let text = fs::read_to_string(name).map_err(|error| Failure::told(format!("{name}: {error}")))?;
        return Ok(Layout::parse(name, &text)?);
    }
    Ok(Layout::embedded(name)?)
}
