//! Exit statuses, and how a failure is told.

use std::fmt;
use std::io;
use std::panic::{UnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use adjudicate::input::parquet::is_guarded;
use serde_json::json;

use super::log::{self, Level};

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    /// Complete.
    Complete,
    /// Complete, and what `--fail-on` or `--max-rejects` (or a comparison, or
    /// `--deny-warnings`) looks for was found.
    Found,
    /// Complete, but rows were rejected.
    Rejected,
    /// Nothing was produced, or a check failed.
    Failed,
}

/// The status of a command that produced nothing.
pub(crate) const NOTHING_PRODUCED: Status = Status::Failed;

impl Status {
    /// The number that the process ends with.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Found => 1,
            Self::Failed => 2,
            Self::Rejected => 3,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.code())
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

/// Tells, on standard error, why nothing was produced.
pub(crate) fn tell(message: &str) {
    log::tell(Level::Error, "failed", message, json!({ "status": NOTHING_PRODUCED.code() }));
}

/// Tells on standard error that what another run had left was cleaned up.
pub(crate) fn note(message: &str) {
    log::tell(Level::Note, "cleaned-up", message, json!({}));
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
            log::tell(
                Level::Error,
                "defect",
                &format!("a defect at {place}; please report it"),
                json!({ "place": place }),
            );
        }
    }));
}
