//! A file of overrides, of either format.

use rustc_hash::FxHashMap;

use super::error::Refusal;
use super::raw::{Field, RawEntry};
use super::{Override, OverrideError, read_csv, read_toml};
use crate::claim::Day;

/// The format of a file of overrides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OverrideFormat {
    /// `[[override]]` tables.
    Toml,
    /// A header, and a row for each.
    Csv,
}

/// Reads and checks all entries, in order.
pub(super) fn entries(
    origin: &str,
    text: &str,
    format: OverrideFormat,
    as_of: Day,
) -> Result<Vec<Override>, OverrideError> {
    let raw = match format {
        OverrideFormat::Toml => read_toml::read(origin, text)?,
        OverrideFormat::Csv => read_csv::read(origin, text)?,
    };
    let checked = raw.iter().map(|one| Override::new(one, as_of).map_err(|refusal| refusal.at(origin, &one.place)));
    let entries = checked.collect::<Result<Vec<_>, _>>()?;
    unique(origin, &raw, &entries)?;
    Ok(entries)
}

fn unique(origin: &str, raw: &[RawEntry], entries: &[Override]) -> Result<(), OverrideError> {
    let mut known: FxHashMap<&str, &str> = FxHashMap::default();
    for (raw, one) in raw.iter().zip(entries) {
        if let Some(first) = known.insert(&one.id, &raw.place) {
            return Err(Refusal::of(Field::Id, format!("it is that of {first} too")).at(origin, &raw.place));
        }
    }
    Ok(())
}
