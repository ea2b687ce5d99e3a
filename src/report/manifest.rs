//! `manifest.json`: what was read, under what, and what was written, each with
//! its digest.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    DecisionFormat, FileRecord, HistoryRecord, InputRecord, LayoutRecord, OptionsRecord, PolicyRecord, ProgramRecord,
    Sample,
};
use crate::digest::{DigestKind, Hasher};
use crate::run::RowCounts;
use crate::unseen::in_line;

/// Opens a file that is to be as a run left it: a regular one, since a pipe or a device
/// in its place would keep whoever reads it for ever.
///
/// # Errors
///
/// It cannot be opened, or is of another kind.
pub fn open_regular(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    File::open(path)
}

/// All that a run says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this form.
    pub schema: u32,
    /// Who made it.
    pub program: ProgramRecord,
    /// The command's arguments.
    pub arguments: Vec<String>,
    /// When the run began, in UTC.
    pub started: String,
    /// The digest in use.
    pub digest: DigestKind,
    /// The diagnosis table's edition.
    pub icd10cm: String,
    /// The options in effect.
    pub options: OptionsRecord,
    /// The layout.
    pub layout: LayoutRecord,
    /// The inputs, in order.
    pub inputs: Vec<InputRecord>,
    /// The policies.
    pub policies: Vec<PolicyRecord>,
    /// The policies that decided every line a second time, where there were such.
    #[serde(default)]
    pub shadow: Vec<PolicyRecord>,
    /// Earlier runs whose lines took part, in order.
    #[serde(default)]
    pub history: Vec<HistoryRecord>,
    /// Rows, in all.
    pub counts: RowCounts,
    /// The other files of the folder.
    pub files: Vec<FileRecord>,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// It cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// It is not a manifest of ours.
    #[error("{path}: not a manifest of ours: {reason}")]
    Foreign {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Manifest {
    /// The file's name in a run folder.
    pub const FILE_NAME: &str = "manifest.json";
    /// The program's name in its manifests.
    pub const PROGRAM: &str = "adjudicate";
    /// The version of the manifest's form.
    pub const SCHEMA: u32 = 1;

    /// Reads the manifest of a run folder.
    ///
    /// # Errors
    ///
    /// There is none, or it is not ours.
    pub fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join(Self::FILE_NAME);
        let name = path.display().to_string();
        let text = open_regular(&path).and_then(io::read_to_string);
        let text = text.map_err(|source| ManifestError::Io { path: name.clone(), source })?;
        let foreign = |reason: String| ManifestError::Foreign { path: name.clone(), reason };
        let manifest: Self = serde_json::from_str(&text).map_err(|error| foreign(error.to_string()))?;
        if manifest.program.name != Self::PROGRAM {
            return Err(foreign("another program made it".to_owned()));
        }
        Ok(manifest)
    }

    /// The manifest as text.
    ///
    /// # Errors
    ///
    /// It cannot be put into JSON.
    pub fn to_json(&self) -> io::Result<String> {
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        text.push('\n');
        Ok(text)
    }

    /// Records a file of the folder, in the place of one of its name.
    pub fn record(&mut self, file: FileRecord) {
        match self.files.iter_mut().find(|known| known.name == file.name) {
            Some(known) => *known = file,
            None => self.files.push(file),
        }
    }

    /// What is not as the manifest says, in words; nothing where all is well.
    #[must_use]
    pub fn differences(&self, folder: &Path) -> Vec<String> {
        let mut differences = Vec::new();
        if !self.counts.adds_up() {
            differences.push("the counts of rows do not add up".to_owned());
        }
        let total: RowCounts = self.inputs.iter().map(|input| input.counts).sum();
        for input in &self.inputs {
            if !input.counts.adds_up() {
                differences.push(format!("the counts of {} do not add up", in_line(&input.name)));
            }
        }
        if total != self.counts {
            differences.push("the inputs' counts are not those of the run".to_owned());
        }
        differences.extend(self.unrecorded());
        for file in &self.files {
            if !file.is_in_folder() {
                differences.push(format!("{:?} is recorded, which is no name of a file in the folder", file.name));
                continue;
            }
            let name = in_line(&file.name);
            let found = open_regular(&folder.join(&file.name)).and_then(|open| Hasher::of(self.digest, open));
            match found {
                Ok((digest, _)) if digest == file.digest => {}
                Ok((_, bytes)) if bytes != file.bytes => {
                    differences.push(format!("{name} has {bytes} bytes, not {}", file.bytes));
                }
                Ok(_) => differences.push(format!("{name} has been changed: its digest is another")),
                Err(error) => differences.push(format!("{name} cannot be read: {error}")),
            }
        }
        let known = |name: &str| name == Self::FILE_NAME || self.files.iter().any(|file| file.name == name);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !known(&name) {
                differences.push(format!("{} is not in the manifest", in_line(&name)));
            }
        }
        differences
    }

    /// What every run writes and this manifest does not record.
    fn unrecorded(&self) -> Vec<String> {
        let times = |name: &str| self.files.iter().filter(|file| file.name == name).count();
        let mut wrong: Vec<String> = ["rejects.csv", Sample::FILE_NAME, "summary.json", "report.html"]
            .iter()
            .filter(|name| times(name) != 1)
            .map(|name| format!("{name} is recorded {} times, not once", times(name)))
            .collect();
        let formats = [DecisionFormat::Csv, DecisionFormat::Parquet];
        let decisions: usize = formats.iter().map(|format| times(format.file_name())).sum();
        if decisions != 1 {
            wrong.push(format!("{decisions} files of decisions are recorded, not one"));
        }
        wrong
    }
}
