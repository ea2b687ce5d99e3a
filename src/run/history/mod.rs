//! Earlier runs' lines in this run: `history.bin` of a run folder, written under
//! `--keep-history` and read under `--history`.

mod count;
mod past;
mod record;
mod write;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::InputOutcome;
use crate::digest::DigestKind;
use crate::report::{FileRecord, InputRecord, Manifest, ManifestError, open_regular};

pub(super) use past::Past;
pub(super) use write::{DecidedLine, HistoryFile, Kept};

/// An earlier run whose lines take part.
#[derive(Clone, Debug)]
pub struct HistoryRun {
    /// Its folder, as given.
    pub folder: String,
    /// Its `history.bin`.
    pub file: FileRecord,
    /// The digest that its manifest uses.
    pub digest: DigestKind,
    place: PathBuf,
    started: String,
    inputs: Vec<InputRecord>,
}

/// Lines of earlier runs beside those of this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct HistoryCounts {
    /// Earlier runs.
    pub runs: u64,
    /// Lines that they decided.
    pub lines_seen: u64,
    /// Those of them that stand in sessions of this run.
    pub lines_used: u64,
}

/// Why an earlier run cannot take part.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// It is no run folder of ours.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// It kept no history.
    #[error("{0}: the run kept no history.bin; make it again with --keep-history")]
    NotKept(String),
    /// It is named twice.
    #[error("{0}: the run is given twice; its lines would count twice")]
    Twice(String),
    /// The file cannot be read.
    #[error("{folder}: history.bin: {source}")]
    Io {
        /// The run folder.
        folder: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not as the manifest says.
    #[error("{0}: history.bin is not the one that the run's manifest records; see adjudicate verify")]
    Changed(String),
    /// Another version of the program made the file.
    #[error("{folder}: history.bin has form {form}, and this program reads form {known}; make the run again with it")]
    Form {
        /// The run folder.
        folder: String,
        /// The file's form.
        form: u32,
        /// The form that is read.
        known: u32,
    },
    /// The run has read an input that this run reads too.
    #[error("{folder}: that run has read {input} already: every line of it would be a duplicate of itself")]
    SameInput {
        /// The run folder.
        folder: String,
        /// This run's input.
        input: String,
    },
    /// More lines of earlier runs take part than can be numbered.
    #[error("more than {0} lines of earlier runs stand in sessions of this run; split the run by service date")]
    TooMany(u64),
}

impl HistoryRun {
    /// The file's name in a run folder.
    pub const FILE_NAME: &str = "history.bin";

    /// The run in a folder.
    ///
    /// # Errors
    ///
    /// It is no run folder of ours, or kept no history.
    pub fn open(folder: &Path) -> Result<Self, HistoryError> {
        let name = folder.display().to_string();
        let manifest = Manifest::read(folder)?;
        let file = manifest.files.into_iter().find(|file| file.name == Self::FILE_NAME);
        let file = file.ok_or_else(|| HistoryError::NotKept(name.clone()))?;
        let path = folder.join(Self::FILE_NAME);
        let place = std::fs::canonicalize(&path).and_then(|place| Ok((open_regular(&path)?.metadata()?.len(), place)));
        let (bytes, place) = place.map_err(|source| HistoryError::Io { folder: name.clone(), source })?;
        if bytes != file.bytes {
            return Err(HistoryError::Changed(name));
        }
        let (digest, started, inputs) = (manifest.digest, manifest.started, manifest.inputs);
        Ok(Self { folder: name, file, digest, place, started, inputs })
    }

    /// The runs in these folders, in order.
    ///
    /// # Errors
    ///
    /// One of them cannot take part, or is given twice.
    pub fn open_all(folders: &[PathBuf]) -> Result<Vec<Self>, HistoryError> {
        let mut runs: Vec<Self> = Vec::new();
        for folder in folders {
            let run = Self::open(folder)?;
            if runs.iter().any(|other| other.is(&run)) {
                return Err(HistoryError::Twice(run.folder));
            }
            runs.push(run);
        }
        Ok(runs)
    }

    /// Whether the two are one run, if only as a copy.
    fn is(&self, other: &Self) -> bool {
        self.place == other.place || (self.started == other.started && self.file == other.file)
    }

    fn open_file(&self) -> Result<File, HistoryError> {
        open_regular(&self.place).map_err(|source| HistoryError::Io { folder: self.folder.clone(), source })
    }

    /// Refuses inputs that the run has read. Digests of another kind say nothing.
    pub(super) fn check_inputs(&self, inputs: &[InputOutcome], digest: DigestKind) -> Result<(), HistoryError> {
        let known = |input: &&InputOutcome| {
            let same = |then: &InputRecord| then.digest == input.digest && then.bytes == input.bytes;
            digest == self.digest && input.counts.decided > 0 && self.inputs.iter().any(same)
        };
        match inputs.iter().find(known) {
            Some(input) => Err(HistoryError::SameInput { folder: self.folder.clone(), input: input.name.clone() }),
            None => Ok(()),
        }
    }
}
