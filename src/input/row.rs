//! From a row to a claim line, or to the column that cannot be read.

use std::str;

use super::column::{DIAGNOSIS_COLUMNS, MODIFIER_COLUMNS};
use super::source::{Source, cell, needed, optional, text};
use super::{Cell, Column, ColumnMap, Row, lists, scalars};
use crate::claim::{ClaimLine, ClinicalFacts, Day, Decimal, Etiology, Given, ProcedureCode, Stated, Technique};

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
    procedure: Source<'m>,
    claim_id: Source<'m>,
    line_number: Source<'m>,
    service_date: Source<'m>,
    diagnosis_list: Source<'m>,
    diagnoses: Vec<(u8, Source<'m>)>,
    pointers: Source<'m>,
    modifier_columns: Vec<Source<'m>>,
    line_of_business: Source<'m>,
    member_id: Source<'m>,
    provider_npi: Source<'m>,
    place_of_service: Source<'m>,
    units: Source<'m>,
    billed: Source<'m>,
    paid: Source<'m>,
    facts: [Source<'m>; 9],
    has_facts: bool,
}

const FACTS: [Column; 9] = [
    Column::Etiology,
    Column::Technique,
    Column::Symptomatic,
    Column::SeverePain,
    Column::Hospitalized,
    Column::AmbulationPrevented,
    Column::FdaClearedDevice,
    Column::ConservativeWeeks,
    Column::FractureAgeWeeks,
];

impl<'m> RowReader<'m> {
    /// A reader of rows whose columns stand where `map` says.
    #[must_use]
    pub fn new(map: &'m ColumnMap) -> Self {
        let source = |column: Column| Source { places: map.places(column), constant: map.constant(column) };
        let modifiers = std::iter::once(Column::Modifiers).chain((1..=MODIFIER_COLUMNS).map(Column::Modifier));
        Self {
            map,
            procedure: source(Column::ProcedureCode),
            claim_id: source(Column::ClaimId),
            line_number: source(Column::LineNumber),
            service_date: source(Column::ServiceDate),
            diagnosis_list: source(Column::DiagnosisCodes),
            diagnoses: (1..=DIAGNOSIS_COLUMNS)
                .filter(|number| map.has(Column::Diagnosis(*number)))
                .map(|number| (number, source(Column::Diagnosis(number))))
                .collect(),
            pointers: source(Column::DiagnosisPointers),
            modifier_columns: modifiers.filter(|column| map.has(*column)).map(source).collect(),
            line_of_business: source(Column::LineOfBusiness),
            member_id: source(Column::MemberId),
            provider_npi: source(Column::ProviderNpi),
            place_of_service: source(Column::PlaceOfService),
            units: source(Column::Units),
            billed: source(Column::BilledAmount),
            paid: source(Column::PaidAmount),
            facts: FACTS.map(source),
            has_facts: FACTS.iter().any(|column| map.has(*column)),
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
        self.fill(row, &mut line).map(|()| line)
    }

    /// Reads a row as [`read`](Self::read) does, into a line that has nothing but
    /// its procedure.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); the line is then worth nothing.
    pub fn fill<'a>(&self, row: &impl Row<'a>, line: &mut ClaimLine<'a>) -> Result<(), Fault>
    where
        'm: 'a,
    {
        self.check_text(row)?;
        let at = |column: Column| move |reason| Fault { column: Some(column), reason };
        line.claim_id = text(self.claim_id, row);
        if line.claim_id.is_empty() {
            return Err(at(Column::ClaimId)("blank"));
        }
        let line_number = needed(self.line_number, row, Column::LineNumber)?;
        line.line_number = scalars::line_number(line_number).map_err(at(Column::LineNumber))?;
        let service_date = needed(self.service_date, row, Column::ServiceDate)?;
        line.service_date = scalars::day(service_date).map_err(at(Column::ServiceDate))?;

        lists::push_list(text(self.diagnosis_list, row), &mut line.diagnoses);
        for (slot, source) in &self.diagnoses {
            lists::push_numbered(*slot, text(*source, row), &mut line.diagnoses);
        }
        let pointers = lists::pointers(text(self.pointers, row), &line.diagnoses, &mut line.pointed).ok_or(at(
            Column::DiagnosisPointers,
        )(
            "not diagnosis pointers (letters A to Y, or numbers)",
        ))?;
        self.read_modifiers(row, line);
        line.line_of_business = text(self.line_of_business, row);
        line.member_id = text(self.member_id, row);
        line.provider_npi = text(self.provider_npi, row);
        line.place_of_service = text(self.place_of_service, row);
        let units = optional(self.units, row, scalars::units).map_err(at(Column::Units))?;
        line.units = units.unwrap_or(Decimal::ONE);
        line.billed = optional(self.billed, row, scalars::dollars).map_err(at(Column::BilledAmount))?;
        line.paid = optional(self.paid, row, scalars::dollars).map_err(at(Column::PaidAmount))?;
        if self.has_facts {
            line.facts = self.facts(row)?;
        }
        line.given = Given {
            line_of_business: !line.line_of_business.is_empty(),
            units: units.is_some(),
            pointers,
            paid: line.paid.is_some(),
        };
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

    fn read_modifiers<'a>(&self, row: &impl Row<'a>, line: &mut ClaimLine<'a>)
    where
        'm: 'a,
    {
        // What stands behind the code in its own field are modifiers too.
        let field = text(self.procedure, row);
        if field.len() > line.procedure.len()
            && let Some(at) = field.find(|c: char| c == '-' || c == ':' || c.is_whitespace())
        {
            let behind = field.get(at..).unwrap_or_default();
            for part in behind.split('-') {
                lists::push_modifiers(part, &mut line.modifiers);
            }
        }
        for source in &self.modifier_columns {
            lists::push_modifiers(text(*source, row), &mut line.modifiers);
        }
        if line.modifiers.len() > 1 {
            line.modifiers.sort_unstable();
            line.modifiers.dedup();
        }
    }

    fn facts<'a>(&self, row: &impl Row<'a>) -> Result<ClinicalFacts, Fault>
    where
        'm: 'a,
    {
        let [etiology, technique, symptomatic, pain, hospital, walking, device, weeks, age] = self.facts;
        let yes_no = |source, column| {
            optional(source, row, scalars::answer).map_err(|reason| Fault { column: Some(column), reason })
        };
        let number = |source, column| {
            optional(source, row, scalars::weeks).map_err(|reason| Fault { column: Some(column), reason })
        };
        Ok(ClinicalFacts {
            etiology: stated(text(etiology, row), Etiology::from_word),
            technique: stated(text(technique, row), Technique::from_word),
            symptomatic: yes_no(symptomatic, Column::Symptomatic)?,
            severe_pain: yes_no(pain, Column::SeverePain)?,
            hospitalized: yes_no(hospital, Column::Hospitalized)?,
            ambulation_prevented: yes_no(walking, Column::AmbulationPrevented)?,
            fda_cleared_device: yes_no(device, Column::FdaClearedDevice)?,
            conservative_weeks: number(weeks, Column::ConservativeWeeks)?,
            fracture_age_weeks: number(age, Column::FractureAgeWeeks)?,
        })
    }
}

/// The code at the head of a procedure field. Text outside ASCII may begin with
/// a blank of its own.
#[inline]
pub(super) fn procedure_head(field: &[u8]) -> Option<ProcedureCode> {
    if let plain @ Some(_) = ProcedureCode::parse_plain(field) {
        return plain;
    }
    procedure_head_of_any(field)
}

fn procedure_head_of_any(field: &[u8]) -> Option<ProcedureCode> {
    if field.is_ascii() {
        return ProcedureCode::parse_head(field);
    }
    let Ok(text) = str::from_utf8(field) else {
        // Modifiers that cannot be read do not take the code out of scope.
        return ProcedureCode::parse_head(field);
    };
    let text = text.trim();
    let head = text.split(|c: char| c == '-' || c == ':' || c.is_whitespace()).next()?;
    ProcedureCode::parse_head(head.as_bytes())
}

fn stated<T>(word: &str, known: fn(&str) -> Option<T>) -> Stated<T> {
    if word.is_empty() { Stated::Blank } else { known(word).map_or(Stated::Other, Stated::Known) }
}
