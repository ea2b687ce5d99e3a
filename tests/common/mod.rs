//! What the test files share: runs within this process, runs of the program, and
//! tables read back.

#![allow(dead_code)] // Each test file uses a part of it.

pub(crate) mod claims;
pub(crate) mod parquet;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};

use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::icd10::Icd10;
use adjudicate::input::{Layout, discover};
use adjudicate::policy::{PolicyError, PolicyFile, PolicyIndex};
use adjudicate::report::{RunFolder, Summary};
use adjudicate::run::{RunError, RunSettings, Unobserved, run};
use tempfile::TempDir;

/// A row of a table, by the names of its columns.
pub(crate) type Row = BTreeMap<String, String>;

/// The embedded diagnosis table, decoded once for all tests of a file.
pub(crate) fn table() -> Arc<Icd10> {
    static TABLE: OnceLock<Arc<Icd10>> = OnceLock::new();
    Arc::clone(TABLE.get_or_init(|| Arc::new(Icd10::embedded().unwrap())))
}

/// The embedded policies, compiled once for all tests of a file.
pub(crate) fn index() -> Arc<PolicyIndex> {
    static INDEX: OnceLock<Arc<PolicyIndex>> = OnceLock::new();
    Arc::clone(INDEX.get_or_init(|| Arc::new(PolicyIndex::embedded(table()).unwrap())))
}

/// The embedded policies and those of some files, by their paths in the repository.
pub(crate) fn index_with(files: &[&str]) -> Result<Arc<PolicyIndex>, PolicyError> {
    let mut loaded = PolicyFile::embedded(&table())?;
    loaded.extend(policy_files(files)?);
    Ok(Arc::new(PolicyIndex::from_files(table(), loaded)?))
}

/// The policies of some files, by their paths in the repository.
pub(crate) fn policy_files(files: &[&str]) -> Result<Vec<PolicyFile>, PolicyError> {
    files.iter().map(|file| PolicyFile::parse(file, &fs::read_to_string(repository(file)).unwrap(), &table())).collect()
}

/// A path within the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The embedded policies under their usual options.
pub(crate) fn adjudicator() -> Arc<Adjudicator> {
    judging(index(), DecisionOptions::default())
}

/// These policies under these options.
pub(crate) fn judging(index: Arc<PolicyIndex>, options: DecisionOptions) -> Arc<Adjudicator> {
    Arc::new(Adjudicator::new(index, options))
}

/// What a run within this process came to.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The bytes of the decisions file.
    pub(crate) decisions: Vec<u8>,
    /// The bytes of `rejects.csv`.
    pub(crate) rejects: Vec<u8>,
    /// The bytes of `superseded.csv`; empty where there is none.
    pub(crate) superseded: Vec<u8>,
    /// The bytes of `sample.csv`.
    pub(crate) sample: Vec<u8>,
    /// The summary.
    pub(crate) summary: Summary,
}

impl Ran {
    /// The summary as its file holds it.
    pub(crate) fn summary_json(&self) -> String {
        serde_json::to_string_pretty(&self.summary).unwrap()
    }

    /// The rows of the decisions, which are CSV.
    pub(crate) fn decisions(&self) -> Vec<Row> {
        rows_of(&self.decisions)
    }

    /// The rows of the rejects.
    pub(crate) fn rejects(&self) -> Vec<Row> {
        rows_of(&self.rejects)
    }

    /// The rows of the superseded lines.
    pub(crate) fn superseded(&self) -> Vec<Row> {
        rows_of(&self.superseded)
    }

    /// Each decision as `disposition rule;rule`, in order.
    pub(crate) fn verdicts(&self) -> Vec<String> {
        self.decisions().iter().map(|row| format!("{} {}", row["disposition"], row["rules"])).collect()
    }
}

/// The usual settings of a run over these inputs, with decisions as CSV.
pub(crate) fn settings(inputs: &[impl AsRef<Path>]) -> RunSettings {
    let names: Vec<String> = inputs.iter().map(|path| path.as_ref().to_str().unwrap().to_owned()).collect();
    let layout = Layout::embedded("native").unwrap();
    RunSettings { threads: 2, ..RunSettings::new(discover(&names).unwrap(), layout) }
}

/// A run within this process; its folder is read and dropped.
pub(crate) fn run_here(settings: &RunSettings, adjudicator: &Arc<Adjudicator>) -> Result<Ran, RunError> {
    let place = TempDir::new().unwrap();
    let folder = RunFolder::begin(&place.path().join("run"), false, false)?;
    let outcome = run(settings, adjudicator, &folder, &mut Unobserved)?;
    let read = |name: &str| fs::read(folder.staging().join(name)).unwrap();
    Ok(Ran {
        decisions: read(settings.format.file_name()),
        rejects: read("rejects.csv"),
        superseded: fs::read(folder.staging().join("superseded.csv")).unwrap_or_default(),
        sample: read("sample.csv"),
        summary: outcome.summary,
    })
}

/// A run of a text under the embedded policies.
pub(crate) fn run_text(text: impl AsRef<[u8]>) -> Ran {
    run_text_under(&adjudicator(), text)
}

/// A run of a text.
pub(crate) fn run_text_under(adjudicator: &Arc<Adjudicator>, text: impl AsRef<[u8]>) -> Ran {
    let place = TempDir::new().unwrap();
    let path = place.path().join("claims.csv");
    fs::write(&path, text).unwrap();
    run_here(&settings(&[path]), adjudicator).unwrap()
}

/// The rows of a CSV text with a header.
pub(crate) fn rows_of(text: &[u8]) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text);
    let header = reader.headers().unwrap().clone();
    let named = |record: csv::StringRecord| {
        header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect::<Row>()
    };
    reader.records().map(|record| named(record.unwrap())).collect()
}

/// The program, with nothing of ours in its environment.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjudicate"));
    for (name, _) in std::env::vars() {
        if name.starts_with("ADJUDICATE_") {
            command.env_remove(name);
        }
    }
    command.env("NO_COLOR", "1");
    command
}

/// What the program did, in text.
#[derive(Debug)]
pub(crate) struct Told {
    /// Its exit status.
    pub(crate) status: i32,
    /// Its standard output.
    pub(crate) stdout: String,
    /// Its standard error.
    pub(crate) stderr: String,
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs the program to its end.
pub(crate) fn told(command: &mut Command) -> Told {
    command.output().unwrap().into()
}

/// A folder of its own for inputs, and a place for run folders in which nothing
/// else stands.
#[derive(Debug)]
pub(crate) struct Workplace {
    place: TempDir,
}

impl Workplace {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let place = TempDir::new().unwrap();
        fs::create_dir(place.path().join("in")).unwrap();
        fs::create_dir(place.path().join("out")).unwrap();
        Self { place }
    }

    /// Where inputs stand.
    pub(crate) fn inputs(&self) -> PathBuf {
        self.place.path().join("in")
    }

    /// Where run folders come to stand.
    pub(crate) fn outputs(&self) -> PathBuf {
        self.place.path().join("out")
    }

    /// The run folder.
    pub(crate) fn out(&self) -> PathBuf {
        self.outputs().join("run")
    }

    /// Writes an input.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.inputs().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// `adjudicate run`, from the folder of the inputs, into the run folder. The
    /// caller adds the inputs.
    pub(crate) fn run(&self) -> Command {
        let mut command = program();
        command.current_dir(self.inputs()).arg("run").arg("--no-sync").arg("--no-progress").arg("--out");
        command.arg(self.out());
        command
    }

    /// What stands where run folders come to stand.
    pub(crate) fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.outputs()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A file of the run folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.out().join(name)).unwrap()
    }
}
