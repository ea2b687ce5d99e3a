//! `adjudicate verify`: is a run folder as its manifest says, and do its files say the
//! same?
//!
//! Digests tell whether a file is as it was written. What rows of the files add up to is
//! added up again, and held to `summary.json`: that tells of a change by whoever changed
//! the digests as well, as far as a figure follows it.

mod beside;
mod decisions;
mod figures;
mod form;
mod grounded;
mod lists;
mod others;
mod recorded;
mod redrawn;
mod retelling;
mod reviewed;
mod sampled;
mod shadowed;
mod stated;
mod verdict;

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use adjudicate::digest::Hasher;
use adjudicate::icd10::Icd10;
use adjudicate::report::{Manifest, Sample, Summary, SupersededRow, open_regular};
use adjudicate::rules::Weights;
use adjudicate::run::{HistoryRun, Select};

use super::arguments::VerifyArguments;
use super::exit::{Failure, Status, heard};
use super::finished;
use super::page;
use super::report;
use decisions::Seeing;
use figures::Figures;
use grounded::Grounded;
use redrawn::Redrawn;
use retelling::Retelling;
use sampled::Sampled;
use stated::Embedded;
use verdict::{Verdict, show};

/// Checks a run folder.
pub(crate) fn verify(arguments: &VerifyArguments) -> Result<Status, Failure> {
    let folder = &arguments.folder;
    let manifest = Manifest::read(folder)?;
    let own = open_regular(&folder.join(Manifest::FILE_NAME)).and_then(|file| Hasher::of(manifest.digest, file))?;
    let ours = manifest.program.version == env!("CARGO_PKG_VERSION") && manifest.schema == Manifest::SCHEMA;
    let mut verdict = Verdict {
        folder: folder.display().to_string(),
        version: manifest.program.version.clone(),
        manifest: own.0,
        ours,
        sound: false,
        differences: manifest.differences(folder),
        notes: Vec::new(),
        files: manifest.files.len(),
        counts: manifest.counts,
        decisions: None,
        rejects: None,
        superseded: None,
        sample: None,
    };
    if !ours {
        verdict.notes.push(format!(
            "another version of the program made the run ({}; this is {}): figures that one of the two does not have \
             are not compared, and the report is not made again",
            manifest.program.version,
            env!("CARGO_PKG_VERSION")
        ));
    }
    Recount { folder, manifest: &manifest, ours, verdict: &mut verdict }.all();
    verdict.sound = verdict.differences.is_empty();
    heard(if arguments.json { page::write_json(&verdict) } else { show(&verdict).print() })?;
    Ok(if verdict.sound { Status::Complete } else { Status::Failed })
}

/// Counts anew. A file that cannot be counted is a difference too.
struct Recount<'a> {
    folder: &'a Path,
    manifest: &'a Manifest,
    /// Whether this version of the program made the run.
    ours: bool,
    verdict: &'a mut Verdict,
}

impl Recount<'_> {
    fn all(&mut self) {
        if let Some(summary) = self.summary() {
            let flagged = self.manifest.options.select == Select::Flagged.name();
            self.verdict.differences.extend(lists::of_summary(&summary, self.ours));
            let recorded = recorded::of_summary(&summary, flagged);
            self.compare(Manifest::FILE_NAME, &stated::of_manifest(self.manifest), &recorded, "summary.json");
            let (options, own) = stated::options(self.manifest, &summary, self.ours);
            self.compare(Manifest::FILE_NAME, &options, &own, "summary.json");
            let table = self.ours.then(|| Icd10::embedded().map(Arc::new)).transpose();
            let table = self.told(table.map_err(|error| Failure::told(error.to_string()))).flatten();
            let embedded = table.as_ref().map(|table| Embedded::new(self.manifest, table));
            if let Some(embedded) = &embedded {
                self.stated(&summary, embedded);
            }
            self.decisions(&summary, &recorded, flagged, embedded.as_ref());
            self.rows_apart(&recorded);
            self.shadow(&summary);
            if self.ours && self.has(report::REVIEWS) {
                self.reviews(&summary);
            }
            if self.has(HistoryRun::FILE_NAME) {
                self.history(&recorded);
            }
        }
        if self.ours && self.verdict.differences.is_empty() {
            self.report();
        }
    }

    /// What the program itself says, and figures say of one another.
    fn stated(&mut self, summary: &Value, embedded: &Embedded<'_>) {
        let (found, own) = stated::of_program(self.manifest, summary, embedded);
        self.compare("the program", &found, &own, "summary.json");
        let (found, own) = stated::warnings(self.manifest, summary, embedded);
        self.compare("the counts", &found, &own, "summary.json");
        self.verdict.differences.extend(stated::beyond(self.manifest, summary));
    }

    /// Whether a file is recorded.
    fn has(&self, name: &str) -> bool {
        self.manifest.files.iter().any(|file| file.name == name)
    }

    /// What was done, or its failure as a difference.
    fn told<T>(&mut self, done: Result<T, Failure>) -> Option<T> {
        match done {
            Ok(done) => return Some(done),
            Err(Failure::Told(message)) => self.verdict.differences.push(message),
            Err(Failure::ClosedPipe) => {}
        }
        None
    }

    fn compare(&mut self, file: &str, found: &Figures, recorded: &Figures, other: &str) {
        self.verdict.differences.extend(found.differences(file, recorded, other));
    }

    fn summary(&mut self) -> Option<Value> {
        let typed = self.ours.then(|| finished::summary(self.folder)).transpose();
        let typed: Option<Summary> = self.told(typed)?;
        let summary = finished::json(&self.folder.join("summary.json"), "not a summary of ours");
        let summary = self.told(summary)?;
        if let Some(typed) = typed {
            self.verdict.differences.extend(form::differences("summary.json", &summary, &typed));
            let manifest = finished::json(&self.folder.join(Manifest::FILE_NAME), "not a manifest of ours");
            if let Some(manifest) = self.told(manifest) {
                let manifest: Value = manifest;
                self.verdict.differences.extend(form::differences(Manifest::FILE_NAME, &manifest, self.manifest));
            }
        }
        Some(summary)
    }

    /// The decisions and the sample; with what this version of the program has in it, what
    /// its own code makes of them.
    fn decisions(&mut self, summary: &Value, recorded: &Figures, flagged: bool, own: Option<&Embedded<'_>>) {
        let safe = self.manifest.options.spreadsheet_safe;
        let sample = Sampled::read(self.folder, safe);
        let read = self.told(sample);
        let has_sample = read.is_some();
        let weights = Weights::new(&self.manifest.options.decision());
        let retelling = own.map(|own| Retelling::new(weights, own.table(), summary));
        let date = self.manifest.options.decision().policy_date;
        let grounded = own.and_then(Embedded::index).map(|index| Grounded::new(index, date));
        let redrawn = if self.ours && !flagged && has_sample { self.redrawn(summary, safe) } else { None };
        let mut seeing = Seeing { sample: read.unwrap_or_default(), retelling, redrawn, grounded };
        let decisions = finished::decisions_file(self.manifest).and_then(|(name, format)| {
            let path = self.folder.join(name);
            Ok((name, decisions::read(&path, format, safe, &mut seeing)?))
        });
        let Some((name, found)) = self.told(decisions) else { return };
        let Seeing { mut sample, retelling, redrawn, grounded } = seeing;
        self.verdict.decisions = Some(found.rows);
        let mut figures = found.figures(self.manifest.counts.decided, flagged, recorded);
        figures.section("decided by file");
        for (of, sums) in found.files() {
            figures.amounts("decided by file", of, sums);
        }
        self.compare(name, &figures, recorded, "summary.json");
        if let Some(retelling) = retelling {
            let (figures, own) = retelling.figures(flagged, summary);
            self.compare(name, &figures, &own, "summary.json");
            if !flagged {
                self.verdict.differences.extend(retelling.beyond(summary));
            }
        }
        if let Some(grounded) = grounded {
            self.verdict.differences.extend(grounded.out_of_force(name));
            if !flagged {
                let (figures, own) = grounded.sections(summary);
                self.compare(name, &figures, &own, "summary.json");
            }
        }
        if has_sample {
            let figures = sample.figures();
            self.verdict.sample = Some(sample.rows());
            if let Some(redrawn) = redrawn {
                sample.hold(&redrawn.finish());
            }
            self.compare(Sample::FILE_NAME, &figures, recorded, "summary.json");
            self.verdict.differences.extend(sample.differences());
        }
    }

    /// What draws the sample again; nothing where lines cannot be told apart.
    fn redrawn(&self, summary: &Value, safe: bool) -> Option<Redrawn> {
        let superseded = if self.has(SupersededRow::FILE_NAME) {
            others::superseded_rows(self.folder, safe).ok()?
        } else {
            Vec::new()
        };
        Redrawn::new(self.manifest, summary, &superseded)
    }
}
