//! A finished run: `explain` with a claim, and `verify`.

use std::fs;

use adjudicate::policy::embedded_policies;

use super::{complaint, refused, run_in, status, text};

const CLAIMS: &str = "\
claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business,member_id,symptomatic,conservative_weeks
C1,1,2026-03-01,22513,M80.08XA,ppo,MEMBER-ONE,yes,8
C1,2,2026-03-01,22515,M80.88XA;M54.5,ppo,MEMBER-ONE,,
C2,1,2026-03-02,22514,M54.50,hmo,MEMBER-TWO,,
C3,1,2026-03-02,22514,M80.08XA,fep,MEMBER-THREE,,
C4,1,tomorrow,22514,M80.08XA,,MEMBER-FOUR,,
C5,1,2026-03-02,99213,M80.08XA,,MEMBER-FIVE,,
";

/// A folder with a finished run in `audit`.
fn finished_run(options: &[&str]) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("claims.csv"), CLAIMS).unwrap();
    let mut arguments = vec!["run", "claims.csv", "--out", "audit", "--quiet", "--no-sync"];
    arguments.extend(options);
    assert_eq!(status(&run_in(place.path(), &arguments)), 3);
    place
}

#[test]
fn explain_tells_the_lines_of_a_run() {
    let place = finished_run(&["--unlisted-diagnosis", "pend"]);
    let told = |arguments: &[&str]| {
        let mut all = vec!["explain", "audit"];
        all.extend(arguments);
        let output = run_in(place.path(), &all);
        assert!(!text(&output).contains("MEMBER") && !complaint(&output).contains("MEMBER"), "{arguments:?}");
        (status(&output), text(&output), complaint(&output))
    };
    insta::assert_snapshot!("explain_claim", told(&["C1"]).1);
    let (_, shown, _) = told(&["C2", "1", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["lines"].as_array().unwrap().len(), 1);
    assert_eq!(shown["lines"][0]["findings"][0]["weight"], "pend", "as the run's options had it");
    assert_eq!(shown["lines"][0]["line_number"], 1);
    assert!(told(&["C3"]).1.contains("PGM001"));
    for (claim, line) in [("C4", "1"), ("C5", "1"), ("C1", "3"), ("none", "1")] {
        let (ended, shown, complaint) = told(&[claim, line]);
        assert_eq!((ended, shown.as_str()), (2, ""));
        assert!(complaint.contains("not among the decisions") && complaint.contains("rejects.csv"), "{complaint}");
    }
    let (ended, _, complaint) = told(&["C1", "one"]);
    assert_eq!(ended, 2, "{complaint}");
}

#[test]
fn explain_tells_the_same_of_either_format() {
    let [of_csv, of_parquet] = ["csv", "parquet"].map(|format| {
        let place = finished_run(&["--format", format]);
        let output = run_in(place.path(), &["explain", "audit", "C1", "--json"]);
        assert_eq!(status(&output), 0, "{}", complaint(&output));
        text(&output)
    });
    assert!(of_csv.contains("COV003"), "{of_csv}");
    assert_eq!(of_csv, of_parquet);
}

#[test]
fn explain_does_without_a_policy_that_has_changed() {
    let place = tempfile::tempdir().unwrap();
    let (_, policy) = embedded_policies()[0];
    fs::write(place.path().join("claims.csv"), CLAIMS).unwrap();
    fs::write(place.path().join("policy.toml"), policy).unwrap();
    let run = ["run", "claims.csv", "--out", "audit", "--quiet", "--no-sync", "--policy", "policy.toml"];
    assert_eq!(status(&run_in(place.path(), &run)), 3);
    let explain = || text(&run_in(place.path(), &["explain", "audit", "C2"]));
    assert!(explain().contains("Section"), "{}", explain());
    fs::write(place.path().join("policy.toml"), format!("{policy}\n")).unwrap();
    assert!(explain().contains("can no longer be read as it was") && !explain().contains("Section"), "{}", explain());
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
        assert!(shown.contains("its digest is another") && shown.contains("with deny, not"), "{shown}");

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
