//! The answer as a page.

use adjudicate::rules::{Disposition, Weight};

use super::answer::{Answer, DecisionAnswer, FindingAnswer, IndicationAnswer};
use super::diagnosis::{DiagnosisAnswer, ListedAnswer};
use crate::cli::page::{Page, STRONG, disposition_style, weight_style};
use crate::cli::text::plural;
use crate::cli::words;

/// The page of an answer.
pub(super) fn page(answer: &Answer) -> Page {
    let mut page = Page::default();
    let Some(decision) = &answer.decision else {
        out_of_scope(&mut page, answer);
        return page;
    };
    head(&mut page, answer, decision);
    findings(&mut page, decision);
    diagnoses(&mut page, decision);
    indications(&mut page, decision);
    session(&mut page, answer);
    policy(&mut page, decision);
    page.heading("What claim data cannot show");
    for limitation in &decision.limitations {
        page.item(2, limitation);
    }
    page.gap();
    page.paragraph(
        0,
        "A recommendation: it does not say that the service was, or was not, medically necessary, and checks neither \
         benefits nor eligibility.",
    );
    page
}

fn out_of_scope(page: &mut Page, answer: &Answer) {
    page.lead(0, STRONG, &answer.procedure, "out of scope");
    page.gap();
    page.paragraph(
        0,
        &format!(
            "No loaded policy speaks about this procedure; a run counts such lines and leaves them alone. Loaded: {}.",
            answer.policies.join(", ")
        ),
    );
}

fn head(page: &mut Page, answer: &Answer, decision: &DecisionAnswer) {
    page.lead(0, STRONG, &answer.procedure, &decision.procedure.label);
    let program = decision.program.unwrap_or("unknown line of business");
    let version = match &decision.policy_version {
        Some(version) => format!("version {version}"),
        None => "no version applied".to_owned(),
    };
    page.paragraph(
        0,
        &format!(
            "on {}, {program}, policy {} ({}), {version}",
            answer.service_date, decision.policy_id, decision.policy_title
        ),
    );
    page.gap();
    let words = match decision.disposition {
        Disposition::Allow => "The coded data gives no reason to stop this line.",
        Disposition::Deny => "The coded data gives a reason not to pay this line.",
        Disposition::Pend => "A person should look at this line before it is paid.",
        Disposition::Refer => "Another program's rules apply to this line.",
    };
    page.lead(0, disposition_style(decision.disposition), &format!("{}:", decision.disposition.name()), words);
    for note in &answer.notes {
        page.item(0, note);
    }
}

fn findings(page: &mut Page, decision: &DecisionAnswer) {
    page.heading("Findings");
    if decision.findings.is_empty() {
        page.paragraph(2, "none");
    }
    for FindingAnswer { rule, name, weight, says, detail, basis, carc, rarc } in &decision.findings {
        page.lead(2, weight_style(*weight), &format!("{rule} {name}"), &format!("({})", weight.name()));
        page.named(4, 11, "Rule", says);
        page.named(4, 11, "Here", detail);
        page.named(4, 11, "Section", basis);
        // On a pended line, these are for the case that it is denied later.
        let later = if *weight == Weight::Pend { "if it is later denied: " } else { "" };
        let codes = words::adjustment(carc, rarc);
        if !codes.is_empty() {
            page.named(4, 11, "Suggested", &format!("{later}{codes}"));
        }
    }
}

fn diagnoses(page: &mut Page, decision: &DecisionAnswer) {
    page.heading("Diagnoses");
    if decision.diagnoses.is_empty() {
        page.paragraph(2, "none");
    }
    for diagnosis in &decision.diagnoses {
        page.lead(2, STRONG, &diagnosis.code, &diagnosis_words(diagnosis));
    }
}

fn diagnosis_words(diagnosis: &DiagnosisAnswer) -> String {
    let mut words = vec![diagnosis.standing.unwrap_or(diagnosis.status).to_owned()];
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

fn indications(page: &mut Page, decision: &DecisionAnswer) {
    if decision.indications.is_empty() {
        return;
    }
    page.heading("Indications");
    if !decision.facts_given {
        page.paragraph(2, "No clinical fact was given, so none of these was weighed. What each of them would take:");
    }
    for IndicationAnswer { id, label, cite, requires, standing, missing } in &decision.indications {
        page.lead(2, STRONG, id, &format!("{standing}: {label}"));
        page.named(4, 11, "Requires", requires);
        page.named(4, 11, "Missing", &missing.join(", "));
        page.named(4, 11, "Section", cite);
    }
}

fn session(page: &mut Page, answer: &Answer) {
    if answer.session.is_empty() {
        return;
    }
    page.heading("Session");
    for other in &answer.session {
        let disposition = other.disposition.unwrap_or("out of scope");
        let by = other.rule.map(|rule| format!(" by {rule}")).unwrap_or_default();
        page.lead(2, STRONG, &other.procedure, &format!("{disposition}{by}"));
    }
}

fn policy(page: &mut Page, decision: &DecisionAnswer) {
    page.heading("Procedure and coverage");
    let procedure = &decision.procedure;
    let active = match &procedure.active_to {
        Some(to) => format!("{} to {to}", procedure.active_from),
        None => format!("since {}", procedure.active_from),
    };
    page.named(2, 11, "Active", &active);
    page.named(2, 11, "Procedure", &procedure.says.join("; "));
    page.named(2, 11, "Section", &procedure.cite);
    page.named(2, 11, "Coverage", &decision.coverage.join("; "));
    page.named(2, 11, "Section", decision.coverage_cite.as_deref().unwrap_or_default());
    page.named(2, 11, "Version", decision.version_note.as_deref().unwrap_or_default());
}
