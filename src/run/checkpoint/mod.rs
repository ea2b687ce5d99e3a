//! What a run has finished of its inputs, kept beside its place for another run to go on from.
//!
//! For each input that has been read to its end there is a [part](part): all that its batches
//! came to, as it was handed over. A later run that is told the same reads the part instead of
//! the input, and hands over the same: what comes after goes one way, so its bytes are the same
//! by construction. What only the whole run can tell is no part of it.
//!
//! A part belongs to a *fingerprint*, all that what becomes of a line depends on, and to the
//! input as it was. It knows nothing of the other inputs: files that have come since are read
//! beside what was finished before.

mod block;
mod bytes;
mod found;
mod part;
mod stored;

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use blake3::Hash;

use self::found::{Found, differences, is_ours, look, tidy};
pub(super) use self::part::Block;
use self::part::{Finished, NewPart};
pub(super) use self::stored::{FinishedInputs, OpenStored, restored};
use super::feed::Done;
use super::watched::Watched;
use super::{InputOutcome, RunError, RunSettings, pool};
use crate::overrides::Overrides;
use crate::place::{Begun, NewFile, Place, Resumable, Unfinished};
use crate::report::{CHECKPOINT_HEAD, RunFolder};

/// The form of parts, and of what stands in them: states, held lines, keys.
const FORM: u32 = 2;
/// The file that says what the parts were made under.
const FINGERPRINT: &str = CHECKPOINT_HEAD;

/// What a checkpoint depends on: each thing's name, in words, and what it is.
pub type Fingerprint = Vec<(String, String)>;

/// What is worth knowing of a checkpoint that was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Remark {
    /// It was made under something else, and is of no use: the names of what differs.
    Differs(Vec<String>),
    /// It does not say what it was made under, and is of no use.
    Unreadable,
    /// An input is not as it was when it was finished, and is read again.
    Changed(String),
    /// What is kept of an input is damaged, and the input is read again.
    Damaged(String),
}

/// What a run has finished of its inputs.
pub struct Checkpoint {
    folder: PathBuf,
    fingerprint: Hash,
    sync: bool,
    unfinished: Unfinished,
    /// The folder goes away again as long as nothing in it is finished.
    begun: Option<Place>,
    /// The inputs as they were when it was opened.
    watched: Watched,
    /// What is read back, by the inputs' places.
    stored: FinishedInputs,
    /// The part that is being written.
    part: Option<NewPart>,
    resumable: Resumable,
    remarks: Vec<Remark>,
}

impl Checkpoint {
    /// Opens the checkpoint beside a run folder's place, or begins one.
    ///
    /// # Errors
    ///
    /// There is a shadow, an input cannot be looked at, what stands there is not the user's own, or the system
    /// says no.
    pub fn open(settings: &RunSettings, folder: &RunFolder, fingerprint: &Fingerprint) -> Result<Self, RunError> {
        if settings.shadow.is_some() {
            return Err(RunError::Defect("a checkpoint beside a shadow".to_owned()));
        }
        let path = folder.checkpoint().to_owned();
        let output = |source| RunError::Output { path: path.clone(), source };
        let mut fingerprint = fingerprint.clone();
        fingerprint.push(("the form of checkpoints".to_owned(), FORM.to_string()));
        let text = serde_json::to_string_pretty(&fingerprint).map_err(|error| output(error.into()))? + "\n";
        let hash = blake3::hash(text.as_bytes());
        let watched = Watched::new(&settings.inputs)?;

        let unfinished = folder.unfinished().clone();
        let of = settings.inputs.len();
        let (mut stored, mut remarks) = (FinishedInputs::new(), Vec::new());
        if is_ours(&path, folder.staging()).map_err(output)? {
            // Looking takes its time, and a signal may come.
            unfinished.set_resumable(Some(Resumable { folder: path.clone(), finished: parts(&path).min(of), of }));
            match fs::read_to_string(path.join(FINGERPRINT)).ok().and_then(|text| serde_json::from_str(&text).ok()) {
                Some(was) if was == fingerprint => {
                    let found = pool(settings)?.install(|| look(settings, &path, hash, &watched));
                    for (file, found) in found.into_iter().enumerate() {
                        match found {
                            Found::Finished(input) => drop(stored.insert(file, input)),
                            Found::Useless(remark) => remarks.push(remark),
                            Found::Nothing => {}
                        }
                    }
                }
                Some(was) => remarks.push(Remark::Differs(differences(&was, &fingerprint))),
                None => remarks.push(Remark::Unreadable),
            }
            if stored.is_empty() {
                unfinished.set_resumable(None);
                fs::remove_dir_all(&path).map_err(output)?;
            }
        }
        let resumable = Resumable { folder: path.clone(), finished: stored.len(), of };
        let begun = if stored.is_empty() {
            Some(begin(&path, &text, folder).map_err(output)?)
        } else {
            tidy(&path, stored.values().map(|input| &input.path)).map_err(output)?;
            unfinished.set_resumable(Some(resumable.clone()));
            None
        };
        let sync = folder.syncs();
        Ok(Self {
            folder: path,
            fingerprint: hash,
            sync,
            unfinished,
            begun,
            watched,
            stored,
            part: None,
            resumable,
            remarks,
        })
    }

    /// How many inputs are finished, of how many.
    #[must_use]
    pub fn finished(&self) -> (usize, usize) {
        (self.resumable.finished, self.resumable.of)
    }

    /// What is worth knowing of what was there.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// The inputs as they were when it was opened.
    pub(super) fn watched(&self) -> &Watched {
        &self.watched
    }

    /// What is read back, by the inputs' places.
    pub(super) fn take_stored(&mut self) -> FinishedInputs {
        std::mem::take(&mut self.stored)
    }

    /// Adds batches of the input that is being read.
    pub(super) fn add(&mut self, blocks: &[Block]) -> Result<(), RunError> {
        if blocks.is_empty() {
            return Ok(());
        }
        let path = self.partial();
        self.part().and_then(|part| blocks.iter().try_for_each(|block| part.add(block))).map_err(at(path))
    }

    /// Takes an input as finished, all of whose batches have been added.
    pub(super) fn finish(&mut self, input: &InputOutcome, file: usize) -> Result<(), RunError> {
        let partial = self.partial();
        // One without a batch is a part as well.
        self.part().map_err(at(partial))?;
        let (Some(part), Some(stamp)) = (self.part.take(), self.watched.lasting(file)) else { return Ok(()) };
        let path = part_of(&self.folder, &input.name);
        let InputOutcome { name, digest, bytes, .. } = input.clone();
        let named = part.finish(&Finished { name, stamp, digest, bytes }, &path, self.sync);
        let named = named.and_then(|()| if self.sync { fs::File::open(&self.folder)?.sync_all() } else { Ok(()) });
        named.map_err(at(path))?;
        if let Some(begun) = self.begun.take() {
            begun.keep();
        }
        self.resumable.finished += 1;
        self.unfinished.set_resumable(Some(self.resumable.clone()));
        Ok(())
    }

    fn part(&mut self) -> io::Result<&mut NewPart> {
        Ok(match &mut self.part {
            Some(part) => part,
            none => none.insert(NewPart::begin(&self.folder.join(PARTIAL), &self.fingerprint, &self.unfinished)?),
        })
    }

    fn partial(&self) -> PathBuf {
        self.folder.join(PARTIAL)
    }
}

/// The part that is being written: one at a time.
const PARTIAL: &str = "partial";

/// What a job came to, to be kept as well.
pub(super) fn blocks(done: &Done, overrides: &Overrides) -> Vec<Block> {
    let Done::Rows { outcomes, .. } = done else { return Vec::new() };
    outcomes.iter().map(|outcome| Block::new(block::encode(outcome, overrides))).collect()
}

fn at(path: PathBuf) -> impl FnOnce(io::Error) -> RunError {
    move |source| RunError::Output { path, source }
}

/// Makes the folder, which goes away again unless it is kept.
fn begin(path: &Path, fingerprint: &str, folder: &RunFolder) -> io::Result<Place> {
    let (place, ()) = folder.unfinished().begin(|| {
        DirBuilder::new().mode(0o700).create(path)?;
        // Whatever the umask.
        fs::set_permissions(path, Permissions::from_mode(0o700))?;
        Ok((Begun::Folder(path.to_owned()), ()))
    })?;
    let (new, mut file) = NewFile::begin_as(&path.join(PARTIAL), folder.unfinished())?;
    io::Write::write_all(&mut file, fingerprint.as_bytes())?;
    if folder.syncs() {
        file.sync_all()?;
    }
    new.finish(&path.join(FINGERPRINT), true)?;
    Ok(place)
}

/// The file of an input's part: its name says nothing of the input's.
fn part_of(folder: &Path, input: &str) -> PathBuf {
    folder.join(format!("{}.part", blake3::hash(input.as_bytes()).to_hex()))
}

/// How many parts a checkpoint has.
fn parts(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "part")).count()
}
