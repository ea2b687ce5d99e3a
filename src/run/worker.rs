//! One batch, decided: its rows sorted into out of scope, decided and rejected.

use super::held::Holder;
use super::{LookBack, RowCounts, RunSettings};
use crate::claim::{ClaimFrequency, ClaimLine, Day, PayerRecord, ProcedureCode};
use crate::engine::{Adjudicator, EditBatch, EditNote, LineEdits, LineState, Recall, VersionNote, payment_key};
use crate::input::csv::RowVisitor;
use crate::input::{Column, Row, RowMemory, RowReader, VersionRow};
use crate::policy::OutOfScope;

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct BatchOutcome {
    pub(super) file: usize,
    pub(super) counts: RowCounts,
    /// Decided lines, in order, their rows counted from the batch's first.
    pub(super) lines: EditBatch,
    /// What line edits find on them, as if they were all.
    pub(super) notes: Vec<EditNote>,
    /// The same lines, held.
    pub(super) held: Vec<u8>,
    /// Rejected rows, in order.
    pub(super) rejects: Vec<RejectedRow>,
    /// Rows of later versions of their claims, in order, in scope or not.
    pub(super) versions: Vec<VersionNote>,
    /// By decided line what a payment and its reversal share; empty where the input does
    /// not say what was reversed.
    pub(super) payments: Vec<u64>,
    /// Decided lines whose service date lies after the diagnosis table's last day.
    pub(super) after_table: u64,
}

/// A row that could not be read.
#[derive(Debug)]
pub(super) struct RejectedRow {
    /// Its place, from 1 for the batch's first row.
    pub(super) row: u64,
    pub(super) column: Option<Column>,
    pub(super) reason: String,
    pub(super) text: Vec<u8>,
}

/// What a worker has before it, from batch to batch.
#[derive(Debug, Default)]
pub(super) struct Desk {
    recall: Recall,
    out_of_scope: OutOfScope,
    lines: EditBatch,
    holder: Holder,
    rows: RowMemory,
}

/// Decides the rows of one batch.
pub(super) struct Worker<'a> {
    adjudicator: &'a Adjudicator,
    edits: LineEdits<'a>,
    look_back: Option<&'a LookBack>,
    desk: Desk,
    outcome: BatchOutcome,
}

impl<'a> Worker<'a> {
    pub(super) fn new(adjudicator: &'a Adjudicator, settings: &'a RunSettings, file: usize, desk: Desk) -> Self {
        Self {
            adjudicator,
            edits: LineEdits::new(adjudicator),
            look_back: settings.look_back.as_ref(),
            desk,
            outcome: BatchOutcome { file, ..BatchOutcome::default() },
        }
    }

    /// How many lines of the batch have been decided.
    pub(super) fn decided(&self) -> u64 {
        self.outcome.counts.decided
    }

    /// What became of the batch, and the desk for the next one.
    pub(super) fn finish(mut self) -> (BatchOutcome, Desk) {
        let Desk { lines, holder, .. } = &mut self.desk;
        self.outcome.notes = self.edits.of_batch(lines);
        // What is kept until the run ends takes no more than it needs.
        self.outcome.lines = lines.clone();
        self.outcome.held = holder.finish();
        lines.clear();
        (self.outcome, self.desk)
    }

    /// Counts rows that a reader knows to be out of scope without showing them.
    pub(super) fn pass_over(&mut self, rows: u64) {
        self.outcome.counts.rows += rows;
        self.outcome.counts.out_of_scope += rows;
    }

    fn decide(&mut self, line: &ClaimLine<'_>) {
        let Some(draft) = self.adjudicator.draft_recalling(line, &mut self.desk.recall) else {
            self.outcome.counts.out_of_scope += 1;
            return;
        };
        // The row's number is that within the batch until the batch's place is known.
        let number = u32::try_from(self.outcome.counts.rows).unwrap_or(u32::MAX);
        self.outcome.counts.decided += 1;
        self.outcome.after_table += u64::from(line.service_date > self.adjudicator.index().table().last_day());
        let keys = self.desk.recall.keys(line);
        let waiver = self.adjudicator.overrides().find(line);
        self.desk.lines.push(keys.session, LineState::new(line, &draft, keys, number).waiving(waiver));
        self.desk.holder.hold(line, &draft, self.look_back);
    }

    /// Notes that a row, from 1, belongs to a later version of its claim.
    fn note_version(&mut self, claim_id: &str, payer: &PayerRecord<'_>, row: u64) {
        // What the payer denied takes no other claim's place.
        if self.adjudicator.options().as_received || payer.is_denied() {
            return;
        }
        let note = VersionNote::new(claim_id, payer, u32::try_from(row).unwrap_or(u32::MAX));
        match self.outcome.versions.last_mut() {
            Some(last) if last.is_same_version(&note) => last.take_paid_date(&note),
            _ => self.outcome.versions.push(note),
        }
    }

    /// Notes what of a line may have been taken back, or takes back.
    fn note_payment(&mut self, line: &ClaimLine<'_>) {
        if self.adjudicator.options().as_received {
            return;
        }
        let matters = line.payer.is_reversed() || !(line.is_below_zero() || line.payer.is_denied());
        self.outcome.payments.push(if matters { payment_key(line) } else { 0 });
    }

    fn reject(&mut self, column: Option<Column>, reason: String, text: Vec<u8>) {
        self.outcome.counts.rejected += 1;
        self.outcome.rejects.push(RejectedRow { row: self.outcome.counts.rows, column, reason, text });
    }
}

impl RowVisitor for Worker<'_> {
    fn accepts(&mut self, procedure: ProcedureCode) -> bool {
        self.desk.out_of_scope.is_in_scope(self.adjudicator.index(), procedure)
    }

    fn passed(&mut self) {
        self.outcome.counts.rows += 1;
        self.outcome.counts.out_of_scope += 1;
    }

    fn version(&mut self, version: &VersionRow<'_>) {
        self.note_version(version.claim_id, &version.payer, self.outcome.counts.rows + 1);
    }

    fn row<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        self.outcome.counts.rows += 1;
        let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
        match reader.fill(row, &mut line, &mut self.desk.rows) {
            Ok(()) => {
                if line.payer.frequency != ClaimFrequency::Original {
                    self.note_version(line.claim_id, &line.payer, self.outcome.counts.rows);
                }
                if reader.tells_status() {
                    self.note_payment(&line);
                }
                self.decide(&line);
            }
            Err(fault) => {
                // What cannot be judged replaces another claim all the same.
                if let Some(version) = reader.version(row) {
                    self.note_version(version.claim_id, &version.payer, self.outcome.counts.rows);
                }
                self.reject(fault.column, fault.reason.to_owned(), raw());
            }
        }
        self.desk.rows.take_back(line);
    }

    fn unclosed(&mut self, raw: &[u8]) -> bool {
        self.outcome.counts.rows += 1;
        let reason = "a quote is opened and never closed; what follows it in the file was not read as rows";
        self.reject(None, reason.to_owned(), raw.to_vec());
        true
    }

    fn ragged(&mut self, fields: usize, raw: &[u8]) {
        self.outcome.counts.rows += 1;
        self.reject(None, format!("{fields} fields, where the header has another number"), raw.to_vec());
    }
}
