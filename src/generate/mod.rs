//! Synthetic claims: seeded, realistic, of any size, and nobody's.
//!
//! Everything in scope comes from the loaded policies and the code table; the
//! rest of a claim from `background.toml`, and how often what goes wrong from
//! `profiles.toml`. A file is made of blocks, each from its own stream of chance:
//! the same options give the same bytes, on any machine, with any number of
//! threads.

mod background;
mod block;
mod catalogue;
mod clinical;
mod columns;
mod csv;
mod diagnose;
mod draft;
mod error;
mod extract;
mod history;
mod in_scope;
mod listed;
mod maker;
mod misbehave;
mod outliers;
mod output;
mod parquet;
mod plan;
mod pool;
mod population;
mod profile;
mod rng;
mod scheme;
mod truth;
mod window;
mod write;

#[cfg(test)]
mod edge_tests;
#[cfg(test)]
mod outlier_tests;
#[cfg(test)]
mod span_tests;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::Path;

use self::csv::CsvSink;
use self::parquet::ParquetSink;
use self::plan::Plan;
use self::truth::TruthFormat;
use self::write::write_all;
use crate::claim::Day;
use crate::place::Unfinished;
use crate::policy::PolicyIndex;

pub use error::GenerateError;
pub use extract::{Extract, ExtractOptions, ExtractTotals, StoryCount, generate_extract};
pub use output::Format;
pub use profile::Profile;
pub use truth::HiddenOutlier;

/// What claims are wanted.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct GenerateOptions {
    /// How many lines.
    pub lines: u64,
    /// Another seed gives other claims.
    pub seed: u64,
    /// The share of lines that are in scope, from 0 to 1.
    pub in_scope: f64,
    /// The first day of service; `None` is the usual one, some three years before
    /// the newest version of all policies.
    pub from: Option<Day>,
    /// The last day of service; `None` is the usual one, four months behind it.
    pub to: Option<Day>,
    /// The mix of good and bad claims.
    pub profile: Profile,
    /// Whether there are columns of clinical facts as well.
    pub clinical: bool,
    /// How many providers misbehave.
    pub outliers: u32,
    /// Whether a file that is there is replaced.
    pub overwrite: bool,
}

impl Default for GenerateOptions {
    /// A thousand realistic lines, a tenth of them in scope.
    fn default() -> Self {
        Self {
            lines: 1_000,
            seed: 0,
            in_scope: 0.1,
            from: None,
            to: None,
            profile: Profile::Realistic,
            clinical: false,
            outliers: 0,
            overwrite: false,
        }
    }
}

impl GenerateOptions {
    /// Whether days of service were asked for.
    const fn has_span(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

/// What was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Generated {
    /// Lines.
    pub lines: u64,
    /// Those of them that are in scope.
    pub in_scope: u64,
    /// The providers that misbehave, those with many lines first.
    pub outliers: Vec<HiddenOutlier>,
}

/// Makes claims and writes them to a file, whose name tells the format; and who in
/// them misbehaves to another one, where it is named (`.csv` or `.json`). Files are
/// readable by their owner alone, and appear complete or not at all; `unfinished` knows
/// of them on their way, for whoever stops the program.
///
/// `progress` is called now and then with the number of lines written. Work is
/// shared among the threads of the current rayon pool.
///
/// # Errors
///
/// A name tells no format, a file exists and may not be replaced or cannot be
/// written, the share is none, no policy names a procedure, none says anything on
/// the days of service, or there are more outliers than can be hidden.
pub fn generate(
    options: &GenerateOptions,
    index: &PolicyIndex,
    out: &Path,
    truth: Option<&Path>,
    progress: &(dyn Fn(u64) + Sync),
    unfinished: &Unfinished,
) -> Result<Generated, GenerateError> {
    let format = Format::of(out)?;
    let truth = truth.map(|path| Ok((path, TruthFormat::of(path)?))).transpose()?;
    if let Some((path, _)) = truth {
        if path == out {
            return Err(GenerateError::TruthInClaims(path.to_owned()));
        }
        output::may_be_written(path, options.overwrite)?;
    }
    // Before anything is made: a mistake in the options leaves no trace.
    let plan = Plan::new(options, index)?;
    output::write_file(out, options.overwrite, unfinished, |file| {
        let made = write_plan(&plan, file, format, progress)?;
        // Claims without their truth would be of no use: it is there before them.
        if let Some((path, format)) = truth {
            output::write_file(path, options.overwrite, unfinished, |file| truth::write(&made.outliers, format, file))?;
        }
        Ok(made)
    })
}

/// Makes claims and writes them to a writer.
///
/// # Errors
///
/// The writer fails, the share is none, no policy names a procedure, none says
/// anything on the days of service, or there are more outliers than can be hidden.
pub fn generate_to(
    options: &GenerateOptions,
    index: &PolicyIndex,
    out: impl Write + Send,
    format: Format,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Generated, GenerateError> {
    write_plan(&Plan::new(options, index)?, out, format, progress)
}

fn write_plan(
    plan: &Plan<'_>,
    mut out: impl Write + Send,
    format: Format,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Generated, GenerateError> {
    match format {
        Format::Parquet => write_all(plan, ParquetSink::new(out, plan.clinical)?, progress),
        Format::Csv => write_all(plan, CsvSink::new(out, plan.clinical)?, progress),
        Format::CsvGzip => {
            let mut encoder = output::gzip(&mut out);
            let made = write_all(plan, CsvSink::new(&mut encoder, plan.clinical)?, progress)?;
            encoder.finish().and_then(Write::flush).map_err(GenerateError::Output)?;
            Ok(made)
        }
        Format::CsvZstd => {
            let mut encoder = output::zstandard(&mut out).map_err(GenerateError::Output)?;
            let made = write_all(plan, CsvSink::new(&mut encoder, plan.clinical)?, progress)?;
            encoder.finish().and_then(Write::flush).map_err(GenerateError::Output)?;
            Ok(made)
        }
    }
}
