//! The answer as a page.

use super::answer::{Answer, DecisionAnswer, FindingAnswer};
use crate::cli::decided::show::{self, FindingShown};
use crate::cli::page::{Page, STRONG};

/// The page of an answer.
pub(super) fn page(answer: &Answer) -> Page {
    let mut page = Page::default();
    let Some(decision) = &answer.decision else {
        out_of_scope(&mut page, answer);
        return page;
    };
    head(&mut page, answer, decision);
    findings(&mut page, decision);
    show::diagnoses(&mut page, &decision.examined);
    show::indications(&mut page, &decision.examined);
    session(&mut page, answer);
    show::policy(&mut page, &decision.examined);
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
    page.lead(0, STRONG, &answer.procedure, &decision.examined.procedure.label);
    let examined = &decision.examined;
    let program = examined.program.unwrap_or("unknown line of business");
    let version = match &examined.policy_version {
        Some(version) => format!("version {version}"),
        None => "no version applied".to_owned(),
    };
    page.paragraph(
        0,
        &format!(
            "on {}, {program}, policy {} ({}), {version}",
            answer.service_date, examined.policy_id, examined.policy_title
        ),
    );
    page.gap();
    show::disposition(page, decision.disposition);
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
        let weight = Some(*weight);
        show::finding(page, &FindingShown { rule, name, weight, says, detail, basis, carc, rarc });
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
