//! The files that stand beside the decisions and their sample.

use std::fs;

use adjudicate::report::SupersededRow;
use adjudicate::report::reviews::Reviews;
use adjudicate::run::{HistoryRun, ShadowOutcome};
use serde_json::Value;

use super::figures::Figures;
use super::{Recount, form, lists, others, recorded, reviewed, shadowed};
use crate::cli::exit::Failure;
use crate::cli::{finished, report};

/// What a file is that cannot be read as what reviewers found.
const NO_REVIEW: &str = "no chart review of ours";

impl Recount<'_> {
    /// Rejects and superseded lines.
    pub(super) fn rows_apart(&mut self, recorded: &Figures) {
        let safe = self.manifest.options.spreadsheet_safe;
        let mut figures = Figures::default();
        let rejects = others::rejects(self.folder, safe, &mut figures);
        if let Some(files) = self.told(rejects) {
            self.verdict.rejects = Some(others::by_file("rejected by file", &files, &mut figures));
            self.compare("rejects.csv", &figures, recorded, "summary.json");
        }
        let mut figures = Figures::default();
        let superseded = if self.has(SupersededRow::FILE_NAME) {
            others::superseded(self.folder, safe, &mut figures)
        } else {
            Ok(others::ByFile::new())
        };
        if let Some(files) = self.told(superseded) {
            self.verdict.superseded = Some(others::by_file("superseded by file", &files, &mut figures));
            self.compare(SupersededRow::FILE_NAME, &figures, recorded, "summary.json");
        }
    }

    pub(super) fn shadow(&mut self, summary: &Value) {
        let own = recorded::of_shadow_in(summary);
        if !self.has(ShadowOutcome::FIGURES) {
            let none = recorded::of_shadow_in(&Value::Null);
            if own != none {
                self.verdict.differences.push(format!("{} is not recorded", ShadowOutcome::FIGURES));
            }
            return;
        }
        let read = finished::json(&self.folder.join(ShadowOutcome::FIGURES), "not a comparison of ours");
        let Some(shadow): Option<Value> = self.told(read) else { return };
        self.compare(ShadowOutcome::FIGURES, &recorded::of_shadow(&shadow), &own, "summary.json");
        let sides = recorded::of_sides(&shadow);
        self.compare(ShadowOutcome::FIGURES, &sides, &recorded::of_summary(summary, false), "summary.json");
        self.verdict.differences.extend(lists::of_shadow(&shadow, self.ours));
        if self.ours {
            let (found, own) = shadowed::beside(&shadow, summary);
            self.compare(ShadowOutcome::FIGURES, &found, &own, "summary.json");
            let (found, own) = shadowed::sums_of_groups(&shadow);
            self.compare("its own groups", &found, &own, ShadowOutcome::FIGURES);
            self.verdict.differences.extend(shadowed::differences(&shadow, self.manifest));
        }
        let changes = others::changes(self.folder, self.manifest.options.spreadsheet_safe);
        if let Some(found) = self.told(changes) {
            self.compare(ShadowOutcome::CHANGES, &found, &recorded::of_changes(&shadow), ShadowOutcome::FIGURES);
        }
    }

    /// What reviewers found, as far as it follows from figures.
    pub(super) fn reviews(&mut self, summary: &Value) {
        let path = self.folder.join(report::REVIEWS);
        let Some(stated): Option<Value> = self.told(finished::json(&path, NO_REVIEW)) else { return };
        let Some(reviews): Option<Reviews> = self.told(finished::json(&path, NO_REVIEW)) else { return };
        self.verdict.differences.extend(form::differences(report::REVIEWS, &stated, &reviews));
        let (found, own) = reviewed::figures(&reviews, summary);
        self.compare("other figures", &found, &own, report::REVIEWS);
        self.verdict.differences.extend(reviewed::beyond(&reviews));
    }

    pub(super) fn history(&mut self, recorded: &Figures) {
        let found = others::history(self.folder);
        match found {
            Err(Failure::Told(message)) if !self.ours => self.verdict.notes.push(message),
            found => {
                if let Some(found) = self.told(found) {
                    self.compare(HistoryRun::FILE_NAME, &found, recorded, "summary.json");
                }
            }
        }
    }

    /// The report, made again of the files that it tells of.
    pub(super) fn report(&mut self) {
        let made = report::again(self.folder);
        for (name, content) in self.told(made).unwrap_or_default() {
            if fs::read(self.folder.join(name)).is_ok_and(|found| found != content) {
                let what = format!("{name} is not the report of summary.json, sample.csv and manifest.json");
                self.verdict.differences.push(what);
            }
        }
    }
}
