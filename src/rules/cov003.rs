//! COV003: a diagnosis for which the policy has an indication, but no list entry.

use super::finding::{add_code, add_names, begin};
use super::{Finding, LineContext};
use crate::claim::DiagnosisText;

/// How many codes a message names before it breaks off.
const NAMED: usize = 5;

rule! {
    /// # COV003 diagnosis-needs-review
    ///
    /// ## What it does
    /// Pends a line none of whose examined diagnoses is on the supporting list, but one
    /// of which is on the version's review list: codes of a condition that the policy
    /// covers in words and leaves off its list. The message names them. Where the line
    /// has clinical facts and they meet an indication, this finding is withdrawn.
    ///
    /// ## Why it matters
    /// The guideline has covered acute fractures from trauma since 2020-06-15, but lists
    /// no code of a vertebral injury (S12, S22, S32); and it covers osteoporotic
    /// fractures, but lists no code of other osteoporosis (M80.88). Denying these lines
    /// would go against its statement, allowing them against its list.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22514 S32.010A --date 2026-03-01
    /// ```
    /// The line is pended. On a service date in 2019 it is denied (COV002): trauma was
    /// not yet covered. With 3 in `conservative_weeks` it is allowed, under the
    /// indication K3.
    ///
    /// ## What to do
    /// - Examiner: ask for the record, and compare it with the indications: the cause
    ///   of the fracture, its age, and the weeks of conservative care that failed.
    /// - Biller: send imaging and the notes of that care. Do not exchange the code for
    ///   a listed one: an injury is not coded as a collapsed vertebra.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Position Statement, against Billing/Coding Information.
    /// Which codes are for review is our judgement: of injuries the initial encounter
    /// only (7th character A or B), since a later one is hardly acute.
    Cov003, "COV003", "diagnosis-needs-review", Pend,
    carc: "252", rarc: "N706",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    if context.diagnoses.supports() {
        return None;
    }
    let codes = context.diagnoses.for_review().filter_map(|one| match one.text {
        DiagnosisText::Code(code) => Some(code),
        DiagnosisText::Other(_) => None,
    });
    let mut text = begin("");
    add_names(&mut text, codes, NAMED, add_code).then(|| Finding::with(text))
}
