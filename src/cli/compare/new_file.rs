//! A file that the comparison leaves behind.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use adjudicate::place::{self, Unfinished, advice};
use adjudicate::report::Manifest;

use crate::cli::exit::Failure;

/// The file on its way: it has its name only when it is complete.
pub(super) struct NewFile {
    path: PathBuf,
    overwrite: bool,
    /// Where it comes to stand, and under which name, however it was named.
    target: (PathBuf, PathBuf),
    file: place::NewFile,
}

impl NewFile {
    /// A file of this name, unless there is one that may not be replaced, or the name is
    /// that of a file in a run folder: whatever is added there is a difference from its
    /// manifest. Gives what to write to as well.
    pub(super) fn create(
        path: &Path,
        overwrite: bool,
        unfinished: &Unfinished,
    ) -> Result<(Self, BufWriter<File>), Failure> {
        let failed = |error: io::Error| told(path, &error);
        if !overwrite && path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let real = fs::canonicalize(folder).map_err(failed)?;
        if let Some(run) = real.ancestors().find(|folder| Manifest::read(folder).is_ok()) {
            return Err(Failure::told(format!(
                "{}: {} is a run folder, which holds what its run wrote and nothing else; name a file elsewhere",
                path.display(),
                run.display()
            )));
        }
        let target = (real, path.file_name().map(PathBuf::from).unwrap_or_default());
        let (file, out) = place::NewFile::begin(folder, unfinished).map_err(failed)?;
        Ok((Self { path: path.to_owned(), overwrite, target, file }, BufWriter::new(out)))
    }

    /// Whether another file is to have the same name.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.target == other.target
    }

    /// What the file is called.
    pub(super) fn name(&self) -> String {
        self.target.1.display().to_string()
    }

    /// A failure of this file.
    pub(super) fn failed(&self, error: &io::Error) -> Failure {
        told(&self.path, error)
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Self { path, overwrite, file, .. } = self;
        file.finish(&path, overwrite).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => exists(&path),
            _ => told(&path, &error),
        })
    }
}

fn told(path: &Path, error: &io::Error) -> Failure {
    Failure::told(format!("{}: {error}{}", path.display(), advice(error)))
}

fn exists(path: &Path) -> Failure {
    Failure::told(format!("{} exists; name another, or replace it with --overwrite", path.display()))
}
