//! COD005: beside the diagnoses that decide the line, some may not be billed.

use super::finding::{add_code, add_names, begin};
use super::{DiagnosisReview, Examined, Finding, LineContext};
use crate::claim::DiagnosisText;
use crate::icd10::Status;

/// How many diagnoses a message names before it breaks off.
const NAMED: usize = 5;

/// How many characters it shows of a text that cannot be a code.
const SHOWN: usize = 12;

rule! {
    /// # COD005 other-diagnosis-invalid
    ///
    /// ## What it does
    /// Notes that one or more of the examined diagnoses are incomplete, not valid on
    /// the service date, or unknown, on a line that another diagnosis decides: one
    /// that supports it, calls for review, or is valid but not on the list. The
    /// message names them and says which of these each is.
    ///
    /// ## Why it matters
    /// The recommendation does not rest on such a code. But the claim is not clean, a
    /// clearing house or another payer may return it whole, and on a denied line the
    /// faulty code may be the one that should have supported it.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22513 M80.08XA M54.5 --date 2026-03-01
    /// ```
    /// The line is allowed on M80.08XA, with this advice on M54.5, which has been
    /// incomplete since 2021-10-01.
    ///
    /// ## What to do
    /// - Biller: correct the code with the next submission, and the template or code
    ///   list that it came from now.
    /// - Examiner: nothing on an allowed line; on a denied one, read the faulty code
    ///   as a hint of what was meant.
    /// - Analyst: one code on many lines points to a provider with an old code list.
    ///
    /// ## Source
    /// NCHS: the ICD-10-CM code tables of each fiscal year since 2016. That such a code
    /// is only remarked upon is our judgement.
    Cod005, "COD005", "other-diagnosis-invalid", Advice,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    context.diagnoses.any_invalid().then(|| Finding::with(name_invalid(&context.diagnoses)))
}

/// The examined diagnoses that may not be billed on the service date, each with
/// the reason; blank where there are none.
pub(super) fn name_invalid(diagnoses: &DiagnosisReview<'_>) -> String {
    let mut text = begin("");
    add_names(&mut text, diagnoses.examined.iter().filter(|one| !one.is_billable()), NAMED, add_invalid);
    text
}

/// Adds a diagnosis and what is wrong with it.
fn add_invalid(text: &mut String, one: &Examined<'_>) {
    match one.text {
        DiagnosisText::Code(code) => add_code(text, code),
        DiagnosisText::Other(other) => match other.char_indices().nth(SHOWN) {
            Some((end, _)) => {
                text.push_str(other.get(..end).unwrap_or_default());
                text.push('…');
            }
            None => text.push_str(other),
        },
    }
    text.push_str(match one.status {
        Status::Billable(_) => "",
        Status::Incomplete => " incomplete",
        Status::NotValidOnDate(_) => " not valid on the date",
        Status::Unknown => " unknown",
    });
}
