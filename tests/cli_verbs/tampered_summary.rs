//! `verify` and a summary that was changed, with its digest made to match: every figure that
//! the folder's other files tell is found, and what is left to the digest is known by name.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::tampered::{differences, figure, first_row, found_text, leaves, raise};
use super::tampered_run::{HEADER, run, run_of_everything, summary, write};

/// Figures that need the inputs, or other files beside the folder. The list of
/// `docs/reliability.md`.
const OF_THE_INPUTS: [&str; 23] = [
    "/by_rule/*/sections/*",
    "/final_action/forked",
    "/final_action/cycles",
    "/final_action/voids_without_original",
    "/final_action/replacements_without_original",
    "/final_action/reversals_without_line",
    "/unknown_status/",
    "/allowed/*/lines",
    "/allowed/*/allowed",
    "/recovery/counted_from_service/",
    "/overrides/overrides/*/owner",
    "/overrides/overrides/*/reason",
    "/overrides/overrides/*/rules/*",
    "/overrides/overrides/*/expires",
    "/overrides/overrides/*/matched",
    // The one that is expired took no weight, so no row names it.
    "/overrides/overrides/2/id",
    "/overrides/overrides/2/waived",
    "/overrides/overlaps/*/",
    "/history/lines_",
    "/not_given/line_of_business/",
    "/not_given/units/",
    "/not_given/diagnosis_pointers/",
    "/sample/most",
];

#[test]
fn every_figure_of_a_summary_is_found_changed_or_needs_the_inputs() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    assert_eq!(differences(place), "");
    let summary = summary(place);
    for (part, at_least) in [
        ("/peers/farthest", 1),
        ("/warnings", 5),
        ("/diagnoses", 1),
        ("/overrides/overlaps", 1),
        ("/rejects", 2),
        ("/recovery/by_rule", 1),
        ("/policies", 1),
        ("/allowed", 2),
    ] {
        let there = summary.pointer(part).and_then(Value::as_array).map_or(0, Vec::len);
        assert!(there >= at_least, "{part}: {there}");
    }
    for part in ["/before_table", "/after_table", "/unknown_status/lines", "/overrides/changed", "/history/lines_used"]
    {
        assert!(summary.pointer(part).and_then(Value::as_u64) > Some(0), "{part}");
    }

    let mut places = Vec::new();
    leaves(&summary, "", &mut places);
    let mut kinds = BTreeMap::<String, Vec<String>>::new();
    for at in places {
        let parts = at
            .split('/')
            .map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty() { "*" } else { part });
        kinds.entry(parts.collect::<Vec<_>>().join("/")).or_default().push(at);
    }
    assert!(kinds.len() > 250, "{}", kinds.len());
    let mut unfound = Vec::new();
    for (kind, places) in &kinds {
        if OF_THE_INPUTS.iter().any(|one| kind == one || (one.ends_with(['/', '_']) && kind.starts_with(one))) {
            continue;
        }
        // The first of its kind; of lists, the last too.
        let last = if kind.matches('*').count() == 1 { &places[places.len() - 1..] } else { &[] };
        for at in [&places[..1], last].concat() {
            if OF_THE_INPUTS.contains(&at.as_str()) {
                continue;
            }
            let mut other = summary.clone();
            let figure = other.pointer_mut(&at).unwrap();
            *figure = match figure {
                Value::Number(number) if number.is_u64() => (number.as_u64().unwrap() + 1).into(),
                Value::Number(number) => (number.as_f64().unwrap() + 0.01).into(),
                Value::String(text) => format!("{text}x").into(),
                Value::Bool(so) => (!*so).into(),
                _ => continue,
            };
            write(place, &other);
            let told = differences(place);
            if !told.contains("summary.json") || told.contains("its digest") || told.contains("report.html is not") {
                unfound.push(format!("{at}: {told}"));
            }
        }
    }
    assert!(unfound.is_empty(), "{}", unfound.join("\n"));
}

/// What somebody changes in a file of JSON.
type Change = fn(&mut Value);

#[test]
fn what_a_summary_leaves_out_or_adds_is_found() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    let whole = summary(place);
    let changes: [(Change, &str); 14] = [
        (|it| it["warnings"] = json!([]), "warnings, "),
        (|it| it["recovery"] = Value::Null, "options, look_back: "),
        (|it| it["overrides"] = Value::Null, "options, overrides: "),
        (|it| it["history"] = Value::Null, "options, history runs: "),
        (|it| it["diagnoses"] = json!([]), "diagnoses, 1, "),
        (|it| it["peers"]["farthest"] = json!([]), "peers, farthest, 1, "),
        (|it| it["policies"] = json!([]), "policies: not those of by_version"),
        (|it| it["by_provider"][0]["denied"] = Value::Null, "by_provider against peers, 1, denied, "),
        (|it| it["unknown_status"]["lines"] = 1_000_000.into(), "unknown_status, lines: "),
        (|it| it["allowed"][0]["lines"] = 1_000_000.into(), "allowed, allow, lines: "),
        (|it| it["recovery"]["counted_from_service"]["lines"] = 1_000_000.into(), "recovery, counted_from_service"),
        (|it| it["overrides"]["overrides"][0]["matched"] = 0.into(), "overrides, APPEALS-1, waived: "),
        (
            |it| it["overrides"]["overlaps"][0]["lines"] = 1_000_000.into(),
            "overrides, APPEALS-1 and APPEALS-2, lines: ",
        ),
        (|it| it["history"]["lines_used"] = 1_000_000.into(), "history, lines_used: "),
    ];
    for (change, words) in changes {
        let mut other = whole.clone();
        change(&mut other);
        write(place, &other);
        let told = differences(place);
        assert!(told.contains(words), "no {words:?}: {told}");
    }
}

#[test]
fn what_the_manifest_says_of_options_is_held_to_the_summary() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    let changes: [(Change, &str); 6] = [
        (|it| it["options"]["policy_date"] = "2026-01-01".into(), "options, policy_date: "),
        (|it| it["options"]["require_clinical"] = true.into(), "options, require_clinical: "),
        (|it| it["options"]["look_back"] = 13.into(), "options, look_back: "),
        (|it| it["options"]["as_of"] = "2026-07-01".into(), "options, overrides as_of: "),
        (|it| it["history"] = json!([]), "options, history runs: "),
        (|it| it["options"]["unlisted_diagnosis"] = "pend".into(), "rules, COV002, weight: "),
    ];
    for (change, words) in changes {
        found_text(place, "manifest.json", |text| figure(text, change), &[words]);
    }
}

#[test]
fn a_decision_that_another_figure_follows_is_found() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    let decisions = "decisions.csv";
    found_text(place, decisions, |text| first_row(text, ",APPEALS-1,", ",,"), &["overrides, APPEALS-1, changed: "]);
    found_text(place, decisions, |text| first_row(text, ",M54.50,", ",M54.59,"), &["diagnoses, "]);
    found_text(place, decisions, |text| first_row(text, ",COV002,", ",COV999,"), &["a rule is none of the catalogue"]);
    // A line of the sample for another one that the same rule names.
    let decided = fs::read_to_string(place.join("audit/decisions.csv")).unwrap();
    let drawn = fs::read_to_string(place.join("audit/sample.csv")).unwrap();
    let named = |row: &&str| row.contains(",deny,COV002,");
    let mut other = decided.lines().filter(named).filter(|row| !drawn.contains(&format!(",{row}")));
    let other = other.next().unwrap().to_owned();
    let swapped = |text: &str| {
        let row = text.lines().find(named).unwrap();
        let keys: Vec<_> = row.split(',').take(3).collect();
        text.replacen(row, &format!("{},{other}", keys.join(",")), 1)
    };
    found_text(place, "sample.csv", swapped, &["not the line that chance draws"]);
    let most = |text: &str| figure(text, |it| it["sample"]["most"] = 20.into());
    found_text(place, "summary.json", most, &["by what summary.json says of the drawing"]);
    found_text(place, "summary.json", |text| figure(text, |it| raise(&mut it["sample"]["seed"])), &["chance draws"]);
}

#[test]
fn a_sound_folder_of_any_options_is_sound() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    let with = ["--overrides", "overrides.toml", "--as-of", "2026-06-30", "--look-back", "12", "--sample", "30"];
    for options in [
        &["--select", "flagged", "--history", "earlier"][..],
        &["--as-received", "--history", "earlier", "--format", "parquet"],
        &["--policy-date", "2019-03-01", "--clinical", "deny", "--spreadsheet-safe"],
        &["--policy-date", "2001-03-01"],
        &["--policy", "draft.toml", "--unlisted-diagnosis", "pend", "--strict-programs", "--select", "flagged"],
        &["--shadow", "draft.toml", "--require-clinical", "--max-rejects", "0.5%", "--sample-seed", "7"],
    ] {
        for more in [&[][..], &with] {
            run(place, &[options, more].concat());
            assert_eq!(differences(place), "", "{options:?} {more:?}");
        }
    }
    // Nothing to decide, nothing in scope, nothing at all.
    for rows in ["", "SYN1,1,2026-03-02,99213,M80.08XA,,1,,,,,\n"] {
        fs::remove_dir_all(place.join("extract")).unwrap();
        fs::create_dir(place.join("extract")).unwrap();
        fs::write(place.join("extract/few.csv"), [HEADER, rows].concat()).unwrap();
        for options in [&["--select", "flagged"][..], &["--format", "parquet"], &with, &["--history", "earlier"]] {
            run(place, options);
            assert_eq!(differences(place), "", "{rows:?} {options:?}");
        }
    }
}

#[test]
fn a_provider_called_blank_is_not_a_blank_one() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::create_dir(place.join("extract")).unwrap();
    let row = |claim: &str, code: &str, provider: &str| {
        format!("{claim},1,2026-03-02,22513,{code},{provider},1,100,50,paid,60,M{claim}\n")
    };
    let rows = [
        row("SYN1", "M80.08XA", ""),
        row("SYN2", "M54.50", "(blank)"),
        row("SYN3", "M54.50", "\"\"\"(blank)\"\"\""),
        row("SYN4", "M54.50", "(blank) deny COV002"),
    ];
    fs::write(place.join("extract/claims.csv"), HEADER.to_owned() + &rows.concat()).unwrap();
    for select in ["in-scope", "flagged"] {
        run(place, &["--select", select]);
        assert_eq!(differences(place), "", "{select}");
    }
}
