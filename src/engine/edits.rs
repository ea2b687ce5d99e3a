//! Step 7: line edits, the one stage that needs the whole run.
//!
//! Lines are judged by session, and by claim and line number. A claim's lines
//! mostly stand together, so each batch is judged by itself while its lines are
//! at hand, every *stretch* of lines of one session as if it were the whole
//! session. Only the keys of the stretches are kept and sorted; a session that
//! turns out to have several stretches is judged again, all of it. The result
//! depends neither on the batches nor on who judged them.

use rayon::prelude::*;

use super::ledger::{Ledger, Member};
use super::{LineState, SessionKey};
use crate::policy::{PolicyIndex, Speaker};
use crate::rules::{Evidence, FindingSet, RuleId, SessionContext, Weights};

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

/// Where a stretch of lines of one session begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SessionStretch {
    /// The session's key, in four pieces, so that a stretch takes 20 bytes.
    key: [u32; 4],
    /// Its first line.
    pub first: u32,
}

/// Where a stretch of lines of one claim begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ClaimStretch {
    key: [u32; 2],
    /// Its first line.
    pub first: u32,
}

/// The lines in scope of one batch, for line edits.
#[derive(Clone, Debug, Default)]
pub struct EditBatch {
    /// The lines, in order.
    pub lines: Vec<LineState>,
    /// The stretches of sessions, in order.
    pub sessions: Vec<SessionStretch>,
    /// The stretches of claims, in order.
    pub claims: Vec<ClaimStretch>,
}

impl EditBatch {
    /// Empties it but for its memory.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.sessions.clear();
        self.claims.clear();
    }

    /// Adds the next line.
    pub fn push(&mut self, session: SessionKey, mut line: LineState) {
        // No batch has four billion lines.
        let first = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let key = quarters(session.0);
        let opens_session = self.sessions.last().is_none_or(|last| last.key != key);
        if opens_session {
            self.sessions.push(SessionStretch { key, first });
        }
        let opens_claim = self.lines.last().is_none_or(|last| last.claim != line.claim);
        if opens_claim {
            self.claims.push(ClaimStretch { key: halves(line.claim), first });
        }
        line.set_opens(opens_session, opens_claim);
        self.lines.push(line);
    }
}

#[allow(clippy::cast_possible_truncation)] // Each piece is one of the number's.
fn quarters(key: u128) -> [u32; 4] {
    [(key >> 96) as u32, (key >> 64) as u32, (key >> 32) as u32, key as u32]
}

#[allow(clippy::cast_possible_truncation)]
fn halves(key: u64) -> [u32; 2] {
    [(key >> 32) as u32, key as u32]
}

/// The stretches of a whole run.
#[derive(Clone, Debug, Default)]
pub struct Stretches {
    /// Of sessions.
    pub sessions: Vec<SessionStretch>,
    /// Of claims.
    pub claims: Vec<ClaimStretch>,
}

impl Stretches {
    /// Takes the stretches of the next batch, whose first line has this number.
    pub fn take(&mut self, batch: &mut EditBatch, first_line: u32) {
        let sessions = std::mem::take(&mut batch.sessions).into_iter();
        self.sessions.extend(sessions.map(|one| SessionStretch { first: one.first + first_line, ..one }));
        let claims = std::mem::take(&mut batch.claims).into_iter();
        self.claims.extend(claims.map(|one| ClaimStretch { first: one.first + first_line, ..one }));
    }

    /// How many bytes they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.sessions.capacity() * size_of::<SessionStretch>() + self.claims.capacity() * size_of::<ClaimStretch>()
    }
}

/// What was judged again when the whole run was known.
#[derive(Clone, Debug, Default)]
pub struct Rejudged {
    /// The lines whose session was, in order.
    sessions: Vec<u32>,
    /// The lines whose claim was, in order.
    claims: Vec<u32>,
    /// What was found then, in the order of lines, within a line in the
    /// catalogue's.
    notes: Vec<EditNote>,
}

impl Rejudged {
    /// Makes what was found on a batch's lines by itself, from the line `first`
    /// up to `end`, what is found on them in the run.
    pub fn apply(&self, notes: &mut Vec<EditNote>, first: u32, end: u32) {
        let again = between(&self.notes, first, end, |note| note.line);
        let sessions = between(&self.sessions, first, end, |line| *line);
        let claims = between(&self.claims, first, end, |line| *line);
        notes.retain(|note| {
            let lines = if note.rule == RuleId::Lin007 { claims } else { sessions };
            lines.binary_search(&note.line).is_err()
        });
        notes.extend(again);
        notes.sort_unstable_by_key(|note| (note.line, note.rule));
    }
}

/// Those of sorted things whose line lies from `first` up to `end`.
fn between<T>(things: &[T], first: u32, end: u32, line: impl Fn(&T) -> u32) -> &[T] {
    let start = things.partition_point(|thing| line(thing) < first);
    let until = things.partition_point(|thing| line(thing) < end);
    things.get(start..until).unwrap_or_default()
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

    /// What the edits find on lines that are all of a run, in the order of lines,
    /// within a line in the catalogue's.
    #[must_use]
    pub fn of_run(&self, mut batch: EditBatch) -> Vec<EditNote> {
        let mut notes = self.of_batch(&batch);
        let mut stretches = Stretches::default();
        stretches.take(&mut batch, 0);
        let fetch = |first: u32, lines: &mut Vec<LineState>, ends: fn(&LineState) -> bool| {
            let found = batch.lines.iter().skip(first as usize);
            lines.extend(stretch(found.copied(), ends));
            Ok::<(), std::convert::Infallible>(())
        };
        let Ok(rejudged) = self.rejudge(&mut stretches, fetch);
        rejudged.apply(&mut notes, 0, u32::MAX);
        notes
    }

    /// What the edits find on the lines of a batch, as if they were all; lines
    /// are numbered from 0.
    #[must_use]
    pub fn of_batch(&self, batch: &EditBatch) -> Vec<EditNote> {
        let mut notes = Vec::new();
        let mut judge = Judge::default();
        let mut rest = batch.lines.iter().copied().zip(0_u32..).peekable();
        while let Some((state, number)) = rest.next() {
            judge.members.push(Member { number, state, findings: state.findings, duplicate_of: None });
            if rest.peek().is_none_or(|(next, _)| next.opens_session()) {
                self.session(&mut judge, &mut notes);
            }
        }
        let mut first = 0_u32;
        for claim in batch.lines.chunk_by(|_, next| !next.opens_claim()) {
            let start = first;
            first += u32::try_from(claim.len()).unwrap_or(u32::MAX);
            // Most claims number their lines upwards, and none is repeated then.
            if claim.is_sorted_by(|a, b| a.line_number < b.line_number) {
                continue;
            }
            repeated_lines(claim.iter().zip(start..).map(|(line, number)| (*line, number)), &mut notes);
        }
        notes.sort_unstable_by_key(|note| (note.line, note.rule));
        notes
    }

    /// Judges the sessions and claims of several stretches again. `fetch` adds
    /// the lines of the stretch that begins with a line: that line and all that
    /// follow until one for which its last argument holds, or the batch's end.
    ///
    /// # Errors
    ///
    /// The first error of `fetch`.
    pub fn rejudge<E: Send>(
        &self,
        stretches: &mut Stretches,
        fetch: impl Fn(u32, &mut Vec<LineState>, fn(&LineState) -> bool) -> Result<(), E> + Sync,
    ) -> Result<Rejudged, E> {
        stretches.sessions.par_sort_unstable();
        stretches.claims.par_sort_unstable();
        let several: Vec<&[SessionStretch]> =
            stretches.sessions.chunk_by(|a, b| a.key == b.key).filter(|one| one.len() > 1).collect();
        let sessions = several.par_iter().map_init(Judge::default, |judge, session| {
            let mut found = Found::default();
            let mut lines = Vec::new();
            for stretch in *session {
                lines.clear();
                fetch(stretch.first, &mut lines, LineState::opens_session)?;
                judge.members.extend(lines.iter().zip(stretch.first..).map(|(state, number)| {
                    found.lines.push(number);
                    Member { number, state: *state, findings: state.findings, duplicate_of: None }
                }));
            }
            self.session(judge, &mut found.notes);
            Ok(found)
        });
        let sessions: Vec<Found> = sessions.collect::<Result<_, E>>()?;
        let several: Vec<&[ClaimStretch]> =
            stretches.claims.chunk_by(|a, b| a.key == b.key).filter(|one| one.len() > 1).collect();
        let claims = several.par_iter().map(|claim| {
            let mut found = Found::default();
            let mut members = Vec::new();
            let mut lines = Vec::new();
            for stretch in *claim {
                lines.clear();
                fetch(stretch.first, &mut lines, LineState::opens_claim)?;
                members.extend(lines.iter().copied().zip(stretch.first..));
            }
            found.lines.extend(members.iter().map(|(_, number)| *number));
            repeated_lines(members.into_iter(), &mut found.notes);
            Ok(found)
        });
        let claims: Vec<Found> = claims.collect::<Result<_, E>>()?;
        let lines = |found: &[Found]| {
            let mut lines: Vec<u32> = found.iter().flat_map(|one| one.lines.iter().copied()).collect();
            lines.par_sort_unstable();
            lines
        };
        let mut notes: Vec<EditNote> =
            sessions.iter().chain(&claims).flat_map(|one| one.notes.iter().copied()).collect();
        notes.par_sort_unstable_by_key(|note| (note.line, note.rule));
        Ok(Rejudged { sessions: lines(&sessions), claims: lines(&claims), notes })
    }

    /// Judges one session, and forgets it: duplicates first, since a duplicate
    /// counts in no other edit; then what primaries need; then add-ons, which rest
    /// on primaries. Each pass is linear in the session's lines, however many they
    /// are.
    fn session(&self, judge: &mut Judge, notes: &mut Vec<EditNote>) {
        let Judge { members, ledger } = judge;
        for member in members.iter_mut() {
            member.duplicate_of = ledger.duplicate_of(member, self.denied_for_cause);
            if member.duplicate_of.is_none() {
                ledger.first_lines.entry(member.state.procedure(), member.number);
            }
        }
        for member in members.iter_mut() {
            let Some(speaker) = self.speaker(&member.state) else { continue };
            let counted = member.duplicate_of.is_none();
            let so_far = ledger.units.entry(member.state.procedure(), Default::default());
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
        for member in members.iter_mut() {
            let Some(speaker) = self.speaker(&member.state) else { continue };
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
        members.clear();
        ledger.clear();
    }

    /// What the line's policy says of its procedure beside others.
    fn speaker(&self, line: &LineState) -> Option<&'a Speaker> {
        self.index.entry(line.procedure())?.speaker(line.policy)
    }
}

/// A session that is being judged.
#[derive(Default)]
struct Judge {
    members: Vec<Member>,
    ledger: Ledger,
}

/// What was found on some lines.
#[derive(Default)]
struct Found {
    lines: Vec<u32>,
    notes: Vec<EditNote>,
}

/// The first of some lines, and those that follow up to one that begins anew.
pub fn stretch(
    lines: impl Iterator<Item = LineState>,
    begins: fn(&LineState) -> bool,
) -> impl Iterator<Item = LineState> {
    lines.enumerate().take_while(move |(place, line)| *place == 0 || !begins(line)).map(|(_, line)| line)
}

fn ask(rule: RuleId, context: &SessionContext<'_>, member: &mut Member, notes: &mut Vec<EditNote>) {
    if let Some(evidence) = rule.rule().about_session(context) {
        notes.push(EditNote { line: member.number, rule, evidence });
        member.findings.insert(rule);
    }
}

/// Lines of a claim whose line number stood on an earlier one.
fn repeated_lines(lines: impl Iterator<Item = (LineState, u32)>, notes: &mut Vec<EditNote>) {
    let mut first = super::ledger::Few::<u32, u32>::default();
    for (state, number) in lines {
        let earlier = *first.entry(state.line_number, number);
        let repeats = (earlier != number).then_some(earlier);
        let context = SessionContext { repeats, ..SessionContext::default() };
        if let Some(evidence) = RuleId::Lin007.rule().about_session(&context) {
            notes.push(EditNote { line: number, rule: RuleId::Lin007, evidence });
        }
    }
}
