//! COV006: the policy lists the technique as investigational.

use super::{Finding, LineContext};
use crate::claim::Stated;

rule! {
    /// # COV006 investigational-technique
    ///
    /// ## What it does
    /// Recommends denial where the `technique` column names a technique that the
    /// version in force lists as investigational for this service, whatever the
    /// diagnosis, and judges the line no further.
    ///
    /// ## Why it matters
    /// One procedure code can stand for several techniques, of which the policy
    /// covers only some. Radiofrequency kyphoplasty is billed with the same codes as
    /// balloon kyphoplasty, and has none of its own.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,technique
    /// C1,1,2026-03-01,22513,M80.08XA,radiofrequency
    /// C2,1,2026-03-01,22513,M80.08XA,balloon
    /// C3,1,2026-03-01,22513,M80.08XA,
    /// ```
    /// The first line is denied. The other two pass this test: the column's text must
    /// be a known word, and a blank says nothing against the member.
    ///
    /// ## What to do
    /// - Biller: if the technique was recorded wrongly, have the record corrected.
    /// - Examiner: look at the operative note. The column comes from an authorization
    ///   or a chart review; a claim never shows the technique, so most lines of this
    ///   kind go unseen.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Position Statement (Radiofrequency kyphoplasty), since
    /// its revision of 2017-10-15. That 22513 to 22515 are its codes is our judgement.
    Cov006, "COV006", "investigational-technique", Deny,
    carc: "55", rarc: "N623",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let Stated::Known(technique) = context.line.facts.technique else { return None };
    context.coverage?.investigational_techniques.contains(&technique).then(|| Finding::with(technique.word()))
}
