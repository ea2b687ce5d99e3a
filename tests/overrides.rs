//! A payer's overrides in a run: what they change in its decisions, and that the same
//! comes out whatever the threads, the batches and what waits in a file.

mod common;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adjudicate::claim::Day;
use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::overrides::{OverrideFormat, Overrides};

const CLAIMS: &str = "claim_id,line_number,member_id,provider_npi,service_date,procedure_code,diagnosis_codes\n\
    C1,1,EXEMPT-77,1,2026-03-01,22513,M54.50\n\
    C1,2,EXEMPT-77,1,2026-03-01,22515,M80.08XA\n\
    C2,1,OTHER-1,1,2026-03-01,22513,M54.50\n\
    C3,1,OTHER-2,2,2026-03-01,22513,M54.50\n";

const OVERRIDES: &str = "id,owner,reason,expires,rules,member_id,claim_id,provider_npi\n\
    EX-1,Pharmacy,exemption,2026-12-31,COV002,EXEMPT-77,,\n\
    PR-1,Network,carve-out,2026-12-31,COV002;LIN002,,,1\n\
    OLD,Appeals,upheld,2026-01-31,COV002,,C3,\n";

fn judging() -> Arc<Adjudicator> {
    // Numbers are given as lines are met, so every run has overrides of its own.
    let as_of = Day::parse_iso("2026-06-30").unwrap();
    let overrides = Overrides::parse("overrides.csv", OVERRIDES, OverrideFormat::Csv, as_of).unwrap();
    Arc::new(Adjudicator::new(common::index(), DecisionOptions::default()).with_overrides(Arc::new(overrides)))
}

#[test]
fn a_waived_finding_stays_and_its_override_is_named() {
    let ran = common::run_text_under(&judging(), CLAIMS);
    let told: Vec<_> = ran
        .decisions()
        .iter()
        .map(|row| ["claim_id", "disposition", "rule", "rules", "override"].map(|column| row[column].clone()).join(" "))
        .collect();
    // The add-on follows its primary, which the first override of the file allows.
    assert_eq!(told, ["C1 allow  COV002 EX-1", "C1 allow   ", "C2 allow  COV002 PR-1", "C3 deny COV002 COV002 "]);
}

#[test]
fn the_bytes_do_not_depend_on_threads_batches_and_memory() {
    let header = CLAIMS.lines().next().unwrap();
    let rows = (0..2000).map(|number| {
        let member = if number % 3 == 0 { "EXEMPT-77" } else { "OTHER-1" };
        format!("\nK{number},1,{member},{},2026-03-{:02},22513,M54.50", number % 2, number % 28 + 1)
    });
    let place = common::Workplace::new();
    let input = place.write("claims.csv", header.to_owned() + &rows.collect::<String>());
    let run = |threads, batch_bytes, memory_bytes| {
        let mut settings = common::settings(&[&input]);
        (settings.threads, settings.batch_bytes, settings.memory_bytes) = (threads, batch_bytes, memory_bytes);
        let ran = common::run_here(&settings, &judging()).unwrap();
        (ran.decisions(), ran.summary_json())
    };
    let usual = run(1, 1 << 19, 640 << 20);
    assert!(usual.0.iter().any(|row| row["override"] == "EX-1") && usual.0.iter().any(|row| row["override"] == "PR-1"));
    for (threads, batch_bytes, memory_bytes) in [(4, 1 << 19, 640 << 20), (4, 700, 640 << 20), (3, 700, 160_000)] {
        assert_eq!(run(threads, batch_bytes, memory_bytes), usual, "{threads} {batch_bytes} {memory_bytes}");
    }
}

const PAID: &str = "claim_id,line_number,member_id,provider_npi,service_date,procedure_code,diagnosis_codes,paid_amount\n\
    C1,1,EXEMPT-77,1,2026-03-01,22513,M54.50,100\n\
    C2,1,OTHER-1,1,2026-03-01,22513,M54.50,20\n\
    C3,1,OTHER-2,2,2026-03-01,22513,M54.50,3\n\
    C4,1,OTHER-2,1,2026-03-01,22513,M80.08XA,5000\n";

/// A run of the command line over claims of four providers' lines, and its folder.
fn ran_with(more: &[&str]) -> (common::Workplace, common::Told) {
    let place = common::Workplace::new();
    place.write("claims.csv", PAID);
    place.write("overrides.csv", OVERRIDES.to_owned() + "NONE,Network,nobody,2026-12-31,all,,,9\n");
    let told = common::told(place.run().arg("claims.csv").args(more));
    (place, told)
}

const WITH: [&str; 5] = ["--overrides", "overrides.csv", "--as-of", "2026-06-30", "--xlsx"];

#[test]
fn the_summary_says_what_each_override_came_to() {
    let (place, told) = ran_with(&WITH);
    assert_eq!(told.status, 0, "{told:?}");
    let summary: serde_json::Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    let all = &summary["overrides"];
    assert_eq!((&all["as_of"], &all["changed"]), (&"2026-06-30".into(), &2.into()));
    // Of 123 dollars that were exposed, those of the line whose override expired are left.
    assert_eq!((&all["left_exposure"], &summary["exposure"]), (&120.0.into(), &3.0.into()));
    let each: Vec<String> = all["overrides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            ["id", "state", "matched", "waived", "changed", "left_exposure"].map(|key| one[key].to_string()).join(" ")
        })
        .collect();
    assert_eq!(
        each,
        [
            "\"EX-1\" \"used\" 1 1 1 100.0",
            "\"PR-1\" \"used\" 3 1 1 20.0",
            "\"OLD\" \"expired\" 1 1 0 0.0",
            "\"NONE\" \"unused\" 0 0 0 0.0"
        ]
    );
    let overlap = serde_json::json!([{"first": "EX-1", "second": "PR-1", "rules": ["COV002"], "lines": 1}]);
    assert_eq!(all["overlaps"], overlap);
    for words in ["2 used, 1 unused, 1 expired", "changed 2 lines", "OLD expired on 2026-01-31", "1 pair with"] {
        assert!(told.stdout.contains(words), "{words}: {}", told.stdout);
    }
    let page = place.read("report.html");
    assert!(page.contains("id=\"overrides\"") && page.contains("PR-1") && page.contains("carve-out"));
    let again = common::told(common::program().arg("verify").arg(place.out()));
    assert_eq!(again.status, 0, "{again:?}");
}

#[test]
fn without_a_file_nothing_is_said_of_overrides() {
    let (place, told) = ran_with(&[]);
    assert_eq!(told.status, 0, "{told:?}");
    let summary: serde_json::Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    assert!(summary["overrides"].is_null() && !place.read("report.html").contains("id=\"overrides\""));
    assert_eq!(summary["exposure"], 123.0);
    assert!(!told.stdout.contains("verride"), "{}", told.stdout);
}

#[test]
fn overrides_need_their_day_and_a_format() {
    let (place, told) = ran_with(&["--overrides", "overrides.csv"]);
    assert!(told.status == 2 && told.stderr.contains("--as-of"), "{told:?}");
    place.write("overrides.txt", OVERRIDES);
    let told = common::told(place.run().args(["claims.csv", "--overrides", "overrides.txt", "--as-of", "2026-06-30"]));
    assert!(told.status == 2 && told.stderr.contains(".toml or .csv"), "{told:?}");
    assert!(place.left().is_empty());
}

#[test]
fn the_member_of_an_override_is_in_no_file_of_the_run() {
    let (place, told) = ran_with(&WITH);
    let found = |bytes: &[u8]| bytes.windows(9).any(|part| part == b"EXEMPT-77");
    assert!(found(&fs::read(place.inputs().join("overrides.csv")).unwrap()));
    assert!(!found(told.stdout.as_bytes()) && !found(told.stderr.as_bytes()));
    let files: Vec<_> = fs::read_dir(place.out()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 5);
    for file in files {
        assert!(!found(&fs::read(&file).unwrap()), "{}", file.display());
    }
}

#[test]
fn a_comparison_tells_the_file_and_the_environment_may_name_it() {
    let (place, told) = ran_with(&[]);
    assert_eq!(told.status, 0, "{told:?}");
    let other = place.outputs().join("other");
    let mut command = common::program();
    command.current_dir(place.inputs()).args(["run", "claims.csv", "--no-sync", "--quiet", "--out"]).arg(&other);
    let told = common::told(command.env("ADJUDICATE_OVERRIDES", "overrides.csv").env("ADJUDICATE_AS_OF", "2026-06-30"));
    assert_eq!(told.status, 0, "{told:?}");
    let told = common::told(common::program().args(["compare", "--json"]).arg(place.out()).arg(&other));
    let compared: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let named = compared["differences"].to_string();
    let text = fs::read(place.inputs().join("overrides.csv")).unwrap();
    let digest = adjudicate::digest::DigestKind::Blake3.of(&text);
    assert!(named.contains(&format!("overrides.csv, {digest}")), "{compared:#}");
}

fn explained(folder: &Path, inputs: &Path, claim: &str) -> serde_json::Value {
    let told = common::told(common::program().current_dir(inputs).arg("explain").arg(folder).args([claim, "--json"]));
    assert_eq!(told.status, 0, "{told:?}");
    serde_json::from_str(&told.stdout).unwrap()
}

#[test]
fn explain_decides_under_the_overrides_of_the_run_or_not_at_all() {
    let (place, _) = ran_with(&WITH);
    let told = explained(&place.out(), &place.inputs(), "C1");
    let line = &told["lines"][0];
    assert_eq!((&line["as_recorded"], &line["override"]), (&true.into(), &"EX-1".into()));
    assert_eq!((&line["disposition"], &line["findings"][0]["weight"]), (&"allow".into(), &"advice".into()));
    // With another file it cannot be decided as the run did.
    place.write("overrides.csv", OVERRIDES.replace("COV002", "COV001"));
    let told = explained(&place.out(), &place.inputs(), "C1");
    let line = &told["lines"][0];
    assert!(line["as_recorded"].is_null() && line["differences"].as_array().unwrap().is_empty());
    assert!(told["notes"].to_string().contains("overrides of the run can no longer be read"), "{told:#}");
}

#[test]
fn the_examples_are_read_and_are_the_same_in_both_formats() {
    let read = |name: &str, format| {
        let text = fs::read_to_string(common::repository("sample_data").join(name)).unwrap();
        Overrides::parse(name, &text, format, Day::parse_iso("2026-06-30").unwrap()).unwrap()
    };
    let (toml, csv) = (read("overrides.toml", OverrideFormat::Toml), read("overrides.csv", OverrideFormat::Csv));
    assert_eq!(toml.entries(), csv.entries());
    assert_eq!(toml.entries().len(), 3);
}
