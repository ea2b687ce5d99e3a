//! The passes, by the clock.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use adjudicate::place::{Begun, Unfinished};
use adjudicate::report::RunFolder;
use adjudicate::run::{Pass, RowCounts, Stage, Unobserved, run_until};

use super::super::exit::Failure;
use super::super::task::{Task, Written};
use super::memory;
use super::record::{STAGES, Subject, WRITE};

/// What the passes came to.
pub(super) struct Passes {
    /// When the first began.
    pub(super) started: jiff::Timestamp,
    /// The seconds of the passes that end with each stage, round by round.
    pub(super) seconds: [Vec<f64>; STAGES],
    /// What became of the rows.
    pub(super) counts: RowCounts,
    /// The most memory that was held until the end of the first round: later ones
    /// would find what earlier ones left of the heap.
    pub(super) peak_memory: Option<u64>,
}

/// Reads the inputs once, so that the system has them at hand for every pass
/// alike, and counts their rows.
pub(super) fn warm(task: &Task) -> Result<Pass, Failure> {
    let pass = run_until(Stage::Split, &task.settings, &task.adjudicator)?;
    if pass.counts.rows == 0 {
        return Err(Failure::told("the inputs hold no rows, so there is nothing to measure"));
    }
    Ok(pass)
}

/// Makes every pass in every round.
pub(super) fn measure(
    task: &Task,
    subject: &Subject,
    rounds: u16,
    shown: bool,
    unfinished: &Unfinished,
) -> Result<Passes, Failure> {
    let bar = bar(rounds, shown);
    let mut passes = Passes {
        started: jiff::Timestamp::now(),
        seconds: Default::default(),
        counts: RowCounts::default(),
        peak_memory: None,
    };
    for round in 1..=rounds {
        // All passes in turn, so that a machine that slows down slows them alike.
        let [until @ .., whole] = &mut passes.seconds;
        for (stage, seconds) in Stage::ALL.into_iter().zip(until) {
            bar.set_message(format!("round {round} of {rounds}, {}", stage.name()));
            let (pass, took) = timed(|| Ok(run_until(stage, &task.settings, &task.adjudicator)?))?;
            unchanged(subject, pass.bytes, (stage > Stage::Read).then_some(pass.counts.rows))?;
            seconds.push(took);
            bar.inc(1);
        }
        bar.set_message(format!("round {round} of {rounds}, {WRITE}"));
        let (written, took) = write(task, unfinished)?;
        let bytes = written.outcome.inputs.iter().map(|input| input.bytes).sum();
        passes.counts = written.outcome.inputs.iter().map(|input| input.counts).sum();
        unchanged(subject, bytes, Some(passes.counts.rows))?;
        whole.push(took);
        bar.inc(1);
        if round == 1 {
            passes.peak_memory = memory::peak();
        }
    }
    bar.finish_and_clear();
    Ok(passes)
}

/// The whole run, into a folder that goes away again.
fn write(task: &Task, unfinished: &Unfinished) -> Result<(Written, f64), Failure> {
    let make = || {
        let place = tempfile::Builder::new().prefix("adjudicate-bench-").tempdir()?;
        Ok((Begun::Folder(place.path().to_owned()), place))
    };
    let (_goes_away, place) = unfinished.begin(make).map_err(|error| {
        let place = std::env::temp_dir();
        Failure::told(format!("{}: {error}; TMPDIR may name another folder for the run", place.display()))
    })?;
    let target = place.path().join("run");
    timed(|| task.write(RunFolder::begin_within(unfinished, &target, false, false)?, None, &mut Unobserved))
}

fn timed<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<(T, f64), Failure> {
    let begin = Instant::now();
    let done = work()?;
    Ok((done, begin.elapsed().as_secs_f64()))
}

/// Passes over inputs that change in between cannot be compared.
fn unchanged(subject: &Subject, bytes: u64, rows: Option<u64>) -> Result<(), Failure> {
    if bytes == subject.bytes && rows.is_none_or(|rows| rows == subject.rows) {
        return Ok(());
    }
    Err(Failure::told("the inputs changed while they were measured; measure files that nobody writes to"))
}

fn bar(rounds: u16, shown: bool) -> ProgressBar {
    // indicatif hides a bar whose target is no terminal.
    let target = if shown { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(u64::from(rounds) * STAGES as u64), target);
    if let Ok(style) = ProgressStyle::with_template("Measuring {bar:30} {percent:>3}%  {msg}") {
        bar.set_style(style);
    }
    bar
}
