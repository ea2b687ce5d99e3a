//! What the templates see: the summary in parts that fit a page, and the charts.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::text::{claimed, with_minus};
use super::{PageSource, charts, checks, cut, lines};
use crate::report::words;
use crate::report::{
    AmountsSummary, GroupSummary, MeasureSummary, NamedSummary, OverlapSummary, OverrideSummary, OverridesSummary,
    Summary,
};
use crate::rules::{Disposition, RuleId};

/// How many entries of a list a page has room for.
mod room {
    pub(super) const FILES: usize = 200;
    pub(super) const MONTHS: usize = 120;
    pub(super) const PROCEDURES: usize = 100;
    pub(super) const VERSIONS: usize = 50;
    pub(super) const PROVIDERS: usize = 100;
    pub(super) const UNLIKE: usize = 50;
    pub(super) const QUARTER_CHARTS: usize = 12;
    /// Of each rule.
    pub(super) const DIAGNOSES: usize = 15;
    pub(super) const REJECTS: usize = 50;
    pub(super) const POLICIES: usize = 20;
    pub(super) const OVERRIDES: usize = 200;
    pub(super) const BARS: usize = 15;
    /// More months than this are drawn as years.
    pub(super) const COLUMNS: usize = 60;
    /// Rules that have a colour of their own in a stack; the last colour is of all
    /// others.
    pub(super) const STACKED: usize = 4;
}

/// Everything that the templates see.
pub(super) fn of(source: &PageSource<'_>) -> Value {
    let PageSource { summary, manifest, sample, reviews } = *source;
    let with = |disposition: Disposition| {
        let found = summary.by_disposition.iter().find(|one| one.key == disposition.name());
        found.map(|one| one.amounts).unwrap_or_default()
    };
    let waived = summary.overrides.as_ref();
    // A copy without what is long, so that no template shows it whole by mistake.
    let short = Summary {
        files: Vec::new(),
        by_procedure: Vec::new(),
        by_service_month: Vec::new(),
        by_provider: Vec::new(),
        other_providers: None,
        by_version: Vec::new(),
        policies: Vec::new(),
        diagnoses: Vec::new(),
        rejects: Vec::new(),
        overrides: waived.map(|all| OverridesSummary { overrides: Vec::new(), overlaps: Vec::new(), ..all.clone() }),
        ..summary.clone()
    };
    let mut of_manifest = manifest.clone();
    of_manifest.inputs.clear();
    of_manifest.policies.clear();
    let denying = summary.by_rule.iter().filter(|rule| rule.weight == "deny" && rule.amounts.dollars.paid > 0.0);
    let largest = denying.max_by(|a, b| a.amounts.dollars.paid.total_cmp(&b.amounts.dollars.paid));
    let versions: Vec<_> = summary.by_version.iter().map(|one| one.group.clone()).collect();
    let mut rejects = summary.rejects.clone();
    rejects.sort_by_key(|one| Reverse(one.rows));
    // Each rule has room of its own.
    let of_a_rule = summary.diagnoses.chunk_by(|one, other| one.rule == other.rule);
    let diagnoses: Vec<_> = of_a_rule.flat_map(|of| of.iter().take(room::DIAGNOSES)).cloned().collect();
    let denying = summary.sample.strata.iter().filter(|one| one.disposition == Disposition::Deny.name());
    let reversed: f64 = denying.map(|one| one.reversed).sum();
    context! {
        summary => Serde(short),
        manifest => Serde(of_manifest),
        options => words::effects(&manifest.options),
        deny => Serde(with(Disposition::Deny)),
        pend => Serde(with(Disposition::Pend)),
        refer => Serde(with(Disposition::Refer)),
        largest => Serde(largest.map(|rule| NamedLargest {
            rule: &rule.rule, name: &rule.name, paid: rule.amounts.dollars.paid,
        })),
        files => Serde(cut::files(&summary.files, room::FILES)),
        months => Serde(cut::last(&summary.by_service_month, room::MONTHS)),
        procedures => Serde(cut::largest(&summary.by_procedure, room::PROCEDURES)),
        programs => Serde(cut::first(&summary.by_program, room::PROCEDURES)),
        versions => Serde(cut::largest(&versions, room::VERSIONS)),
        providers => Serde(cut::first(&summary.by_provider, room::PROVIDERS)),
        other_providers => Serde(&summary.other_providers),
        unlike => Serde(cut::first(&summary.peers.farthest, room::UNLIKE)),
        diagnoses => Serde(cut::first(&diagnoses, usize::MAX)),
        more_diagnoses => summary.diagnoses.len() - diagnoses.len(),
        reversed => reversed,
        rejects => Serde(cut::first(&rejects, room::REJECTS)),
        policies => Serde(cut::first(&summary.policies, room::POLICIES)),
        inputs => Serde(cut::first(&manifest.inputs, room::FILES)),
        policy_files => Serde(cut::first(&manifest.policies, room::POLICIES)),
        overrides => Serde(waived.map(|all| {
            let rank = |a: &OverrideSummary, b: &OverrideSummary| b.matched.cmp(&a.matched);
            cut::largest_of(&all.overrides, room::OVERRIDES, rank, |_| None)
        })),
        overlaps => Serde(waived.map(|all| {
            let rank = |a: &OverlapSummary, b: &OverlapSummary| b.lines.cmp(&a.lines);
            cut::largest_of(&all.overlaps, room::OVERRIDES, rank, |_| None)
        })),
        checks => Serde(checks::of(summary, manifest)),
        lines => Serde(lines::of(sample)),
        reviews => Serde(reviews),
        charts => charts(summary),
    }
}

#[derive(Serialize)]
struct NamedLargest<'a> {
    rule: &'a str,
    name: &'a str,
    paid: f64,
}

fn charts(summary: &Summary) -> Value {
    let by_year = summary.by_service_month.len() > room::COLUMNS;
    let quarters = summary.peers.farthest.iter().take(room::QUARTER_CHARTS).map(|provider| {
        let names: Vec<_> = provider.quarters.iter().map(|one| one.quarter.clone()).collect();
        #[allow(clippy::cast_precision_loss)]
        let percents = |of: &dyn Fn(&crate::report::QuarterSummary) -> u64| {
            provider.quarters.iter().map(|one| of(one) as f64 / one.lines.max(1) as f64 * 100.0).collect()
        };
        let parts =
            [("denied".to_owned(), percents(&|one| one.denied)), ("pended".to_owned(), percents(&|one| one.pended))];
        charts::percents(&names, &parts)
    });
    context! {
        disposition => dollar_bars(summary.by_disposition.iter().map(|one| (one.key.clone(), one.amounts))),
        rule => dollar_bars(largest(summary.by_rule.iter().filter(|rule| rule.weight == "deny").map(|rule| {
            (format!("{} {}", rule.rule, rule.name), rule.amounts)
        }))),
        kind => dollar_bars([
            ("hard denials", summary.stopped.hard),
            ("fixable denials", summary.stopped.fixable),
            ("cascaded denials", summary.stopped.cascaded),
            ("pended", summary.stopped.pended),
            ("pended with another", summary.stopped.pended_with_another),
        ].map(|(name, amounts)| (name.to_owned(), amounts))),
        procedure => exposure_bars(&summary.by_procedure),
        provider => exposure_bars(summary.by_provider.iter().map(|one| &one.group)),
        month => months(summary, by_year),
        by_year,
        funnel => funnel(summary),
        diagnosis => diagnoses(summary),
        quarters => quarters.collect::<Vec<_>>(),
    }
}

fn dollar_bars(groups: impl IntoIterator<Item = (String, AmountsSummary)>) -> String {
    let bars: Vec<_> = groups.into_iter().map(|(name, amounts)| dollar_bar(&name, amounts.dollars.paid)).collect();
    charts::bars(&bars)
}

/// A bar and its name, which has the dollars to the cent.
fn dollar_bar(name: &str, dollars: f64) -> (String, f64) {
    (format!("{name}  {}", with_minus(&words::dollars(dollars))), dollars)
}

/// Those with the most dollars, largest first.
fn largest(groups: impl Iterator<Item = (String, AmountsSummary)>) -> Vec<(String, AmountsSummary)> {
    let mut all: Vec<_> = groups.collect();
    all.sort_by(|(_, a), (_, b)| b.dollars.paid.total_cmp(&a.dollars.paid));
    all.truncate(room::BARS);
    all
}

fn exposure_bars<'g>(groups: impl IntoIterator<Item = &'g GroupSummary>) -> String {
    let mut all: Vec<_> = groups.into_iter().filter(|group| group.exposure != 0.0).collect();
    all.sort_by(|a, b| b.exposure.total_cmp(&a.exposure).then_with(|| a.key.cmp(&b.key)));
    let name = |group: &GroupSummary| if group.key.is_empty() { "(not given)".to_owned() } else { claimed(&group.key) };
    let bars: Vec<_> = all.iter().take(room::BARS).map(|group| dollar_bar(&name(group), group.exposure)).collect();
    charts::bars(&bars)
}

/// Exposure by month, or year, and by rule: the rules with the most of it, and all
/// others as one.
fn months(summary: &Summary, by_year: bool) -> String {
    let denies = |named: &NamedSummary| named.disposition == Disposition::Deny.name();
    let mut names: Vec<String> = Vec::new();
    let mut rules: Vec<(String, f64, Vec<f64>)> = Vec::new();
    for group in &summary.by_service_month {
        let name = if by_year { group.key.get(..4).unwrap_or(&group.key) } else { &group.key };
        if names.last().is_none_or(|last| last != name) {
            names.push(name.to_owned());
        }
        for named in group.rules.iter().filter(|named| denies(named)) {
            let place = rules.iter().position(|(rule, ..)| *rule == named.rule).unwrap_or_else(|| {
                rules.push((named.rule.clone(), 0.0, Vec::new()));
                rules.len() - 1
            });
            if let Some((_, sum, columns)) = rules.get_mut(place) {
                *sum += named.paid;
                columns.resize(names.len(), 0.0);
                columns.last_mut().into_iter().for_each(|column| *column += named.paid);
            }
        }
    }
    for (_, _, columns) in &mut rules {
        columns.resize(names.len(), 0.0);
    }
    rules.sort_by(|(one, a, _), (other, b, _)| b.total_cmp(a).then_with(|| one.cmp(other)));
    let rest = rules.split_off(rules.len().min(room::STACKED));
    let mut parts: Vec<_> = rules.into_iter().map(|(rule, _, columns)| (rule, columns)).collect();
    if !rest.is_empty() {
        let mut others = vec![0.0; names.len()];
        for (_, _, columns) in rest {
            others.iter_mut().zip(columns).for_each(|(sum, column)| *sum += column);
        }
        parts.push(("all others".to_owned(), others));
    }
    charts::stacks(&names, &parts)
}

/// Denied lines over expected ones, of every provider that is named.
fn funnel(summary: &Summary) -> String {
    #[allow(clippy::cast_precision_loss)]
    let point = |one: MeasureSummary| (one.expected, (one.observed as f64 / one.expected).max(0.1));
    // Where less is expected, a single line is many times as much.
    let drawn = |one: &Option<MeasureSummary>| one.filter(|one| one.expected >= 0.5).map(point);
    let unlike: BTreeSet<&str> = summary.peers.farthest.iter().map(|one| one.provider.as_str()).collect();
    let alike = summary.by_provider.iter().filter(|one| !unlike.contains(one.group.key.as_str()));
    let alike: Vec<_> = alike.filter_map(|one| drawn(&one.denied)).collect();
    let unlike: Vec<_> = summary.peers.farthest.iter().filter_map(|one| drawn(&one.denied)).collect();
    charts::funnel(&alike, &unlike)
}

/// The most frequent first diagnoses of lines named for one that is not listed.
#[allow(clippy::cast_precision_loss)]
fn diagnoses(summary: &Summary) -> String {
    let unlisted = summary.diagnoses.iter().filter(|one| RuleId::from_code(&one.rule) == Some(RuleId::Cov002));
    let bars = unlisted.take(room::BARS).map(|one| {
        let code = if one.code.is_empty() { "(no code of the table)" } else { &one.code };
        (format!("{code}  {} lines", words::count(one.amounts.lines)), one.amounts.lines as f64)
    });
    charts::bars(&bars.collect::<Vec<_>>())
}
