//! The sample data does what its notes say, in both formats and every layout.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use adjudicate::input::Layout;
use adjudicate::rules::CATALOGUE;
use common::{Ran, Row};

fn ran(file: &str, layout: &str) -> Ran {
    let mut settings = common::settings(&[common::repository("sample_data").join(file)]);
    settings.layout = Layout::embedded(layout).unwrap();
    common::run_here(&settings, &common::adjudicator()).unwrap()
}

fn counts(ran: &Ran) -> [u64; 4] {
    [ran.summary.rows, ran.summary.out_of_scope, ran.summary.decided, ran.summary.rejected]
}

/// The rules that a note names.
fn named(note: &str) -> BTreeSet<&str> {
    CATALOGUE.iter().map(|rule| rule.code).filter(|code| note.contains(code)).collect()
}

#[test]
fn every_claim_comes_to_what_its_note_says() {
    let ran = ran("claims.csv", "native");
    assert_eq!(counts(&ran), [71, 3, 65, 3]);
    let notes: Vec<String> = common::rows_of(&fs::read(common::repository("sample_data/claims.csv")).unwrap())
        .into_iter()
        .map(|row| row["note"].clone())
        .collect();
    let by_row = |rows: Vec<Row>| -> BTreeMap<usize, Row> {
        rows.into_iter().map(|row| (row["source_row"].parse().unwrap(), row)).collect()
    };
    let (decisions, rejects) = (by_row(ran.decisions()), by_row(ran.rejects()));
    let mut fired = BTreeSet::new();
    for (row, note) in (1..).zip(&notes) {
        let Some(decision) = decisions.get(&row) else {
            let expected = if rejects.contains_key(&row) { "rejected: " } else { "out of scope: " };
            assert!(note.starts_with(expected), "row {row}: {note}");
            continue;
        };
        let rules: BTreeSet<&str> = decision["rules"].split(';').filter(|rule| !rule.is_empty()).collect();
        assert_eq!(rules, named(note), "row {row}: {note}");
        assert!(!note.starts_with("allowed") || decision["disposition"] == "allow", "row {row}: {note}");
        let indication = note.split("indication ").nth(1).map_or("", |rest| &rest[..2]);
        let expected = if indication.starts_with(['V', 'K']) { indication } else { "" };
        assert_eq!(decision["indication"], expected, "row {row}: {note}");
        fired.extend(rules.into_iter().map(str::to_owned));
    }
    // The samples have no column of authorizations.
    let never: Vec<_> = CATALOGUE.iter().map(|rule| rule.code).filter(|code| !fired.contains(*code)).collect();
    assert_eq!(never, ["AUT001"]);
}

#[test]
fn the_same_claims_as_parquet_are_decided_alike() {
    let (csv, parquet) = (ran("claims.csv", "native"), ran("claims.parquet", "native"));
    assert_eq!(counts(&csv), counts(&parquet));
    let without_file = |rows: Vec<Row>| -> Vec<Row> {
        rows.into_iter()
            .map(|mut row| {
                // The name of the file, and the row as its format shows it.
                row.remove("source_file");
                row.remove("row");
                row
            })
            .collect()
    };
    assert_eq!(without_file(csv.decisions()), without_file(parquet.decisions()));
    assert_eq!(without_file(csv.rejects()), without_file(parquet.rejects()));
}

#[test]
fn carrier_claims_are_medicare_s() {
    let ran = ran("rif-carrier.csv", "rif-carrier");
    assert_eq!(counts(&ran), [8, 2, 5, 1]);
    assert_eq!(ran.verdicts(), ["refer PGM003"; 5]);
    let rows = ran.decisions();
    let seen = |row: usize, column: &str| rows[row][column].clone();
    assert_eq!(seen(2, "diagnosis_codes"), "C79.51;M54.5;M84.58XA", "the line's diagnosis comes first");
    assert_eq!((seen(3, "service_date"), seen(3, "provider_npi")), ("2026-03-05".into(), "9990000099".into()));
    assert_eq!((seen(4, "units"), seen(4, "paid_amount")), ("-1".into(), "-2050.00".into()));
    assert_eq!(ran.rejects()[0]["column"], "service_date");
}

#[test]
fn claims_of_the_tuva_input_layer() {
    let ran = ran("tuva_medical_claim.csv", "tuva");
    assert_eq!(counts(&ran), [11, 1, 10, 0]);
    let verdicts = ran.verdicts();
    let expected = [
        "allow ",
        "allow ",
        "allow ",
        "deny COV002",
        "deny COV001",
        "pend COV003",
        "pend REV004",
        "allow ",
        "allow ",
        "deny COD004",
    ];
    assert_eq!(verdicts, expected);
    let rows = ran.decisions();
    assert_eq!((&*rows[7]["service_date"], &*rows[7]["provider_npi"]), ("2026-03-11", "9990000090"));
}

#[test]
fn the_script_writes_the_samples() {
    let place = tempfile::tempdir().unwrap();
    let script = common::repository("scripts/make_samples.py");
    let Ok(done) = Command::new("python3").arg(script).args(["--csv-only", "--out"]).arg(place.path()).status() else {
        println!("skipped: there is no python3");
        return;
    };
    assert!(done.success());
    for name in ["claims.csv", "rif-carrier.csv", "tuva_medical_claim.csv"] {
        let (made, kept) = (place.path().join(name), common::repository("sample_data").join(name));
        assert!(
            fs::read(made).unwrap() == fs::read(kept).unwrap(),
            "{name} is not what scripts/make_samples.py writes"
        );
    }
}
