//! PGM003: the line belongs to Medicare or Medicare Advantage.

use super::{Finding, LineContext, pgm001};
use crate::policy::Program;

rule! {
    /// # PGM003 medicare
    ///
    /// ## What it does
    /// Refers a line whose line of business is Medicare or Medicare Advantage, where
    /// no loaded policy claims Medicare for the procedure. The line is judged no
    /// further.
    ///
    /// ## Why it matters
    /// For Medicare Advantage the guideline points to a Local Coverage Determination
    /// (LCD) of the Medicare contractor, whose indications and diagnosis lists
    /// differ from the guideline's own.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business
    /// C1,1,2026-03-01,22514,M80.08XA,Medicare Advantage
    /// ```
    /// The line is referred, to LCD L34976. With a policy file loaded that claims
    /// Medicare (`--policy FILE`), the same line would be judged under that file.
    ///
    /// ## What to do
    /// - Examiner: judge the line under the LCD, and under the billing article that
    ///   goes with it, in the version in force on the service date.
    /// - Analyst: if most of your lines are Medicare's, have the LCD's article
    ///   written down as a policy file. The program ships none: it does not invent
    ///   a list of codes that it has not seen.
    /// - Biller: nothing.
    ///
    /// A referred line still counts as a payable primary of an add-on beside it.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Program Exceptions. CMS: LCD L34976 (First Coast) and
    /// its billing article A57872.
    Pgm003, "PGM003", "medicare", Refer,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    pgm001::refer(context, Program::Medicare)
}
