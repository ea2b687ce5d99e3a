//! A policy file as it is written: TOML, nothing checked but its shape.
//!
//! Unknown keys, words that are none of those known, and values that cannot be
//! read are refused here, by line and column. What refers to something else in
//! the file is text still: the compiler resolves it.

mod entry;
mod tables;
mod value;

use std::borrow::Cow;

use serde::Deserialize;

use super::program::Program;
use super::{ListedEtiology, Standing};
use crate::claim::{Etiology, Fact, ProcedureCode, Technique};
pub(super) use value::{Calendar, Limit, Weeks, Word};

/// The format of the files that this program reads.
pub(super) const SCHEMA: i64 = 1;

/// A file: a policy, names of programs, or both.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile<'a> {
    pub(super) schema: i64,
    pub(super) policy: Option<RawPolicy>,
    #[serde(default)]
    pub(super) program: Vec<RawProgram>,
    #[serde(default)]
    pub(super) referral: Vec<RawReferral>,
    #[serde(borrow, default)]
    pub(super) service: Vec<RawService<'a>>,
    #[serde(borrow, default)]
    pub(super) region: Vec<RawRegion<'a>>,
    #[serde(borrow, default)]
    pub(super) diagnosis_list: Vec<RawList<'a>>,
    #[serde(borrow, default)]
    pub(super) indication: Vec<RawIndication<'a>>,
    #[serde(borrow, default)]
    pub(super) procedure: Vec<RawProcedure<'a>>,
    #[serde(borrow, default)]
    pub(super) version: Vec<RawVersion<'a>>,
}

/// Only what tells whether this program knows the format at all.
#[derive(Deserialize)]
pub(super) struct RawSchema {
    pub(super) schema: Option<i64>,
}

/// `[policy]`: what stands on the document's first page.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPolicy {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) publisher: String,
    pub(super) source: String,
    /// The programs whose lines it decides.
    pub(super) programs: Vec<Word<Program>>,
    /// Seventh characters of a first encounter, in one word.
    #[serde(default)]
    pub(super) initial_encounter: String,
    #[serde(default)]
    pub(super) limitations: Vec<String>,
    #[serde(default)]
    pub(super) devices: Vec<String>,
}

/// `[[program]]`: lines of business that mean a program.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProgram {
    pub(super) program: Word<Program>,
    pub(super) names: Vec<String>,
}

/// `[[referral]]`: where a program's lines are sent instead.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReferral {
    pub(super) program: Word<Program>,
    pub(super) to: String,
}

/// `[[service]]`: what versions cover or not, under several procedure codes.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    /// No version is meant to speak of it: its codes are there for their dates.
    #[serde(default)]
    pub(super) dates_only: bool,
}

/// `[[region]]`: the diagnoses that name a region of the body.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRegion<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    pub(super) diagnoses: Vec<String>,
}

/// `[[diagnosis_list]]`: diagnoses of one standing, for versions to share.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawList<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    pub(super) standing: Word<Standing>,
    #[serde(borrow)]
    pub(super) cite: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) entries: Vec<RawEntry<'a>>,
    /// These three hold for every entry that does not say otherwise.
    pub(super) etiology: Option<Word<ListedEtiology>>,
    pub(super) seventh: Option<String>,
    pub(super) together_with: Option<Vec<String>>,
}

/// An entry of a list: a code or a range as printed, alone or with what it tells.
#[cfg_attr(test, derive(PartialEq, Debug))]
pub(super) struct RawEntry<'a> {
    pub(super) codes: Cow<'a, str>,
    /// `None` where it is alone, as most of a long list are.
    pub(super) says: Option<Box<RawSaid>>,
}

/// What an entry tells that its list does not.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Default)]
pub(super) struct RawSaid {
    pub(super) etiology: Option<Word<ListedEtiology>>,
    /// Narrows the range to codes with one of these seventh characters.
    pub(super) seventh: Option<String>,
    /// Counts only where one of these is on the line as well.
    pub(super) together_with: Option<Vec<String>>,
}

/// `[[indication]]`: a situation in which a service is supported.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIndication<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) label: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) cite: Cow<'a, str>,
    pub(super) when: RawCriterion,
}

/// A condition: exactly one of `all`, `any`, `etiology` and `fact`.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCriterion {
    pub(super) all: Option<Vec<RawCriterion>>,
    pub(super) any: Option<Vec<RawCriterion>>,
    pub(super) etiology: Option<Word<Etiology>>,
    pub(super) fact: Option<Word<Fact>>,
    /// Bounds of a fact that is a number; a yes-or-no fact has none.
    pub(super) at_least: Option<Weeks>,
    pub(super) below: Option<Weeks>,
}

/// `[[procedure]]`: a procedure code.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProcedure<'a> {
    pub(super) code: Word<ProcedureCode>,
    #[serde(borrow)]
    pub(super) label: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) service: Cow<'a, str>,
    pub(super) from: Calendar,
    pub(super) to: Option<Calendar>,
    pub(super) replaced_by: Option<Word<ProcedureCode>>,
    pub(super) limit: Option<Limit>,
    #[serde(default)]
    pub(super) bilateral_included: bool,
    pub(super) add_on_to: Option<Vec<Word<ProcedureCode>>>,
    pub(super) second_to: Option<Vec<Word<ProcedureCode>>>,
    pub(super) treats: Option<Vec<String>>,
    pub(super) doubtful_region: Option<String>,
    #[serde(borrow)]
    pub(super) cite: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) edits_source: Cow<'a, str>,
}

/// `[[version]]`: what the policy said from a day on.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVersion<'a> {
    pub(super) from: Calendar,
    pub(super) to: Option<Calendar>,
    /// The first day of an earlier version, whose coverages hold except where
    /// this one has its own.
    pub(super) as_in: Option<Calendar>,
    #[serde(borrow)]
    pub(super) note: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) coverage: Option<Vec<RawCoverage<'a>>>,
}

/// `[[version.coverage]]`: what a version says of one service.
#[cfg_attr(test, derive(PartialEq, Debug))]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCoverage<'a> {
    #[serde(borrow)]
    pub(super) service: Cow<'a, str>,
    #[serde(default)]
    pub(super) investigational: bool,
    pub(super) investigational_techniques: Option<Vec<Word<Technique>>>,
    #[serde(default)]
    pub(super) requires_cleared_device: bool,
    pub(super) diagnoses: Option<Vec<String>>,
    pub(super) indications: Option<Vec<String>>,
    #[serde(borrow)]
    pub(super) cite: Cow<'a, str>,
}
