//! LIN003: more units of a code on one day than its limit.

use super::{Evidence, SessionContext, Witness};
use crate::claim::Decimal;

rule! {
    /// # LIN003 units-over-limit
    ///
    /// ## What it does
    /// Recommends denial of a line with which the units of its code, summed over the
    /// session so far, exceed the code's limit. A session is the in-scope lines of one
    /// member, provider and service date; where member or provider is blank, of one
    /// claim and date. Duplicates (LIN004), and lines stopped before their diagnoses were
    /// tested, are left out. A line with negative units, a reversal, lowers the sum and
    /// is never flagged itself.
    ///
    /// ## Why it matters
    /// A primary code stands for the first level treated; further levels are billed
    /// with its add-on. Two units of a primary pay for two first levels.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,units
    /// C1,1,2026-03-01,22514,M80.08XA,1
    /// C1,2,2026-03-01,22514,M80.08XA,1
    /// ```
    /// The second line is denied: `2 units so far that day, limit 1`. The first stays
    /// allowed. A line of 2 units would be denied as a whole: the program does not
    /// split lines.
    ///
    /// ## What to do
    /// - Biller: bill further levels with the add-on code.
    /// - Examiner: the limits are CMS's for unlikely quantities; the record can show
    ///   that more levels were treated. Pay the units that it supports.
    /// - Analyst: `units` left blank count as one. The summary tells how many were.
    ///
    /// ## Source
    /// CMS: Medically Unlikely Edits of 2024-07-01 (1 for a primary, 3 for 22512, 4 for
    /// 22515), applied to every service date. Guideline 02-20000-18, Billing/Coding
    /// Information, where a primary is of one vertebral body.
    Lin003, "LIN003", "units-over-limit", Deny,
    carc: "151", rarc: "N362",
    Session(check, describe)
}

fn check(session: &SessionContext<'_>) -> Option<Evidence> {
    let limit = session.limit.filter(|_| session.reached_diagnosis && !session.units.is_negative())?;
    (session.units_so_far > Decimal::from_integer(i64::from(limit))?).then_some(Evidence {
        units: session.units_so_far,
        limit,
        ..Evidence::default()
    })
}

fn describe(witness: &Witness<'_>, words: &mut Vec<u8>) {
    witness.evidence.units.write_plain(words);
    words.extend_from_slice(b" units so far that day, limit ");
    words.extend_from_slice(itoa::Buffer::new().format(witness.evidence.limit).as_bytes());
}
