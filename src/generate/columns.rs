//! The columns of a synthetic file, in order.

/// The native columns that every file has.
pub(super) const NATIVE: [&str; 13] = [
    "claim_id",
    "line_number",
    "member_id",
    "provider_npi",
    "line_of_business",
    "service_date",
    "place_of_service",
    "procedure_code",
    "modifiers",
    "units",
    "billed_amount",
    "paid_amount",
    "diagnosis_codes",
];

/// Clinical facts, behind them where they are asked for.
pub(super) const CLINICAL: [&str; 9] = [
    "etiology",
    "technique",
    "symptomatic",
    "severe_pain",
    "hospitalized",
    "ambulation_prevented",
    "fda_cleared_device",
    "conservative_weeks",
    "fracture_age_weeks",
];

/// Digits of a claim's number, at least.
pub(super) const CLAIM_DIGITS: usize = 12;
/// Digits of a member's number, at least.
pub(super) const MEMBER_DIGITS: usize = 9;
