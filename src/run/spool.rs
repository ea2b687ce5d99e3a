//! Where held lines wait: in memory up to a limit, beyond it in a file without a
//! name, which the system removes whatever becomes of the run.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Batches of held lines, in the run's order.
#[derive(Debug)]
pub(super) struct Spool {
    batches: Vec<Batch>,
    in_memory: usize,
    limit: usize,
    file: Option<File>,
    file_length: u64,
    /// Where the file is made, should it be needed.
    folder: std::path::PathBuf,
}

#[derive(Debug)]
struct Batch {
    /// The number of its first line among all held lines.
    first: u64,
    lines: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    File { offset: u64, length: usize },
}

impl Spool {
    pub(super) fn new(limit: usize, folder: &Path) -> Self {
        Self { batches: Vec::new(), in_memory: 0, limit, file: None, file_length: 0, folder: folder.to_owned() }
    }

    /// Adds a batch of held lines.
    pub(super) fn push(&mut self, bytes: Vec<u8>, lines: u64) -> io::Result<()> {
        if lines == 0 {
            return Ok(());
        }
        let first = self.lines();
        let place = if self.in_memory + bytes.len() <= self.limit {
            self.in_memory += bytes.len();
            Place::Memory(bytes)
        } else {
            let file = match &self.file {
                Some(file) => file,
                None => self.file.insert(tempfile::tempfile_in(&self.folder)?),
            };
            let offset = self.file_length;
            file.write_all_at(&bytes, offset)?;
            self.file_length += bytes.len() as u64;
            Place::File { offset, length: bytes.len() }
        };
        self.batches.push(Batch { first, lines, place });
        Ok(())
    }

    /// How many lines are held.
    pub(super) fn lines(&self) -> u64 {
        self.batches.last().map_or(0, |batch| batch.first + batch.lines)
    }

    /// Shows the bytes of each batch that holds some of the lines from `from` up
    /// to `to`, with how many of its lines to pass over and how many to take.
    pub(super) fn read(
        &self,
        from: u64,
        to: u64,
        mut show: impl FnMut(&[u8], usize, usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = self.batches.partition_point(|batch| batch.first + batch.lines <= from);
        let mut buffer = Vec::new();
        for batch in self.batches.iter().skip(start).take_while(|batch| batch.first < to) {
            let skip = from.saturating_sub(batch.first);
            let until = (to - batch.first).min(batch.lines);
            let count = |lines: u64| usize::try_from(lines).map_err(io::Error::other);
            let bytes: &[u8] = match (&batch.place, &self.file) {
                (Place::Memory(bytes), _) => bytes,
                (Place::File { offset, length }, Some(file)) => {
                    buffer.resize(*length, 0);
                    file.read_exact_at(&mut buffer, *offset)?;
                    &buffer
                }
                (Place::File { .. }, None) => &[],
            };
            show(bytes, count(skip)?, count(until - skip)?)?;
        }
        Ok(())
    }
}
