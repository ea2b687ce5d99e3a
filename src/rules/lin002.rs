//! LIN002: an add-on code all of whose primaries are denied.

use super::{Evidence, SessionContext, Witness};

rule! {
    /// # LIN002 add-on-primary-denied
    ///
    /// ## What it does
    /// Recommends denial of an add-on code where its session holds lines with one of
    /// its primary codes, and all of them are denied, for whatever reason. The message
    /// names the first of them, its row and the rule that denied it. A session is the
    /// in-scope lines of one member, provider and service date; where member or
    /// provider is blank, of one claim and date. An add-on that was stopped before its
    /// diagnoses were tested is not looked at.
    ///
    /// ## Why it matters
    /// An add-on is payable only beside a primary that is. Otherwise the further
    /// levels of a spine would be paid where the first one is not.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes
    /// C1,1,2026-03-01,22513,M54.50
    /// C1,2,2026-03-01,22515,M80.08XA
    /// ```
    /// The second line is denied: `primary 22513 on row 1 denied by COV002`. By itself,
    /// its diagnosis would support it.
    ///
    /// ## What to do
    /// - Biller: correct or appeal the primary; the add-on follows it.
    /// - Examiner: decide the two together. If you set the primary's recommendation
    ///   aside, set this one aside too: the program does not know of it.
    ///
    /// A primary that was referred to another program counts as payable, since nothing
    /// here says that it will not be paid. A pended one leads to LIN005.
    ///
    /// ## Source
    /// CMS: National Correct Coding Initiative policy on add-on codes, type 1, which are
    /// paid only if one of their primaries is. Guideline 02-20000-18, Billing/Coding
    /// Information, for which codes are add-ons.
    Lin002, "LIN002", "add-on-primary-denied", Deny,
    carc: "B15", rarc: "N674",
    Session(check, describe)
}

fn check(session: &SessionContext<'_>) -> Option<Evidence> {
    let primaries = session.primaries.filter(|_| session.reached_diagnosis)?;
    (primaries.allowed == 0 && primaries.pended == 0 && primaries.denied > 0)
        .then(|| Evidence { other: primaries.first_stopped, ..Evidence::default() })
}

fn describe(witness: &Witness<'_>, words: &mut Vec<u8>) {
    name_primary(witness, "denied", words);
}

/// Names the primary on which an add-on rests, and what became of it.
pub(super) fn name_primary(witness: &Witness<'_>, fate: &str, words: &mut Vec<u8>) {
    words.extend_from_slice(b"primary");
    if let Some(code) = witness.procedure {
        words.push(b' ');
        code.write(words);
    }
    for part in [" on ", witness.place, " ", fate, " by ", witness.decided_by] {
        words.extend_from_slice(part.as_bytes());
    }
}
