//! Lines that are not judged, on their way out: summed up apart, and written to a file of
//! their own.

use super::held::HeldLine;
use super::ruled::{Ruled, row};
use super::spool::Batch;
use crate::claim::ProcedureCode;
use crate::engine::LineState;
use crate::report::{Amounts, SupersededRow, WorkerSums};

impl Ruled<'_> {
    /// Sums up a line that is not judged, and adds its row.
    #[cold]
    pub(super) fn supersede(
        &self,
        number: u32,
        state: &LineState,
        held: &HeldLine<'_>,
        batch: &Batch,
        sums: &mut WorkerSums,
        rows: &mut Vec<u8>,
    ) {
        let lines = &self.lines.superseded.lines;
        let place = lines.partition_point(|one| one.line < number);
        let Some(one) = lines.get(place).filter(|one| one.line == number) else { return };
        let index = self.index();
        sums.add_superseded(one.reason, &Amounts::of(held.billed, held.paid));
        let by_line = one.other.and_then(|other| self.row_of(other));
        let by = one.by.map(|by| (by.file as usize, u64::from(by.row))).or(by_line);
        let by = by.map_or_else(String::new, |(file, row)| {
            if file == batch.file { format!("row {row}") } else { format!("row {row} of {}", self.file_name(file)) }
        });
        let told = SupersededRow {
            source_file: self.file_name(batch.file),
            source_row: row(batch, state),
            claim_id: held.texts.claim_id.as_bytes(),
            line_number: state.line_number,
            service_date: held.service_date,
            procedure: index.entry(state.procedure()).map_or(ProcedureCode::NONE, |entry| entry.code),
            provider_npi: held.texts.provider_npi.as_bytes(),
            units: state.units,
            billed: held.billed,
            paid: held.paid,
            reason: one.reason,
            superseded_by: &by,
        };
        told.write(self.settings.spreadsheet_safe, rows);
    }

    /// The file and the row of a line.
    fn row_of(&self, line: u32) -> Option<(usize, u64)> {
        let (batch, state) = self.find(line).ok()??;
        Some((batch.file, row(batch, &state)))
    }
}
