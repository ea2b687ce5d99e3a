//! `adjudicate bench`: how fast a run is on the user's own data, stage by stage.

mod compare;
mod measure;
mod memory;
mod record;
mod show;

use adjudicate::place::Unfinished;

use super::arguments::BenchArguments;
use super::exit::{Failure, Status, heard};
use super::page::write_json;
use super::task::Task;

use compare::Baseline;
use record::{Measurement, Subject};

/// Measures, and compares with an earlier measurement.
pub(crate) fn bench(arguments: &BenchArguments, unfinished: &Unfinished) -> Result<Status, Failure> {
    // What cannot be compared with is told before minutes are spent on measuring.
    let baseline = arguments.compare.as_deref().map(Baseline::read).transpose()?;
    let task = Task::new(&arguments.inputs, &arguments.task)?;
    if task.settings.inputs.iter().any(adjudicate::input::InputFile::is_stdin) {
        return Err(Failure::told(
            "standard input can be read only once, and bench reads its inputs several times; put it into a file",
        ));
    }
    let warmed = measure::warm(&task)?;
    let subject = Subject::new(&task, &warmed, arguments.rounds);
    if let Some(baseline) = &baseline {
        baseline.check(&subject)?;
    }

    let shown = !arguments.quiet && !arguments.no_progress;
    let passes = measure::measure(&task, &subject, arguments.rounds, shown, unfinished)?;
    let mut measurement = Measurement::new(subject, &passes);
    measurement.comparison = baseline.map(|baseline| baseline.compare(&measurement, arguments.threshold));
    let told = match (arguments.json, arguments.quiet) {
        (true, _) => write_json(&measurement),
        (false, true) => Ok(()),
        (false, false) => show::show(&measurement).print(),
    };
    heard(told)?;
    let slower = measurement.comparison.is_some_and(|comparison| comparison.slower);
    Ok(if slower { Status::Found } else { Status::Complete })
}
