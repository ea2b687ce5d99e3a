//! Step 7: line edits, the one stage that needs the whole run.
//!
//! Lines are judged by session, and by claim and line number. A claim's lines
//! mostly stand together, so each batch is judged by itself while its lines are
//! at hand, every *stretch* of lines of one session as if it were the whole
//! session. Only the keys of the stretches are kept and sorted; a session that
//! turns out to have several stretches is judged again, all of it. The result
//! depends neither on the batches nor on who judged them.

use super::again::{Found, Members, again};
use super::history::in_order;
use super::ledger::{Judge, Member, may_repeat};
use super::stretches::{EditBatch, Stretches, stretch};
use super::{Adjudicator, LineState, PastLines, Rejudged, SessionKey, SessionStretch};
use crate::overrides::Waiver;
use crate::policy::Speaker;
use crate::rules::{Evidence, FindingSet, RuleId, SessionContext};

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
    adjudicator: &'a Adjudicator,
    /// Rules of the diagnosis and clinical steps that deny.
    denied_for_cause: FindingSet,
}

impl<'a> LineEdits<'a> {
    /// Line edits under an adjudicator's policies, weights and overrides.
    #[must_use]
    pub fn new(adjudicator: &'a Adjudicator) -> Self {
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
        .filter(|rule| adjudicator.weights().deny.contains(*rule))
        .collect();
        Self { adjudicator, denied_for_cause: cause }
    }

    /// What the edits find on lines that are all of a run, in the order of lines,
    /// within a line in the catalogue's.
    #[must_use]
    pub fn of_run(&self, batch: &EditBatch) -> Vec<EditNote> {
        let mut notes = self.of_batch(batch);
        let mut stretches = Stretches::default();
        stretches.take(&batch.sessions, &batch.claims, 0);
        let fetch = |first: u32, lines: &mut Vec<LineState>, ends: fn(&LineState) -> bool| {
            let found = batch.lines.iter().skip(first as usize);
            lines.extend(stretch(found.copied(), ends));
            Ok::<(), std::convert::Infallible>(())
        };
        let Ok(rejudged) = self.rejudge(&mut stretches, &PastLines::default(), fetch);
        rejudged.apply(&mut notes, 0, u32::MAX);
        notes
    }

    /// What the edits find on the lines of a batch, as if they were all; lines
    /// are numbered from 0.
    #[must_use]
    pub fn of_batch(&self, batch: &EditBatch) -> Vec<EditNote> {
        let mut notes = Vec::new();
        let mut judge = Judge::default();
        let mut first = 0_u32;
        for session in batch.lines.chunk_by(|_, next| !next.opens_session()) {
            if !matches!(session, [line] if self.finds_nothing_alone(line)) {
                judge.take(session.iter().zip(first..));
                self.session(&mut judge, &mut notes);
            }
            first += u32::try_from(session.len()).unwrap_or(u32::MAX);
        }
        first = 0;
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

    /// Judges the sessions and claims of several stretches again, those of which it was
    /// asked, and those with lines of earlier runs. `fetch` adds
    /// the lines of the stretch that begins with a line: that line and all that
    /// follow until one for which its last argument holds, or the batch's end.
    ///
    /// # Errors
    ///
    /// The first error of `fetch`.
    pub fn rejudge<E: Send>(
        &self,
        stretches: &mut Stretches,
        past: &PastLines,
        fetch: impl Fn(u32, &mut Vec<LineState>, fn(&LineState) -> bool) -> Result<(), E> + Sync,
    ) -> Result<Rejudged, E> {
        stretches.judge_sessions_again(past.sessions());
        stretches.keep_repeated();
        let session = |group: &&[SessionStretch]| group.first().map(SessionStretch::session);
        let sessions = self.judge_sessions(&stretches.sessions_again(), session, past, |group, members| {
            group.iter().try_for_each(|one| {
                members.add_stretch(one.first, |lines| fetch(one.first, lines, LineState::opens_session))
            })
        })?;
        let claims = judge_claims(&stretches.claims_again(), |group, members| {
            group.iter().try_for_each(|one| {
                members.add_stretch(one.first, |lines| fetch(one.first, lines, LineState::opens_claim))
            })
        })?;
        Ok(Rejudged::new(sessions, claims))
    }

    /// Judges whole sessions. `fetch` adds the lines of one, in order, each with its number.
    ///
    /// # Errors
    ///
    /// The first error of `fetch`.
    pub fn judge_sessions<G: Sync, E: Send>(
        &self,
        sessions: &[G],
        key: impl Fn(&G) -> Option<SessionKey> + Sync,
        past: &PastLines,
        fetch: impl Fn(&G, &mut Members) -> Result<(), E> + Sync,
    ) -> Result<Found, E> {
        again(sessions, fetch, |judge: &mut Judge<'a>, session, members, notes| {
            for (number, line) in key(session).into_iter().flat_map(|session| past.of(session)) {
                judge.ledger.remember(number, line);
            }
            for (state, number) in members {
                judge.take([(&state, number)]);
            }
            self.session(judge, notes);
        })
    }

    /// Judges one session, beside what its ledger holds of earlier runs, and forgets it:
    /// duplicates first, since a duplicate
    /// counts in no other edit; then what primaries need; then add-ons, which rest
    /// on primaries. Each pass is linear in the session's lines, however many they
    /// are.
    fn session(&self, judge: &mut Judge<'a>, notes: &mut Vec<EditNote>) {
        let Judge { members, ledger } = judge;
        let may_repeat = ledger.has_originals() || may_repeat(members);
        let mut any_add_on = false;
        for member in members.iter_mut() {
            member.speaker = self.speaker(&member.state);
            any_add_on |= member.speaker.is_some_and(|speaker| !speaker.primaries.is_empty());
            if may_repeat {
                member.duplicate_of = ledger.duplicate_of(member, self.cause(member.state.waiver));
            }
            member.tally = ledger.enter(member.state.procedure());
            if member.duplicate_of.is_none()
                && let Some(tally) = ledger.tally(member.tally)
            {
                tally.first_line.get_or_insert(member.number);
            }
        }
        for member in members.iter_mut() {
            let Some(speaker) = member.speaker else { continue };
            let counted = member.duplicate_of.is_none();
            let firsts = speaker.second_to.iter().filter_map(|first| ledger.first_line(*first));
            let first_of_pair = firsts.min_by_key(|first| in_order(*first));
            let Some(tally) = ledger.tally(member.tally) else { continue };
            if member.state.reached_diagnosis() && counted {
                tally.units += member.state.units;
            }
            let context = SessionContext {
                reached_diagnosis: member.state.reached_diagnosis(),
                units: member.state.units,
                duplicate_of: member.duplicate_of,
                limit: speaker.limit.filter(|_| counted),
                units_so_far: tally.units,
                first_of_pair,
                ..SessionContext::default()
            };
            for rule in [RuleId::Lin004, RuleId::Lin003, RuleId::Lin006] {
                ask(rule, &context, member, notes);
            }
            if counted {
                let disposition = member.state.findings.disposition(&self.adjudicator.weights_on(member.state.waiver));
                tally.stand(member.number, disposition);
            }
        }
        for member in members.iter_mut().filter(|_| any_add_on) {
            let Some(speaker) = member.speaker else { continue };
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

    /// Whether nothing is found on a line that is all of a session, as told by one look.
    fn finds_nothing_alone(&self, line: &LineState) -> bool {
        let Some(speaker) = self.speaker(line) else { return true };
        let context = SessionContext {
            reached_diagnosis: line.reached_diagnosis(),
            units: line.units,
            limit: speaker.limit,
            units_so_far: line.units,
            ..SessionContext::default()
        };
        speaker.second_to.is_empty()
            && speaker.primaries.is_empty()
            && RuleId::Lin003.rule().about_session(&context).is_none()
    }

    /// The rules that deny for cause a line that meets these overrides.
    fn cause(&self, waiver: Waiver) -> FindingSet {
        if waiver.is_none() {
            return self.denied_for_cause;
        }
        self.denied_for_cause.without(self.adjudicator.overrides().waived(waiver))
    }

    /// Whether these findings deny a line for its diagnosis or its clinical facts.
    #[must_use]
    pub fn denied_for_cause(&self, findings: FindingSet, waiver: Waiver) -> bool {
        findings.intersects(self.cause(waiver))
    }

    /// Whether a policy says how the line's procedure counts beside others.
    #[must_use]
    pub fn counts(&self, line: &LineState) -> bool {
        self.speaker(line).is_some()
    }

    /// What the line's policy says of its procedure beside others.
    fn speaker(&self, line: &LineState) -> Option<&'a Speaker> {
        self.adjudicator.index().entry(line.procedure())?.speaker(line.policy)
    }
}

/// Judges the line numbers of whole claims. `fetch` adds the lines of one, in order, each
/// with its number.
///
/// # Errors
///
/// The first error of `fetch`.
pub fn judge_claims<G: Sync, E: Send>(
    claims: &[G],
    fetch: impl Fn(&G, &mut Members) -> Result<(), E> + Sync,
) -> Result<Found, E> {
    again(claims, fetch, |(): &mut (), _, members, notes| repeated_lines(members, notes))
}

#[inline]
fn ask(rule: RuleId, context: &SessionContext<'_>, member: &mut Member<'_>, notes: &mut Vec<EditNote>) {
    if let Some(evidence) = rule.rule().about_session(context) {
        notes.push(EditNote { line: member.number, rule, evidence });
        member.state.findings.insert(rule);
    }
}

/// Lines of a claim whose line number stood on an earlier one.
fn repeated_lines(lines: impl Iterator<Item = (LineState, u32)>, notes: &mut Vec<EditNote>) {
    let mut first = super::few::Few::<u32, u32>::default();
    for (state, number) in lines.filter(|(state, _)| !state.is_superseded() && !state.is_reversal()) {
        let earlier = *first.entry(state.line_number, number);
        let repeats = (earlier != number).then_some(earlier);
        let context = SessionContext { repeats, ..SessionContext::default() };
        if let Some(evidence) = RuleId::Lin007.rule().about_session(&context) {
            notes.push(EditNote { line: number, rule: RuleId::Lin007, evidence });
        }
    }
}
