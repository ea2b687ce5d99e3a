//! PGM001: the line belongs to the Federal Employee Program.

use super::{Finding, LineContext};
use crate::policy::Program;

rule! {
    /// # PGM001 federal-employee-program
    ///
    /// ## What it does
    /// Refers a line whose line of business is the Federal Employee Program (FEP),
    /// unless a loaded policy claims that program for the procedure. The line is
    /// judged no further: neither its code, nor its diagnoses, nor its units.
    ///
    /// ## Why it matters
    /// The guideline leaves this program to guidelines of its own. A recommendation
    /// made under this one would be wrong in both directions: it could stop what
    /// the program covers, or pass what it does not.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business
    /// C1,1,2026-03-01,22513,M80.08XA,FEP
    /// ```
    /// The line is referred. `federal employee program`, in any case and with or
    /// without hyphens, is read the same way.
    ///
    /// ## What to do
    /// - Examiner: judge the line under the program's own guideline. A referral is
    ///   neither a denial nor an allowance.
    /// - Analyst: if your files call the program by another name, add that name to
    ///   the policy. A name that no policy knows is judged as commercial (PGM004).
    /// - Biller: nothing.
    ///
    /// A referred line still counts as a payable primary of an add-on beside it:
    /// nothing here says that it will not be paid.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Program Exceptions. That nothing else is judged on
    /// such a line is our reading of it.
    Pgm001, "PGM001", "federal-employee-program", Refer,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    refer(context, Program::Fep)
}

/// Refers the lines of a program that no loaded policy claims, to where the
/// policy at hand says that they go.
pub(super) fn refer(context: &LineContext<'_>, program: Program) -> Option<Finding> {
    if context.program != Some(program) || context.claimed {
        return None;
    }
    let referral = context.policy.referrals.iter().find(|(referred, _)| *referred == program);
    Some(referral.map_or_else(Finding::plain, |(_, target)| Finding::with(["to ", target.as_str()].concat())))
}
