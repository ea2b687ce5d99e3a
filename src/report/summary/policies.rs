//! What the summary says of policies: which versions were applied, and what findings
//! rest on.

use std::collections::BTreeSet;

use super::build::Groups;
use super::{PolicySummary, VersionSummary};
use crate::engine::Adjudicator;
use crate::policy::{Policy, PolicyIndex, ProcedureIndex};
use crate::report::Ground;
use crate::report::tally::{AppliedVersion, Tally};
use crate::rules::RuleId;

/// How many sections are named for a rule.
const SECTIONS_OF_A_RULE: usize = 8;

/// The sections that findings of a rule rest on; of each no more than people read.
pub(super) fn sections(rule: RuleId, adjudicator: &Adjudicator, tally: &Tally) -> Vec<String> {
    let grounds = tally.grounds.iter().filter(|(of, _, _)| *of == rule);
    sections_behind(rule, adjudicator.index(), grounds.map(|(_, procedure, version)| (*procedure, *version)))
}

/// The sections behind findings of a rule on these procedures under these versions, as the
/// summary names them.
pub fn sections_behind(
    rule: RuleId,
    index: &PolicyIndex,
    grounds: impl Iterator<Item = (ProcedureIndex, AppliedVersion)>,
) -> Vec<String> {
    let sections = grounds.filter_map(|(procedure, (policy, version))| {
        let policy = index.policy(policy)?;
        let code = index.entry(procedure)?.code;
        let procedure = policy.procedures.iter().find(|procedure| procedure.code == code);
        let version = version.and_then(|at| policy.versions.get(usize::from(at)));
        let coverage = version.zip(procedure).and_then(|(version, procedure)| version.coverage.get(procedure.service));
        let ground = Ground {
            policy,
            procedure,
            coverage: coverage.and_then(Option::as_ref),
            diagnoses: &[],
            table_edition: index.table().edition(),
        };
        Some(ground.of(rule)).filter(|section| !section.is_empty())
    });
    sections.collect::<BTreeSet<_>>().into_iter().take(SECTIONS_OF_A_RULE).collect()
}

/// The policies that put lines in scope.
pub(super) fn named(adjudicator: &Adjudicator, tally: &Tally) -> Vec<PolicySummary> {
    let applied: BTreeSet<_> = tally.versions.keys().map(|(policy, _)| *policy).collect();
    let policies = applied.into_iter().filter_map(|policy| adjudicator.index().policy(policy));
    policies.map(PolicySummary::from).collect()
}

impl From<&Policy> for PolicySummary {
    fn from(policy: &Policy) -> Self {
        Self {
            id: policy.id.clone(),
            title: policy.title.clone(),
            publisher: policy.publisher.clone(),
            source: policy.source.clone(),
            limitations: policy.limitations.clone(),
        }
    }
}

/// Lines by policy and version applied.
pub(super) fn versions(groups: &Groups<'_>, adjudicator: &Adjudicator, tally: &Tally) -> Vec<VersionSummary> {
    let mut applied: Vec<_> = tally.versions.iter().collect();
    applied.sort_by_key(|(version, _)| **version);
    applied
        .into_iter()
        .filter_map(|((policy, version), sums)| {
            let policy = adjudicator.index().policy(*policy)?;
            let version = version.and_then(|at| policy.versions.get(usize::from(at)));
            let version = version.map(|version| version.id.clone()).unwrap_or_default();
            let key = format!("{} {version}", policy.id).trim_end().to_owned();
            Some(VersionSummary { policy_id: policy.id.clone(), policy_version: version, group: groups.of(key, sums) })
        })
        .collect()
}
