//! A finished run: `verify`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{complaint, refused, run_in, status, text};

pub(crate) const CLAIMS: &str = "\
claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business,member_id,symptomatic,conservative_weeks
C1,1,2026-03-01,22513,M80.08XA,ppo,MEMBER-ONE,yes,8
C1,2,2026-03-01,22515,M80.88XA;M54.5,ppo,MEMBER-ONE,,
C2,1,2026-03-02,22514,M54.50,hmo,MEMBER-TWO,,
C3,1,2026-03-02,22514,M80.08XA,fep,MEMBER-THREE,,
C4,1,tomorrow,22514,M80.08XA,,MEMBER-FOUR,,
C5,1,2026-03-02,99213,M80.08XA,,MEMBER-FIVE,,
";

/// A folder with a finished run in `audit`.
pub(crate) fn finished_run(options: &[&str]) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("claims.csv"), CLAIMS).unwrap();
    let mut arguments = vec!["run", "claims.csv", "--out", "audit", "--quiet", "--no-sync"];
    arguments.extend(options);
    assert_eq!(status(&run_in(place.path(), &arguments)), 3);
    place
}

/// Changes the manifest of a finished run.
pub(crate) fn tamper(place: &Path, change: impl FnOnce(&mut Value)) {
    let path = place.join("audit/manifest.json");
    let mut manifest = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, manifest.to_string()).unwrap();
}

#[test]
fn a_manifest_leads_verify_to_no_file_elsewhere() {
    let place = finished_run(&[]);
    let names = ["../claims.csv", "/etc/hostname", "..", "", "report.html/"];
    tamper(place.path(), |manifest| {
        let report = manifest["files"].as_array().unwrap().iter().find(|file| file["name"] == "report.html");
        let report = report.unwrap().clone();
        manifest["files"].as_array_mut().unwrap().extend(names.map(|name| {
            let mut file = report.clone();
            file["name"] = name.into();
            file
        }));
    });
    let output = run_in(place.path(), &["verify", "audit", "--json"]);
    assert_eq!((status(&output), complaint(&output).as_str()), (2, ""));
    let verdict: Value = serde_json::from_str(&text(&output)).unwrap();
    let differences = names.map(|name| format!("{name:?} is recorded, which is no name of a file in the folder"));
    assert_eq!(verdict["differences"], Value::from(differences.to_vec()));
}

#[test]
fn verify_does_not_wait_for_a_pipe() {
    let place = finished_run(&[]);
    for name in ["rejects.csv", "summary.json", "report.html", "decisions.csv", "manifest.json"] {
        let path = place.path().join("audit").join(name);
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        pipe(&path);
        let output = run_in(place.path(), &["verify", "audit"]);
        assert_eq!(status(&output), 2, "{name}");
        let said = text(&output) + &complaint(&output);
        assert!(said.contains(name) && said.contains("no regular file"), "{said}");
        fs::remove_file(&path).unwrap();
        fs::write(&path, whole).unwrap();
    }
    assert_eq!(status(&run_in(place.path(), &["verify", "audit"])), 0);
}

/// A pipe that nobody writes to.
pub(crate) fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn verify_finds_what_differs() {
    for options in [&[][..], &["--select", "flagged"], &["--digest", "sha256"]] {
        let place = finished_run(options);
        let verify = |arguments: &[&str]| {
            let mut all = vec!["verify", "audit"];
            all.extend(arguments);
            let output = run_in(place.path(), &all);
            assert_eq!(complaint(&output), "");
            (status(&output), text(&output))
        };
        let (ended, shown) = verify(&[]);
        assert_eq!(ended, 0, "{options:?}: {shown}");
        assert!(shown.contains("as recorded"), "{shown}");

        let decisions = place.path().join("audit/decisions.csv");
        let whole = fs::read_to_string(&decisions).unwrap();
        fs::write(&decisions, whole.replacen(",pend,", ",deny,", 1)).unwrap();
        let (ended, shown) = verify(&[]);
        assert_eq!(ended, 2);
        assert!(
            shown.contains("its digest is another")
                && shown.contains("by_disposition, deny, lines: 2 by decisions.csv, 1 by summary.json"),
            "{shown}"
        );

        fs::write(&decisions, whole.lines().take(2).collect::<Vec<_>>().join("\n") + "\n").unwrap();
        assert!(verify(&[]).1.contains("bytes, not"), "{}", verify(&[]).1);
        fs::write(&decisions, &whole).unwrap();
        assert_eq!(verify(&[]).0, 0);

        let place = finished_run(&[options, &["--format", "parquet"]].concat());
        let verify = |arguments: &[&str]| {
            let output = run_in(place.path(), &[&["verify", "audit"], arguments].concat());
            (status(&output), text(&output))
        };
        assert_eq!(verify(&[]).0, 0, "{options:?}: {}", verify(&[]).1);
        fs::write(place.path().join("audit/more.txt"), "").unwrap();
        fs::remove_file(place.path().join("audit/rejects.csv")).unwrap();
        let (ended, shown) = verify(&["--json"]);
        assert_eq!(ended, 2);
        let verdict: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(verdict["sound"], false);
        let differences = verdict["differences"].to_string();
        assert!(differences.contains("more.txt") && differences.contains("rejects.csv"), "{differences}");

        let decisions = place.path().join("audit/decisions.parquet");
        let whole = fs::read(&decisions).unwrap();
        for damaged in [&whole[..whole.len() / 2], b"", b"PAR1PAR1"] {
            fs::write(&decisions, damaged).unwrap();
            let (ended, shown) = verify(&[]);
            assert_eq!(ended, 2, "{shown}");
        }
    }
    refused(&["verify", "src"], &["manifest.json"]);
}
