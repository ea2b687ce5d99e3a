//! What the program does when it is told to stop: by Ctrl-C, by a scheduler, by the end of
//! its terminal.
//!
//! A thread of its own waits for the signal, since all others may be waiting for a disk
//! or for whoever writes to standard input. It takes away what is unfinished, says so,
//! and ends the program by the same signal, as whoever sent it expects: a shell's loop
//! ends too, and a scheduler sees no success. A second signal ends it at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use adjudicate::place::{Begun, Stopped, Unfinished};
use serde_json::json;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use signal_hook::low_level::{emulate_default_handler, signal_name};

use super::log::{self, Level};

/// The signals that ask the program to end.
const ASKING: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// How long whoever reads standard error may let the program wait for them.
const PATIENCE: Duration = Duration::from_millis(500);

/// Waits for signals.
pub(crate) struct Interrupts {
    stopping: Arc<AtomicBool>,
}

impl Interrupts {
    /// Begins to wait. Where the system has nothing to wait with, signals end the program
    /// as they always do.
    pub(crate) fn watch(unfinished: &Unfinished) -> Self {
        let stopping = Arc::new(AtomicBool::new(false));
        // A file that comes to the limit on its size is an error, and not the end.
        let _ = flag::register(SIGXFSZ, Arc::default());
        let _ = wait_with(unfinished.clone(), &stopping);
        Self { stopping }
    }

    /// Returns unless a signal has come; then the program ends here, and what else it
    /// would say is of no interest to anybody.
    pub(crate) fn unless_stopping(&self) {
        while self.stopping.load(Ordering::SeqCst) {
            thread::park_timeout(PATIENCE);
        }
    }
}

fn wait_with(unfinished: Unfinished, stopping: &Arc<AtomicBool>) -> std::io::Result<()> {
    // What whoever started the program ignores for it (nohup; a shell, for what it starts
    // in the background) stays ignored.
    let ignored = ignored();
    let asking = ASKING.into_iter().filter(|signal| !ignored.contains(signal));
    // First what a second signal does: the first one is heard by another thread, which may
    // have said so before the handler comes to what was registered last.
    for signal in asking.clone() {
        flag::register_conditional_default(signal, Arc::clone(stopping))?;
    }
    let mut signals = Signals::new(asking)?;
    let stopping = Arc::clone(stopping);
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            stopping.store(true, Ordering::SeqCst);
            stop(&unfinished, signal);
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(wait).map(drop)
}

/// Ends the program.
fn stop(unfinished: &Unfinished, signal: i32) {
    let message = told(signal, &unfinished.stop());
    // Standard error may be a pipe that nobody empties.
    let (done, is_done) = mpsc::channel();
    let tell = move || {
        log::tell(Level::Error, "stopped", &message, json!({ "signal": signal_name(signal) }));
        done.send(())
    };
    if thread::Builder::new().spawn(tell).is_ok() {
        let _ = is_done.recv_timeout(PATIENCE);
    }
    let _ = emulate_default_handler(signal);
    process::exit(128 + signal);
}

/// What is said of it, in one line.
fn told(signal: i32, Stopped { finished, left, resumable }: &Stopped) -> String {
    let signal = signal_name(signal).unwrap_or("a signal");
    let paths = |paths: &mut dyn Iterator<Item = &PathBuf>| {
        paths.map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    };
    let mut left = left.iter().map(Begun::path).peekable();
    if left.peek().is_some() {
        return format!("stopped by {signal}; what was unfinished could not be removed: {}", paths(&mut left));
    }
    if let Some(resumable) = resumable {
        return format!("stopped by {signal}; {}", super::resume::goes_on(resumable));
    }
    if finished.is_empty() {
        return format!("stopped by {signal}; nothing was left behind");
    }
    format!("stopped by {signal}; complete before that, and kept: {}", paths(&mut finished.iter()))
}

/// The signals that the program was started to ignore, where the system tells.
fn ignored() -> BTreeSet<i32> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    (1..=64).filter(|signal| mask >> (signal - 1) & 1 == 1).collect()
}

#[cfg(test)]
mod tests {
    use adjudicate::place::{CheckpointFolder, Resumable};

    use super::*;

    #[test]
    fn what_was_stopped_is_said_in_one_line() {
        let told = |signal, stopped: Stopped| super::told(signal, &stopped);
        let stopped = |finished: &[&str]| Stopped {
            finished: finished.iter().map(PathBuf::from).collect(),
            left: Vec::new(),
            resumable: None,
        };
        assert_eq!(told(SIGTERM, stopped(&[])), "stopped by SIGTERM; nothing was left behind");
        assert_eq!(told(SIGINT, stopped(&["run"])), "stopped by SIGINT; complete before that, and kept: run");
        let left = Stopped { left: vec![Begun::Folder(".run".into())], ..stopped(&["run"]) };
        assert_eq!(told(SIGHUP, left), "stopped by SIGHUP; what was unfinished could not be removed: .run");
        let resumable = Some(Resumable { folder: CheckpointFolder::at(".run".into()), finished: 2, of: 7 });
        assert_eq!(
            told(SIGTERM, Stopped { resumable, ..stopped(&[]) }),
            "stopped by SIGTERM; 2 of 7 inputs are finished, and the same command goes on from there (.run)"
        );
    }
}
