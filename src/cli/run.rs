//! `adjudicate run`.

use std::time::Instant;

use adjudicate::place::Unfinished;
use adjudicate::report::{RunFolder, Summary};
use adjudicate::rules::Disposition;
use adjudicate::run::HistoryRun;
use serde_json::json;

use super::arguments::{DenyOrPend, RunArguments};
use super::exit::{self, Failure, Status};
use super::in_words;
use super::log::{self, Level};
use super::metrics::{Metrics, Told};
use super::page::write_out;
use super::progress::Progress;
use super::task::{self, Task, Written};
use super::text::printable_json;
use super::{config, dry_run, messages, resume};

/// Decides the lines of claim files and writes a run folder, and tells a collector what
/// became of it, whatever that is.
pub(crate) fn run(given: &RunArguments, unfinished: &Unfinished) -> Result<Status, Failure> {
    let merged = config::merged(given);
    let arguments = merged.as_ref().unwrap_or(given);
    let metrics = arguments.metrics.as_deref().filter(|_| !arguments.dry_run);
    let metrics = metrics.map(Metrics::begin).transpose()?;
    let ran = match &merged {
        Ok(arguments) => work(arguments, unfinished),
        Err(_) => merged.map(|_| (Status::Failed, None)),
    };
    let told = ran.as_ref().ok().and_then(|(_, told)| told.as_ref());
    let status = ran.as_ref().map_or(exit::NOTHING_PRODUCED, |(status, _)| *status);
    if let Some(Err(Failure::Told(message))) = metrics.map(|metrics| metrics.write(status, told)) {
        // The run is what it is all the same.
        log::tell(Level::Error, "metrics-failed", &message, json!({}));
    }
    ran.map(|(status, _)| status)
}

fn work(arguments: &RunArguments, unfinished: &Unfinished) -> Result<(Status, Option<Told>), Failure> {
    let begun = Instant::now();
    let mut task = Task::new(&arguments.inputs, &arguments.task)?;
    let settings = &mut task.settings;
    settings.batch_bytes = arguments.batch_bytes.unwrap_or(settings.batch_bytes);
    settings.memory_bytes = arguments.memory.unwrap_or(settings.memory_bytes);
    settings.keep_history = arguments.keep_history;
    settings.history = HistoryRun::open_all(&arguments.history)?;
    settings.max_rejects = arguments.max_rejects;
    if !arguments.shadow.is_empty() {
        task.load_shadow(&arguments.shadow)?;
    }
    resume::check(arguments, &task)?;
    if arguments.dry_run {
        return dry_run::show(&task.settings, &task.adjudicator).map(|status| (status, None));
    }
    let out = arguments.out.as_deref().ok_or_else(|| Failure::told("--out DIR is needed: where the run goes"))?;

    let folder = RunFolder::begin_within(unfinished, out, arguments.overwrite, !arguments.no_sync)?;
    resume::tell_leftovers(&folder);
    let checkpoint = resume::open(arguments, &task, &folder)?;
    let bytes = task.settings.inputs.iter().map(|input| input.size).sum();
    if !arguments.quiet {
        messages::started(&task, out, bytes);
    }
    let mut progress = Progress::new(bytes, !arguments.no_progress && !arguments.quiet && !log::is_json());
    let written = task.write(folder, checkpoint, &mut progress);
    progress.finish();
    let resumable = unfinished.resumable().filter(|_| written.is_err());
    if let Some(resumable) = resumable {
        exit::note(&resume::goes_on(&resumable));
    }
    let Written { outcome, completed } = written?;
    let summary = &outcome.summary;
    if let Some(error) = completed.unsynced {
        let message = format!("the run folder is complete, and may be lost with the power: {error}");
        log::tell(Level::Warning, "unsynced", &message, json!({}));
    }
    if let Some(old) = completed.left {
        let message = format!("{}: the run folder that was replaced could not be removed", old.display());
        log::tell(Level::Warning, "leftover", &message, json!({}));
    }
    if let Some(error) = completed.checkpoint {
        let message = format!("what was finished of the inputs could not be removed: {error}");
        log::tell(Level::Warning, "leftover", &message, json!({}));
    }
    messages::warnings(summary);

    if !arguments.quiet {
        let shown = if arguments.json { printable_json(task::json(summary)?) } else { in_words::summary(summary, out) };
        // The run is complete, whether or not anybody can read of it here.
        if let Err(Failure::Told(message)) = write_out(&shown) {
            log::tell(Level::Error, "output-failed", &message, json!({}));
        }
    }
    let status = status(arguments, summary);
    if !arguments.quiet {
        messages::finished(summary, out, status, begun.elapsed());
    }
    let index = task.adjudicator.index();
    let told = Told {
        input_bytes: outcome.inputs.iter().map(|input| input.bytes).sum(),
        policies: index.policies().len(),
        table_ends: index.table().last_day(),
        summary: outcome.summary,
    };
    Ok((status, Some(told)))
}

fn status(arguments: &RunArguments, summary: &Summary) -> Status {
    let denied = summary.lines(Disposition::Deny) > 0;
    let pended = summary.lines(Disposition::Pend) > 0;
    let found = match arguments.fail_on {
        Some(DenyOrPend::Deny) => denied,
        Some(DenyOrPend::Pend) => denied || pended,
        None => false,
    };
    let over = arguments.max_rejects.is_some_and(|limit| limit.is_exceeded_by(&summary.counts()));
    if found || over {
        Status::Found
    } else if summary.rejected > 0 {
        Status::Rejected
    } else {
        Status::Complete
    }
}
