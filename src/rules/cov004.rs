//! COV004: the clinical facts rule every indication out.

use super::{Finding, LineContext};

rule! {
    /// # COV004 clinical-criteria-not-met
    ///
    /// ## What it does
    /// Pends a line whose diagnoses pass, or are for review, and whose clinical facts
    /// rule out every indication of the service in the version in force. A blank fact
    /// is unknown and rules nothing out; where one keeps an indication open, the
    /// finding is COV005. With `--clinical deny` the line is denied instead. Where an
    /// authorization is on file, AUT001 stands in the place of this rule.
    ///
    /// ## Why it matters
    /// A listed diagnosis supports the service and never proves that it was needed:
    /// the policy also asks for symptoms, and for care that was tried first. But
    /// whether it was needed is a clinician's judgement, so the program stops at
    /// asking for one.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,symptomatic,conservative_weeks
    /// C1,1,2026-03-01,22513,M80.08XA,yes,2
    /// C2,1,2026-03-01,22513,M80.08XA,yes,6
    /// ```
    /// The first line is pended: an osteoporotic fracture, and two weeks of failed
    /// conservative care where an augmentation asks for six. The second meets the
    /// indication K1 and is allowed.
    ///
    /// ## What to do
    /// - Examiner: have a clinician review the record. A member, or a physician for
    ///   one, may ask to be exempted from a requirement to try other care first
    ///   (Florida law 627.42393): see whether such an exemption has been granted.
    /// - Biller: send the notes on symptoms and on the care tried.
    /// - Analyst: use `--clinical deny` only where a clinician judged the facts.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Position Statement, and Program Exceptions for the
    /// exemption. That the line is pended and not denied is our judgement.
    Cov004, "COV004", "clinical-criteria-not-met", Pend,
    carc: "50", rarc: "N661",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    if context.is_authorized() { None } else { ruled_out(context) }
}

/// What there is to say where every indication is ruled out.
pub(super) fn ruled_out(context: &LineContext<'_>) -> Option<Finding> {
    (context.clinical.weighed && context.clinical.all_false).then(Finding::plain)
}
