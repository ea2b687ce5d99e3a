//! What the run remembers of each line in scope until all lines are read.

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::Draft;
use crate::claim::{ClaimLine, Decimal};
use crate::policy::{PolicyRef, ProcedureIndex};
use crate::rules::FindingSet;

/// One line in scope, reduced to what line edits compare: 64 bytes, whatever the
/// line's length.
///
/// Texts are held as hashes: a session as 128 bits, so that two sessions of a
/// run of a billion lines collide with a chance of one in 10^20.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineState {
    /// Member, provider and service date; else claim and service date.
    pub session: u128,
    /// What duplicates share within a session; 0 where the line cannot be one.
    pub duplicate: u64,
    /// The claim.
    pub claim: u64,
    /// Units.
    pub units: Decimal,
    /// Findings so far.
    pub findings: FindingSet,
    /// The line's number on its claim.
    pub line_number: u32,
    /// The row in its file, from 1.
    pub row: u32,
    /// The procedure, and in the highest bit whether the diagnosis step was
    /// reached.
    procedure: u32,
    /// The policy that decides the line.
    pub policy: PolicyRef,
}

const REACHED: u32 = 1 << 31;

impl LineState {
    /// What to remember of a line. `row` is its row in its file, from 1.
    #[must_use]
    pub fn new(line: &ClaimLine<'_>, draft: &Draft, row: u32) -> Self {
        let reached = if draft.reached_diagnosis { REACHED } else { 0 };
        Self {
            session: session_key(line),
            duplicate: duplicate_key(line),
            claim: xxh3_64(line.claim_id.as_bytes()),
            units: line.units,
            findings: draft.findings,
            line_number: line.line_number,
            row,
            procedure: draft.procedure.0 | reached,
            policy: draft.policy,
        }
    }

    /// The procedure.
    #[must_use]
    pub const fn procedure(&self) -> ProcedureIndex {
        ProcedureIndex(self.procedure & !REACHED)
    }

    /// Whether the line reached the diagnosis step.
    #[must_use]
    pub const fn reached_diagnosis(&self) -> bool {
        self.procedure & REACHED != 0
    }
}

/// Adds a text so that no two sequences of texts look alike.
fn add(hash: &mut Xxh3, text: &str) {
    hash.update(&(text.len() as u64).to_le_bytes());
    hash.update(text.as_bytes());
}

fn session_key(line: &ClaimLine<'_>) -> u128 {
    let mut hash = Xxh3::new();
    if line.member_id.is_empty() || line.provider_npi.is_empty() {
        hash.update(b"claim");
        add(&mut hash, line.claim_id);
    } else {
        hash.update(b"member");
        add(&mut hash, line.member_id);
        add(&mut hash, line.provider_npi);
    }
    hash.update(&line.service_date.days().to_le_bytes());
    hash.digest128()
}

/// Member, provider and date are the session's; here stand the rest.
fn duplicate_key(line: &ClaimLine<'_>) -> u64 {
    let Some(billed) = line.billed else { return 0 };
    if line.member_id.is_empty() || line.provider_npi.is_empty() || !line.units.is_positive() {
        return 0;
    }
    let mut hash = Xxh3::new();
    hash.update(&line.procedure.packed().to_le_bytes());
    hash.update(&line.units.ten_thousandths().to_le_bytes());
    hash.update(&billed.ten_thousandths().to_le_bytes());
    for modifier in &line.modifiers {
        hash.update(&modifier.packed().to_le_bytes());
    }
    hash.digest().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_remembered_in_64_bytes() {
        assert_eq!(size_of::<LineState>(), 64);
    }
}
