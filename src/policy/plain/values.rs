//! What serde sees of plain TOML while it is read.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{NotPlain, Plain, Reader, Scalar};

/// The type whose visitor takes a day as a number: what TOML's own days go
/// through takes longer than all else of a policy's procedures.
pub(in crate::policy) const CALENDAR: &str = "Calendar";

/// How deep values may lie in one another.
const DEPTH: u32 = 32;

/// The keys and values behind a header.
pub(in crate::policy) struct Lines<'r, 't> {
    reader: &'r mut Reader<'t>,
}

/// Keys and values between braces.
struct Inline<'r, 't> {
    reader: &'r mut Reader<'t>,
    is_first: bool,
    at_end: bool,
}

/// Values between brackets.
struct Items<'r, 't> {
    reader: &'r mut Reader<'t>,
    is_first: bool,
    at_end: bool,
}

/// The value that is next.
struct Next<'r, 't>(&'r mut Reader<'t>);

impl<'r, 't> Lines<'r, 't> {
    pub(super) const fn new(reader: &'r mut Reader<'t>) -> Self {
        Self { reader }
    }
}

impl<'t> MapAccess<'t> for Lines<'_, 't> {
    type Error = NotPlain;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Plain<Option<K::Value>> {
        self.reader.skip_blank_lines()?;
        if matches!(self.reader.next(), None | Some(b'[')) {
            return Ok(None);
        }
        let key = self.reader.key_of_pair()?;
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Plain<V::Value> {
        let value = seed.deserialize(Next(self.reader))?;
        self.reader.end_line()?;
        Ok(value)
    }
}

impl<'t> MapAccess<'t> for Inline<'_, 't> {
    type Error = NotPlain;

    /// On one line, but for what its values do.
    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Plain<Option<K::Value>> {
        self.reader.skip_blanks();
        if !std::mem::take(&mut self.is_first) && !self.reader.skip(b',') {
            self.reader.expect(b'}')?;
            self.at_end = true;
            return Ok(None);
        }
        self.reader.skip_blanks();
        let key = self.reader.key_of_pair()?;
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Plain<V::Value> {
        seed.deserialize(Next(self.reader))
    }
}

impl<'t> SeqAccess<'t> for Items<'_, 't> {
    type Error = NotPlain;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Plain<Option<T::Value>> {
        self.reader.skip_blank_lines()?;
        let goes_on = std::mem::take(&mut self.is_first) || self.reader.skip(b',');
        if goes_on {
            self.reader.skip_blank_lines()?;
        }
        if !goes_on || self.reader.next() == Some(b']') {
            self.reader.expect(b']')?;
            self.at_end = true;
            return Ok(None);
        }
        seed.deserialize(Next(self.reader)).map(Some)
    }

    /// How many there may be: a comma for each, up to the next bracket. They need
    /// not end there; a vector of the right size is all that comes of it.
    fn size_hint(&self) -> Option<usize> {
        let rest = self.reader.rest();
        let inside = rest.get(..memchr::memchr(b']', rest)?)?;
        Some(memchr::memchr_iter(b',', inside).count() + 1)
    }
}

impl Scalar {
    fn visit<'t, V: Visitor<'t>>(self, visitor: V) -> Plain<V::Value> {
        match self {
            Self::Whole(number) => visitor.visit_i64(number),
            Self::Fraction(number) => visitor.visit_f64(number),
            Self::Truth(truth) => visitor.visit_bool(truth),
            // Nothing but a calendar's day is a day.
            Self::Day(_) => Err(NotPlain),
        }
    }
}

impl<'t> Next<'_, 't> {
    fn array<V: Visitor<'t>>(self, visitor: V) -> Plain<V::Value> {
        self.0.expect(b'[')?;
        let mut items = Items { reader: self.0, is_first: true, at_end: false };
        let value = visitor.visit_seq(&mut items)?;
        // Whoever leaves some of it unread leaves the rest to the crate.
        if items.at_end { Ok(value) } else { Err(NotPlain) }
    }

    fn inline_table<V: Visitor<'t>>(self, visitor: V) -> Plain<V::Value> {
        self.0.expect(b'{')?;
        let mut inline = Inline { reader: self.0, is_first: true, at_end: false };
        let value = visitor.visit_map(&mut inline)?;
        if inline.at_end { Ok(value) } else { Err(NotPlain) }
    }
}

impl<'de> Deserializer<'de> for Next<'_, 'de> {
    type Error = NotPlain;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Plain<V::Value> {
        match self.0.next() {
            Some(b'"') => visitor.visit_borrowed_str(self.0.string()?),
            Some(b'[' | b'{') if self.0.depth == DEPTH => Err(NotPlain),
            Some(open @ (b'[' | b'{')) => {
                self.0.depth += 1;
                let reader = &mut *self.0;
                let value =
                    if open == b'[' { Next(reader).array(visitor)? } else { Next(reader).inline_table(visitor)? };
                self.0.depth -= 1;
                Ok(value)
            }
            _ => self.0.scalar()?.visit(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Plain<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Plain<V::Value> {
        if name != CALENDAR || !self.0.next().is_some_and(|byte| byte.is_ascii_digit()) {
            return visitor.visit_newtype_struct(self);
        }
        match self.0.scalar()? {
            Scalar::Day(day) => visitor.visit_i32(day.days()),
            other => other.visit(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}
