//! Coverage policies: data that rules read.
//!
//! A policy file is TOML. It is read as written (`raw`), checked and resolved
//! against the code table (`compile`), and joined with every other loaded policy
//! into one [`PolicyIndex`], which is all that a rule ever sees. Nothing here
//! opens a file: callers pass the text and the name to use in messages.

mod alike;
mod compile;
mod criteria;
mod diagnoses;
mod embedded;
mod entries;
mod excerpt;
mod index;
mod met;
mod model;
mod plain;
mod program;
mod raw;
mod reach;

pub use alike::Likeness;
pub use compile::{PolicyError, PolicyFile};
pub use criteria::{Criterion, Indication, Truth};
pub use diagnoses::{DiagnosisTable, ListedDiagnosis, ListedEtiology, Standing};
pub use embedded::{embedded_policies, embedded_policy};
pub use entries::{PolicyRef, ProcedureEntry, ProcedureIndex, Speaker, Speakers};
pub use excerpt::Excerpt;
pub use index::PolicyIndex;
pub use met::MetProcedures;
pub use model::{Coverage, EntryCodes, Policy, PrintedEntry, PrintedList, Procedure, RegionIndex, Version};
pub use program::{Program, ProgramNames};
pub use reach::NeverJudges;
