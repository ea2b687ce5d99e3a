//! LIN007: the claim id and line number stood on an earlier line.

use super::{Evidence, SessionContext, Witness};

rule! {
    /// # LIN007 repeated-line
    ///
    /// ## What it does
    /// Notes that an earlier decided line of the run has the same claim id and line
    /// number, whatever else the two hold. The message names that line's row.
    ///
    /// ## Why it matters
    /// A claim id and a line number should name one line. Where they name two, the input
    /// mostly holds several states of one claim (as first billed, reversed, adjusted),
    /// or one file was delivered twice. Every total then counts the service more than
    /// once.
    ///
    /// ## Example
    /// ```text
    /// claim_id,line_number,service_date,procedure_code,diagnosis_codes,units,paid_amount
    /// C1,1,2026-03-01,22513,M80.08XA,1,1800.00
    /// C1,1,2026-03-01,22513,M80.08XA,-1,-1800.00
    /// ```
    /// The second line, a reversal, is allowed with this advice: `same claim and line
    /// number as row 1`. In the totals the two amounts cancel out.
    ///
    /// ## What to do
    /// - Analyst: find out whether your extract holds final states only, or every state.
    ///   If every state, keep the last of each line, or see that reversals carry negative
    ///   units and amounts.
    /// - Examiner: where the two lines are equal in all that matters, the later one is
    ///   denied as a duplicate (LIN004). Here there is nothing to decide.
    /// - Biller: nothing.
    ///
    /// Some sources number their claims anew in every file. Then this advice means
    /// nothing, and such files are better run one by one.
    ///
    /// ## Source
    /// Our judgement.
    Lin007, "LIN007", "repeated-line", Advice,
    carc: "", rarc: "",
    Session(check, describe)
}

fn check(session: &SessionContext<'_>) -> Option<Evidence> {
    session.repeats.map(|earlier| Evidence { other: Some(earlier), ..Evidence::default() })
}

fn describe(witness: &Witness<'_>, words: &mut Vec<u8>) {
    words.extend_from_slice(b"same claim and line number as ");
    words.extend_from_slice(witness.place.as_bytes());
}
