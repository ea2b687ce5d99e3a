//! What a manifest records of files, policies and options.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::claim::Day;
use crate::digest::DigestKind;
use crate::engine::DecisionOptions;
use crate::run::RowCounts;

/// A file, as it was when it was written or read.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name in its folder.
    pub name: String,
    /// Its digest, in hexadecimal.
    pub digest: String,
    /// Its size in bytes.
    pub bytes: u64,
}

impl FileRecord {
    /// The record of a file with this content.
    #[must_use]
    pub fn of(name: &str, content: &[u8], digest: DigestKind) -> Self {
        Self { name: name.to_owned(), digest: digest.of(content), bytes: content.len() as u64 }
    }

    /// Whether the name is that of a file in the folder, and leads nowhere else.
    pub(super) fn is_in_folder(&self) -> bool {
        Path::new(&self.name).file_name().is_some_and(|last| last == self.name.as_str())
    }
}

/// An input of the run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InputRecord {
    /// Its name, as given.
    pub name: String,
    /// Its digest, in hexadecimal, as stored.
    pub digest: String,
    /// Its size in bytes, as stored.
    pub bytes: u64,
    /// Its rows.
    pub counts: RowCounts,
}

/// A policy that lines were judged by.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PolicyRecord {
    /// Its number.
    pub id: String,
    /// The file it was read from; `embedded:` before those of the program.
    pub origin: String,
    /// The digest of its file, in hexadecimal.
    pub digest: String,
    /// The size of its file in bytes.
    pub bytes: u64,
}

/// The program that made a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProgramRecord {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The layout by which columns were mapped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LayoutRecord {
    /// Its name.
    pub name: String,
    /// The file it was read from; `embedded:` before those of the program.
    pub origin: String,
    /// The digest of its file, in hexadecimal.
    pub digest: String,
    /// The size of its file in bytes.
    pub bytes: u64,
}

/// The options in effect, wherever they were given, under the names and with the
/// values of the command line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)]
pub struct OptionsRecord {
    /// The day whose versions judged every line, if one was named.
    pub policy_date: Option<String>,
    /// Unknown lines of business pend.
    pub strict_programs: bool,
    /// `deny` or `pend`.
    pub unlisted_diagnosis: String,
    /// `deny` or `pend`.
    pub clinical: String,
    /// Blank clinical facts pend.
    pub require_clinical: bool,
    /// Which lines `decisions` holds.
    pub select: String,
    /// The format of the decisions.
    pub format: String,
    /// The delimiter, if one was named.
    pub delimiter: Option<String>,
    /// The report was written as a workbook too.
    #[serde(default)]
    pub xlsx: bool,
    /// Text in CSV was written so that no spreadsheet runs it as a formula.
    #[serde(default)]
    pub spreadsheet_safe: bool,
    /// Every version of a claim was judged.
    #[serde(default)]
    pub as_received: bool,
    /// How many months back what was overpaid could be asked for.
    #[serde(default)]
    pub look_back: Option<u32>,
    /// The payer's overrides: the file as it was given, and its digest.
    #[serde(default)]
    pub overrides: Option<FileRecord>,
    /// The day from which a look-back was counted, and as of which overrides were in
    /// force or expired.
    #[serde(default)]
    pub as_of: Option<String>,
}

impl OptionsRecord {
    /// How lines were decided.
    #[must_use]
    pub fn decision(&self) -> DecisionOptions {
        DecisionOptions {
            as_received: self.as_received,
            policy_date: self.policy_date.as_deref().and_then(Day::parse_iso),
            strict_programs: self.strict_programs,
            require_clinical: self.require_clinical,
            clinical_denies: self.clinical == "deny",
            unlisted_diagnosis_pends: self.unlisted_diagnosis == "pend",
        }
    }
}
