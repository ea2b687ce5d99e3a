//! What stands beside the place of a run folder while a run is on its way there, and
//! what is left of it when the program was killed.
//!
//! A run holds a lock on a file beside the place. The lock goes with the program, however
//! that ends, so whoever gets it knows that what stands there is nobody's any more. The file
//! is no part of the folder that is put in place, which is renamed whole while the lock
//! is held; and it is removed while the lock is held, so that nothing stays behind: whoever
//! opened it before and gets its lock afterwards finds that the name is no longer its, and
//! begins anew.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::{FolderError, at, parent_of};
use crate::place::{Begun, CheckpointFolder, Place, Unfinished};

/// What stands beside a run folder's place: hidden, and named after it alone, so that the
/// next run finds it.
pub(super) struct Beside {
    /// The folder in the making; once the two have changed places, the one that stood there.
    pub(super) staging: PathBuf,
    /// The folder that stood there, where it takes two steps to replace it.
    pub(super) aside: PathBuf,
    /// What runs that were told to leave it have finished.
    pub(super) checkpoint: CheckpointFolder,
    /// What is locked.
    pub(super) lock: PathBuf,
}

/// File names have a limit of 255 bytes, and what is put around this one must fit too.
const LONGEST_NAME: usize = 200;

impl Beside {
    pub(super) fn of(parent: &Path, target: &Path) -> Self {
        let name = target.file_name().unwrap_or_default();
        let name = if name.len() <= LONGEST_NAME { name.to_owned() } else { shortened(name) };
        let named = |ending: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(&name);
            hidden.push(ending);
            parent.join(hidden)
        };
        Self {
            staging: named(".adjudicate-partial"),
            aside: named(".adjudicate-old"),
            checkpoint: CheckpointFolder::at(named(".adjudicate-checkpoint")),
            lock: named(".adjudicate-lock"),
        }
    }
}

/// The name's beginning, and what tells it from others that begin so.
fn shortened(name: &OsStr) -> OsString {
    let start: String = name.to_string_lossy().chars().take(40).collect();
    format!("{start}-{}", blake3::hash(name.as_bytes()).to_hex()).into()
}

/// The sole right to write a run folder.
#[derive(Debug)]
pub(super) struct Hold {
    // The name goes first: see above.
    _place: Place,
    _locked: File,
}

impl Hold {
    /// Takes the right; `None` where files cannot be locked.
    ///
    /// # Errors
    ///
    /// Another run has it ([`io::ErrorKind::WouldBlock`]), or the system says no.
    pub(super) fn take(path: &Path, unfinished: &Unfinished) -> io::Result<Option<Self>> {
        let open = || {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).mode(0o600);
            // In a folder that others may write to, the name may be a link that they made.
            options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(path)
        };
        let make = || loop {
            let file = open()?;
            match file.try_lock() {
                Ok(()) if is_at(&file, path) => return Ok((Begun::File(path.to_owned()), Some(file))),
                // Its last owner has removed it since it was opened.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
                // It goes away again with its place.
                Err(TryLockError::Error(_)) => return Ok((Begun::File(path.to_owned()), None)),
            }
        };
        let (place, locked) = unfinished.begin(make)?;
        Ok(locked.map(|locked| Self { _place: place, _locked: locked }))
    }
}

/// Whether a file is the one of this name.
fn is_at(file: &File, path: &Path) -> bool {
    let told = |told: io::Result<fs::Metadata>| told.map(|told| (told.dev(), told.ino()));
    told(file.metadata()).is_ok_and(|open| told(fs::symlink_metadata(path)).is_ok_and(|named| open == named))
}

/// What a run that was killed had left, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Leftover {
    /// A folder that was never put in place, or had been replaced; it is removed.
    Removed(PathBuf),
    /// The folder that was to be replaced stands in its place again.
    PutBack(PathBuf),
}

/// Cleans up after a run that was killed on its way to the same place.
pub(super) fn leftovers(beside: &Beside, target: &Path, is_alone: bool) -> Result<Vec<Leftover>, FolderError> {
    let mut found = Vec::new();
    let there = |path: &Path| fs::symlink_metadata(path).is_ok();
    if there(&beside.aside) && !there(target) && is_alone {
        fs::rename(&beside.aside, target).map_err(at(target))?;
        found.push(Leftover::PutBack(target.to_owned()));
    }
    for path in [&beside.staging, &beside.aside] {
        if !there(path) {
            continue;
        }
        if !is_alone {
            return Err(FolderError::Unsure(path.clone()));
        }
        // What is no folder is none of ours: this fails.
        fs::remove_dir_all(path).map_err(at(path))?;
        found.push(Leftover::Removed(path.clone()));
    }
    Ok(found)
}

/// Cleans up beside a run folder that stands in its place: what a run that was killed on its
/// way there left, and the checkpoint that the folder's own run went on from, which was then killed
/// between the two. One without its head was killed while it was removed; another is of a run
/// that was to replace the folder.
pub(super) fn clean_up(target: &Path, unfinished: &Unfinished) {
    let clean = || {
        let target = fs::canonicalize(target)?;
        let beside = Beside::of(&parent_of(&target), &target);
        let Beside { checkpoint, staging, aside, lock } = &beside;
        let is_spent = || checkpoint.path().is_dir() && (!checkpoint.has_head() || checkpoint.is_spent(&target));
        if !is_spent() && [staging, aside, lock].into_iter().all(|path| fs::symlink_metadata(path).is_err()) {
            return Ok(());
        }
        let Some(_hold) = Hold::take(lock, unfinished)? else { return Ok(()) };
        unfinished.unless_stopped(|| {
            // Another run may have been there before the lock was ours.
            if is_spent() {
                checkpoint.remove()?;
            }
            leftovers(&beside, &target, true).map(drop).map_err(io::Error::other)
        })
    };
    // Whoever asks is told that the folder is there, whatever becomes of this.
    let _: io::Result<()> = clean();
}
