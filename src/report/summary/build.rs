//! A run's counts and sums, put in order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{
    AmountsSummary, DatesSummary, DiagnosisSummary, DollarsSummary, FileSummary, GroupSummary, KeyedAmounts,
    NamedSummary, NotGiven, OptionsSummary, RejectSummary, RuleSummary, SCHEMA_VERSION, SampleSummary, ShadowSummary,
    StoppedSummary, StratumSummary, Summary, audit, compared, policies, waived, warnings,
};
use crate::claim::Day;
use crate::engine::{Adjudicator, Superseded};
use crate::policy::Program;
use crate::report::amounts::{Amounts, ByRule, Summed as _};
use crate::report::sample::Sample;
use crate::report::tally::{NamedSums, Tally};
use crate::rules::{CATALOGUE, Disposition, RuleId, Weights};
use crate::run::{HistoryCounts, InputOutcome, RowCounts, RunSettings, ShadowOutcome};

/// How many kinds of diagnoses are named for a rule.
const DIAGNOSES_OF_A_RULE: usize = 100;

/// All that a run has counted.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// What became of each input.
    pub inputs: &'a [InputOutcome],
    /// Rejected rows by column and reason.
    pub reasons: &'a BTreeMap<(String, String), u64>,
    /// Sums over decided lines.
    pub tally: &'a Tally,
    /// The sample of flagged lines.
    pub sample: &'a Sample,
    /// What stands of the claims.
    pub superseded: &'a Superseded,
    /// Lines of earlier runs, where there are any.
    pub history: Option<HistoryCounts>,
    /// What other policies would have made of the lines, where they were asked.
    pub shadow: Option<&'a ShadowOutcome>,
}

impl Summary {
    /// Puts a run's counts and sums in order.
    #[must_use]
    pub fn new(settings: &RunSettings, adjudicator: &Adjudicator, counted: &Counted<'_>) -> Self {
        let Counted { inputs, reasons, tally, sample, superseded, history, shadow } = *counted;
        let counts: RowCounts = inputs.iter().map(|input| input.counts).sum();
        let weights = adjudicator.weights();
        let groups = Groups { weights };
        let (by_provider, other_providers, peers) = compared::summed(&groups, tally);
        let [line_of_business, units, diagnosis_pointers, paid_amount] = tally.defaulted;
        let options = adjudicator.options();
        let table = adjudicator.index().table();
        let lines_on = |outside: &dyn Fn(&Day) -> bool| {
            tally.days.iter().filter(|(day, _)| outside(day)).map(|(_, lines)| lines).sum()
        };
        let before_table = lines_on(&|day| *day < table.first_day());
        let after_table = lines_on(&|day| *day > table.last_day());
        let code =
            |procedure| adjudicator.index().entry(procedure).map(|entry| entry.code.to_string()).unwrap_or_default();
        let program = |program: &Option<Program>| program.map_or("unknown", Program::name).to_owned();
        Self {
            schema_version: SCHEMA_VERSION,
            rows: counts.rows,
            out_of_scope: counts.out_of_scope,
            superseded: counts.superseded,
            decided: counts.decided,
            rejected: counts.rejected,
            files: files(inputs, tally),
            total: amounts(&tally.all.all()),
            by_disposition: Disposition::ALL
                .into_iter()
                .map(|one| KeyedAmounts { key: one.name().to_owned(), amounts: amounts(&tally.all.with(one, weights)) })
                .collect(),
            by_rule: rules(adjudicator, tally),
            by_procedure: groups.of_map(&tally.procedures, |procedure| code(*procedure)),
            by_program: groups.of_map(&tally.programs, program),
            by_service_month: groups.of_map(&tally.months, |(year, month)| format!("{year:04}-{month:02}")),
            by_provider,
            other_providers,
            peers,
            by_version: policies::versions(&groups, adjudicator, tally),
            policies: policies::named(adjudicator, tally),
            exposure: tally.all.with(Disposition::Deny, weights).paid.number(),
            final_action: audit::final_action(tally, superseded),
            already_denied: amounts(&tally.already_denied),
            unknown_status: amounts(&tally.unknown_status),
            allowed: audit::allowed(tally),
            recovery: settings.look_back.as_ref().map(|look_back| audit::recovery(tally, look_back)),
            overrides: waived::overrides(adjudicator, tally),
            history,
            shadow: shadow.map(ShadowSummary::from),
            stopped: stopped(&tally.all, weights),
            diagnoses: diagnoses(tally),
            clinical_not_examined: amounts(&tally.clinical_not_examined),
            not_given: NotGiven {
                line_of_business: amounts(&line_of_business),
                units: amounts(&units),
                diagnosis_pointers: amounts(&diagnosis_pointers),
                paid_amount: amounts(&paid_amount),
            },
            rejects: reasons
                .iter()
                .map(|((column, reason), rows)| RejectSummary {
                    column: column.clone(),
                    reason: reason.clone(),
                    rows: *rows,
                })
                .collect(),
            before_table,
            after_table,
            service_dates: service_dates(tally),
            sample: sampled(sample, &tally.all, weights),
            icd10cm: adjudicator.index().table().edition().to_owned(),
            options: OptionsSummary {
                policy_date: options.policy_date.map(|day| day.to_string()),
                strict_programs: options.strict_programs,
                require_clinical: options.require_clinical,
                clinical_denies: options.clinical_denies,
                unlisted_diagnosis_pends: options.unlisted_diagnosis_pends,
                as_received: options.as_received,
                select: settings.select.name().to_owned(),
            },
            warnings: warnings::of(settings, adjudicator, counted, [before_table, after_table]),
        }
    }
}

fn service_dates(tally: &Tally) -> Option<DatesSummary> {
    let (first, last) = (tally.days.keys().min()?, tally.days.keys().max()?);
    Some(DatesSummary { first: first.to_string(), last: last.to_string() })
}

fn files(inputs: &[InputOutcome], tally: &Tally) -> Vec<FileSummary> {
    let sums = tally.files.iter().copied().chain(std::iter::repeat(Amounts::default()));
    let file = |(input, sum): (&InputOutcome, Amounts)| FileSummary {
        file: input.name.clone(),
        counts: input.counts,
        dollars: amounts(&sum).dollars,
    };
    inputs.iter().zip(sums).map(file).collect()
}

fn rules(adjudicator: &Adjudicator, tally: &Tally) -> Vec<RuleSummary> {
    let found = CATALOGUE.iter().zip(&tally.found).filter(|(_, found)| **found > 0);
    let summary = found.map(|(rule, found)| RuleSummary {
        rule: rule.code.to_owned(),
        name: rule.name.to_owned(),
        weight: adjudicator.weights().of(rule.id).name().to_owned(),
        carc: rule.carc.to_owned(),
        rarc: rule.rarc.to_owned(),
        fixable: rule.is_fixable(),
        sections: policies::sections(rule.id, adjudicator, tally),
        amounts: amounts(&tally.all.where_rule(|named| named == Some(rule.id))),
        lines_with_finding: *found,
    });
    summary.collect()
}

pub(super) fn stopped(all: &ByRule, weights: &Weights) -> StoppedSummary {
    let of = |disposition: Disposition, wanted: &dyn Fn(RuleId) -> bool| {
        let sum = all.where_rule(|rule| weights.disposition_of(rule) == disposition && rule.is_some_and(wanted));
        amounts(&sum)
    };
    let cascaded = |rule: RuleId| rule.rule().is_cascaded();
    let fixable = |rule: RuleId| !cascaded(rule) && rule.rule().is_fixable();
    StoppedSummary {
        fixable: of(Disposition::Deny, &fixable),
        cascaded: of(Disposition::Deny, &cascaded),
        hard: of(Disposition::Deny, &|rule| !cascaded(rule) && !fixable(rule)),
        pended_with_another: of(Disposition::Pend, &cascaded),
        pended: of(Disposition::Pend, &|rule| !cascaded(rule)),
    }
}

/// The most frequent diagnoses of each rule; first of the rules that ask for another
/// diagnosis, then of those that ask for a code as it should be.
pub(super) fn diagnoses(tally: &Tally) -> Vec<DiagnosisSummary> {
    let mut all: Vec<_> = tally.diagnoses.iter().collect();
    let of_another = |rule: RuleId| !matches!(rule, RuleId::Cov002 | RuleId::Cov003);
    all.sort_by_key(|((rule, code), sum)| (of_another(*rule), *rule, Reverse(sum.lines), (*code).clone()));
    let of_a_rule = all.chunk_by(|((one, _), _), ((other, _), _)| one == other);
    let largest = of_a_rule.flat_map(|chunk| chunk.iter().take(DIAGNOSES_OF_A_RULE));
    let summary = largest.map(|((rule, code), sum)| DiagnosisSummary {
        rule: rule.rule().code.to_owned(),
        code: String::from_utf8_lossy(code).into_owned(),
        amounts: amounts(sum),
    });
    summary.collect()
}

fn sampled(sample: &Sample, all: &ByRule, weights: &Weights) -> SampleSummary {
    let strata: Vec<_> = sample
        .strata
        .iter()
        .map(|stratum| (stratum, all.where_rule(|named| named == Some(stratum.rule))))
        .map(|(stratum, sums)| StratumSummary {
            rule: stratum.rule.rule().code.to_owned(),
            disposition: weights.disposition_of(Some(stratum.rule)).name().to_owned(),
            lines: stratum.lines,
            paid: sums.paid.number(),
            reversed: sums.reversed.number(),
            paid_unknown: sums.paid_unknown,
            sampled: stratum.rows.len() as u64,
            weight: stratum.weight(),
        })
        .collect();
    SampleSummary {
        seed: sample.settings.seed,
        most: sample.settings.lines as u64,
        flagged: strata.iter().map(|stratum| stratum.lines).sum(),
        lines: strata.iter().map(|stratum| stratum.sampled).sum(),
        strata,
    }
}

/// Makes groups under the weights of a run.
pub(super) struct Groups<'w> {
    pub(super) weights: &'w Weights,
}

impl Groups<'_> {
    /// The groups of a map in the order of their names.
    fn of_map<K>(&self, map: &FxHashMap<K, ByRule>, name: impl Fn(&K) -> String) -> Vec<GroupSummary> {
        let mut groups: Vec<_> = map.iter().map(|(key, sums)| self.of(name(key), sums)).collect();
        groups.sort_by(|a, b| a.key.cmp(&b.key));
        groups
    }

    /// One group.
    pub(super) fn of(&self, key: String, sums: &ByRule) -> GroupSummary {
        let named = sums.iter().map(|(rule, sum)| (*rule, NamedSums { lines: sum.lines, paid: sum.paid }));
        self.group(key, &sums.all(), named)
    }

    /// A group of all these lines, by the rule that names them.
    pub(super) fn group(
        &self,
        key: String,
        all: &Amounts,
        named: impl Iterator<Item = (Option<RuleId>, NamedSums)>,
    ) -> GroupSummary {
        let mut by: [NamedSums; 4] = Default::default();
        let mut rules = Vec::new();
        for (rule, sum) in named {
            let disposition = self.weights.disposition_of(rule);
            by.iter_mut().skip(disposition as usize).take(1).for_each(|of| of.merge(&sum));
            rules.extend(rule.map(|rule| (rule, disposition, sum)));
        }
        rules.sort_by_key(|(rule, ..)| *rule);
        let [allow, deny, pend, refer] = by;
        let rules = rules.into_iter().map(|(rule, disposition, sum)| NamedSummary {
            rule: rule.rule().code.to_owned(),
            disposition: disposition.name().to_owned(),
            lines: sum.lines,
            paid: sum.paid.number(),
        });
        GroupSummary {
            key,
            amounts: amounts(all),
            allow: allow.lines,
            deny: deny.lines,
            pend: pend.lines,
            refer: refer.lines,
            exposure: deny.paid.number(),
            rules: rules.collect(),
        }
    }
}

pub(super) fn amounts(sums: &Amounts) -> AmountsSummary {
    AmountsSummary {
        lines: sums.lines,
        dollars: DollarsSummary {
            billed: sums.billed.number(),
            paid: sums.paid.number(),
            paid_unknown: sums.paid_unknown,
            billed_paid_unknown: sums.billed_paid_unknown.number(),
        },
    }
}
