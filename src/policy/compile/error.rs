//! Why policies are refused, so that whoever wrote the file knows where to look.

use std::fmt;

use crate::claim::{Day, ProcedureCode};
use crate::policy::excerpt::Texts;
use crate::policy::{Excerpt, Program};

/// Why policies are refused.
///
/// Every message names the file; where the fault lies in one entry of it, the
/// entry; and what to do where that is not plain.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The text is not TOML, or not of a policy file's shape.
    #[error("{file} cannot be read as a policy: {message}")]
    Toml {
        /// The file.
        file: String,
        /// Line, column, what stands there, and what is wrong with it.
        message: String,
    },
    /// The file is of a format that this program does not know.
    #[error("{file} has schema {found}, and this program reads schema {known}: it was written for another release")]
    Schema {
        /// The file.
        file: String,
        /// Its schema.
        found: i64,
        /// The one that is read.
        known: i64,
    },
    /// An entry contradicts the code table, another entry or itself.
    #[error("{file}, {entry}: {reason}")]
    Entry {
        /// The file.
        file: String,
        /// The entry, as its file names it.
        entry: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A name of a line of business means two programs.
    #[error(
        "the line of business \"{name}\" is {} in {first} and {} in {second}: take it out of one of the two",
        .first_program.name(),
        .second_program.name()
    )]
    ProgramName {
        /// The name, as the second file writes it.
        name: String,
        /// The program that it means in the first file.
        first_program: Program,
        /// The first file.
        first: String,
        /// The program that it means in the second.
        second_program: Program,
        /// The second file.
        second: String,
    },
    /// Two policies have one id.
    #[error("{first} and {second} both hold policy {id}: load one of the two")]
    SameId {
        /// The id.
        id: String,
        /// The first file.
        first: String,
        /// The second file.
        second: String,
    },
    /// Two policies decide the same lines.
    #[error(
        "{first} and {second} both decide procedure {code} for program \"{program}\" from {from} on: load one of the \
         two, or end its versions before the other's begin"
    )]
    Overlap {
        /// A procedure that both claim.
        code: ProcedureCode,
        /// A program that both claim.
        program: &'static str,
        /// The first day on which they do.
        from: Day,
        /// The first file.
        first: String,
        /// The second file.
        second: String,
    },
    /// None of the files holds a policy.
    #[error("none of the files holds a policy: name one with a [policy] table beside them")]
    NoPolicy,
    /// More than can be numbered.
    #[error("there are too many policies, procedures, regions or other things to be numbered")]
    TooMany,
}

/// The file that is compiled, for messages, and what it says for people.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) origin: &'a str,
    pub(super) texts: &'a Texts,
}

impl Source<'_> {
    /// Keeps a text for people.
    pub(super) fn excerpt(self, text: &str) -> Result<Excerpt, PolicyError> {
        self.texts.keep(text).ok_or(PolicyError::TooMany)
    }

    /// Refuses an entry.
    pub(super) fn refuse(self, entry: impl fmt::Display, reason: impl fmt::Display) -> PolicyError {
        PolicyError::Entry { file: self.origin.to_owned(), entry: entry.to_string(), reason: reason.to_string() }
    }

    /// What may be wrong with an entry, and need not be.
    pub(super) fn warn(self, entry: impl fmt::Display, doubt: impl fmt::Display) -> String {
        format!("{}, {entry}: {doubt}", self.origin)
    }

    /// Refuses a list that is given and holds nothing.
    pub(super) fn not_empty<T>(self, entry: impl fmt::Display, key: &str, list: &[T]) -> Result<(), PolicyError> {
        let reason = || format!("`{key}` is an empty list: fill it, or leave it out");
        if list.is_empty() { Err(self.refuse(entry, reason())) } else { Ok(()) }
    }

    /// Refuses text without a character in it.
    pub(super) fn not_blank(self, entry: impl fmt::Display, key: &str, text: &str) -> Result<(), PolicyError> {
        if text.trim().is_empty() { Err(self.refuse(entry, format_args!("`{key}` is blank"))) } else { Ok(()) }
    }
}
