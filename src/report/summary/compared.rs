//! The providers of a run: the largest, and those unlike their peers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::build::{Groups, amounts};
use super::{
    GroupSummary, MeasureSummary, OtherProviders, PaidSummary, PeersSummary, ProviderSummary, QuarterSummary,
    UnlikeProvider, UnlikeRule,
};
use crate::report::amounts::{Amounts, Split, Summed};
use crate::report::peers::{Cell, Comparison, compare};
use crate::report::prices::{Service, compare_paid};
use crate::report::tally::{AppliedVersion, NamedSums, PaidSums, ProviderSums, Tally};
use crate::rules::{CATALOGUE, Disposition, RuleId, Weights};

/// How many providers are named; the rest are one sum.
const PROVIDERS: usize = 1000;
/// How many of those unlike their peers are told.
const UNLIKE: usize = 100;
/// From how many standard deviations on a provider is unlike its peers.
const FAR: f64 = 3.0;
/// The same for one rule of many: there are many more chances to be far out.
const FAR_BY_RULE: f64 = 4.0;
/// The same for what was paid a line: prices differ more freely.
const FAR_PAID: f64 = 5.0;

/// A provider, its sums, and how it compares.
struct Provider<'t> {
    id: &'t str,
    sums: &'t ProviderSums,
    by_rule: Split<Option<RuleId>, NamedSums>,
    /// Judged lines by version.
    judged: Vec<Judged>,
    denied: Option<MeasureSummary>,
    pended: Option<MeasureSummary>,
    paid: Option<PaidSummary>,
    rules: Vec<(RuleId, MeasureSummary)>,
}

/// A provider's judged lines under a version, and by the rule that names them.
struct Judged {
    version: AppliedVersion,
    lines: u64,
    named: Vec<(Option<RuleId>, u64)>,
}

impl<'t> Provider<'t> {
    fn new(id: &'t str, sums: &'t ProviderSums, weights: &Weights) -> Self {
        let mut by_rule = Split::default();
        let mut judged: BTreeMap<AppliedVersion, Judged> = BTreeMap::new();
        for ((rule, version), named) in sums.named.iter() {
            Summed::merge(by_rule.of(*rule), named);
            if weights.disposition_of(*rule) != Disposition::Refer {
                let none = || Judged { version: *version, lines: 0, named: Vec::new() };
                let of_version = judged.entry(*version).or_insert_with(none);
                of_version.lines += named.lines;
                of_version.named.push((*rule, named.lines));
            }
        }
        let judged = judged.into_values().collect();
        Self { id, sums, by_rule, judged, denied: None, pended: None, paid: None, rules: Vec::new() }
    }

    /// Lines, and dollars paid on them, that such rules name.
    fn named(&self, wanted: impl Fn(Option<RuleId>) -> bool) -> NamedSums {
        let mut sum = NamedSums::default();
        self.by_rule.iter().filter(|(rule, _)| wanted(**rule)).for_each(|(_, named)| sum.merge(named));
        sum
    }

    fn group(&self, groups: &Groups<'_>) -> GroupSummary {
        let named = self.by_rule.iter().map(|(rule, named)| (*rule, *named));
        groups.group(self.id.to_owned(), &self.sums.all, named)
    }
}

/// The largest providers by exposure, then lines, then id; the rest as one; and how
/// all of them compare.
pub(super) fn summed(
    groups: &Groups<'_>,
    tally: &Tally,
) -> (Vec<ProviderSummary>, Option<OtherProviders>, PeersSummary) {
    let mut all: Vec<Provider<'_>> =
        tally.providers.iter().map(|(id, sums)| Provider::new(id, sums, groups.weights)).collect();
    all.sort_by_key(|provider| provider.id);
    let peers = compared(groups.weights, &mut all);
    let denied = |rule| groups.weights.disposition_of(rule) == Disposition::Deny;
    all.sort_by_cached_key(|provider| {
        (Reverse(provider.named(denied).paid), Reverse(provider.sums.all.lines), provider.id)
    });
    let rest = all.split_off(all.len().min(PROVIDERS));
    let named = all.into_iter().map(|provider| ProviderSummary {
        group: provider.group(groups),
        denied: provider.denied,
        pended: provider.pended,
        paid_against: provider.paid,
    });
    let (mut sums, mut by_rule) = (Amounts::default(), Split::default());
    for one in &rest {
        sums.merge(&one.sums.all);
        by_rule.merge(&one.by_rule);
    }
    let group = groups.group("others".to_owned(), &sums, by_rule.iter().map(|(rule, named)| (*rule, *named)));
    let others = OtherProviders { providers: rest.len() as u64, group };
    (named.collect(), (!rest.is_empty()).then_some(others), peers)
}

/// Compares providers, which stand in the order of their ids. Lines without a
/// provider are nobody's.
fn compared(weights: &Weights, all: &mut [Provider<'_>]) -> PeersSummary {
    let start = usize::from(all.first().is_some_and(|provider| provider.id.is_empty()));
    let all = all.get_mut(start..).unwrap_or_default();
    let denied = measured(all, FAR, |rule| weights.disposition_of(rule) == Disposition::Deny);
    let pended = measured(all, FAR, |rule| weights.disposition_of(rule) == Disposition::Pend);
    for (provider, (denied, pended)) in all.iter_mut().zip(denied.each.iter().zip(&pended.each)) {
        (provider.denied, provider.pended) = (denied.map(Into::into), pended.map(Into::into));
    }
    let paid = compare_paid(&all.iter().map(|provider| by_service(provider.sums)).collect::<Vec<_>>());
    all.iter_mut().zip(paid).for_each(|(provider, paid)| provider.paid = paid.map(Into::into));
    for rule in CATALOGUE {
        let is_stopping = matches!(weights.disposition_of(Some(rule.id)), Disposition::Deny | Disposition::Pend);
        if !is_stopping || all.iter().all(|provider| provider.named(|one| one == Some(rule.id)).lines == 0) {
            continue;
        }
        let named = measured(all, FAR_BY_RULE, |one| one == Some(rule.id));
        for (provider, compared) in all.iter_mut().zip(named.each) {
            let far = compared.map(MeasureSummary::from).filter(|one| one.is_far(FAR_BY_RULE));
            provider.rules.extend(far.map(|far| (rule.id, far)));
        }
    }
    let told_apart = |provider: &Provider<'_>| provider.denied.is_some_and(|one| one.z.is_some());
    let not_compared = all.iter().filter(|provider| !told_apart(provider)).count();
    let mut unlike: Vec<(f64, UnlikeProvider)> =
        all.iter_mut().filter_map(|provider| Some((distance(provider)?, told(weights, provider)))).collect();
    unlike.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.provider.cmp(&other.provider)));
    PeersSummary {
        providers: all.len() as u64,
        not_compared: not_compared as u64,
        far: FAR,
        far_by_rule: FAR_BY_RULE,
        far_paid: FAR_PAID,
        dispersion_denied: denied.dispersion,
        dispersion_pended: pended.dispersion,
        unlike: unlike.len() as u64,
        farthest: unlike.into_iter().take(UNLIKE).map(|(_, provider)| provider).collect(),
    }
}

/// Compares the lines that such rules name among those that were judged.
fn measured(all: &[Provider<'_>], far: f64, counted: impl Fn(Option<RuleId>) -> bool) -> Comparison {
    let cells = |provider: &Provider<'_>| {
        let cell = |of: &Judged| {
            let observed = of.named.iter().filter(|(rule, _)| counted(*rule)).map(|(_, lines)| lines).sum();
            Cell { version: of.version, lines: of.lines, observed }
        };
        provider.judged.iter().map(cell).collect::<Vec<_>>()
    };
    compare(&all.iter().map(cells).collect::<Vec<_>>(), far)
}

/// What was paid by procedure and program, in an order of their own.
fn by_service(sums: &ProviderSums) -> Vec<(Service, PaidSums)> {
    let mut paid: Vec<_> = sums.paid.iter().map(|(service, sums)| (*service, *sums)).collect();
    paid.sort_by_key(|(service, _)| *service);
    paid
}

/// How far out a provider is; `None` where it is like its peers.
fn distance(provider: &Provider<'_>) -> Option<f64> {
    let overall = [provider.denied, provider.pended].into_iter().flatten();
    let overall = overall.filter(|one| one.is_far(FAR));
    let counted = overall.chain(provider.rules.iter().map(|(_, one)| *one)).filter_map(|one| one.z);
    let paid = provider.paid.filter(|one| one.is_far(FAR_PAID)).and_then(|one| one.z);
    counted.chain(paid).max_by(f64::total_cmp)
}

#[allow(clippy::cast_precision_loss)]
fn told(weights: &Weights, provider: &mut Provider<'_>) -> UnlikeProvider {
    let with = |disposition| provider.named(|rule| weights.disposition_of(rule) == disposition);
    let (denied, pended) = (with(Disposition::Deny), with(Disposition::Pend));
    let exposure = denied.paid.number();
    let beyond = provider.denied.map_or(0.0, |one| (1.0 - one.expected / (one.observed.max(1) as f64)).max(0.0));
    let z = |one: &MeasureSummary| one.z.unwrap_or_default();
    let mut rules = provider.rules.clone();
    rules.sort_by(|(_, a), (_, b)| z(b).total_cmp(&z(a)));
    let rules = rules.into_iter().map(|(rule, lines)| UnlikeRule {
        rule: rule.rule().code.to_owned(),
        lines,
        paid: provider.named(|one| one == Some(rule)).paid.number(),
    });
    let mut quarters: Vec<_> = provider.sums.quarters.iter().collect();
    quarters.sort_by_key(|(quarter, _)| **quarter);
    UnlikeProvider {
        provider: provider.id.to_owned(),
        amounts: amounts(&provider.sums.all),
        deny: denied.lines,
        pend: pended.lines,
        exposure,
        excess: exposure * beyond,
        denied: provider.denied,
        pended: provider.pended,
        paid_against: provider.paid,
        rules: rules.collect(),
        quarters: quarters
            .into_iter()
            .map(|(quarter, sums)| QuarterSummary {
                quarter: quarter.to_string(),
                lines: sums.lines.into(),
                denied: sums.denied.into(),
                pended: sums.pended.into(),
            })
            .collect(),
    }
}
