//! For tests: any plain text, as the crate would hold it.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use toml::value::Datetime;

use super::{CALENDAR, Document, Header, Lines, NotPlain, read};
use crate::claim::Day;

/// Any text, as the crate would hold it.
#[derive(Default)]
struct Tree {
    root: toml::Table,
    /// Names that headers gave.
    headed: Vec<String>,
}

impl<'t> Document<'t> for Tree {
    fn add(&mut self, header: Header<'t>, lines: Lines<'_, 't>) -> Result<(), NotPlain> {
        let Any(table) = Any::deserialize(MapAccessDeserializer::new(lines))?;
        let push = |to: &mut toml::Table, headed: &mut Vec<String>, name: &str, path: String| {
            if !headed.contains(&path) {
                headed.push(path);
                return if to.insert(name.to_owned(), vec![table.clone()].into()).is_none() {
                    Ok(())
                } else {
                    Err(NotPlain)
                };
            }
            to[name].as_array_mut().map(|tables| tables.push(table.clone())).ok_or(NotPlain)
        };
        match header {
            Header::Root => self.root = table.as_table().unwrap().clone(),
            Header::Table(name) if self.root.contains_key(name) => return Err(NotPlain),
            Header::Table(name) => drop(self.root.insert(name.to_owned(), table)),
            Header::Next(name) => {
                self.headed.retain(|path| !path.starts_with(&format!("{name}.")));
                push(&mut self.root, &mut self.headed, name, name.to_owned())?;
            }
            Header::NextPart(name, part) => {
                if !self.headed.iter().any(|path| path == name) {
                    return Err(NotPlain);
                }
                let last = self.root[name].as_array_mut().unwrap().last_mut().unwrap().as_table_mut().unwrap();
                push(last, &mut self.headed, part, format!("{name}.{part}"))?;
            }
        }
        Ok(())
    }
}

/// Any value.
struct Any(toml::Value);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(CALENDAR, AnyVisitor)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Any;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Any, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i32<E: Error>(self, days: i32) -> Result<Any, E> {
        Ok(Any(Day::from_days(days).to_string().parse::<Datetime>().unwrap().into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Any, E> {
        Ok(Any(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Any, E> {
        Ok(Any(number.into()))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Any, E> {
        Ok(Any(truth.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Any, E> {
        Ok(Any(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Any, A::Error> {
        let mut values = Vec::new();
        while let Some(Any(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Any(values.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Any, A::Error> {
        let mut table = toml::Table::new();
        while let Some((key, Any(value))) = pairs.next_entry::<String, Any>()? {
            if table.insert(key, value).is_some() {
                return Err(A::Error::custom("two of one key"));
            }
        }
        Ok(Any(table.into()))
    }
}

/// What a text says; `None` where it is not plain.
pub(super) fn plain(text: &str) -> Option<toml::Table> {
    let mut tree = Tree::default();
    read(text, &mut tree).ok().map(|()| tree.root)
}
