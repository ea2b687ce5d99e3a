//! AUT001: the service was authorized, and the claim does not bear it out.

use super::{Finding, LineContext, cov002, cov004};

rule! {
    /// # AUT001 authorization-on-file
    ///
    /// ## What it does
    /// Pends a line with a filled `authorization_number` that would otherwise get COV002
    /// (no diagnosis supports the service) or COV004 (the clinical facts rule every
    /// indication out). It stands in their place, whatever options make of them, and
    /// says which of the two it was. All other findings stay as they are: a procedure
    /// that is investigational, a code that is incomplete or not valid on the date, or
    /// a duplicate is denied, authorized or not.
    ///
    /// ## Why it matters
    /// Somebody looked at this service before it was done and said yes, with more before
    /// them than a claim shows. A denial against the payer's own authorization is the
    /// first to be overturned; a payment without a look is not right either, since what
    /// was authorized may be another service, another side or another day.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,authorization_number
    /// C1,1,2026-03-01,22513,M54.50,A-1001
    /// C2,1,2026-03-01,22513,M54.50,
    /// ```
    /// The first line is pended: `else COV002`. The second is denied by COV002.
    ///
    /// ## What to do
    /// - Examiner: compare the authorization with the line: member, procedure, date,
    ///   diagnosis. If it covers the line, pay; if the claim was coded differently from
    ///   what was authorized, ask for a corrected claim or for the record.
    /// - Analyst: a column that is filled on every line is no authorization.
    ///
    /// The number itself is not looked up anywhere: the program sees that there is one.
    ///
    /// ## Source
    /// Our judgement; the guideline's Position Statement and lists are those of COV002
    /// and COV004.
    Aut001, "AUT001", "authorization-on-file", Pend,
    carc: "11", rarc: "N130" or ("50", "N661"),
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    if !context.is_authorized() {
        return None;
    }
    if let Some(finding) = cov002::unsupported(context) {
        let more = if finding.detail.is_empty() { String::new() } else { format!(" {}", finding.detail) };
        return Some(Finding::with(format!("else {}{more}", cov002::RULE.code)));
    }
    let finding = cov004::ruled_out(context)?;
    Some(Finding { alternative: true, detail: format!("else {}{}", cov004::RULE.code, finding.detail).into() })
}
