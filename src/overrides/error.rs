//! Why a file of overrides is refused.

use std::borrow::Cow;

use super::raw::Field;

/// Why a file of overrides is refused. It holds members and claims, so a message says
/// where the fault lies and what to do, and nothing of what stands there.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OverrideError {
    /// The text is not of its format, or not of the shape of overrides.
    #[error("{file}, line {line}: {reason}")]
    Shape {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// The header of a CSV file cannot be used.
    #[error("{file}, column {column} of the header: {reason}")]
    Header {
        /// The file.
        file: String,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// An entry cannot be used.
    #[error("{file}, {entry}: {reason}")]
    Entry {
        /// The file.
        file: String,
        /// The entry, by its place.
        entry: String,
        /// Which field is at fault, and why.
        reason: String,
    },
}

/// What is wrong with an entry: the field, and the reason.
#[derive(Debug)]
pub(super) struct Refusal {
    field: Option<Field>,
    reason: Cow<'static, str>,
}

impl Refusal {
    /// A field is at fault.
    pub(super) fn of(field: Field, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field), reason: reason.into() }
    }

    /// The entry as a whole is at fault.
    pub(super) fn whole(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { field: None, reason: reason.into() }
    }

    /// The error, of an entry of a file.
    pub(super) fn at(self, file: &str, entry: &str) -> OverrideError {
        let reason = match self.field {
            Some(field) => format!("`{}`: {}", field.name(), self.reason),
            None => self.reason.into_owned(),
        };
        OverrideError::Entry { file: file.to_owned(), entry: entry.to_owned(), reason }
    }
}
