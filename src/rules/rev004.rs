//! REV004: the bilateral modifier on a code that covers both sides.

use super::{Finding, LineContext};
use crate::claim::Modifier;

/// The modifier for a bilateral procedure: a convention of procedure coding, the
/// same for every policy.
const BILATERAL: &str = "50";

rule! {
    /// # REV004 bilateral-modifier
    ///
    /// ## What it does
    /// Pends a line with modifier 50 (bilateral procedure) on a code that stands for one
    /// side or both alike.
    ///
    /// ## Why it matters
    /// The modifier commonly raises the payment to one and a half times. Vertebroplasty
    /// and augmentation are coded by vertebral body: whether the needle went in from one
    /// side or from both is part of the code, and changes nothing.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,modifiers
    /// C1,1,2026-03-01,22514,M80.08XA,50
    /// ```
    /// The line is pended. The same line without the modifier, or with LT or RT, is
    /// allowed. `22514-50` in the procedure column is read the same way.
    ///
    /// ## What to do
    /// - Biller: send a corrected claim without the modifier. If it was meant for a
    ///   second vertebra, bill that with the add-on code.
    /// - Examiner: the service itself is not in doubt. If your contract and your payment
    ///   system ignore the modifier on these codes, release the line.
    ///
    /// Sacroplasty is coded differently, with one code for one side and another for
    /// both; it is investigational either way (COV001).
    ///
    /// ## Source
    /// Guideline 02-20000-18, Billing/Coding Information (what each code includes). That
    /// the line is pended and not denied is our judgement.
    Rev004, "REV004", "bilateral-modifier", Pend,
    carc: "4", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let bilateral = || context.line.modifiers.contains(&Modifier::new(BILATERAL));
    (context.procedure.bilateral_included && bilateral()).then(Finding::plain)
}
