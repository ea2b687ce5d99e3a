//! Short texts, compared and copied in place.
//!
//! Codes, ids and numbers have a few bytes each, and there are twenty of them in
//! a row. Looked at as numbers that overlap in the middle, they take less than
//! the call of a function made for long ones.

/// Letters and digits as codes are compared, in capitals; 0 for any other byte.
const CAPITAL: [u8; 256] = {
    let mut capitals = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            capitals[byte as usize] = byte.to_ascii_uppercase();
        }
        byte += 1;
    }
    capitals
};

/// A letter or digit in capitals; 0 for any other byte.
#[inline]
pub(crate) fn capital(byte: u8) -> u8 {
    CAPITAL.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Whether two texts are the same.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk() && a.last_chunk::<N>() == b.last_chunk()
    }
    a.len() == b.len()
        && match a.len() {
            0..4 => a.iter().eq(b),
            4..8 => ends::<4>(a, b),
            8..16 => ends::<8>(a, b),
            16..=32 => ends::<16>(a, b),
            _ => a == b,
        }
}

/// Copies a text to where there is as much room as it is long; nothing where
/// there is not.
#[inline]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    fn ends<const N: usize>(to: &mut [u8], from: &[u8]) {
        if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk()) {
            *to = *from;
        }
        if let (Some(to), Some(from)) = (to.last_chunk_mut::<N>(), from.last_chunk()) {
            *to = *from;
        }
    }
    if to.len() != from.len() {
        return;
    }
    match from.len() {
        0..4 => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
        4..8 => ends::<4>(to, from),
        8..16 => ends::<8>(to, from),
        16..=32 => ends::<16>(to, from),
        _ => to.copy_from_slice(from),
    }
}

/// A line of output that is put together before it is added to the rest.
#[derive(Clone, Debug)]
pub(crate) struct ShortLine {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Default for ShortLine {
    fn default() -> Self {
        Self { bytes: [0; Self::ROOM], length: 0 }
    }
}

impl ShortLine {
    const ROOM: usize = 512;

    /// Adds a text; what has no room goes to `out`, behind what was before it.
    #[inline]
    pub(crate) fn add(&mut self, text: &[u8], out: &mut Vec<u8>) {
        let end = self.length + text.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            copy(room, text);
            self.length = end;
        } else {
            self.end(out);
            out.extend_from_slice(text);
        }
    }

    /// Adds a text and the byte that ends it.
    #[inline]
    pub(crate) fn add_ended(&mut self, text: &[u8], end: u8, out: &mut Vec<u8>) {
        let at = self.length + text.len();
        if let Some((last, room)) = self.bytes.get_mut(self.length..=at).and_then(<[u8]>::split_last_mut) {
            copy(room, text);
            *last = end;
            self.length = at + 1;
        } else {
            self.end(out);
            out.extend_from_slice(text);
            out.push(end);
        }
    }

    /// Adds what has been put together to `out`.
    #[inline]
    pub(crate) fn end(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.bytes.get(..self.length).unwrap_or_default());
        self.length = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_compared_and_copied() {
        let text: Vec<u8> = (0..80).collect();
        for length in 0..text.len() {
            let text = &text[..length];
            let mut other = vec![0; length];
            copy(&mut other, text);
            assert_eq!(other, text);
            assert!(same(&other, text));
            for at in 0..length {
                other[at] ^= 128;
                assert!(!same(&other, text), "{at} of {length}");
                other[at] ^= 128;
            }
            assert!(!same(&other, &[]) || length == 0);
        }
    }

    #[test]
    fn a_line_may_be_longer_than_its_room() {
        let (mut line, mut out, mut all) = (ShortLine::default(), Vec::new(), Vec::new());
        for length in [3, 500, 20, 2000, 7, 0, 512, 1] {
            let text = vec![u8::try_from(length % 251).unwrap(); length];
            line.add(&text, &mut out);
            line.add_ended(&text, b';', &mut out);
            all.extend_from_slice(&text);
            all.extend_from_slice(&text);
            all.push(b';');
        }
        line.end(&mut out);
        assert_eq!(out, all);
    }
}
