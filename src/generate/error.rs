//! Why no claims were made.

use std::io;
use std::path::PathBuf;

use polars::error::PolarsError;

use crate::claim::Day;

/// Why no claims were made, or not all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The file's name does not tell its format.
    #[error("{}: a file of synthetic claims ends in .csv, .csv.gz, .csv.zst or .parquet", .0.display())]
    UnknownFormat(PathBuf),
    /// The file is there already.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The share of lines in scope is none.
    #[error("the share of lines in scope is {0}; it must lie between 0 and 1")]
    Share(f64),
    /// No loaded policy speaks about any procedure.
    #[error("no line can be in scope: no loaded policy names a procedure")]
    NothingInScope,
    /// The last day of service lies before the first one.
    #[error("days of service cannot go from {first} to {last}")]
    Span {
        /// The first day: the one asked for, or the usual one.
        first: Day,
        /// The last day, likewise.
        last: Day,
    },
    /// No loaded policy says anything on any of the days of service.
    #[error("no line can be in scope: no loaded policy says anything from {first} to {last}; {spoken}")]
    SilentSpan {
        /// The first day.
        first: Day,
        /// The last day.
        last: Day,
        /// When they do, in words.
        spoken: String,
    },
    /// The file for the truth has a name that does not tell its format.
    #[error("{}: the truth about outliers ends in .csv or .json", .0.display())]
    UnknownTruthFormat(PathBuf),
    /// The file for the truth about an extract has another name than it should.
    #[error("{}: the truth about an extract ends in .csv", .0.display())]
    ExtractTruthFormat(PathBuf),
    /// Claims and the truth about them cannot be one file, or in one folder.
    #[error("{}: the truth needs a file of its own, apart from the claims", .0.display())]
    TruthInClaims(PathBuf),
    /// The folder holds something else than an extract.
    #[error("{} holds other things than an extract; it is not replaced", .0.display())]
    NoExtract(PathBuf),
    /// The days of an extract are too few for what happens in it.
    #[error(
        "the days from {first} to {last} are too few: an extract needs {least} days, for claims that come again months later"
    )]
    ShortSpan {
        /// The first day: the one asked for, or the usual one.
        first: Day,
        /// The last day, likewise.
        last: Day,
        /// The least days.
        least: u32,
    },
    /// No loaded policy covers anything that stories could be about.
    #[error(
        "no line can be in scope: no loaded policy covers a procedure of commercial members from {first} to {last}"
    )]
    NoStory {
        /// The first day.
        first: Day,
        /// The last day.
        last: Day,
    },
    /// There are not enough providers among which outliers could be hidden.
    #[error("{wanted} outliers are too many for the providers of these lines: at most {most} can be hidden among them")]
    TooManyOutliers {
        /// How many were asked for.
        wanted: u32,
        /// How many there can be.
        most: usize,
    },
    /// What the program was built with cannot be read: a fault of the build.
    #[error("the embedded file {file} is damaged: {reason}")]
    Data {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// What was written to failed.
    #[error("cannot write the claims")]
    Output(#[source] io::Error),
    /// The claims could not be put into Parquet.
    #[error("cannot write the claims as Parquet")]
    Parquet(#[source] PolarsError),
}
