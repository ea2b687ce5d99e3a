//! A measurement as `--json` prints it: `docs/schemas/bench.schema.json` says what
//! each field means.

use serde::{Deserialize, Serialize};

use adjudicate::input::InputFormat;
use adjudicate::report::{LayoutRecord, Manifest, OptionsRecord, PolicyRecord};
use adjudicate::run::{Pass, RowCounts, Stage};

use super::super::task::Task;
use super::compare::Comparison;
use super::measure::Passes;

/// How many stages there are: those of a pass, and the writing.
pub(super) const STAGES: usize = Stage::ALL.len() + 1;
/// The last stage.
pub(super) const WRITE: &str = "write";
/// The least share of the whole from which a stage has a throughput: a smaller
/// difference of two passes is chance.
const TELLING: f64 = 0.001;
/// The version of the form.
pub(super) const SCHEMA: u32 = 2;

/// What is measured: known before the measuring, and the same in whatever it can be
/// compared with, but for the names.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Subject {
    pub(super) schema: u32,
    pub(super) program: Program,
    pub(super) threads: usize,
    pub(super) rounds: u16,
    pub(super) options: Options,
    pub(super) layout: LayoutRecord,
    pub(super) policies: Vec<PolicyRecord>,
    pub(super) inputs: Vec<Input>,
    pub(super) bytes: u64,
    pub(super) rows: u64,
    pub(super) in_scope: u64,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) build: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Options {
    pub(super) digest: String,
    #[serde(flatten)]
    pub(super) of_run: OptionsRecord,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) format: String,
}

/// A measurement.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Measurement {
    #[serde(flatten)]
    pub(super) subject: Subject,
    pub(super) started: String,
    pub(super) counts: RowCounts,
    pub(super) peak_memory_bytes: Option<u64>,
    pub(super) stages: Vec<StageFigures>,
    pub(super) whole: Speed,
    #[serde(skip_deserializing)]
    pub(super) comparison: Option<Comparison>,
}

/// What a stage takes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct StageFigures {
    pub(super) stage: String,
    /// Of the passes that end with it, round by round.
    pub(super) until_seconds: Vec<f64>,
    pub(super) share: f64,
    #[serde(flatten)]
    pub(super) own: Speed,
}

/// Seconds, and what they come to over all the inputs; `None` where they are too
/// few to tell.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Speed {
    pub(super) seconds: f64,
    pub(super) lines_per_second: Option<f64>,
    pub(super) megabytes_per_second: Option<f64>,
}

impl Subject {
    /// The program of this measurement, its settings, and what the inputs were
    /// found to hold.
    pub(super) fn new(task: &Task, pass: &Pass, rounds: u16) -> Self {
        let settings = &task.settings;
        let format = |format| match format {
            InputFormat::Csv => "csv",
            InputFormat::Parquet => "parquet",
        };
        let inputs = settings.inputs.iter();
        Self {
            schema: SCHEMA,
            program: Program {
                name: Manifest::PROGRAM.to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                build: if cfg!(debug_assertions) { "debug" } else { "release" }.to_owned(),
            },
            threads: pass.threads,
            rounds,
            options: Options { digest: settings.digest.name().to_owned(), of_run: task.options() },
            layout: task.layout.clone(),
            policies: task.policies.clone(),
            inputs: inputs.map(|one| Input { name: one.name.clone(), format: format(one.format).to_owned() }).collect(),
            bytes: pass.bytes,
            rows: pass.counts.rows,
            in_scope: pass.counts.decided,
        }
    }

    /// The speed of what takes so many of the whole's seconds.
    fn speed(&self, seconds: f64, whole: f64) -> Speed {
        // Numbers of rows and bytes are far below what a float holds exactly.
        #[allow(clippy::cast_precision_loss)]
        let [rows, bytes] = [self.rows, self.bytes].map(|number| number as f64);
        let a_second = |amount: f64| (seconds > whole * TELLING).then(|| amount / seconds);
        Speed { seconds, lines_per_second: a_second(rows), megabytes_per_second: a_second(bytes / 1e6) }
    }
}

impl Measurement {
    /// The figures that the passes give.
    pub(super) fn new(subject: Subject, passes: &Passes) -> Self {
        let names = Stage::ALL.iter().map(|stage| stage.name()).chain([WRITE]);
        let whole = passes.seconds.last().map_or(0.0, |seconds| median(seconds));
        let own = own_seconds(&passes.seconds);
        let stages = names.zip(&passes.seconds).zip(own).map(|((name, seconds), own)| StageFigures {
            stage: name.to_owned(),
            until_seconds: seconds.clone(),
            share: if whole > 0.0 { own / whole } else { 0.0 },
            own: subject.speed(own, whole),
        });
        Self {
            started: passes.started.to_string(),
            counts: passes.counts,
            peak_memory_bytes: passes.peak_memory,
            stages: stages.collect(),
            whole: subject.speed(whole, whole),
            comparison: None,
            subject,
        }
    }
}

/// What each stage adds to the pass before. A pass does all that an earlier one
/// does, so where it is found to be quicker, the earlier one was held up.
fn own_seconds(until: &[Vec<f64>; STAGES]) -> [f64; STAGES] {
    let mut until = until.each_ref().map(|seconds| median(seconds));
    let mut later = f64::INFINITY;
    for seconds in until.iter_mut().rev() {
        later = later.min(*seconds);
        *seconds = later;
    }
    let mut before = 0.0;
    until.map(|seconds| {
        let own = seconds - before;
        before = seconds;
        own
    })
}

/// The middle one, or the mean of the middle two; 0 of none.
fn median(seconds: &[f64]) -> f64 {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let lower = sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0.0);
    f64::midpoint(lower, upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_counts() {
        for (seconds, expected) in [(&[][..], 0.0), (&[2.0], 2.0), (&[3.0, 1.0], 2.0), (&[9.0, 1.0, 2.0], 2.0)] {
            assert!((median(seconds) - expected).abs() < 1e-12, "{seconds:?}");
        }
    }

    #[test]
    fn shares_are_never_below_zero_and_add_up_to_the_whole() {
        let until = [1.0, 0.5, 2.0, 2.5, 2.25].map(|seconds| vec![seconds]);
        let own = own_seconds(&until);
        assert_eq!(own.map(|seconds| format!("{seconds:.2}")), ["0.50", "0.00", "1.50", "0.25", "0.00"]);
    }
}
