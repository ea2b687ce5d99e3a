//! `run --shadow`: what it says is what two runs, compared, say; and the run itself is
//! what it is without.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{complaint, run_in, status, text};

const EMBEDDED: &str = include_str!("../../policies/02-20000-18.toml");
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/claims.csv");
const SECOND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policies/second.toml");

/// The embedded policy with fewer codes on its list, a revision on another day, and
/// nothing to say of an add-on.
fn revised() -> String {
    let text = EMBEDDED.replace("    { codes = \"M84.68XA – M84.68XS\", etiology = \"not told\" },\n", "");
    let text = text.replace("    { codes = \"C79.51 – C79.52\", etiology = \"neoplastic\" },\n", "");
    let text = text.replace("2020-06-15", "2022-01-01");
    let blocks = text.split("[[procedure]]").filter(|block| !block.trim_start().starts_with("code = \"22512\""));
    let text = blocks.collect::<Vec<_>>().join("[[procedure]]");
    assert!(text.len() + 300 < EMBEDDED.len());
    text
}

fn run(place: &Path, out: &str, options: &[&str]) {
    let fixed = ["run", "--out", out, "--quiet", "--no-sync", "--as-of", "2026-06-30"];
    let output = run_in(place, &[&fixed, options].concat());
    assert!(matches!(status(&output), 0 | 3), "{out}: {}", complaint(&output));
}

fn read(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn json(place: &Path, name: &str) -> Value {
    serde_json::from_str(&read(place, name)).unwrap()
}

/// The figures of a comparison, without what is said of the runs themselves.
fn figures(mut told: Value) -> Value {
    for about in ["a", "b", "differences", "notes"] {
        told.as_object_mut().unwrap().remove(about);
    }
    told
}

/// Holds a run with a shadow to the two runs, one by each policy, and returns its figures.
fn holds(place: &Path, own: &str, shadow: &str, options: &[&str], more: &[&str]) -> Value {
    run(place, "a", &[options, &["--policy", own, "--overwrite"]].concat());
    run(place, "b", &[options, &["--policy", shadow, "--overwrite"]].concat());
    run(place, "both", &[options, more, &["--policy", own, "--shadow", shadow, "--overwrite"]].concat());
    let output = run_in(place, &["compare", "a", "b", "--json", "--changes", "changes.csv", "--overwrite"]);
    assert_eq!(status(&output), 0, "{}", complaint(&output));
    let compared: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(figures(json(place, "both/shadow.json")), figures(compared));
    assert_eq!(read(place, "both/shadow-changes.csv"), read(place, "changes.csv"));

    // But for what is said of the shadow, the run is as it is without.
    for entry in fs::read_dir(place.join("a")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let file = |run: &str| fs::read(place.join(run).join(&name)).unwrap();
        match name.as_str() {
            "manifest.json" | "report.html" => {}
            "summary.json" => {
                let mut summary = json(place, "both/summary.json");
                let told = summary["shadow"].take();
                assert_eq!(summary, json(place, "a/summary.json"));
                let total = &json(place, "both/shadow.json")["total"];
                assert_eq!(told["changed"], total["changed"]);
                assert_eq!(told["exposure"], json(place, "b/summary.json")["exposure"]);
                assert_eq!(told["decided"], json(place, "b/summary.json")["decided"]);
                assert_eq!(told["only_in_run"], total["only_in_a"]);
                assert_eq!(told["only_in_shadow"], total["only_in_b"]);
            }
            _ => assert!(file("a") == file("both"), "{name}"),
        }
    }
    let verified = run_in(place, &["verify", "both"]);
    assert_eq!(status(&verified), 0, "{}", complaint(&verified));
    json(place, "both/shadow.json")
}

#[test]
fn it_says_what_two_runs_say() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::write(place.join("own.toml"), EMBEDDED).unwrap();
    fs::write(place.join("revised.toml"), revised()).unwrap();
    // Versions of claims, reversals, and claims whose lines lie apart.
    let made = ["generate", "--history", "--lines", "6000", "--seed", "7", "--out", "extract"];
    assert_eq!(status(&run_in(place, &made)), 0);
    let overrides = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/overrides.toml");
    let options = ["extract", "--overrides", overrides];
    // Small batches, two and a half of them in memory, lines put aside.
    let more = ["--batch-bytes", "4096", "--threads", "3", "--memory", "2M"];
    let found = holds(place, "own.toml", "revised.toml", &options, &more);
    let (total, count) = (&found["total"], |value: &Value| value.as_u64().unwrap());
    assert!(count(&total["changed"]) > 20 && count(&total["only_in_a"]) > 20, "{total}");
    assert_eq!(count(&total["only_in_b"]), 0);
    // The other way round, to and from Parquet.
    let parquet = ["generate", "--lines", "30000", "--in-scope", "0.4", "--seed", "9", "--out", "claims.parquet"];
    assert_eq!(status(&run_in(place, &parquet)), 0);
    let found = holds(place, "revised.toml", "own.toml", &["claims.parquet"], &["--threads", "2"]);
    let total = &found["total"];
    assert!(count(&total["changed"]) > 100 && count(&total["only_in_b"]) > 100, "{total}");
    assert_eq!(count(&total["only_in_a"]), 0);
}

#[test]
fn a_policy_of_another_id_stands_beside_those_of_the_run() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::write(place.join("own.toml"), EMBEDDED).unwrap();
    let header = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,paid_amount\n";
    // The second row cannot be read, which only the shadow gets to know.
    let rows = "A,1,2026-03-02,63650,G89.4,10\nB,1,2026-03-40,63650,G89.4,20\nC,1,2026-03-02,22513,M80.08XA,30\n";
    fs::write(place.join("claims.csv"), [header, rows].concat()).unwrap();
    run(place, "run", &["claims.csv", "--policy", "own.toml", "--shadow", SECOND]);
    let summary = json(place, "run/summary.json");
    let counts = ["rows", "out_of_scope", "decided", "rejected"].map(|name| summary[name].as_u64().unwrap());
    assert_eq!(counts, [3, 2, 1, 0]);
    assert_eq!((&summary["shadow"]["decided"], &summary["shadow"]["only_in_shadow"]), (&2.into(), &1.into()));
    let told = json(place, "run/shadow.json");
    assert_eq!(told["b"]["policies"].as_array().unwrap().len(), 2);
    let note = "No policy of the run has the id TEST-02: the shadow has it beside them.";
    assert!(told["notes"].as_array().unwrap().contains(&note.into()), "{}", told["notes"]);
}

#[test]
fn the_terminal_the_page_and_the_manifest_tell_of_it() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::write(place.join("revised.toml"), revised()).unwrap();
    fs::write(place.join("run.toml"), "shadow = [\"revised.toml\"]\nno-sync = true\n").unwrap();
    let output = run_in(place, &["run", SAMPLE, "--out", "run", "--config", "run.toml"]);
    assert_eq!(status(&output), 3, "{}", complaint(&output));
    let told = json(place, "run/shadow.json");
    let changed = told["total"]["changed"].as_u64().unwrap();
    assert!(changed > 0);
    assert!(text(&output).contains(&format!("\nUnder the shadow's policies {changed} lines ")), "{}", text(&output));
    assert!(read(place, "run/report.html").contains("<a href=\"shadow.html\">"));
    assert!(read(place, "run/shadow.html").contains("its shadow"));
    let manifest = json(place, "run/manifest.json");
    assert_eq!(manifest["shadow"][0]["origin"], "revised.toml");
    assert_eq!(manifest["policies"][0]["origin"], "embedded:02-20000-18");
}

#[test]
fn a_shadow_that_cannot_be_read_ends_the_run_before_it_begins() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::write(place.join("bad.toml"), EMBEDDED.replace("schema = 1", "schema = 99")).unwrap();
    for (shadow, words) in [("bad.toml", "bad.toml"), ("nothing", "no such file or folder")] {
        let output = run_in(place, &["run", SAMPLE, "--out", "run", "--shadow", shadow]);
        assert_eq!(status(&output), 2);
        assert!(complaint(&output).contains(words), "{}", complaint(&output));
        assert!(!place.join("run").exists());
    }
}
