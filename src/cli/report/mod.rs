//! `adjudicate report`: the report of a finished run, made again.
//!
//! It is made of the run's own summary, sample and manifest, which must be as the run
//! left them. All files are ready before the first is replaced, each in one step, the
//! manifest last: where the program is killed between, `verify` says so, and making the
//! report again the same way mends it.

mod chart_review;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use adjudicate::digest::DigestKind;
use adjudicate::place::{NewFile, Unfinished, advice};
use adjudicate::report::reviews::Reviews;
use adjudicate::report::{
    FileRecord, Manifest, PageSource, Sample, Summary, WORKBOOK_NAME, open_regular, render_page, render_workbook,
};

use super::arguments::ReportArguments;
use super::exit::{Failure, Status};
use super::{finished, in_words, page};

/// The file of what a chart review found.
pub(super) const REVIEWS: &str = "reviews.json";

/// Makes the report of a run folder again.
pub(crate) fn report(arguments: &ReportArguments, unfinished: &Unfinished) -> Result<Status, Failure> {
    let folder = &arguments.folder;
    let Run { manifest: mut was, summary, sample, mut reviews } = Run::read(folder, arguments.reviews.is_some())?;
    was.options.xlsx = arguments.xlsx || was.files.iter().any(|file| file.name == WORKBOOK_NAME);
    let mut manifest = was.clone();
    let digest = manifest.digest;
    let mut new = Replacements { folder, unfinished, files: Vec::new() };
    if let Some(file) = &arguments.reviews {
        let found = chart_review::read(file, digest, &summary.sample, &sample)?;
        let text = serde_json::to_string_pretty(&found)? + "\n";
        manifest.record(new.write(REVIEWS, text.as_bytes(), digest)?);
        reviews = Some(found);
    }
    let source = PageSource { summary: &summary, manifest: &was, sample: &sample, reviews: reviews.as_ref() };
    for (name, content) in files(&source, was.options.xlsx)? {
        manifest.record(new.write(name, &content, digest)?);
    }
    let text = manifest.to_json().map_err(|error| Failure::told(format!("manifest.json: {error}")))?;
    new.write(Manifest::FILE_NAME, text.as_bytes(), digest)?;
    new.put_in_place()?;
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

/// The files of a finished run's report, as its other files make them.
pub(super) fn again(folder: &Path) -> Result<Vec<(&'static str, Vec<u8>)>, Failure> {
    let Run { mut manifest, summary, sample, reviews } = Run::read(folder, false)?;
    manifest.options.xlsx = manifest.files.iter().any(|file| file.name == WORKBOOK_NAME);
    let source = PageSource { summary: &summary, manifest: &manifest, sample: &sample, reviews: reviews.as_ref() };
    files(&source, manifest.options.xlsx)
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

/// Files that are to replace those of their names.
struct Replacements<'a> {
    folder: &'a Path,
    unfinished: &'a Unfinished,
    files: Vec<(PathBuf, NewFile)>,
}

impl Replacements<'_> {
    /// Writes a file beside the one that it is to replace.
    fn write(&mut self, name: &str, content: &[u8], digest: DigestKind) -> Result<FileRecord, Failure> {
        let path = self.folder.join(name);
        // A name that the next report finds again, should the program be killed.
        let partial = self.folder.join(format!(".{name}.partial"));
        let begun = NewFile::begin_as(&partial, self.unfinished);
        let (file, mut out) = begun.map_err(|error| failed(&path, &error))?;
        out.write_all(content).and_then(|()| out.sync_all()).map_err(|error| failed(&path, &error))?;
        self.files.push((path, file));
        Ok(FileRecord::of(name, content, digest))
    }

    /// Puts each in its place.
    fn put_in_place(self) -> Result<(), Failure> {
        self.files
            .into_iter()
            .try_for_each(|(path, file)| file.finish(&path, true).map_err(|error| failed(&path, &error)))
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::told(format!("{}: {error}{}", path.display(), advice(error)))
}
