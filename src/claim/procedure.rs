//! Procedure codes (CPT and HCPCS) and their modifiers.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

use crate::short::capital;

/// A procedure code, upper-cased, of one to eight ASCII letters and digits.
///
/// Packed into one integer whose order is the order of the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcedureCode(u64);

impl ProcedureCode {
    /// No code at all; prints as nothing.
    pub const NONE: Self = Self(0);

    /// Reads the code at the head of a procedure field, white space around it
    /// ignored: all of it up to a hyphen, a colon or a blank, behind which
    /// modifiers may stand. `None` where that head cannot be a code.
    #[must_use]
    pub fn parse_head(field: &[u8]) -> Option<Self> {
        let mut packed = 0_u64;
        let mut length = 0_u32;
        for byte in field.trim_ascii_start() {
            match byte {
                b'-' | b':' | b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => break,
                _ if byte.is_ascii_alphanumeric() && length < 8 => {
                    packed = packed << 8 | u64::from(byte.to_ascii_uppercase());
                    length += 1;
                }
                _ => return None,
            }
        }
        (length > 0).then(|| Self(packed << (8 * (8 - length))))
    }

    /// Reads a field that is nothing but a code; `None` says nothing of others.
    #[inline]
    pub(crate) fn parse_plain(field: &[u8]) -> Option<Self> {
        if field.is_empty() || field.len() > 8 {
            return None;
        }
        let mut packed = 0_u64;
        for byte in field {
            let capital = capital(*byte);
            if capital == 0 {
                return None;
            }
            packed = packed << 8 | u64::from(capital);
        }
        Some(Self(packed << (8 * (8 - field.len()))))
    }

    /// What a field's bytes come to in the packed form: of a field that is nothing but a code
    /// in capitals, that code's. `None` says nothing of a field.
    #[inline]
    pub(crate) fn packed_as_it_stands(field: &[u8]) -> Option<u64> {
        // A zero behind a code would come to what the code comes to.
        if field.last() == Some(&0) {
            return None;
        }
        // The two halves overlap, and are the same there.
        let (first, last) = (field.first_chunk()?, field.last_chunk()?);
        let [first, last] = [first, last].map(|half| u64::from(u32::from_be_bytes(*half)));
        (field.len() <= 8).then(|| first << 32 | last << (8 * (8 - field.len())))
    }

    /// Reads a code that stands alone.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        text.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| Self::parse_head(text.as_bytes()))?
    }

    /// The packed form, for hashing and tables.
    #[must_use]
    pub const fn packed(self) -> u64 {
        self.0
    }

    /// The code of a packed form.
    #[must_use]
    pub(crate) const fn from_packed(packed: u64) -> Self {
        Self(packed)
    }

    /// The number of its characters.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // Only `NONE` has none.
    pub const fn len(self) -> usize {
        8 - self.0.trailing_zeros() as usize / 8
    }

    /// Appends the code's text.
    pub fn write(self, out: &mut Vec<u8>) {
        out.extend(self.0.to_be_bytes().iter().take_while(|byte| **byte != 0));
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.to_be_bytes();
        f.write_str(bytes.get(..self.len()).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default())
    }
}

impl fmt::Debug for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProcedureCode({self})")
    }
}

/// A modifier of a procedure, upper-cased, for comparing only.
///
/// Real ones have two characters. Whatever else stands in the field keeps its
/// identity: up to seven bytes as they are, longer text as its hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Modifier(u64);

impl Modifier {
    /// The modifier that a text names.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        if bytes.len() < 8 {
            let packed = bytes.iter().fold(0_u64, |packed, byte| packed << 8 | u64::from(byte.to_ascii_uppercase()));
            return Self(packed);
        }
        Self(xxh3_64(text.to_uppercase().as_bytes()) | 1 << 63)
    }

    /// The modifier of a field that is nothing but two letters or digits; `None` says nothing
    /// of others.
    #[inline]
    pub(crate) fn parse_plain(field: &[u8]) -> Option<Self> {
        let [first, second] = *field else { return None };
        let (first, second) = (capital(first), capital(second));
        (first != 0 && second != 0).then(|| Self(u64::from(first) << 8 | u64::from(second)))
    }

    /// A number that is equal for equal modifiers.
    #[must_use]
    pub const fn packed(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_field_is_the_code() {
        for field in ["x9991", " x9991 ", "X9991-59", "X9991:59:LT", "X9991 59"] {
            assert_eq!(ProcedureCode::parse_head(field.as_bytes()), ProcedureCode::parse("X9991"), "{field}");
        }
        for field in ["", " ", "-59", "X9991_59", "123456789"] {
            assert_eq!(ProcedureCode::parse_head(field.as_bytes()), None, "{field}");
        }
    }

    #[test]
    fn a_plain_field_is_read_as_any_is() {
        for field in ["lt", "59", "F1", "R", "LTX", "L-", " L", "", "\u{e9}"] {
            let plain = Modifier::parse_plain(field.as_bytes());
            let is_plain = field.len() == 2 && field.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert_eq!(plain, is_plain.then(|| Modifier::new(field)), "{field}");
        }
        for field in ["2251", "22513", "0200T", "ABCDEFGH"] {
            let code = ProcedureCode::parse(field).map(ProcedureCode::packed);
            assert_eq!(ProcedureCode::packed_as_it_stands(field.as_bytes()), code, "{field}");
        }
        for field in ["", "225", "ABCDEFGHI"] {
            assert_eq!(ProcedureCode::packed_as_it_stands(field.as_bytes()), None, "{field}");
        }
    }

    #[test]
    fn order_is_that_of_the_text() {
        let codes: Vec<_> =
            ["0200T", "2251", "22510", "22511", "S2360"].map(|text| ProcedureCode::parse(text).unwrap()).into();
        assert!(codes.is_sorted());
        assert_eq!(codes[2].to_string(), "22510");
    }
}
