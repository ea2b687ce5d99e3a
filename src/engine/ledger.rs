//! What a session's lines add up to.

use rustc_hash::FxHashMap;

use super::few::{Few, MOST};
use super::history::in_order;
use super::{LineState, PastLine};
use crate::claim::Decimal;
use crate::policy::{ProcedureIndex, Speaker};
use crate::rules::{Disposition, FindingSet, Primaries};

/// A line of a session: one of the run.
pub(super) struct Member<'a> {
    pub(super) number: u32,
    /// With what has been found on it so far.
    pub(super) state: LineState,
    pub(super) duplicate_of: Option<u32>,
    /// What its policy says of its procedure, once that has been asked.
    pub(super) speaker: Option<&'a Speaker>,
    /// The place of its procedure's tally in the ledger, once it has been entered.
    pub(super) tally: usize,
}

impl Member<'_> {
    /// A line.
    #[inline]
    pub(super) fn new(number: u32, state: &LineState) -> Self {
        Self { number, state: *state, duplicate_of: None, speaker: None, tally: 0 }
    }

    /// Whether a line is judged among others: not where another one stands in its place,
    /// or it takes back a part of what was paid on one.
    #[inline]
    pub(super) const fn is_judged(state: &LineState) -> bool {
        !state.is_superseded() && !state.is_reversal()
    }
}

/// A session that is being judged.
#[derive(Default)]
pub(super) struct Judge<'a> {
    pub(super) members: Vec<Member<'a>>,
    pub(super) ledger: Ledger,
}

impl Judge<'_> {
    /// Takes lines of the session in, with their numbers.
    #[inline]
    pub(super) fn take<'l>(&mut self, lines: impl IntoIterator<Item = (&'l LineState, u32)>) {
        // One by one, so that each is put together where it stays: to move what has just
        // been stored in pieces is to wait for it.
        for (state, number) in lines {
            if Member::is_judged(state) {
                self.members.push(Member::new(number, state));
            }
        }
    }
}

/// Whether two of these lines share what duplicates do, or may: of very many nobody looks.
pub(super) fn may_repeat(members: &[Member<'_>]) -> bool {
    if members.len() > MOST {
        return true;
    }
    let mut rest = members;
    while let [one, others @ ..] = rest {
        let duplicate = one.state.duplicate;
        if duplicate != 0 && others.iter().any(|other| other.state.duplicate == duplicate) {
            return true;
        }
        rest = others;
    }
    false
}

/// What a session's lines add up to, by procedure. Kept from session to session
/// for its memory only.
#[derive(Default)]
pub(super) struct Ledger {
    /// The claim of the lines that a later one may repeat, and the first of them,
    /// by what duplicates share. They all stand on one claim: a line of another
    /// claim would be a duplicate.
    originals: Few<u64, (u64, u32)>,
    /// The same lines by what duplicates share and by line number.
    numbered: Few<(u64, u32), u32>,
    /// By procedure, in the order in which they were met: a few are sooner looked through
    /// than hashed.
    tallies: Vec<Tally>,
    /// Where each stands, once they are many.
    places: FxHashMap<ProcedureIndex, usize>,
}

/// What the lines of one procedure add up to, duplicates left out.
pub(super) struct Tally {
    procedure: ProcedureIndex,
    /// The first of them.
    pub(super) first_line: Option<u32>,
    /// Their units so far.
    pub(super) units: Decimal,
    /// What became of them.
    standing: Primaries,
}

impl Tally {
    pub(super) fn stand(&mut self, number: u32, disposition: Disposition) {
        let standing = &mut self.standing;
        match disposition {
            Disposition::Allow | Disposition::Refer => {
                standing.allowed += 1;
                return;
            }
            Disposition::Deny => standing.denied += 1,
            Disposition::Pend => standing.pended += 1,
        }
        standing.first_stopped = standing.first_stopped.or(Some(number));
    }
}

impl Ledger {
    pub(super) fn clear(&mut self) {
        self.originals.clear();
        self.numbered.clear();
        self.tallies.clear();
        if self.places.capacity() > 0 {
            self.places = FxHashMap::default();
        }
    }

    /// Whether a line of an earlier run may be repeated.
    pub(super) fn has_originals(&self) -> bool {
        !self.originals.is_empty()
    }

    /// The place of a procedure's tally.
    #[inline]
    pub(super) fn enter(&mut self, procedure: ProcedureIndex) -> usize {
        if let Some(place) = self.place(procedure) {
            return place;
        }
        let place = self.tallies.len();
        let standing = Primaries::default();
        self.tallies.push(Tally { procedure, first_line: None, units: Decimal::ZERO, standing });
        if place >= MOST {
            let known = self.places.len();
            self.places.extend(self.tallies.iter().map(|tally| tally.procedure).zip(0..).skip(known));
        }
        place
    }

    #[inline]
    fn place(&self, procedure: ProcedureIndex) -> Option<usize> {
        if self.tallies.len() > MOST {
            return self.places.get(&procedure).copied();
        }
        self.tallies.iter().position(|tally| tally.procedure == procedure)
    }

    /// A tally by its place.
    #[inline]
    pub(super) fn tally(&mut self, place: usize) -> Option<&mut Tally> {
        self.tallies.get_mut(place)
    }

    /// The first line of a procedure.
    pub(super) fn first_line(&self, procedure: ProcedureIndex) -> Option<u32> {
        self.known(procedure)?.first_line
    }

    fn known(&self, procedure: ProcedureIndex) -> Option<&Tally> {
        self.tallies.get(self.place(procedure)?)
    }

    /// The earlier line that this one repeats; where there is none, a later one
    /// may repeat this.
    pub(super) fn duplicate_of(&mut self, member: &Member<'_>, denied_for_cause: FindingSet) -> Option<u32> {
        let state = &member.state;
        if state.duplicate == 0 || !state.reached_diagnosis() {
            return None;
        }
        let place = (state.duplicate, state.line_number);
        match self.originals.get(&state.duplicate) {
            Some((claim, first)) if *claim != state.claim => return Some(*first),
            Some(_) => {
                if let Some(twin) = self.numbered.get(&place) {
                    return Some(*twin);
                }
            }
            None => {}
        }
        if !state.findings.intersects(denied_for_cause) {
            self.originals.entry(state.duplicate, (state.claim, member.number));
            *self.numbered.entry(place, member.number) = member.number;
        }
        None
    }

    /// Takes a line of an earlier run in, which counts as what it was decided to be.
    pub(super) fn remember(&mut self, number: u32, line: &PastLine) {
        if line.is_duplicate {
            return;
        }
        if line.duplicate != 0 && line.reached_diagnosis && !line.denied_for_cause {
            let (claim, _) = *self.originals.entry(line.duplicate, (line.claim, number));
            // Of two runs that did not know of each other the first one's line stands.
            if claim == line.claim {
                self.numbered.entry((line.duplicate, line.line_number), number);
            }
        }
        let place = self.enter(line.procedure);
        let Some(tally) = self.tally(place) else { return };
        tally.first_line.get_or_insert(number);
        if !line.counts {
            return;
        }
        if line.reached_diagnosis {
            tally.units += line.units;
        }
        tally.stand(number, line.disposition);
    }

    /// What became of the lines with one of these procedures.
    pub(super) fn primaries(&self, procedures: &[ProcedureIndex]) -> Primaries {
        let mut all = Primaries::default();
        for standing in procedures.iter().filter_map(|procedure| Some(self.known(*procedure)?.standing)) {
            all.allowed += standing.allowed;
            all.denied += standing.denied;
            all.pended += standing.pended;
            all.first_stopped = match (all.first_stopped, standing.first_stopped) {
                (Some(a), Some(b)) => Some(std::cmp::min_by_key(a, b, |number| in_order(*number))),
                (a, b) => a.or(b),
            };
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_of_very_many_procedures_are_found_as_those_of_few() {
        let mut ledger = Ledger::default();
        for _ in 0..2 {
            let places: Vec<usize> = (0..50).chain(0..50).map(|number| ledger.enter(ProcedureIndex(number))).collect();
            assert!(places.into_iter().eq((0..50).chain(0..50)));
            for number in 0..50 {
                ledger.tally(number as usize).unwrap().first_line = Some(number + 100);
            }
            assert!((0..50).all(|number| ledger.first_line(ProcedureIndex(number)) == Some(number + 100)));
            assert_eq!(ledger.first_line(ProcedureIndex(50)), None);
            ledger.clear();
            assert_eq!(ledger.first_line(ProcedureIndex(7)), None);
        }
    }
}
