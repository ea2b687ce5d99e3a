//! `verify` over run folders of every kind, as they are and changed: a byte or a row, by
//! somebody who leaves the digests alone and by somebody who does not.

use std::fs;
use std::path::Path;

use adjudicate::digest::DigestKind;
use serde_json::Value;

use super::{complaint, run_in, status, text};

const EMBEDDED: &str = include_str!("../../policies/02-20000-18.toml");
const OVERRIDES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/overrides.toml");

/// An extract with versions of claims, denials of the payer's own and rejects.
pub(super) fn extract(place: &Path) {
    let made = ["generate", "--history", "--lines", "1500", "--in-scope", "0.6", "--seed", "11", "--out", "extract"];
    assert_eq!(status(&run_in(place, &made)), 0);
    let month = fs::read_dir(place.join("extract")).unwrap().map(|entry| entry.unwrap().path()).min().unwrap();
    let mut text = fs::read_to_string(&month).unwrap();
    let row = text.lines().nth(1).unwrap().to_owned();
    text = [&text, &row, ",too,many\n"].concat();
    fs::write(month, text).unwrap();
    let draft = EMBEDDED.replace("    { codes = \"C79.51 – C79.52\", etiology = \"neoplastic\" },\n", "");
    fs::write(place.join("draft.toml"), draft).unwrap();
}

pub(super) fn run(place: &Path, options: &[&str]) {
    let fixed = ["run", "extract", "--out", "audit", "--overwrite", "--quiet", "--no-sync"];
    let output = run_in(place, &[&fixed, options].concat());
    assert_eq!(status(&output), 3, "{options:?}: {}", complaint(&output));
}

pub(super) fn verdict(place: &Path) -> Value {
    let output = run_in(place, &["verify", "audit", "--json"]);
    assert_eq!(complaint(&output), "");
    let verdict: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(status(&output) == 0, verdict["sound"] == true, "{verdict}");
    verdict
}

/// What differs, all of it as one text.
pub(super) fn differences(place: &Path) -> String {
    let found = verdict(place);
    let all = found["differences"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
    all.collect::<Vec<_>>().join("\n")
}

/// Makes the manifest record a file as it is now.
pub(super) fn record(place: &Path, name: &str) {
    let folder = place.join("audit");
    let bytes = fs::read(folder.join(name)).unwrap();
    let path = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    for file in manifest["files"].as_array_mut().unwrap() {
        if file["name"] == name {
            file["digest"] = DigestKind::Blake3.of(&bytes).into();
            file["bytes"] = bytes.len().into();
        }
    }
    fs::write(path, serde_json::to_string_pretty(&manifest).unwrap() + "\n").unwrap();
}

/// Changes a file, finds it by its digest and then without, and puts all back.
fn found(place: &Path, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>, words: &[&str]) {
    let (path, manifest) = (place.join("audit").join(name), place.join("audit/manifest.json"));
    let before = [fs::read(&path).unwrap(), fs::read(&manifest).unwrap()];
    let after = change(before[0].clone());
    assert_ne!(after, before[0], "{name}: nothing was changed");
    fs::write(&path, after).unwrap();
    if name != "manifest.json" {
        let told = differences(place);
        assert!(told.contains(&format!("{name} has")), "{name}: {told}");
        record(place, name);
    }
    let told = differences(place);
    assert!(!told.contains("its digest"), "{name}: {told}");
    for word in words {
        assert!(told.contains(word), "{name} lacks {word:?}: {told}");
    }
    fs::write(&path, &before[0]).unwrap();
    fs::write(&manifest, &before[1]).unwrap();
}

/// The same with a change of text.
pub(super) fn found_text(place: &Path, name: &str, change: impl FnOnce(&str) -> String, words: &[&str]) {
    found(place, name, |bytes| change(std::str::from_utf8(&bytes).unwrap()).into_bytes(), words);
}

/// Without the last row.
pub(super) fn shorter(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[..lines.len() - 1].join("\n") + "\n"
}

/// With a change of the first row of which it makes something else.
pub(super) fn first_row(text: &str, from: &str, to: &str) -> String {
    let mut changed = false;
    let row = |line: &str| {
        let other = if changed { line.to_owned() } else { line.replacen(from, to, 1) };
        changed |= other != line;
        other + "\n"
    };
    text.lines().map(row).collect()
}

/// JSON with a figure changed.
pub(super) fn figure(text: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    change(&mut value);
    serde_json::to_string_pretty(&value).unwrap() + "\n"
}

pub(super) fn raise(figure: &mut Value) {
    *figure = (figure.as_u64().unwrap() + 1).into();
}

pub(super) const EVERYTHING: [&str; 9] = [
    "--overrides",
    OVERRIDES,
    "--as-of",
    "2026-06-30",
    "--look-back",
    "12",
    "--shadow",
    "draft.toml",
    "--keep-history",
];

#[test]
fn whatever_a_run_writes_is_as_recorded() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    extract(place);
    for options in [
        &[][..],
        &["--xlsx"],
        &["--as-received", "--spreadsheet-safe", "--format", "csv"],
        &["--format", "parquet", "--digest", "sha256", "--sample", "5", "--clinical", "deny"],
        &["--require-clinical", "--unlisted-diagnosis", "pend", "--strict-programs"],
    ] {
        for more in [&[][..], &EVERYTHING] {
            for select in ["in-scope", "flagged"] {
                run(place, &[options, more, &["--select", select]].concat());
                let verdict = verdict(place);
                assert_eq!(verdict["differences"], serde_json::json!([]), "{options:?} {select}: {verdict}");
                assert_eq!(verdict["notes"], serde_json::json!([]));
                for counted in ["decisions", "rejects", "sample"] {
                    assert!(verdict[counted].as_u64().unwrap() > 0, "{counted}: {verdict}");
                }
                let superseded = verdict["superseded"].as_u64().unwrap();
                assert_eq!(superseded > 0, !options.contains(&"--as-received"), "{verdict}");
            }
        }
    }
}

#[test]
fn a_byte_or_a_row_of_any_file_is_found() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    extract(place);
    run(place, &[&EVERYTHING[..], &["--xlsx"]].concat());
    assert_eq!(differences(place), "");

    let decisions = "decisions.csv";
    found_text(place, decisions, shorter, &["by_disposition, ", "total, lines: ", "decided by file, "]);
    found_text(
        place,
        decisions,
        |text| first_row(text, ",deny,", ",pend,"),
        &["by_disposition, deny, lines: ", "exposure"],
    );
    found_text(place, decisions, |text| first_row(text, "COV002", "COV003"), &["by_rule, COV002, lines: "]);
    found_text(place, decisions, |text| first_row(text, ",22513,", ",22514,"), &["by_procedure, 22513, lines: "]);
    let raised = |text: &str| first_row(text, ".00,", ".01,");
    found_text(place, decisions, raised, &["total, ", "decided by file, "]);
    found_text(place, decisions, |text| first_row(text, ",commercial,", ",medicare,"), &["by_program, commercial, "]);
    found_text(place, decisions, |text| text.replacen("disposition", "dispositiom", 1), &["decisions.csv"]);

    found_text(place, "rejects.csv", shorter, &["rejects, ", "rejected by file, "]);
    found_text(place, "superseded.csv", shorter, &["final_action, ", "superseded by file, "]);
    found_text(place, "superseded.csv", raised, &["final_action, "]);
    found_text(place, "sample.csv", shorter, &["sample, lines: ", "sampled: "]);
    found_text(
        place,
        "sample.csv",
        |text| first_row(text, ",deny,", ",pend,"),
        &["sample.csv, row ", "disposition not as"],
    );
    found_text(place, "sample.csv", |text| first_row(text, ",1,", ",2,"), &["sample.csv, row "]);
    found_text(place, "shadow-changes.csv", shorter, &["changes by_", " by shadow-changes.csv"]);
    found_text(
        place,
        "shadow.json",
        |text| figure(text, |shadow| raise(&mut shadow["total"]["changed"])),
        &["shadow, changed: "],
    );
    let transition = |shadow: &mut Value| raise(&mut shadow["by_disposition"][0]["lines"]);
    found_text(place, "shadow.json", |text| figure(text, transition), &["lines by disposition, "]);
    found_text(place, "report.html", |text| text.replacen("<h2", "<h2 ", 1), &["report.html is not the report"]);
    for name in ["report.xlsx", "history.bin"] {
        let cut = |mut bytes: Vec<u8>| {
            bytes.truncate(bytes.len() - 1);
            bytes
        };
        found(place, name, cut, &[name]);
    }
    let refer = |mut bytes: Vec<u8>| {
        // The disposition of the last line, the last but two of its bytes.
        let at = bytes.len() - 3;
        bytes[at] = (bytes[at] + 1) % 4;
        bytes
    };
    found(place, "history.bin", refer, &["lines by disposition, "]);

    let manifest = |change: fn(&mut Value)| move |text: &str| figure(text, change);
    found_text(
        place,
        "manifest.json",
        manifest(|it| raise(&mut it["counts"]["rows"])),
        &["do not add up", "rows, rows: "],
    );
    found_text(place, "manifest.json", manifest(|it| raise(&mut it["inputs"][0]["counts"]["decided"])), &["inputs, "]);
    found_text(place, "manifest.json", manifest(|it| it["icd10cm"] = "another".into()), &["run, icd10cm: "]);
    found_text(
        place,
        "manifest.json",
        manifest(|it| it["options"]["clinical"] = "deny".into()),
        &["options, clinical_denies: "],
    );
}

/// The places of all that is no list and no object.
pub(super) fn leaves(value: &Value, at: &str, all: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| leaves(item, &format!("{at}/{n}"), all)),
        Value::Object(items) => items.iter().for_each(|(name, item)| leaves(item, &format!("{at}/{name}"), all)),
        Value::Null => {}
        _ => all.push(at.to_owned()),
    }
}

#[test]
fn flagged_decisions_without_a_row_are_as_recorded() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let header = "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n";
    fs::write(place.join("allowed.csv"), [header, "SYN1,1,2026-03-02,22513,M80.08XA\n"].concat()).unwrap();
    let output =
        run_in(place, &["run", "allowed.csv", "--out", "audit", "--quiet", "--no-sync", "--select", "flagged"]);
    assert_eq!(status(&output), 0, "{}", complaint(&output));
    assert_eq!(differences(place), "");
}

#[test]
fn of_flagged_lines_what_can_be_told_is_told() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    extract(place);
    run(place, &["--select", "flagged", "--format", "parquet"]);
    assert_eq!(differences(place), "");
    run(place, &["--select", "flagged"]);
    found_text(place, "decisions.csv", shorter, &["by_disposition, allow, lines: ", "by_rule, ", "by_service_month, "]);
    found_text(place, "decisions.csv", |text| first_row(text, ".00,", ".01,"), &["by_rule, "]);
}
