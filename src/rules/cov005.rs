//! COV005: facts are missing that would settle an indication.

use super::{Finding, LineContext};

rule! {
    /// # COV005 clinical-facts-missing
    ///
    /// ## What it does
    /// Pends a line whose diagnoses pass, or are for review, and some of whose clinical
    /// facts are given, where no indication is met and at least one is still open for
    /// want of a fact. The message names what is missing. A line with none of these
    /// facts is not stopped, unless `--require-clinical` is set.
    ///
    /// ## Why it matters
    /// Someone began to document the case. What is there neither meets the policy's
    /// indications nor rules them out, and a blank never counts against a member.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,symptomatic,conservative_weeks
    /// C1,1,2026-03-01,22510,M80.08XA,yes,2
    /// ```
    /// The line is pended. A vertebroplasty of an osteoporotic fracture less than six
    /// weeks old is also supported if the fracture led to hospital or prevents walking:
    /// missing are `fracture_age_weeks`, `hospitalized` and `ambulation_prevented`.
    /// Not all of them may be needed: one answer can settle the others.
    ///
    /// ## What to do
    /// - Examiner: ask the provider for the facts named, and run the line again with
    ///   them. They come from an authorization or a chart review, never from a claim.
    /// - Biller: send the notes that tell them.
    /// - Analyst: `etiology` among the missing means that the code does not tell the
    ///   cause (M48.5, M84.48, M84.68), or that the column holds an unknown word.
    ///
    /// ## Source
    /// Guideline 02-20000-18, Position Statement. That a blank is unknown, and that a
    /// line without any fact passes, is our judgement.
    Cov005, "COV005", "clinical-facts-missing", Pend,
    carc: "252", rarc: "N706",
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let review = &context.clinical;
    if review.weighed {
        let open = review.met.is_none() && !review.all_false;
        return open.then(|| Finding::with(format!("missing {}", review.missing.join(", "))));
    }
    let required = context.options.require_clinical && !context.coverage?.indications.is_empty();
    required.then(|| Finding::with("no clinical facts given"))
}
