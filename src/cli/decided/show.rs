//! What was examined and found, told on a sheet.

use adjudicate::policy::Standing;
use adjudicate::rules::{Disposition, Weight};

use super::diagnosis::NOT_LISTED;
use super::{DiagnosisAnswer, Examination, IndicationAnswer, ListedAnswer};
use crate::cli::page::{STRONG, disposition_style, weight_style};
use crate::cli::sheet::Sheet;
use crate::cli::text::plural;
use crate::cli::words;

/// What a disposition means.
pub(crate) fn disposition(sheet: &mut dyn Sheet, disposition: Disposition) {
    let words = match disposition {
        Disposition::Allow => "The coded data gives no reason to stop this line.",
        Disposition::Deny => "The coded data gives a reason not to pay this line.",
        Disposition::Pend => "A person should look at this line before it is paid.",
        Disposition::Refer => "Another program's rules apply to this line.",
    };
    sheet.lead(0, disposition_style(disposition), &format!("{}:", disposition.name()), words);
}

/// A finding as it is told.
pub(crate) struct FindingShown<'a> {
    pub(crate) rule: &'a str,
    pub(crate) name: &'a str,
    /// None of a rule that this release does not have.
    pub(crate) weight: Option<Weight>,
    pub(crate) says: &'a str,
    pub(crate) detail: &'a str,
    pub(crate) basis: &'a str,
    pub(crate) carc: &'a str,
    pub(crate) rarc: &'a str,
}

/// A finding.
pub(crate) fn finding(sheet: &mut dyn Sheet, finding: &FindingShown<'_>) {
    let FindingShown { rule, name, weight, says, detail, basis, carc, rarc } = finding;
    let (style, weighs) =
        weight.map_or((STRONG, String::new()), |weight| (weight_style(weight), format!("({})", weight.name())));
    sheet.entry(style, format!("{rule} {name}").trim_end(), &weighs);
    sheet.named(4, "Rule", says);
    sheet.named(4, "Here", detail);
    sheet.named(4, "Section", basis);
    // On a pended line, these are for the case that it is denied later.
    let later = if *weight == Some(Weight::Pend) { "if it is later denied: " } else { "" };
    let codes = words::adjustment(carc, rarc);
    if !codes.is_empty() {
        sheet.named(4, "Suggested", &format!("{later}{codes}"));
    }
}

/// Every diagnosis with its standing.
pub(crate) fn diagnoses(sheet: &mut dyn Sheet, examined: &Examination) {
    sheet.heading("Diagnoses");
    if examined.diagnoses.is_empty() {
        sheet.paragraph(2, "none");
    }
    for diagnosis in &examined.diagnoses {
        sheet.lead_item(&diagnosis.code, &diagnosis_words(diagnosis));
    }
}

fn diagnosis_words(diagnosis: &DiagnosisAnswer) -> String {
    let standing = match diagnosis.standing {
        Some(word) if word == Standing::Supporting.word() => "supports the service",
        Some(word) if word == Standing::Review.word() => "on the review list",
        Some(NOT_LISTED) => "on no list",
        Some(word) => word,
        None => diagnosis.status,
    };
    let mut words = vec![standing.to_owned()];
    match (&diagnosis.valid_from, &diagnosis.valid_to) {
        (Some(from), Some(to)) => words.push(format!("billable from {from} to {to}")),
        (Some(from), None) => words.push(format!("billable since {from}")),
        (None, _) => {}
    }
    if !diagnosis.completions.is_empty() {
        // All of them, listed or not: a choice would lead the biller.
        words.push(format!(
            "{} on the date: {}",
            plural(diagnosis.completions.len(), "billable completion"),
            diagnosis.completions.join(", ")
        ));
    }
    if let Some(ListedAnswer { list, entry, cite, etiology, region, together_with }) = &diagnosis.listed {
        words.push(format!("list \"{list}\", entry \"{entry}\" ({cite})"));
        words.push(format!("etiology {etiology}"));
        words.extend(region.as_ref().map(|region| format!("region {region}")));
        if !together_with.is_empty() {
            words.push(format!("counts only together with {}", together_with.join(" or ")));
        }
    }
    words.join("; ")
}

/// Every indication with its standing.
pub(crate) fn indications(sheet: &mut dyn Sheet, examined: &Examination) {
    if examined.indications.is_empty() {
        return;
    }
    sheet.heading("Indications");
    if !examined.facts_given {
        sheet.paragraph(2, "No clinical fact was given, so none of these was weighed. What each of them would take:");
    }
    for IndicationAnswer { id, label, cite, requires, standing, missing, against } in &examined.indications {
        sheet.entry(STRONG, id, &format!("{standing}: {label}"));
        sheet.named(4, "Requires", requires);
        sheet.named(4, "Missing", &missing.join(", "));
        sheet.named(4, "Against", &against.join(", "));
        sheet.named(4, "Section", cite);
    }
}

/// What the policy says of the procedure and of its service.
pub(crate) fn policy(sheet: &mut dyn Sheet, examined: &Examination) {
    sheet.heading("Procedure and coverage");
    let procedure = &examined.procedure;
    let active = match &procedure.active_to {
        Some(to) => format!("{} to {to}", procedure.active_from),
        None => format!("since {}", procedure.active_from),
    };
    sheet.named(2, "Active", &active);
    sheet.named(2, "Procedure", &procedure.says.join("; "));
    sheet.named(2, "Section", &procedure.cite);
    sheet.named(2, "Coverage", &examined.coverage.join("; "));
    sheet.named(2, "Section", examined.coverage_cite.as_deref().unwrap_or_default());
    sheet.named(2, "Version", examined.version_note.as_deref().unwrap_or_default());
}
