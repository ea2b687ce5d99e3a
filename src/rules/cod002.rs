//! COD002: no diagnosis of the line may be billed on the service date.

use super::{Finding, LineContext, cod005};

rule! {
    /// # COD002 diagnosis-invalid
    ///
    /// ## What it does
    /// Recommends denial where every examined diagnosis is incomplete, not valid on
    /// the service date, or unknown. The message says which of these each one is.
    ///
    /// ## Why it matters
    /// Codes change every October, and a code counts only on the days on which it may
    /// be billed. A line without one billable diagnosis says nothing that coverage
    /// could be judged by; that is an error of the claim, not of the service.
    ///
    /// ## Example
    /// ```text
    /// adjudicate check 22513 724.2 --date 2026-03-01
    /// adjudicate check 22513 M54.5 --date 2026-03-01
    /// ```
    /// Both are denied. 724.2 is an ICD-9 code and unknown to the table: suggested are
    /// the codes for a faulty claim (CARC 16 with RARC M76). M54.5 was billable until
    /// 2021-09-30, and has since been divided. Where the table holds every examined
    /// code, on whatever days, the suggested code is the one for a diagnosis invalid
    /// on the date (CARC 146, without a remark).
    ///
    /// ## What to do
    /// - Biller: check the service date, then code the documented diagnosis anew from
    ///   the code set in force on that day.
    /// - Examiner: nothing to review until the claim is corrected.
    /// - Analyst: the table ends with a certain edition, which `adjudicate icd10`
    ///   shows. A code newer than that is unknown to it.
    ///
    /// ## Source
    /// NCHS: the ICD-10-CM code tables of each fiscal year since 2016, with the days on
    /// which each code was valid. Which adjustment code goes with which case is our
    /// reading of X12's lists.
    Cod002, "COD002", "diagnosis-invalid", Deny,
    carc: "16", rarc: "M76" or ("146", ""),
    Line(check)
}

fn check(context: &LineContext<'_>) -> Option<Finding> {
    let examined = &context.diagnoses.examined;
    if examined.is_empty() || examined.iter().any(super::Examined::is_billable) {
        return None;
    }
    let alternative = examined.iter().all(|one| one.in_table);
    Some(Finding { alternative, ..Finding::with(cod005::name_invalid(&context.diagnoses)) })
}
