//! Where decided lines wait: in memory up to a limit, beyond it in a file without
//! a name, which the system removes whatever becomes of the run.
//!
//! Held lines are read once, in order; states may be asked for again, here and there.
//! So held lines go first, past the page cache, and states only when no held line is
//! left in memory, through it.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::RunError;
pub(super) use super::batch::{Batch, HeldBatch, Loaded, Place, States};
use crate::engine::{EditNote, LineState, PackedStates, Rejudged, stretch};
use crate::report::BulkFile;

/// Batches of decided lines, in the run's order.
#[derive(Debug)]
pub(super) struct Spool {
    pub(super) batches: Vec<Batch>,
    /// The number of each one's first line: what is looked through for a line's batch.
    firsts: Vec<u32>,
    /// Of how many, from the first on, held lines or states have been put aside.
    held_aside: usize,
    states_aside: usize,
    /// Bytes in memory.
    in_memory: usize,
    limit: usize,
    held_file: Option<BulkFile>,
    pub(super) states_file: Option<File>,
    /// How many states stand in that file.
    states_stored: u64,
    /// Where files are made, should they be needed.
    pub(super) folder: PathBuf,
}

impl Spool {
    pub(super) fn new(limit: usize, folder: &Path) -> Self {
        Self {
            batches: Vec::new(),
            firsts: Vec::new(),
            held_aside: 0,
            states_aside: 0,
            in_memory: 0,
            limit,
            held_file: None,
            states_file: None,
            states_stored: 0,
            folder: folder.to_owned(),
        }
    }

    /// Adds the next batch; `others` is how many bytes are remembered elsewhere.
    pub(super) fn push(&mut self, batch: HeldBatch, others: usize) -> Result<(), RunError> {
        let lines = u32::try_from(batch.states.len()).unwrap_or(u32::MAX);
        if lines == 0 {
            return self.make_room(others);
        }
        self.in_memory += batch.notes.len() * size_of::<EditNote>();
        self.in_memory += batch.states.bytes() + batch.held.len();
        let HeldBatch { states, held, notes, file, rows_before } = batch;
        let (first, states, held) = (self.lines(), Place::Memory(states), Place::Memory(held));
        self.firsts.push(first);
        self.batches.push(Batch { first, lines, notes, file, rows_before, states, held });
        self.make_room(others)
    }

    /// Puts lines aside, the first ones first, until the rest is within the limit.
    fn make_room(&mut self, others: usize) -> Result<(), RunError> {
        while self.in_memory.saturating_add(others) > self.limit {
            if let Some(batch) = self.batches.get_mut(self.held_aside) {
                let held = batch.held.take();
                self.in_memory -= held.len();
                let aside = self.put_held_aside(&held)?;
                if let Some(batch) = self.batches.get_mut(self.held_aside) {
                    batch.held = aside;
                }
                self.held_aside += 1;
            } else if let Some(batch) = self.batches.get_mut(self.states_aside) {
                let states = batch.states.take();
                self.in_memory -= states.bytes();
                let aside = self.put_states_aside(&states)?;
                if let Some(batch) = self.batches.get_mut(self.states_aside) {
                    batch.states = aside;
                }
                self.states_aside += 1;
            } else {
                return Err(RunError::Memory { limit: self.limit });
            }
        }
        Ok(())
    }

    fn put_held_aside(&mut self, held: &[u8]) -> Result<Place<Vec<u8>>, RunError> {
        let output = |source| RunError::Output { path: self.folder.clone(), source };
        let file = match &mut self.held_file {
            Some(file) => file,
            None => self.held_file.insert(BulkFile::new(tempfile::tempfile_in(&self.folder).map_err(output)?)),
        };
        let offset = file.length();
        file.write_all(held).map_err(output)?;
        Ok(Place::File { offset, length: held.len() })
    }

    fn put_states_aside(&mut self, states: &PackedStates) -> Result<Place<PackedStates>, RunError> {
        let output = |source| RunError::Output { path: self.folder.clone(), source };
        let file = match &self.states_file {
            Some(file) => file,
            None => self.states_file.insert(tempfile::tempfile_in(&self.folder).map_err(output)?),
        };
        let bytes: Vec<u8> = states.from(0).flat_map(|state| state.to_bytes()).collect();
        let offset = self.states_stored * LineState::STORED as u64;
        file.write_all_at(&bytes, offset).map_err(output)?;
        self.states_stored += states.len() as u64;
        Ok(Place::File { offset, length: bytes.len() })
    }

    /// Ends the pushing of batches: from here on they can be read.
    pub(super) fn settle(&mut self) -> Result<(), RunError> {
        let output = |source| RunError::Output { path: self.folder.clone(), source };
        self.held_file.as_mut().map_or(Ok(()), BulkFile::settle).map_err(output)
    }

    /// How many lines are held.
    pub(super) fn lines(&self) -> u32 {
        self.batches.last().map_or(0, |batch| batch.first + batch.lines)
    }

    /// The batches, in order.
    pub(super) fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// Takes in what was found when the whole run was known.
    pub(super) fn apply(&mut self, rejudged: &Rejudged) {
        use rayon::prelude::*;
        self.batches.par_iter_mut().for_each(|batch| {
            // Notes are numbered within the run from here on.
            batch.notes.iter_mut().for_each(|note| {
                note.line += batch.first;
                note.evidence.other = note.evidence.other.map(|other| other + batch.first);
            });
            rejudged.apply(&mut batch.notes, batch.first, batch.first + batch.lines);
        });
    }

    /// The states of a batch; from memory, or read into `bytes`.
    pub(super) fn states<'s>(&'s self, batch: &'s Batch, bytes: &'s mut Vec<u8>) -> io::Result<States<'s>> {
        Ok(match &batch.states {
            Place::Memory(states) => States::Packed(states.from(0)),
            Place::File { offset, length } => States::stored(self.read_states(*offset, *length, bytes)?),
        })
    }

    /// The states and the held bytes of a batch; from memory, or read into
    /// `loaded`.
    pub(super) fn read<'s>(&'s self, batch: &'s Batch, loaded: &'s mut Loaded) -> io::Result<(States<'s>, &'s [u8])> {
        let Loaded { states, held } = loaded;
        let states = self.states(batch, states)?;
        let held: &[u8] = match &batch.held {
            Place::Memory(held) => held,
            Place::File { offset, length } => match &self.held_file {
                Some(file) => file.read_back(*offset, *length, held)?,
                None => return Err(io::ErrorKind::NotFound.into()),
            },
        };
        Ok((states, held))
    }

    /// The batch that holds a line.
    pub(super) fn batch_of(&self, line: u32) -> Option<&Batch> {
        let after = self.firsts.partition_point(|first| *first <= line);
        self.batches.get(after.checked_sub(1)?)
    }

    /// A line's state.
    pub(super) fn state(&self, batch: &Batch, line: u32) -> io::Result<Option<LineState>> {
        let place = line.saturating_sub(batch.first) as usize;
        match &batch.states {
            Place::Memory(states) => Ok(states.from(place).next()),
            Place::File { offset, .. } => {
                let mut bytes = Vec::new();
                let place = offset + (place * LineState::STORED) as u64;
                Ok(States::stored(self.read_states(place, LineState::STORED, &mut bytes)?).next())
            }
        }
    }

    /// Adds a line's state, and those behind it up to one that begins anew, or to
    /// the end of the batch.
    pub(super) fn stretch(
        &self,
        batch: &Batch,
        line: u32,
        out: &mut Vec<LineState>,
        begins: fn(&LineState) -> bool,
    ) -> io::Result<()> {
        let start = line.saturating_sub(batch.first) as usize;
        match &batch.states {
            Place::Memory(states) => out.extend(stretch(states.from(start), begins)),
            Place::File { offset, length } => {
                // Most stretches are short; a longer one is read by and by.
                let mut at = start * LineState::STORED;
                let (mut size, mut bytes) = (16 * LineState::STORED, Vec::new());
                loop {
                    let take = size.min(length.saturating_sub(at));
                    let bytes = self.read_states(offset + at as u64, take, &mut bytes)?;
                    let before = out.len();
                    let first = usize::from(at == start * LineState::STORED);
                    let lines = States::stored(bytes).enumerate();
                    let whole = bytes.len() / LineState::STORED;
                    out.extend(lines.take_while(|(place, line)| *place < first || !begins(line)).map(|(_, line)| line));
                    if out.len() - before < whole || take < size {
                        return Ok(());
                    }
                    at += take;
                    size *= 2;
                }
            }
        }
        Ok(())
    }

    fn read_states<'m>(&self, offset: u64, length: usize, bytes: &'m mut Vec<u8>) -> io::Result<&'m [u8]> {
        bytes.resize(length, 0);
        match &self.states_file {
            Some(file) => file.read_exact_at(bytes, offset).map(|()| bytes.as_slice()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
