//! `explain` with claims of which another version stands.

use std::path::Path;

use serde_json::Value;

use super::{complaint, run_in, status, text};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/final_action.csv");

fn ran(place: &Path, options: &[&str]) {
    let run = [&["run", CASES, "--out", "audit", "--quiet", "--no-sync"], options].concat();
    // Two rows are rejected.
    assert_eq!(status(&run_in(place, &run)), 3);
}

#[test]
fn what_does_not_stand_takes_no_part_in_what_is_decided_again() {
    let place = tempfile::tempdir().unwrap();
    ran(place.path(), &[]);
    // Each shares its session with versions that do not stand.
    for (claim, rules) in [("A2", ""), ("B3", "COV002"), ("J1", ""), ("N1", ""), ("R2", "LIN001"), ("I2", "LIN004")] {
        let output = run_in(place.path(), &["explain", "audit", claim, "--json"]);
        assert_eq!(status(&output), 0, "{claim}: {}", complaint(&output));
        let told: Value = serde_json::from_str(&text(&output)).unwrap();
        let lines = told["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 1, "{claim}");
        assert_eq!(lines[0]["differences"].as_array().map(Vec::len).unwrap_or_default(), 0, "{claim}: {told:#}");
        let found = lines[0]["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap());
        assert_eq!(found.collect::<Vec<_>>().join(";"), rules, "{claim}");
    }
}

#[test]
fn why_a_line_was_not_judged_is_told() {
    let place = tempfile::tempdir().unwrap();
    ran(place.path(), &[]);
    let output = run_in(place.path(), &["explain", "audit", "A1"]);
    assert_eq!(status(&output), 2);
    let told = complaint(&output);
    assert!(told.contains("was not judged: replaced, see row 2."), "{told}");
    // Some lines of the claim stand, others do not.
    let output = run_in(place.path(), &["explain", "audit", "N1"]);
    let told = text(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("was not judged: reversed, see row 31."), "{told}");
}

#[test]
fn an_authorization_is_seen_again() {
    let place = tempfile::tempdir().unwrap();
    let cases = CASES.replace("final_action", "authorizations");
    let run = ["run", &cases, "--out", "audit", "--quiet", "--no-sync"];
    assert_eq!(status(&run_in(place.path(), &run)), 0);
    let output = run_in(place.path(), &["explain", "audit", "A01", "--json"]);
    let told: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(told["lines"][0]["findings"][0]["rule"], "AUT001", "{told:#}");
    assert_eq!(told["lines"][0]["differences"].as_array().map(Vec::len).unwrap_or_default(), 0);
}
