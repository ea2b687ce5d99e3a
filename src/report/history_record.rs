//! What a manifest says of the earlier runs whose lines took part.

use serde::{Deserialize, Serialize};

/// An earlier run whose lines took part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HistoryRecord {
    /// Its folder, as given.
    pub folder: String,
    /// The digest of its `history.bin`, in hexadecimal.
    pub digest: String,
    /// The size of that file in bytes.
    pub bytes: u64,
}
