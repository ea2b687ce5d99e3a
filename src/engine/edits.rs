//! Step 7: line edits, the one stage that needs the whole run.
//!
//! Lines are brought together by session, and by claim and line number, with the
//! run's order kept inside each group. Groups are independent of one another, so
//! they are dealt to shards by their hash and the shards work side by side; the
//! result does not depend on how many there are.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::LineState;
use crate::claim::Decimal;
use crate::policy::{PolicyIndex, ProcedureIndex, Speaker};
use crate::rules::{Disposition, Evidence, FindingSet, Primaries, RuleId, SessionContext, Weights};

/// A line edit's finding on a line, with what it rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EditNote {
    /// The line, by its number among the run's lines in scope.
    pub line: u32,
    /// The rule.
    pub rule: RuleId,
    /// What it saw.
    pub evidence: Evidence,
}

/// Line edits over all lines of a run.
#[derive(Clone, Copy, Debug)]
pub struct LineEdits<'a> {
    index: &'a PolicyIndex,
    weights: &'a Weights,
    /// Rules of the diagnosis and clinical steps that deny.
    denied_for_cause: FindingSet,
}

impl<'a> LineEdits<'a> {
    /// Line edits under these policies and weights.
    #[must_use]
    pub fn new(index: &'a PolicyIndex, weights: &'a Weights) -> Self {
        let cause: FindingSet = [
            RuleId::Cod002,
            RuleId::Cod003,
            RuleId::Cod004,
            RuleId::Cod006,
            RuleId::Cov002,
            RuleId::Cov003,
            RuleId::Cov004,
            RuleId::Cov005,
        ]
        .into_iter()
        .filter(|rule| weights.deny.contains(*rule))
        .collect();
        Self { index, weights, denied_for_cause: cause }
    }

    /// Adds the edits' findings to the lines, which stand in the run's order, and
    /// returns what each rests on, in that order (and within a line in the
    /// catalogue's).
    #[must_use]
    pub fn resolve(&self, lines: &mut [LineState]) -> Vec<EditNote> {
        let mut notes = self.by_group(lines, |line| fold(line.session), Self::sessions);
        notes.extend(self.by_group(lines, |line| line.claim, |_, lines, group| repeated_lines(lines, group)));
        notes.par_sort_unstable_by_key(|note| (note.line, note.rule));
        for note in &notes {
            if let Some(line) = lines.get_mut(note.line as usize) {
                line.findings.insert(note.rule);
            }
        }
        notes
    }

    /// Deals the lines to shards by a hash, in order, and has each shard judged.
    fn by_group(
        &self,
        lines: &[LineState],
        key: impl Fn(&LineState) -> u64 + Sync,
        judge: impl Fn(&Self, &[LineState], &[u32]) -> Vec<EditNote> + Sync,
    ) -> Vec<EditNote> {
        const SHARDS: usize = 256;
        let shard = |line: &LineState| (key(line) >> 56) as usize;
        let mut starts = [0_usize; SHARDS + 1];
        for line in lines {
            if let Some(count) = starts.get_mut(shard(line) + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut order = vec![0_u32; lines.len()];
        let mut next = starts;
        for (number, line) in lines.iter().enumerate() {
            if let Some(place) = next.get_mut(shard(line)) {
                if let Some(slot) = order.get_mut(*place) {
                    *slot = u32::try_from(number).unwrap_or(u32::MAX);
                }
                *place += 1;
            }
        }
        (0..SHARDS)
            .into_par_iter()
            .flat_map_iter(|shard| {
                let from = starts.get(shard).copied().unwrap_or(0);
                let to = starts.get(shard + 1).copied().unwrap_or(from);
                judge(self, lines, order.get(from..to).unwrap_or_default())
            })
            .collect()
    }

    /// Judges every session of a shard.
    fn sessions(&self, lines: &[LineState], shard: &[u32]) -> Vec<EditNote> {
        let mut members: Vec<(u128, u32)> =
            shard.iter().filter_map(|number| Some((lines.get(*number as usize)?.session, *number))).collect();
        // The number breaks ties, so the run's order is kept within a session.
        members.sort_unstable();
        let mut notes = Vec::new();
        let mut ledger = Ledger::default();
        for session in members.chunk_by(|a, b| a.0 == b.0) {
            let held = session.iter().filter_map(|(_, number)| {
                let state = lines.get(*number as usize)?;
                Some(Member { number: *number, state, findings: state.findings, duplicate_of: None })
            });
            self.session(&mut held.collect::<Vec<_>>(), &mut ledger, &mut notes);
            ledger.clear();
        }
        notes
    }

    /// Judges one session: duplicates first, since a duplicate counts in no other
    /// edit; then what primaries need; then add-ons, which rest on primaries.
    /// Each pass is linear in the session's lines, however many they are.
    fn session(&self, session: &mut [Member<'_>], ledger: &mut Ledger, notes: &mut Vec<EditNote>) {
        for member in session.iter_mut() {
            member.duplicate_of = ledger.duplicate_of(member, self.denied_for_cause);
            if member.duplicate_of.is_none() {
                ledger.first_lines.entry(member.state.procedure()).or_insert(member.number);
            }
        }
        for member in session.iter_mut() {
            let Some(speaker) = self.speaker(member.state) else { continue };
            let counted = member.duplicate_of.is_none();
            let so_far = ledger.units.entry(member.state.procedure()).or_default();
            if member.state.reached_diagnosis() && counted {
                *so_far += member.state.units;
            }
            let firsts = speaker.second_to.iter().filter_map(|first| ledger.first_lines.get(first));
            let context = SessionContext {
                reached_diagnosis: member.state.reached_diagnosis(),
                units: member.state.units,
                duplicate_of: member.duplicate_of,
                limit: speaker.limit.filter(|_| counted),
                units_so_far: *so_far,
                first_of_pair: firsts.min().copied(),
                ..SessionContext::default()
            };
            for rule in [RuleId::Lin004, RuleId::Lin003, RuleId::Lin006] {
                ask(rule, &context, member, notes);
            }
            if counted {
                let disposition = member.findings.disposition(self.weights);
                ledger.stand(member.state.procedure(), member.number, disposition);
            }
        }
        for member in session.iter_mut() {
            let Some(speaker) = self.speaker(member.state) else { continue };
            if speaker.primaries.is_empty() || !member.state.reached_diagnosis() {
                continue;
            }
            let primaries = ledger.primaries(&speaker.primaries);
            let context =
                SessionContext { reached_diagnosis: true, primaries: Some(&primaries), ..SessionContext::default() };
            for rule in [RuleId::Lin001, RuleId::Lin002, RuleId::Lin005] {
                ask(rule, &context, member, notes);
            }
        }
    }

    /// What the line's policy says of its procedure beside others.
    fn speaker(&self, line: &LineState) -> Option<&'a Speaker> {
        self.index.entry(line.procedure())?.speaker(line.policy)
    }
}

/// What a session's lines add up to, by procedure. Kept from session to session
/// for its memory only.
#[derive(Default)]
struct Ledger {
    /// The claim of the lines that a later one may repeat, and the first of them,
    /// by what duplicates share. They all stand on one claim: a line of another
    /// claim would be a duplicate.
    originals: FxHashMap<u64, (u64, u32)>,
    /// The same lines by what duplicates share and by line number.
    numbered: FxHashMap<(u64, u32), u32>,
    /// The first line of each procedure, duplicates left out.
    first_lines: FxHashMap<ProcedureIndex, u32>,
    /// Units so far.
    units: FxHashMap<ProcedureIndex, Decimal>,
    /// What became of each procedure's lines, duplicates left out.
    standing: FxHashMap<ProcedureIndex, Primaries>,
}

impl Ledger {
    fn clear(&mut self) {
        // Emptying a map costs its capacity, which one huge session must not
        // leave to all that follow.
        if self.originals.capacity() + self.numbered.capacity() + self.units.capacity() > 1 << 10 {
            *self = Self::default();
            return;
        }
        self.originals.clear();
        self.numbered.clear();
        self.first_lines.clear();
        self.units.clear();
        self.standing.clear();
    }

    /// The earlier line that this one repeats; where there is none, a later one
    /// may repeat this.
    fn duplicate_of(&mut self, member: &Member<'_>, denied_for_cause: FindingSet) -> Option<u32> {
        let state = member.state;
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
            self.originals.entry(state.duplicate).or_insert((state.claim, member.number));
            self.numbered.insert(place, member.number);
        }
        None
    }

    fn stand(&mut self, procedure: ProcedureIndex, number: u32, disposition: Disposition) {
        let standing = self.standing.entry(procedure).or_default();
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

    /// What became of the lines with one of these procedures.
    fn primaries(&self, procedures: &[ProcedureIndex]) -> Primaries {
        let mut all = Primaries::default();
        for standing in procedures.iter().filter_map(|procedure| self.standing.get(procedure)) {
            all.allowed += standing.allowed;
            all.denied += standing.denied;
            all.pended += standing.pended;
            all.first_stopped = match (all.first_stopped, standing.first_stopped) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        all
    }
}

/// A line of a session.
struct Member<'a> {
    number: u32,
    state: &'a LineState,
    findings: FindingSet,
    duplicate_of: Option<u32>,
}

fn ask(rule: RuleId, context: &SessionContext<'_>, member: &mut Member<'_>, notes: &mut Vec<EditNote>) {
    if let Some(evidence) = rule.rule().about_session(context) {
        notes.push(EditNote { line: member.number, rule, evidence });
        member.findings.insert(rule);
    }
}

/// Lines whose claim and line number stood on an earlier line.
fn repeated_lines(lines: &[LineState], shard: &[u32]) -> Vec<EditNote> {
    let mut first: FxHashMap<(u64, u32), u32> = FxHashMap::default();
    let mut notes = Vec::new();
    for number in shard {
        let Some(state) = lines.get(*number as usize) else { continue };
        let earlier = *first.entry((state.claim, state.line_number)).or_insert(*number);
        let repeats = (earlier != *number).then_some(earlier);
        let context = SessionContext { repeats, ..SessionContext::default() };
        if let Some(evidence) = RuleId::Lin007.rule().about_session(&context) {
            notes.push(EditNote { line: *number, rule: RuleId::Lin007, evidence });
        }
    }
    notes
}

fn fold(key: u128) -> u64 {
    (key >> 64) as u64
}
