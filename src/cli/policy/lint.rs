//! `adjudicate policy lint`: what would be refused, and what is doubtful.

use serde::Serialize;

use adjudicate::icd10::Icd10;
use adjudicate::policy::{NeverJudges, PolicyFile, PolicyIndex};

use crate::cli::arguments::LintArguments;
use crate::cli::exit::{Failure, Status, heard};
use crate::cli::page::{self, Page, disposition_style};
use crate::cli::policies::{self, PolicySource, PolicyText};
use crate::cli::text::plural;
use adjudicate::rules::Disposition;

/// What came of all files.
#[derive(Debug, Default, Serialize)]
struct Verdict {
    files: Vec<FileVerdict>,
    /// Why the files, each sound by itself, cannot be loaded together.
    together: Option<String>,
}

/// What came of one file. Its messages name it.
#[derive(Debug, Serialize)]
struct FileVerdict {
    file: String,
    error: Option<String>,
    warnings: Vec<String>,
}

/// Checks policy files.
pub(crate) fn lint(arguments: &LintArguments) -> Result<Status, Failure> {
    let table = std::sync::Arc::new(Icd10::embedded()?);
    let mut verdict = Verdict::default();
    let mut sound = Vec::new();
    for source in policies::sources(&arguments.paths)? {
        let (file, parsed) = examine(&source, &table);
        verdict.files.push(file);
        sound.extend(parsed);
    }
    match sound.iter().filter(|file| file.policy.is_some()).count() {
        0 => {}
        several => match PolicyIndex::from_files(table, sound) {
            Ok(index) => verdict.add_nameless(&index),
            // Alternatives may well lie in one folder: a doubt, no error.
            Err(error) => verdict.together = (several > 1).then(|| error.to_string()),
        },
    }
    heard(if arguments.json { page::write_json(&verdict) } else { show(&verdict).print() })?;
    Ok(verdict.status(arguments.deny_warnings))
}

fn examine(source: &PolicySource, table: &Icd10) -> (FileVerdict, Option<PolicyFile>) {
    let file = source.origin();
    let parsed = match source.read() {
        Ok(PolicyText { origin, text }) => PolicyFile::parse(&origin, &text, table).map_err(|error| error.to_string()),
        Err(Failure::Told(message)) => Err(message),
        Err(Failure::ClosedPipe) => Err(format!("{file}: cannot be read")),
    };
    match parsed {
        Ok(parsed) => (FileVerdict { file, error: None, warnings: parsed.warnings.clone() }, Some(parsed)),
        Err(message) => (FileVerdict { file, error: Some(message), warnings: Vec::new() }, None),
    }
}

impl Verdict {
    /// Doubts policies that no line of business leads to. The names of all files hold for
    /// each of them, so that no file can be doubted by itself.
    fn add_nameless(&mut self, index: &PolicyIndex) {
        for (policy, why) in index.never_judging(None) {
            if matches!(why, NeverJudges::NoLineOfBusiness(_))
                && let Some(file) = self.files.iter_mut().find(|file| file.file == policy.origin)
            {
                file.warnings.push(format!("{}, [policy]: it can judge no line: {why}", file.file));
            }
        }
    }

    fn errors(&self) -> usize {
        self.files.iter().filter(|file| file.error.is_some()).count()
    }

    fn warnings(&self) -> usize {
        self.files.iter().map(|file| file.warnings.len()).sum::<usize>() + usize::from(self.together.is_some())
    }

    fn status(&self, deny_warnings: bool) -> Status {
        if self.errors() > 0 {
            Status::Failed
        } else if deny_warnings && self.warnings() > 0 {
            Status::Found
        } else {
            Status::Complete
        }
    }
}

fn show(verdict: &Verdict) -> Page {
    let mut page = Page::default();
    let doubt = disposition_style(Disposition::Pend);
    for file in &verdict.files {
        if let Some(error) = &file.error {
            // A fault of the TOML is shown with the line it is in, which must
            // not be wrapped.
            page.marked(disposition_style(Disposition::Deny), "error:", error);
        }
        for warning in &file.warnings {
            page.marked(doubt, "warning:", warning);
        }
    }
    if let Some(reason) = &verdict.together {
        page.marked(doubt, "warning:", &format!("not to be loaded together: {reason}"));
    }
    page.paragraph(
        0,
        &format!(
            "{} checked: {}, {}",
            plural(verdict.files.len(), "file"),
            plural(verdict.errors(), "error"),
            plural(verdict.warnings(), "warning")
        ),
    );
    page
}
