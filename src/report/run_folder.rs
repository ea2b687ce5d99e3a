//! The run folder: written beside its place under a name of its own, synced, and
//! put in place with one rename, so that it is there complete or not at all.

mod beside;
mod way;

#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

pub use self::beside::Leftover;
use self::beside::{Beside, Hold, clean_up, leftovers};
use self::way::Way;
use super::Manifest;
use crate::place::{Begun, CheckpointFolder, Place, Unfinished, advice, sync_folder};

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
    /// Another run is on its way to the same place.
    #[error("{0}: another run is writing this folder; wait for it to end, or name another folder")]
    Busy(PathBuf),
    /// Where files cannot be locked, nobody can tell whether another run is on its way.
    #[error(
        "{0} is there: another run is writing this folder, or one was killed; if none is, remove it (files cannot be \
         locked there, so this cannot be told)"
    )]
    Unsure(PathBuf),
    /// The operating system said no.
    #[error("{path}: {source}{}", advice(source))]
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
    checkpoint: CheckpointFolder,
    overwrite: bool,
    sync: bool,
    unfinished: Unfinished,
    /// The files, as they are written to, for their syncing: an error that writing back
    /// met is told to those who had the file open then.
    files: Mutex<Vec<(PathBuf, File)>>,
    leftovers: Vec<Leftover>,
    // In the order in which they go: what stands there, the right to it, the way to it.
    place: Place,
    _hold: Option<Hold>,
    way: Way,
}

/// A run folder that stands in its place.
#[derive(Debug)]
pub struct Completed {
    /// Where the folder that it replaced is, if that one could not be removed.
    pub left: Option<PathBuf>,
    /// Why the system does not promise that its name outlasts a loss of power.
    pub unsynced: Option<FolderError>,
    /// Why the checkpoint of its inputs could not be removed, if it is still there.
    pub checkpoint: Option<FolderError>,
}

impl RunFolder {
    /// Begins a run folder that is to stand at `target`.
    ///
    /// # Errors
    ///
    /// As of [`begin_within`](Self::begin_within).
    pub fn begin(target: &Path, overwrite: bool, sync: bool) -> Result<Self, FolderError> {
        Self::begin_within(&Unfinished::default(), target, overwrite, sync)
    }

    /// Begins a run folder that is to stand at `target`, and cleans up after a run that
    /// was killed on its way there. `unfinished` knows of all that is made, for whoever
    /// stops the program.
    ///
    /// # Errors
    ///
    /// `target` exists (with `overwrite`: and is no run folder), another run is on its
    /// way there, or nothing can be written beside it.
    pub fn begin_within(
        unfinished: &Unfinished,
        target: &Path,
        overwrite: bool,
        sync: bool,
    ) -> Result<Self, FolderError> {
        check_target(target, overwrite).inspect_err(|_| clean_up(target, unfinished))?;
        // A link is not replaced, but what it leads to.
        let target = if target.exists() { fs::canonicalize(target).map_err(at(target))? } else { target.to_owned() };
        let parent = parent_of(&target);
        let way = Way::make(&parent, unfinished)?;
        let beside = Beside::of(&parent, &target);
        let hold = Hold::take(&beside.lock, unfinished).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => FolderError::Busy(target.clone()),
            _ => at(&beside.lock)(error),
        })?;
        let leftovers = leftovers(&beside, &target, hold.is_some())?;
        // Another run may have come to its end, or an old folder to its place, since.
        check_target(&target, overwrite)?;
        let Beside { staging, checkpoint, .. } = beside;
        let made = unfinished.begin(|| {
            DirBuilder::new().mode(0o700).create(&staging)?;
            // Whatever the umask.
            fs::set_permissions(&staging, Permissions::from_mode(0o700))?;
            Ok((Begun::Folder(staging.clone()), ()))
        });
        let (place, ()) = made.map_err(at(&staging))?;
        let (unfinished, files) = (unfinished.clone(), Mutex::default());
        Ok(Self { target, staging, checkpoint, overwrite, sync, unfinished, files, leftovers, place, _hold: hold, way })
    }

    /// Where the files stand until the folder is complete.
    #[must_use]
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// Where what is finished of the inputs stands, if somebody asked for it: beside the
    /// folder, until the folder is complete.
    #[must_use]
    pub fn checkpoint(&self) -> &CheckpointFolder {
        &self.checkpoint
    }

    /// Whether what is written is synced to disk.
    #[must_use]
    pub fn syncs(&self) -> bool {
        self.sync
    }

    /// What the program has begun and not finished.
    #[must_use]
    pub fn unfinished(&self) -> &Unfinished {
        &self.unfinished
    }

    /// What a run that was killed on its way to the same place had left there.
    #[must_use]
    pub fn leftovers(&self) -> &[Leftover] {
        &self.leftovers
    }

    /// Makes a file, readable by its owner alone, and says where.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn create(&self, name: &str) -> Result<(PathBuf, File), FolderError> {
        let path = self.staging.join(name);
        let make = || {
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.set_permissions(Permissions::from_mode(0o600))?;
            Ok((file.try_clone()?, file))
        };
        // A stopped run makes none: its folder's name may be another's by then.
        let (kept, file) = self.unfinished.unless_stopped(make).map_err(at(&path))?;
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push((path.clone(), kept));
        Ok((path, file))
    }

    /// Syncs the files and puts the folder in place.
    ///
    /// # Errors
    ///
    /// The system says no, or something has come to stand at the target since.
    pub fn complete(self) -> Result<Completed, FolderError> {
        if self.sync {
            for (path, file) in self.files.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                file.sync_all().map_err(at(path))?;
            }
            sync_folder(&self.staging).map_err(at(&self.staging))?;
        }
        // Without it, what a kill leaves from here on stays until the next run is complete.
        let _ = self.unfinished.unless_stopped(|| self.checkpoint.note_complete(&self.staging));
        let mut refused = None;
        let put = || match self.put_in_place() {
            Ok(old) => Ok(old),
            Err(error) => {
                refused = Some(error);
                Err(io::ErrorKind::Other.into())
            }
        };
        let put = self.place.finish(&self.target, put);
        put.map_err(|error| refused.unwrap_or_else(|| at(&self.target)(error)))?;
        let parent = parent_of(&self.target);
        let unsynced = || self.way.sync().and_then(|()| sync_folder(&parent).map_err(at(&parent)));
        let unsynced = if self.sync { unsynced().err() } else { None };
        // Whatever it holds, there is nothing left to be done of it. Who stops the program removes it as well.
        let removed = self.unfinished.unless_stopped(|| self.checkpoint.remove());
        let checkpoint = removed.err().filter(|_| self.checkpoint.path().exists());
        let checkpoint = checkpoint.map(at(self.checkpoint.path()));
        self.unfinished.set_resumable(None);
        let Self { staging, place, way, .. } = self;
        way.keep();
        Ok(Completed { left: place.remove().is_err().then_some(staging), unsynced, checkpoint })
    }

    /// Puts the folder in place, and says where the one that stood there is now.
    fn put_in_place(&self) -> Result<Option<PathBuf>, FolderError> {
        let (staging, target) = (&self.staging, &self.target);
        if target.exists() && self.overwrite {
            check_target(target, true)?;
            // The two change places in one step.
            return match renameat_with(CWD, staging, CWD, target, RenameFlags::EXCHANGE) {
                Ok(()) => Ok(Some(staging.clone())),
                Err(Errno::INVAL | Errno::NOSYS) => replace(staging, target).map(Some).map_err(at(target)),
                Err(error) => Err(at(target)(error.into())),
            };
        }
        match renameat_with(CWD, staging, CWD, target, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(None),
            Err(Errno::EXIST) => Err(FolderError::Exists(target.clone())),
            // Some file systems cannot promise not to replace; a plain rename
            // fails there too if a folder that is not empty stands in the way.
            Err(Errno::INVAL | Errno::NOSYS) => fs::rename(staging, target).map(|()| None).map_err(at(target)),
            Err(error) => Err(at(target)(error.into())),
        }
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { path, source }
}

/// Puts one folder in the place of another, and says where that one is now: for
/// file systems on which two folders cannot change places in one step. Killed between
/// the two, it leaves what the next run [puts back](leftovers).
fn replace(staging: &Path, target: &Path) -> io::Result<PathBuf> {
    let aside = Beside::of(&parent_of(target), target).aside;
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
