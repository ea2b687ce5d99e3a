//! A batch under the run's own policies.
//!
//! Its lines and their numbers are the same whether or not a shadow decides them as well:
//! so is what the run writes.

use super::held::Holder;
use super::shadow::Shadow;
use super::{LookBack, RowCounts, RunSettings};
use crate::claim::{ClaimLine, ProcedureCode};
use crate::engine::{
    Adjudicator, Draft, EditBatch, EditNote, LineEdits, LineKeys, LineState, PackedBatch, Recall, StatePacker,
};
use crate::overrides::Waiver;

/// What there is for the run's own policies, and for its shadow if it has one.
#[derive(Debug, Default)]
pub(super) struct Lanes<O, S> {
    pub(super) own: O,
    pub(super) shadow: Option<S>,
}

impl<'a> Lanes<&'a Adjudicator, &'a Shadow> {
    /// Whoever decides the lines of a run.
    pub(super) fn of(own: &'a Adjudicator, settings: &'a RunSettings) -> Self {
        Self { own, shadow: settings.shadow.as_deref() }
    }

    /// Whether a policy of either speaks about a procedure.
    #[inline]
    pub(super) fn speak_of(&self, procedure: ProcedureCode) -> bool {
        let speaks = |adjudicator: &Adjudicator| adjudicator.index().find(procedure).is_some();
        speaks(self.own) || self.shadow.is_some_and(|shadow| speaks(shadow.adjudicator()))
    }
}

/// What became of the lines of a batch.
#[derive(Debug, Default)]
pub(super) struct LaneOutcome {
    pub(super) counts: RowCounts,
    /// Decided lines, in order, their rows counted from the batch's first.
    pub(super) lines: PackedBatch,
    /// What line edits find on them, as if they were all.
    pub(super) notes: Vec<EditNote>,
    /// The same lines, held.
    pub(super) held: Vec<u8>,
    /// By decided line what a payment and its reversal share; empty where the input does
    /// not say what was reversed.
    pub(super) payments: Vec<u64>,
}

/// What a worker has before it, from batch to batch.
#[derive(Debug, Default)]
pub(super) struct LaneDesk {
    recall: Recall,
    lines: EditBatch,
    packer: StatePacker,
    holder: Holder,
}

/// What is the same of a line whatever policies judge it.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) keys: LineKeys,
    pub(super) waiver: Waiver,
    /// Its row in the batch, from 1.
    pub(super) row: u32,
    /// What it shares with the row that takes its payment back, where the input says so.
    pub(super) payment: Option<u64>,
}

/// Decides the lines of one batch.
pub(super) struct Lane<'a> {
    pub(super) adjudicator: &'a Adjudicator,
    edits: LineEdits<'a>,
    look_back: Option<&'a LookBack>,
    desk: LaneDesk,
    pub(super) outcome: LaneOutcome,
}

impl<'a> Lane<'a> {
    pub(super) fn new(adjudicator: &'a Adjudicator, look_back: Option<&'a LookBack>, desk: LaneDesk) -> Self {
        let edits = LineEdits::new(adjudicator);
        Self { adjudicator, edits, look_back, desk, outcome: LaneOutcome::default() }
    }

    /// What is remembered from line to line.
    pub(super) fn recall(&mut self) -> &mut Recall {
        &mut self.desk.recall
    }

    /// The number of the next line in the batch.
    pub(super) fn next(&self) -> u32 {
        u32::try_from(self.desk.lines.lines.len()).unwrap_or(u32::MAX)
    }

    /// Decides a line, if a policy speaks of its procedure.
    #[inline]
    pub(super) fn decide(&mut self, line: &ClaimLine<'_>) -> Option<Draft> {
        let draft = self.adjudicator.draft_recalling(line, &mut self.desk.recall);
        if draft.is_none() {
            self.outcome.counts.out_of_scope += 1;
        }
        draft
    }

    /// Keeps a line with what it came to.
    #[inline]
    pub(super) fn keep(&mut self, line: &ClaimLine<'_>, draft: &Draft, known: Known) {
        self.outcome.counts.decided += 1;
        let state = LineState::new(line, draft, known.keys, known.row).waiving(known.waiver);
        self.desk.lines.push(known.keys.session, state);
        self.desk.holder.hold(line, draft, self.look_back);
        self.outcome.payments.extend(known.payment);
    }

    /// What became of the batch, and the desk for the next one.
    pub(super) fn finish(mut self) -> (LaneOutcome, LaneDesk) {
        let LaneDesk { lines, packer, holder, .. } = &mut self.desk;
        self.outcome.notes = self.edits.of_batch(lines);
        // What is kept until the run ends takes no more than it needs.
        self.outcome.notes.shrink_to_fit();
        self.outcome.lines = lines.packed(packer);
        self.outcome.held = holder.finish();
        lines.clear();
        (self.outcome, self.desk)
    }
}
