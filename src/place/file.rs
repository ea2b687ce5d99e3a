//! A file of which the user said where it is to stand.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use tempfile::{NamedTempFile, TempPath};

use super::{Begun, Place, Resumable, Unfinished};

/// A file on its way: it has its name only when it is complete, and is its owner's alone
/// (mode 0600, whatever the umask).
#[derive(Debug)]
pub struct NewFile {
    path: TempPath,
    place: Place,
}

impl NewFile {
    /// Begins a file in the folder where it is to stand; gives what to write to as well.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn begin(folder: &Path, unfinished: &Unfinished) -> io::Result<(Self, File)> {
        let (place, made) = unfinished.begin(|| {
            let made = NamedTempFile::with_prefix_in(".adjudicate-", folder)?;
            made.as_file().set_permissions(Permissions::from_mode(0o600))?;
            Ok((Begun::File(made.path().to_owned()), made))
        })?;
        let (out, path) = made.into_parts();
        Ok((Self { path, place }, out))
    }

    /// Begins a file under a name beside the one that it is to have. What stood there is
    /// what was left of one like it.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn begin_as(partial: &Path, unfinished: &Unfinished) -> io::Result<(Self, File)> {
        let (place, out) = unfinished.begin(|| {
            fs::remove_file(partial).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
            let out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(partial)?;
            out.set_permissions(Permissions::from_mode(0o600))?;
            Ok((Begun::File(partial.to_owned()), out))
        })?;
        Ok((Self { path: TempPath::try_from_path(partial)?, place }, out))
    }

    /// Gives the file, all of which must have been written, its name.
    ///
    /// # Errors
    ///
    /// The system says no; without `overwrite` also where something of that name is
    /// there ([`io::ErrorKind::AlreadyExists`]).
    pub fn finish(self, target: &Path, overwrite: bool) -> io::Result<()> {
        let Self { path, place } = self;
        place.finish(target, || {
            let named = if overwrite { path.persist(target) } else { path.persist_noclobber(target) };
            named.map(|()| None).map_err(|error| error.error)
        })
    }

    /// Gives the file, all of which must have been written, its name among what is kept of the
    /// work at hand, in one step with what is told of that. `folder` is kept from then on.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn finish_in(self, target: &Path, folder: Option<&Place>, kept: Resumable) -> io::Result<()> {
        let Self { path, place } = self;
        place.finish_in(folder, kept, || path.persist(target).map_err(|error| error.error))
    }
}

/// Syncs the names of what stands in a folder.
///
/// # Errors
///
/// The system says no.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems sync no folder, and keep names in their own way.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::CheckpointFolder;

    #[test]
    fn what_is_finished_in_a_folder_is_told_of_and_kept_in_one_step() {
        let here = tempfile::TempDir::new().unwrap();
        let folder = CheckpointFolder::at(here.path().join("kept"));
        let kept = |finished| Resumable { folder: folder.clone(), finished, of: 2 };
        for stopped_before in [true, false] {
            let unfinished = Unfinished::default();
            let (begun, ()) = unfinished
                .begin(|| fs::create_dir(folder.path()).map(|()| (Begun::Checkpoint(folder.clone()), ())))
                .unwrap();
            fs::write(folder.head(), "").unwrap();
            unfinished.set_resumable(Some(kept(0)));
            let (new, _) = NewFile::begin_as(&folder.new_part(), &unfinished).unwrap();
            if stopped_before {
                // Nothing is finished: all of it goes, and nothing is told of it.
                assert!(unfinished.stop().resumable.is_none() && !folder.path().exists());
                assert!(new.finish_in(&folder.part("a.csv"), Some(&begun), kept(1)).is_err());
                assert!(unfinished.resumable().is_none());
            } else {
                new.finish_in(&folder.part("a.csv"), Some(&begun), kept(1)).unwrap();
                assert_eq!((unfinished.resumable(), folder.parts()), (Some(kept(1)), 1));
                drop(begun);
                let stopped = unfinished.stop();
                assert!(stopped.finished.is_empty() && stopped.left.is_empty());
                assert_eq!((stopped.resumable, folder.parts()), (Some(kept(1)), 1));
            }
        }
    }
}
