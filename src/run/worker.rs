//! One batch, decided: its rows sorted into out of scope, decided and rejected.

use super::lane::{Known, Lane, LaneDesk, LaneOutcome, Lanes};
use super::shadow::{ShadowBatch, ShadowDesk, ShadowLane};
use super::{RowCounts, RunSettings};
use crate::claim::{ClaimFrequency, ClaimLine, Day, PayerRecord, ProcedureCode};
use crate::engine::{Adjudicator, VersionNote, payment_key};
use crate::input::csv::RowVisitor;
use crate::input::parquet::ParquetBatch;
use crate::input::{Column, Row, RowMemory, RowReader, VersionRow};
use crate::policy::MetProcedures;

/// Why a row is rejected that takes all that follows it with it.
pub(crate) const UNCLOSED: &str =
    "a quote is opened and never closed; what follows it in the file was not read as rows";

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct BatchOutcome {
    pub(super) file: usize,
    /// Its lines.
    pub(super) lanes: Lanes<LaneOutcome, ShadowBatch>,
    /// Rejected rows, in order.
    pub(super) rejects: Vec<RejectedRow>,
    /// Rows of later versions of their claims, in order, in scope or not.
    pub(super) versions: Vec<VersionNote>,
}

impl BatchOutcome {
    /// Its rows, under the run's own policies.
    pub(super) fn counts(&self) -> RowCounts {
        self.lanes.own.counts
    }
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
    procedures: MetProcedures,
    lanes: Lanes<LaneDesk, ShadowDesk>,
    rows: RowMemory,
}

/// Decides the rows of one batch.
pub(super) struct Worker<'a> {
    own: Lane<'a>,
    shadow: Option<ShadowLane<'a>>,
    procedures: MetProcedures,
    rows: RowMemory,
    outcome: BatchOutcome,
}

impl<'a> Worker<'a> {
    pub(super) fn new(adjudicator: &'a Adjudicator, settings: &'a RunSettings, file: usize, desk: Desk) -> Self {
        let look_back = settings.look_back.as_ref();
        let Desk { procedures, lanes, rows } = desk;
        let shadow = settings.shadow.as_deref();
        Self {
            own: Lane::new(adjudicator, look_back, lanes.own),
            shadow: shadow.map(|shadow| ShadowLane::new(shadow, look_back, lanes.shadow.unwrap_or_default())),
            procedures,
            rows,
            outcome: BatchOutcome { file, ..BatchOutcome::default() },
        }
    }

    /// What became of the batch, and the desk for the next one.
    pub(super) fn finish(mut self) -> (BatchOutcome, Desk) {
        let rows = self.own.outcome.counts.rows;
        let (own, own_desk) = self.own.finish();
        let (shadow, shadow_desk) = self.shadow.map(|shadow| shadow.finish(rows)).unzip();
        self.outcome.lanes = Lanes { own, shadow };
        let lanes = Lanes { own: own_desk, shadow: shadow_desk };
        (self.outcome, Desk { procedures: self.procedures, lanes, rows: self.rows })
    }

    /// Counts rows that a reader knows to be out of scope without showing them.
    pub(super) fn pass_over(&mut self, rows: u64) {
        self.own.outcome.counts.rows += rows;
        self.own.outcome.counts.out_of_scope += rows;
    }

    /// How many rows of the batch have been seen: the number of the one at hand.
    fn rows_seen(&self) -> u64 {
        self.own.outcome.counts.rows
    }

    fn decide(&mut self, line: &ClaimLine<'_>, payment: Option<u64>) {
        let draft = self.own.decide(line);
        if draft.is_none() && self.shadow.is_none() {
            return;
        }
        let known = Known {
            keys: self.own.recall().keys(line),
            waiver: self.own.adjudicator.overrides().find(line),
            row: u32::try_from(self.rows_seen()).unwrap_or(u32::MAX),
            payment,
        };
        if let Some(shadow) = &mut self.shadow {
            let number = self.own.next();
            shadow.decide(line, known, draft.as_ref(), number, self.own.recall());
        }
        if let Some(draft) = draft {
            self.own.keep(line, &draft, known);
        }
    }

    /// Takes the rows of a batch that are held, and passes over those between them: rows of
    /// procedures of which a lane speaks, and of later versions of claims.
    pub(super) fn see_batch(&mut self, batch: &ParquetBatch, reader: &RowReader<'_>) {
        let all_in_scope = !reader.tells_versions();
        let mut line = ClaimLine::new("", 0, Day::from_days(0), ProcedureCode::NONE);
        let mut next = 0;
        for (at, place) in batch.selected().iter().enumerate() {
            self.pass_over(u64::from(*place - next));
            next = place + 1;
            let row = batch.row(at);
            if !reader.keeps_procedure(&row, &line) {
                let procedure = reader.procedure(&row);
                let Some(procedure) = procedure.filter(|procedure| all_in_scope || self.accepts(*procedure)) else {
                    // The line is not that of the row before any more.
                    line.header = None;
                    self.see(&row, reader, &|| batch.describe(at));
                    continue;
                };
                line.procedure = procedure;
            }
            self.read(&row, &mut line, reader, &|| batch.describe(at));
        }
        self.pass_over((batch.rows() as u64).saturating_sub(u64::from(next)));
        self.rows.take_back(line);
    }

    /// Reads a row in scope, and decides it.
    #[inline]
    fn read<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        line: &mut ClaimLine<'r>,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        let procedure = line.procedure;
        self.own.outcome.counts.rows += 1;
        match reader.fill(row, line, &mut self.rows) {
            Ok(()) => {
                if line.payer.frequency != ClaimFrequency::Original {
                    self.note_version(line.claim_id, &line.payer, self.rows_seen());
                }
                let payment = if reader.tells_status() { self.payment(line) } else { None };
                self.decide(line, payment);
            }
            Err(fault) => {
                // What cannot be judged replaces another claim all the same.
                if let Some(version) = reader.version(row) {
                    self.note_version(version.claim_id, &version.payer, self.rows_seen());
                }
                self.reject(Some(procedure), fault.column, fault.reason.to_owned(), raw());
            }
        }
    }

    fn judges_as_received(&self) -> bool {
        self.own.adjudicator.options().as_received
    }

    /// Notes that a row, from 1, belongs to a later version of its claim.
    fn note_version(&mut self, claim_id: &str, payer: &PayerRecord<'_>, row: u64) {
        // What the payer denied takes no other claim's place.
        if self.judges_as_received() || payer.is_denied() {
            return;
        }
        let note = VersionNote::new(claim_id, payer, u32::try_from(row).unwrap_or(u32::MAX));
        match self.outcome.versions.last_mut() {
            Some(last) if last.is_same_version(&note) => last.take_paid_date(&note),
            _ => self.outcome.versions.push(note),
        }
    }

    /// What of a line may have been taken back, or takes back.
    fn payment(&self, line: &ClaimLine<'_>) -> Option<u64> {
        let matters = line.payer.is_reversed() || !(line.is_below_zero() || line.payer.is_denied());
        (!self.judges_as_received()).then(|| if matters { payment_key(line) } else { 0 })
    }

    /// Takes a row that cannot be read, of a procedure if it is known: where one of the two
    /// does not speak of that, it has passed over the row.
    fn reject(&mut self, procedure: Option<ProcedureCode>, column: Option<Column>, reason: String, text: Vec<u8>) {
        let row = self.rows_seen();
        if let Some(shadow) = &mut self.shadow {
            let speaks = |judge: &Adjudicator| procedure.is_none_or(|code| judge.index().find(code).is_some());
            if speaks(shadow.shadow().adjudicator()) {
                shadow.reject();
            }
            if !speaks(self.own.adjudicator) {
                self.own.outcome.counts.out_of_scope += 1;
                return;
            }
        }
        self.own.outcome.counts.rejected += 1;
        self.outcome.rejects.push(RejectedRow { row, column, reason, text });
    }
}

impl RowVisitor for Worker<'_> {
    fn accepts(&mut self, procedure: ProcedureCode) -> bool {
        let Self { own, shadow, procedures, .. } = self;
        let judges = Lanes { own: own.adjudicator, shadow: shadow.as_ref().map(ShadowLane::shadow) };
        procedures.is_in_scope(procedure, || judges.speak_of(procedure))
    }

    fn met(&self, field: &[u8]) -> Option<(ProcedureCode, bool)> {
        self.procedures.find(field)
    }

    fn passed(&mut self) {
        self.pass_over(1);
    }

    fn version(&mut self, version: &VersionRow<'_>) {
        self.note_version(version.claim_id, &version.payer, self.rows_seen() + 1);
    }

    fn row<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
        self.read(row, &mut line, reader, raw);
        self.rows.take_back(line);
    }

    #[inline]
    fn row_behind<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        line: &mut ClaimLine<'r>,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        line.procedure = procedure;
        self.read(row, line, reader, raw);
    }

    fn unclosed(&mut self, raw: &[u8]) -> bool {
        self.own.outcome.counts.rows += 1;
        self.reject(None, None, UNCLOSED.to_owned(), raw.to_vec());
        true
    }

    fn ragged(&mut self, fields: usize, raw: &[u8]) {
        self.own.outcome.counts.rows += 1;
        self.reject(None, None, format!("{fields} fields, where the header has another number"), raw.to_vec());
    }
}
