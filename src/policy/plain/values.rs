//! Values of plain TOML, and how serde sees them.

use std::fmt::{self, Display};

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::claim::Day;

/// The type whose visitor takes a day as a number: what TOML's own days go
/// through takes longer than all else of a policy's procedures.
pub(in crate::policy) const CALENDAR: &str = "Calendar";

/// Inline tables of more keys are left to the crate: whether there are two of one
/// key is looked for among all.
const KEYS: usize = 64;

/// A value.
#[derive(Debug)]
pub(super) enum Value<'t> {
    Text(&'t str),
    Whole(i64),
    Fraction(f64),
    Truth(bool),
    Day(Day),
    Array(Vec<Value<'t>>),
    Table(Table<'t>),
    /// What several headers of one name made.
    Tables(Vec<Table<'t>>),
}

/// Keys and values, in order.
#[derive(Debug)]
pub(super) struct Table<'t> {
    pub(super) pairs: Vec<(&'t str, Value<'t>)>,
}

impl<'t> Table<'t> {
    /// A table of keys that are all different.
    pub(super) fn new(pairs: Vec<(&'t str, Value<'t>)>) -> Option<Self> {
        let known =
            |(place, (key, _)): (usize, &(&str, Value<'t>))| pairs.iter().take(place).any(|(one, _)| one == key);
        (pairs.len() <= KEYS && !pairs.iter().enumerate().any(known)).then_some(Self { pairs })
    }

    /// Adds a key that is not there yet.
    pub(super) fn add(&mut self, key: &'t str, value: Value<'t>) -> Option<()> {
        if self.pairs.len() >= KEYS || self.get(key).is_some() {
            return None;
        }
        self.pairs.push((key, value));
        Some(())
    }

    /// Adds one more table of a name that only such tables have.
    pub(super) fn push(&mut self, name: &'t str, table: Table<'t>) -> Option<()> {
        match self.get(name) {
            None => self.add(name, Value::Tables(vec![table])),
            Some(Value::Tables(tables)) => {
                tables.push(table);
                Some(())
            }
            Some(_) => None,
        }
    }

    /// The latest table of a name.
    pub(super) fn last_of(&mut self, name: &str) -> Option<&mut Table<'t>> {
        match self.get(name)? {
            Value::Tables(tables) => tables.last_mut(),
            _ => None,
        }
    }

    fn get(&mut self, key: &str) -> Option<&mut Value<'t>> {
        self.pairs.iter_mut().find(|(known, _)| *known == key).map(|(_, value)| value)
    }
}

/// The text is not plain, or not what is asked for: the crate will say what it is.
#[derive(Debug)]
pub(super) struct NotPlain;

impl Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain TOML")
    }
}

impl std::error::Error for NotPlain {}

impl Error for NotPlain {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

impl<'t> IntoDeserializer<'t, NotPlain> for Value<'t> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'t> IntoDeserializer<'t, NotPlain> for Table<'t> {
    type Deserializer = Value<'t>;

    fn into_deserializer(self) -> Value<'t> {
        Value::Table(self)
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = NotPlain;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self {
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Whole(number) => visitor.visit_i64(number),
            Self::Fraction(number) => visitor.visit_f64(number),
            Self::Truth(truth) => visitor.visit_bool(truth),
            Self::Array(values) => visitor.visit_seq(SeqDeserializer::new(values.into_iter())),
            Self::Tables(tables) => visitor.visit_seq(SeqDeserializer::new(tables.into_iter())),
            Self::Table(table) => visitor.visit_map(MapDeserializer::new(table.pairs.into_iter())),
            // Nothing but a calendar's day is a day.
            Self::Day(_) => Err(NotPlain),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, NotPlain> {
        match self {
            Self::Day(day) if name == CALENDAR => visitor.visit_i32(day.days()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}
