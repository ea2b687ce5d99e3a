//! COV007: the device is not cleared.

use super::{Finding, LineContext};

rule! {
    /// # COV007 device-not-cleared
    ///
    /// ## What it does
    /// Recommends denial where the `fda_cleared_device` column says no and the version
    /// in force covers the service only with a device that the FDA has cleared. The
    /// line is judged no further.
    ///
    /// ## Why it matters
    /// The policy's support for balloon kyphoplasty and mechanical augmentation is
    /// bound to a cleared device. Without one, none of its indications applies.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,fda_cleared_device
    /// C1,1,2026-03-01,22514,M80.08XA,no
    /// C2,1,2026-03-01,22514,M80.08XA,
    /// C3,1,2026-03-01,22511,M80.08XA,no
    /// ```
    /// The first line is denied. The second passes: a blank is unknown, and an unknown
    /// never counts against a member. The third passes: the policy asks for no device
    /// in a vertebroplasty.
    ///
    /// ## What to do
    /// - Biller: if the device is cleared, send its name and clearance number (510(k)),
    ///   and have the authorization corrected.
    /// - Examiner: look the device up in the FDA's database. The column comes from an
    ///   authorization or a chart review; a claim does not name the device. The policy
    ///   file lists the devices that the guideline names, for information only.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Position Statement (Balloon kyphoplasty and mechanical
    /// vertebral augmentation).
    Cov007, "COV007", "device-not-cleared", Deny,
    carc: "114", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let not_cleared = context.line.facts.fda_cleared_device == Some(false);
    (not_cleared && context.coverage?.requires_cleared_device).then(Finding::plain)
}
