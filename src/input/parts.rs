//! The parts of a row: what of it is read together, and stays as it was read where all
//! that it is read from is as it was in the row before. The lines of a claim have most
//! of what they say in common.

use super::Column;

/// Some parts of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parts(u16);

impl Parts {
    /// None of them.
    pub(super) const NONE: Self = Self(0);
    /// All of them.
    pub(super) const ALL: Self = Self(u16::MAX);
    /// Whose claim it is.
    pub(super) const CLAIM: Self = Self(1);
    /// The day of service.
    pub(super) const DAY: Self = Self(1 << 1);
    /// The diagnoses.
    pub(super) const DIAGNOSES: Self = Self(1 << 2);
    /// All that lines of one header have in common.
    pub(super) const HEADER: Self = Self(Self::CLAIM.0 | Self::DAY.0 | Self::DIAGNOSES.0);
    /// What points at diagnoses.
    pub(super) const POINTERS: Self = Self(1 << 3);
    /// The procedure with its modifiers.
    pub(super) const PROCEDURE: Self = Self(1 << 4);
    pub(super) const LINE_NUMBER: Self = Self(1 << 5);
    pub(super) const UNITS: Self = Self(1 << 6);
    pub(super) const BILLED: Self = Self(1 << 7);
    pub(super) const PAID: Self = Self(1 << 8);
    /// The payer's side of it.
    pub(super) const PAYER: Self = Self(1 << 9);
    /// The clinical facts.
    pub(super) const FACTS: Self = Self(1 << 10);

    /// What is read from a column.
    pub(super) const fn of(column: Column) -> Self {
        match column {
            Column::ClaimId | Column::LineOfBusiness | Column::MemberId | Column::ProviderNpi => Self::CLAIM,
            Column::ServiceDate => Self::DAY,
            Column::DiagnosisCodes | Column::Diagnosis(_) => Self::DIAGNOSES,
            Column::DiagnosisPointers => Self::POINTERS,
            Column::ProcedureCode | Column::Modifiers | Column::Modifier(_) => Self::PROCEDURE,
            Column::LineNumber => Self::LINE_NUMBER,
            Column::Units => Self::UNITS,
            Column::BilledAmount => Self::BILLED,
            Column::PaidAmount => Self::PAID,
            Column::PlaceOfService => Self::NONE,
            Column::ClaimFrequency
            | Column::OriginalClaimId
            | Column::ClaimStatus
            | Column::PaidDate
            | Column::AllowedAmount
            | Column::AuthorizationNumber => Self::PAYER,
            Column::Etiology
            | Column::Technique
            | Column::Symptomatic
            | Column::SeverePain
            | Column::Hospitalized
            | Column::AmbulationPrevented
            | Column::FdaClearedDevice
            | Column::ConservativeWeeks
            | Column::FractureAgeWeeks => Self::FACTS,
        }
    }

    /// Whether any of the others is among them.
    #[inline]
    pub(super) const fn touch(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Both.
    #[inline]
    pub(super) const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those of them that lines of one header need not have in common.
    #[inline]
    pub(super) const fn beside_header(self) -> Self {
        Self(self.0 & !Self::HEADER.0)
    }

    /// These if so, else none.
    #[inline]
    pub(super) fn only_if(self, so: bool) -> Self {
        Self(self.0 * u16::from(so))
    }
}
