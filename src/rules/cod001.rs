//! COD001: the procedure code did not exist on the service date.

use super::{Finding, LineContext};

rule! {
    /// # COD001 procedure-not-active-on-service-date
    ///
    /// ## What it does
    /// Recommends denial where the service date lies before the first or after the
    /// last day on which the procedure code could be billed. The message gives that
    /// day and, for a deleted code, the one that took its place, if there is one.
    ///
    /// ## Why it matters
    /// A code outside of its days does not say which service was rendered, so that
    /// coverage cannot be judged. Nothing further is tested on the line.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22520 M80.08XA --date 2020-05-04
    /// ```
    /// The line is denied: the code ended on 2014-12-31 and 22510 took its place. On
    /// a service date in 2014 the same code passes this test.
    ///
    /// ## What to do
    /// - Biller: check the service date first; a mistyped year is the usual cause.
    ///   If the date is right, bill the code that describes the service and was
    ///   active on that day. The replacement named is a help in finding it, not a
    ///   statement of what was done.
    /// - Examiner: nothing to review; a corrected claim is judged as a new one. Many
    ///   such lines from one provider point to an outdated charge master.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Guideline Update Information, for each addition and
    /// deletion of a code that it records; CMS's HCPCS files for the other days.
    /// The replacements are our judgement.
    Cod001, "COD001", "procedure-not-active-on-service-date", Deny,
    carc: "181", rarc: "N56",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let (day, procedure) = (context.line.service_date, context.procedure);
    if day < procedure.active_from {
        return Some(Finding::with(format!("not before {}", procedure.active_from)));
    }
    let last = procedure.active_to.filter(|last| *last < day)?;
    Some(Finding::with(match procedure.replaced_by {
        Some(code) => format!("ended {last}; replaced by {code}"),
        None => format!("ended {last}"),
    }))
}
