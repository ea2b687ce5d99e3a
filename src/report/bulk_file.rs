//! Large files, written past the system's page cache.
//!
//! A run writes gigabytes that it never reads again, or once. Through the page cache each
//! byte is copied once more, into memory that must first be found: on a busy or
//! virtual machine that costs more than the disk does, and drives out files that
//! others read. Where the file system takes no direct writes, the file is written
//! as any other.

mod disk;

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use self::disk::{Disk, Writer, set_direct};

/// What direct writes must begin at, in the file and in memory, and be multiples
/// of: the largest that file systems ask for.
const ALIGNMENT: usize = 4096;

/// How many bytes are written at a time: enough that the thread that writes, which waits
/// for a core each time, is not what the others wait for. A file that is shorter is written
/// through the page cache.
const BLOCK: usize = 4 << 20;

/// A new file that is written from its beginning to its end. Whoever fills it does not
/// wait for the disk: a thread of its own does, from the first full block on.
#[derive(Debug)]
pub struct BulkFile {
    disk: Disk,
    block: Aligned,
    /// How much of the block waits to be written.
    filled: usize,
    /// How much went on its way before.
    written: u64,
    writer: Option<Writer>,
}

impl BulkFile {
    /// Begins to write an empty file.
    #[must_use]
    pub fn new(file: File) -> Self {
        let mut block = Aligned::default();
        block.room(BLOCK);
        let direct = set_direct(&file, true).is_ok();
        Self { disk: Disk { file: Arc::new(file), direct }, block, filled: 0, written: 0, writer: None }
    }

    /// How many bytes it was given.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.written + self.filled as u64
    }

    /// Writes what waits.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.wait()?;
        self.disk.give_up_direct()?;
        self.write_rest()
    }

    /// Writes what waits, and zeros behind it as far as the alignment asks, so that
    /// all of it can be [read back](Self::read_back).
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn settle(&mut self) -> io::Result<()> {
        self.wait()?;
        let end = self.filled.next_multiple_of(ALIGNMENT);
        if let Some(rest) = self.block.room(BLOCK).get_mut(self.filled..end) {
            rest.fill(0);
        }
        self.filled = end;
        self.write_rest()
    }

    /// Bytes of a settled file, read into `memory`.
    ///
    /// # Errors
    ///
    /// It cannot be read, or ends before.
    pub fn read_back<'m>(&self, offset: u64, length: usize, memory: &'m mut Aligned) -> io::Result<&'m [u8]> {
        let before = usize::try_from(offset % ALIGNMENT as u64).unwrap_or_default();
        let room = memory.room((before + length).next_multiple_of(ALIGNMENT));
        self.disk.file.read_exact_at(room, offset - before as u64)?;
        room.get(before..before + length).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Sends the full block on its way.
    fn write_block(&mut self) -> io::Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(Writer::new(self.disk.clone())?),
        };
        match writer.exchange(std::mem::take(&mut self.block)) {
            Some(empty) => self.block = empty,
            // It does not end while it may be sent blocks, but for an error.
            None => return self.wait().and(Err(io::ErrorKind::BrokenPipe.into())),
        }
        self.written += std::mem::take(&mut self.filled) as u64;
        Ok(())
    }

    /// Waits until all full blocks have been written.
    fn wait(&mut self) -> io::Result<()> {
        if let Some(writer) = self.writer.take() {
            self.disk = writer.finish()?;
        }
        Ok(())
    }

    /// Writes what waits of a file whose full blocks have been written.
    fn write_rest(&mut self) -> io::Result<()> {
        self.disk.write(self.block.bytes().get(..self.filled).unwrap_or_default())?;
        self.written += std::mem::take(&mut self.filled) as u64;
        Ok(())
    }
}

/// Bytes that begin where direct reads and writes can.
#[derive(Debug, Default)]
pub struct Aligned {
    /// The bytes and what their alignment takes.
    memory: Vec<u8>,
    start: usize,
    length: usize,
}

impl Aligned {
    /// So many bytes. Those that were there stay, unless there were fewer.
    fn room(&mut self, length: usize) -> &mut [u8] {
        if self.memory.len() < length + ALIGNMENT {
            self.memory = vec![0; length + ALIGNMENT];
            // Where there is no telling, direct writes fail and are given up.
            self.start = self.memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        }
        self.length = length;
        self.memory.get_mut(self.start..self.start + length).unwrap_or_default()
    }

    fn bytes(&self) -> &[u8] {
        self.memory.get(self.start..self.start + self.length).unwrap_or_default()
    }
}

impl Write for BulkFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.filled == BLOCK {
            self.write_block()?;
        }
        let taken = bytes.len().min(BLOCK - self.filled);
        let room = self.block.room(BLOCK).get_mut(self.filled..self.filled + taken);
        room.unwrap_or_default().copy_from_slice(bytes.get(..taken).unwrap_or_default());
        self.filled += taken;
        Ok(taken)
    }

    /// Does nothing: only [`finish`](Self::finish) writes less than a block.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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

    #[test]
    fn a_file_that_takes_nothing_is_an_error() {
        let Ok(full) = File::options().write(true).open("/dev/full") else { return };
        let mut file = BulkFile::new(full);
        let wrote = file.write_all(&vec![1; 10 * BLOCK]).and_then(|()| file.finish());
        assert_eq!(wrote.unwrap_err().kind(), io::ErrorKind::StorageFull);
        let mut short = BulkFile::new(File::options().write(true).open("/dev/full").unwrap());
        assert!(short.write_all(&[1; 10]).and_then(|()| short.finish()).is_err());
    }

    #[test]
    fn what_was_written_can_be_read_back() {
        let folder = tempfile::TempDir::new_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        let file = File::options().read(true).write(true).create_new(true).open(folder.path().join("file")).unwrap();
        let all: Vec<u8> = (0..2 * BLOCK + 12_345).map(|at| u8::try_from(at % 253).unwrap()).collect();
        let mut bulk = BulkFile::new(file);
        bulk.write_all(&all).unwrap();
        assert_eq!(bulk.length(), all.len() as u64);
        bulk.settle().unwrap();
        let mut memory = Aligned::default();
        for (offset, length) in [(0, 1), (4095, 2), (0, all.len()), (BLOCK - 7, 9000), (all.len() - 1, 1), (77, 0)] {
            let read = bulk.read_back(offset as u64, length, &mut memory).unwrap();
            assert!(read == &all[offset..offset + length], "{offset} {length}");
        }
        assert!(bulk.read_back(all.len() as u64, 2 * ALIGNMENT, &mut memory).is_err());
    }
}
