//! What can be wrong with an input as a whole. What is wrong with one row is a
//! reject, never an error.

use std::io;

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The operating system said no.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A compressed file ends early or is damaged.
    #[error("{path}: the compressed data is damaged or ends early ({source}); fetch the file again")]
    Damaged {
        /// The file.
        path: String,
        /// What the decoder said.
        source: io::Error,
    },
    /// Nothing fits a path, a folder or a pattern.
    #[error("{path}: {reason}")]
    Nothing {
        /// What was asked for.
        path: String,
        /// Why nothing came of it.
        reason: String,
    },
    /// A file was named twice.
    #[error("{path} is named twice (as {twin}); its lines would count double")]
    Twice {
        /// The second name.
        path: String,
        /// The first name.
        twin: String,
    },
    /// A file without a header.
    #[error("{path}: the file is empty; a header with the names of the columns is needed")]
    Empty {
        /// The file.
        path: String,
    },
    /// The header cannot be used.
    #[error("{path}: {reason}")]
    Header {
        /// The file.
        path: String,
        /// Which column, and why.
        reason: String,
    },
    /// A record that does not end.
    #[error(
        "{path}: the record that begins at byte {at} of the text has no end within {limit} bytes; is a quote left open \
         in it?"
    )]
    Record {
        /// The file.
        path: String,
        /// Where the record begins, in bytes before it, those of the header among
        /// them and unpacked where the file is compressed.
        at: u64,
        /// The most bytes of a record.
        limit: usize,
    },
    /// A Parquet column has a type that does not mean what the column holds.
    #[error("{path}: column `{column}` has the type {found}; {wanted} is needed")]
    Type {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What would do.
        wanted: &'static str,
    },
    /// A file that is not the Parquet that it claims to be.
    #[error("{path}: not a readable Parquet file: {reason}")]
    Parquet {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A layout file with a mistake.
    #[error("layout {origin}: {reason}")]
    Layout {
        /// The layout's file or name.
        origin: String,
        /// The mistake.
        reason: String,
    },
    /// A layout that is not there.
    #[error("no layout `{name}` comes with the program (there are: {known}); a file of your own ends in .toml")]
    UnknownLayout {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A file is not what it was when the run began.
    #[error(
        "{path}: changed while it was read ({was} bytes when the run began, {is} now); run again when nobody writes to \
         it"
    )]
    Changed {
        /// The file.
        path: String,
        /// Its size when the run began, in bytes.
        was: u64,
        /// Its size now; the same where it was written to in place.
        is: u64,
    },
    /// More rows than a file may have.
    #[error("{path}: more than {limit} rows; split the file")]
    TooManyRows {
        /// The file.
        path: String,
        /// The most rows of one file.
        limit: u64,
    },
}

impl InputError {
    /// An error of the operating system about a file.
    pub(crate) fn io(path: &str, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}
