//! `profiles.toml`: how often what happens.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::GenerateError;
use super::rng::{TEN_THOUSAND, Weighted};

const FILE: &str = "profiles.toml";
const TEXT: &str = include_str!("profiles.toml");

/// Which mix of good and bad claims is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Profile {
    /// Claims as a payer gets them, every kind of error at a small rate.
    #[default]
    Realistic,
    /// The same without an error: what the policies decide is to be allowed. (A
    /// few claims of one member still meet on one day by coincidence.)
    Clean,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 2] = [Self::Realistic, Self::Clean];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Realistic => "realistic",
            Self::Clean => "clean",
        }
    }

    /// The profile of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name().eq_ignore_ascii_case(name))
    }
}

/// What is the matter with a claim in scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scenario {
    /// Nothing: a supporting diagnosis, and units within their limits.
    Usual,
    /// No diagnosis of the claim is listed.
    UnlistedDiagnosis,
    /// One is on a review list.
    ReviewDiagnosis,
    /// The last characters of a listed diagnosis are missing.
    IncompleteDiagnosis,
    /// There are only codes that do not exist, or not any more.
    InvalidDiagnosis,
    /// There is none at all.
    MissingDiagnosis,
    /// The procedure is investigational.
    InvestigationalProcedure,
    /// The procedure was deleted before.
    DeletedProcedure,
    /// Service before the first version that speaks of the procedure.
    NoVersion,
    /// Add-ons without their primary.
    AddOnAlone,
    /// Two primaries that exclude one another.
    SecondPrimary,
    /// More units than a day may have.
    UnitsOverLimit,
    /// Both sides, billed with a code that includes them.
    BilateralModifier,
    /// Every diagnosis is of the region that makes the procedure doubtful.
    DoubtfulRegion,
    /// Every diagnosis is of a region that the procedure does not treat.
    OtherRegion,
    /// Every diagnosis is listed, and fits no indication.
    NoIndication,
    /// Every diagnosis tells of a later encounter.
    LaterEncounter,
    /// A code that is not billable, beside a supporting one.
    StrayDiagnosis,
    /// Nothing is wrong but the order: add-ons stand before their primary.
    OutOfOrder,
    /// A claim that came before comes again under another number.
    Duplicate,
    /// A claim that came before is taken back.
    Reversal,
    /// An add-on comes on a claim of its own, behind its primary's.
    SplitClaim,
}

/// Rates of single lines, of 100,000.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LineRates {
    /// Units are not given.
    pub(super) blank_units: u32,
    /// What was paid is not given.
    pub(super) blank_paid: u32,
    /// Nothing was paid.
    pub(super) zero_paid: u32,
    /// The service date is none.
    pub(super) bad_date: u32,
    /// The billed amount is none.
    pub(super) bad_amount: u32,
    /// The line number is none.
    pub(super) bad_line_number: u32,
}

/// Rates of clinical facts, of 10,000 claims in scope.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ClinicalRates {
    /// There are facts.
    pub(super) given: u32,
    /// They meet no indication.
    pub(super) not_met: u32,
    /// One that would decide is blank.
    pub(super) incomplete: u32,
    /// The technique is investigational.
    pub(super) investigational_technique: u32,
    /// The device is not cleared.
    pub(super) uncleared_device: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Paid {
    percent: (u32, u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    claims: BTreeMap<Scenario, u32>,
    lines: LineRates,
    paid: Paid,
    clinical: ClinicalRates,
}

/// A profile's rates.
pub(super) struct Rates {
    /// What is the matter with claims in scope.
    pub(super) scenarios: Weighted<Scenario>,
    /// Rates of single lines.
    pub(super) lines: LineRates,
    /// Percent of the billed amount that is paid, from and to.
    pub(super) paid_percent: (u32, u32),
    /// Rates of clinical facts.
    pub(super) clinical: ClinicalRates,
}

impl Rates {
    /// Reads the rates of a profile.
    pub(super) fn load(profile: Profile) -> Result<Self, GenerateError> {
        let damaged = |reason: String| GenerateError::Data { file: FILE, reason };
        let mut profiles: BTreeMap<Profile, Raw> = toml::from_str(TEXT).map_err(|error| damaged(error.to_string()))?;
        let raw = profiles.remove(&profile).ok_or_else(|| damaged(format!("{} is missing", profile.name())))?;
        let rates = raw.claims.values().fold(0_u32, |sum, rate| sum.saturating_add(*rate));
        let usual = TEN_THOUSAND.checked_sub(rates).ok_or_else(|| damaged("rates exceed 10,000".to_owned()))?;
        let scenarios = raw.claims.into_iter().chain([(Scenario::Usual, usual)]);
        Ok(Self {
            scenarios: Weighted::new(scenarios),
            lines: raw.lines,
            paid_percent: raw.paid.percent,
            clinical: raw.clinical,
        })
    }
}
