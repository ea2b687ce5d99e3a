//! What there is to tell of a claim's lines: the JSON form, from which pages are
//! made too.

use serde::Serialize;

use crate::cli::decided::Examination;

/// The version of this form.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// What there is to tell about a claim.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    pub(super) schema_version: u32,
    pub(super) lines: Vec<LineTold>,
    /// What claim data cannot show, by the policies that decided these lines.
    pub(super) limitations: Vec<LimitationsTold>,
    pub(super) run: RunTold,
    /// What could not be told.
    pub(super) notes: Vec<String>,
    pub(super) recommendation: &'static str,
}

/// What every reader has to be told.
pub(super) const RECOMMENDATION: &str = "Every disposition is a recommendation from coded data. It does not say that \
    the service was, or was not, medically necessary, and checks neither benefits nor eligibility.";

/// One line as the run decided it.
#[derive(Debug, Serialize)]
pub(super) struct LineTold {
    pub(super) claim_id: String,
    pub(super) line_number: Option<u64>,
    pub(super) source_file: String,
    pub(super) source_row: Option<u64>,
    pub(super) service_date: String,
    pub(super) procedure_code: String,
    pub(super) procedure_label: Option<String>,
    pub(super) diagnosis_codes: String,
    pub(super) line_of_business: String,
    pub(super) provider_npi: String,
    pub(super) units: String,
    pub(super) billed_amount: String,
    pub(super) paid_amount: String,
    pub(super) disposition: String,
    pub(super) rule: String,
    pub(super) carc: String,
    pub(super) rarc: String,
    pub(super) policy_id: String,
    pub(super) policy_version: String,
    pub(super) indication: String,
    pub(super) indication_label: Option<String>,
    /// The overrides that took weight from its findings.
    #[serde(rename = "override", skip_serializing_if = "String::is_empty")]
    pub(super) overrides: String,
    pub(super) detail: String,
    pub(super) findings: Vec<FindingTold>,
    /// Whether the decisions hold the line; if not, the run left it out as allowed.
    pub(super) recorded: bool,
    /// Why its row was not read again; none where it was.
    pub(super) not_read_again: Option<String>,
    /// The row as billed; none where it was not read again.
    pub(super) billed: Option<BilledTold>,
    /// Whether the line, decided again, came to what is recorded; none where it was
    /// not decided again.
    pub(super) as_recorded: Option<bool>,
    pub(super) differences: Vec<DifferenceTold>,
    /// What was examined; none where the line was not decided again.
    pub(super) examined: Option<Examination>,
    /// What the lines of its session share; none where the line was not decided again.
    pub(super) session: Option<&'static str>,
    /// Other lines of its session and its claim, as they are decided again.
    pub(super) others: Vec<OtherTold>,
    /// How many more there are on which nothing rests.
    pub(super) others_left_out: usize,
}

/// A line as it stands in its row.
#[derive(Debug, Serialize)]
pub(super) struct BilledTold {
    /// The procedure with what stands behind it.
    pub(super) procedure: String,
    /// Diagnoses, as in their columns.
    pub(super) diagnoses: String,
    pub(super) pointers: String,
    /// The diagnoses that are pointed to.
    pub(super) pointed: Vec<String>,
    pub(super) modifiers: String,
    pub(super) units: String,
    pub(super) line_of_business: String,
    pub(super) place_of_service: String,
}

/// One finding.
#[derive(Debug, Serialize)]
pub(super) struct FindingTold {
    pub(super) rule: String,
    pub(super) name: &'static str,
    pub(super) weight: &'static str,
    pub(super) says: String,
    /// What it saw on this line; blank where its name says it all, or where the line
    /// was not decided again.
    pub(super) detail: String,
    pub(super) policy_id: String,
    pub(super) policy_version: String,
    pub(super) basis: String,
    pub(super) carc: String,
    pub(super) rarc: String,
    /// What would change the outcome.
    pub(super) changes: String,
    /// What the rule's manual gives each reader to do.
    pub(super) advice: Vec<AdviceTold>,
}

/// Advice to a reader.
#[derive(Debug, Serialize)]
pub(super) struct AdviceTold {
    pub(super) reader: &'static str,
    pub(super) text: String,
}

/// A value that came out otherwise.
#[derive(Debug, Serialize)]
pub(super) struct DifferenceTold {
    pub(super) what: &'static str,
    pub(super) recorded: String,
    pub(super) now: String,
}

/// Another line.
#[derive(Debug, Serialize)]
pub(super) struct OtherTold {
    pub(super) source_file: String,
    pub(super) source_row: u64,
    pub(super) claim_id: String,
    pub(super) line_number: u32,
    pub(super) procedure_code: String,
    pub(super) units: String,
    pub(super) disposition: &'static str,
    pub(super) rule: &'static str,
    /// What it is to the line.
    pub(super) relations: Vec<&'static str>,
}

/// What one policy says that claim data cannot show.
#[derive(Debug, Serialize)]
pub(super) struct LimitationsTold {
    pub(super) policy_id: String,
    pub(super) limitations: Vec<String>,
}

/// How the run is identified.
#[derive(Debug, Serialize)]
pub(super) struct RunTold {
    pub(super) folder: String,
    pub(super) program: String,
    pub(super) version: String,
    /// The version that tells this.
    pub(super) told_by: &'static str,
    pub(super) started: String,
    pub(super) icd10cm: String,
    pub(super) digest: &'static str,
    pub(super) decisions: FileTold,
    /// Options that changed what was decided, or what is kept of it.
    pub(super) options: Vec<String>,
    pub(super) layout: FileTold,
    pub(super) policies: Vec<FileTold>,
    pub(super) inputs: Vec<FileTold>,
}

/// A file of the run.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FileTold {
    /// The policy's number, or the layout's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) digest: String,
    /// What it is now: `unchanged`, or why it was not read again.
    pub(super) now: String,
}
