//! COD004: the line has no diagnosis.

use super::{Finding, LineContext};

rule! {
    /// # COD004 diagnosis-missing
    ///
    /// ## What it does
    /// Recommends denial of a line without any diagnosis, where the version in force
    /// tests diagnoses of its procedure.
    ///
    /// ## Why it matters
    /// Without a diagnosis nothing on the line gives a reason for the service, and
    /// neither the policy's list nor its indications can be applied.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes
    /// C1,1,2026-03-01,22514,
    /// ```
    /// The line is denied. Text that is no valid code would be COD002's concern, and
    /// a pointer to an empty place COD006's.
    ///
    /// ## What to do
    /// - Biller: send a corrected claim with the diagnosis that the record documents.
    /// - Analyst: if many lines of one file end here, the file's diagnosis columns
    ///   were probably not recognised, or an extract left them out. `adjudicate run
    ///   --dry-run` shows which columns were read as what.
    /// - Examiner: nothing to review until the claim is corrected.
    ///
    /// ## Source
    /// Our judgement, from the requirement that a professional claim carry a
    /// diagnosis; the guideline takes it for granted.
    Cod004, "COD004", "diagnosis-missing", Deny,
    carc: "16", rarc: "M76",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    context.line.diagnoses.is_empty().then(Finding::plain)
}
