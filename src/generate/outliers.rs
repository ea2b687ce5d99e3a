//! Providers that misbehave: who, how, and since when.

use super::GenerateError;
use super::draft::Draft;
use super::plan::Plan;
use super::profile::Scenario;
use super::rng::Rng;
use super::scheme::{Scheme, Schemes};
use super::truth::HiddenOutlier;
use crate::claim::Day;

/// A stream of chance that no block has.
const STREAM: u64 = u64::MAX;

/// A provider that misbehaves.
#[derive(Debug)]
pub(super) struct Outlier {
    /// The provider.
    pub(super) provider: u32,
    /// How.
    pub(super) scheme: Scheme,
    /// The first day of it.
    pub(super) since: Day,
    /// The share of its claims in scope that are affected since then.
    pub(super) percent: u32,
}

impl Outlier {
    /// Whether this is what the provider does too often.
    pub(super) fn acts(&self, scenario: Scenario) -> bool {
        self.scheme.scenario == Some(scenario)
    }
}

/// All of them, those with many lines first.
#[derive(Default)]
pub(super) struct Outliers(Vec<Outlier>);

impl Outliers {
    /// Chooses so many of the providers of a plan.
    pub(super) fn choose(wanted: u32, plan: &Plan<'_>) -> Result<Self, GenerateError> {
        if wanted == 0 {
            return Ok(Self::default());
        }
        let schemes = Schemes::load()?;
        let can_be_hidden = providers(&schemes, plan);
        let most = can_be_hidden.len().min(plan.population.specialists().count() / schemes.hidden.one_in.max(1));
        let count = usize::try_from(wanted).unwrap_or(usize::MAX);
        if count > most {
            return Err(GenerateError::TooManyOutliers { wanted, most });
        }
        let mut rng = Rng::new(plan.seed, STREAM);
        let offered = |scheme: &&Scheme| scheme.scenario.is_none_or(|scenario| plan.catalogue.offers(scenario));
        let offered: Vec<&Scheme> = schemes.all.iter().filter(offered).collect();
        let mut waiting = Vec::new();
        let suddenly = &schemes.suddenly;
        let one_in = u32::max(suddenly.one_in, 1);
        let first_sudden = rng.below(one_in);
        let mut chosen = Vec::with_capacity(count);
        for (number, place) in (0..wanted).zip(0..count) {
            // One of every size.
            let alike =
                can_be_hidden.get(place * can_be_hidden.len() / count..(place + 1) * can_be_hidden.len() / count);
            let Some(provider) = rng.pick(alike.unwrap_or_default()).copied() else { break };
            // Every scheme once before one comes again.
            if waiting.is_empty() {
                waiting.clone_from(&offered);
            }
            let scheme = rng.below(u32::try_from(waiting.len()).unwrap_or(u32::MAX)) as usize;
            if scheme >= waiting.len() {
                break;
            }
            let scheme = waiting.swap_remove(scheme).clone();
            let sudden = number % one_in == first_sudden;
            let start = plan.window.day_between(suddenly.start_percent, &mut rng);
            let usual = if sudden { suddenly.percent } else { schemes.always.percent };
            let (low, high) = scheme.percent.unwrap_or(usual);
            let percent = rng.between(low, high);
            let since = if sudden { start } else { plan.window.first };
            chosen.push(Outlier { provider, scheme, since, percent });
        }
        Ok(Self(chosen))
    }

    /// What is wrong with a provider.
    pub(super) fn of(&self, provider: u32) -> Option<&Outlier> {
        self.0.iter().find(|outlier| outlier.provider == provider)
    }

    /// Nothing counted yet.
    pub(super) fn no_counts(&self) -> Vec<Count> {
        vec![Count::default(); self.0.len()]
    }

    /// Counts a claim, where it is one of theirs; `own` is whether its number is
    /// its own, and not that of a claim that it takes back.
    pub(super) fn count(&self, claim: &Draft<'_>, own: bool, counts: &mut [Count]) {
        let theirs = self.0.iter().zip(counts).find(|(outlier, _)| outlier.provider == claim.provider);
        let Some((outlier, count)) = theirs else { return };
        let mut in_scope = claim.lines.iter().filter(|line| line.in_scope).peekable();
        let Some(since) = in_scope.peek().map(|line| line.day >= outlier.since) else { return };
        let lines = in_scope.map(|_| 1).sum();
        count.add(Count {
            claims: u64::from(own),
            claims_since: u64::from(own && since),
            claims_affected: u64::from(claim.outlier.is_some()),
            lines,
            lines_affected: if claim.outlier.is_some() { lines } else { 0 },
        });
    }

    /// What is told of them.
    pub(super) fn truth(&self, counts: &[Count]) -> Vec<HiddenOutlier> {
        self.0.iter().zip(counts).map(|(outlier, count)| HiddenOutlier::new(outlier, *count)).collect()
    }
}

/// What one of them has in a file, or in a part of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) claims: u64,
    pub(super) claims_since: u64,
    pub(super) claims_affected: u64,
    pub(super) lines: u64,
    pub(super) lines_affected: u64,
}

impl Count {
    /// Adds another part of the file.
    pub(super) fn add(&mut self, other: Self) {
        self.claims += other.claims;
        self.claims_since += other.claims_since;
        self.claims_affected += other.claims_affected;
        self.lines += other.lines;
        self.lines_affected += other.lines_affected;
    }
}

/// Providers that can be hidden, those with many lines first.
fn providers(schemes: &Schemes, plan: &Plan<'_>) -> Vec<u32> {
    let all: u64 = plan.population.specialists().map(|(_, weight)| u64::from(weight)).sum();
    let expected = |weight: u32| u128::from(plan.lines_in_scope()) * u128::from(weight) / u128::from(all.max(1));
    let hidden = &schemes.hidden;
    plan.population
        .specialists()
        .filter(|(_, weight)| expected(*weight) >= u128::from(hidden.least_lines))
        .filter(|(_, weight)| u64::from(*weight) * 100 <= all * hidden.most_percent)
        .map(|(provider, _)| provider)
        .collect()
}
