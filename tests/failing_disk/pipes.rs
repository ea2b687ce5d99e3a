//! Whoever writes to the program or reads of it, and stops.

use std::fs;

use crate::common::Workplace;
use crate::{claims, refused, script};

#[test]
fn standard_input_that_is_closed_or_empty() {
    let place = Workplace::new();
    for stdin in ["<&-", "</dev/null"] {
        let told = script(&place.outputs(), &format!("exec \"$0\" run - --out run {stdin}"));
        refused(&place, &told, &["-: ", "empty"]);
    }
    // A pipe that ends within a row ends within a row, and that is said.
    let half = claims(5);
    let told = script(
        &place.outputs(),
        &format!("printf '%s' '{}' | \"$0\" run - --json --no-sync --out run", &half[..half.len() - 25]),
    );
    assert_eq!(told.status, 3, "{told:?}");
    assert!(told.stdout.contains("\"rejected\": 1"), "{}", told.stdout);
}

/// Verbs whose answers are long, and what they need.
const ANSWERS: [&str; 9] = [
    "rules",
    "policy list",
    "policy show 02-20000-18",
    "policy expand 02-20000-18",
    "icd10 M80 --date 2026-03-01",
    "explain COV002",
    "explain run",
    "completions bash",
    "--help",
];

#[test]
fn whoever_reads_may_stop_at_any_time() {
    let place = Workplace::new();
    fs::write(place.inputs().join("a.csv"), claims(30)).unwrap();
    let here = place.outputs();
    for verb in
        ANSWERS.into_iter().chain(["run ../in/a.csv --no-sync --out run --overwrite", "run ../in/a.csv --dry-run"])
    {
        let told = script(&here, &format!("\"$0\" {verb} | true; echo ${{PIPESTATUS[0]}}"));
        assert!(["0\n", "2\n"].contains(&told.stdout.as_str()), "{verb}: {told:?}");
        assert!(!told.stderr.contains("panic") && !told.stderr.contains("defect"), "{verb}: {}", told.stderr);
        // Where nobody reads at all, too: neither answers nor errors.
        let told = script(&here, &format!("\"$0\" {verb} >&- 2>&-; echo $?"));
        assert!(["0\n", "2\n"].contains(&told.stdout.as_str()), "{verb}: {told:?}");
        let told = script(&here, &format!("\"$0\" {verb} 2>&1 >&- | true; echo ${{PIPESTATUS[0]}}"));
        assert!(["0\n", "2\n"].contains(&told.stdout.as_str()), "{verb}: {told:?}");
    }
    let told = script(&here, "\"$0\" run ../in/a.csv --no-sync --out run --overwrite | head -1; echo ${PIPESTATUS[0]}");
    assert!(told.stdout.ends_with("\n0\n") && told.stderr.is_empty(), "{told:?}");
    assert_eq!(script(&here, "exec \"$0\" verify run").status, 0);
    assert_eq!(place.left(), ["run"]);
}

#[test]
fn a_verdict_does_not_hang_on_who_reads_it() {
    let place = Workplace::new();
    fs::write(place.inputs().join("a.csv"), claims(30)).unwrap();
    fs::write(place.inputs().join("bad.toml"), "id = 7\n").unwrap();
    let here = place.outputs();
    assert_eq!(script(&here, "exec \"$0\" run ../in/a.csv --no-sync --out run --quiet").status, 0);
    fs::write(place.out().join("sample.csv"), "another\n").unwrap();
    for verb in ["verify run", "verify run --json", "policy lint ../in/bad.toml", "policy lint ../in/bad.toml --json"] {
        let told = script(&here, &format!("\"$0\" {verb} | true; echo ${{PIPESTATUS[0]}}"));
        assert_eq!(told.stdout, "2\n", "{verb}: {told:?}");
    }
}

#[test]
fn an_answer_that_cannot_be_written_is_an_error() {
    let place = Workplace::new();
    fs::write(place.inputs().join("a.csv"), claims(30)).unwrap();
    let here = place.outputs();
    assert_eq!(script(&here, "exec \"$0\" run ../in/a.csv --no-sync --out run --quiet").status, 0);
    for verb in [
        "rules",
        "policy list",
        "icd10 M80 --date 2026-03-01",
        "explain COV002",
        "verify run",
        "rules --json",
        "completions bash",
        "--help",
    ] {
        let told = script(&here, &format!("exec \"$0\" {verb} >/dev/full"));
        assert_eq!(told.status, 2, "{verb}: {told:?}");
        assert!(told.stderr.starts_with("error: standard output: No space left on device"), "{verb}: {}", told.stderr);
    }
    // A run is complete before anything is said of it: its status says so, whoever hears.
    let told = script(&here, "exec \"$0\" run ../in/a.csv --no-sync --overwrite --out run >/dev/full");
    assert_eq!(told.status, 0, "{told:?}");
    assert!(told.stderr.starts_with("error: standard output: No space left on device"), "{}", told.stderr);
    assert_eq!(script(&here, "exec \"$0\" verify run").status, 0);
    let told = script(&here, "exec \"$0\" run ../in/none.csv --out other 2>/dev/full");
    assert_eq!(told.status, 2);
}
