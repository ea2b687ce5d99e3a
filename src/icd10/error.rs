//! Why a table cannot be had.

use std::io;

use super::DiagnosisCode;

/// Why a table of codes was refused.
///
/// Of the embedded table any of these is a fault in the program's build, never
/// in a user's data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The bytes are not one intact zstd frame.
    #[error("the diagnosis table cannot be decompressed")]
    Decompress(#[source] io::Error),
    /// The bytes are of another format, or do not hold what they announce.
    #[error("the diagnosis table is damaged: {0}")]
    Damaged(&'static str),
    /// The bytes are of a format version that this program does not read.
    #[error("the diagnosis table has format version {found}, this program reads version {known}")]
    Version {
        /// The table's.
        found: u16,
        /// The program's.
        known: u16,
    },
    /// A row's code is not one to eight visible ASCII characters.
    #[error("\"{0}\" is not a diagnosis code")]
    NotACode(String),
    /// A code stands in the table twice, or behind a greater one.
    #[error("diagnosis code {0} is repeated or out of order")]
    Order(DiagnosisCode),
    /// A code's last day lies before its first.
    #[error("diagnosis code {0} ends before it begins")]
    EndsBeforeItBegins(DiagnosisCode),
    /// The table's own last day lies before its first.
    #[error("the diagnosis table ends before it begins")]
    NoDays,
    /// More codes than an index can number.
    #[error("the diagnosis table holds too many codes")]
    TooLong,
}
