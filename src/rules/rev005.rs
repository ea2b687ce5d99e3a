//! REV005: the supporting diagnoses are of a later encounter.

use super::{Finding, LineContext};
use crate::claim::DiagnosisText;

rule! {
    /// # REV005 later-encounter
    ///
    /// ## What it does
    /// Notes that every diagnosis that supports the line has a seventh character, and that
    /// none of these is A: the codes speak of a later encounter (healing, delayed healing,
    /// nonunion, malunion) or of a sequela, not of active treatment.
    ///
    /// ## Why it matters
    /// An operation on a fracture is active treatment, for which ICD-10-CM has the A. The
    /// policy lists the other characters too, so the line is not stopped; but the coding
    /// is unusual, and may mean that the fracture is old, or that the diagnosis was copied
    /// from a follow-up visit.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22514 M80.08XD --date 2026-03-01
    /// ```
    /// The line is allowed with this advice. With M80.08XA beside it, or with a listed code
    /// that has no seventh character, such as C79.51, there is no advice.
    ///
    /// ## What to do
    /// - Biller: check the seventh character against the record before the next claim.
    /// - Examiner: nothing has to be done. Where the age of the fracture matters, take it
    ///   from the record; the seventh character tells the stage of care, not weeks.
    /// - Auditor: many of these from one provider are worth a look at its records.
    ///
    /// ## Source
    /// NCHS: ICD-10-CM Official Guidelines for Coding and Reporting, section I.C.13.c
    /// (pathological fractures). That it is only remarked upon is our judgement, since
    /// guideline 02-20000-18 lists these codes.
    Rev005, "REV005", "later-encounter", Advice,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let initial = &context.policy.initial_encounter;
    if initial.is_empty() || !context.diagnoses.supports() {
        return None;
    }
    let later = context.diagnoses.supporting().all(|one| match one.text {
        DiagnosisText::Code(code) => code.seventh().is_some_and(|seventh| !initial.contains(&seventh)),
        DiagnosisText::Other(_) => false,
    });
    later.then(Finding::plain)
}
