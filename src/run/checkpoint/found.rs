//! What a checkpoint that was there is good for.

use std::fs;
use std::io;

use blake3::Hash;
use rayon::prelude::*;

use super::part::{Finished, checked};
use super::stored::StoredInput;
use super::{Fingerprint, Remark};
use crate::input::InputFile;
use crate::place::CheckpointFolder;
use crate::run::RunSettings;
use crate::run::watched::Watched;

/// The names of what two fingerprints differ in.
fn differences(one: &Fingerprint, other: &Fingerprint) -> Vec<String> {
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

/// What stands where the checkpoint belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// Nothing that anybody could go on from.
    Nothing,
    /// What was made under something else. It is replaced when the first input is finished, and not before:
    /// whoever made a mistake in the command can mend it, and go on.
    Other,
    /// What was made under the same.
    Own,
}

impl Stands {
    /// Looks at a folder that is this user's alone, and says what is worth knowing of it.
    pub(super) fn of(folder: &CheckpointFolder, fingerprint: &Fingerprint) -> (Self, Option<Remark>) {
        if !folder.has_head() && folder.parts() == 0 {
            return (Self::Nothing, None);
        }
        let was: Option<Fingerprint> =
            fs::read_to_string(folder.head()).ok().and_then(|text| serde_json::from_str(&text).ok());
        match was {
            Some(was) if was == *fingerprint => (Self::Own, None),
            Some(was) => (Self::Other, Some(Remark::Differs(differences(&was, fingerprint)))),
            None => (Self::Other, Some(Remark::Unreadable)),
        }
    }
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
pub(super) fn look(
    settings: &RunSettings,
    folder: &CheckpointFolder,
    fingerprint: Hash,
    watched: &Watched,
) -> Vec<Found> {
    let look = |(file, input): (usize, &InputFile)| {
        let path = folder.part(&input.name);
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
