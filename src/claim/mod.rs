//! Plain values of a claim: the line, its codes, its dates, its amounts.
//!
//! Nothing here knows a file format, a policy or a rule.

mod day;
mod decimal;
mod decimal_digits;
mod facts;
mod line;
mod payer;
mod procedure;

pub use day::Day;
pub use decimal::Decimal;
pub use facts::{ClinicalFacts, Etiology, Fact, Stated, Technique};
pub use line::{ClaimLine, Diagnosis, DiagnosisText, Given, HeaderNumber};
pub use payer::{ClaimFrequency, ClaimStatus, PayerRecord};
pub use procedure::{Modifier, ProcedureCode};
