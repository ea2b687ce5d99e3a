//! What can be wrong with an input as a whole. What is wrong with one row is a
//! reject, never an error.

use std::io;

use crate::unseen::in_line;

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The operating system said no.
    #[error("{}: {source}", in_line(path))]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A compressed file ends early or is damaged.
    #[error("{}: the compressed data is damaged or ends early ({source}); fetch the file again", in_line(path))]
    Damaged {
        /// The file.
        path: String,
        /// What the decoder said.
        source: io::Error,
    },
    /// A compressed file unpacks to so much that it is no claims file.
    #[error(
        "{}: unpacks to more than {ratio} times its size ({unpacked} bytes of {stored}), as no claims do; if it is \
         right, allow it with --max-unpack-ratio",
        in_line(path)
    )]
    Bomb {
        /// The file.
        path: String,
        /// What it has come to so far, in bytes.
        unpacked: u64,
        /// Of so many bytes as stored.
        stored: u64,
        /// How many times the stored size is allowed.
        ratio: u64,
    },
    /// A compressed file that takes more memory to unpack than it may.
    #[error(
        "{}: unpacking takes more than {} MiB of memory; pack it without --long, or with --long=27 at most",
        in_line(path),
        limit >> 20
    )]
    Window {
        /// The file.
        path: String,
        /// The most bytes.
        limit: u64,
    },
    /// A link in a folder leads to somewhere else.
    #[error(
        "{}: a link that leads out of the folder, to {}; name what it leads to, or follow such links with \
         --follow-links",
        in_line(path),
        in_line(to)
    )]
    Link {
        /// The link.
        path: String,
        /// Where it leads.
        to: String,
    },
    /// Nothing fits a path, a folder or a pattern.
    #[error("{}: {reason}", in_line(path))]
    Nothing {
        /// What was asked for.
        path: String,
        /// Why nothing came of it.
        reason: String,
    },
    /// A file was named twice.
    #[error("{} is named twice (as {}); its lines would count double", in_line(path), in_line(twin))]
    Twice {
        /// The second name.
        path: String,
        /// The first name.
        twin: String,
    },
    /// A file without a header.
    #[error("{}: the file is empty; a header with the names of the columns is needed", in_line(path))]
    Empty {
        /// The file.
        path: String,
    },
    /// The header cannot be used.
    #[error("{}: {}", in_line(path), in_line(reason))]
    Header {
        /// The file.
        path: String,
        /// Which column, and why.
        reason: String,
    },
    /// A record that does not end.
    #[error(
        "{}: the record that begins at byte {at} of the text has no end within {limit} bytes; is a quote left open \
         in it?",
        in_line(path)
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
    #[error("{}: column `{}` has the type {}; {wanted} is needed", in_line(path), in_line(column), in_line(found))]
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
    #[error("{}: not a readable Parquet file: {}", in_line(path), in_line(reason))]
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
        "{}: changed while it was read ({was} bytes when the run began, {is} now); run again when nobody writes to \
         it",
        in_line(path)
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
    #[error("{}: more than {limit} rows; split the file", in_line(path))]
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
