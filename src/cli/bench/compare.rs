//! A measurement against an earlier one of the same work.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use adjudicate::report::{Manifest, PolicyRecord};

use super::super::exit::Failure;
use super::super::text::count;
use super::record::{Measurement, SCHEMA, Speed, Subject};

/// What the whole is called among the changes.
pub(super) const WHOLE: &str = "whole";

/// How a measurement stands beside an earlier one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Comparison {
    pub(super) with: String,
    pub(super) threshold_percent: f64,
    /// Whether the whole is slower by more than the threshold.
    pub(super) slower: bool,
    /// Stage by stage, and the whole at last.
    pub(super) changes: Vec<Change>,
}

/// Lines a second, before and now.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) of: String,
    pub(super) before: Option<f64>,
    pub(super) now: Option<f64>,
    /// Below zero where it is slower now.
    pub(super) percent: Option<f64>,
}

/// An earlier measurement.
pub(super) struct Baseline {
    name: String,
    measurement: Measurement,
}

impl Baseline {
    /// Reads what `--json` printed.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let told = |reason: String| Failure::told(format!("{name}: {reason}"));
        let text = fs::read_to_string(path).map_err(|error| told(error.to_string()))?;
        if text.trim().is_empty() {
            return Err(told(format!(
                "the file is empty; a shell empties a file before it is read, so print the new figures to another. {ANEW}"
            )));
        }
        let foreign = || told(format!("not a measurement of ours. {ANEW}"));
        // The form's version comes first: of another version, nothing else is known.
        let value: Value = serde_json::from_str(&text).map_err(|_| foreign())?;
        let version = value.get("schema").and_then(Value::as_u64).ok_or_else(foreign)?;
        if version != u64::from(SCHEMA) && value.get("stages").is_some() {
            return Err(told(format!("version {version} of the form, where this program knows {SCHEMA}. {ANEW}")));
        }
        let measurement: Measurement = serde_json::from_value(value).map_err(|_| foreign())?;
        if measurement.subject.program.name != Manifest::PROGRAM {
            return Err(foreign());
        }
        Ok(Self { name, measurement })
    }

    /// Refuses what is of other work.
    pub(super) fn check(&self, now: &Subject) -> Result<(), Failure> {
        let then = &self.measurement.subject;
        let number = |number: usize| number.to_string();
        let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        let named = |name: &Option<String>| name.clone().unwrap_or_else(|| "none".to_owned());
        let options = (&then.options.of_run, &now.options.of_run);
        let other_file = (file(&then.layout.name, &then.layout.digest), file(&now.layout.name, &now.layout.digest));
        let other_policies = (beyond(&then.policies, &now.policies), beyond(&now.policies, &then.policies));
        // Digests of two kinds say nothing of each other; that they differ is said.
        let same_kind = then.options.digest == now.options.digest;
        let differences: Vec<String> = [
            ("bytes of the inputs", count(then.bytes), count(now.bytes)),
            ("rows", count(then.rows), count(now.rows)),
            ("rows in scope", count(then.in_scope), count(now.in_scope)),
            ("threads", number(then.threads), number(now.threads)),
            ("decisions as", options.0.format.clone(), options.1.format.clone()),
            ("decisions of lines", options.0.select.clone(), options.1.select.clone()),
            ("digest", then.options.digest.clone(), now.options.digest.clone()),
            ("delimiter", named(&options.0.delimiter), named(&options.1.delimiter)),
            ("policy date", named(&options.0.policy_date), named(&options.1.policy_date)),
            ("strict programs", yes(options.0.strict_programs), yes(options.1.strict_programs)),
            ("unlisted diagnosis", options.0.unlisted_diagnosis.clone(), options.1.unlisted_diagnosis.clone()),
            ("clinical", options.0.clinical.clone(), options.1.clinical.clone()),
            ("require clinical", yes(options.0.require_clinical), yes(options.1.require_clinical)),
            ("layout", other_file.0, other_file.1),
            ("policies", other_policies.0, other_policies.1),
            ("build", then.program.build.clone(), now.program.build.clone()),
        ]
        .into_iter()
        .filter(|(what, then, now)| then != now && (same_kind || !["layout", "policies"].contains(what)))
        .map(|(what, then, now)| format!("{what}: {then} there, {now} here"))
        .collect();
        if differences.is_empty() {
            return Ok(());
        }
        let differences = differences.join("; ");
        Err(Failure::told(format!("{}: cannot be compared with ({differences}). {ANEW}", self.name)))
    }

    /// Compares the throughput of every stage and of the whole.
    pub(super) fn compare(self, now: &Measurement, threshold: f64) -> Comparison {
        let then = &self.measurement;
        let stages = now.stages.iter().map(|stage| {
            let before = then.stages.iter().find(|before| before.stage == stage.stage);
            change(&stage.stage, before.map(|before| &before.own), &stage.own)
        });
        let whole = change(WHOLE, Some(&then.whole), &now.whole);
        Comparison {
            slower: whole.percent.is_some_and(|change| change < -threshold),
            changes: stages.chain([whole]).collect(),
            with: self.name,
            threshold_percent: threshold,
        }
    }
}

/// What to do about a file that cannot be compared with.
const ANEW: &str = "Make one to compare with by: adjudicate bench INPUT --json > FILE";

/// A file by its name and its digest's first digits.
fn file(name: &str, digest: &str) -> String {
    format!("{name} ({digest:.12})")
}

/// The policies that others lack; a few of them where there are many.
fn beyond(policies: &[PolicyRecord], others: &[PolicyRecord]) -> String {
    let set = |records: &[PolicyRecord]| -> BTreeSet<(String, String)> {
        records.iter().map(|record| (record.id.clone(), record.digest.clone())).collect()
    };
    let beyond: Vec<String> = set(policies).difference(&set(others)).map(|(id, digest)| file(id, digest)).collect();
    match beyond.split_at_checked(NAMED) {
        _ if beyond.is_empty() => "no other".to_owned(),
        Some((named, rest)) if !rest.is_empty() => format!("{} and {} more", named.join(", "), rest.len()),
        _ => beyond.join(", "),
    }
}

/// How many policies are named.
const NAMED: usize = 3;

fn change(of: &str, before: Option<&Speed>, now: &Speed) -> Change {
    let before = before.and_then(|before| before.lines_per_second);
    let now = now.lines_per_second;
    let percent = match (before, now) {
        (Some(before), Some(now)) if before > 0.0 => Some((now / before - 1.0) * 100.0),
        _ => None,
    };
    Change { of: of.to_owned(), before, now, percent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_as_many_lines_are_fifty_percent_fewer() {
        let speed = |lines_per_second| Speed { seconds: 1.0, lines_per_second, megabytes_per_second: None };
        let percent = |before, now| change("read", Some(&speed(before)), &speed(now)).percent;
        assert_eq!(percent(Some(200.0), Some(100.0)), Some(-50.0));
        assert_eq!(percent(Some(100.0), Some(200.0)), Some(100.0));
        assert_eq!(percent(None, Some(200.0)), None);
        assert_eq!(percent(Some(0.0), Some(200.0)), None);
    }
}
