//! Exit statuses, and how a failure is told.

use std::fmt;
use std::io::{self, Write as _};
use std::panic::{UnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use adjudicate::input::parquet::is_guarded;
use clap::builder::styling::{AnsiColor, Style};

use super::text;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    /// Complete.
    Complete,
    /// Complete, and what `--fail-on` (or a comparison, or `--deny-warnings`) looks
    /// for was found.
    Found,
    /// Complete, but rows were rejected.
    Rejected,
    /// Nothing was produced, or a check failed.
    Failed,
}

/// The status of a command that produced nothing.
pub(crate) const NOTHING_PRODUCED: Status = Status::Failed;

/// The colour of the word `error`.
const ERROR: Style = AnsiColor::Red.on_default().bold();

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Complete => 0,
            Status::Found => 1,
            Status::Failed => 2,
            Status::Rejected => 3,
        })
    }
}

/// Why a command produced nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What to tell the user.
    Told(String),
    /// Whoever read our output has heard enough.
    ClosedPipe,
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        // The sources say what the error itself leaves out.
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !message.contains(&cause_text) {
                message = format!("{message}: {cause_text}");
            }
            source = cause.source();
        }
        Self::Told(message)
    }
}

impl Failure {
    /// A failure that is told in these words.
    pub(crate) fn told(message: impl fmt::Display) -> Self {
        Self::Told(message.to_string())
    }

    /// A failure to write to standard output.
    pub(crate) fn output(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        Self::Told(format!("standard output: {error}"))
    }
}

/// An answer after which there is a status to give: that one does not hang on who
/// reads on.
pub(crate) fn heard(answered: Result<(), Failure>) -> Result<(), Failure> {
    match answered {
        Err(Failure::ClosedPipe) => Ok(()),
        answered => answered,
    }
}

/// Tells an error on standard error.
pub(crate) fn tell(message: &str) {
    let (on, off) = (ERROR.render(), ERROR.render_reset());
    // If nobody can be told, the exit status still tells.
    let _ = writeln!(anstream::stderr(), "{on}error:{off} {}", text::printable(message));
}

/// Tells on standard error what is worth knowing and no error.
pub(crate) fn note(message: &str) {
    let _ = writeln!(anstream::stderr(), "note: {}", text::printable(message));
}

/// How many are reading a file whose damage may make a library panic, on threads
/// of its own as well. Only a verb that does nothing else beside it may.
static EXPECTING: AtomicUsize = AtomicUsize::new(0);

/// Does what may panic and be no defect of ours.
pub(crate) fn expecting_panics<T>(work: impl FnOnce() -> T + UnwindSafe) -> thread::Result<T> {
    EXPECTING.fetch_add(1, Ordering::Relaxed);
    let done = catch_unwind(work);
    EXPECTING.fetch_sub(1, Ordering::Relaxed);
    done
}

/// Whether a panic of this thread means a damaged file, of which the caller makes
/// an error of its own.
pub(crate) fn is_expected() -> bool {
    is_guarded() || EXPECTING.load(Ordering::Relaxed) > 0
}

/// A panic is a defect; its message may hold claim data, so only its place is
/// told.
pub(crate) fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if !is_expected() {
            let _ = writeln!(anstream::stderr(), "adjudicate: a defect at {place}; please report it");
        }
    }));
}
