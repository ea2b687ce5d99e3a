//! The decisions file, written past the system's page cache.
//!
//! A run writes gigabytes that it never reads again. Through the page cache each
//! byte is copied once more, into memory that must first be found: on a busy or
//! virtual machine that costs more than the disk does, and drives out files that
//! others read. Where the file system takes no direct writes, the file is written
//! as any other.

use std::fs::File;
use std::io::{self, Write};

/// What direct writes must begin at, in the file and in memory, and be multiples
/// of: the largest that file systems ask for.
const ALIGNMENT: usize = 4096;

/// How many bytes are written at a time. A file that is shorter is written
/// through the page cache.
const BLOCK: usize = 1 << 20;

/// A new file that is written from its beginning to its end.
#[derive(Debug)]
pub struct BulkFile {
    file: File,
    direct: bool,
    /// A block and what its alignment takes.
    memory: Vec<u8>,
    /// Where the block begins in `memory`.
    start: usize,
    /// How much of the block waits to be written.
    filled: usize,
}

impl BulkFile {
    /// Begins to write an empty file.
    #[must_use]
    pub fn new(file: File) -> Self {
        let memory = vec![0; BLOCK + ALIGNMENT];
        // Where there is no telling, direct writes fail and are given up.
        let start = memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        let direct = set_direct(&file, true).is_ok();
        Self { file, direct, memory, start, filled: 0 }
    }

    /// Writes what waits, and returns the file.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn finish(mut self) -> io::Result<File> {
        self.give_up_direct()?;
        self.write_block()?;
        Ok(self.file)
    }

    fn give_up_direct(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.direct) { set_direct(&self.file, false) } else { Ok(()) }
    }

    /// Writes what waits.
    fn write_block(&mut self) -> io::Result<()> {
        let end = self.start + std::mem::take(&mut self.filled);
        let mut rest = self.memory.get(self.start..end).unwrap_or_default();
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    rest = rest.get(written..).unwrap_or_default();
                    // Half a block written, the other half lies askew.
                    if self.direct && !rest.is_empty() {
                        self.direct = false;
                        set_direct(&self.file, false)?;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Some file systems promise direct writes and then refuse them.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput && self.direct => {
                    self.direct = false;
                    set_direct(&self.file, false)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Write for BulkFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.filled == BLOCK {
            self.write_block()?;
        }
        let room = self.memory.get_mut(self.start + self.filled..self.start + BLOCK).unwrap_or_default();
        let taken = bytes.len().min(room.len());
        room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.filled += taken;
        Ok(taken)
    }

    /// Does nothing: only [`finish`](Self::finish) writes less than a block.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(target_os = "linux")]
fn set_direct(file: &File, direct: bool) -> io::Result<()> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let mut flags = fcntl_getfl(file)?;
    flags.set(OFlags::DIRECT, direct);
    Ok(fcntl_setfl(file, flags)?)
}

#[cfg(not(target_os = "linux"))]
fn set_direct(_: &File, direct: bool) -> io::Result<()> {
    if direct { Err(io::ErrorKind::Unsupported.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a file holds that was written in pieces of these lengths.
    fn written(folder: &std::path::Path, lengths: &[usize]) {
        let path = folder.join("file");
        let mut file = BulkFile::new(File::create(&path).unwrap());
        let mut all = Vec::new();
        for (length, byte) in lengths.iter().zip(0_u8..) {
            let piece: Vec<u8> = (0..=250).map(|at| byte.wrapping_add(at)).cycle().take(*length).collect();
            file.write_all(&piece).unwrap();
            all.extend_from_slice(&piece);
        }
        file.finish().unwrap();
        assert!(std::fs::read(&path).unwrap() == all, "{lengths:?}");
    }

    #[test]
    fn every_byte_is_written_once_and_in_order() {
        let beside = tempfile::TempDir::new_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        // Memory, on most systems, whose file system may take no direct writes.
        let shared = tempfile::TempDir::new_in("/dev/shm").or_else(|_| tempfile::TempDir::new()).unwrap();
        for folder in [beside.path(), shared.path()] {
            for lengths in [
                &[][..],
                &[0],
                &[1],
                &[BLOCK],
                &[BLOCK - 1, 2],
                &[BLOCK + 1],
                &[3 * BLOCK + 4097, 5, 70_000, 2 * BLOCK],
            ] {
                written(folder, lengths);
            }
        }
    }
}
