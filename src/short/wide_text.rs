//! A text that can be copied together with what stands behind it.

use std::ops::Deref;

/// A text that is copied in whole registers where it is short and memory stands behind it: the
/// rest is written over by what comes next.
#[derive(Clone, Copy, Default)]
pub struct WideText<'t> {
    /// As many bytes as are copied, the first of which are the text; or no others than those.
    from: &'t [u8],
    length: usize,
}

/// As many bytes are copied of a text that is no longer.
pub(super) const WIDE: usize = 64;

impl<'t> WideText<'t> {
    /// The text that these bytes begin with, and what stands behind it; `None` where they
    /// are fewer than it is long.
    #[inline]
    pub(crate) fn first(from: &'t [u8], length: usize) -> Option<(Self, &'t [u8])> {
        let (text, rest) = from.split_at_checked(length)?;
        Some((Self { from: if length > WIDE { text } else { from.get(..WIDE).unwrap_or(text) }, length }, rest))
    }

    /// The text.
    #[must_use]
    #[inline]
    pub fn as_bytes(self) -> &'t [u8] {
        self.from.get(..self.length).unwrap_or_default()
    }

    /// How long it is.
    #[must_use]
    #[inline]
    pub fn len(self) -> usize {
        self.length
    }

    /// Whether it is blank.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        self.length == 0
    }

    /// So many bytes of which the first ones are the text, if there are as many.
    #[inline]
    pub(super) fn chunk(self) -> Option<&'t [u8; WIDE]> {
        self.from.try_into().ok()
    }
}

impl<'t, T: AsRef<[u8]> + ?Sized> From<&'t T> for WideText<'t> {
    #[inline]
    fn from(text: &'t T) -> Self {
        let from = text.as_ref();
        Self { from, length: from.len() }
    }
}

impl Deref for WideText<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl std::fmt::Debug for WideText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_bytes().fmt(f)
    }
}

impl PartialEq for WideText<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for WideText<'_> {}
