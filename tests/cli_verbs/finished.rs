//! A finished run: `verify`.

use std::fs;

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
