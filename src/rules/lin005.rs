//! LIN005: an add-on code whose primary is pended.

use super::lin002::name_primary;
use super::{Evidence, SessionContext, Witness};

rule! {
    /// # LIN005 add-on-primary-pended
    ///
    /// ## What it does
    /// Pends an add-on code where its session holds lines with one of its primary
    /// codes, none of them is allowed, and at least one is pended. The message names
    /// the first that is not allowed, its row and the rule that stopped it. A session
    /// is the in-scope lines of one member, provider and service date; where member or
    /// provider is blank, of one claim and date. An add-on that was stopped before its
    /// diagnoses were tested is not looked at.
    ///
    /// ## Why it matters
    /// Whether the add-on is payable depends on a primary that waits for a person. To
    /// pay it now, or to deny it now, would forestall that person.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes
    /// C1,1,2026-03-01,22514,S32.010A
    /// C1,2,2026-03-01,22515,M80.08XA
    /// ```
    /// The second line is pended: `primary 22514 on row 1 stopped by COV003`. By itself,
    /// it would be allowed.
    ///
    /// ## What to do
    /// - Examiner: decide the primary, then the add-on with it: payable if the primary
    ///   is, else denied (LIN002).
    /// - Biller: send what is asked for on the primary; nothing more is needed here.
    ///
    /// A primary that was referred to another program counts as payable, since nothing
    /// here says that it will not be paid.
    ///
    /// ## Source
    /// CMS: National Correct Coding Initiative policy on add-on codes, type 1. That the
    /// add-on waits for its primary is our judgement.
    Lin005, "LIN005", "add-on-primary-pended", Pend,
    carc: "B15", rarc: "N674",
    Session(check, describe)
}

fn check(session: &SessionContext<'_>) -> Option<Evidence> {
    let primaries = session.primaries.filter(|_| session.reached_diagnosis)?;
    (primaries.allowed == 0 && primaries.pended > 0)
        .then(|| Evidence { other: primaries.first_stopped, ..Evidence::default() })
}

fn describe(witness: &Witness<'_>, words: &mut Vec<u8>) {
    // The first one may have been denied, beside another that is pended.
    name_primary(witness, "stopped", words);
}
