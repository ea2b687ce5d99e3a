//! COD006: the line's pointers point at nothing.

use super::{Finding, LineContext};

rule! {
    /// # COD006 diagnosis-pointer-invalid
    ///
    /// ## What it does
    /// Pends a line that has diagnosis pointers, none of which points at a diagnosis
    /// of its row. If at least one does, those diagnoses are examined and the other
    /// pointers are passed over.
    ///
    /// ## Why it matters
    /// The claim says that only some of its diagnoses belong to this line, but not
    /// which. Examining all of them could support the line with a diagnosis that was
    /// never meant for it; examining none would deny it for a slip of the pen.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,diagnosis_pointers
    /// C1,1,2026-03-01,22513,M80.08XA;M54.50,C
    /// C2,1,2026-03-01,22513,M80.08XA;M54.50,A
    /// ```
    /// The first line is pended: there is no third diagnosis. The second points at
    /// its first diagnosis, and is judged by that one alone.
    ///
    /// ## What to do
    /// - Biller: correct the pointers.
    /// - Examiner: look at the claim image. A pointer left over from an original with
    ///   more diagnoses than the extract kept is the usual cause.
    /// - Analyst: with numbered diagnosis columns a pointer means the column's number,
    ///   empty columns counted; with one list column, the place in the list.
    ///
    /// ## Source
    /// Our judgement. How pointers are read: the professional claim (837P and
    /// CMS-1500, box 24E), letters and numbers both.
    Cod006, "COD006", "diagnosis-pointer-invalid", Pend,
    carc: "16", rarc: "M76",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    (context.line.given.pointers && context.line.pointed.is_empty()).then(Finding::plain)
}
