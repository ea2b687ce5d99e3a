//! All that is told of two runs: what `compare --json` prints, and what its page is
//! made of.

use serde::Serialize;

use super::{Comparison, RunDifference, SCHEMA_VERSION};
use crate::digest::DigestKind;
use crate::report::{DecisionFormat, FileRecord, Manifest, words};
use crate::run::Select;

/// Two runs, and what they came to against each other.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Told {
    /// The version of this form.
    pub schema_version: u32,
    /// The first run.
    pub a: SideTold,
    /// The second run.
    pub b: SideTold,
    /// What differs between the runs themselves.
    pub differences: Vec<RunDifference>,
    /// What lines were matched by.
    pub matched_by: MatchedBy,
    /// What to know before the figures are believed, in sentences.
    pub notes: Vec<String>,
    /// The figures.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// One of the two runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SideTold {
    /// The run folder as named, or another name for the run.
    pub folder: String,
    /// The version of the program that made it.
    pub version: String,
    /// When the run began, in UTC.
    pub started: String,
    /// The diagnosis table's edition.
    pub icd10cm: String,
    /// Which lines its decisions hold: `in-scope` or `flagged`.
    pub select: String,
    /// Lines decided, in its decisions or not.
    pub decided: u64,
    /// The digest in use.
    pub digest: DigestKind,
    /// Its policies, by their numbers.
    pub policies: Vec<Digested>,
    /// Its inputs, in order.
    pub inputs: Vec<Digested>,
    /// Its decisions; `None` where they are in no file.
    pub decisions: Option<Digested>,
}

/// Something that a digest stands for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Digested {
    /// What it is called.
    pub name: String,
    /// The digest of its file, in hexadecimal.
    pub digest: String,
}

/// What lines of two runs are matched by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchedBy {
    /// File and row: both runs read the same inputs.
    Row,
    /// Claim id, line number, and which of the lines with these it is.
    Claim,
}

impl SideTold {
    /// The run of this manifest, called as its folder is.
    #[must_use]
    pub fn of(folder: &str, manifest: &Manifest) -> Self {
        let digested = |(name, digest): (&String, &String)| Digested { name: name.clone(), digest: digest.clone() };
        let decisions = [DecisionFormat::Csv, DecisionFormat::Parquet].map(DecisionFormat::file_name);
        let is_decisions = |file: &&FileRecord| decisions.contains(&file.name.as_str());
        Self {
            folder: folder.to_owned(),
            version: manifest.program.version.clone(),
            started: manifest.started.clone(),
            icd10cm: manifest.icd10cm.clone(),
            select: manifest.options.select.clone(),
            decided: manifest.counts.decided,
            digest: manifest.digest,
            policies: manifest.policies.iter().map(|one| digested((&one.id, &one.digest))).collect(),
            inputs: manifest.inputs.iter().map(|one| digested((&one.name, &one.digest))).collect(),
            decisions: manifest.files.iter().find(is_decisions).map(|one| digested((&one.name, &one.digest))),
        }
    }
}

impl Told {
    /// What these figures are to be told with. What every comparison has to say of them
    /// is put behind the notes.
    #[must_use]
    pub fn new(
        [a, b]: [SideTold; 2],
        differences: Vec<RunDifference>,
        matched_by: MatchedBy,
        mut notes: Vec<String>,
        comparison: Comparison,
    ) -> Self {
        notes.extend(unknown(&comparison));
        let mut told = Self { schema_version: SCHEMA_VERSION, a, b, differences, matched_by, notes, comparison };
        told.notes.extend(told.alone());
        told
    }

    /// How many lines the file of changes has.
    #[must_use]
    pub fn changed_lines(&self) -> u64 {
        self.comparison.total.changed + self.comparison.rule_changed
    }

    /// What a line may be in a run that does not have it.
    pub(super) fn not_decided(&self) -> String {
        let is_flagged = [&self.a, &self.b].iter().any(|side| side.select == Select::Flagged.name());
        // By row, a line that flagged decisions lack counts as allowed.
        let allowed = if is_flagged && self.matched_by == MatchedBy::Claim {
            ", or allowed where the decisions hold flagged lines only"
        } else {
            ""
        };
        format!("out of scope, rejected, superseded by another version of its claim, or not in the input{allowed}")
    }

    /// What it means that one run alone has lines.
    fn alone(&self) -> Option<String> {
        let total = &self.comparison.total;
        (total.only_in_a + total.only_in_b > 0).then(|| {
            format!(
                "A line that one run alone has was not decided in the other: there it is {}. Its exposure counts in \
                 full as a difference.",
                self.not_decided()
            )
        })
    }
}

/// That dollars of some changed lines are unknown.
fn unknown(comparison: &Comparison) -> Option<String> {
    let changed = comparison.by_disposition.iter().filter(|one| one.a != one.b);
    let lines: u64 = changed.map(|one| one.paid_unknown).sum();
    (lines > 0).then(|| {
        format!(
            "The paid amount of {} with another disposition, or in one run only, is unknown: 0 in all sums.",
            words::lines(lines)
        )
    })
}
