//! Layouts: how another system's columns map to ours. Data, not code.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Column, InputError};
use crate::toml_error::in_short;

/// A mapping from a file's columns to ours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// Its name, for messages and the manifest.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// The source columns of each of our columns, the preferred one first: the
    /// first that is filled in gives the value.
    pub columns: BTreeMap<Column, Vec<String>>,
    /// Values that every row has.
    pub constants: BTreeMap<Column, String>,
    /// The delimiter, where the system always uses the same.
    pub delimiter: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLayout {
    name: String,
    #[serde(default)]
    about: String,
    delimiter: Option<char>,
    #[serde(default)]
    columns: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// The layouts that come with the program: name and TOML text.
#[must_use]
pub fn embedded_layouts() -> &'static [(&'static str, &'static str)] {
    &[
        ("native", include_str!("../../layouts/native.toml")),
        ("rif-carrier", include_str!("../../layouts/rif-carrier.toml")),
        ("tuva", include_str!("../../layouts/tuva.toml")),
    ]
}

impl Layout {
    /// Reads a layout. `origin` is the file's name, for messages.
    ///
    /// # Errors
    ///
    /// The text is not TOML, has an unknown key, or maps a column that is not
    /// ours.
    pub fn parse(origin: &str, text: &str) -> Result<Self, InputError> {
        let fail = |reason: String| InputError::Layout { origin: origin.to_owned(), reason };
        let raw: RawLayout = toml::from_str(text).map_err(|error| fail(in_short(&error)))?;
        let known = |name: &str| {
            Column::from_name(name).ok_or_else(|| {
                let names: Vec<String> = Column::all().map(|column| column.to_string()).collect();
                let near = super::header::nearest(name, names.iter().map(String::as_str));
                fail(match near {
                    Some(near) => format!("`{name}` is not a column of ours; the nearest is `{near}`"),
                    None => format!("`{name}` is not a column of ours"),
                })
            })
        };
        let mut layout = Self {
            name: raw.name,
            about: raw.about,
            columns: BTreeMap::new(),
            constants: BTreeMap::new(),
            delimiter: raw
                .delimiter
                .map(|c| u8::try_from(c).map_err(|_| fail(format!("delimiter `{c}` is not ASCII"))))
                .transpose()?,
        };
        for (name, sources) in raw.columns {
            let sources = match sources {
                OneOrMore::One(source) => vec![source],
                OneOrMore::More(sources) => sources,
            };
            if sources.is_empty() {
                return Err(fail(format!("`{name}` names no source column")));
            }
            layout.columns.insert(known(&name)?, sources);
        }
        for (name, value) in raw.constants {
            layout.constants.insert(known(&name)?, value);
        }
        Ok(layout)
    }

    /// A layout that comes with the program.
    ///
    /// # Errors
    ///
    /// There is none of that name; the message lists those that there are.
    pub fn embedded(name: &str) -> Result<Self, InputError> {
        let found = embedded_layouts().iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        match found {
            Some((known, text)) => Self::parse(known, text),
            None => Err(InputError::UnknownLayout {
                name: name.to_owned(),
                known: embedded_layouts().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
            }),
        }
    }
}
