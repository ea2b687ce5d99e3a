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
