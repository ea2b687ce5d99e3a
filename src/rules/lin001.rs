//! LIN001: an add-on code without a primary.

use super::{Evidence, SessionContext, Witness};

rule! {
    /// # LIN001 add-on-without-primary
    ///
    /// ## What it does
    /// Recommends denial of an add-on code where its session holds no line with one
    /// of its primary codes. A session is the in-scope lines of one member, provider
    /// and service date; where member or provider is blank, of one claim and date. A
    /// primary counts whatever became of it, unless it is a duplicate (LIN004). An add-on
    /// that was stopped before its diagnoses were tested is not looked at.
    ///
    /// ## Why it matters
    /// An add-on stands for a further level of the spine, beside a first one. By
    /// itself it describes no complete service.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes
    /// C1,1,2026-03-01,22510,M80.08XA
    /// C1,2,2026-03-01,22515,M80.08XA
    /// ```
    /// The second line is denied: 22515 adds a level to 22513 or 22514, not to a
    /// vertebroplasty.
    ///
    /// ## What to do
    /// - Biller: bill the primary of the same day, or correct the add-on to the one
    ///   that belongs to the primary billed.
    /// - Examiner: claim data as read here ends with the files given. The primary may
    ///   stand on a claim of another month's file, or under another provider number of
    ///   the same group: look there before denying.
    /// - Analyst: run all files of a period together, so that sessions are whole.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Billing/Coding Information (which codes are listed in
    /// addition to a primary). CMS: the National Correct Coding Initiative's add-on
    /// code file, type 1, as of 2024-07-01. The session is our judgement.
    Lin001, "LIN001", "add-on-without-primary", Deny,
    carc: "107", rarc: "N122",
    Session(check, describe)
}

fn check(session: &SessionContext<'_>) -> Option<Evidence> {
    let primaries = session.primaries.filter(|_| session.reached_diagnosis)?;
    (primaries.allowed == 0 && primaries.denied == 0 && primaries.pended == 0).then(Evidence::default)
}

/// Nothing: what is not there has no row.
fn describe(_: &Witness<'_>, _: &mut Vec<u8>) {}
