//! Small claims files, one a theme (`tests/cases`). Each row says in its column
//! `expect` what should become of it, and in `note` why; the program ignores both
//! columns. Every rule looks at every row, and the whole output is snapshot, so a
//! rule that fires where it should not is seen.
//!
//! `expect` is a disposition and the findings, the one that names the line first:
//! `deny COV002 COD005`. Behind them may stand the indication (`V1`), the version
//! (`@2018-10-01`) and the adjustment code (`carc=146`). `out` is a row out of
//! scope; `superseded void` one that is not judged, and why; `reject units` is a reject by that column, and `reject` one by its shape.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use adjudicate::claim::Day;
use adjudicate::engine::DecisionOptions;
use adjudicate::rules::{CATALOGUE, Disposition};

use common::{Ran, Row};

/// Cases that are judged under options of their own.
fn options_of(case: &str) -> DecisionOptions {
    let usual = DecisionOptions::default();
    match case {
        "programs_strict" => DecisionOptions { strict_programs: true, ..usual },
        "versions_policy_date" => DecisionOptions { policy_date: Day::parse_iso("2019-01-01"), ..usual },
        "clinical_options" => DecisionOptions { clinical_denies: true, require_clinical: true, ..usual },
        "diagnoses_unlisted_pend" => DecisionOptions { unlisted_diagnosis_pends: true, ..usual },
        _ => usual,
    }
}

fn names() -> Vec<String> {
    let files = fs::read_dir(common::repository("tests/cases")).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn file_of(case: &str) -> String {
    format!("tests/cases/{case}.csv")
}

fn ran(case: &str) -> Ran {
    // Cargo runs tests in the package's folder, so names in snapshots are relative.
    let settings = common::settings(&[file_of(case)]);
    common::run_here(&settings, &common::judging(common::index(), options_of(case))).unwrap()
}

/// What the rows of a case expect, with their notes; the first is row 1.
fn expectations(case: &str) -> Vec<(String, String)> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(common::repository(&file_of(case))).unwrap();
    let header = reader.headers().unwrap().clone();
    assert_eq!((&header[0], &header[1]), ("expect", "note"), "{case}: so that a ragged row has them too");
    reader.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

/// What became of a row, written as an expectation is: as much of it as the
/// expectation says.
fn outcome(expected: &str, decision: Option<&Row>, reject: Option<&Row>, superseded: Option<&Row>) -> String {
    if let Some(reject) = reject {
        return format!("reject {}", reject["column"]).trim_end().to_owned();
    }
    if let Some(superseded) = superseded {
        assert!(decision.is_none(), "a line is decided and superseded: {superseded:?}");
        return format!("superseded {}", superseded["reason"]);
    }
    let Some(decision) = decision else { return "out".to_owned() };
    let mut words = vec![decision["disposition"].clone()];
    words.extend(Some(decision["rule"].clone()).filter(|rule| !rule.is_empty()));
    words.extend(decision["rules"].split(';').filter(|rule| *rule != decision["rule"]).map(str::to_owned));
    words.retain(|word| !word.is_empty());
    words.extend(Some(decision["indication"].clone()).filter(|indication| !indication.is_empty()));
    for word in expected.split(' ') {
        if word.starts_with("carc=") {
            words.push(format!("carc={}", decision["carc"]));
        } else if word.starts_with('@') {
            words.push(format!("@{}", decision["policy_version"]));
        }
    }
    words.join(" ")
}

/// The words of an expectation, but for the first two in any order.
fn sorted(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split(' ').collect();
    if words.len() > 2 {
        words[2..].sort_unstable();
    }
    // An allowed line has no rule that names it.
    if words[0] == "allow" {
        words[1..].sort_unstable();
    }
    words
}

fn by_row(rows: Vec<Row>) -> BTreeMap<usize, Row> {
    rows.into_iter().map(|row| (row["source_row"].parse().unwrap(), row)).collect()
}

#[test]
fn every_row_is_decided_as_its_note_says() {
    let mut failures = Vec::new();
    for case in names() {
        let ran = ran(&case);
        let (decisions, rejects) = (by_row(ran.decisions()), by_row(ran.rejects()));
        let superseded = by_row(ran.superseded());
        let expectations = expectations(&case);
        assert_eq!(ran.summary.rows, expectations.len() as u64, "{case}");
        for ((expected, note), row) in expectations.iter().zip(1..) {
            let seen = outcome(expected, decisions.get(&row), rejects.get(&row), superseded.get(&row));
            if sorted(&seen) != sorted(expected) {
                failures.push(format!("{case}, row {row} ({note}): expected `{expected}`, seen `{seen}`"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_whole_output_is_as_it_was() {
    for case in names() {
        let ran = ran(&case);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        insta::with_settings!({ snapshot_path => "cases/snapshots", prepend_module_to_snapshot => false }, {
            let mut files = vec![text(ran.decisions), text(ran.rejects), text(ran.superseded)];
            files.retain(|file| !file.is_empty());
            insta::assert_snapshot!(case, files.join("\n"));
        });
    }
}

#[test]
fn every_rule_fires_and_every_procedure_that_can_be_allowed_is() {
    let mut fired = BTreeSet::new();
    let mut naming = BTreeSet::new();
    let mut allowed = BTreeSet::new();
    for case in names() {
        for row in ran(&case).decisions() {
            fired.extend(row["rules"].split(';').map(str::to_owned));
            naming.insert(row["rule"].clone());
            if row["disposition"] == Disposition::Allow.name() {
                allowed.insert(row["procedure_code"].clone());
            }
        }
    }
    assert_eq!(CATALOGUE.len(), 31);
    for rule in CATALOGUE {
        assert!(fired.contains(rule.code), "{} never fires", rule.code);
        let advice = rule.weight == adjudicate::rules::Weight::Advice;
        assert!(advice || naming.contains(rule.code), "{} never names a line", rule.code);
    }
    for policy in common::index().policies() {
        for procedure in &policy.procedures {
            let mut coverage =
                policy.versions.iter().filter_map(|version| version.coverage[procedure.service].as_ref());
            let can_be = coverage.any(|coverage| !coverage.investigational);
            assert_eq!(allowed.contains(&procedure.code.to_string()), can_be, "{}", procedure.code);
        }
    }
}
