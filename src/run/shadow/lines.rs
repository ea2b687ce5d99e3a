//! The lines of a run that its shadow decides otherwise, and what only the whole run can
//! tell of them: their sessions are judged again under the shadow's policies.

use std::path::Path;

use rayon::ThreadPool;
use rustc_hash::FxHashSet;

use super::Shadow;
use super::judged::JudgedShadow;
use super::lane::{Over, Scope, ShadowBatch};
use super::numbers::Numbers;
use crate::engine::{
    ClaimStretch, FIRST_PAST, FinalActions, LineEdits, LineState, Members, Rejudged, SessionStretch, Stretches,
    SupersededLine, VersionNote, judge_claims,
};
use crate::run::history::Past;
use crate::run::lines::JudgedLines;
use crate::run::spool::{HeldBatch, Spool};
use crate::run::{HistoryRun, RunError};

/// Lines that lie over the run's own, as long as more of them come.
pub(in crate::run) struct ShadowLines {
    spool: Spool,
    over: Vec<Over>,
    stretches: Stretches,
    payments: Vec<u64>,
    history: Vec<HistoryRun>,
    memory: usize,
}

/// The same when all have come, with what the run's own lines tell of their sessions and
/// claims before they are settled.
pub(in crate::run) struct Asked {
    lines: ShadowLines,
    numbers: Numbers,
    sessions: Vec<SessionStretch>,
    claims: Vec<ClaimStretch>,
    /// The claims that are other claims here, since a line is only in one of the two.
    touched: FxHashSet<u64>,
    /// What the rows of the run tell of versions, where that is asked for lines that are
    /// the shadow's alone.
    versions: Vec<VersionNote>,
    past: Past,
}

/// Part of a session or of a claim.
#[derive(Clone, Copy)]
enum Piece<S> {
    Own(S),
    Over(S),
}

impl ShadowLines {
    /// None yet. What does not fit into memory goes to a file in `folder`.
    pub(in crate::run) fn new(history: &[HistoryRun], memory: usize, folder: &Path) -> Self {
        Self {
            spool: Spool::new(memory, folder),
            over: Vec::new(),
            stretches: Stretches::default(),
            payments: Vec::new(),
            history: history.to_vec(),
            memory,
        }
    }

    /// Takes those of the next batch, before which so many own lines of the run stand.
    pub(in crate::run) fn take(
        &mut self,
        mut batch: ShadowBatch,
        own_before: u32,
        (file, rows_before): (usize, u32),
    ) -> Result<(), RunError> {
        let limit = u64::from(FIRST_PAST);
        let first = self.spool.lines();
        if u64::from(own_before) + u64::from(first) + batch.over.len() as u64 > limit {
            return Err(RunError::TooManyLines { limit });
        }
        self.stretches.take(&batch.lines.sessions, &batch.lines.claims, first);
        self.over.extend(batch.over.iter().map(|one| Over { own: one.own + own_before, ..*one }));
        if !batch.payments.is_empty() {
            // Lines of inputs that say nothing of it.
            self.payments.resize(first as usize, 0);
            self.payments.append(&mut batch.payments);
        }
        let held = HeldBatch { states: batch.lines.states, held: batch.held, notes: Vec::new(), file, rows_before };
        let others = self.over.capacity() * size_of::<Over>() + self.payments.capacity() * size_of::<u64>();
        self.spool.push(held, self.stretches.bytes() + others)
    }

    /// Asks the run's own lines for what they no longer have when they are settled.
    pub(in crate::run) fn ask(
        self,
        own: &Stretches,
        versions: &[VersionNote],
        shadow: &Shadow,
    ) -> Result<Asked, RunError> {
        let of_over = &self.stretches.sessions;
        let past = Past::of_runs(&self.history, shadow.adjudicator(), of_over, versions, self.memory)?;
        let numbers = Numbers::new(&self.over);
        let sessions = of_over.iter().map(SessionStretch::session).collect();
        let alone = (0..).zip(&self.over).filter(|(_, one)| one.scope != Scope::Both);
        let touched: FxHashSet<u64> = alone.filter_map(|(place, _)| self.stretches.claim_of(place)).collect();
        Ok(Asked {
            sessions: own.of_sessions(&sessions),
            claims: if touched.is_empty() { Vec::new() } else { own.of_claims(&touched) },
            versions: if numbers.has_alone() { versions.to_vec() } else { Vec::new() },
            touched,
            numbers,
            past,
            lines: self,
        })
    }
}

impl Asked {
    /// Judges again, under the shadow's policies, the sessions and claims of the lines.
    pub(in crate::run) fn judge(
        mut self,
        own: &JudgedLines,
        shadow: &Shadow,
        pool: &ThreadPool,
    ) -> Result<JudgedShadow, RunError> {
        self.lines.spool.settle()?;
        let superseded = self.supersede(own, shadow)?;
        let rejudged = pool.install(|| self.rejudged(own, shadow))?;
        let Self { lines, numbers, past, .. } = self;
        Ok(JudgedShadow { spool: lines.spool, over: lines.over, numbers, rejudged, past, superseded })
    }

    /// Marks the lines of which another version stands, and counts them among all that the
    /// shadow decides.
    fn supersede(&mut self, own: &JudgedLines, shadow: &Shadow) -> Result<u64, RunError> {
        let Self { lines, numbers, versions, .. } = self;
        let of_run = &own.superseded.lines;
        let find = |line: u32| of_run.binary_search_by_key(&line, |one| one.line).ok().and_then(|at| of_run.get(at));
        let mut marked: Vec<SupersededLine> = Vec::new();
        let mut counted = of_run.len() as u64;
        for (place, one) in (0..).zip(&lines.over).filter(|(_, one)| one.scope != Scope::ShadowAlone) {
            let Some(known) = find(one.own) else { continue };
            marked.push(SupersededLine { line: place, ..*known });
            counted -= u64::from(one.scope == Scope::RunAlone);
        }
        if numbers.has_alone() && !shadow.adjudicator().options().as_received {
            let actions =
                FinalActions { versions: std::mem::take(versions), payments: std::mem::take(&mut lines.payments) };
            let found = actions.settle(|see| lines.spool.each_state(see))?;
            let alone = |one: &SupersededLine| {
                lines.over.get(one.line as usize).is_some_and(|over| over.scope == Scope::ShadowAlone)
            };
            let found: Vec<_> = found.lines.into_iter().filter(alone).collect();
            counted += found.len() as u64;
            marked.extend(found);
            marked.sort_unstable_by_key(|one| one.line);
        }
        lines.spool.supersede(&marked)?;
        Ok(counted)
    }

    fn rejudged(&self, own: &JudgedLines, shadow: &Shadow) -> Result<Rejudged, RunError> {
        let edits = LineEdits::new(shadow.adjudicator());
        let key = SessionStretch::session;
        let mut sessions = pieces(&self.sessions, &self.lines.stretches.sessions, key, |one| one.first);
        let sessions: Vec<_> = sessions.chunk_by_mut(|a, b| key(a.stretch()) == key(b.stretch())).collect();
        let session = |group: &&mut [Piece<SessionStretch>]| group.first().map(|one| key(one.stretch()));
        let sessions = edits.judge_sessions(&sessions, session, &self.past.lines, |group, members| {
            let firsts = group.iter().map(|one| (one.is_own(), one.stretch().first));
            self.fetch(firsts, own, shadow, LineState::opens_session, members)
        })?;
        let of_claims: Vec<_> =
            self.lines.stretches.claims.iter().filter(|one| self.touched.contains(&one.claim())).copied().collect();
        let key = ClaimStretch::claim;
        let mut claims = pieces(&self.claims, &of_claims, key, |one| one.first);
        let claims: Vec<_> = claims.chunk_by_mut(|a, b| key(a.stretch()) == key(b.stretch())).collect();
        let claims = judge_claims(&claims, |group, members| {
            let firsts = group.iter().map(|one| (one.is_own(), one.stretch().first));
            self.fetch(firsts, own, shadow, LineState::opens_claim, members)
        })?;
        Ok(Rejudged::new(sessions, claims))
    }

    /// The lines of a session or claim, as the shadow has them: those of the run that are
    /// the same here, and those that lie over or beside them.
    fn fetch(
        &self,
        pieces: impl Iterator<Item = (bool, u32)>,
        own: &JudgedLines,
        shadow: &Shadow,
        begins: fn(&LineState) -> bool,
        members: &mut Members,
    ) -> Result<(), RunError> {
        let over = &self.lines.over;
        for (is_own, first) in pieces {
            if is_own {
                // Lines that are the shadow's alone stand before the run's own that is behind them.
                let mut at = over.partition_point(|one| one.own < first);
                let fetch = |out: &mut Vec<LineState>| own.spool.fetch(first, out, begins);
                members.each_of(first, fetch, |lines, state, number| {
                    while over
                        .get(at)
                        .is_some_and(|one| one.own < number || one.own == number && one.scope == Scope::ShadowAlone)
                    {
                        at += 1;
                    }
                    if over.get(at).is_none_or(|one| one.own != number)
                        && let Some(state) = shadow.called(state)
                    {
                        lines.push((state, self.numbers.of_own(number)));
                    }
                })?;
            } else {
                let fetch = |out: &mut Vec<LineState>| self.lines.spool.fetch(first, out, begins);
                members.each_of(first, fetch, |lines, state, place| {
                    if let Some(one) = over.get(place as usize) {
                        lines.push((state, self.numbers.of_over(place, *one)));
                    }
                })?;
            }
        }
        members.lines.sort_unstable_by_key(|(_, number)| *number);
        Ok(())
    }
}

impl<S> Piece<S> {
    const fn stretch(&self) -> &S {
        match self {
            Self::Own(stretch) | Self::Over(stretch) => stretch,
        }
    }

    const fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }
}

/// All stretches in the order of their keys.
fn pieces<S: Copy, K: Ord>(own: &[S], over: &[S], key: impl Fn(&S) -> K, first: impl Fn(&S) -> u32) -> Vec<Piece<S>> {
    let own = own.iter().copied().map(Piece::Own);
    let mut all: Vec<_> = own.chain(over.iter().copied().map(Piece::Over)).collect();
    all.sort_unstable_by_key(|one| (key(one.stretch()), one.is_own(), first(one.stretch())));
    all
}
