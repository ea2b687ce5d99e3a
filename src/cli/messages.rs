//! What a run says of itself on standard error.

use std::path::Path;
use std::time::Duration;

use adjudicate::report::Summary;
use serde_json::json;

use super::exit::Status;
use super::log::{self, Level};
use super::task::Task;
use super::text::{count, plural};

/// It has begun; told to collectors alone.
pub(super) fn started(task: &Task, out: &Path, bytes: u64) {
    let inputs = task.settings.inputs.len();
    let message = format!("a run over {} has begun", plural(inputs, "input"));
    let figures = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "folder": out.display().to_string(),
        "inputs": inputs,
        "bytes": bytes,
        "policies": task.adjudicator.index().policies().len(),
        "icd10cm": task.adjudicator.index().table().edition(),
    });
    log::tell(Level::Info, "run-started", &message, figures);
}

/// What is probably not as whoever runs it thinks. Told even where little is to be said.
pub(super) fn warnings(summary: &Summary) {
    for warning in &summary.warnings {
        let figures = json!({ "warning": warning.id, "count": warning.count });
        log::tell(Level::Warning, "run-warning", &warning.text, figures);
    }
}

/// It is complete; told to collectors alone.
pub(super) fn finished(summary: &Summary, out: &Path, status: Status, took: Duration) {
    let Summary { rows, out_of_scope, superseded, decided, rejected, exposure, .. } = summary;
    let message = format!("the run is complete: {} decided, {} rejected", count(*decided), count(*rejected));
    let by: serde_json::Map<_, _> =
        summary.by_disposition.iter().map(|one| (one.key.clone(), json!(one.amounts.lines))).collect();
    let figures = json!({
        "folder": out.display().to_string(),
        "status": status.code(),
        "seconds": took.as_secs_f64(),
        "rows": rows,
        "out_of_scope": out_of_scope,
        "superseded": superseded,
        "decided": decided,
        "rejected": rejected,
        "by_disposition": by,
        "exposure": exposure,
        "warnings": summary.warnings.len(),
    });
    log::tell(Level::Info, "run-finished", &message, figures);
}
