//! What differs between two runs themselves, by their manifests.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::report::{InputRecord, Manifest};

/// Something that was one way in the first run and another in the second.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RunDifference {
    /// `program`, `code table`, `digest`, `layout`, `option`, `policy` or `input`.
    pub what: &'static str,
    /// Which of them; blank where there is only one.
    pub name: String,
    /// In the first run: a version, a value, a digest; `None` where it has no such thing.
    pub a: Option<String>,
    /// In the second run.
    pub b: Option<String>,
}

/// Whether both runs read the same bytes in the same order, whatever the files' names.
#[must_use]
pub fn same_inputs(a: &Manifest, b: &Manifest) -> bool {
    let digests = |run: &Manifest| run.inputs.iter().map(|input| input.digest.clone()).collect::<Vec<_>>();
    a.digest == b.digest && digests(a) == digests(b)
}

/// What differs, the program first. Digests of different kinds cannot be compared: then
/// files are told to differ only where one run has no file of that name.
#[must_use]
pub fn differences(a: &Manifest, b: &Manifest) -> Vec<RunDifference> {
    let mut found = Vec::new();
    let mut tell = |what, name: &str, a: Option<String>, b: Option<String>| {
        if a != b {
            found.push(RunDifference { what, name: name.to_owned(), a, b });
        }
    };
    tell("program", "", Some(a.program.version.clone()), Some(b.program.version.clone()));
    tell("code table", "", Some(a.icd10cm.clone()), Some(b.icd10cm.clone()));
    tell("digest", "", word(&a.digest), word(&b.digest));
    let comparable = a.digest == b.digest;
    tell("layout", "", Some(a.layout.name.clone()), Some(b.layout.name.clone()));
    if comparable && a.layout.name == b.layout.name {
        tell("layout", &a.layout.name, Some(a.layout.digest.clone()), Some(b.layout.digest.clone()));
    }
    let [options_a, options_b] = [a, b].map(|run| serde_json::to_value(&run.options).unwrap_or_default());
    for (name, value) in options_a.as_object().into_iter().flatten() {
        tell("option", name, shown(value), options_b.get(name).and_then(shown));
    }
    let [policies_a, policies_b] = [a, b].map(|run| {
        let files = run.policies.iter().map(|one| (&*one.id, &*one.digest));
        by_name(files, comparable)
    });
    each(&policies_a, &policies_b, |name, a, b| tell("policy", name, a, b));
    if !same_inputs(a, b) {
        let [inputs_a, inputs_b] = [(a, b), (b, a)].map(|(run, other)| {
            let known = |input: &&InputRecord| other.inputs.iter().any(|one| one.digest == input.digest);
            let files = run.inputs.iter().filter(|input| !comparable || !known(input));
            by_name(files.map(|one| (&*one.name, &*one.digest)), comparable)
        });
        each(&inputs_a, &inputs_b, |name, a, b| tell("input", name, a, b));
    }
    found
}

/// Digests by the names of the files; where they say nothing, that there is such a file.
fn by_name<'m>(files: impl Iterator<Item = (&'m str, &'m str)>, comparable: bool) -> BTreeMap<&'m str, String> {
    let mut named: BTreeMap<&str, String> = BTreeMap::new();
    for (name, digest) in files {
        let digests = named.entry(name).or_default();
        if !digests.is_empty() {
            digests.push_str(", ");
        }
        digests.push_str(if comparable { digest } else { "there" });
    }
    named
}

fn each(
    a: &BTreeMap<&str, String>,
    b: &BTreeMap<&str, String>,
    mut tell: impl FnMut(&str, Option<String>, Option<String>),
) {
    for (name, digest) in a {
        tell(name, Some(digest.clone()), b.get(name).cloned());
    }
    for (name, digest) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
        tell(name, None, Some(digest.clone()));
    }
}

/// A value of the manifest as text; nothing where it was not given.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Object(file) if file.contains_key("digest") => {
            let text = |key: &str| file.get(key).and_then(Value::as_str).unwrap_or_default();
            Some(format!("{}, {}", text("name"), text("digest")))
        }
        other => Some(other.to_string()),
    }
}

fn word(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok().as_ref().and_then(shown)
}
