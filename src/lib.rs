//! Batch adjudication of medical claim lines against coverage policies.
//!
//! For each claim line that a loaded policy speaks about, the engine says what
//! the coded data gives reason to do (allow, deny, pend, refer), by which rule,
//! under which version of which policy. It is a recommendation: the coded data
//! never shows that a service was, or was not, medically necessary.
//!
//! The way of the data is the order of the modules: [`policy`] files become an
//! index over the [`icd10`] table; [`input`] files become [`claim`] lines or
//! rejects; the [`engine`] asks the [`rules`] and turns findings into a
//! disposition; a [`run`] writes them out through [`report`]. The engine itself
//! does no I/O: see [`engine::decide_batch`] for deciding lines from memory.

pub mod claim;
mod csv_text;
pub mod digest;
mod digits;
pub mod engine;
pub mod generate;
pub mod icd10;
pub mod input;
pub mod overrides;
pub mod place;
pub mod policy;
pub mod report;
pub mod rules;
pub mod run;
mod short;
mod slot;
pub mod toml_error;
mod unseen;
