//! REV001: the work may have been a sacroplasty.

use super::{Finding, LineContext};

rule! {
    /// # REV001 possible-sacroplasty
    ///
    /// ## What it does
    /// Pends a line of a procedure whose region includes or borders the sacrum (22511,
    /// 22512, 22514, 22515), where every diagnosis that supports it names the sacral
    /// region (M48.58-). A single supporting diagnosis of another region, or of none,
    /// lifts it.
    ///
    /// ## Why it matters
    /// Sacroplasty is investigational under the policy, and has codes of its own. A
    /// sacroplasty billed as a lumbosacral vertebroplasty would be paid as one. But the
    /// diagnosis is on the policy's list for these procedures too, so that the coded
    /// data gives reason for a look and no more.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22511 M48.58XA --date 2026-03-01
    /// ```
    /// The line is pended. With M80.08XA beside it, which names no region, it is
    /// allowed.
    ///
    /// ## What to do
    /// - Examiner: read the operative note. If the cement went into the sacrum, the
    ///   service is a sacroplasty (COV001); if into a lumbar vertebra, release the line.
    /// - Biller: send the note; if it describes a sacroplasty, correct the code.
    ///
    /// A claim does not show where the needle went. A sacroplasty billed with a
    /// diagnosis that names no region is not seen.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Position Statement (Percutaneous sacroplasty) and
    /// Billing/Coding Information. Which procedures border the sacrum, and that a
    /// diagnosis tells the place of the work, is our judgement.
    Rev001, "REV001", "possible-sacroplasty", Pend,
    carc: "252", rarc: "N706",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    is_doubtful(context).then(Finding::plain)
}

/// Whether every supporting diagnosis names the region where the work may have
/// been another, uncovered service.
pub(super) fn is_doubtful(context: &LineContext<'_>) -> bool {
    context
        .procedure
        .doubtful_region
        .is_some_and(|doubtful| context.diagnoses.every_supporting(|listed| listed.region == Some(doubtful)))
}
