//! What a misbehaving provider bills.

use super::draft::Draft;
use super::maker::Maker;
use super::outliers::Outlier;
use super::profile::Scenario;
use crate::claim::Day;

/// How many claims a provider that bills twice keeps for it.
const KEPT: usize = 8;

impl<'p> Maker<'p> {
    /// Makes the claim as the provider's scheme wants it. `false`: this one is as
    /// others are, by chance, or because it cannot be made so.
    pub(super) fn misbehave(
        &mut self,
        outlier: &'p Outlier,
        scenario: Scenario,
        draft: &mut Draft<'p>,
        day: Day,
        most: u32,
    ) -> bool {
        if day < outlier.since || !self.rng.often(outlier.percent * 100) {
            return false;
        }
        draft.outlier = Some(outlier);
        let made = if outlier.acts(Scenario::Duplicate) {
            self.bill_again(draft, most)
        } else {
            // Charges are wrong whatever else is.
            self.of_scenario(outlier.scheme.scenario.unwrap_or(scenario), draft, day, most)
        };
        draft.outlier = draft.outlier.filter(|_| made);
        made
    }

    /// Keeps a claim with nothing wrong about it, if its provider bills twice.
    pub(super) fn keep(&mut self, outlier: &Outlier, draft: &Draft<'p>) {
        let since = draft.lines.iter().all(|line| line.day >= outlier.since);
        if !outlier.acts(Scenario::Duplicate) || !since || !draft.is_whole() {
            return;
        }
        let theirs = self.kept_of(draft.provider);
        if let Some(oldest) = theirs.first().filter(|_| theirs.len() >= KEPT) {
            self.kept.remove(*oldest);
        }
        self.kept.push(draft.clone());
    }

    /// One of the kept claims, under another number.
    fn bill_again(&mut self, draft: &mut Draft<'p>, most: u32) -> bool {
        let theirs = self.kept_of(draft.provider);
        let Some(at) = self.rng.pick(&theirs) else { return false };
        let outlier = draft.outlier;
        draft.come_again(&self.kept.remove(*at), most);
        draft.outlier = outlier;
        true
    }

    /// Where a provider's claims are among the kept ones, the oldest first.
    fn kept_of(&self, provider: u32) -> Vec<usize> {
        let theirs = self.kept.iter().enumerate().filter(|(_, claim)| claim.provider == provider);
        theirs.map(|(at, _)| at).collect()
    }
}
