//! Loading policies and layouts from where the user says.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjudicate::digest::DigestKind;
use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::icd10::Icd10;
use adjudicate::input::{Layout, embedded_layouts};
use adjudicate::policy::{Policy, PolicyFile, PolicyIndex, embedded_policies};
use adjudicate::report::{LayoutRecord, PolicyRecord, open_regular};

use super::arguments::{DenyOrPend, PolicyArguments, PolicyFiles};
use super::exit::Failure;
use super::side_by_side;
use super::text::nearest;
use super::text_file::read_text;

/// A policy file's name and text.
pub(crate) struct PolicyText {
    pub(crate) origin: String,
    pub(crate) text: String,
}

/// Where a policy file is.
pub(crate) enum PolicySource {
    /// In the file system.
    File(PathBuf),
    /// In the program, with its text.
    Embedded(&'static str, &'static str),
}

impl PolicySource {
    /// What messages and manifests call the file.
    pub(crate) fn origin(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Embedded(id, _) => format!("{EMBEDDED}{id}"),
        }
    }

    /// Reads the file, if it is as long as it was and has the digest that it had.
    pub(crate) fn read_again(&self, record: &PolicyRecord, digest: DigestKind) -> Option<PolicyText> {
        let text = match self {
            Self::File(path) => read_again(path, record.bytes).ok()?,
            Self::Embedded(_, text) => (*text).to_owned(),
        };
        let is_it = digest.of(text.as_bytes()) == record.digest;
        is_it.then(|| PolicyText { origin: self.origin(), text })
    }

    /// Reads the file.
    pub(crate) fn read(&self) -> Result<PolicyText, Failure> {
        let origin = self.origin();
        let text = match self {
            Self::File(path) => read_text(path).map_err(|error| Failure::told(format!("{origin}: {error}")))?,
            Self::Embedded(_, text) => (*text).to_owned(),
        };
        Ok(PolicyText { origin, text })
    }

    /// The file that a manifest names.
    pub(crate) fn of_origin(origin: &str) -> Option<Self> {
        match origin.strip_prefix(EMBEDDED) {
            None => Some(Self::File(PathBuf::from(origin))),
            Some(id) => embedded(id),
        }
    }
}

/// The text of a regular file of so many bytes. A manifest may name anything, and what
/// is of another kind or size is not what the run read.
fn read_again(path: &Path, bytes: u64) -> io::Result<String> {
    let file = open_regular(path)?;
    if file.metadata()?.len() != bytes {
        return Err(io::Error::other("it has another size now"));
    }
    // Some files of the system are longer than they say.
    io::read_to_string(file.take(bytes))
}

/// Stands before the name of a policy or layout of the program where others have
/// a path.
const EMBEDDED: &str = "embedded:";

/// The policies that the command line names, else the environment.
pub(crate) fn given(files: &PolicyFiles) -> Vec<String> {
    if !files.policies.is_empty() {
        return files.policies.clone();
    }
    let named = std::env::var_os("ADJUDICATE_POLICY").unwrap_or_default();
    named.to_string_lossy().split(':').filter(|path| !path.is_empty()).map(str::to_owned).collect()
}

/// The policy files that the arguments name, or the embedded ones.
pub(crate) fn sources(policies: &[String]) -> Result<Vec<PolicySource>, Failure> {
    if policies.is_empty() {
        return Ok(embedded_policies().iter().map(|(id, text)| PolicySource::Embedded(id, text)).collect());
    }
    let mut sources = Vec::new();
    for policy in policies {
        let path = Path::new(policy);
        if path.is_dir() {
            let found = toml_files(path)?;
            if found.is_empty() {
                return Err(Failure::told(format!("{policy}: no policy file (.toml) in this folder")));
            }
            sources.extend(found.into_iter().map(PolicySource::File));
        } else if path.exists() {
            sources.push(PolicySource::File(path.to_owned()));
        } else if let Some(source) = embedded(policy) {
            sources.push(source);
        } else {
            let known: Vec<_> = embedded_policies().iter().map(|(id, _)| *id).collect();
            let known = known.join(", ");
            return Err(Failure::told(format!(
                "{policy}: no such file or folder, nor the id of an embedded policy (there are: {known})"
            )));
        }
    }
    Ok(sources)
}

fn embedded(id: &str) -> Option<PolicySource> {
    let (known, text) = embedded_policies().iter().find(|(known, _)| *known == id)?;
    Some(PolicySource::Embedded(known, text))
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let at = |error: std::io::Error| Failure::told(format!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let entry = entry.map_err(at)?;
        let path = entry.path();
        // A folder knows what is in it, but for where links lead.
        let is_file = || entry.file_type().is_ok_and(|kind| kind.is_file()) || path.is_file();
        if path.extension().is_some_and(|ending| ending == "toml") && is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Loads policies by so many threads (0: one for each core), to decide by them, every
/// version of a claim or the one that stands; and records what was loaded.
pub(crate) fn load(
    arguments: &PolicyArguments,
    as_received: bool,
    digest: DigestKind,
    threads: usize,
) -> Result<(Adjudicator, Vec<PolicyRecord>), Failure> {
    let (index, records) = index_by(&arguments.files, digest, threads)?;
    Ok((Adjudicator::new(index, decision_options(arguments, as_received)), records))
}

/// Loads policies without deciding by them.
pub(crate) fn index(files: &PolicyFiles, digest: DigestKind) -> Result<(Arc<PolicyIndex>, Vec<PolicyRecord>), Failure> {
    index_by(files, digest, 0)
}

fn index_by(
    files: &PolicyFiles,
    digest: DigestKind,
    threads: usize,
) -> Result<(Arc<PolicyIndex>, Vec<PolicyRecord>), Failure> {
    let table = Arc::new(Icd10::embedded()?);
    let loaded = read_all(&sources(&given(files))?, &table, digest, threads)?;
    joined(table, loaded)
}

/// Reads policy files by so many threads, in order.
pub(super) fn read_all(
    sources: &[PolicySource],
    table: &Icd10,
    digest: DigestKind,
    threads: usize,
) -> Result<Vec<(PolicyFile, PolicyRecord)>, Failure> {
    side_by_side::each(sources.len(), threads, |place| {
        // There is one at each place.
        let source = sources.get(place).ok_or_else(|| Failure::told("a policy is missing"))?;
        let PolicyText { origin, text } = source.read()?;
        let file = PolicyFile::parse(&origin, &text, table)?;
        let record = PolicyRecord {
            id: file.policy.as_ref().map(|policy| policy.id.clone()).unwrap_or_default(),
            digest: digest.of(text.as_bytes()),
            bytes: text.len() as u64,
            origin,
        };
        Ok::<_, Failure>((file, record))
    })
}

/// The index of read policies, and their records.
pub(super) fn joined(
    table: Arc<Icd10>,
    loaded: Vec<(PolicyFile, PolicyRecord)>,
) -> Result<(Arc<PolicyIndex>, Vec<PolicyRecord>), Failure> {
    let (parsed, records): (Vec<_>, Vec<_>) = loaded.into_iter().unzip();
    if parsed.iter().all(|file| file.policy.is_none()) {
        return Err(Failure::told("no policy was loaded: the files hold names of programs only"));
    }
    let index = Arc::new(PolicyIndex::from_files(table, parsed)?);
    // It is needed as long as the process lasts, which ends without taking
    // thousands of tables apart first.
    std::mem::forget(Arc::clone(&index));
    Ok((index, records))
}

/// The loaded policy of an id.
pub(crate) fn named<'i>(index: &'i PolicyIndex, id: &str) -> Result<&'i Policy, Failure> {
    let wanted = id.trim();
    if let Some(policy) = index.policies().iter().find(|policy| policy.id.eq_ignore_ascii_case(wanted)) {
        return Ok(policy);
    }
    let known = || index.policies().iter().map(|policy| policy.id.as_str());
    let hint = if Path::new(id).exists() {
        format!("to read that file, name it with --policy {id}")
    } else {
        match nearest(wanted, known()) {
            Some(near) => format!("is {near} meant?"),
            None => format!("loaded: {}", known().collect::<Vec<_>>().join(", ")),
        }
    };
    Err(Failure::told(format!("no loaded policy has the id {wanted}; {hint}")))
}

fn decision_options(arguments: &PolicyArguments, as_received: bool) -> DecisionOptions {
    DecisionOptions {
        as_received,
        policy_date: arguments.policy_date,
        strict_programs: arguments.strict_programs,
        require_clinical: arguments.require_clinical,
        clinical_denies: arguments.clinical == Some(DenyOrPend::Deny),
        unlisted_diagnosis_pends: arguments.unlisted_diagnosis == Some(DenyOrPend::Pend),
    }
}

/// The layout that a manifest names, if it is still what it was.
pub(crate) fn layout_of_run(record: &LayoutRecord, digest: DigestKind) -> Option<Layout> {
    let name = record.origin.strip_prefix(EMBEDDED).unwrap_or(&record.origin);
    let (layout, now) = layout_by(name, digest, |path| read_again(path, record.bytes)).ok()?;
    (now == *record).then_some(layout)
}

/// The layout of a name, or of a file, and the record of it.
pub(crate) fn layout(name: Option<&str>, digest: DigestKind) -> Result<(Layout, LayoutRecord), Failure> {
    layout_by(name.unwrap_or("native"), digest, read_text)
}

fn layout_by(
    name: &str,
    digest: DigestKind,
    read: impl FnOnce(&Path) -> io::Result<String>,
) -> Result<(Layout, LayoutRecord), Failure> {
    let is_file = Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    let (layout, origin, text) = if is_file {
        let text = read(Path::new(name)).map_err(|error| Failure::told(format!("{name}: {error}")))?;
        (Layout::parse(name, &text)?, name.to_owned(), text)
    } else {
        let layout = Layout::embedded(name)?;
        let found = embedded_layouts().iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let (known, text) = found.copied().unwrap_or_default();
        (layout, format!("{EMBEDDED}{known}"), text.to_owned())
    };
    let record = LayoutRecord {
        name: layout.name.clone(),
        origin,
        digest: digest.of(text.as_bytes()),
        bytes: text.len() as u64,
    };
    Ok((layout, record))
}
