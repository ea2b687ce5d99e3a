//! What became of the rows of an input, or of all.

use serde::{Deserialize, Serialize};

/// How many rows went where. They always add up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows read.
    pub rows: u64,
    /// Rows whose procedure no policy speaks about.
    pub out_of_scope: u64,
    /// Lines in scope that are not judged, since another version of their claim stands.
    #[serde(default)]
    pub superseded: u64,
    /// Lines decided.
    pub decided: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

impl std::iter::Sum for RowCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Self::plus)
    }
}

impl RowCounts {
    /// The rows of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            out_of_scope: self.out_of_scope + other.out_of_scope,
            superseded: self.superseded + other.superseded,
            decided: self.decided + other.decided,
            rejected: self.rejected + other.rejected,
        }
    }

    /// Whether every row went somewhere, and only there.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        self.rows == self.out_of_scope + self.superseded + self.decided + self.rejected
    }
}
