//! `generate`: synthetic claims, which `run` reads.

use std::fs;

use super::{complaint, run_in, status, text};

#[test]
fn generate_makes_what_run_reads() {
    let place = tempfile::tempdir().unwrap();
    let generate = |arguments: &[&str]| {
        run_in(
            place.path(),
            &[&["generate", "--lines", "200", "--seed", "1", "--in-scope", "0.25"], arguments].concat(),
        )
    };
    for name in ["claims.csv", "claims.csv.gz", "claims.parquet"] {
        let output = generate(&["--out", name]);
        assert_eq!((status(&output), complaint(&output).as_str()), (0, ""));
        assert_eq!(text(&output), format!("200 synthetic lines, 50 of them in scope: {name}\n"));
        let run = run_in(place.path(), &["run", name, "--out", "audit", "--overwrite", "--no-sync", "--json"]);
        let summary: serde_json::Value = serde_json::from_str(&text(&run)).unwrap();
        assert_eq!(summary["rows"], 200, "{name}");
        assert_eq!(summary["out_of_scope"], 150, "{name}");
    }
    let first = fs::read(place.path().join("claims.csv")).unwrap();
    let output = generate(&["--out", "claims.csv"]);
    assert_eq!(status(&output), 2);
    assert!(complaint(&output).contains("--overwrite"), "{}", complaint(&output));
    let output = generate(&["--out", "claims.csv", "--overwrite", "--quiet"]);
    assert_eq!((status(&output), text(&output).as_str()), (0, ""));
    assert_eq!(fs::read(place.path().join("claims.csv")).unwrap(), first, "the same options, the same bytes");
    let output = generate(&["--out", "more.csv", "--clinical", "--json"]);
    let made: serde_json::Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(made["in_scope"], 50);
    for wrong in [&["--out", "claims.txt"][..], &["--out", "none/claims.csv"], &[]] {
        assert_eq!(status(&generate(wrong)), 2, "{wrong:?}");
    }
}

#[test]
fn generate_makes_an_extract_of_certain_days() {
    let place = tempfile::tempdir().unwrap();
    let generate = |arguments: &[&str]| {
        let common = ["generate", "--lines", "200", "--seed", "1", "--in-scope", "0.5", "--out", "claims.csv"];
        run_in(place.path(), &[&common, arguments].concat())
    };
    let output = generate(&["--from", "2024-01-01", "--to", "2024-12-31"]);
    assert_eq!((status(&output), complaint(&output).as_str()), (0, ""));
    let claims = fs::read_to_string(place.path().join("claims.csv")).unwrap();
    assert!(claims.lines().skip(1).all(|line| line.split(',').nth(5).unwrap().starts_with("2024-")));
    for (arguments, told) in [
        (&["--from", "2024-02-01", "--to", "2024-01-01"][..], "give both, with --from and --to"),
        (&["--from", "2001-01-01", "--to", "2001-12-31"], "they speak since 2009-07-15"),
        (&["--from", "1/2/2024"], "YYYY-MM-DD"),
    ] {
        let output = generate(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(complaint(&output).contains(told), "{}", complaint(&output));
    }
}

#[test]
fn generate_hides_outliers_and_tells_of_them_elsewhere() {
    let place = tempfile::tempdir().unwrap();
    let generate = |arguments: &[&str]| {
        let common = ["generate", "--lines", "50000", "--seed", "1", "--in-scope", "1"];
        run_in(place.path(), &[&common, arguments].concat())
    };
    let hide = ["--outliers", "2", "--out", "claims.parquet", "--truth", "truth.csv"];
    let output = generate(&hide);
    assert_eq!((status(&output), complaint(&output).as_str()), (0, ""));
    assert_eq!(
        text(&output),
        "50,000 synthetic lines, 50,000 of them in scope: claims.parquet\nWho misbehaves in them: truth.csv\n"
    );
    let truth = fs::read_to_string(place.path().join("truth.csv")).unwrap();
    assert!(truth.starts_with("provider_npi,scheme,what,rule,since,percent,") && truth.lines().count() == 3, "{truth}");
    for (arguments, told) in [
        (&hide[..], "truth.csv exists already; name another, or replace it with --overwrite"),
        (&["--outliers", "2", "--out", "more.csv", "--truth", "truth.csv"], "truth.csv exists already"),
        (&["--outliers", "2", "--out", "more.csv", "--truth", "truth.txt"], "ends in .csv or .json"),
        (&["--outliers", "2", "--out", "more.csv", "--truth", "more.csv"], "a file of its own"),
        (&["--outliers", "9", "--out", "more.csv"], "ask for fewer, or for more lines in scope"),
        (&["--out", "more.csv", "--truth", "more.json"], "--outliers"),
    ] {
        let output = generate(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(complaint(&output).contains(told), "{}", complaint(&output));
    }
    assert!(!place.path().join("more.csv").exists() && !place.path().join("more.json").exists());
    let output = generate(&["--outliers", "2", "--out", "again.csv", "--truth", "truth.json", "--json"]);
    let made: serde_json::Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(made["outliers"], 2);
    let told: serde_json::Value = serde_json::from_slice(&fs::read(place.path().join("truth.json")).unwrap()).unwrap();
    assert_eq!(told["outliers"].as_array().unwrap().len(), 2);
}

#[test]
fn generate_makes_an_extract_of_years_and_says_what_is_to_become_of_it() {
    let place = tempfile::tempdir().unwrap();
    let generate = |arguments: &[&str]| {
        run_in(place.path(), &[&["generate", "--lines", "2000", "--seed", "1"], arguments].concat())
    };
    let extract = ["--history", "--out", "extract", "--truth", "truth.csv"];
    let output = generate(&extract);
    assert_eq!((status(&output), complaint(&output).as_str()), (0, ""));
    assert_eq!(
        text(&output),
        "2,000 synthetic lines, 600 of them in scope, in 36 files: extract\nWhat is to become of them: truth.csv\n"
    );
    let truth = fs::read_to_string(place.path().join("truth.csv")).unwrap();
    assert!(truth.starts_with("file,row,claim_id,line_number,story,superseded,disposition,rule,"), "{truth}");
    assert_eq!(truth.lines().count(), 601);
    let output = generate(&["--history", "--out", "extract", "--overwrite", "--in-scope", "0.1", "--json"]);
    let made: serde_json::Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!((&made["in_scope"], &made["lines"]), (&200.into(), &2_000.into()));
    assert!(made["totals"]["stories"].as_array().unwrap().len() > 20);
    let run = run_in(place.path(), &["run", "extract", "--out", "audit", "--no-sync", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&text(&run)).unwrap();
    assert_eq!((&summary["rows"], &summary["out_of_scope"]), (&2_000.into(), &1_800.into()));
    for (arguments, told) in [
        (&extract[..], "truth.csv exists already; name another, or replace it with --overwrite"),
        (&["--history", "--out", "extract"], "extract exists already"),
        (&["--history", "--out", "audit", "--overwrite"], "it is not replaced"),
        (&["--history", "--out", "more", "--truth", "more/truth.csv"], "apart from the claims"),
        (&["--history", "--out", "more", "--truth", "truth.json"], "ends in .csv"),
        (&["--history", "--out", "more", "--from", "2020-01-01", "--to", "2020-02-01"], "too few"),
        (&["--history", "--out", "more", "--clean"], "--clean"),
        (&["--out", "claims.csv"], "--in-scope"),
    ] {
        let output = generate(arguments);
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(complaint(&output).contains(told), "{}", complaint(&output));
    }
    assert!(!place.path().join("more").exists());
}
