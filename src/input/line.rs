//! From a row to a claim line, or to the column that cannot be read.

use super::row::{Fault, RowReader};
use super::source::{Source, bare_bytes, cell, needed, optional, text};
use super::{Cell, Column, Parts, Row, RowMemory, lists, scalars};
use crate::claim::{ClaimLine, Day, Decimal, Diagnosis, Modifier, ProcedureCode};

impl<'m> RowReader<'m> {
    /// Reads a row whose procedure is in scope.
    ///
    /// # Errors
    ///
    /// The first column that cannot be read: text that is not UTF-8 in the
    /// file's order of columns, then the others in the contract's.
    pub fn read<'a>(&self, row: &impl Row<'a>, procedure: ProcedureCode) -> Result<ClaimLine<'a>, Fault>
    where
        'm: 'a,
    {
        let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
        self.fill(row, &mut line, &mut RowMemory::default())?;
        // Another line's number would come of another memory.
        line.header = None;
        Ok(line)
    }

    /// Reads a row as [`read`](Self::read) does, and sooner where `memory` has seen rows
    /// like it. The line has nothing but the row's procedure; or it is the row before, as
    /// it was read with this memory, but for the procedure: then of a row that tells what
    /// has changed only that is read.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); the line is then worth nothing.
    pub fn fill<'a>(&self, row: &impl Row<'a>, line: &mut ClaimLine<'a>, memory: &mut RowMemory) -> Result<(), Fault>
    where
        'm: 'a,
    {
        let at = |column: Column| move |reason| Fault { column: Some(column), reason };
        // A line that was not read to its end has none.
        let header = line.header.take();
        let told = row.changed();
        let changed = told.filter(|_| header.is_some()).unwrap_or(Parts::ALL);
        self.check_text(row)?;
        if changed.touch(Parts::CLAIM) {
            line.claim_id = text(self.claim_id, row);
            if line.claim_id.is_empty() {
                return Err(at(Column::ClaimId)("blank"));
            }
            line.member_id = text(self.member_id, row);
            line.provider_npi = text(self.provider_npi, row);
            line.line_of_business = text(self.line_of_business, row);
            line.given.line_of_business = !line.line_of_business.is_empty();
        }
        if changed.touch(Parts::LINE_NUMBER) {
            line.line_number = if let Some([one @ b'1'..=b'9']) = bare_bytes(self.line_number, row) {
                u32::from(one - b'0')
            } else {
                let line_number = needed(cell(self.line_number, row), Column::LineNumber)?;
                scalars::line_number(line_number).map_err(at(Column::LineNumber))?
            };
        }
        if changed.touch(Parts::DAY) {
            let day = match bare_bytes(self.service_date, row) {
                Some(text @ [_, ..]) => memory.day_of(text),
                _ => memory.day(needed(cell(self.service_date, row), Column::ServiceDate)?),
            };
            line.service_date = day.map_err(at(Column::ServiceDate))?;
        }
        if changed.touch(Parts::DIAGNOSES) {
            self.read_diagnoses(row, &mut line.diagnoses, memory);
        }
        if changed.touch(Parts::DIAGNOSES.and(Parts::POINTERS)) {
            line.pointed.clear();
            line.given.pointers = if let Some([]) = bare_bytes(self.pointers, row) {
                false
            } else {
                let pointers = lists::pointers(text(self.pointers, row), &line.diagnoses, &mut line.pointed);
                pointers.ok_or(at(Column::DiagnosisPointers)("not diagnosis pointers (letters A to Y, or numbers)"))?
            };
        }
        if changed.touch(Parts::PROCEDURE) {
            self.read_modifiers(row, line);
        }
        if changed.touch(Parts::UNITS) {
            let units = match bare_bytes(self.units, row) {
                Some([one @ b'0'..=b'9']) => Some(Decimal::from_hundredths(100 * u32::from(one - b'0'))),
                _ => optional(cell(self.units, row), scalars::units).map_err(at(Column::Units))?,
            };
            line.given.units = units.is_some();
            line.units = units.unwrap_or(Decimal::ONE);
        }
        if changed.touch(Parts::BILLED) {
            line.billed = amount(self.billed, row).map_err(at(Column::BilledAmount))?;
        }
        if changed.touch(Parts::PAID) {
            line.paid = amount(self.paid, row).map_err(at(Column::PaidAmount))?;
            line.given.paid = line.paid.is_some();
        }
        if changed.touch(Parts::PAYER) {
            self.payer.read(row, &mut line.payer)?;
        }
        if changed.touch(Parts::FACTS) {
            self.facts.read(row, &mut line.facts)?;
        }
        line.header = match told {
            Some(_) if changed.touch(Parts::HEADER) => memory.next_header(),
            Some(_) => header,
            None => memory.header(line),
        };
        Ok(())
    }

    #[inline]
    fn read_diagnoses<'a>(&self, row: &impl Row<'a>, diagnoses: &mut Vec<Diagnosis<'a>>, memory: &mut RowMemory)
    where
        'm: 'a,
    {
        memory.lend(diagnoses);
        // What is remembered of lists is for rows that do not tell.
        let is_told = row.changed().is_some();
        if self.diagnoses.is_empty() {
            let list = text(self.diagnosis_list, row);
            if is_told {
                lists::push_list(list, diagnoses);
            } else {
                memory.diagnoses(list, diagnoses);
            }
            return;
        }
        for (slot, source) in &self.diagnoses {
            lists::push_numbered(*slot, text(*source, row), diagnoses);
        }
        if !is_told {
            memory.meet(diagnoses);
        }
    }

    fn check_text<'a>(&self, row: &impl Row<'a>) -> Result<(), Fault> {
        if row.is_text() {
            return Ok(());
        }
        let mut faults = self.map.mapped().flat_map(|(column, places)| {
            places.iter().filter_map(move |place| match row.cell(*place) {
                Cell::Bytes(_) => Some((*place, column)),
                _ => None,
            })
        });
        let first = faults.next();
        match faults.chain(first).min() {
            Some((_, column)) => Err(Fault { column: Some(column), reason: "not UTF-8" }),
            None => Ok(()),
        }
    }

    #[inline]
    fn read_modifiers<'a>(&self, row: &impl Row<'a>, line: &mut ClaimLine<'a>)
    where
        'm: 'a,
    {
        line.modifiers.clear();
        if let (Some(field), Some(list)) = (bare_bytes(self.procedure, row), bare_bytes(self.modifiers, row))
            && field.len() == line.procedure.len()
            && self.modifier_columns.is_empty()
        {
            if list.is_empty() {
                return;
            }
            if let Some(modifier) = Modifier::parse_plain(list) {
                line.modifiers.push(modifier);
                return;
            }
        }
        let (field, list) = (text(self.procedure, row), text(self.modifiers, row));
        // What stands behind the code in its own field are modifiers too.
        if field.len() > line.procedure.len()
            && let Some(at) = field.find(|c: char| c == '-' || c == ':' || c.is_whitespace())
        {
            let behind = field.get(at..).unwrap_or_default();
            for part in behind.split('-') {
                lists::push_modifiers(part, &mut line.modifiers);
            }
        }
        if !list.is_empty() {
            lists::push_modifiers(list, &mut line.modifiers);
        }
        for source in &self.modifier_columns {
            lists::push_modifiers(text(*source, row), &mut line.modifiers);
        }
        if line.modifiers.len() > 1 {
            line.modifiers.sort_unstable();
            line.modifiers.dedup();
        }
    }
}

/// Reads dollars that a row may lack.
#[inline]
fn amount<'a, 'm: 'a>(source: Source<'m>, row: &impl Row<'a>) -> Result<Option<Decimal>, scalars::Expected> {
    match bare_bytes(source, row) {
        Some([]) => Ok(None),
        Some(text) => scalars::dollars_of(text).map(Some),
        None => optional(cell(source, row), scalars::dollars),
    }
}
