//! The columns that the program knows.

use std::fmt;

/// A column of claims, by the name of the native layout.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Column {
    /// `claim_id`
    ClaimId,
    /// `line_number`
    LineNumber,
    /// `service_date`
    ServiceDate,
    /// `procedure_code`
    ProcedureCode,
    /// `diagnosis_codes`, all of them in one column
    DiagnosisCodes,
    /// `diagnosis_1` and so on
    Diagnosis(u8),
    /// `diagnosis_pointers`
    DiagnosisPointers,
    /// `line_of_business`
    LineOfBusiness,
    /// `member_id`
    MemberId,
    /// `provider_npi`
    ProviderNpi,
    /// `place_of_service`
    PlaceOfService,
    /// `modifiers`, all of them in one column
    Modifiers,
    /// `modifier_1` and so on
    Modifier(u8),
    /// `units`
    Units,
    /// `billed_amount`
    BilledAmount,
    /// `paid_amount`
    PaidAmount,
    /// `claim_frequency`
    ClaimFrequency,
    /// `original_claim_id`
    OriginalClaimId,
    /// `claim_status`
    ClaimStatus,
    /// `paid_date`
    PaidDate,
    /// `allowed_amount`
    AllowedAmount,
    /// `authorization_number`
    AuthorizationNumber,
    /// `etiology`
    Etiology,
    /// `technique`
    Technique,
    /// `symptomatic`
    Symptomatic,
    /// `severe_pain`
    SeverePain,
    /// `hospitalized`
    Hospitalized,
    /// `ambulation_prevented`
    AmbulationPrevented,
    /// `fda_cleared_device`
    FdaClearedDevice,
    /// `conservative_weeks`
    ConservativeWeeks,
    /// `fracture_age_weeks`
    FractureAgeWeeks,
}

/// The highest number of a diagnosis column.
pub(super) const DIAGNOSIS_COLUMNS: u8 = 25;
/// The highest number of a modifier column. Claims have four; some warehouses
/// keep a fifth.
pub(super) const MODIFIER_COLUMNS: u8 = 5;

const NAMED: [(Column, &str); 29] = [
    (Column::ClaimId, "claim_id"),
    (Column::LineNumber, "line_number"),
    (Column::ServiceDate, "service_date"),
    (Column::ProcedureCode, "procedure_code"),
    (Column::DiagnosisCodes, "diagnosis_codes"),
    (Column::DiagnosisPointers, "diagnosis_pointers"),
    (Column::LineOfBusiness, "line_of_business"),
    (Column::MemberId, "member_id"),
    (Column::ProviderNpi, "provider_npi"),
    (Column::PlaceOfService, "place_of_service"),
    (Column::Modifiers, "modifiers"),
    (Column::Units, "units"),
    (Column::BilledAmount, "billed_amount"),
    (Column::PaidAmount, "paid_amount"),
    (Column::ClaimFrequency, "claim_frequency"),
    (Column::OriginalClaimId, "original_claim_id"),
    (Column::ClaimStatus, "claim_status"),
    (Column::PaidDate, "paid_date"),
    (Column::AllowedAmount, "allowed_amount"),
    (Column::AuthorizationNumber, "authorization_number"),
    (Column::Etiology, "etiology"),
    (Column::Technique, "technique"),
    (Column::Symptomatic, "symptomatic"),
    (Column::SeverePain, "severe_pain"),
    (Column::Hospitalized, "hospitalized"),
    (Column::AmbulationPrevented, "ambulation_prevented"),
    (Column::FdaClearedDevice, "fda_cleared_device"),
    (Column::ConservativeWeeks, "conservative_weeks"),
    (Column::FractureAgeWeeks, "fracture_age_weeks"),
];

impl Column {
    /// Columns without which a file is refused.
    pub const REQUIRED: [Self; 4] = [Self::ClaimId, Self::LineNumber, Self::ServiceDate, Self::ProcedureCode];

    /// Every column, in the contract's order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMED.iter().flat_map(|(column, _)| {
            let many = match column {
                Self::DiagnosisCodes => DIAGNOSIS_COLUMNS,
                Self::Modifiers => MODIFIER_COLUMNS,
                _ => 0,
            };
            let diagnoses = *column == Self::DiagnosisCodes;
            let numbered = (1..=many).map(move |n| if diagnoses { Self::Diagnosis(n) } else { Self::Modifier(n) });
            std::iter::once(*column).chain(numbered)
        })
    }

    /// The column of a native name, in any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|column| column.to_string().eq_ignore_ascii_case(name))
    }

    /// Whether the column holds text that is taken as it is.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::ClaimId
                | Self::ProcedureCode
                | Self::DiagnosisCodes
                | Self::Diagnosis(_)
                | Self::DiagnosisPointers
                | Self::LineOfBusiness
                | Self::MemberId
                | Self::ProviderNpi
                | Self::PlaceOfService
                | Self::Modifiers
                | Self::Modifier(_)
                | Self::OriginalClaimId
                | Self::ClaimStatus
                | Self::AuthorizationNumber
                | Self::Etiology
                | Self::Technique
        )
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diagnosis(number) => write!(f, "diagnosis_{number}"),
            Self::Modifier(number) => write!(f, "modifier_{number}"),
            _ => f.write_str(NAMED.iter().find(|(column, _)| column == self).map_or("", |(_, name)| name)),
        }
    }
}
