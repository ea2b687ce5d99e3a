//! Whether the inputs stay as they are while a run reads them.
//!
//! A file that somebody still writes to, or replaces, would be read in part, or in parts of
//! two. The system's word on it is taken when the run begins and again when the file has
//! been read to its end: its size, when it was written to last, when the system last changed
//! anything of it, and which file has the name. Anybody may put back the time of the last
//! writing, nobody that of the last change. That one moves with mode, owner and links too; a
//! file of which no more has changed cannot be told from one that holds something else.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;

use super::InputOutcome;
use crate::digest::{DigestKind, Hasher};
use crate::input::{InputError, InputFile, InputFormat};

/// The inputs of a run, as they were when it began.
#[derive(Clone)]
pub(super) struct Watched {
    files: Vec<Option<Stamp>>,
}

/// What the system says of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    size: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

/// What tells whether a file is as it was in an earlier run: its number, its size, when it
/// was written to, and when it was changed.
pub(super) type Lasting = [u64; 6];

impl Stamp {
    /// What of it still holds for another run: the device may have another number when the
    /// system has been started anew.
    fn lasting(self) -> Lasting {
        let Self { file: (_, number), size, written, changed } = self;
        let [written, changed] = [written, changed].map(|(seconds, rest)| [seconds, rest].map(i64::cast_unsigned));
        [number, size, written[0], written[1], changed[0], changed[1]]
    }

    /// Whether it is the same but for when the system last changed anything of it.
    fn looks_as(self, other: &Self) -> bool {
        Self { changed: other.changed, ..self } == *other
    }

    /// `None` for standard input, of which nothing can be told.
    fn of(input: &InputFile) -> Result<Option<Self>, InputError> {
        if input.is_stdin() {
            return Ok(None);
        }
        let told = fs::metadata(&input.path).map_err(|error| InputError::io(&input.name, error))?;
        let (written, changed) = ((told.mtime(), told.mtime_nsec()), (told.ctime(), told.ctime_nsec()));
        Ok(Some(Self { file: (told.dev(), told.ino()), size: told.size(), written, changed }))
    }
}

impl Watched {
    /// Looks at the inputs.
    pub(super) fn new(inputs: &[InputFile]) -> Result<Self, InputError> {
        Ok(Self { files: inputs.iter().map(Stamp::of).collect::<Result<_, _>>()? })
    }

    /// How an input was, by its place among them.
    pub(super) fn lasting(&self, file: usize) -> Option<Lasting> {
        self.files.get(file).copied().flatten().map(Stamp::lasting)
    }

    /// Refuses an input, by its place among them, that is no longer as it was when it has been read.
    ///
    /// Where no more of it was changed than the system alone can tell, what was read is held
    /// to what is there now. Of a Parquet file that says little: its rows were read before its digest
    /// was made.
    pub(super) fn check(
        &self,
        inputs: &[InputFile],
        file: usize,
        read: &InputOutcome,
        digest: DigestKind,
    ) -> Result<(), InputError> {
        let (Some(input), Some(Some(was))) = (inputs.get(file), self.files.get(file)) else { return Ok(()) };
        let Some(is) = Stamp::of(input)? else { return Ok(()) };
        let is_as_read = || {
            let at = |error| InputError::io(&input.name, error);
            let now = Hasher::of(digest, File::open(&input.path).map_err(at)?).map_err(at)?;
            Ok::<_, InputError>(now == (read.digest.clone(), read.bytes))
        };
        if is == *was || (is.looks_as(was) && input.format == InputFormat::Csv && is_as_read()?) {
            return Ok(());
        }
        Err(InputError::Changed { path: input.name.clone(), was: was.size, is: is.size })
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::run::RowCounts;

    #[test]
    fn a_file_that_was_rewritten_and_had_its_time_put_back_is_another() {
        let here = tempfile::TempDir::new().unwrap();
        let path = here.path().join("a.csv");
        let rewrite = |content: &str| {
            let written = fs::metadata(&path).and_then(|told| told.modified());
            fs::write(&path, content).unwrap();
            if let Ok(written) = written {
                File::options().append(true).open(&path).unwrap().set_modified(written).unwrap();
            }
        };
        rewrite("one");
        let digest = DigestKind::Blake3;
        let read = InputOutcome {
            name: "a.csv".to_owned(),
            digest: digest.of(b"one"),
            bytes: 3,
            counts: RowCounts::default(),
        };
        for (format, touched) in [(InputFormat::Csv, true), (InputFormat::Parquet, false)] {
            let inputs = [InputFile { name: "a.csv".to_owned(), path: path.clone(), format, size: 3 }];
            let watched = Watched::new(&inputs).unwrap();
            let was = watched.lasting(0);
            let is_fine = || watched.check(&inputs, 0, &read, digest).is_ok();
            assert!(is_fine());
            // Longer than the system's clock takes from one time to the next.
            std::thread::sleep(std::time::Duration::from_millis(20));
            // As many bytes, as old as before.
            rewrite("two");
            assert!(!is_fine(), "{format:?}");
            assert_ne!(Watched::new(&inputs).unwrap().lasting(0), was);
            rewrite("one");
            fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
            assert_eq!(is_fine(), touched, "{format:?}");
        }
    }
}
