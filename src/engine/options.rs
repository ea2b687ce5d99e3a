//! What a payer may choose about deciding.

use crate::claim::Day;

/// The choices that change how a line is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct DecisionOptions {
    /// Judge every line under the version of this day, instead of the one in
    /// force on its service date. Codes are still judged by service date.
    pub policy_date: Option<Day>,
    /// Judge every version of a claim, not only the one that stands.
    pub as_received: bool,
    /// Stop and pend a line whose line of business no policy knows.
    pub strict_programs: bool,
    /// Pend a supported line whose clinical facts are all blank.
    pub require_clinical: bool,
    /// Deny where every indication is ruled out: for a payer whose facts were
    /// judged by a clinician.
    pub clinical_denies: bool,
    /// Pend, not deny, a line whose diagnoses are not on the list.
    pub unlisted_diagnosis_pends: bool,
}
