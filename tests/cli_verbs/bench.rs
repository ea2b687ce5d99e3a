//! `bench`: what it shows, what it compares with, and that it leaves nothing.

use std::fs;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use super::{POLICY, command, complaint, refused, status, text};

/// Claims to measure, and a folder for what is temporary.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.0.path().join("tmp")).unwrap();
        let lines = ["--lines", "300", "--seed", "1", "--in-scope", "0.5"];
        for name in ["claims.csv", "claims.csv.zst", "claims.parquet"] {
            let made = place.run(&[&["generate", "--quiet", "--out", name], &lines[..]].concat());
            assert_eq!(status(&made), 0, "{}", complaint(&made));
        }
        place
    }

    fn run(&self, arguments: &[&str]) -> Output {
        command(self.0.path(), arguments).env("TMPDIR", self.0.path().join("tmp")).output().unwrap()
    }

    /// Measures in one round; whatever becomes of it, nothing may be left.
    fn bench(&self, arguments: &[&str]) -> Output {
        let output = self.run(&[&["bench", "--rounds", "1", "--threads", "2"], arguments].concat());
        assert_eq!(fs::read_dir(self.0.path().join("tmp")).unwrap().count(), 0, "{arguments:?}");
        output
    }

    fn measured(&self, arguments: &[&str]) -> Value {
        let output = self.bench(&[&["--json"], arguments].concat());
        assert_eq!(complaint(&output), "", "{arguments:?}");
        serde_json::from_str(&text(&output)).unwrap()
    }

    /// The claims' figures, with some of them changed, in a file of this name.
    fn doctored(&self, name: &str, figures: &Value, doctor: impl FnOnce(&mut Value)) {
        let mut figures = figures.clone();
        doctor(&mut figures);
        fs::write(self.0.path().join(name), figures.to_string()).unwrap();
    }

    /// What is said of a file that cannot be compared with.
    fn not_comparable(&self, name: &str, more: &[&str]) -> String {
        let output = self.bench(&[&["claims.csv", "--compare", name], more].concat());
        assert_eq!((status(&output), text(&output).as_str()), (2, ""), "{name} {more:?}");
        assert!(complaint(&output).contains(name), "{}", complaint(&output));
        complaint(&output)
    }
}

/// So many lines a second as no load of the machine could account for.
fn a_thousand_times_as_fast(figures: &mut Value) {
    let speed = &mut figures["whole"]["lines_per_second"];
    *speed = (speed.as_f64().unwrap() * 1_000.0).into();
}

#[test]
fn every_stage_is_shown() {
    let place = Place::new();
    for input in ["claims.csv", "claims.csv.zst", "claims.parquet"] {
        let output = place.bench(&[input]);
        assert_eq!((status(&output), complaint(&output).as_str()), (0, ""), "{input}");
        let shown = text(&output);
        assert!(shown.starts_with(&format!("{input}: 300 rows, ")), "{shown}");
        assert!(shown.contains("; 2 threads, median of 1 round\n"), "{shown}");
        let first_words: Vec<&str> = shown.lines().filter_map(|line| line.split(' ').next()).collect();
        let stages = ["read", "split", "parse", "decide", "write", "whole"];
        assert!(first_words.windows(stages.len()).any(|words| words == stages), "{shown}");
        assert_eq!(shown.contains("Of Parquet"), input.ends_with(".parquet"), "{shown}");
        assert_eq!(shown.contains("Peak memory"), cfg!(target_os = "linux"), "{shown}");
    }
    let output = place.bench(&["claims.csv", "--quiet"]);
    assert_eq!((status(&output), text(&output).as_str(), complaint(&output).as_str()), (0, "", ""));
}

#[test]
fn every_way_to_store_claims_gives_the_same_rows() {
    let place = Place::new();
    let rows = |inputs: &[&str]| {
        let figures = place.measured(inputs);
        [&figures["rows"], &figures["in_scope"]].map(|number| number.as_u64().unwrap())
    };
    let csv = rows(&["claims.csv"]);
    assert_eq!(csv[0], 300);
    assert_eq!(rows(&["claims.csv.zst"]), csv);
    assert_eq!(rows(&["claims.parquet"]), csv);
    assert_eq!(rows(&["claims.csv", "claims.parquet", "--format", "csv"]), csv.map(|number| 2 * number));
}

#[test]
fn a_slower_run_ends_with_a_status_of_its_own() {
    let place = Place::new();
    let figures = place.measured(&["claims.csv"]);
    place.doctored("same.json", &figures, |_| ());
    let output = place.bench(&["claims.csv", "--compare", "same.json", "--threshold", "1000"]);
    assert_eq!((status(&output), complaint(&output).as_str()), (0, ""));
    assert!(text(&output).contains("fast enough: not slower than same.json by more than 1000%\n"), "{}", text(&output));

    place.doctored("quick.json", &figures, a_thousand_times_as_fast);
    let output = place.bench(&["claims.csv", "--compare", "quick.json", "--threshold", "25"]);
    assert_eq!((status(&output), complaint(&output).as_str()), (1, ""));
    assert!(text(&output).contains("slower: ") && text(&output).contains("more than 25%"), "{}", text(&output));
    let output = place.bench(&["claims.csv", "--compare", "quick.json", "--quiet"]);
    assert_eq!((status(&output), text(&output).as_str()), (1, ""));
    let figures = place.measured(&["claims.csv", "--compare", "quick.json"]);
    assert_eq!(figures["comparison"]["slower"], true);
    assert!(figures["comparison"]["changes"][5]["percent"].as_f64().unwrap() < -10.0, "{figures:#}");
}

#[test]
fn what_is_of_other_work_is_no_measure() {
    let place = Place::new();
    let figures = place.measured(&["claims.csv"]);
    for (field, words) in [("bytes", "bytes of the inputs: "), ("rows", "rows: "), ("in_scope", "rows in scope: ")] {
        place.doctored("old.json", &figures, |old| old[field] = 7.into());
        let said = place.not_comparable("old.json", &[]);
        assert!(said.contains(&format!("({words}7 there, ")), "{said}");
        assert!(said.contains("adjudicate bench INPUT --json > FILE"), "{said}");
    }
    place.doctored("old.json", &figures, |_| ());
    let others: [(&[&str], &str); 10] = [
        (&["--threads", "1"], "threads: 2 there, 1 here"),
        (&["--threads", "2", "--format", "parquet"], "decisions as: csv there, parquet here"),
        (&["--threads", "2", "--select", "flagged"], "decisions of lines: in-scope there, flagged here"),
        (&["--threads", "2", "--digest", "sha256"], "digest: blake3 there, sha256 here"),
        (&["--threads", "2", "--delimiter", ","], "delimiter: none there, , here"),
        (&["--threads", "2", "--policy-date", "2026-03-01"], "policy date: none there, 2026-03-01 here"),
        (&["--threads", "2", "--strict-programs"], "strict programs: no there, yes here"),
        (&["--threads", "2", "--unlisted-diagnosis", "pend"], "unlisted diagnosis: deny there, pend here"),
        (&["--threads", "2", "--clinical", "deny"], "clinical: pend there, deny here"),
        (&["--threads", "2", "--require-clinical"], "require clinical: no there, yes here"),
    ];
    for (more, words) in others {
        let output = place.run(&[&["bench", "claims.csv", "--compare", "old.json"], more].concat());
        assert_eq!(status(&output), 2, "{more:?}");
        // Nothing else is amiss.
        assert!(complaint(&output).contains(&format!("({words})")), "{more:?}: {}", complaint(&output));
    }
    let other = "0123456789abcdef".repeat(4);
    place.doctored("old.json", &figures, |old| old["layout"]["digest"] = (&*other).into());
    let said = place.not_comparable("old.json", &[]);
    assert!(said.contains("(layout: native (0123456789ab) there, native ("), "{said}");
    place.doctored("old.json", &figures, |old| old["policies"][0]["digest"] = (&*other).into());
    let said = place.not_comparable("old.json", &[]);
    assert!(said.contains(&format!("(policies: {POLICY} (0123456789ab) there, {POLICY} (")), "{said}");
    place.doctored("old.json", &figures, |old| {
        let policies = old["policies"].as_array_mut().unwrap();
        let first = policies[0].clone();
        policies.extend((0..5).map(|number| {
            let mut more = first.clone();
            more["id"] = format!("TEST-{number}").into();
            more
        }));
    });
    let said = place.not_comparable("old.json", &[]);
    assert!(said.contains("(policies: TEST-0 (") && said.contains(" and 2 more there, no other here)"), "{said}");
    place.doctored("old.json", &figures, |old| old["program"]["build"] = "another".into());
    assert!(place.not_comparable("old.json", &[]).contains("build: another there, "));
    place.doctored("old.json", &figures, |old| old["schema"] = 9.into());
    assert!(place.not_comparable("old.json", &[]).contains("version 9 of the form"));
    place.doctored("old.json", &figures, |old| drop(old.as_object_mut().unwrap().remove("whole")));
    assert!(place.not_comparable("old.json", &[]).contains("not a measurement of ours"));
    assert!(place.not_comparable("claims.csv", &[]).contains("not a measurement of ours"));
    fs::write(place.0.path().join("empty.json"), "").unwrap();
    assert!(place.not_comparable("empty.json", &[]).contains("empty"));
    place.not_comparable("none.json", &[]);
}

#[test]
fn what_cannot_be_measured_is_refused() {
    refused(&["bench", "-"], &["standard input can be read only once"]);
    refused(&["bench", "none.csv"], &["none.csv"]);
    refused(&["bench", "sample_data/claims.csv", "--rounds", "0"], &["--rounds"]);
    refused(&["bench", "sample_data/claims.csv", "--threshold", "-3"], &["--threshold"]);
    refused(&["bench", "sample_data/claims.csv", "--json", "--quiet"], &["--quiet"]);
    let place = Place::new();
    fs::write(place.0.path().join("header.csv"), "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n")
        .unwrap();
    let output = place.bench(&["header.csv"]);
    assert_eq!(status(&output), 2);
    assert!(complaint(&output).contains("no rows"), "{}", complaint(&output));
    let output = command(place.0.path(), &["bench", "claims.csv"]).env("TMPDIR", "/none/such").output().unwrap();
    assert_eq!(status(&output), 2);
    assert!(complaint(&output).contains("TMPDIR"), "{}", complaint(&output));
}
