//! `adjudicate verify`: is a run folder as its manifest says?

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use adjudicate::report::{DecisionFormat, Manifest, Summary};
use adjudicate::rules::Disposition;
use adjudicate::run::{RowCounts, Select};

use super::arguments::VerifyArguments;
use super::exit::{Failure, Status, heard};
use super::finished::{self, Rows};
use super::page::{self, Page, disposition_style};
use super::text::{count, plural};

/// What was found.
#[derive(Debug, Serialize)]
struct Verdict {
    folder: String,
    /// Whether all is as recorded.
    sound: bool,
    differences: Vec<String>,
    files: usize,
    counts: RowCounts,
    /// Rows counted anew.
    decisions: Option<u64>,
    rejects: Option<u64>,
}

/// Checks a run folder.
pub(crate) fn verify(arguments: &VerifyArguments) -> Result<Status, Failure> {
    let folder = &arguments.folder;
    let manifest = Manifest::read(folder)?;
    let mut verdict = Verdict {
        folder: folder.display().to_string(),
        sound: false,
        differences: manifest.differences(folder),
        files: manifest.files.len(),
        counts: manifest.counts,
        decisions: None,
        rejects: None,
    };
    recount(folder, &manifest, &mut verdict);
    verdict.sound = verdict.differences.is_empty();
    heard(if arguments.json { page::write_json(&verdict) } else { show(&verdict).print() })?;
    Ok(if verdict.sound { Status::Complete } else { Status::Failed })
}

/// Counts rows anew. A file that cannot be counted is a difference too.
fn recount(folder: &Path, manifest: &Manifest, verdict: &mut Verdict) {
    let differences = &mut verdict.differences;
    match finished::summary(folder) {
        Ok(summary) => {
            differences.extend(summary_differences(&summary, manifest));
            match decisions(folder, manifest) {
                Ok(found) => {
                    verdict.decisions = Some(found.values().sum());
                    differences.extend(decision_differences(&found, &summary));
                }
                Err(failure) => differences.extend(told(failure)),
            }
        }
        Err(failure) => differences.extend(told(failure)),
    }
    match Rows::new(&folder.join("rejects.csv"), DecisionFormat::Csv).count() {
        Ok(rejects) => {
            verdict.rejects = Some(rejects);
            let recorded = manifest.counts.rejected;
            if rejects != recorded {
                differences.push(format!("rejects.csv has {}, not {}", rows(rejects), count(recorded)));
            }
        }
        Err(failure) => differences.extend(told(failure)),
    }
}

fn told(failure: Failure) -> Option<String> {
    match failure {
        Failure::Told(message) => Some(message),
        Failure::ClosedPipe => None,
    }
}

fn rows(number: u64) -> String {
    plural(usize::try_from(number).unwrap_or(usize::MAX), "row")
}

/// How many decisions there are of each disposition.
fn decisions(folder: &Path, manifest: &Manifest) -> Result<BTreeMap<String, u64>, Failure> {
    let (name, format) = finished::decisions_file(manifest)?;
    let mut found = BTreeMap::new();
    Rows::new(&folder.join(name), format).each("disposition", &mut |disposition| match found.get_mut(disposition) {
        Some(number) => *number += 1,
        None => drop(found.insert(disposition.to_owned(), 1)),
    })?;
    Ok(found)
}

fn summary_differences(summary: &Summary, manifest: &Manifest) -> Option<String> {
    let counts = RowCounts {
        rows: summary.rows,
        out_of_scope: summary.out_of_scope,
        superseded: summary.superseded,
        decided: summary.decided,
        rejected: summary.rejected,
    };
    (counts != manifest.counts).then(|| "the counts of summary.json are not those of the manifest".to_owned())
}

/// Decisions of each disposition against the summary; allowed lines are left out
/// where only flagged ones were kept.
fn decision_differences(found: &BTreeMap<String, u64>, summary: &Summary) -> Vec<String> {
    let flagged = summary.options.select == Select::Flagged.name();
    let mut differences = Vec::new();
    for disposition in Disposition::ALL {
        let left_out = flagged && disposition == Disposition::Allow;
        let recorded = if left_out { 0 } else { summary.lines(disposition) };
        let number = found.get(disposition.name()).copied().unwrap_or(0);
        if number != recorded {
            let name = disposition.name();
            differences.push(format!("decisions: {} with {name}, not {}", rows(number), count(recorded)));
        }
    }
    let known = |name: &str| Disposition::ALL.iter().any(|disposition| disposition.name() == name);
    let strange: u64 = found.iter().filter(|(name, _)| !known(name)).map(|(_, number)| number).sum();
    if strange > 0 {
        differences.push(format!("decisions: {} without a disposition that is known", rows(strange)));
    }
    differences
}

fn show(verdict: &Verdict) -> Page {
    let mut page = Page::default();
    if verdict.sound {
        let decisions = count(verdict.decisions.unwrap_or(0));
        page.lead(
            0,
            disposition_style(Disposition::Allow),
            "as recorded:",
            &format!(
                "{}: {}, {decisions} decisions, {} rejects, of {}",
                verdict.folder,
                plural(verdict.files, "file"),
                count(verdict.counts.rejected),
                rows(verdict.counts.rows),
            ),
        );
        return page;
    }
    for difference in &verdict.differences {
        page.marked(disposition_style(Disposition::Deny), "differs:", difference);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_in_words() {
        assert_eq!(rows(1), "1 row");
        assert_eq!(rows(2000), "2,000 rows");
    }
}
