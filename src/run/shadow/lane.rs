//! A batch under the shadow's policies. Mostly a line comes to the same there, and nothing
//! is kept of it; what is kept lies over the run's own lines.

use crate::claim::ClaimLine;
use crate::engine::{Draft, EditBatch, LineState, PackedBatch, Recall, StatePacker};
use crate::run::held::Holder;
use crate::run::lane::Known;
use crate::run::shadow::Shadow;
use crate::run::{LookBack, RowCounts};

/// A line that the shadow decides otherwise than the run, or that only one of them decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::run) struct Over {
    /// The run's own line; of one that is the shadow's alone, the run's line behind it.
    pub(super) own: u32,
    pub(super) scope: Scope,
}

/// Who decides a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    Both,
    RunAlone,
    ShadowAlone,
}

/// What the shadow makes of a batch.
#[derive(Debug, Default)]
pub(in crate::run) struct ShadowBatch {
    pub(in crate::run) counts: RowCounts,
    /// Lines that lie over the run's own, or beside them, in order.
    pub(super) over: Vec<Over>,
    /// The same as line edits see them.
    pub(super) lines: PackedBatch,
    /// The same, held.
    pub(super) held: Vec<u8>,
    /// What such a line and the one that takes its payment back share, where the input
    /// says so.
    pub(super) payments: Vec<u64>,
}

/// What a worker has before it, from batch to batch.
#[derive(Debug, Default)]
pub(in crate::run) struct ShadowDesk {
    recall: Recall,
    lines: EditBatch,
    packer: StatePacker,
    holder: Holder,
}

/// Decides the lines of one batch.
pub(in crate::run) struct ShadowLane<'a> {
    shadow: &'a Shadow,
    look_back: Option<&'a LookBack>,
    desk: ShadowDesk,
    batch: ShadowBatch,
}

impl<'a> ShadowLane<'a> {
    pub(in crate::run) fn new(shadow: &'a Shadow, look_back: Option<&'a LookBack>, desk: ShadowDesk) -> Self {
        Self { shadow, look_back, desk, batch: ShadowBatch::default() }
    }

    pub(in crate::run) fn shadow(&self) -> &'a Shadow {
        self.shadow
    }

    /// Decides a line, of which the run has made `own`, its line of this number in the batch
    /// if it decides it. The codes that the run remembers serve both.
    #[inline]
    pub(in crate::run) fn decide(
        &mut self,
        line: &ClaimLine<'_>,
        known: Known,
        own: Option<&Draft>,
        number: u32,
        recall: &mut Recall,
    ) {
        if own.is_some_and(|own| self.shadow.decides_alike(line, own)) {
            self.batch.counts.decided += 1;
            return;
        }
        self.desk.recall.swap_codes(recall);
        let draft = self.shadow.draft(line, own, &mut self.desk.recall);
        self.desk.recall.swap_codes(recall);
        self.batch.counts.decided += u64::from(draft.is_some());
        let (draft, scope) = match (own, &draft) {
            (Some(own), Some(draft)) if self.shadow.is_same(own, draft) => return,
            (Some(_), Some(draft)) => (draft, Scope::Both),
            (Some(own), None) => (own, Scope::RunAlone),
            (None, Some(draft)) => (draft, Scope::ShadowAlone),
            (None, None) => return,
        };
        let mut state = LineState::new(line, draft, known.keys, known.row).waiving(known.waiver);
        if scope == Scope::RunAlone {
            state.supersede();
        }
        self.batch.over.push(Over { own: number, scope });
        self.desk.lines.push(known.keys.session, state);
        self.desk.holder.hold(line, draft, self.look_back);
        self.batch.payments.extend(known.payment);
    }

    /// Takes a row that cannot be read.
    pub(in crate::run) fn reject(&mut self) {
        self.batch.counts.rejected += 1;
    }

    /// What became of the batch, of so many rows, and the desk for the next one.
    pub(in crate::run) fn finish(mut self, rows: u64) -> (ShadowBatch, ShadowDesk) {
        let counts = &mut self.batch.counts;
        counts.rows = rows;
        counts.out_of_scope = rows - counts.decided - counts.rejected;
        let ShadowDesk { lines, packer, holder, .. } = &mut self.desk;
        self.batch.lines = lines.packed(packer);
        self.batch.held = holder.finish();
        lines.clear();
        (self.batch, self.desk)
    }
}
