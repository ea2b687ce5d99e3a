//! What a rule may know of a line among the other lines of the run.

use crate::claim::{Decimal, ProcedureCode};

/// A line and what its session, and the run before it, hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionContext<'a> {
    /// Whether the line reached the diagnosis step: edits speak only of those.
    pub reached_diagnosis: bool,
    /// The line's units.
    pub units: Decimal,
    /// The earlier line that this one repeats, as LIN004 means it.
    pub duplicate_of: Option<u32>,
    /// Most units of the code on one day.
    pub limit: Option<u32>,
    /// Units of the code in the session up to and with this line.
    pub units_so_far: Decimal,
    /// A line of the session with the first code of an exclusive pair of which
    /// this line's code is the second.
    pub first_of_pair: Option<u32>,
    /// The session's lines with a primary of this add-on; `None` where the code
    /// is no add-on.
    pub primaries: Option<&'a Primaries>,
    /// The earlier decided line with the same claim id and line number.
    pub repeats: Option<u32>,
}

/// The primaries of an add-on in its session, by disposition.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Primaries {
    /// Allowed or referred.
    pub allowed: u32,
    /// Denied.
    pub denied: u32,
    /// Pended.
    pub pended: u32,
    /// The first of them that is not allowed.
    pub first_stopped: Option<u32>,
}

/// What a rule saw, small enough to keep until the line is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    /// Another line, by its number among the lines in scope.
    pub other: Option<u32>,
    /// A number of units.
    pub units: Decimal,
    /// A limit.
    pub limit: u32,
}

/// Evidence with the other line found again, for words.
#[derive(Clone, Copy, Debug)]
pub struct Witness<'a> {
    /// The numbers.
    pub evidence: Evidence,
    /// The other line's procedure.
    pub procedure: Option<ProcedureCode>,
    /// The rule that decided the other line, or blank.
    pub decided_by: &'a str,
    /// Where the other line stands, such as `row 12`.
    pub place: &'a str,
}
