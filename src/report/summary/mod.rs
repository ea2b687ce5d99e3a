//! `summary.json`: counts and dollars of a run. Its form is published as
//! `docs/schemas/summary.schema.json`.
//!
//! Dollars are JSON numbers; sums of amounts net reversals. Nothing here depends
//! on the machine, the clock or the number of threads.

mod build;

use serde::{Deserialize, Serialize};

use crate::rules::Disposition;
use crate::run::RowCounts;

/// The version of the summary's form.
pub const SCHEMA_VERSION: u32 = 1;

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
    /// The lines of a disposition.
    #[must_use]
    pub fn lines(&self, disposition: Disposition) -> u64 {
        self.by_disposition.iter().find(|one| one.key == disposition.name()).map_or(0, |one| one.amounts.lines)
    }
}
