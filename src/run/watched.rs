//! Whether the inputs stay as they are while a run reads them.
//!
//! A file that somebody still writes to, or replaces, would be read in part, or in parts of
//! two. The system's word on it is taken when the run begins and again when the file has
//! been read to its end: its size, when it was written to last, and which file has the name.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use crate::input::{InputError, InputFile};

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
}

/// What tells whether a file is as it was in an earlier run: its number, its size, when it
/// was written to.
pub(super) type Lasting = [u64; 4];

impl Stamp {
    /// What of it still holds for another run: the device may have another number when the
    /// system has been started anew.
    fn lasting(self) -> Lasting {
        let Self { file: (_, number), size, written: (seconds, nanoseconds) } = self;
        [number, size, seconds.cast_unsigned(), nanoseconds.cast_unsigned()]
    }

    /// `None` for standard input, of which nothing can be told.
    fn of(input: &InputFile) -> Result<Option<Self>, InputError> {
        if input.is_stdin() {
            return Ok(None);
        }
        let told = fs::metadata(&input.path).map_err(|error| InputError::io(&input.name, error))?;
        let written = (told.mtime(), told.mtime_nsec());
        Ok(Some(Self { file: (told.dev(), told.ino()), size: told.size(), written }))
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

    /// Refuses an input, by its place among them, that is no longer as it was.
    pub(super) fn check(&self, inputs: &[InputFile], file: usize) -> Result<(), InputError> {
        let (Some(input), Some(Some(was))) = (inputs.get(file), self.files.get(file)) else { return Ok(()) };
        match Stamp::of(input)? {
            Some(is) if is == *was => Ok(()),
            Some(is) => Err(InputError::Changed { path: input.name.clone(), was: was.size, is: is.size }),
            None => Ok(()),
        }
    }
}
