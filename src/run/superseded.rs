//! Lines that are not judged, on their way out: summed up apart, and written to a file of
//! their own.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use super::finish::Finisher;
use super::held::HeldLine;
use super::spool::Batch;
use super::{RunError, RunSettings};
use crate::claim::ProcedureCode;
use crate::digest::Digesting;
use crate::engine::LineState;
use crate::report::{Amounts, FileRecord, RunFolder, SupersededRow, WorkerSums};

/// `superseded.csv`, as its rows come.
pub(super) struct SupersededFile {
    path: PathBuf,
    out: Digesting<BufWriter<File>>,
}

impl SupersededFile {
    pub(super) fn new(settings: &RunSettings, folder: &RunFolder) -> Result<Self, RunError> {
        let (path, file) = folder.create(SupersededRow::FILE_NAME)?;
        let mut made = Self { path, out: Digesting::new(BufWriter::new(file), settings.digest) };
        made.write(SupersededRow::HEADER)?;
        Ok(made)
    }

    /// Adds rows.
    pub(super) fn write(&mut self, rows: &[u8]) -> Result<(), RunError> {
        self.out.write_all(rows).map_err(|source| RunError::Output { path: self.path.clone(), source })
    }

    pub(super) fn finish(mut self) -> Result<FileRecord, RunError> {
        self.out.flush().map_err(|source| RunError::Output { path: self.path.clone(), source })?;
        let (_, digest, bytes) = self.out.finish();
        Ok(FileRecord { name: SupersededRow::FILE_NAME.to_owned(), digest, bytes })
    }
}

impl Finisher<'_> {
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
        let lines = &self.reading.superseded.lines;
        let place = lines.partition_point(|one| one.line < number);
        let Some(one) = lines.get(place).filter(|one| one.line == number) else { return };
        let index = self.adjudicator.index();
        sums.add_superseded(
            one.reason,
            &Amounts::of(held.billed, held.paid),
            held.service_date > index.table().last_day(),
        );
        let by_line = one.other.and_then(|other| self.row_of(other));
        let by = one.by.map(|by| (by.file as usize, u64::from(by.row))).or(by_line);
        let by = by.map_or_else(String::new, |(file, row)| {
            if file == batch.file { format!("row {row}") } else { format!("row {row} of {}", self.file_name(file)) }
        });
        let [claim_id, _, provider_npi, _] = held.texts;
        let row = SupersededRow {
            source_file: self.file_name(batch.file),
            source_row: u64::from(batch.rows_before) + u64::from(state.row),
            claim_id,
            line_number: state.line_number,
            service_date: held.service_date,
            procedure: index.entry(state.procedure()).map_or(ProcedureCode::NONE, |entry| entry.code),
            provider_npi,
            units: state.units,
            billed: held.billed,
            paid: held.paid,
            reason: one.reason,
            superseded_by: &by,
        };
        row.write(self.settings.spreadsheet_safe, rows);
    }

    /// The file and the row of a line.
    fn row_of(&self, line: u32) -> Option<(usize, u64)> {
        let spool = &self.reading.spool;
        let batch = spool.batch_of(line)?;
        let state = spool.state(batch, line).ok()??;
        Some((batch.file, u64::from(batch.rows_before) + u64::from(state.row)))
    }
}
