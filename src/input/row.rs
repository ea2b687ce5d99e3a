//! From a row to a claim line, or to the column that cannot be read.

use super::column::{DIAGNOSIS_COLUMNS, MODIFIER_COLUMNS};
use super::facts::FactColumns;
use super::payer::{PayerColumns, VersionRow};
use super::procedure::procedure_head;
use super::source::{Source, cell, needed, optional, text};
use super::{Cell, Column, ColumnMap, Row, RowMemory, lists, scalars};
use crate::claim::{ClaimLine, Day, Decimal, Given, ProcedureCode};

/// Why a row in scope is a reject.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The column; `None` where the row as a whole is at fault.
    pub column: Option<Column>,
    /// What is wrong, without the value: that may be private.
    pub reason: &'static str,
}

/// Turns rows of one file into claim lines.
#[derive(Clone, Debug)]
pub struct RowReader<'m> {
    map: &'m ColumnMap,
    /// Where each single-valued column stands; looked up once per file.
    single: [Source<'m>; SINGLE.len()],
    /// The same, where each has one place at most and nothing else.
    plain: Option<[usize; SINGLE.len()]>,
    procedure: Source<'m>,
    diagnoses: Vec<(u8, Source<'m>)>,
    modifier_columns: Vec<Source<'m>>,
    payer: PayerColumns<'m>,
    facts: FactColumns<'m>,
}

/// The columns that every row is read for.
const SINGLE: [Column; 13] = [
    Column::ProcedureCode,
    Column::Modifiers,
    Column::ClaimId,
    Column::LineNumber,
    Column::ServiceDate,
    Column::DiagnosisCodes,
    Column::DiagnosisPointers,
    Column::LineOfBusiness,
    Column::MemberId,
    Column::ProviderNpi,
    Column::Units,
    Column::BilledAmount,
    Column::PaidAmount,
];

impl<'m> RowReader<'m> {
    /// A reader of rows whose columns stand where `map` says.
    #[must_use]
    pub fn new(map: &'m ColumnMap) -> Self {
        let source = |column: Column| Source::of(map, column);
        let single = SINGLE.map(source);
        let plain = single.map(|source| source.plain());
        let modifiers = (1..=MODIFIER_COLUMNS).map(Column::Modifier);
        Self {
            map,
            single,
            plain: plain.iter().all(Option::is_some).then(|| plain.map(Option::unwrap_or_default)),
            procedure: source(Column::ProcedureCode),
            diagnoses: (1..=DIAGNOSIS_COLUMNS)
                .filter(|number| map.has(Column::Diagnosis(*number)))
                .map(|number| (number, source(Column::Diagnosis(number))))
                .collect(),
            modifier_columns: modifiers.filter(|column| map.has(*column)).map(source).collect(),
            payer: PayerColumns::new(map),
            facts: FactColumns::new(map),
        }
    }

    /// The place of the procedure column where it has just one source and no
    /// constant, so that a reader may look there and nowhere else.
    #[must_use]
    pub fn procedure_place(&self) -> Option<usize> {
        match (self.procedure.places, self.procedure.constant) {
            ([place], None) => Some(*place),
            _ => None,
        }
    }

    /// The procedure of a row; `None` where there is none that could be in scope.
    #[must_use]
    pub fn procedure<'a>(&self, row: &impl Row<'a>) -> Option<ProcedureCode>
    where
        'm: 'a,
    {
        match cell(self.procedure, row) {
            Cell::Text(text) => procedure_head(text.as_bytes()),
            Cell::Bytes(bytes) => procedure_head(bytes),
            // A column of numbers has lost the zeros of `0200T`, but its five
            // digits are codes all the same.
            Cell::Integer(number) => ProcedureCode::parse_head(itoa::Buffer::new().format(number).as_bytes()),
            _ => None,
        }
    }

    /// Whether rows say which version of its claim they belong to, so that those out
    /// of scope may say something of others.
    #[must_use]
    #[inline]
    pub const fn tells_versions(&self) -> bool {
        self.payer.tell_versions()
    }

    /// Whether rows say what became of them with the payer.
    #[must_use]
    #[inline]
    pub const fn tells_status(&self) -> bool {
        self.payer.tells_status()
    }

    /// The place of the frequency column, where it has one source and no constant.
    #[must_use]
    pub fn frequency_place(&self) -> Option<usize> {
        self.payer.frequency_place()
    }

    /// Whether a field that says so, as it stands in a file, can name a version that
    /// comes after the original.
    #[must_use]
    pub fn may_be_later_version(field: &[u8]) -> bool {
        field.iter().any(|byte| matches!(byte, b'7' | b'8'))
    }

    /// Whether a row belongs to a later version of its claim than the original.
    pub(super) fn is_later_version<'a>(&self, row: &impl Row<'a>) -> bool
    where
        'm: 'a,
    {
        self.payer.is_later_version(row)
    }

    /// What a row that need not be in scope says of other claims: something where its
    /// claim replaces or voids one, and says so readably.
    #[must_use]
    pub fn version<'a>(&self, row: &impl Row<'a>) -> Option<VersionRow<'a>>
    where
        'm: 'a,
    {
        if self.tells_versions() { self.payer.version(row) } else { None }
    }

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

    /// Reads a row as [`read`](Self::read) does, into a line that has nothing but
    /// its procedure, and sooner where `memory` has seen rows like it.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); the line is then worth nothing.
    pub fn fill<'a>(&self, row: &impl Row<'a>, line: &mut ClaimLine<'a>, memory: &mut RowMemory) -> Result<(), Fault>
    where
        'm: 'a,
    {
        self.check_text(row)?;
        if let Some(texts) = self.plain.as_ref().and_then(|places| row.texts(places)) {
            return self.fill_with(texts, row, line, memory);
        }
        // All at once: one small loop takes less than a look-up here and there.
        let mut cells = [Cell::Blank; SINGLE.len()];
        for (found, source) in cells.iter_mut().zip(&self.single) {
            *found = cell(*source, row);
        }
        self.fill_with(cells, row, line, memory)
    }

    /// Reads a row of whose single-valued columns these are the values.
    #[inline]
    fn fill_with<'a, V: Copy + Into<Cell<'a>>>(
        &self,
        values: [V; SINGLE.len()],
        row: &impl Row<'a>,
        line: &mut ClaimLine<'a>,
        memory: &mut RowMemory,
    ) -> Result<(), Fault>
    where
        'm: 'a,
    {
        let [
            procedure,
            modifiers,
            claim_id,
            line_number,
            service_date,
            diagnosis_list,
            pointers,
            line_of_business,
            member_id,
            provider_npi,
            units,
            billed,
            paid,
        ] = values;
        let at = |column: Column| move |reason| Fault { column: Some(column), reason };
        line.claim_id = claim_id.into().text();
        if line.claim_id.is_empty() {
            return Err(at(Column::ClaimId)("blank"));
        }
        let line_number = needed(line_number.into(), Column::LineNumber)?;
        line.line_number = scalars::line_number(line_number).map_err(at(Column::LineNumber))?;
        let service_date = needed(service_date.into(), Column::ServiceDate)?;
        line.service_date = memory.day(service_date).map_err(at(Column::ServiceDate))?;

        if self.diagnoses.is_empty() {
            line.diagnoses = memory.diagnoses(diagnosis_list.into().text());
        } else {
            line.diagnoses = memory.no_diagnoses();
            for (slot, source) in &self.diagnoses {
                lists::push_numbered(*slot, text(*source, row), &mut line.diagnoses);
            }
            memory.meet(&line.diagnoses);
        }
        let pointers = lists::pointers(pointers.into().text(), &line.diagnoses, &mut line.pointed).ok_or(at(
            Column::DiagnosisPointers,
        )(
            "not diagnosis pointers (letters A to Y, or numbers)",
        ))?;
        self.read_modifiers(procedure.into().text(), modifiers.into().text(), row, line);
        line.line_of_business = line_of_business.into().text();
        line.member_id = member_id.into().text();
        line.provider_npi = provider_npi.into().text();
        let units = optional(units.into(), scalars::units).map_err(at(Column::Units))?;
        line.units = units.unwrap_or(Decimal::ONE);
        line.billed = optional(billed.into(), scalars::dollars).map_err(at(Column::BilledAmount))?;
        line.paid = optional(paid.into(), scalars::dollars).map_err(at(Column::PaidAmount))?;
        self.payer.read(row, &mut line.payer)?;
        self.facts.read(row, &mut line.facts)?;
        line.given = Given {
            line_of_business: !line.line_of_business.is_empty(),
            units: units.is_some(),
            pointers,
            paid: line.paid.is_some(),
        };
        line.header = memory.header(line);
        Ok(())
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
    fn read_modifiers<'a>(&self, field: &str, list: &str, row: &impl Row<'a>, line: &mut ClaimLine<'a>)
    where
        'm: 'a,
    {
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
