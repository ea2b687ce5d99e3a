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
use crate::policy::{PolicyIndex, ProcedureEntry, ProcedureIndex};
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
        for session in members.chunk_by(|a, b| a.0 == b.0) {
            let held: Vec<Member<'_>> = session
                .iter()
                .filter_map(|(_, number)| Some(Member { number: *number, state: lines.get(*number as usize)? }))
                .collect();
            self.session(&held, &mut notes);
        }
        notes
    }

    /// Judges one session: duplicates first, since a duplicate counts in no other
    /// edit; then what primaries need; then add-ons, which rest on primaries.
    fn session(&self, session: &[Member<'_>], notes: &mut Vec<EditNote>) {
        let mut findings: Vec<FindingSet> = session.iter().map(|member| member.state.findings).collect();
        let duplicates = self.duplicates(session);
        let mut units: FxHashMap<ProcedureIndex, Decimal> = FxHashMap::default();
        let add_on_rules = [RuleId::Lin001, RuleId::Lin002, RuleId::Lin005];

        for (place, member) in session.iter().enumerate() {
            let Some(entry) = self.index.entry(member.state.procedure()) else { continue };
            let duplicate_of = duplicates.get(place).copied().flatten();
            let so_far = units.entry(member.state.procedure()).or_default();
            if member.state.reached_diagnosis() && duplicate_of.is_none() {
                *so_far += member.state.units;
            }
            let context = SessionContext {
                reached_diagnosis: member.state.reached_diagnosis(),
                units: member.state.units,
                duplicate_of,
                limit: entry.limit.filter(|_| duplicate_of.is_none()),
                units_so_far: *so_far,
                first_of_pair: first_of_pair(session, &duplicates, entry),
                ..SessionContext::default()
            };
            for rule in [RuleId::Lin004, RuleId::Lin003, RuleId::Lin006] {
                ask(rule, &context, member.number, findings.get_mut(place), notes);
            }
        }
        for (place, member) in session.iter().enumerate() {
            let Some(entry) = self.index.entry(member.state.procedure()) else { continue };
            if entry.primaries.is_empty() || !member.state.reached_diagnosis() {
                continue;
            }
            let primaries = self.primaries(session, &duplicates, &findings, entry);
            let context =
                SessionContext { reached_diagnosis: true, primaries: Some(&primaries), ..SessionContext::default() };
            for rule in add_on_rules {
                ask(rule, &context, member.number, findings.get_mut(place), notes);
            }
        }
    }

    /// For each line, the earlier one that it repeats.
    fn duplicates(&self, session: &[Member<'_>]) -> Vec<Option<u32>> {
        // Lines that a later one may repeat, by what duplicates share. They all
        // stand on one claim: a line of another claim would be a duplicate.
        let mut originals: FxHashMap<u64, Vec<&Member<'_>>> = FxHashMap::default();
        session
            .iter()
            .map(|member| {
                let state = member.state;
                if state.duplicate == 0 || !state.reached_diagnosis() {
                    return None;
                }
                let earlier = originals.entry(state.duplicate).or_default();
                let twin = earlier
                    .iter()
                    .find(|other| other.state.claim != state.claim || other.state.line_number == state.line_number);
                if let Some(twin) = twin {
                    return Some(twin.number);
                }
                if !state.findings.intersects(self.denied_for_cause) {
                    earlier.push(member);
                }
                None
            })
            .collect()
    }

    /// The primaries of an add-on, by what became of them.
    fn primaries(
        &self,
        session: &[Member<'_>],
        duplicates: &[Option<u32>],
        findings: &[FindingSet],
        add_on: &ProcedureEntry,
    ) -> Primaries {
        let mut found = Primaries::default();
        for ((member, duplicate), findings) in session.iter().zip(duplicates).zip(findings) {
            if duplicate.is_some() || !add_on.primaries.contains(&member.state.procedure()) {
                continue;
            }
            match findings.disposition(self.weights) {
                Disposition::Allow | Disposition::Refer => {
                    found.allowed += 1;
                    continue;
                }
                Disposition::Deny => found.denied += 1,
                Disposition::Pend => found.pended += 1,
            }
            found.first_stopped = found.first_stopped.or(Some(member.number));
        }
        found
    }
}

/// A line of a session.
struct Member<'a> {
    number: u32,
    state: &'a LineState,
}

fn ask(
    rule: RuleId,
    context: &SessionContext<'_>,
    line: u32,
    findings: Option<&mut FindingSet>,
    notes: &mut Vec<EditNote>,
) {
    if let Some(evidence) = rule.rule().about_session(context) {
        notes.push(EditNote { line, rule, evidence });
        if let Some(findings) = findings {
            findings.insert(rule);
        }
    }
}

/// A line of the session with the code that stays where the two exclude each other.
fn first_of_pair(session: &[Member<'_>], duplicates: &[Option<u32>], entry: &ProcedureEntry) -> Option<u32> {
    if entry.second_to.is_empty() {
        return None;
    }
    let counted = session.iter().zip(duplicates).filter(|(_, duplicate)| duplicate.is_none());
    counted
        .map(|(member, _)| member)
        .find(|member| entry.second_to.contains(&member.state.procedure()))
        .map(|m| m.number)
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
        ask(RuleId::Lin007, &context, *number, None, &mut notes);
    }
    notes
}

fn fold(key: u128) -> u64 {
    (key >> 64) as u64
}
