//! The run folder: written beside its place under a name of its own, synced, and
//! put in place with one rename, so that it is there complete or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

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
        // A link is not replaced, but what it leads to.
        let target = if target.exists() { fs::canonicalize(target).map_err(io(target))? } else { target.to_owned() };
        let parent = parent_of(&target);
        let way = Way::make(&parent)?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // File names have a limit, and what is put around this one must fit too.
        let name: String = name.chars().take(48).collect();
        let staging = tempfile::Builder::new()
            .prefix(&format!(".{name}."))
            .suffix(".partial")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(&parent)
            .map_err(io(&parent))?
            .keep();
        Ok(Self { target, staging, overwrite, sync, done: false, _way: way })
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

    /// Syncs the files and puts the folder in place. Where it replaced another that
    /// could not be removed, that one's place is returned: the run is complete all
    /// the same.
    ///
    /// # Errors
    ///
    /// The system says no, or something has come to stand at the target since.
    pub fn complete(mut self) -> Result<Option<PathBuf>, FolderError> {
        let at = |path: &Path, source: io::Error| FolderError::Io { path: path.to_owned(), source };
        if self.sync {
            for entry in fs::read_dir(&self.staging).map_err(|error| at(&self.staging, error))? {
                let path = entry.map_err(|error| at(&self.staging, error))?.path();
                File::open(&path).and_then(|file| file.sync_all()).map_err(|error| at(&path, error))?;
            }
            File::open(&self.staging).and_then(|folder| folder.sync_all()).map_err(|error| at(&self.staging, error))?;
        }
        let old = self.put_in_place()?;
        self.done = true;
        if self.sync {
            let parent = parent_of(&self.target);
            File::open(&parent).and_then(|folder| folder.sync_all()).map_err(|error| at(&parent, error))?;
        }
        Ok(old.filter(|old| fs::remove_dir_all(old).is_err()))
    }

    /// Puts the folder in place, and says where the one that stood there is now.
    fn put_in_place(&self) -> Result<Option<PathBuf>, FolderError> {
        let at = |source: io::Error| FolderError::Io { path: self.target.clone(), source };
        if self.target.exists() && self.overwrite {
            check_target(&self.target, true)?;
            // The two change places in one step.
            return match renameat_with(CWD, &self.staging, CWD, &self.target, RenameFlags::EXCHANGE) {
                Ok(()) => Ok(Some(self.staging.clone())),
                Err(Errno::INVAL | Errno::NOSYS) => replace(&self.staging, &self.target).map(Some).map_err(at),
                Err(error) => Err(at(error.into())),
            };
        }
        match renameat_with(CWD, &self.staging, CWD, &self.target, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(None),
            Err(Errno::EXIST) => Err(FolderError::Exists(self.target.clone())),
            // Some file systems cannot promise not to replace; a plain rename
            // fails there too if a folder that is not empty stands in the way.
            Err(Errno::INVAL | Errno::NOSYS) => fs::rename(&self.staging, &self.target).map(|()| None).map_err(at),
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

/// Puts one folder in the place of another, and says where that one is now: for
/// file systems on which two folders cannot change places in one step.
fn replace(staging: &Path, target: &Path) -> io::Result<PathBuf> {
    // As hidden, and as much its own, as the name it comes from.
    let aside = staging.with_extension("old");
    fs::rename(target, &aside)?;
    if let Err(error) = fs::rename(staging, target) {
        fs::rename(&aside, target)?;
        return Err(error);
    }
    Ok(aside)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_change_places_in_two_steps_too() {
        let place = tempfile::TempDir::new().unwrap();
        let [staging, target] = [".run.x.partial", "run"].map(|name| place.path().join(name));
        for (folder, file) in [(&staging, "new"), (&target, "old")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join(file), "").unwrap();
        }
        let aside = replace(&staging, &target).unwrap();
        assert!(target.join("new").exists() && aside.join("old").exists() && !staging.exists());
        // Nothing to put in place: what stood there stays.
        assert!(replace(&staging, &target).is_err());
        assert!(target.join("new").exists());
    }

    #[test]
    fn two_of_one_name_do_not_share_a_place() {
        let place = tempfile::TempDir::new().unwrap();
        let target = place.path().join("run");
        let [one, other] = [(); 2].map(|()| RunFolder::begin(&target, false, false).unwrap());
        assert_ne!(one.staging(), other.staging());
        let mode = fs::metadata(one.staging()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        one.complete().unwrap();
        assert!(matches!(other.complete(), Err(FolderError::Exists(_))));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
