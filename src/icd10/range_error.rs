//! Why an entry is not a range, in words that help to mend it.

use std::fmt;

use super::{DiagnosisCode, Icd10};

/// Which end of a range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RangeEnd {
    /// The first code.
    Start,
    /// The last code.
    End,
    /// The one code that is the whole range.
    Both,
}

impl fmt::Display for RangeEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "the start, ",
            Self::End => "the end, ",
            Self::Both => "",
        })
    }
}

/// Why an entry cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    /// It has no characters.
    #[error("it is empty")]
    Empty,
    /// Nothing stands before the separator.
    #[error("nothing stands before the separator")]
    NoStart,
    /// Nothing stands behind the separator.
    #[error("nothing stands behind the separator")]
    NoEnd,
    /// It has more than one separator.
    #[error("it has more than one separator; write each range as an entry of its own")]
    ThirdEnd,
    /// Something that should be a code cannot be one.
    #[error("\"{0}\" is not a code; an entry is one code or one range")]
    NotACode(String),
}

/// Why the table has no such code, as far as it can tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// It is a header: codes of the table begin with it.
    Header {
        /// How many.
        count: usize,
        /// The first of them.
        first: DiagnosisCode,
        /// The last of them.
        last: DiagnosisCode,
    },
    /// It gives only what differs from the start; the whole code would be this.
    Abbreviated(DiagnosisCode),
    /// None begins with it; these stand where it would.
    Neighbours {
        /// The code before it.
        before: Option<DiagnosisCode>,
        /// The code behind it.
        after: Option<DiagnosisCode>,
    },
}

impl Missing {
    /// Looks for codes that begin with `code`, else for its neighbours.
    pub(super) fn explain(table: &Icd10, code: DiagnosisCode) -> Self {
        let mut within = table.with_prefix(&code);
        let count = within.len();
        if let Some(first) = within.next() {
            let last = within.next_back().unwrap_or(first);
            return Self::Header { count, first: table.code(first), last: table.code(last) };
        }
        let (before, after) = table.neighbours(code);
        Self::Neighbours { before, after }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { count: 1, first, .. } => {
                write!(f, "it is a header; the one code that begins with it is {first}")
            }
            Self::Header { count, first, last } => {
                write!(f, "it is a header; {count} codes begin with it, {first} to {last}")
            }
            Self::Abbreviated(full) => write!(f, "if {full} is meant, write it out"),
            Self::Neighbours { before: Some(before), after: Some(after) } => {
                write!(f, "the nearest codes are {before} and {after}")
            }
            Self::Neighbours { before: Some(code), .. } | Self::Neighbours { after: Some(code), .. } => {
                write!(f, "the nearest code is {code}")
            }
            Self::Neighbours { .. } => f.write_str("the table is empty"),
        }
    }
}

/// Why an entry is not a range of the table.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// It is neither a code nor two with a separator between them.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] Unreadable),
    /// An end is not a code of the table.
    #[error("{end}{code} is not a code of the diagnosis table: {why}")]
    NotInTable {
        /// Which end.
        end: RangeEnd,
        /// What it says.
        code: DiagnosisCode,
        /// Why the table does not have it.
        why: Missing,
    },
    /// The start stands behind the end.
    #[error("its ends are the wrong way round: {last} comes before {first}")]
    Reversed {
        /// The start as written.
        first: DiagnosisCode,
        /// The end as written.
        last: DiagnosisCode,
    },
    /// What should be seventh characters are none.
    #[error("seventh characters must be letters or digits, at least one, and not \"{0}\"")]
    Sevenths(String),
    /// No code of the range has one of the seventh characters.
    #[error("no code from {first} to {last} has a seventh character among \"{sevenths}\"")]
    NothingLeft {
        /// The first code.
        first: DiagnosisCode,
        /// The last code.
        last: DiagnosisCode,
        /// The seventh characters asked for.
        sevenths: String,
    },
}
