//! REV003: the supporting diagnoses match no indication.

use super::{Finding, LineContext};
use crate::policy::ListedEtiology;

rule! {
    /// # REV003 no-matching-indication
    ///
    /// ## What it does
    /// Notes that every diagnosis that supports the line is on the policy's list, but is
    /// of a kind that none of the policy's indications is about: a primary tumour of the
    /// spine (C41.2), a hemangioma (D18.09), or a neoplasm of the blood-forming tissue of
    /// uncertain behavior (D47.Z9).
    ///
    /// ## Why it matters
    /// The policy's list and its position statement disagree. The list supports the line,
    /// so it is not stopped; but an auditor may be asked under which indication it was
    /// paid, and there is none to name.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22514 D18.09 --date 2026-03-01
    /// adjudicate check 22514 D18.09 M80.08XA --date 2026-03-01
    /// ```
    /// The first line is allowed with this advice. The second has a diagnosis with an
    /// indication, and is allowed without it.
    ///
    /// ## What to do
    /// - Auditor: take such lines into the sample, and bring the gap to the owner of the
    ///   policy.
    /// - Examiner: nothing has to be done. If clinical facts were given, they can leave
    ///   an indication open, since these codes tell no cause (COV005).
    /// - Biller: nothing.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Billing/Coding Information, against Position Statement.
    /// Which codes match no indication is our judgement.
    Rev003, "REV003", "no-matching-indication", Advice,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    context.diagnoses.every_supporting(|listed| listed.etiology == ListedEtiology::None).then(Finding::plain)
}
