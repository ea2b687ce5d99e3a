//! LIN006: the second of two primaries that exclude one another.

use super::{Evidence, SessionContext, Witness};

rule! {
    /// # LIN006 second-primary
    ///
    /// ## What it does
    /// Pends a line whose procedure is the second of a pair of primary codes that
    /// exclude one another, where its session holds the first: 22511 beside 22510, and
    /// 22514 beside 22513. A session is the in-scope lines of one member, provider and
    /// service date; where member or provider is blank, of one claim and date. Neither the
    /// order of the rows matters, nor what became of the first, duplicates (LIN004) apart.
    /// A second that was stopped before its diagnoses were tested is not looked at.
    ///
    /// ## Why it matters
    /// The two codes differ in the part of the spine where the first level lies. One
    /// session has one first level; every further one, in whichever part, is billed with
    /// the add-on, which commonly pays less.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes
    /// C1,1,2026-03-01,22513,M80.08XA
    /// C1,2,2026-03-01,22514,M80.08XA
    /// ```
    /// The second line is pended: `beside 22513 on row 1`.
    ///
    /// ## What to do
    /// - Biller: bill the second level with the add-on (22512 or 22515).
    /// - Examiner: CMS allows no modifier to lift this edit, but a contract may. If two
    ///   operations took place on one day, which a claim does not show, the record tells.
    ///
    /// A vertebroplasty beside an augmentation is not tested: there CMS lets a modifier
    /// show that they concern different levels.
    ///
    /// ## Source
    /// CMS: National Correct Coding Initiative, procedure-to-procedure edits of
    /// 2024-07-01, modifier indicator 0, applied to every service date. That the line is
    /// pended and not denied is our judgement.
    Lin006, "LIN006", "second-primary", Pend,
    carc: "236", rarc: "",
    Session(check, describe)
}

fn check(session: &SessionContext<'_>) -> Option<Evidence> {
    let first = session.first_of_pair.filter(|_| session.reached_diagnosis)?;
    Some(Evidence { other: Some(first), ..Evidence::default() })
}

fn describe(witness: &Witness<'_>, words: &mut Vec<u8>) {
    words.extend_from_slice(b"beside ");
    if let Some(code) = witness.procedure {
        code.write(words);
        words.extend_from_slice(b" on ");
    }
    words.extend_from_slice(witness.place.as_bytes());
}
