//! The digests of Parquet files, which are not read from end to end.

use std::fs::File;
use std::sync::Arc;

use super::{Done, Feed, Job};
use crate::digest::{DigestKind, Hasher, Part, Parts};
use crate::input::csv::FileDigest;
use crate::input::parquet::PART_BYTES as SHARED_BYTES;
use crate::input::{InputError, InputFile};
use crate::run::{RunError, RunSettings};

/// The size of a part that is digested apart from the rows.
const PART_BYTES: u64 = 4 << 20;

impl Feed<'_> {
    /// Whether the digest of a file of this size is made in parts.
    pub(super) fn has_parts(&self, bytes: u64) -> bool {
        self.settings.digest == DigestKind::Blake3 && bytes > PART_BYTES
    }

    /// Queues what of a file's digest is not made with its rows, for an open file of so many
    /// bytes.
    pub(super) fn queue_digest(&mut self, file: usize, input: &InputFile, (open, bytes): (File, u64), is_shared: bool) {
        if !self.has_parts(bytes) {
            self.queued.push_back(Job::Whole { file, input: input.clone() });
            return;
        }
        let input = Arc::new((input.clone(), open));
        if is_shared {
            self.queued.push_back(Job::First { file, input, length: SHARED_BYTES, bytes });
            return;
        }
        let offsets = (1..bytes.div_ceil(PART_BYTES)).map(|place| place * PART_BYTES);
        self.queued.extend(offsets.map(|offset| Job::Part {
            input: Arc::clone(&input),
            offset,
            length: PART_BYTES.min(bytes - offset),
        }));
        self.queued.push_back(Job::First { file, input, length: PART_BYTES, bytes });
    }
}

/// Does a job that makes a digest or ends a file: one without rows.
pub(in crate::run) fn digested(job: Job, settings: &RunSettings) -> Result<Done, RunError> {
    Ok(match job {
        Job::Part { input, offset, length } => {
            let part = Part::of_file(&input.1, offset, length);
            Done::Part(part.map_err(|error| InputError::io(&input.0.name, error))?)
        }
        Job::First { file, input, length, bytes } => {
            let first = Parts::of_file(&input.1, length);
            let first = first.map_err(|error| InputError::io(&input.0.name, error))?;
            Done::Ended { file, digest: FileDigest::Parts(first), bytes }
        }
        Job::Whole { file, input } => {
            let at = |error| InputError::io(&input.name, error);
            let (digest, bytes) = Hasher::of(settings.digest, File::open(&input.path).map_err(at)?).map_err(at)?;
            Done::Ended { file, digest: FileDigest::Whole(digest), bytes }
        }
        Job::Ended { file, digest, bytes } => Done::Ended { file, digest, bytes },
        Job::Csv { .. } | Job::Parquet { .. } | Job::Stored { .. } => {
            return Err(RunError::Defect("rows were taken for a digest".to_owned()));
        }
    })
}
