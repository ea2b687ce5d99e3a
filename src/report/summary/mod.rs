//! `summary.json`: counts and dollars of a run. Its form is published as
//! `docs/schemas/summary.schema.json`.
//!
//! Dollars are JSON numbers; sums of amounts net reversals. Nothing here depends
//! on the machine, the clock or the number of threads.

mod amounts;
mod audit;
mod build;
mod compared;
mod flagged;
mod policies;
mod providers;
mod retold;
mod shadow;
mod waived;
mod warnings;

use serde::{Deserialize, Serialize};

use crate::rules::Disposition;
use crate::run::{HistoryCounts, RowCounts};

pub use amounts::{AmountsSummary, DollarsSummary, GroupSummary, KeyedAmounts, NamedSummary};
pub use audit::{AllowedSummary, FinalActionSummary, RecoveredRule, RecoverySummary};
pub use build::Counted;
pub use flagged::{DiagnosisSummary, SampleSummary, StoppedSummary, StratumSummary};
pub use policies::sections_behind;
pub use providers::{
    MeasureSummary, PaidSummary, PeersSummary, ProviderSummary, QuarterSummary, UnlikeProvider, UnlikeRule,
};
pub use retold::{Retold, ToldLine};
pub use shadow::ShadowSummary;
pub use waived::{OverlapSummary, OverrideSummary, OverridesSummary};
pub use warnings::{RowsRead, Warning};

/// The version of the summary's form.
pub const SCHEMA_VERSION: u32 = 4;

/// A run in numbers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The version of this form.
    pub schema_version: u32,
    /// Rows read.
    pub rows: u64,
    /// Rows whose procedure no policy speaks about.
    pub out_of_scope: u64,
    /// Lines in scope that are not judged, since another version of their claim stands.
    pub superseded: u64,
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
    pub by_provider: Vec<ProviderSummary>,
    /// All other providers as one.
    pub other_providers: Option<OtherProviders>,
    /// Providers compared with each other.
    pub peers: PeersSummary,
    /// By policy and version applied.
    pub by_version: Vec<VersionSummary>,
    /// The policies that put lines in scope.
    pub policies: Vec<PolicySummary>,
    /// Dollars paid on denied lines, reversals netted.
    pub exposure: f64,
    /// The versions of claims: what is not judged, and what is odd.
    pub final_action: FinalActionSummary,
    /// Lines that the payer has denied itself, with their amounts as they were read: they
    /// are judged, and what was paid on them counts as nothing everywhere else.
    pub already_denied: AmountsSummary,
    /// Lines whose status with the payer is a word that is not known: taken as paid.
    pub unknown_status: AmountsSummary,
    /// Dollars allowed, by disposition, of lines that say so.
    pub allowed: Vec<AllowedSummary>,
    /// Exposure by whether it can still be asked for, where that was asked.
    pub recovery: Option<RecoverySummary>,
    /// What the payer's overrides came to, where there were any.
    pub overrides: Option<OverridesSummary>,
    /// Lines of earlier runs that took part, where there were any.
    #[serde(default)]
    pub history: Option<HistoryCounts>,
    /// What other policies would have made of the lines, where they were asked.
    #[serde(default)]
    pub shadow: Option<ShadowSummary>,
    /// Denied and pended lines by what it would take.
    pub stopped: StoppedSummary,
    /// What was billed where a listed diagnosis was expected, the most frequent
    /// first.
    pub diagnoses: Vec<DiagnosisSummary>,
    /// Allowed lines whose clinical facts nothing weighed.
    pub clinical_not_examined: AmountsSummary,
    /// Lines that did not give a value.
    pub not_given: NotGiven,
    /// Rejected rows by column and reason.
    pub rejects: Vec<RejectSummary>,
    /// Lines whose service date lies before the diagnosis table's first day.
    #[serde(default)]
    pub before_table: u64,
    /// Lines whose service date lies after the diagnosis table's last day.
    pub after_table: u64,
    /// The first and the last service date of decided lines.
    pub service_dates: Option<DatesSummary>,
    /// The sample of flagged lines.
    pub sample: SampleSummary,
    /// The diagnosis table's edition.
    pub icd10cm: String,
    /// Options that changed how lines were decided.
    pub options: OptionsSummary,
    /// What is probably not as whoever runs it thinks.
    #[serde(default)]
    pub warnings: Vec<Warning>,
}

/// Rows of one input.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FileSummary {
    /// The input's name, as given.
    pub file: String,
    /// Its rows.
    #[serde(flatten)]
    pub counts: RowCounts,
    /// Dollars of its decided lines.
    #[serde(flatten)]
    pub dollars: DollarsSummary,
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
    /// The adjustment reason code that it usually suggests, or blank.
    pub carc: String,
    /// The remark code that it usually suggests, or blank.
    pub rarc: String,
    /// Whether a corrected claim could mend it.
    pub fixable: bool,
    /// The sections behind its findings, as far as they rest on a policy.
    pub sections: Vec<String>,
    /// Lines and dollars of the lines that it names.
    #[serde(flatten)]
    pub amounts: AmountsSummary,
    /// Lines with a finding of it, whatever names them.
    pub lines_with_finding: u64,
}

/// A first and a last day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DatesSummary {
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
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

/// A policy that put lines in scope, in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PolicySummary {
    /// Its number.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Whose it is.
    pub publisher: String,
    /// The document behind it, and its date.
    pub source: String,
    /// What claim data cannot show.
    pub limitations: Vec<String>,
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
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NotGiven {
    /// Judged as commercial.
    pub line_of_business: AmountsSummary,
    /// Taken as one.
    pub units: AmountsSummary,
    /// All diagnoses examined.
    pub diagnosis_pointers: AmountsSummary,
    /// Unknown, so in no sum of dollars paid.
    pub paid_amount: AmountsSummary,
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
    /// Every version of a claim is judged.
    pub as_received: bool,
    /// Which lines `decisions` holds.
    pub select: String,
}

impl Summary {
    /// How many rows went where.
    #[must_use]
    pub fn counts(&self) -> RowCounts {
        let Self { rows, out_of_scope, superseded, decided, rejected, .. } = *self;
        RowCounts { rows, out_of_scope, superseded, decided, rejected }
    }

    /// The lines of a disposition.
    #[must_use]
    pub fn lines(&self, disposition: Disposition) -> u64 {
        self.by_disposition.iter().find(|one| one.key == disposition.name()).map_or(0, |one| one.amounts.lines)
    }
}
