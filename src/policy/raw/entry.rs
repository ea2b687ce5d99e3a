//! An entry of a diagnosis list: a string, or a table.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::{ListedEtiology, RawEntry, RawSaid, Word};

impl<'de: 'a, 'a> Deserialize<'de> for RawEntry<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Serde's own way to take two shapes, `untagged`, would answer every
        // mistake in the table with "no variant matched".
        struct EntryVisitor;

        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table<'a> {
            #[serde(borrow)]
            codes: Cow<'a, str>,
            etiology: Option<Word<ListedEtiology>>,
            seventh: Option<String>,
            together_with: Option<Vec<String>>,
        }

        impl<'de> Visitor<'de> for EntryVisitor {
            type Value = RawEntry<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a diagnosis code, a range, or a table with `codes`")
            }

            fn visit_str<E: Error>(self, codes: &str) -> Result<RawEntry<'de>, E> {
                self.visit_string(codes.to_owned())
            }

            fn visit_string<E: Error>(self, codes: String) -> Result<RawEntry<'de>, E> {
                Ok(RawEntry { codes: codes.into(), says: None })
            }

            fn visit_borrowed_str<E: Error>(self, codes: &'de str) -> Result<RawEntry<'de>, E> {
                Ok(RawEntry { codes: codes.into(), says: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawEntry<'de>, A::Error> {
                let Table { codes, etiology, seventh, together_with } =
                    Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawEntry { codes, says: Some(Box::new(RawSaid { etiology, seventh, together_with })) })
            }
        }

        deserializer.deserialize_any(EntryVisitor)
    }
}
