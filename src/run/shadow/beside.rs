//! The shadow's lines beside the run's own: every line as both decided it.
//!
//! Both stand in the order of the input, batch by batch, so they are met row by row.

use std::io;

use crate::claim::{ClaimStatus, Decimal, Stated};
use crate::engine::{EditNote, LineState};
use crate::report::comparison::{
    ChangedLine, ChangedSample, ChangesWriter, Comparer, DecidedLine, Line, PairSums, PairedLine,
};
use crate::report::{DecisionRow, KeptOutcome, OutcomeKey, Outcomes};
use crate::run::held::{HeldLine, HeldLines};
use crate::run::ruled::Ruled;
use crate::run::spool::{Batch, Loaded};

/// What a worker has before it, from group to group.
#[derive(Default)]
pub(in crate::run) struct ShadowDesk<'a> {
    outcomes: Outcomes<'a>,
    pairs: PairSums,
    sample: ChangedSample,
    loaded: Loaded,
    detail: Vec<u8>,
    /// Rows of changed lines that the group at hand has passed.
    pub(in crate::run) changes: Vec<u8>,
}

impl<'a> ShadowDesk<'a> {
    /// Tells what it has summed, and shows what it has drawn; `own` are the outcomes of
    /// the same worker.
    pub(super) fn finish(self, own: &Outcomes<'_>, comparer: &mut Comparer, sample: &mut ChangedSample) {
        self.pairs.add_to(own, &self.outcomes, comparer);
        sample.merge(self.sample);
    }

    /// The shadow's lines of the batch that the own one was made of.
    pub(in crate::run) fn beside<'d>(&'d mut self, ruled: &'d Ruled<'a>, own: &Batch) -> io::Result<Beside<'d, 'a>> {
        let batches = ruled.lines.spool.batches();
        let found = batches.binary_search_by_key(&own.place(), Batch::place).ok();
        self.through(ruled, found.and_then(|at| batches.get(at)))
    }

    pub(super) fn through<'d>(
        &'d mut self,
        ruled: &'d Ruled<'a>,
        batch: Option<&'a Batch>,
    ) -> io::Result<Beside<'d, 'a>> {
        let Self { outcomes, pairs, sample, loaded, detail, changes } = self;
        let (states, held) = match batch {
            Some(batch) => ruled.lines.spool.read(batch, loaded)?,
            None => Default::default(),
        };
        Ok(Beside {
            ruled,
            batch,
            states,
            held: HeldLines::new(held),
            notes: batch.map_or_else(Default::default, |batch| batch.notes.as_slice()),
            number: batch.map_or(0, |batch| batch.first),
            judge: Judge { ruled, outcomes },
            account: Account { pairs, sample, changes, detail },
        })
    }
}

/// The shadow's lines of one batch, those not yet met.
pub(in crate::run) struct Beside<'d, 'a> {
    ruled: &'d Ruled<'a>,
    batch: Option<&'a Batch>,
    states: &'d [LineState],
    held: HeldLines<'d>,
    notes: &'d [EditNote],
    /// The number of the first of them.
    number: u32,
    judge: Judge<'d, 'a>,
    account: Account<'d>,
}

/// Finds what the shadow's lines came to.
struct Judge<'d, 'a> {
    ruled: &'d Ruled<'a>,
    outcomes: &'d mut Outcomes<'a>,
}

impl<'a> Judge<'_, 'a> {
    fn outcome(&mut self, state: &LineState, held: &HeldLine<'_>, notes: &[EditNote]) -> Option<&KeptOutcome<'a>> {
        let mut findings = state.findings;
        for note in notes {
            findings.insert(note.rule);
        }
        let context = held.context;
        let key = OutcomeKey { context: context.0, procedure: state.procedure(), findings, waiver: state.waiver };
        let place = self.outcomes.place(key, || self.ruled.work_out(state, context, findings));
        self.outcomes.get(place)
    }
}

/// What pairs come to.
struct Account<'d> {
    pairs: &'d mut PairSums,
    sample: &'d mut ChangedSample,
    changes: &'d mut Vec<u8>,
    detail: &'d mut Vec<u8>,
}

impl Beside<'_, '_> {
    /// Passes by the lines up to a row of the batch that have been met elsewhere.
    pub(in crate::run) fn skip(&mut self, row: u32) {
        while self.states.first().is_some_and(|state| state.row <= row) {
            self.pass(false);
        }
    }

    /// Meets the run's own line of a row of the batch, and its number among the run's
    /// lines; lines before it are the shadow's alone.
    pub(in crate::run) fn meet(&mut self, own: &DecisionRow<'_>, at: u32, number: u32) -> io::Result<()> {
        while self.states.first().is_some_and(|state| state.row < at) {
            self.pass(true);
        }
        let both = PairedLine { service_date: own.service_date, provider: own.provider_npi, paid: own.paid };
        match self.states.split_first() {
            Some((state, rest)) if state.row == at => {
                let Some(held) = self.held.read() else { return Ok(()) };
                let notes = split_notes(&mut self.notes, self.number);
                self.states = rest;
                self.number += 1;
                if state.is_superseded() {
                    self.account.pairs.add(Some(own.outcome), None, &both);
                    return Ok(());
                }
                let Some(outcome) = self.judge.outcome(state, held, notes) else { return Ok(()) };
                let ruled = |kept: &KeptOutcome<'_>| (kept.outcome.disposition, kept.outcome.rule);
                self.account.pairs.add(Some(own.outcome), Some(outcome), &both);
                if ruled(own.outcome) == ruled(outcome) {
                    return Ok(());
                }
                let [.., detail] = held.texts;
                if let Some(batch) = self.batch {
                    self.ruled.tell(detail, notes, batch, self.account.detail)?;
                }
                self.account.change(self.ruled.settings.spreadsheet_safe, own, outcome, number)
            }
            _ => {
                self.account.pairs.add(Some(own.outcome), None, &both);
                Ok(())
            }
        }
    }

    /// Sums up the lines that are left: the shadow's alone.
    pub(in crate::run) fn rest(&mut self) {
        while !self.states.is_empty() {
            self.pass(true);
        }
    }

    /// Passes by a line that is the shadow's alone, if it has not been met elsewhere.
    fn pass(&mut self, is_new: bool) {
        let Some((state, rest)) = self.states.split_first() else { return };
        self.states = rest;
        let notes = split_notes(&mut self.notes, self.number);
        self.number += 1;
        let Some(held) = self.held.read() else { return };
        if !is_new || state.is_superseded() {
            return;
        }
        let Some(outcome) = self.judge.outcome(state, held, notes) else { return };
        let [_, _, provider, _] = held.texts;
        let line = PairedLine { service_date: held.service_date, provider, paid: paid(held) };
        self.account.pairs.add(None, Some(outcome), &line);
    }
}

impl Account<'_> {
    /// Writes and shows a line that was decided differently. What both read of it is the
    /// same.
    fn change(
        &mut self,
        spreadsheet_safe: bool,
        own: &DecisionRow<'_>,
        shadow: &KeptOutcome<'_>,
        number: u32,
    ) -> io::Result<()> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (service_date, procedure) = (own.service_date.to_string(), own.outcome.outcome.procedure.to_string());
        let (provider, claim_id) = (text(own.provider_npi), text(own.claim_id));
        let line_number = own.line_number.to_string();
        let sides = [(own.outcome, own.detail), (shadow, self.detail.as_slice())];
        let texts = sides.map(|(kept, detail)| (kept, rules(kept), text(detail)));
        let decided = |place: usize| {
            let (kept, rules, detail) = texts.get(place)?;
            let line = Line {
                service_date: &service_date,
                procedure: &procedure,
                provider: &provider,
                paid: own.paid,
                disposition: kept.outcome.disposition,
                rule: kept.outcome.rule.map_or("", |rule| rule.rule().code),
            };
            Some(DecidedLine {
                line,
                source_file: own.source_file,
                source_row: own.source_row,
                claim_id: &claim_id,
                line_number: &line_number,
                units: Some(own.units),
                billed: own.billed,
                rules,
                detail,
                policy_version: kept.outcome.policy_version,
            })
        };
        let (Some(a), Some(b)) = (decided(0), decided(1)) else { return Ok(()) };
        let changed = ChangedLine { a, b, occurrence: None };
        self.sample.add_at(number.into(), &changed);
        let mut rows = ChangesWriter::rows(&mut *self.changes, spreadsheet_safe);
        rows.write(&changed)?;
        rows.finish().map(drop)
    }
}

fn rules(kept: &KeptOutcome<'_>) -> String {
    let codes: Vec<_> = kept.outcome.findings.rules().map(|rule| rule.rule().code).collect();
    codes.join(";")
}

/// What was paid on a line: what the payer denied it did not pay, whatever stands there.
pub(in crate::run) fn paid(held: &HeldLine<'_>) -> Option<Decimal> {
    let is_denied = held.context.status() == Stated::Known(ClaimStatus::Denied);
    if is_denied { Some(Decimal::ZERO) } else { held.paid }
}

/// The notes of a line, which stand first among those that are left.
fn split_notes<'n>(notes: &mut &'n [EditNote], line: u32) -> &'n [EditNote] {
    let mine = notes.iter().take_while(|note| note.line == line).count();
    let (own, rest) = notes.split_at(mine);
    *notes = rest;
    own
}
