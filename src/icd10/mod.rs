//! ICD-10-CM: which diagnosis code was billable on which day.
//!
//! The table is part of the program: every code that was ever billable within
//! its days, each with its own first and last day, so that a code is always
//! judged as of the date of service. Headers (codes that others begin with, and
//! that are not billable themselves) are not in it; they are known by what begins
//! with them.
//!
//! [`Icd10::embedded`] decodes it, once; the caller shares it. Nothing here is
//! global, and nothing here reads a file or a clock.

mod code;
mod error;
mod format;
mod index;
mod lookup;
mod range;
mod range_error;
mod recent;
mod table;

#[cfg(test)]
mod range_tests;
#[cfg(test)]
mod tests;

pub use code::{CodeText, DiagnosisCode};
pub use error::TableError;
pub use index::{CodeIndex, CodeRange};
pub use range::{expand, expand_all, expand_plain};
pub use range_error::{Missing, RangeEnd, RangeError, Unreadable};
pub use recent::RecentCodes;
pub use table::{Icd10, Status};
