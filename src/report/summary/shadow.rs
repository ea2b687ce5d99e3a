//! What other policies would have made of the lines.

use serde::{Deserialize, Serialize};

use crate::run::ShadowOutcome;

/// The run beside its shadow, in all; `shadow.json` has the rest.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ShadowSummary {
    /// Lines that the shadow's policies decide.
    pub decided: u64,
    /// Lines that both decide, with another disposition.
    pub changed: u64,
    /// Lines that both decide, with the same disposition and another rule that names them.
    pub rule_changed: u64,
    /// Lines that the run alone decides.
    pub only_in_run: u64,
    /// Lines that the shadow alone decides.
    pub only_in_shadow: u64,
    /// Dollars paid on lines that the shadow denies, reversals netted.
    pub exposure: f64,
    /// That less the run's own exposure.
    pub difference: f64,
}

impl From<&ShadowOutcome> for ShadowSummary {
    fn from(outcome: &ShadowOutcome) -> Self {
        let total = &outcome.comparison.total;
        Self {
            decided: outcome.counts.decided,
            changed: total.changed,
            rule_changed: outcome.comparison.rule_changed,
            only_in_run: total.only_in_a,
            only_in_shadow: total.only_in_b,
            exposure: total.exposure_b,
            difference: total.difference,
        }
    }
}
