//! The files that were asked for: the changed lines, and the page.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use adjudicate::place::Unfinished;
use adjudicate::report::comparison::{
    ChangedLine, ChangedSample, ChangesWriter, ComparisonPage, Told, render_comparison,
};

use super::new_file::NewFile;
use crate::cli::arguments::CompareArguments;
use crate::cli::exit::Failure;

/// What is written beside the answer.
pub(super) struct Files {
    changes: Option<(NewFile, ChangesWriter<BufWriter<File>>)>,
    page: Option<(NewFile, BufWriter<File>)>,
    sample: ChangedSample,
}

impl Files {
    /// The files that the arguments name: none has its name before all are complete.
    pub(super) fn create(arguments: &CompareArguments, unfinished: &Unfinished) -> Result<Self, Failure> {
        let CompareArguments { overwrite, spreadsheet_safe, .. } = *arguments;
        let changes = arguments.changes.as_deref().map(|path| {
            let (file, out) = NewFile::create(path, overwrite, unfinished)?;
            let out = ChangesWriter::new(out, spreadsheet_safe).map_err(|error| file.failed(&error))?;
            Ok::<_, Failure>((file, out))
        });
        let changes = changes.transpose()?;
        let page = arguments.html.as_deref().map(|path| NewFile::create(path, overwrite, unfinished)).transpose()?;
        if let (Some((changes, _)), Some((page, _))) = (&changes, &page)
            && changes.is_same(page)
        {
            return Err(Failure::told("--changes and --html name the same file"));
        }
        Ok(Self { changes, page, sample: ChangedSample::default() })
    }

    /// Takes in a changed line.
    pub(super) fn add(&mut self, changed: &ChangedLine<'_>) -> Result<(), Failure> {
        if self.page.is_some() {
            self.sample.add(changed);
        }
        match &mut self.changes {
            Some((file, out)) => out.write(changed).map_err(|error| file.failed(&error)),
            None => Ok(()),
        }
    }

    /// Writes what is left to write, and gives the files their names.
    pub(super) fn finish(self, told: &Told) -> Result<(), Failure> {
        let changes = self.changes.map(|(file, out)| match out.finish() {
            Ok(_) => Ok(file),
            Err(error) => Err(file.failed(&error)),
        });
        let changes = changes.transpose()?;
        let page = self.page.map(|(file, mut out)| {
            let name = changes.as_ref().map(NewFile::name);
            let source = ComparisonPage { told, sample: &self.sample, changes: name.as_deref() };
            let written = render_comparison(&source).and_then(|page| {
                out.write_all(page.as_bytes())?;
                out.flush()
            });
            written.map_err(|error| file.failed(&error)).map(|()| file)
        });
        let page = page.transpose()?;
        changes.into_iter().chain(page).try_for_each(NewFile::finish)
    }
}
