//! `outliers.toml`: in which ways providers misbehave.

use serde::Deserialize;

use super::GenerateError;
use super::profile::Scenario;

const FILE: &str = "outliers.toml";
const TEXT: &str = include_str!("outliers.toml");

/// From and to, both included.
type Percent = (u32, u32);

/// A way to misbehave.
#[derive(Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Scheme {
    /// Its name.
    pub(super) name: String,
    /// What is billed, in words.
    pub(super) what: String,
    /// What is the matter with affected claims; `None` where it is the charges.
    pub(super) scenario: Option<Scenario>,
    /// What affected lines are billed at, in percent of what is typical.
    pub(super) charge_percent: Option<Percent>,
    /// The rule that remarks on affected lines, or blank.
    #[serde(default)]
    pub(super) rule: String,
    /// The share of claims that are affected, where it is not the usual one.
    pub(super) percent: Option<Percent>,
}

/// Who can be hidden.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hidden {
    /// Lines in scope that such a provider has, at least.
    pub(super) least_lines: u64,
    /// Percent of all lines in scope, at most.
    pub(super) most_percent: u64,
    /// Of the providers with lines in scope, one in so many at most.
    pub(super) one_in: usize,
}

/// Those that misbehave on all days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Always {
    /// The share of claims that are affected.
    pub(super) percent: Percent,
}

/// Those that start suddenly.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Suddenly {
    /// Of the misbehaving, one in so many.
    pub(super) one_in: u32,
    /// When, in percent of the span.
    pub(super) start_percent: Percent,
    /// The share of claims that are affected from then on.
    pub(super) percent: Percent,
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schemes {
    /// Who can be hidden.
    pub(super) hidden: Hidden,
    /// Those that misbehave on all days.
    pub(super) always: Always,
    /// Those that start suddenly.
    pub(super) suddenly: Suddenly,
    /// Every way to misbehave.
    #[serde(rename = "scheme")]
    pub(super) all: Vec<Scheme>,
}

impl Schemes {
    /// Reads the file.
    pub(super) fn load() -> Result<Self, GenerateError> {
        let damaged = |reason| GenerateError::Data { file: FILE, reason };
        let schemes: Self = toml::from_str(TEXT).map_err(|error| damaged(error.to_string()))?;
        match schemes.all.iter().find(|scheme| scheme.scenario.is_some() == scheme.charge_percent.is_some()) {
            Some(scheme) => Err(damaged(format!("{} needs a scenario or charges, one of the two", scheme.name))),
            None => Ok(schemes),
        }
    }
}
