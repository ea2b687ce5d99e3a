//! Memory that is done with and may be used again, by whichever worker needs some
//! next.

use std::sync::{Mutex, PoisonError};

use super::ordered::lock;

/// Values between two uses.
#[derive(Debug)]
pub(super) struct Spares<T>(Mutex<Vec<T>>);

impl<T> Default for Spares<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Default> Spares<T> {
    /// One of them, or a new one where there is none.
    pub(super) fn take(&self) -> T {
        lock(&self.0).pop().unwrap_or_default()
    }

    /// Keeps one for the next who needs it.
    pub(super) fn give(&self, spare: T) {
        lock(&self.0).push(spare);
    }

    /// All of them, when nobody needs any more.
    pub(super) fn into_inner(self) -> Vec<T> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
