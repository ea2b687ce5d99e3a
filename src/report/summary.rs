//! `summary.json`: counts and dollars of a run. Its form is published as
//! `docs/schemas/summary.schema.json`.
//!
//! Dollars are JSON numbers; sums of amounts net reversals. Nothing here depends
//! on the machine, the clock or the number of threads.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::tally::{Amounts, ByDisposition, Tally};
use crate::claim::Decimal;
use crate::engine::Adjudicator;
use crate::policy::Program;
use crate::rules::{CATALOGUE, Disposition};
use crate::run::{InputOutcome, RowCounts, RunSettings};

/// The version of the summary's form.
pub const SCHEMA_VERSION: u32 = 1;

/// How many providers are named; the rest are one sum.
const PROVIDERS: usize = 1000;

/// A run in numbers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The version of this form.
    pub schema_version: u32,
    /// Rows read.
    pub rows: u64,
    /// Rows whose procedure no policy speaks about.
    pub out_of_scope: u64,
    /// Lines decided.
    pub decided: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// The same by input, in order.
    pub files: Vec<FileSummary>,
    /// Lines and dollars of all decided lines.
    pub total: AmountsSummary,
    /// By disposition.
    pub by_disposition: Vec<KeyedAmounts>,
    /// By rule, in catalogue order: lines and dollars where the rule names the
    /// line, and lines with any finding of it.
    pub by_rule: Vec<RuleSummary>,
    /// By procedure.
    pub by_procedure: Vec<GroupSummary>,
    /// By program.
    pub by_program: Vec<GroupSummary>,
    /// By month of service.
    pub by_service_month: Vec<GroupSummary>,
    /// By provider: the largest by exposure, then by lines.
    pub by_provider: Vec<GroupSummary>,
    /// All other providers as one.
    pub other_providers: Option<OtherProviders>,
    /// By policy and version applied.
    pub by_version: Vec<VersionSummary>,
    /// Dollars paid on denied lines, reversals netted.
    pub exposure: f64,
    /// Allowed lines whose clinical facts nothing weighed.
    pub clinical_not_examined: AmountsSummary,
    /// Lines that did not give a value.
    pub not_given: NotGiven,
    /// Rejected rows by column and reason.
    pub rejects: Vec<RejectSummary>,
    /// Lines whose service date lies after the diagnosis table's last day.
    pub after_table: u64,
    /// The diagnosis table's edition.
    pub icd10cm: String,
    /// Options that changed how lines were decided.
    pub options: OptionsSummary,
}

/// Rows of one input.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileSummary {
    /// The input's name, as given.
    pub file: String,
    /// Its rows.
    #[serde(flatten)]
    pub counts: RowCounts,
}

/// Lines and dollars.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AmountsSummary {
    /// Lines.
    pub lines: u64,
    /// Dollars billed.
    pub billed: f64,
    /// Dollars paid.
    pub paid: f64,
    /// Lines whose paid amount is unknown.
    pub paid_unknown: u64,
}

/// Lines and dollars under a name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct KeyedAmounts {
    /// The name.
    pub key: String,
    /// Lines and dollars.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
}

/// What a rule came to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RuleSummary {
    /// The rule's id.
    pub rule: String,
    /// Its name.
    pub name: String,
    /// Its weight in this run.
    pub weight: String,
    /// Lines and dollars of the lines that it names.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
    /// Lines with a finding of it, whatever names them.
    pub lines_with_finding: u64,
}

/// Lines and dollars of a group, by disposition.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GroupSummary {
    /// What the group shares.
    pub key: String,
    /// All its lines.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
    /// Lines allowed.
    pub allow: u64,
    /// Lines denied.
    pub deny: u64,
    /// Lines pended.
    pub pend: u64,
    /// Lines referred.
    pub refer: u64,
    /// Dollars paid on its denied lines, reversals netted.
    pub exposure: f64,
}

/// The providers that are not named.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OtherProviders {
    /// How many they are.
    pub providers: u64,
    /// Their lines.
    #[serde(flatten)]
    pub group: GroupSummary,
}

/// Lines under one version of a policy.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct VersionSummary {
    /// The policy.
    pub policy_id: String,
    /// The version; blank where none was applied.
    pub policy_version: String,
    /// Its lines.
    #[serde(flatten)]
    pub group: GroupSummary,
}

/// Lines that did not give a value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NotGiven {
    /// Judged as commercial.
    pub line_of_business: u64,
    /// Taken as one.
    pub units: u64,
    /// All diagnoses examined.
    pub diagnosis_pointers: u64,
    /// Unknown, so in no sum of dollars paid.
    pub paid_amount: u64,
}

/// Rejected rows with one reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RejectSummary {
    /// The column, or blank where the row as a whole is at fault.
    pub column: String,
    /// What is wrong.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
}

/// Options that change how lines are decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)]
pub struct OptionsSummary {
    /// The day whose versions judged every line, if one was named.
    pub policy_date: Option<String>,
    /// Unknown lines of business pend.
    pub strict_programs: bool,
    /// Blank clinical facts pend.
    pub require_clinical: bool,
    /// Indications ruled out deny.
    pub clinical_denies: bool,
    /// Unlisted diagnoses pend.
    pub unlisted_diagnosis_pends: bool,
    /// Which lines `decisions` holds.
    pub select: String,
}

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

    /// The lines of a disposition.
    #[must_use]
    pub fn lines(&self, disposition: Disposition) -> u64 {
        self.by_disposition.iter().find(|one| one.key == disposition.name()).map_or(0, |one| one.amounts.lines)
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
    all.sort_by_key(|(id, sums)| {
        let exposure = sums.of(Disposition::Deny).paid;
        (std::cmp::Reverse(exposure), std::cmp::Reverse(sums.all().lines), (*id).clone())
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
fn dollars(amount: Decimal) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let scaled = amount.ten_thousandths() as f64;
    scaled / 10_000.0
}
