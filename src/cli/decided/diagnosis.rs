//! What each diagnosis of a line is on its date, and what it counts for.

use serde::Serialize;

use adjudicate::claim::{ClaimLine, Diagnosis, DiagnosisText};
use adjudicate::engine::Trace;
use adjudicate::icd10::{CodeIndex, Icd10, Status};
use adjudicate::policy::ListedDiagnosis;
use adjudicate::rules::Examined;

use crate::cli::words;

/// The standing of a diagnosis that may be billed and is on no list of the version.
pub(super) const NOT_LISTED: &str = "not listed";

/// One diagnosis.
#[derive(Debug, Serialize)]
pub(crate) struct DiagnosisAnswer {
    pub(crate) code: String,
    /// What it is on the service date.
    pub(crate) status: &'static str,
    /// The days on which the table has it.
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_to: Option<String>,
    /// What it counts for on this line; none where it may not be billed.
    pub(crate) standing: Option<&'static str>,
    /// The billable codes that begin with it, where it is incomplete.
    pub(crate) completions: Vec<String>,
    pub(crate) listed: Option<ListedAnswer>,
}

/// Where a diagnosis stands on the version's lists.
#[derive(Debug, Serialize)]
pub(crate) struct ListedAnswer {
    pub(crate) list: String,
    pub(crate) entry: String,
    pub(crate) cite: String,
    pub(crate) etiology: &'static str,
    pub(crate) region: Option<String>,
    /// Codes of which one must be on the line for this one to count.
    pub(crate) together_with: Vec<String>,
}

/// Every diagnosis of a line, in its order.
pub(crate) fn diagnoses(line: &ClaimLine<'_>, trace: &Trace<'_>) -> Vec<DiagnosisAnswer> {
    line.diagnoses.iter().map(|diagnosis| answer(line, diagnosis, trace)).collect()
}

fn answer(line: &ClaimLine<'_>, diagnosis: &Diagnosis<'_>, trace: &Trace<'_>) -> DiagnosisAnswer {
    let table = trace.context.table;
    let mut text = Vec::new();
    diagnosis.text.write(&mut text);
    let mut answer = DiagnosisAnswer {
        code: String::from_utf8_lossy(&text).into_owned(),
        status: "unknown",
        valid_from: None,
        valid_to: None,
        standing: None,
        completions: Vec::new(),
        listed: None,
    };
    let DiagnosisText::Code(code) = diagnosis.text else { return answer };
    let status = table.status(&code, line.service_date);
    answer.status = words::status(status);
    if status == Status::Incomplete {
        answer.completions =
            table.completions(&code, line.service_date).map(|index| table.code(index).to_string()).collect();
    }
    if let Some(index) = table.find(&code) {
        let (from, to) = table.validity(index);
        answer.valid_from = Some(from.to_string());
        answer.valid_to = to.map(|day| day.to_string());
        answer.listed = listed(index, trace, table);
    }
    if matches!(status, Status::Billable(_)) {
        answer.standing = Some(standing(line, diagnosis, trace));
    }
    answer
}

fn standing(line: &ClaimLine<'_>, diagnosis: &Diagnosis<'_>, trace: &Trace<'_>) -> &'static str {
    let tested = trace.draft.reached_diagnosis && trace.context.coverage.is_some_and(|one| one.diagnoses.is_some());
    if !tested {
        return "not tested";
    }
    if !line.examined().any(|examined| examined.slot == diagnosis.slot) {
        return "not pointed to";
    }
    match trace.context.diagnoses.examined.iter().find(|examined| examined.text == diagnosis.text) {
        Some(Examined { listed: Some(listed), .. }) => listed.standing.word(),
        Some(Examined { lacks_companion: true, .. }) => "listed, but a companion is missing",
        _ => NOT_LISTED,
    }
}

fn listed(index: CodeIndex, trace: &Trace<'_>, table: &Icd10) -> Option<ListedAnswer> {
    let (policy, coverage) = (trace.context.policy, trace.context.coverage?);
    let ListedDiagnosis { etiology, region, together_with, .. } = coverage.diagnoses.as_deref()?.get(index)?;
    let (list, entry) = words::listed_in(index, coverage, policy)?;
    Some(ListedAnswer {
        list: list.id.clone(),
        entry: policy.text(entry.text).to_owned(),
        cite: list.cite.clone(),
        etiology: words::etiology(*etiology),
        region: region.and_then(|region| policy.regions.get(usize::from(region.0)).cloned()),
        together_with: together_with.iter().map(|code| table.code(*code).to_string()).collect(),
    })
}
