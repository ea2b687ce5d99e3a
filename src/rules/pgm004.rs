//! PGM004: no policy knows the line of business.

use super::{Finding, LineContext};

rule! {
    /// # PGM004 unknown-line-of-business
    ///
    /// ## What it does
    /// Notes that no loaded policy knows the text in the line-of-business column,
    /// and that the line was judged as commercial. With `--strict-programs` the line
    /// is pended instead, and judged no further. A blank is not unknown: it means
    /// commercial, and the summary counts how often it occurred.
    ///
    /// ## Why it matters
    /// The guideline applies to every line of business that it does not except, so
    /// an unknown name is most likely one that follows it. But if it is another name
    /// for an excepted program, the line should have been referred.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business
    /// C1,1,2026-03-01,22513,M80.08XA,Plan 7
    /// ```
    /// The line is allowed, with this advice. The decision's line-of-business column
    /// shows the text as it was read.
    ///
    /// ## What to do
    /// - Analyst: look at the names in your run's summary, and add each to the policy
    ///   under the program that it belongs to. Use `--strict-programs` until the
    ///   names are settled.
    /// - Examiner: on a line pended by it, settle which program the line belongs to.
    /// - Biller: nothing; the name is the payer's.
    ///
    /// ## Source
    /// Guideline 02-20000-18, the statement of scope at its head and Program
    /// Exceptions. That an unknown name is judged as commercial is our judgement.
    Pgm004, "PGM004", "unknown-line-of-business", Advice,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    if context.program.is_some() {
        return None;
    }
    // The text itself, which may be anything, stands in its own column.
    Some(Finding::with(if context.options.strict_programs {
        "unknown line of business"
    } else {
        "unknown line of business, judged as commercial"
    }))
}
