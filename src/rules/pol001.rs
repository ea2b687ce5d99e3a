//! POL001: no policy can judge the line on its date.

use super::{Finding, LineContext};
use crate::policy::Program;

rule! {
    /// # POL001 no-policy-version-in-force
    ///
    /// ## What it does
    /// Pends a line that no loaded policy can judge. The message says which of these
    /// it is:
    ///
    /// - no loaded policy decides the line's program for this procedure;
    /// - no version of the policy is in force on the service date (or on the day
    ///   given with `--policy-date`);
    /// - the version in force says nothing of this procedure in coded terms;
    /// - the version tests diagnoses, and the service date lies before the first day
    ///   of the diagnosis table, so that no code can be judged as of that date.
    ///
    /// ## Why it matters
    /// A line must be judged by what the policy said when the service was rendered.
    /// Where that is not known, silence must look neither like an allowance nor like
    /// a denial.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22513 M80.08XA --date 2016-05-02
    /// ```
    /// The line is pended: the version of 2009-07-15 says nothing of this procedure,
    /// because the diagnosis lists of those days are not known.
    ///
    /// ## What to do
    /// - Examiner: judge the line by hand, under the policy as it stood on that date.
    /// - Analyst: if you have that text, add a version to the policy file. To see how
    ///   old lines would fare today, judge them under one day's version with
    ///   `--policy-date`; codes are still judged by their service dates.
    /// - Biller: nothing.
    ///
    /// ## Source
    /// Our judgement; the versions and their days are from guideline 02-20000-18,
    /// Guideline Update Information.
    Pol001, "POL001", "no-policy-version-in-force", Pend,
    carc: "", rarc: "",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let code = context.procedure.code;
    if !context.claimed {
        let program = context.program.unwrap_or(Program::Commercial).name();
        return Some(Finding::with(format!("no loaded policy decides {code} for {program}")));
    }
    let Some(version) = context.version else {
        let day = context.options.policy_date.unwrap_or(context.line.service_date);
        return Some(Finding::with(match context.policy.versions.first() {
            Some(first) if day < first.from => format!("before the first version, {}", first.from),
            _ => format!("no version in force on {day}"),
        }));
    };
    let Some(coverage) = context.coverage else {
        return Some(Finding::with(format!("version {} says nothing of {code}", version.id)));
    };
    // What is investigational is so whatever the diagnosis: none is tested.
    let tests_diagnoses = coverage.diagnoses.is_some() && !coverage.investigational;
    let first_day = context.table.first_day();
    (tests_diagnoses && context.line.service_date < first_day)
        .then(|| Finding::with(format!("before the diagnosis table's first day, {first_day}")))
}
