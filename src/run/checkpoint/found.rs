//! What a checkpoint that was there is good for.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use blake3::Hash;
use rayon::prelude::*;

use super::part::{Finished, checked};
use super::stored::StoredInput;
use super::{FINGERPRINT, Fingerprint, Remark, part_of};
use crate::input::InputFile;
use crate::run::RunSettings;
use crate::run::watched::Watched;

/// Whether a checkpoint is there, and the user's alone, as the folder of the run at hand is.
pub(super) fn is_ours(path: &Path, staging: &Path) -> io::Result<bool> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        found => found?,
    };
    let ours = fs::symlink_metadata(staging)?.uid();
    if found.is_dir() && found.uid() == ours && found.mode() & 0o777 == 0o700 {
        return Ok(true);
    }
    let reason = "it stands where the checkpoint belongs, and is no folder that is this user's alone; remove it";
    Err(io::Error::new(io::ErrorKind::AlreadyExists, reason))
}

/// Removes what is neither the fingerprint nor one of these parts.
pub(super) fn tidy<'a>(folder: &Path, parts: impl Iterator<Item = &'a PathBuf>) -> io::Result<()> {
    let mut known: Vec<_> = parts.cloned().collect();
    known.push(folder.join(FINGERPRINT));
    known.sort();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if known.binary_search(&path).is_err() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The names of what two fingerprints differ in.
pub(super) fn differences(one: &Fingerprint, other: &Fingerprint) -> Vec<String> {
    let alone = |one: &Fingerprint, other: &Fingerprint| {
        one.iter().filter(|entry| !other.contains(entry)).map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let mut names = alone(other, one);
    for name in alone(one, other) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What there is of an input.
pub(super) enum Found {
    /// All of it.
    Finished(StoredInput),
    /// Something of no use.
    Useless(Remark),
    Nothing,
}

/// Looks for the part of each input, in their order, and reads all of it.
pub(super) fn look(settings: &RunSettings, folder: &Path, fingerprint: Hash, watched: &Watched) -> Vec<Found> {
    let look = |(file, input): (usize, &InputFile)| {
        let path = part_of(folder, &input.name);
        match checked(&path, &fingerprint) {
            Ok(Some(Finished { name, stamp, .. })) if name != input.name || watched.lasting(file) != Some(stamp) => {
                Found::Useless(Remark::Changed(input.name.clone()))
            }
            Ok(Some(finished)) => Found::Finished(StoredInput { path, fingerprint, finished }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Nothing,
            Ok(None) | Err(_) => Found::Useless(Remark::Damaged(input.name.clone())),
        }
    };
    settings.inputs.par_iter().enumerate().map(look).collect()
}
