//! A decimal's text, made in place.

use crate::short::copy;

/// A number's text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DecimalText {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl DecimalText {
    /// A sign, 15 digits before the point and 4 behind it, and some more.
    const ROOM: usize = 32;

    #[inline]
    pub(super) fn push(&mut self, text: &[u8]) {
        let end = self.length + text.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            copy(room, text);
            self.length = end;
        }
    }

    /// Adds a point and two digits.
    #[inline]
    pub(super) fn push_point(&mut self, cents: &[u8]) {
        if let (Some(room), [tens, ones]) = (self.bytes.get_mut(self.length..self.length + 3), cents) {
            room.copy_from_slice(&[b'.', *tens, *ones]);
            self.length += 3;
        }
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}
