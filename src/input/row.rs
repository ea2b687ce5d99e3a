//! Where a file's rows say what lines are made of, and what a row says that need not be
//! in scope.

use super::column::{DIAGNOSIS_COLUMNS, MODIFIER_COLUMNS};
use super::facts::FactColumns;
use super::payer::{PayerColumns, VersionRow};
use super::procedure::procedure_head;
use super::source::{Source, cell};
use super::{Cell, Column, ColumnMap, Parts, Row};
use crate::claim::{ClaimLine, ProcedureCode};

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
    pub(super) map: &'m ColumnMap,
    // Where each column stands; looked up once per file.
    pub(super) procedure: Source<'m>,
    pub(super) modifiers: Source<'m>,
    pub(super) modifier_columns: Vec<Source<'m>>,
    pub(super) claim_id: Source<'m>,
    pub(super) member_id: Source<'m>,
    pub(super) provider_npi: Source<'m>,
    pub(super) line_of_business: Source<'m>,
    pub(super) line_number: Source<'m>,
    pub(super) service_date: Source<'m>,
    pub(super) diagnosis_list: Source<'m>,
    pub(super) diagnoses: Vec<(u8, Source<'m>)>,
    pub(super) pointers: Source<'m>,
    pub(super) units: Source<'m>,
    pub(super) billed: Source<'m>,
    pub(super) paid: Source<'m>,
    pub(super) payer: PayerColumns<'m>,
    pub(super) facts: FactColumns<'m>,
}

impl<'m> RowReader<'m> {
    /// A reader of rows whose columns stand where `map` says.
    #[must_use]
    pub fn new(map: &'m ColumnMap) -> Self {
        let source = |column: Column| Source::of(map, column);
        let modifiers = (1..=MODIFIER_COLUMNS).map(Column::Modifier);
        Self {
            map,
            procedure: source(Column::ProcedureCode),
            modifiers: source(Column::Modifiers),
            modifier_columns: modifiers.filter(|column| map.has(*column)).map(source).collect(),
            claim_id: source(Column::ClaimId),
            member_id: source(Column::MemberId),
            provider_npi: source(Column::ProviderNpi),
            line_of_business: source(Column::LineOfBusiness),
            line_number: source(Column::LineNumber),
            service_date: source(Column::ServiceDate),
            diagnosis_list: source(Column::DiagnosisCodes),
            diagnoses: (1..=DIAGNOSIS_COLUMNS)
                .filter(|number| map.has(Column::Diagnosis(*number)))
                .map(|number| (number, source(Column::Diagnosis(number))))
                .collect(),
            pointers: source(Column::DiagnosisPointers),
            units: source(Column::Units),
            billed: source(Column::BilledAmount),
            paid: source(Column::PaidAmount),
            payer: PayerColumns::new(map),
            facts: FactColumns::new(map),
        }
    }

    /// Where our columns stand.
    pub(super) fn map(&self) -> &'m ColumnMap {
        self.map
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

    /// Whether a row is known to have the procedure of the row before it, which is `line` as
    /// it was read.
    #[must_use]
    #[inline]
    pub fn keeps_procedure<'a>(&self, row: &impl Row<'a>, line: &ClaimLine<'a>) -> bool {
        line.header.is_some() && row.changed().is_some_and(|changed| !changed.touch(Parts::PROCEDURE))
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
}
