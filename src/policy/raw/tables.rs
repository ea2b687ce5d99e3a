//! A policy file that is plain TOML, table by table.

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;

use super::RawFile;
use crate::policy::plain::{self, Document, Header, Lines, NotPlain};

/// What stands before every header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHead {
    schema: i64,
}

impl<'t> RawFile<'t> {
    /// Reads a text; `None` where it is not plain, or no policy file.
    pub(in crate::policy) fn plain(text: &'t str) -> Option<Self> {
        let mut file = Self::default();
        plain::read(text, &mut file).ok().map(|()| file)
    }
}

impl<'t> Document<'t> for RawFile<'t> {
    fn add(&mut self, header: Header<'t>, lines: Lines<'_, 't>) -> Result<(), NotPlain> {
        let table = MapAccessDeserializer::new(lines);
        match header {
            Header::Root => self.schema = RawHead::deserialize(table)?.schema,
            Header::Table("policy") if self.policy.is_none() => self.policy = Some(Deserialize::deserialize(table)?),
            Header::Next("program") => self.program.push(Deserialize::deserialize(table)?),
            Header::Next("referral") => self.referral.push(Deserialize::deserialize(table)?),
            Header::Next("service") => self.service.push(Deserialize::deserialize(table)?),
            Header::Next("region") => self.region.push(Deserialize::deserialize(table)?),
            Header::Next("diagnosis_list") => self.diagnosis_list.push(Deserialize::deserialize(table)?),
            Header::Next("indication") => self.indication.push(Deserialize::deserialize(table)?),
            Header::Next("procedure") => self.procedure.push(Deserialize::deserialize(table)?),
            Header::Next("version") => self.version.push(Deserialize::deserialize(table)?),
            Header::NextPart("version", "coverage") => {
                let version = self.version.last_mut().ok_or(NotPlain)?;
                version.coverage.get_or_insert_default().push(Deserialize::deserialize(table)?);
            }
            _ => return Err(NotPlain),
        }
        match (header, self.version.last()) {
            // Coverages that are written in an array can have no header.
            (Header::Next("version"), Some(version)) if version.coverage.is_some() => Err(NotPlain),
            _ => Ok(()),
        }
    }
}
