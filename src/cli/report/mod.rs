//! `adjudicate report`: the report of a finished run, made again.
//!
//! It is made of the run's own summary, sample and manifest, which must be as the run
//! left them. Each file is replaced in one step, the manifest last: where the program
//! is stopped between, `verify` says so, and making the report again the same way mends
//! it.

mod chart_review;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use adjudicate::digest::DigestKind;
use adjudicate::report::reviews::Reviews;
use adjudicate::report::{
    FileRecord, Manifest, PageSource, Sample, Summary, WORKBOOK_NAME, open_regular, render_page, render_workbook,
};

use super::arguments::ReportArguments;
use super::exit::{Failure, Status};
use super::{finished, in_words, page};

/// The file of what a chart review found.
const REVIEWS: &str = "reviews.json";

/// Makes the report of a run folder again.
pub(crate) fn report(arguments: &ReportArguments) -> Result<Status, Failure> {
    let folder = &arguments.folder;
    let Run { manifest: mut was, summary, sample, mut reviews } = Run::read(folder, arguments.reviews.is_some())?;
    was.options.xlsx = arguments.xlsx || was.files.iter().any(|file| file.name == WORKBOOK_NAME);
    let mut manifest = was.clone();
    let digest = manifest.digest;
    if let Some(file) = &arguments.reviews {
        let found = chart_review::read(file, digest, &summary.sample, &sample)?;
        let text = serde_json::to_string_pretty(&found)? + "\n";
        manifest.record(replace(folder, REVIEWS, text.as_bytes(), digest)?);
        reviews = Some(found);
    }
    let source = PageSource { summary: &summary, manifest: &was, sample: &sample, reviews: reviews.as_ref() };
    for (name, content) in files(&source, was.options.xlsx)? {
        let record = replace(folder, name, &content, digest)?;
        manifest.record(record);
    }
    let text = manifest.to_json().map_err(|error| Failure::told(format!("manifest.json: {error}")))?;
    replace(folder, Manifest::FILE_NAME, text.as_bytes(), digest)?;
    match (&reviews, arguments.json) {
        (Some(reviews), true) => page::write_json(reviews)?,
        (None, true) => page::write_json(&summary)?,
        (Some(reviews), false) => page::write_out(&in_words::reviews(reviews, folder))?,
        (None, false) => page::write_out(&in_words::summary(&summary, folder))?,
    }
    Ok(Status::Complete)
}

/// The files of a report, by their names.
pub(super) fn files(source: &PageSource<'_>, xlsx: bool) -> Result<Vec<(&'static str, Vec<u8>)>, Failure> {
    let told = |name: &str, error| Failure::told(format!("{name}: {error}"));
    let page = render_page(source).map_err(|error| told("report.html", error))?;
    let mut files = vec![("report.html", page.into_bytes())];
    if xlsx {
        files.push((WORKBOOK_NAME, render_workbook(source).map_err(|error| told(WORKBOOK_NAME, error))?));
    }
    Ok(files)
}

/// What a report is made of.
struct Run {
    manifest: Manifest,
    summary: Summary,
    sample: Sample,
    /// What the last chart review found, unless it is to be replaced.
    reviews: Option<Reviews>,
}

impl Run {
    /// Reads all but reviews that are to be replaced: where the program was stopped
    /// before, they are not as the manifest says, and that is what is to be mended.
    fn read(folder: &Path, replaces_reviews: bool) -> Result<Self, Failure> {
        let manifest = Manifest::read(folder)?;
        for name in ["summary.json", Sample::FILE_NAME] {
            unchanged(folder, &manifest, name)?;
        }
        let summary = finished::summary(folder)?;
        let path = folder.join(Sample::FILE_NAME);
        let told = |error| Failure::told(format!("{}: {error}", path.display()));
        let safe = manifest.options.spreadsheet_safe;
        let sample =
            open_regular(&path).and_then(|file| Sample::read_csv(file, &summary.sample, safe)).map_err(told)?;
        let keeps_reviews = !replaces_reviews && manifest.files.iter().any(|file| file.name == REVIEWS);
        let reviews = keeps_reviews.then(|| {
            unchanged(folder, &manifest, REVIEWS)?;
            finished::json(&folder.join(REVIEWS), "no chart review of ours")
        });
        Ok(Self { summary, sample, reviews: reviews.transpose()?, manifest })
    }
}

/// A report of files that were changed would say what the run did not.
fn unchanged(folder: &Path, manifest: &Manifest, name: &str) -> Result<(), Failure> {
    let advice =
        if name == Sample::FILE_NAME { "; write verdicts into a copy of it, and name that with --reviews" } else { "" };
    finished::unchanged(folder, manifest, name, advice)
}

/// Puts a file in the place of the one of its name, in one step.
fn replace(folder: &Path, name: &str, content: &[u8], digest: DigestKind) -> Result<FileRecord, Failure> {
    let path = folder.join(name);
    let partial = folder.join(format!(".{name}.partial"));
    let written = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, &path));
    if let Err(error) = written {
        // Nothing better can be done with an error here.
        let _ = fs::remove_file(&partial);
        return Err(Failure::told(format!("{}: {error}", path.display())));
    }
    Ok(FileRecord::of(name, content, digest))
}
