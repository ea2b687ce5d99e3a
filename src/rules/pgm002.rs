//! PGM002: the line belongs to a state account organization.

use super::{Finding, LineContext, pgm001};
use crate::policy::Program;

rule! {
    /// # PGM002 state-account-organization
    ///
    /// ## What it does
    /// Refers a line whose line of business is a state account organization (SAO),
    /// unless a loaded policy claims that program for the procedure. The line is
    /// judged no further: neither its code, nor its diagnoses, nor its units.
    ///
    /// ## Why it matters
    /// The guideline leaves these accounts to guidelines of their own. What it says
    /// of a procedure or a diagnosis is no ground to stop, or to pass, their lines.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business
    /// C1,1,2026-03-01,0200T,M80.08XA,State Account Organization
    /// ```
    /// The line is referred, although the procedure is investigational for the
    /// lines of business that follow the guideline.
    ///
    /// ## What to do
    /// - Examiner: judge the line under the account's own guideline. A referral is
    ///   neither a denial nor an allowance.
    /// - Analyst: if your files call these accounts by other names, add the names to
    ///   the policy. A name that no policy knows is judged as commercial (PGM004).
    /// - Biller: nothing.
    ///
    /// A referred line still counts as a payable primary of an add-on beside it.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Program Exceptions. That nothing else is judged on
    /// such a line is our reading of it.
    Pgm002, "PGM002", "state-account-organization", Refer,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    pgm001::refer(context, Program::Sao)
}
