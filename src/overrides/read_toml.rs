//! Overrides in TOML: `[[override]]` tables. The crate's messages quote the text, so
//! they are not passed on.

use serde::Deserialize;
use toml::{Spanned, Table, Value};

use super::OverrideError;
use super::error::Refusal;
use super::raw::{Field, RawEntry};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(rename = "override", default)]
    entries: Vec<Spanned<Table>>,
}

pub(super) fn read(origin: &str, text: &str) -> Result<Vec<RawEntry>, OverrideError> {
    let mut at = Lines { text, at: 0, line: 1 };
    let raw = toml::from_str::<Raw>(text).map_err(|error| OverrideError::Shape {
        file: origin.to_owned(),
        line: error.span().map_or(1, |span| at.of(span.start)),
        reason: "this is not TOML, or it is something else than [[override]] tables of keys and values",
    })?;
    let mut entries = Vec::new();
    for (number, table) in raw.entries.iter().enumerate() {
        let place = format!("entry {} (line {})", number + 1, at.of(table.span().start));
        let mut entry = RawEntry::at(place);
        for (key, value) in table.get_ref() {
            let filled = match Field::of(key).filter(|field| field.name() == key) {
                Some(field) => fill(&mut entry, field, value),
                None => Err(Refusal::whole(format!("it has a key that is not known; there are: {}", Field::names()))),
            };
            filled.map_err(|refusal| refusal.at(origin, &entry.place))?;
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn fill(entry: &mut RawEntry, field: Field, value: &Value) -> Result<(), Refusal> {
    match (field, value) {
        (Field::LineNumber, Value::Integer(number)) => entry.add(field, &number.to_string()),
        (Field::Expires | Field::From | Field::To, Value::Datetime(day)) => entry.add(field, &day.to_string()),
        (_, Value::String(text)) => entry.add(field, text),
        (_, Value::Array(values)) if field.is_list() => {
            for value in values {
                let text = value.as_str().ok_or_else(|| Refusal::of(field, "write each one as text in quotes"))?;
                entry.add(field, text);
            }
        }
        _ if field.is_list() => {
            return Err(Refusal::of(field, "write text in quotes, or a list of texts in square brackets"));
        }
        _ => return Err(Refusal::of(field, "write text in quotes")),
    }
    Ok(())
}

/// Numbers of lines by places in the text that mostly grow.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, place: usize) -> usize {
        if place < self.at {
            (self.at, self.line) = (0, 1);
        }
        let between = self.text.as_bytes().get(self.at..place).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count();
        self.at = place;
        self.line
    }
}
