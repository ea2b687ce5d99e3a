//! Services: what procedures belong to and versions cover.

use super::error::{PolicyError, Source};
use super::names::{Names, entry};
use crate::policy::raw::RawService;

const KIND: &str = "service";

/// The services of a file.
pub(super) struct Services {
    /// Used where a procedure belongs to it.
    pub(super) names: Names,
    dates_only: Vec<bool>,
}

impl Services {
    pub(super) fn collect(source: Source<'_>, raw: &[RawService<'_>]) -> Result<Self, PolicyError> {
        let names = Names::collect(source, KIND, raw.iter().map(|service| &*service.id))?;
        Ok(Self { names, dates_only: raw.iter().map(|service| service.dates_only).collect() })
    }

    pub(super) fn count(&self) -> usize {
        self.dates_only.len()
    }

    /// Whether the codes of a service are there for their dates alone.
    pub(super) fn is_dates_only(&self, place: usize) -> bool {
        self.dates_only.get(place).is_some_and(|only| *only)
    }

    /// The place of a service that a coverage speaks of.
    pub(super) fn to_cover(&self, source: Source<'_>, coverage: &str, name: &str) -> Result<usize, PolicyError> {
        let place = self.names.find(source, coverage, name)?;
        if self.is_dates_only(place) {
            let reason = format!("{} is `dates_only`: no version speaks of it", entry(KIND, name));
            return Err(source.refuse(coverage, reason));
        }
        Ok(place)
    }
}
