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
mod lines;
mod part;
mod stored;

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use blake3::Hash;

pub(super) use self::bytes::{Bytes, put, put_bytes};
use self::found::{Found, Stands, look};
pub(super) use self::lines::{Waivers, put_counts, put_lines, take_counts, take_lines};
pub(super) use self::part::Block;
use self::part::{Finished, NewPart};
pub(super) use self::stored::{FinishedInputs, OpenStored, restored};
use super::feed::Done;
use super::watched::Watched;
use super::{InputOutcome, RunError, RunSettings, pool};
use crate::overrides::Overrides;
use crate::place::{Begun, CheckpointFolder, NewFile, Place, Resumable, Unfinished, sync_folder};
use crate::report::RunFolder;

/// The form of parts, and of what stands in them: states, held lines, keys.
const FORM: u32 = 2;

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
    folder: CheckpointFolder,
    /// The user whose it is.
    user: u32,
    stands: Stands,
    /// The folder goes away again as long as nothing in it is finished.
    begun: Option<Place>,
    /// What it is made under, as it is written, and its digest.
    head: String,
    fingerprint: Hash,
    sync: bool,
    unfinished: Unfinished,
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
    /// Looks at what stands beside a run folder's place, and changes nothing of it.
    ///
    /// # Errors
    ///
    /// An input cannot be looked at, what stands there is not the user's own, or the system says no.
    pub fn open(settings: &RunSettings, run: &RunFolder, fingerprint: &Fingerprint) -> Result<Self, RunError> {
        let folder = run.checkpoint().clone();
        let output = at(folder.path().clone());
        let mut fingerprint = fingerprint.clone();
        fingerprint.push(("the form of checkpoints".to_owned(), FORM.to_string()));
        let looked = || {
            let user = fs::symlink_metadata(run.staging())?.uid();
            let there = folder.is_there(user)?;
            let looked = if there { Stands::of(&folder, &fingerprint) } else { (Stands::Nothing, None) };
            Ok((user, looked, serde_json::to_string_pretty(&fingerprint)? + "\n"))
        };
        let (user, (stands, remark), head) = looked().map_err(output)?;
        let mut checkpoint = Self {
            user,
            stands,
            begun: None,
            fingerprint: blake3::hash(head.as_bytes()),
            head,
            sync: run.syncs(),
            unfinished: run.unfinished().clone(),
            watched: Watched::new(&settings.inputs)?,
            stored: FinishedInputs::new(),
            part: None,
            resumable: Resumable { folder: folder.clone(), finished: 0, of: settings.inputs.len() },
            remarks: remark.into_iter().collect(),
            folder,
        };
        match stands {
            Stands::Nothing => {}
            Stands::Other => checkpoint.tell(),
            Stands::Own => checkpoint.look(settings)?,
        }
        Ok(checkpoint)
    }

    /// Finds the inputs that are finished.
    fn look(&mut self, settings: &RunSettings) -> Result<(), RunError> {
        // That takes its time, and a signal may come.
        self.resumable.finished = self.folder.parts().min(self.resumable.of);
        self.tell();
        let found = pool(settings)?.install(|| look(settings, &self.folder, self.fingerprint, &self.watched));
        for (file, found) in found.into_iter().enumerate() {
            match found {
                Found::Finished(input) => drop(self.stored.insert(file, input)),
                Found::Useless(remark) => self.remarks.push(remark),
                Found::Nothing => {}
            }
        }
        self.resumable.finished = self.stored.len();
        self.tell();
        Ok(())
    }

    /// Tells whoever may stop the program of what is kept.
    fn tell(&self) {
        self.unfinished.set_resumable(Some(self.resumable.clone()));
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
        let path = self.folder.new_part();
        self.part().and_then(|part| blocks.iter().try_for_each(|block| part.add(block))).map_err(at(path))
    }

    /// Takes an input as finished, all of whose batches have been added.
    pub(super) fn finish(&mut self, input: &InputOutcome, file: usize) -> Result<(), RunError> {
        let Some(stamp) = self.watched.lasting(file) else { return Ok(()) };
        let InputOutcome { name, digest, bytes, .. } = input.clone();
        let path = self.folder.part(&name);
        self.take(&path, &Finished { name, stamp, digest, bytes }).map_err(at(path))
    }

    fn take(&mut self, path: &Path, finished: &Finished) -> io::Result<()> {
        // One without a batch is a part as well.
        self.part()?;
        let Some(part) = self.part.take() else { return Ok(()) };
        let new = part.end(finished, self.sync)?;
        let is_first = self.stands != Stands::Own;
        if is_first {
            self.write_head()?;
        }
        self.resumable.finished += 1;
        new.finish_in(path, self.begun.as_ref(), self.resumable.clone())?;
        self.begun = None;
        self.stands = Stands::Own;
        if self.sync {
            sync_folder(self.folder.path())?;
        }
        match self.folder.path().parent() {
            Some(parent) if is_first && self.sync => sync_folder(parent),
            _ => Ok(()),
        }
    }

    /// Replaces what was made under something else, if that is there.
    fn write_head(&mut self) -> io::Result<()> {
        if self.begun.is_none() {
            let clear = || self.folder.clear().map(|()| (Begun::Checkpoint(self.folder.clone()), ()));
            self.begun = Some(self.unfinished.begin(clear)?.0);
        }
        let (new, mut file) = NewFile::begin_as(&self.folder.new_head(), &self.unfinished)?;
        io::Write::write_all(&mut file, self.head.as_bytes())?;
        if self.sync {
            file.sync_all()?;
        }
        new.finish(&self.folder.head(), true)
    }

    fn part(&mut self) -> io::Result<&mut NewPart> {
        if self.stands == Stands::Nothing && self.begun.is_none() {
            let make = || self.folder.make(self.user).map(|()| (Begun::Checkpoint(self.folder.clone()), ()));
            self.begun = Some(self.unfinished.begin(make)?.0);
        }
        Ok(match &mut self.part {
            Some(part) => part,
            none => none.insert(NewPart::begin(&self.folder.new_part(), &self.fingerprint, &self.unfinished)?),
        })
    }
}

/// What a job came to, to be kept as well.
pub(super) fn blocks(done: &Done, overrides: &Overrides) -> Vec<Block> {
    let Done::Rows { outcomes, .. } = done else { return Vec::new() };
    outcomes.iter().map(|outcome| Block::new(block::encode(outcome, overrides))).collect()
}

fn at(path: PathBuf) -> impl FnOnce(io::Error) -> RunError {
    move |source| RunError::Output { path, source }
}
