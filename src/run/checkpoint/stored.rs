//! An input that an earlier run has finished, read back from its part.

use std::collections::BTreeMap;
use std::path::PathBuf;

use blake3::Hash;

use super::part::{Block, Finished, Next, PartReader};
use super::{at, block};
use crate::input::csv::FileDigest;
use crate::overrides::Overrides;
use crate::run::RunError;
use crate::run::feed::Job;
use crate::run::worker::BatchOutcome;

/// An input that an earlier run has finished.
pub(in crate::run) struct StoredInput {
    /// Its part.
    pub(super) path: PathBuf,
    pub(super) fingerprint: Hash,
    /// What it says of the input.
    pub(super) finished: Finished,
}

/// Such inputs, by their places.
pub(in crate::run) type FinishedInputs = BTreeMap<usize, StoredInput>;

/// Such an input while it is read back.
pub(in crate::run) struct OpenStored {
    file: usize,
    part: PartReader,
    /// What the part says of the input, as it was looked at.
    finished: Finished,
    /// How many of its bytes nobody has been told are done with.
    untold: u64,
}

impl StoredInput {
    /// Begins to read it back as the input of this place.
    pub(in crate::run) fn open(self, file: usize) -> Result<OpenStored, RunError> {
        let Self { path, fingerprint, finished } = self;
        let part = PartReader::open(&path, &fingerprint).map_err(at(path))?;
        let part = part.ok_or(RunError::CheckpointDamaged)?;
        let untold = finished.bytes;
        Ok(OpenStored { file, part, finished, untold })
    }
}

impl OpenStored {
    /// The next job; that it has ended is the last one.
    pub(in crate::run) fn next_job(&mut self) -> Result<Job, RunError> {
        let file = self.file;
        match self.part.read()? {
            Next::Batch(block) => Ok(Job::Stored { file, block, stored: std::mem::take(&mut self.untold) }),
            Next::End(finished) if finished == self.finished => {
                let Finished { digest, bytes, .. } = finished;
                Ok(Job::Ended { file, digest: FileDigest::Whole(digest), bytes })
            }
            // Another part has come to its place since.
            Next::End(_) => Err(RunError::CheckpointDamaged),
        }
    }
}

/// The batch of an input, by its place, that a block holds: of a run with a shadow, or without.
///
/// # Errors
///
/// It is none, although the part was whole when the run began.
pub(in crate::run) fn restored(
    block: &Block,
    file: usize,
    overrides: &Overrides,
    has_shadow: bool,
) -> Result<BatchOutcome, RunError> {
    let whole = Some(block).filter(|block| block.is_whole());
    whole.and_then(|block| block::decode(&block.bytes, file, overrides, has_shadow)).ok_or(RunError::CheckpointDamaged)
}
