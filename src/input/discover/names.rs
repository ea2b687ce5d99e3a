//! What is in a folder or fits a pattern, and where its links lead.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Links;
use crate::input::InputError;

/// Endings of the files that are taken from a folder.
pub(super) const ENDINGS: [&str; 7] = [".csv", ".tsv", ".psv", ".txt", ".parquet", ".parq", ".pq"];

/// The names that are found.
pub(super) struct Names {
    pub(super) found: Vec<String>,
    links: Links,
    /// The folders that links led to.
    seen: Vec<PathBuf>,
    /// The folders that have been looked into, as they really are.
    walked: Vec<PathBuf>,
    /// Links to folders that stay within, each with where it leads and where it may: what
    /// they lead to may be found without them.
    aside: Vec<(PathBuf, PathBuf, PathBuf)>,
    /// The first link to a file that leads out.
    pub(super) out: Option<InputError>,
}

impl Names {
    /// None yet.
    pub(super) fn new(links: Links) -> Self {
        Self { found: Vec::new(), links, seen: Vec::new(), walked: Vec::new(), aside: Vec::new(), out: None }
    }

    /// Finds the claims files of a folder; `within` is where links may lead.
    pub(super) fn walk(&mut self, folder: &Path, within: &Path) -> Result<(), InputError> {
        // A run folder beside its inputs holds decisions, which look like claims.
        if folder.join("manifest.json").exists() && folder.join("summary.json").exists() {
            return Ok(());
        }
        self.walked.push(real(folder)?);
        let at = |error| InputError::io(&folder.to_string_lossy(), error);
        for entry in fs::read_dir(folder).map_err(at)? {
            let entry = entry.map_err(at)?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let kind = fs::metadata(&path).map_err(|error| leads_nowhere(&path, error))?;
            if kind.is_dir() {
                let is_link = entry.file_type().map_err(at)?.is_symlink();
                if !is_link || self.goes(&path, within)? {
                    self.walk(&path, within)?;
                }
            } else {
                let name = path.to_string_lossy().to_lowercase();
                let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
                if ENDINGS.iter().any(|ending| plain.ends_with(ending)) {
                    self.add(&path, within)?;
                }
            }
        }
        Ok(())
    }

    /// Looks into the folders that links led to and nobody found without them, such as
    /// hidden ones.
    pub(super) fn walk_aside(&mut self) -> Result<(), InputError> {
        while !self.aside.is_empty() {
            let mut aside = std::mem::take(&mut self.aside);
            aside.sort_unstable();
            for (path, to, within) in aside {
                if !self.walked.contains(&to) {
                    self.walk(&path, &within)?;
                }
            }
        }
        Ok(())
    }

    /// Whether to look into the folder that a link leads to at once. What stays within the
    /// folder is mostly found there, and a link may lead in a circle.
    fn goes(&mut self, path: &Path, within: &Path) -> Result<bool, InputError> {
        let to = real(path)?;
        if self.seen.contains(&to) {
            return Ok(false);
        }
        if to.starts_with(within) {
            self.aside.push((path.to_owned(), to, within.to_owned()));
            return Ok(false);
        }
        self.allow(path, &to)?;
        // A folder above this one holds it too.
        let circle = within.starts_with(&to);
        self.seen.push(to);
        Ok(!circle)
    }

    fn add(&mut self, path: &Path, within: &Path) -> Result<(), InputError> {
        let to = real(path)?;
        if !to.starts_with(within) && !self.seen.iter().any(|seen| to.starts_with(seen)) {
            // That a file is named twice is the better reason.
            self.out = self.out.take().or(self.allow(path, &to).err());
        }
        self.found.push(utf8(path)?);
        Ok(())
    }

    /// Refuses a link that leads out, unless all are followed.
    fn allow(&self, path: &Path, to: &Path) -> Result<(), InputError> {
        let [path, to] = [path, to].map(|path| path.to_string_lossy().into_owned());
        if self.links == Links::All { Ok(()) } else { Err(InputError::Link { path, to }) }
    }

    pub(super) fn expand(&mut self, pattern: &str) -> Result<(), InputError> {
        let nothing = |reason: String| InputError::Nothing { path: pattern.to_owned(), reason };
        let paths = glob::glob(pattern).map_err(|error| nothing(format!("not a pattern: {error}")))?;
        // The folder before the first part that is a pattern.
        let (fixed, _) = pattern.split_at(pattern.find(['*', '?', '[']).unwrap_or(0));
        let folder = fixed.rfind('/').and_then(|end| fixed.get(..=end)).unwrap_or(".");
        let before = self.found.len();
        for path in paths {
            let path = path.map_err(|error| {
                InputError::io(&error.path().to_string_lossy(), io::Error::from(error.error().kind()))
            })?;
            let within = real(Path::new(folder))?;
            if !path.is_dir() {
                self.add(&path, &within)?;
            } else if !path.is_symlink() || self.goes(&path, &within)? {
                self.walk(&path, &within)?;
            }
        }
        self.walk_aside()?;
        if self.found.len() == before {
            return Err(nothing("no file fits this pattern".to_owned()));
        }
        Ok(())
    }
}

/// Why an entry of a folder leads to nothing. Whatever its name, it may have led to a
/// night's claims, so it is not passed over.
fn leads_nowhere(path: &Path, error: io::Error) -> InputError {
    let name = path.to_string_lossy().into_owned();
    if error.kind() == io::ErrorKind::NotFound && path.is_symlink() {
        let reason = "a link that leads nowhere; what it led to may hold claims: put that back, or remove the link";
        return InputError::Nothing { path: name, reason: reason.to_owned() };
    }
    InputError::io(&name, error)
}

/// Where a path leads.
pub(super) fn real(path: &Path) -> Result<PathBuf, InputError> {
    fs::canonicalize(path).map_err(|error| InputError::io(&path.to_string_lossy(), error))
}

fn utf8(path: &Path) -> Result<String, InputError> {
    path.to_str().map(str::to_owned).ok_or_else(|| InputError::Nothing {
        path: path.to_string_lossy().into_owned(),
        reason: "the name is not UTF-8; rename the file".to_owned(),
    })
}
