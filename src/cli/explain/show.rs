//! A claim's lines as a page.

use adjudicate::rules::Disposition;

use super::line::{FindingTold, LineTold, Told};
use crate::cli::page::{PLAIN, Page, STRONG, disposition_style};
use crate::cli::words;

/// The page of a claim's lines.
pub(super) fn page(told: &Told) -> Page {
    let mut page = Page::default();
    for line in &told.lines {
        page.gap();
        one(&mut page, line);
    }
    page.gap();
    for note in &told.notes {
        page.paragraph(0, note);
    }
    page.paragraph(
        0,
        "A recommendation: it does not say that the service was, or was not, medically necessary. `adjudicate explain \
         RULE` tells more of a rule.",
    );
    page
}

fn one(page: &mut Page, line: &LineTold) {
    let number = |number: Option<u64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    page.lead(
        0,
        STRONG,
        &format!("Claim {}, line {}", line.claim_id, number(line.line_number)),
        &format!("({}, row {})", line.source_file, number(line.source_row)),
    );
    let label = line.procedure_label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    page.named(2, 12, "Procedure", &format!("{}{label} on {}", line.procedure_code, line.service_date));
    page.named(2, 12, "Diagnoses", &line.diagnosis_codes.replace(';', ", "));
    page.named(2, 12, "Program", &line.line_of_business);
    let version = match line.policy_version.as_str() {
        "" => "no version applied".to_owned(),
        version => format!("version {version}"),
    };
    page.named(2, 12, "Policy", &format!("{}, {version}", line.policy_id));
    let label = line.indication_label.as_ref().map(|label| format!(": {label}")).unwrap_or_default();
    if !line.indication.is_empty() {
        page.named(2, 12, "Indication", &format!("{}{label}", line.indication));
    }
    page.gap();
    let style =
        Disposition::ALL.into_iter().find(|one| one.name() == line.disposition).map_or(PLAIN, disposition_style);
    let by = if line.rule.is_empty() { "(no finding stops it)".to_owned() } else { format!("by {}", line.rule) };
    page.lead(2, style, &line.disposition, &by);
    page.named(2, 12, "Detail", &line.detail);
    for FindingTold { rule, name, weight, says, basis, carc, rarc } in &line.findings {
        page.lead(2, STRONG, format!("{rule} {name}").trim_end(), &format!("({weight})"));
        page.named(4, 11, "Rule", says);
        page.named(4, 11, "Section", basis);
        let later = if *weight == "pend" { "if it is later denied: " } else { "" };
        let codes = words::adjustment(carc, rarc);
        if !codes.is_empty() {
            page.named(4, 11, "Suggested", &format!("{later}{codes}"));
        }
    }
}
