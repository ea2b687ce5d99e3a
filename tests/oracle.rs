//! The program against `scripts/oracle.py`, which was written from the contract
//! alone, on adversarial lines. `ADJUDICATE_ORACLE_LINES` says how many (for a
//! long run: 1000000).

mod common;

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// The embedded table as `scripts/oracle.py` reads it.
fn table_as_csv() -> String {
    let table = common::table();
    let mut text = "code,valid_from,valid_to\n".to_owned();
    // Every code begins with a letter.
    for letter in 'A'..='Z' {
        let first = adjudicate::icd10::DiagnosisCode::parse(letter.to_string().as_bytes()).unwrap();
        for index in table.with_prefix(&first) {
            let (from, to) = table.validity(index);
            let plain = |day: adjudicate::claim::Day| day.to_string().replace('-', "");
            let to = to.map(plain).unwrap_or_default();
            writeln!(text, "{},{},{to}", table.code(index).undotted(), plain(from)).unwrap();
        }
    }
    assert_eq!(text.lines().count(), table.len() + 1);
    text
}

#[test]
fn the_oracle_agrees() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let table = place.path().join("icd10cm.csv");
    fs::write(&table, table_as_csv()).unwrap();
    let lines = std::env::var("ADJUDICATE_ORACLE_LINES").unwrap_or_else(|_| "20000".to_owned());
    let mut compare = Command::new("python3");
    compare.arg(common::repository("scripts/compare_oracle.py")).args(["--seed", "4", "--lines", &lines]);
    compare.args(["--program", env!("CARGO_BIN_EXE_adjudicate"), "--icd10"]).arg(&table);
    // The scripts leave no compiled copies of themselves in the repository.
    let told = common::told(compare.env("PYTHONDONTWRITEBYTECODE", "1"));
    assert_eq!(told.status, 0, "{}\n{}", told.stdout, told.stderr);
    println!("{}", told.stdout);
    assert!(told.stdout.contains(", 0 differences; fired: "), "{}", told.stdout);
    assert!(!told.stdout.contains("never fired"), "{}", told.stdout);
}
