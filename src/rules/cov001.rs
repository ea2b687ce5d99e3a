//! COV001: the policy lists the procedure as investigational.

use super::{Finding, LineContext};

rule! {
    /// # COV001 investigational-procedure
    ///
    /// ## What it does
    /// Recommends denial of a procedure that the version in force lists as
    /// investigational, whatever the diagnosis, and judges the line no further.
    ///
    /// ## Why it matters
    /// "Investigational" is the policy's word for a service whose published evidence
    /// it finds too thin to support it. No diagnosis and no clinical fact on a claim
    /// can change that, so none is looked at.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 0200T M80.08XA --date 2026-03-01
    /// ```
    /// The line, a sacroplasty, is denied, although the diagnosis is on the list of
    /// those that support the policy's other procedures.
    ///
    /// ## What to do
    /// - Biller: check that the code is the one for the service rendered. If it is,
    ///   an appeal has to argue the evidence, not the coding.
    /// - Examiner: claim data does not show a clinical trial, a member's contract
    ///   with other terms, or an exception granted beforehand. Where there is one,
    ///   set the recommendation aside and record who did so, why, and until when.
    ///
    /// A line for another procedure that may in fact be a sacroplasty is REV001's
    /// concern, and only pended.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Position Statement (Percutaneous sacroplasty) and
    /// Billing/Coding Information.
    Cov001, "COV001", "investigational-procedure", Deny,
    carc: "55", rarc: "N623",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    context.coverage.is_some_and(|coverage| coverage.investigational).then(Finding::plain)
}
