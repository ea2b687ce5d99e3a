//! The shadow's lines beside the run's own: every line as both decided it.
//!
//! Both stand in the order of the input, batch by batch, so they are met row by row. Of most
//! lines the shadow has nothing: they are the same.

use std::io;
use std::iter::Peekable;

use super::account::{Account, Otherwise};
use super::judged::{Notes, RuledShadow};
use super::lane::Scope;
use crate::claim::{ClaimStatus, Decimal, Stated};
use crate::engine::{EditNote, LineState, RejudgedPart};
use crate::report::comparison::{PairedLine, Sided};
use crate::report::{DecisionRow, KeptOutcome, OutcomeKey, Outcomes};
use crate::rules::FindingSet;
use crate::run::context::Context;
use crate::run::held::{HeldLine, HeldLines};
use crate::run::outcomes::work_out;
use crate::run::spool::{Batch, Loaded, States};

/// What a worker has before it, from group to group.
#[derive(Default)]
pub(in crate::run) struct ComparingDesk<'a> {
    /// What lines came to that lie over the run's own.
    pub(super) over: Outcomes<'a>,
    /// What the run's own lines came to whose sessions were judged again.
    pub(super) again: Outcomes<'a>,
    pub(super) account: Account,
    loaded: Loaded,
    notes: Notes,
    detail: Vec<u8>,
}

/// One of the run's own lines, decided.
pub(in crate::run) struct OwnLine<'r> {
    pub(in crate::run) row: &'r DecisionRow<'r>,
    /// What was paid on it, where what the payer denied counts as nothing.
    pub(in crate::run) paid: Option<Decimal>,
    pub(in crate::run) state: &'r LineState,
    pub(in crate::run) context: Context,
    /// Its number among the run's lines.
    pub(in crate::run) number: u32,
    /// What line edits found on it.
    pub(in crate::run) notes: &'r [EditNote],
    /// What its own findings have to tell.
    pub(in crate::run) detail: &'r [u8],
}

impl<'a> ComparingDesk<'a> {
    /// Rows of changed lines that were met since the last time.
    pub(in crate::run) fn take_changes(&mut self) -> io::Result<Vec<u8>> {
        self.account.take_changes()
    }

    /// The shadow's lines of the batch that the own one was made of.
    pub(in crate::run) fn beside<'d>(
        &'d mut self,
        ruled: &'d RuledShadow<'a>,
        own: &Batch,
    ) -> io::Result<Beside<'d, 'a>> {
        let batches = ruled.lines.spool.batches();
        let found = batches.binary_search_by_key(&own.place(), Batch::place).ok();
        let part = ruled.part(own.first, own.first + own.lines);
        self.through(ruled, found.and_then(|at| batches.get(at)), part, own.file)
    }

    /// The lines of a batch that are all the shadow's alone.
    pub(super) fn alone<'d>(&'d mut self, ruled: &'d RuledShadow<'a>, batch: &'a Batch) -> io::Result<Beside<'d, 'a>> {
        self.through(ruled, Some(batch), RejudgedPart::default(), batch.file)
    }

    fn through<'d>(
        &'d mut self,
        ruled: &'d RuledShadow<'a>,
        batch: Option<&'a Batch>,
        part: RejudgedPart<'a>,
        file: usize,
    ) -> io::Result<Beside<'d, 'a>> {
        let Self { over, again, account, loaded, notes, detail } = self;
        let (states, held) = match batch {
            Some(batch) => ruled.lines.spool.read(batch, loaded)?,
            None => Default::default(),
        };
        let place = batch.map_or(0, |batch| batch.first);
        let states = states.peekable();
        let held = HeldLines::new(held, place);
        Ok(Beside { ruled, part, file, states, held, place, over, again, account, notes, detail })
    }
}

/// The shadow's lines of one batch, those not yet met.
pub(in crate::run) struct Beside<'d, 'a> {
    ruled: &'d RuledShadow<'a>,
    part: RejudgedPart<'a>,
    file: usize,
    states: Peekable<States<'d>>,
    held: HeldLines<'d>,
    /// The place of the first of them among all that lie over the run's.
    place: u32,
    over: &'d mut Outcomes<'a>,
    again: &'d mut Outcomes<'a>,
    account: &'d mut Account,
    notes: &'d mut Notes,
    detail: &'d mut Vec<u8>,
}

impl<'d> Beside<'d, '_> {
    /// Passes by the lines up to a row of the batch that have been met elsewhere.
    pub(in crate::run) fn skip(&mut self, row: u32) {
        while self.states.peek().is_some_and(|state| state.row <= row) {
            self.pass(false);
        }
    }

    /// Sums up the lines that are left: the shadow's alone.
    pub(in crate::run) fn rest(&mut self) {
        while self.states.peek().is_some() {
            self.pass(true);
        }
    }

    /// Meets one of the run's own lines; lines before it are the shadow's alone.
    pub(in crate::run) fn meet(&mut self, own: &OwnLine<'_>) -> io::Result<()> {
        while self.states.peek().is_some_and(|state| state.row < own.state.row) {
            self.pass(true);
        }
        let over = self.states.peek().is_some_and(|state| state.row == own.state.row);
        let row = own.row;
        let line =
            PairedLine { service_date: row.service_date, provider: row.texts.provider_npi.as_bytes(), paid: own.paid };
        if over {
            return self.meet_over(own, &line);
        }
        let number = self.ruled.lines.numbers.of_own(own.number);
        if self.part.has_next(number) {
            self.notes.fill(&self.part, number, own.notes);
            let findings = self.notes.findings(own.state);
            if findings != row.outcome.outcome.findings {
                return self.meet_again(own, &line, findings);
            }
        }
        self.account.pairs.add_same(row.outcome, &line);
        Ok(())
    }

    /// A line of its own lies over the run's.
    fn meet_over(&mut self, own: &OwnLine<'_>, line: &PairedLine<'_>) -> io::Result<()> {
        let Some((state, held, scope)) = self.next() else { return Ok(()) };
        if scope != Some(Scope::Both) || state.is_superseded() {
            self.account.pairs.add(Some(own.row.outcome), None, line);
            return Ok(());
        }
        self.notes.fill(&self.part, self.ruled.lines.numbers.of_own(own.number), own.notes);
        let findings = self.notes.findings(&state);
        let shadow = self.ruled.shadow.adjudicator();
        let Some(outcome) = place(self.over, &state, held.context, findings, || {
            work_out(self.ruled.own.settings, shadow, &state, held.context, findings)
        }) else {
            return Ok(());
        };
        self.account.pairs.add(Some(own.row.outcome), Some(Sided::Over(outcome)), line);
        if is_otherwise(own.row.outcome, outcome) {
            self.ruled.tell(held.texts.detail.as_bytes(), self.notes, self.file, self.detail)?;
            let policy_version = outcome.outcome.policy_version;
            let other = Otherwise { outcome, policy_version, detail: self.detail };
            self.account.change(self.ruled.own.settings.spreadsheet_safe, own, &other)?;
        }
        Ok(())
    }

    /// The line is the same, and its session or claim is not.
    fn meet_again(&mut self, own: &OwnLine<'_>, line: &PairedLine<'_>, findings: FindingSet) -> io::Result<()> {
        let Some(outcome) = place(self.again, own.state, own.context, findings, || {
            self.ruled.own.work_out(own.state, own.context, findings)
        }) else {
            return Ok(());
        };
        self.account.pairs.add(Some(own.row.outcome), Some(Sided::Again(outcome)), line);
        if is_otherwise(own.row.outcome, outcome) {
            self.ruled.tell(own.detail, self.notes, self.file, self.detail)?;
            let policy_version = match outcome.outcome.policy_version {
                "" => "",
                _ => self.ruled.shadow.version(own.context.policy(), own.row.service_date),
            };
            let other = Otherwise { outcome, policy_version, detail: self.detail };
            self.account.change(self.ruled.own.settings.spreadsheet_safe, own, &other)?;
        }
        Ok(())
    }

    /// Passes by a line that is the shadow's alone, if it has not been met elsewhere.
    fn pass(&mut self, is_new: bool) {
        let number_of = self.place;
        let Some((state, held, scope)) = self.next() else { return };
        let lines = self.ruled.lines;
        let Some(over) = lines.over.get(number_of as usize) else { return };
        if !is_new || scope != Some(Scope::ShadowAlone) || state.is_superseded() {
            return;
        }
        let number = lines.numbers.of_over(number_of, *over);
        self.notes.fill(&lines.rejudged.part(number, number + 1), number, &[]);
        let findings = self.notes.findings(&state);
        let shadow = self.ruled.shadow.adjudicator();
        let outcome = place(self.over, &state, held.context, findings, || {
            work_out(self.ruled.own.settings, shadow, &state, held.context, findings)
        });
        let provider = held.texts.provider_npi.as_bytes();
        let line = PairedLine { service_date: held.service_date, provider, paid: paid(&held) };
        self.account.pairs.add(None, outcome.map(Sided::Over), &line);
    }

    /// The next line, which is met then.
    fn next(&mut self) -> Option<(LineState, HeldLine<'d>, Option<Scope>)> {
        let state = self.states.next()?;
        let scope = self.ruled.lines.over.get(self.place as usize).map(|one| one.scope);
        self.place += 1;
        Some((state, *self.held.read()?, scope))
    }
}

fn place<'o, 'a>(
    outcomes: &'o mut Outcomes<'a>,
    state: &LineState,
    context: Context,
    findings: FindingSet,
    new: impl FnOnce() -> (crate::report::Outcome<'a>, crate::report::Sorted),
) -> Option<&'o KeptOutcome<'a>> {
    let key = OutcomeKey { context: context.0, procedure: state.procedure(), findings, waiver: state.waiver };
    let place = outcomes.place(key, new);
    outcomes.get(place)
}

fn is_otherwise(own: &KeptOutcome<'_>, shadow: &KeptOutcome<'_>) -> bool {
    (own.outcome.disposition, own.outcome.rule) != (shadow.outcome.disposition, shadow.outcome.rule)
}

/// What was paid on a line: what the payer denied it did not pay, whatever stands there.
pub(in crate::run) fn paid(held: &HeldLine<'_>) -> Option<Decimal> {
    let is_denied = held.context.status() == Stated::Known(ClaimStatus::Denied);
    if is_denied { Some(Decimal::ZERO) } else { held.paid }
}
