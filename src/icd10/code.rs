//! The diagnosis code as a value: eight bytes, ordered as its text is.

use std::fmt;
use std::ops::Deref;

use crate::short::capital;

/// The longest text that fits; the longest ICD-10-CM code has seven.
const CAPACITY: usize = 8;

/// Where the dot is printed: after the category.
const CATEGORY: usize = 3;

/// Text that can be an ICD-10-CM code: upper-cased, without the dot, of one to
/// eight ASCII bytes. Whether such a code exists, the table knows.
///
/// Packed into one integer, first byte highest, zero bytes behind, so that the
/// order of values is the bytewise order of their texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiagnosisCode(u64);

impl DiagnosisCode {
    /// What stands where there is no code: shorter than every code and equal to
    /// none. [`parse`](Self::parse) never yields it.
    pub(super) const EMPTY: Self = Self(0);

    /// Reads a code as people write it: white space around it, dots and case do
    /// not matter.
    ///
    /// `None` where that leaves nothing, more than eight bytes, or a byte that is
    /// not a visible ASCII character. Such text is no code of any edition; the
    /// caller keeps it as it is and calls it unknown.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut packed = 0_u64;
        let mut length = 0;
        for byte in text.trim_ascii() {
            match byte {
                b'.' => {}
                byte if byte.is_ascii_graphic() && length < CAPACITY => {
                    packed = packed << 8 | u64::from(byte.to_ascii_uppercase());
                    length += 1;
                }
                _ => return None,
            }
        }
        (length > 0).then(|| Self(packed << (8 * (CAPACITY - length))))
    }

    /// Reads the code at the head of a text, up to a byte that is neither a
    /// letter, a digit nor a dot, and says how many bytes it took. `None` where
    /// that is nothing, or too long for a code.
    #[inline]
    pub(crate) fn parse_head(text: &[u8]) -> Option<(Self, usize)> {
        Self::parse_plain_head(text).or_else(|| Self::parse_any_head(text))
    }

    fn parse_any_head(text: &[u8]) -> Option<(Self, usize)> {
        let (mut packed, mut length, mut taken) = (0_u64, 0, 0);
        for byte in text {
            let capital = capital(*byte);
            if capital != 0 {
                packed = packed << 8 | u64::from(capital);
                length += 1;
            } else if *byte != b'.' {
                break;
            }
            taken += 1;
        }
        (1..=CAPACITY).contains(&length).then(|| (Self(packed << (8 * (CAPACITY - length))), taken))
    }

    /// The same of at most eight bytes with at most one dot, as nearly all codes are
    /// written, eight bytes at a time: each has a bit, its highest, for each question
    /// that is asked of it. `None` says nothing of others.
    #[inline]
    fn parse_plain_head(text: &[u8]) -> Option<(Self, usize)> {
        const EACH: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = EACH << 7;
        // The text's first byte is the lowest.
        let bytes = match (text.first_chunk(), text.first_chunk(), text.last_chunk()) {
            (Some(eight), ..) => u64::from_le_bytes(*eight),
            (_, Some(first), Some(last)) => {
                let last = u64::from(u32::from_le_bytes(*last));
                u64::from(u32::from_le_bytes(*first)) | last << (8 * (text.len() - 4))
            }
            _ => return None,
        };
        let each = |byte: u8| EACH * u64::from(byte);
        // The highest bit of those that are so much or more.
        let least = |bytes: u64, byte: u8| bytes + each(0x80 - byte);
        let ascii = bytes & !HIGH;
        let small = ascii | each(b'a' - b'A');
        let digits = least(ascii, b'0') & !least(ascii, b'9' + 1);
        let letters = least(small, b'a') & !least(small, b'z' + 1);
        let dots = !((ascii ^ each(b'.')) + each(0x7F));
        let others = (bytes | !(digits | letters | dots)) & HIGH;
        let below = |bits: u64| ((bits & bits.wrapping_neg()) >> 7).wrapping_sub(1);
        let head = below(others);
        let dots = dots & head & HIGH;
        let taken = others.trailing_zeros() as usize / 8;
        if dots & dots.wrapping_sub(1) != 0
            || taken == 8 && text.get(8).is_some_and(|byte| capital(*byte) != 0 || *byte == b'.')
        {
            return None;
        }
        let capitals = bytes & head & !((letters & HIGH) >> 2);
        let before = below(dots);
        let code = capitals & before | capitals >> 8 & !before;
        (code != 0).then_some((Self(code.swap_bytes()), taken))
    }

    /// The number of its characters, the dot not counted: 1 to 8.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // It never is.
    pub const fn len(self) -> usize {
        CAPACITY - (self.0.trailing_zeros() / 8) as usize
    }

    /// The packed form: equal for equal codes, and in their order.
    #[must_use]
    pub const fn packed(self) -> u64 {
        self.0
    }

    /// The character at a place, counted from 0 and without the dot: 4 is the
    /// site of M48.5x, 6 is the seventh character.
    #[must_use]
    pub fn byte(self, place: usize) -> Option<u8> {
        self.0.to_be_bytes().get(place).copied().filter(|byte| *byte != 0)
    }

    /// The seventh character (of an injury: the encounter), if it has one.
    #[must_use]
    pub fn seventh(self) -> Option<u8> {
        self.byte(6)
    }

    /// Whether `other` begins with this code. Every code begins with itself.
    #[must_use]
    pub const fn is_prefix_of(self, other: Self) -> bool {
        other.0 & self.mask() == self.0
    }

    /// Every code that this one begins with, the shortest first; itself is the last.
    pub fn beginnings(self) -> impl Iterator<Item = Self> {
        (1..=self.len()).map(move |length| Self(self.0 & u64::MAX << (8 * (CAPACITY - length))))
    }

    /// The code as compared: without the dot.
    #[must_use]
    pub fn undotted(self) -> CodeText {
        let mut text = CodeText::default();
        self.bytes().for_each(|byte| text.push(byte));
        text
    }

    /// The code as printed: with the dot after the third character, where
    /// anything follows it.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // It has at most eight characters.
    pub fn dotted(self) -> CodeText {
        let mut text = CodeText::default();
        let (printed, length) = self.printed();
        text.bytes.iter_mut().zip(printed).take(length).for_each(|(to, byte)| *to = byte);
        text.length = length as u8;
        text
    }

    /// The same at the head of whole registers, and how long it is. What stands behind it is
    /// of no meaning.
    #[inline]
    pub(crate) fn printed(self) -> ([u8; 16], usize) {
        const DOTTED: usize = 8 * CATEGORY;
        let text = u128::from(self.0.swap_bytes());
        let (category, rest) = (text & ((1 << DOTTED) - 1), text >> DOTTED);
        let printed = category | u128::from(b'.') << DOTTED | rest << (DOTTED + 8);
        (printed.to_le_bytes(), self.len() + usize::from(self.len() > CATEGORY))
    }

    /// The greatest value that begins with this code.
    pub(super) const fn last_with_prefix(self) -> Self {
        Self(self.0 | !self.mask())
    }

    /// This code's first `shared` bytes with `added` behind them. `None` where it
    /// has fewer, they do not fit, nothing results, or `added` is not all capital
    /// letters and digits.
    pub(super) fn continued(self, shared: usize, added: &[u8]) -> Option<Self> {
        if shared > self.len() || shared + added.len() > CAPACITY {
            return None;
        }
        // The bytes behind the shared ones, all bits set; none behind eight.
        let behind = u64::MAX.checked_shr(u32::try_from(8 * shared).ok()?).unwrap_or(0);
        let mut packed = self.0 & !behind;
        let mut shift = 8 * (CAPACITY - shared);
        for byte in added {
            if !(byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
                return None;
            }
            shift -= 8;
            packed |= u64::from(*byte) << shift;
        }
        (packed != 0).then_some(Self(packed))
    }

    /// Its characters, in order.
    fn bytes(self) -> impl Iterator<Item = u8> {
        self.0.to_be_bytes().into_iter().take(self.len())
    }

    /// All bits of the bytes that it fills.
    const fn mask(self) -> u64 {
        let free = self.0.trailing_zeros() & !7;
        match u64::MAX.checked_shl(free) {
            Some(mask) => mask,
            None => 0, // No bytes: all 64 bits are free.
        }
    }
}

impl fmt::Display for DiagnosisCode {
    /// With the dot: `M80.08XA`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.dotted())
    }
}

impl fmt::Debug for DiagnosisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DiagnosisCode({self})")
    }
}

/// A code's text, held in place: no allocation. It is a `str` to all intents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CodeText {
    bytes: [u8; CAPACITY + 1],
    length: u8,
}

impl CodeText {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only visible ASCII is ever pushed.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The text's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(usize::from(self.length)) {
            *place = byte;
            self.length += 1;
        }
    }
}

impl Deref for CodeText {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for CodeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests;
