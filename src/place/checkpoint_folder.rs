//! The folder that keeps what is finished of a run's inputs: the names in it that are ours, so
//! that nothing else is ever removed with them, and how all of it goes away again.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The file that says what the parts were made under, without which they are worth nothing.
const HEAD: &str = "fingerprint.json";
const NEW_HEAD: &str = "fingerprint.partial";
/// The part that is being written: one at a time.
const NEW_PART: &str = "partial";
/// The ending of a part, behind 64 hexadecimal digits.
const PART: &str = ".part";
/// The file that says which run folder was about to be put in place.
const COMPLETE: &str = "complete";

/// A folder of that name, whether or not it is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckpointFolder(PathBuf);

impl CheckpointFolder {
    /// The folder of this path.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &PathBuf {
        &self.0
    }

    /// Its head.
    #[must_use]
    pub fn head(&self) -> PathBuf {
        self.0.join(HEAD)
    }

    /// The head while it is written.
    #[must_use]
    pub fn new_head(&self) -> PathBuf {
        self.0.join(NEW_HEAD)
    }

    /// The part that is being written.
    #[must_use]
    pub fn new_part(&self) -> PathBuf {
        self.0.join(NEW_PART)
    }

    /// The part of an input: its name says nothing of the input's.
    #[must_use]
    pub fn part(&self, input: &str) -> PathBuf {
        self.0.join(blake3::hash(input.as_bytes()).to_hex().to_string() + PART)
    }

    /// Whether it is a folder, with a head.
    #[must_use]
    pub fn has_head(&self) -> bool {
        self.is_folder().is_ok() && fs::symlink_metadata(self.head()).is_ok()
    }

    /// How many parts it has.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.ours().map_or(0, |ours| ours.iter().filter(|path| path.to_string_lossy().ends_with(PART)).count())
    }

    /// Whether it is there, and this user's alone, and what has our names in it is files.
    ///
    /// # Errors
    ///
    /// Something else is there, or the system says no.
    pub fn is_there(&self, user: u32) -> io::Result<bool> {
        let found = match fs::symlink_metadata(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            found => found?,
        };
        let refused = |reason: String| Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
        if !found.is_dir() || found.uid() != user || found.mode() & 0o777 != 0o700 {
            return refused(
                "it stands where the checkpoint belongs, and is no folder that is this user's alone; remove it".into(),
            );
        }
        for path in self.ours()? {
            if !fs::symlink_metadata(&path)?.is_file() {
                let name = path.file_name().unwrap_or_default().display();
                return refused(format!("`{name}` in it stands where a file belongs, and is none; remove it"));
            }
        }
        Ok(true)
    }

    /// Makes it, unless it is there and this user's alone.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn make(&self, user: u32) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && self.is_there(user)? => Ok(()),
            // Whatever the umask.
            made => made.and_then(|()| fs::set_permissions(&self.0, Permissions::from_mode(0o700))),
        }
    }

    /// Removes what is ours in it, but for the part that is being written.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn clear(&self) -> io::Result<()> {
        let ours = self.ours()?;
        // First: what is left where this is cut short is plainly of no use.
        remove_file(&self.head())?;
        let new = self.new_part();
        ours.iter().filter(|path| **path != new).try_for_each(|path| remove_file(path))
    }

    /// Removes it with what is ours in it. That it is gone already is as well.
    ///
    /// # Errors
    ///
    /// Something that is not ours stands in it, and stays; or the system says no.
    pub fn remove(&self) -> io::Result<()> {
        let removed = self.clear().and_then(|()| remove_file(&self.new_part())).and_then(|()| fs::remove_dir(&self.0));
        removed.or_else(unless_gone)
    }

    /// Notes that this folder is about to be put in place, where the checkpoint is there.
    ///
    /// # Errors
    ///
    /// The system says no.
    pub fn note_complete(&self, staging: &Path) -> io::Result<()> {
        if !self.has_head() {
            return Ok(());
        }
        let path = self.0.join(COMPLETE);
        remove_file(&path)?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        write!(file, "{}", fs::metadata(staging)?.ino())
    }

    /// Whether a run has put this folder in place, which went on from here: then nothing is
    /// left to be done of it. Whatever is written into that folder later changes nothing of that.
    #[must_use]
    pub fn is_spent(&self, target: &Path) -> bool {
        let noted = self.is_folder().and_then(|()| fs::read_to_string(self.0.join(COMPLETE)));
        let noted = noted.ok().and_then(|text| text.parse().ok());
        noted.is_some() && noted == fs::metadata(target).ok().map(|told| told.ino())
    }

    /// A link, which leads to what is somebody else's, is an error as what is missing is.
    fn is_folder(&self) -> io::Result<()> {
        let found = fs::symlink_metadata(&self.0)?;
        if found.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// What stands in it under our names.
    fn ours(&self) -> io::Result<Vec<PathBuf>> {
        self.is_folder()?;
        let mut ours = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(is_ours) {
                ours.push(entry.path());
            }
        }
        Ok(ours)
    }
}

fn is_ours(name: &str) -> bool {
    let is_part = |digits: &str| digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    [HEAD, NEW_HEAD, NEW_PART, COMPLETE].contains(&name) || name.strip_suffix(PART).is_some_and(is_part)
}

fn remove_file(path: &Path) -> io::Result<()> {
    fs::remove_file(path).or_else(unless_gone)
}

/// What is to be removed may be gone already.
pub(super) fn unless_gone(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_ours_is_removed() {
        let here = tempfile::TempDir::new().unwrap();
        let folder = CheckpointFolder::at(here.path().join("kept"));
        let user = fs::metadata(here.path()).unwrap().uid();
        folder.remove().unwrap();
        folder.make(user).unwrap();
        folder.make(user).unwrap();
        let [part, other] = [folder.part("a.csv"), folder.path().join("notes.part")];
        for path in [&folder.head(), &folder.new_head(), &folder.new_part(), &part, &other] {
            fs::write(path, "").unwrap();
        }
        assert_eq!((folder.is_there(user).unwrap(), folder.parts(), folder.has_head()), (true, 1, true));
        folder.clear().unwrap();
        assert_eq!((folder.parts(), folder.has_head(), folder.new_part().exists()), (0, false, true));
        folder.remove().unwrap_err();
        assert!(other.exists() && !folder.new_part().exists());
        fs::remove_file(other).unwrap();
        fs::create_dir(folder.new_part()).unwrap();
        assert!(folder.is_there(user).unwrap_err().to_string().starts_with("`partial` in it stands where"));
        folder.remove().unwrap_err();
        fs::remove_dir(folder.new_part()).unwrap();
        folder.remove().unwrap();
        assert!(!folder.is_there(user).unwrap() && !folder.path().exists());
    }

    #[test]
    fn a_link_leads_to_nothing_of_ours() {
        let here = tempfile::TempDir::new().unwrap();
        let elsewhere = CheckpointFolder::at(here.path().join("elsewhere"));
        let staging = here.path().join("staging");
        for path in [elsewhere.path(), &staging] {
            fs::create_dir(path).unwrap();
        }
        let complete = elsewhere.path().join(COMPLETE);
        let ino = fs::metadata(&staging).unwrap().ino().to_string();
        let files =
            [(elsewhere.head(), "head"), (elsewhere.new_part(), "new"), (elsewhere.part("a"), "a"), (complete, &ino)];
        for (path, content) in &files {
            fs::write(path, content).unwrap();
        }
        let folder = CheckpointFolder::at(here.path().join("kept"));
        std::os::unix::fs::symlink(elsewhere.path(), folder.path()).unwrap();
        folder.remove().unwrap_err();
        folder.clear().unwrap_err();
        fs::create_dir(here.path().join("other")).unwrap();
        folder.note_complete(&here.path().join("other")).unwrap();
        assert_eq!((folder.parts(), folder.has_head(), folder.is_spent(&staging)), (0, false, false));
        for (path, content) in &files {
            assert_eq!(fs::read_to_string(path).unwrap(), *content, "{}", path.display());
        }
    }

    #[test]
    fn a_folder_that_was_put_in_place_leaves_nothing_to_be_done() {
        let here = tempfile::TempDir::new().unwrap();
        let folder = CheckpointFolder::at(here.path().join("kept"));
        let [staging, target] = ["staging", "run"].map(|name| here.path().join(name));
        for path in [folder.path(), &staging, &target] {
            fs::create_dir(path).unwrap();
        }
        folder.note_complete(&staging).unwrap();
        assert!(!folder.path().join(COMPLETE).exists());
        fs::write(folder.head(), "").unwrap();
        for _ in 0..2 {
            folder.note_complete(&staging).unwrap();
            // Killed before it was: the folder that stands there is another.
            assert!(!folder.is_spent(&target));
        }
        fs::remove_dir(&target).unwrap();
        assert!(!folder.is_spent(&target));
        fs::rename(&staging, &target).unwrap();
        fs::write(target.join("manifest.json"), "again").unwrap();
        assert!(folder.is_spent(&target));
    }
}
