//! `compare`: two finished runs against each other.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use super::{complaint, run_in, status, text};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/claims.csv");
const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,paid_amount\n";

fn run(place: &Path, out: &str, input: &str, options: &[&str]) {
    let output = run_in(place, &[&["run", input, "--out", out, "--quiet", "--no-sync"], options].concat());
    assert!(matches!(status(&output), 0 | 3), "{}", complaint(&output));
}

fn shown(place: &Path, arguments: &[&str]) -> String {
    let output = run_in(place, &[&["compare"], arguments].concat());
    assert_eq!((status(&output), complaint(&output)), (0, String::new()), "{arguments:?}");
    text(&output)
}

fn compared(place: &Path, a: &str, b: &str) -> Value {
    serde_json::from_str(&shown(place, &[a, b, "--json"])).unwrap()
}

/// Lines of a disposition in A and in B; blank: in the other run only.
fn lines(compared: &Value, a: &str, b: &str) -> u64 {
    let is = |side: &Value, name: &str| side.as_str().unwrap_or_default() == name;
    let cells = compared["by_disposition"].as_array().unwrap();
    cells.iter().find(|one| is(&one["a"], a) && is(&one["b"], b)).unwrap()["lines"].as_u64().unwrap()
}

fn changed(compared: &Value) -> u64 {
    compared["total"]["changed"].as_u64().unwrap()
}

/// The rows of a file of changes: claim, line, occurrence, and what became of it.
fn changes(place: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(place.join(name)).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|one| one == name).unwrap();
    let columns =
        ["claim_id", "line_number", "occurrence", "disposition_a", "rule_a", "disposition_b", "rule_b"].map(at);
    let row = |row: csv::StringRecord| columns.map(|column| row[column].to_owned()).join(" ");
    reader.records().map(|one| row(one.unwrap())).collect()
}

#[test]
fn a_run_is_what_it_is() {
    let place = tempfile::tempdir().unwrap();
    run(place.path(), "a", SAMPLE, &[]);
    run(place.path(), "b", SAMPLE, &["--threads", "1"]);
    let told = shown(place.path(), &["a", "b", "--fail-on-change", "--changes", "changes.csv"]);
    assert!(told.contains("\nBoth runs have the same program, policies, options, inputs and code table.\n"), "{told}");
    assert!(told.contains("\n65 lines in both runs: 0 with another disposition, 0 named by another rule alone\n"));
    assert!(told.contains("a difference of $0.00") && !told.contains("By rule"), "{told}");
    assert_eq!(changes(place.path(), "changes.csv"), [""; 0]);
}

#[test]
fn other_options_move_lines_and_their_dollars() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run(place, "a", SAMPLE, &[]);
    run(place, "b", SAMPLE, &["--unlisted-diagnosis", "pend"]);
    let found = compared(place, "a", "b");
    assert_eq!((lines(&found, "deny", "pend"), changed(&found)), (4, 4));
    assert_eq!(found["total"]["difference"], -13_850.0);
    assert_eq!(found["differences"][0]["name"], "unlisted_diagnosis");
    assert_eq!(found["matched_by"], "row");
    // Each run's exposure is that of its own summary.
    for (name, side) in [("a", "exposure_a"), ("b", "exposure_b")] {
        let summary = fs::read_to_string(place.join(name).join("summary.json")).unwrap();
        let summary: Value = serde_json::from_str(&summary).unwrap();
        assert_eq!(found["total"][side], summary["exposure"]);
        for group in ["by_rule", "by_procedure", "by_provider", "by_service_month"] {
            let sum: f64 = found[group].as_array().unwrap().iter().map(|one| one[side].as_f64().unwrap()).sum();
            assert!((sum - summary["exposure"].as_f64().unwrap()).abs() < 0.005, "{group}");
        }
    }
    let output = run_in(place, &["compare", "a", "b", "--fail-on-change", "--changes", "changes.csv"]);
    assert_eq!((status(&output), complaint(&output)), (1, String::new()));
    let expected = [
        "SYN0027 1  deny COV002 pend COV002",
        "SYN0029 1  deny COV002 pend COV002",
        "SYN0044 1  deny COV002 pend COV002",
        "SYN0044 2  deny LIN002 pend LIN005",
    ];
    assert_eq!(changes(place, "changes.csv"), expected);
    let mode = fs::metadata(place.join("changes.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn another_policy_date_names_versions() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run(place, "a", SAMPLE, &[]);
    run(place, "b", SAMPLE, &["--policy-date", "2026-02-15"]);
    let told = shown(place, &["a", "b", "--changes", "changes.csv"]);
    assert!(
        told.contains("\n  option policy_date                        -                        2026-02-15\n"),
        "{told}"
    );
    assert!(told.contains("\n  deny COV002 -> pend COV003             1          $3,925.00"), "{told}");
    assert!(told.contains("\n  pend POL001 -> allow                   1"), "{told}");
    let file = fs::read_to_string(place.join("changes.csv")).unwrap();
    assert!(file.contains(",2018-10-01,2026-02-15\n"), "{file}");
}

#[test]
fn the_format_and_the_selection_make_no_difference() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run(place, "csv", SAMPLE, &["--spreadsheet-safe"]);
    run(place, "parquet", SAMPLE, &["--format", "parquet"]);
    run(place, "flagged", SAMPLE, &["--format", "parquet", "--select", "flagged"]);
    run(place, "pend", SAMPLE, &["--unlisted-diagnosis", "pend", "--select", "flagged"]);
    let found = compared(place, "csv", "parquet");
    assert_eq!((changed(&found), &found["rule_changed"], &found["total"]["in_both"]), (0, &0.into(), &65.into()));
    assert_eq!(found["notes"], serde_json::json!([]));
    for (a, b) in [("csv", "flagged"), ("flagged", "csv")] {
        let found = compared(place, a, b);
        assert_eq!((changed(&found), lines(&found, "allow", "allow")), (0, 29));
        assert!(
            found["notes"][0].as_str().unwrap().contains("29 lines of the other run that they lack count as allowed")
        );
    }
    let found = compared(place, "flagged", "pend");
    assert_eq!((changed(&found), lines(&found, "allow", "allow"), lines(&found, "deny", "pend")), (4, 0, 4));
    assert!(found["notes"][0].as_str().unwrap().starts_with("Lines that both runs allowed are in neither"));
    // Dollars and units are written alike, whatever they were read from.
    shown(place, &["csv", "pend", "--changes", "one.csv"]);
    shown(place, &["parquet", "pend", "--changes", "other.csv"]);
    let [one, other] = ["one.csv", "other.csv"].map(|name| fs::read_to_string(place.join(name)).unwrap());
    assert_eq!(one, other);
}

#[test]
fn other_inputs_are_matched_by_claim_line_and_occurrence() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let before = "GONE,1,2026-03-01,22513,M54.50,P1,100.10\n\
        TWICE,1,2026-03-01,22513,M80.08XA,P1,1.00\n\
        TWICE,1,2026-04-01,22513,M54.50,P1,2.00\n\
        SAME,1,2026-03-01,22514,M54.50,P2,5.00\n";
    let after = "SAME,1,2026-03-01,22514,M54.50,P2,4.00\n\
        NEW,1,2026-03-01,22513,M54.50,P3,\n\
        TWICE,1,2026-03-01,22513,M80.08XA,P1,1.00\n\
        TWICE,1,2026-04-01,22513,M80.08XA,P1,2.00\n\
        TWICE,1,2026-05-01,22513,M80.08XA,P1,3.00\n\
        SAME,1,2026-06-01,22514,M54.50,P2,9.00\n";
    fs::write(place.join("before.csv"), format!("{HEADER}{before}")).unwrap();
    fs::write(place.join("after.csv"), format!("{HEADER}{after}")).unwrap();
    for format in ["csv", "parquet"] {
        run(place, "a", "before.csv", &["--overwrite", "--format", format]);
        run(place, "b", "after.csv", &["--overwrite"]);
        let found = compared(place, "a", "b");
        assert_eq!(found["matched_by"], "claim");
        let total = &found["total"];
        assert_eq!((&total["in_both"], &total["only_in_a"], &total["only_in_b"]), (&3.into(), &1.into(), &3.into()));
        assert_eq!((lines(&found, "deny", "allow"), lines(&found, "deny", "deny"), changed(&found)), (1, 1, 1));
        assert_eq!((lines(&found, "deny", ""), lines(&found, "", "deny"), lines(&found, "", "allow")), (1, 2, 1));
        // 100.10 + 2 + 5 before; 4 + 9 after, and what NEW was paid is unknown.
        assert_eq!((&total["exposure_a"], &total["exposure_b"]), (&107.1.into(), &13.0.into()));
        assert_eq!(changed(&compared(place, "b", "a")), 1);

        let told = shown(place, &["a", "b", "--changes", "changes.csv", "--overwrite"]);
        assert_eq!(changes(place, "changes.csv"), ["TWICE 1 2 deny COV002 allow "]);
        assert!(told.contains("\n1 line in A and not in B: $100.10 paid\n"), "{told}");
        assert!(told.contains("\n3 lines in B and not in A: $12.00 paid\n"), "{told}");
        assert!(told.contains("matched by claim id, line number and occurrence"), "{told}");
        assert!(told.contains("The paid amount of 1 line with another disposition, or in one run only, is unknown"));
        assert!(told.contains("\npaid as in A "), "{told}");
    }
}

#[test]
fn what_claims_say_cannot_act() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let claims = format!(
        "{HEADER}=HYPERLINK(1),1,2026-03-01,22513,M54.50,\u{1b}[31m=P,1.00\n\
         \"a,\"\"b\"\"\nc\",1,2026-03-01,22513,M54.50,\"P1\n9 lines in both runs\",1.00\n"
    );
    fs::write(place.join("=x.csv"), claims).unwrap();
    run(place, "a", "=x.csv", &["--spreadsheet-safe"]);
    run(place, "b", "=x.csv", &["--unlisted-diagnosis", "pend", "--format", "parquet"]);
    let told = shown(place, &["a", "b", "--changes", "plain.csv"]);
    assert!(!told.contains('\u{1b}') && told.contains("\\u{1b}[31m=P"), "{told}");
    assert!(!told.contains("\n9 lines"), "{told}");
    assert!(!shown(place, &["a", "b", "--json"]).contains('\u{1b}'));
    let expected = ["=HYPERLINK(1) 1  deny COV002 pend COV002", "a,\"b\"\nc 1  deny COV002 pend COV002"];
    assert_eq!(changes(place, "plain.csv"), expected);
    shown(place, &["a", "b", "--changes", "safe.csv", "--spreadsheet-safe"]);
    let safe = fs::read_to_string(place.join("safe.csv")).unwrap();
    assert!(safe.contains("\n'=x.csv,1,'=x.csv,1,'=HYPERLINK(1),1,"), "{safe}");
}

#[test]
fn what_cannot_be_compared_is_refused_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run(place, "a", SAMPLE, &[]);
    run(place, "b", SAMPLE, &["--format", "parquet"]);
    fs::write(place.join("there.csv"), "mine").unwrap();
    let refused = |arguments: &[&str], words: &str| {
        let output = run_in(place, &[&["compare"], arguments].concat());
        assert_eq!((status(&output), text(&output)), (2, String::new()), "{arguments:?}");
        assert!(complaint(&output).contains(words), "{arguments:?}: {}", complaint(&output));
    };
    refused(&["a", "b", "--changes", "there.csv"], "there.csv exists; name another, or replace it with --overwrite");
    assert_eq!(fs::read_to_string(place.join("there.csv")).unwrap(), "mine");
    refused(&["a", "none"], "manifest.json");
    refused(&["a", "b", "--changes", "no/where.csv"], "where.csv");
    refused(&["a", "b", "--overwrite"], "--changes");
    let decisions = fs::read_to_string(place.join("a/decisions.csv")).unwrap();
    fs::write(place.join("a/decisions.csv"), decisions.replacen(",deny,", ",allow,", 1)).unwrap();
    refused(&["a", "b", "--changes", "new.csv"], "has been changed since the run");
    fs::write(place.join("a/decisions.csv"), &decisions).unwrap();
    let parquet = fs::read(place.join("b/decisions.parquet")).unwrap();
    fs::write(place.join("b/decisions.parquet"), &parquet[..parquet.len() / 2]).unwrap();
    refused(&["b", "a"], "has been changed since the run");
    let left: Vec<_> = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
    fs::write(place.join("b/decisions.parquet"), &parquet).unwrap();
    shown(place, &["a", "b", "--changes", "there.csv", "--overwrite"]);
    assert!(fs::read_to_string(place.join("there.csv")).unwrap().starts_with("source_file_a,"));
}
