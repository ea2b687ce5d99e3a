//! The folders on the way to a run folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{FolderError, at, parent_of};
use crate::place::{Begun, Place, Unfinished, sync_folder};

/// The folders that were made on the way to a run folder. Dropped, it takes away
/// those in which nothing came to stand.
#[derive(Debug, Default)]
pub(super) struct Way {
    made: Vec<(PathBuf, Place)>,
}

impl Way {
    pub(super) fn make(to: &Path, unfinished: &Unfinished) -> Result<Self, FolderError> {
        let mut way = Self::default();
        let missing: Vec<&Path> = to.ancestors().take_while(|path| !path.exists()).collect();
        for path in missing.into_iter().rev().filter(|path| !path.as_os_str().is_empty()) {
            match unfinished.begin(|| fs::create_dir(path).map(|()| (Begun::Way(path.to_owned()), ()))) {
                Ok((place, ())) => way.made.push((path.to_owned(), place)),
                // Another run was quicker, or the path steps back with `..`.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(at(path)(error)),
            }
        }
        Ok(way)
    }

    /// Syncs their names.
    pub(super) fn sync(&self) -> Result<(), FolderError> {
        self.made.iter().map(|(path, _)| parent_of(path)).try_for_each(|path| sync_folder(&path).map_err(at(&path)))
    }

    /// Something stands there now.
    pub(super) fn keep(mut self) {
        self.made.drain(..).for_each(|(_, place)| place.keep());
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        while self.made.pop().is_some() {}
    }
}
