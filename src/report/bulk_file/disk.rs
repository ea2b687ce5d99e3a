//! The thread that writes a large file, block by block, and waits for the disk.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::Aligned;

/// How many blocks wait or are being written at most.
const BLOCKS: usize = 4;

/// A thread that writes full blocks.
#[derive(Debug)]
pub(super) struct Writer {
    full: SyncSender<Aligned>,
    /// Blocks that have been written. Nobody waits for the lock: it is here since files are
    /// shared by those who read them back.
    empty: Mutex<Receiver<Aligned>>,
    /// How many blocks there are beside the one that is being filled.
    blocks: usize,
    thread: JoinHandle<io::Result<Disk>>,
}

impl Writer {
    pub(super) fn new(mut disk: Disk) -> io::Result<Self> {
        let (full, blocks) = sync_channel::<Aligned>(BLOCKS);
        let (done, empty) = sync_channel(BLOCKS);
        let thread = std::thread::Builder::new().name("disk".to_owned()).spawn(move || {
            for block in blocks {
                disk.write(block.bytes())?;
                // Nobody needs it any more once the file is finished.
                let _ = done.send(block);
            }
            Ok(disk)
        });
        let told = |error: io::Error| io::Error::new(error.kind(), format!("no thread to write it: {error}"));
        let thread = thread.map_err(told)?;
        Ok(Self { full, empty: Mutex::new(empty), blocks: 0, thread })
    }

    /// Has a full block written, and gives an empty one for it, as soon as there is one;
    /// `None` where a block could not be written.
    pub(super) fn exchange(&mut self, block: Aligned) -> Option<Aligned> {
        self.full.send(block).ok()?;
        if self.blocks < BLOCKS {
            self.blocks += 1;
            return Some(Aligned::default());
        }
        self.empty.get_mut().ok()?.recv().ok()
    }

    /// Waits until all blocks have been written.
    pub(super) fn finish(self) -> io::Result<Disk> {
        drop(self.full);
        self.thread.join().map_err(|_| io::Error::other("the thread that writes panicked"))?
    }
}

/// Where blocks go.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    pub(super) file: Arc<File>,
    /// Whether it is written past the page cache.
    pub(super) direct: bool,
}

impl Disk {
    pub(super) fn give_up_direct(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.direct) { set_direct(&self.file, false) } else { Ok(()) }
    }

    pub(super) fn write(&mut self, block: &[u8]) -> io::Result<()> {
        let mut done = 0;
        while let Some(rest) = block.get(done..).filter(|rest| !rest.is_empty()) {
            match (&*self.file).write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    done += written;
                    // Half a block written, the other half lies askew.
                    if done < block.len() {
                        self.give_up_direct()?;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Some file systems promise direct writes and then refuse them.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput && self.direct => self.give_up_direct()?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(target_os = "linux")]
pub(super) fn set_direct(file: &File, direct: bool) -> io::Result<()> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let mut flags = fcntl_getfl(file)?;
    flags.set(OFlags::DIRECT, direct);
    Ok(fcntl_setfl(file, flags)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn set_direct(_: &File, direct: bool) -> io::Result<()> {
    if direct { Err(io::ErrorKind::Unsupported.into()) } else { Ok(()) }
}
