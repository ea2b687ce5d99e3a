//! COV002: no diagnosis of the line supports the service.

use super::finding::{add_code, add_names, begin};
use super::{Finding, LineContext};
use crate::claim::DiagnosisText;

/// How many codes a message names before it breaks off.
const NAMED: usize = 5;

rule! {
    /// # COV002 diagnosis-not-supported
    ///
    /// ## What it does
    /// Recommends denial where at least one examined diagnosis is valid on the service
    /// date, but none is on the list of those that support the service in the version
    /// in force, and none calls for review. Examined are the diagnoses that the line
    /// points to, or all of its row where it has no pointers. A code that the policy
    /// lists only together with another one, which the line lacks, is named.
    ///
    /// ## Why it matters
    /// The policy supports the service for some conditions only. The coded data gives
    /// no reason to think that one of them is present.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22513 M54.50 --date 2026-03-01
    /// ```
    /// The line is denied: low back pain, by itself, supports no augmentation. With
    /// `--unlisted-diagnosis pend` such a line is pended instead; where an authorization
    /// is on file, AUT001 stands in the place of this rule.
    ///
    /// ## What to do
    /// - Biller: see whether the record documents a fracture or a lesion that was not
    ///   coded, or not pointed to. If so, correct the claim; if not, do not add one.
    /// - Examiner: on appeal, judge by the record. A list of codes is narrower than a
    ///   position statement, and a claim shows neither pain, nor weeks of care, nor
    ///   imaging.
    ///
    /// The reverse holds too: a listed diagnosis supports the service and never
    /// proves that it was needed.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Billing/Coding Information, the list of ICD-10 codes. That
    /// a line with none of them is denied, and not pended, is our judgement.
    Cov002, "COV002", "diagnosis-not-supported", Deny,
    carc: "11", rarc: "N130",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    if context.is_authorized() { None } else { unsupported(context) }
}

/// What there is to say where no diagnosis supports the service.
pub(super) fn unsupported(context: &LineContext<'_>) -> Option<Finding> {
    let diagnoses = &context.diagnoses;
    if diagnoses.supports() || diagnoses.calls_for_review() {
        return None;
    }
    let alone = diagnoses.examined.iter().filter(|one| one.lacks_companion).filter_map(|one| match one.text {
        DiagnosisText::Code(code) => Some(code),
        DiagnosisText::Other(_) => None,
    });
    let mut alone = alone.peekable();
    if alone.peek().is_none() {
        return Some(Finding::plain());
    }
    let mut text = begin("without its companion: ");
    add_names(&mut text, alone, NAMED, add_code);
    Some(Finding::with(text))
}
