//! What is left of what a run was made with: its policies and its layout.

use std::sync::Arc;

use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::icd10::Icd10;
use adjudicate::input::Layout;
use adjudicate::policy::{Policy, PolicyFile, PolicyIndex};
use adjudicate::report::Manifest;

use super::told::FileTold;
use crate::cli::exit::Failure;
use crate::cli::overrides;
use crate::cli::policies::{self, PolicySource};

/// What a file is called that is what it was.
pub(super) const UNCHANGED: &str = "unchanged";

/// What can still be had as it was.
pub(super) struct Remains {
    /// What lines were decided by, where every policy is as it was.
    pub(super) adjudicator: Option<Arc<Adjudicator>>,
    /// The policies that are as they were, where others are not.
    alone: Vec<Policy>,
    pub(super) layout: Option<Layout>,
    /// Every policy file, with what it is now.
    pub(super) policies: Vec<FileTold>,
    pub(super) notes: Vec<String>,
    pub(super) table: Arc<Icd10>,
    pub(super) options: DecisionOptions,
}

impl Remains {
    /// Looks for everything that a manifest names, but for the inputs.
    pub(super) fn of(manifest: &Manifest) -> Result<Self, Failure> {
        let table = Arc::new(Icd10::embedded()?);
        let (mut files, mut policies, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for record in &manifest.policies {
            let source = PolicySource::of_origin(&record.origin);
            let unchanged = source.and_then(|source| source.read_again(record, manifest.digest));
            let file = unchanged.and_then(|file| PolicyFile::parse(&file.origin, &file.text, &table).ok());
            policies.push(FileTold {
                id: Some(record.id.clone()).filter(|id| !id.is_empty()),
                name: record.origin.clone(),
                digest: record.digest.clone(),
                now: if file.is_some() { UNCHANGED } else { "gone or changed" }.to_owned(),
            });
            if file.is_none() {
                notes.push(format!(
                    "{} can no longer be read as it was in the run ({}): its sections are not told, and no line was \
                     decided again.",
                    if record.id.is_empty() { "A policy file" } else { &record.id },
                    record.origin
                ));
            }
            files.extend(file);
        }
        let options = manifest.options.decision();
        let overrides = overrides::of_run(&manifest.options, manifest.digest);
        if let (None, Some(file)) = (&overrides, &manifest.options.overrides) {
            notes.push(format!(
                "The overrides of the run can no longer be read as they were ({}): no line was decided again.",
                file.name
            ));
        }
        let complete = overrides.is_some() && files.len() == manifest.policies.len();
        let (index, alone) = if complete {
            let index = PolicyIndex::from_files(Arc::clone(&table), files);
            let why = |error: &_| {
                format!("The policies of the run do not fit together now ({error}): no line was decided again.")
            };
            notes.extend(index.as_ref().err().map(why));
            (index.ok(), Vec::new())
        } else {
            (None, files.into_iter().filter_map(|file| file.policy).collect())
        };
        let adjudicator = index.map(|index| {
            Arc::new(Adjudicator::new(Arc::new(index), options).with_overrides(overrides.unwrap_or_default()))
        });
        let layout = policies::layout_of_run(&manifest.layout, manifest.digest);
        if layout.is_none() {
            let origin = &manifest.layout.origin;
            notes.push(format!("The layout {origin} is no longer what it was in the run: no input was read again."));
        }
        if manifest.icd10cm != table.edition() {
            notes.push(format!(
                "The run had another diagnosis table ({}) than this program ({}).",
                manifest.icd10cm,
                table.edition()
            ));
        }
        Ok(Self { adjudicator, alone, layout, policies, notes, table, options })
    }

    /// A policy, if it is as it was.
    pub(super) fn policy(&self, id: &str) -> Option<&Policy> {
        let policies = self.adjudicator.as_ref().map_or(self.alone.as_slice(), |all| all.index().policies());
        policies.iter().find(|policy| policy.id == id)
    }
}
