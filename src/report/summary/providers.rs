//! What the summary says of providers.

use serde::{Deserialize, Serialize};

use super::{AmountsSummary, GroupSummary};
use crate::report::peers::Compared;
use crate::report::prices::PaidCompared;

/// Fewer lines are not worth anybody's time.
const FEWEST_LINES: u64 = 5;
/// Who is paid less than so many times as much as others is not dear.
const DEARER: f64 = 1.25;

/// Lines and dollars of a provider.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ProviderSummary {
    /// Its lines.
    #[serde(flatten)]
    pub group: GroupSummary,
    /// Its denied lines against its peers'; `None` where it has no peers.
    pub denied: Option<MeasureSummary>,
    /// Its pended lines against its peers'.
    pub pended: Option<MeasureSummary>,
    /// What it was paid against its peers; `None` where it has too few lines.
    pub paid_against: Option<PaidSummary>,
}

/// Lines of a provider against its peers'.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct MeasureSummary {
    /// Lines found.
    pub observed: u64,
    /// Lines expected at the rates of all other providers.
    pub expected: f64,
    /// The difference in standard deviations, as providers usually differ; `None`
    /// where there are too few providers to tell.
    pub z: Option<f64>,
}

impl MeasureSummary {
    /// Whether it lies so many standard deviations above its peers', and is worth a
    /// look.
    #[must_use]
    pub fn is_far(&self, far: f64) -> bool {
        self.observed >= FEWEST_LINES && self.z.is_some_and(|z| z >= far)
    }
}

/// What a provider was paid against what others were paid for as many units of the
/// same procedures, program by program; lines referred elsewhere do not count.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct PaidSummary {
    /// Dollars paid.
    pub paid: f64,
    /// Dollars that others were paid for as many units.
    pub expected: f64,
    /// How far paid over expected lies from the middle one, in standard deviations as
    /// most providers show; `None` where there are too few to tell.
    pub z: Option<f64>,
}

impl PaidSummary {
    /// Whether it lies so many standard deviations above its peers', and by enough
    /// dollars to be worth a look.
    #[must_use]
    pub fn is_far(&self, far: f64) -> bool {
        self.paid >= self.expected * DEARER && self.z.is_some_and(|z| z >= far)
    }
}

/// Providers compared with each other.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PeersSummary {
    /// How many there are.
    pub providers: u64,
    /// Those of them whose denied lines could not be compared: too few have lines like
    /// theirs.
    pub not_compared: u64,
    /// From how many standard deviations on a provider is unlike its peers.
    pub far: f64,
    /// The same for the lines of one rule.
    pub far_by_rule: f64,
    /// The same for what was paid.
    pub far_paid: f64,
    /// The variance of denied lines among most providers, where chance alone has 1.
    pub dispersion_denied: f64,
    /// The same of pended lines.
    pub dispersion_pended: f64,
    /// How many are unlike their peers.
    pub unlike: u64,
    /// Those farthest out.
    pub farthest: Vec<UnlikeProvider>,
}

/// A provider unlike its peers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UnlikeProvider {
    /// The provider.
    pub provider: String,
    /// Its lines.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
    /// Lines denied.
    pub deny: u64,
    /// Lines pended.
    pub pend: u64,
    /// Dollars paid on its denied lines, reversals netted.
    pub exposure: f64,
    /// The part of it beyond what its peers' rate would give.
    pub excess: f64,
    /// Its denied lines.
    pub denied: Option<MeasureSummary>,
    /// Its pended lines.
    pub pended: Option<MeasureSummary>,
    /// What it was paid.
    pub paid_against: Option<PaidSummary>,
    /// Rules that name far more of its lines than of its peers', the farthest first.
    pub rules: Vec<UnlikeRule>,
    /// Its lines quarter by quarter: since when?
    pub quarters: Vec<QuarterSummary>,
}

/// A rule that names far more lines of a provider than of its peers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UnlikeRule {
    /// The rule.
    pub rule: String,
    /// The lines that it names.
    #[serde(flatten)]
    pub lines: MeasureSummary,
    /// Dollars paid on them, reversals netted.
    pub paid: f64,
}

/// A provider's lines of a calendar quarter.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuarterSummary {
    /// Such as `2026-Q1`.
    pub quarter: String,
    /// All lines.
    pub lines: u64,
    /// Those denied.
    pub denied: u64,
    /// Those pended.
    pub pended: u64,
}

impl From<PaidCompared> for PaidSummary {
    fn from(compared: PaidCompared) -> Self {
        let PaidCompared { paid, expected, z } = compared;
        Self { paid, expected, z }
    }
}

impl From<Compared> for MeasureSummary {
    fn from(compared: Compared) -> Self {
        let Compared { observed, expected, z } = compared;
        Self { observed, expected, z }
    }
}
