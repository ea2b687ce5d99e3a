//! A run's counts and sums, put in order.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{
    AmountsSummary, FileSummary, GroupSummary, KeyedAmounts, NotGiven, OptionsSummary, OtherProviders, RejectSummary,
    RuleSummary, SCHEMA_VERSION, Summary, VersionSummary,
};
use crate::engine::Adjudicator;
use crate::policy::Program;
use crate::report::tally::{Amounts, ByDisposition, Dollars, Tally};
use crate::rules::{CATALOGUE, Disposition};
use crate::run::{InputOutcome, RowCounts, RunSettings};

/// How many providers are named; the rest are one sum.
const PROVIDERS: usize = 1000;

impl Summary {
    /// Puts a run's counts and sums in order.
    #[must_use]
    pub fn new(
        settings: &RunSettings,
        adjudicator: &Adjudicator,
        inputs: &[InputOutcome],
        reasons: &BTreeMap<(String, String), u64>,
        after_table: u64,
        tally: &Tally,
    ) -> Self {
        let counts: RowCounts = inputs.iter().map(|input| input.counts).sum();
        let (by_provider, other_providers) = providers(tally);
        let [line_of_business, units, diagnosis_pointers, paid_amount] = tally.defaulted;
        let options = adjudicator.options();
        let code =
            |procedure| adjudicator.index().entry(procedure).map(|entry| entry.code.to_string()).unwrap_or_default();
        let program = |program: &Option<Program>| program.map_or("unknown", Program::name).to_owned();
        Self {
            schema_version: SCHEMA_VERSION,
            rows: counts.rows,
            out_of_scope: counts.out_of_scope,
            decided: counts.decided,
            rejected: counts.rejected,
            files: inputs.iter().map(|input| FileSummary { file: input.name.clone(), counts: input.counts }).collect(),
            total: amounts(&tally.all.all()),
            by_disposition: Disposition::ALL
                .into_iter()
                .map(|one| KeyedAmounts { key: one.name().to_owned(), amounts: amounts(&tally.all.of(one)) })
                .collect(),
            by_rule: rules(adjudicator, tally),
            by_procedure: groups(&tally.procedures, |procedure| code(*procedure)),
            by_program: groups(&tally.programs, program),
            by_service_month: groups(&tally.months, |(year, month)| format!("{year:04}-{month:02}")),
            by_provider,
            other_providers,
            by_version: versions(adjudicator, tally),
            exposure: dollars(tally.all.of(Disposition::Deny).paid),
            clinical_not_examined: amounts(&tally.clinical_not_examined),
            not_given: NotGiven { line_of_business, units, diagnosis_pointers, paid_amount },
            rejects: reasons
                .iter()
                .map(|((column, reason), rows)| RejectSummary {
                    column: column.clone(),
                    reason: reason.clone(),
                    rows: *rows,
                })
                .collect(),
            after_table,
            icd10cm: adjudicator.index().table().edition().to_owned(),
            options: OptionsSummary {
                policy_date: options.policy_date.map(|day| day.to_string()),
                strict_programs: options.strict_programs,
                require_clinical: options.require_clinical,
                clinical_denies: options.clinical_denies,
                unlisted_diagnosis_pends: options.unlisted_diagnosis_pends,
                select: settings.select.name().to_owned(),
            },
        }
    }
}

fn rules(adjudicator: &Adjudicator, tally: &Tally) -> Vec<RuleSummary> {
    CATALOGUE
        .iter()
        .filter_map(|rule| {
            let sums = tally.rule(rule.id);
            (sums.found > 0).then(|| RuleSummary {
                rule: rule.code.to_owned(),
                name: rule.name.to_owned(),
                weight: adjudicator.weights().of(rule.id).name().to_owned(),
                amounts: amounts(&sums.named),
                lines_with_finding: sums.found,
            })
        })
        .collect()
}

/// The largest providers by exposure, then lines, then id; and the rest as one.
fn providers(tally: &Tally) -> (Vec<GroupSummary>, Option<OtherProviders>) {
    let mut all: Vec<(&String, &ByDisposition)> = tally.providers.iter().collect();
    all.sort_by_cached_key(|(id, sums)| {
        let exposure = sums.of(Disposition::Deny).paid;
        (std::cmp::Reverse(exposure), std::cmp::Reverse(sums.all().lines), *id)
    });
    let rest = all.split_off(all.len().min(PROVIDERS));
    let named = all.into_iter().map(|(id, sums)| group(id.clone(), sums)).collect();
    let mut sums = ByDisposition::default();
    for (_, one) in &rest {
        sums.merge(one);
    }
    let others = OtherProviders { providers: rest.len() as u64, group: group("others".to_owned(), &sums) };
    (named, (!rest.is_empty()).then_some(others))
}

/// The groups of a map in the order of their names.
fn groups<K>(map: &FxHashMap<K, ByDisposition>, name: impl Fn(&K) -> String) -> Vec<GroupSummary> {
    let mut groups: Vec<_> = map.iter().map(|(key, sums)| group(name(key), sums)).collect();
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    groups
}

fn versions(adjudicator: &Adjudicator, tally: &Tally) -> Vec<VersionSummary> {
    let mut applied: Vec<_> = tally.versions.iter().collect();
    applied.sort_by_key(|(version, _)| **version);
    applied
        .into_iter()
        .filter_map(|((policy, version), sums)| {
            let policy = adjudicator.index().policy(*policy)?;
            let version = version.and_then(|at| policy.versions.get(usize::from(at)));
            let version = version.map(|version| version.id.clone()).unwrap_or_default();
            let key = format!("{} {version}", policy.id).trim_end().to_owned();
            Some(VersionSummary { policy_id: policy.id.clone(), policy_version: version, group: group(key, sums) })
        })
        .collect()
}

fn group(key: String, sums: &ByDisposition) -> GroupSummary {
    let lines = |disposition| sums.of(disposition).lines;
    GroupSummary {
        key,
        amounts: amounts(&sums.all()),
        allow: lines(Disposition::Allow),
        deny: lines(Disposition::Deny),
        pend: lines(Disposition::Pend),
        refer: lines(Disposition::Refer),
        exposure: dollars(sums.of(Disposition::Deny).paid),
    }
}

fn amounts(sums: &Amounts) -> AmountsSummary {
    AmountsSummary {
        lines: sums.lines,
        billed: dollars(sums.billed),
        paid: dollars(sums.paid),
        paid_unknown: sums.paid_unknown,
    }
}

/// Dollars as a JSON number: exact to the ten-thousandth up to 900 billion.
fn dollars(sum: Dollars) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let scaled = sum.amount().ten_thousandths() as f64;
    scaled / 10_000.0
}
