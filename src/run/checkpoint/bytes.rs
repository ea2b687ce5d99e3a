//! Values as bytes, and bytes as values: little-endian, whatever varies in length behind
//! its length.

/// Adds a number.
pub(in crate::run) fn put(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Adds bytes behind their length.
pub(in crate::run) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Bytes that values are taken from; `None` where they hold none.
pub(in crate::run) struct Bytes<'a>(pub(in crate::run) &'a [u8]);

impl<'a> Bytes<'a> {
    pub(in crate::run) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    pub(in crate::run) fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A number that fits a smaller type.
    pub(in crate::run) fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    pub(in crate::run) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.small()?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    pub(in crate::run) fn text(&mut self) -> Option<String> {
        self.bytes().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
    }

    /// So many values as are said to follow.
    pub(in crate::run) fn all<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        // The number is not believed before there are so many.
        (0..self.number()?).map(|_| one(self)).collect()
    }
}
