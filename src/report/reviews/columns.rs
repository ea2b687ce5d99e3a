//! The columns of a reviewers' file, found in its header.

use csv::ByteRecord;

/// Why a header cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnError {
    /// A needed column is missing.
    #[error("the column `{0}` is missing in the header")]
    Missing(&'static str),
    /// No pair of columns says which line a row is about.
    #[error("the header has neither `source_file` and `source_row` nor `claim_id` and `line_number`")]
    NoKey,
    /// A column stands twice.
    #[error("the column `{0}` stands twice in the header")]
    Twice(&'static str),
}

/// Where the columns that are read stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Columns {
    /// The verdict's.
    pub(super) verdict: usize,
    /// Those of `source_file` and `source_row`.
    pub(super) source: Option<(usize, usize)>,
    /// Those of `claim_id` and `line_number`.
    pub(super) claim: Option<(usize, usize)>,
}

impl Columns {
    /// Finds the columns. Names are compared without regard to case and to white space
    /// around them.
    pub(super) fn find(header: &ByteRecord) -> Result<Self, ColumnError> {
        let place = |name: &'static str| {
            let mut found = header.iter().enumerate().filter(|(_, field)| is_name(field, name)).map(|(at, _)| at);
            match (found.next(), found.next()) {
                (first, None) => Ok(first),
                _ => Err(ColumnError::Twice(name)),
            }
        };
        let verdict = place("verdict")?.ok_or(ColumnError::Missing("verdict"))?;
        let source = place("source_file")?.zip(place("source_row")?);
        let claim = place("claim_id")?.zip(place("line_number")?);
        if source.is_none() && claim.is_none() {
            return Err(ColumnError::NoKey);
        }
        Ok(Self { verdict, source, claim })
    }
}

fn is_name(field: &[u8], name: &str) -> bool {
    field.trim_ascii().eq_ignore_ascii_case(name.as_bytes())
}
