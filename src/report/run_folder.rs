//! The run folder: written beside its place under a name of its own, synced, and
//! put in place with one rename, so that it is there complete or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::Manifest;

/// Why a run folder cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Something is there already.
    #[error("{0} exists; name another folder, or replace it with --overwrite")]
    Exists(PathBuf),
    /// What is there is no run folder, so it is not ours to replace.
    #[error("{0} exists and holds no manifest of ours; it is not replaced")]
    NotOurs(PathBuf),
    /// The operating system said no.
    #[error("{path}: {source}")]
    Io {
        /// What could not be made.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A run folder in the making. Dropped before [`RunFolder::complete`], it leaves
/// nothing behind.
#[derive(Debug)]
pub struct RunFolder {
    target: PathBuf,
    staging: PathBuf,
    overwrite: bool,
    sync: bool,
    done: bool,
    /// Goes after the folder itself.
    _way: Way,
}

/// The folders that were made on the way to a run folder. Dropped, it takes away
/// those in which nothing came to stand.
#[derive(Debug, Default)]
struct Way {
    made: Vec<PathBuf>,
}

impl Way {
    fn make(to: &Path) -> Result<Self, FolderError> {
        let mut way = Self::default();
        let missing: Vec<&Path> = to.ancestors().take_while(|path| !path.exists()).collect();
        for path in missing.into_iter().rev().filter(|path| !path.as_os_str().is_empty()) {
            match fs::create_dir(path) {
                Ok(()) => way.made.push(path.to_owned()),
                // Another run was quicker, or the path steps back with `..`.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(FolderError::Io { path: path.to_owned(), source }),
            }
        }
        Ok(way)
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        for path in self.made.iter().rev() {
            // Fails where something stands in it, as it should.
            let _ = fs::remove_dir(path);
        }
    }
}

impl RunFolder {
    /// Begins a run folder that is to stand at `target`.
    ///
    /// # Errors
    ///
    /// `target` exists (with `overwrite`: and is no run folder), or nothing can
    /// be written beside it.
    pub fn begin(target: &Path, overwrite: bool, sync: bool) -> Result<Self, FolderError> {
        check_target(target, overwrite)?;
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| FolderError::Io { path, source }
        };
        let parent = parent_of(target);
        let way = Way::make(&parent)?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let staging = parent.join(format!(".{name}.{}.partial", std::process::id()));
        if staging.exists() {
            // Left by a process of the same number that was killed.
            fs::remove_dir_all(&staging).map_err(io(&staging))?;
        }
        DirBuilder::new().mode(0o700).create(&staging).map_err(io(&staging))?;
        Ok(Self { target: target.to_owned(), staging, overwrite, sync, done: false, _way: way })
    }

    /// Where the files stand until the folder is complete.
    #[must_use]
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// Makes a file, readable by its owner alone, and says where.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn create(&self, name: &str) -> Result<(PathBuf, File), FolderError> {
        let path = self.staging.join(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(|source| FolderError::Io { path: path.clone(), source })?;
        Ok((path, file))
    }

    /// Syncs the files and puts the folder in place.
    ///
    /// # Errors
    ///
    /// The system says no, or something has come to stand at the target since.
    pub fn complete(mut self) -> Result<(), FolderError> {
        let at = |path: &Path, source: io::Error| FolderError::Io { path: path.to_owned(), source };
        if self.sync {
            for entry in fs::read_dir(&self.staging).map_err(|error| at(&self.staging, error))? {
                let path = entry.map_err(|error| at(&self.staging, error))?.path();
                File::open(&path).and_then(|file| file.sync_all()).map_err(|error| at(&path, error))?;
            }
            File::open(&self.staging).and_then(|folder| folder.sync_all()).map_err(|error| at(&self.staging, error))?;
        }
        self.put_in_place()?;
        self.done = true;
        if self.sync {
            let parent = parent_of(&self.target);
            File::open(&parent).and_then(|folder| folder.sync_all()).map_err(|error| at(&parent, error))?;
        }
        Ok(())
    }

    fn put_in_place(&self) -> Result<(), FolderError> {
        let at = |source: io::Error| FolderError::Io { path: self.target.clone(), source };
        if self.target.exists() && self.overwrite {
            check_target(&self.target, true)?;
            // The two change places in one step; then the old one goes.
            renameat_with(CWD, &self.staging, CWD, &self.target, RenameFlags::EXCHANGE).map_err(|e| at(e.into()))?;
            return fs::remove_dir_all(&self.staging)
                .map_err(|source| FolderError::Io { path: self.staging.clone(), source });
        }
        match renameat_with(CWD, &self.staging, CWD, &self.target, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::EXIST) => Err(FolderError::Exists(self.target.clone())),
            // Some file systems cannot promise not to replace; a plain rename
            // fails there too if a folder that is not empty stands in the way.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                fs::rename(&self.staging, &self.target).map_err(at)
            }
            Err(error) => Err(at(error.into())),
        }
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if !self.done {
            // Nothing better can be done with an error here.
            let _ = fs::remove_dir_all(&self.staging);
        }
    }
}

fn check_target(target: &Path, overwrite: bool) -> Result<(), FolderError> {
    if !target.exists() && !target.is_symlink() {
        return Ok(());
    }
    if !overwrite {
        return Err(FolderError::Exists(target.to_owned()));
    }
    if Manifest::read(target).is_err() {
        return Err(FolderError::NotOurs(target.to_owned()));
    }
    Ok(())
}

fn parent_of(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
