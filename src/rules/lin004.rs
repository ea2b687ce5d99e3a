//! LIN004: the line repeats an earlier one.

use super::{Evidence, SessionContext, Witness};

rule! {
    /// # LIN004 duplicate-line
    ///
    /// ## What it does
    /// Recommends denial of a line that equals an earlier one of the run in member,
    /// provider, service date, procedure, modifiers (in any order), units and billed
    /// amount, and stands on another claim, or on the same claim under the same line
    /// number. Member, provider and billed amount must be filled in, and units above
    /// zero. Both lines must have come as far as the test of diagnoses, and the earlier
    /// one must not itself be a duplicate, nor denied for diagnosis or clinical facts.
    ///
    /// ## Why it matters
    /// The same service would be paid twice. A duplicate is left out of every other
    /// count: of units, of primaries, of pairs.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,provider_npi,billed_amount
    /// C1,1,2026-03-01,22513,M80.08XA,M1,1234567893,2500.00
    /// C2,1,2026-03-01,22513,M80.08XA,M1,1234567893,2500.00
    /// ```
    /// The second line is denied: `same as row 1`. Were both on claim C1, as lines 1
    /// and 2, they would be two levels of the spine and not a duplicate.
    ///
    /// ## What to do
    /// - Biller: to correct a claim, send a replacement claim, not the same one again.
    ///   If a second service of the day was distinct, say so with a modifier.
    /// - Examiner: compare the two claims. A claim that says that it replaces or voids
    ///   another (`claim_frequency`) is no duplicate of it; where a payer leaves that out,
    ///   one of the two stands.
    ///
    /// Diagnoses are not compared: the same work with another diagnosis is still the
    /// same work. After a denial for the diagnosis, a corrected line is no duplicate.
    ///
    /// ## Source
    /// Our judgement; the guideline does not speak of duplicates.
    Lin004, "LIN004", "duplicate-line", Deny,
    carc: "18", rarc: "",
    Session(check, describe)
}

fn check(session: &SessionContext<'_>) -> Option<Evidence> {
    let other = session.duplicate_of.filter(|_| session.reached_diagnosis)?;
    Some(Evidence { other: Some(other), ..Evidence::default() })
}

fn describe(witness: &Witness<'_>, words: &mut Vec<u8>) {
    words.extend_from_slice(b"same as ");
    words.extend_from_slice(witness.place.as_bytes());
}
