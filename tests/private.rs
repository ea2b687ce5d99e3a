//! Nothing that a run makes or says tells who the members are, and no row stands
//! anywhere as a whole, but in `rejects.csv`, whose purpose that is: all files and all
//! output of runs with marked members are searched for the marks.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Told, Workplace, told};
use serde_json::Value;

/// Every member's id holds it.
const MEMBER: &str = "ZQMEMBER";
/// Every row holds it in a column that is not known.
const NOTE: &str = "ZQNOTE";
/// Stands in rows that cannot be read, in the place of what can.
const GARBLED: &str = "ZQGARBLED";

const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,provider_npi,\
    line_of_business,units,billed_amount,paid_amount,note\n";

/// Rows of every kind: each disposition, duplicates, an add-on, every kind of reject.
fn rows() -> String {
    let mut rows = vec![HEADER.to_owned()];
    let mut row = |number: u32, date: &str, procedure: &str, diagnosis: &str, business: &str, units: &str| {
        rows.push(format!(
            "C{number},1,{date},{procedure},{diagnosis},{MEMBER}{number},1234567893,{business},{units},100.00,90.00,\
             {NOTE}{number}\n"
        ));
    };
    row(1, "2026-03-01", "22513", "M80.08XA", "", "1");
    row(2, "2026-03-01", "22513", "M54.50", "", "1");
    row(3, "2026-03-01", "22513", "M80.08", "", "9");
    row(4, "2026-03-01", "22515", "M80.08XA", "", "1");
    row(5, "2026-03-01", "22513", "M80.08XA", "fep", "1");
    row(6, "2099-03-01", "22513", "M80.08XA", "unheard of", "1");
    row(7, "1999-03-01", "22513", "M80.08XA", "", "1");
    row(8, "2026-03-01", "99213", "M80.08XA", "", "1");
    row(9, GARBLED, "22513", "M80.08XA", "", "1");
    row(10, "2026-03-01", "22513", "M80.08XA", "", GARBLED);
    for number in [11, 12] {
        rows.push(format!("C{number},1,2026-03-01,22513,M80.08XA,{MEMBER},1234567893,,1,100.00,90.00,{NOTE}\n"));
    }
    // Another number of fields, and a quote that stays open.
    rows.push(format!("C13,1,2026-03-01,22513,M80.08XA,{MEMBER}13,{NOTE}13\n"));
    rows.push(format!("C14,1,2026-03-01,22513,\"M80.08XA,{MEMBER}14,1234567893,,1,100.00,90.00,{NOTE}14\n"));
    rows.concat()
}

/// Searches what the program said.
fn search(told: &Told, of: &str) {
    for (stream, text) in [("standard output", &told.stdout), ("standard error", &told.stderr)] {
        for mark in [MEMBER, NOTE, GARBLED] {
            assert!(!text.contains(mark), "{of}: {mark} on {stream}:\n{text}");
        }
    }
}

/// Searches every file in a folder, and says how many there are.
fn search_files(folder: &Path, marks: &[&str]) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += search_files(&path, marks);
            continue;
        }
        files += 1;
        let bytes = fs::read(&path).unwrap();
        let is_rejects = path.file_name().is_some_and(|name| name == "rejects.csv");
        for mark in marks.iter().filter(|_| !is_rejects) {
            let found = bytes.windows(mark.len()).any(|window| window.eq_ignore_ascii_case(mark.as_bytes()));
            assert!(!found, "{mark} in {}", path.display());
        }
        assert!(!is_rejects || String::from_utf8(bytes).unwrap().contains(GARBLED), "the rows are there to mend");
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            let mut parts = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
            for place in 0..parts.len() {
                let text = std::io::read_to_string(parts.by_index(place).unwrap()).unwrap_or_default();
                assert!(!marks.iter().any(|mark| text.contains(mark)), "{} in {}", place, path.display());
            }
        }
    }
    files
}

/// Every line that a program says under `--log-format json`.
fn log_lines(told: &Told) -> Vec<Value> {
    let schema = fs::read_to_string(common::repository("docs/schemas/log.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let lines: Vec<Value> = told.stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    for line in &lines {
        let errors: Vec<_> = schema.iter_errors(line).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{line}: {errors:?}");
    }
    lines
}

fn verb(place: &Workplace, arguments: &[&str]) -> Command {
    let mut command = common::program();
    command.current_dir(place.inputs()).args(arguments);
    command
}

#[test]
fn nothing_that_a_run_makes_or_says_tells_members_or_rows() {
    for form in ["text", "json"] {
        let place = Workplace::new();
        place.write("claims.csv", rows());
        let overrides =
            "[[override]]\nid = \"O1\"\nowner = \"o\"\nreason = \"r\"\nexpires = 2030-01-01\nrules = [\"COV002\"]\n";
        place.write("overrides.toml", format!("{overrides}member_id = \"{MEMBER}2\"\n"));
        let told = told(place.run().args([
            "claims.csv",
            "--log-format",
            form,
            "--xlsx",
            "--keep-history",
            "--overrides",
            "overrides.toml",
            "--as-of",
            "2026-06-30",
            "--max-rejects",
            "1%",
            "--metrics",
            "../out/claims.prom",
        ]));
        assert_eq!(told.status, 1, "{told:?}");
        search(&told, "run");
        let kept = search_files(&place.outputs(), &[MEMBER, NOTE, GARBLED]);
        assert!(kept >= 9, "{kept} files");
        let kinds: Value = serde_json::from_str(&place.read("summary.json")).unwrap();
        assert_eq!((&kinds["rejected"], &kinds["decided"]), (&4.into(), &9.into()), "the rows are of every kind");
        if form == "json" {
            let events: Vec<_> =
                log_lines(&told).iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect();
            let warnings = ["run-warning"; 4];
            assert_eq!(events, [&["run-started"][..], &warnings, &["run-finished"]].concat());
        } else {
            assert_eq!(told.stderr.matches("warning: ").count(), 4, "{}", told.stderr);
        }
    }
}

#[test]
fn nothing_that_other_verbs_say_of_a_run_tells_members_or_rows() {
    let place = Workplace::new();
    place.write("claims.csv", rows());
    assert_eq!(told(place.run().args(["claims.csv"])).status, 3);
    let run = place.out().display().to_string();
    for arguments in [
        &["verify", &run][..],
        &["report", &run],
        &["compare", &run, &run],
        &["compare", &run, &run, "--json"],
        &["explain", &run, "C2"],
        &["explain", &run, "C11", "--json"],
        &["explain", &run, "C4", "--markdown"],
        &["explain", &run, "C9"],
        &["explain", &run, "C14"],
        &["run", "claims.csv", "--dry-run"],
        &["bench", "claims.csv", "--rounds", "1"],
    ] {
        let told = told(&mut verb(&place, arguments));
        search(&told, &arguments.join(" "));
    }
}

#[test]
fn no_failure_tells_members_or_rows() {
    let place = Workplace::new();
    let whole = rows();
    place.write("claims.csv", &whole);
    // A gzip that ends early, a Parquet file that is none, a header that
    // is a row, one with a column twice, text that is no claim file.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, whole.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    place.write("short.csv.gz", &packed[..packed.len() - 20]);
    place.write("claims.parquet", &whole);
    place.write("headless.csv", whole.split_once('\n').unwrap().1);
    place.write("twice.csv", whole.replacen("note", "claim_id", 1));
    // Claims where something else is expected, by their rows at once.
    let headless = whole.split_once('\n').unwrap().1;
    place.write("overrides.csv", headless);
    place.write("overrides.toml", headless);
    for arguments in [
        &["short.csv.gz"][..],
        &["claims.parquet"],
        &["twice.csv"],
        &["headless.csv"],
        &["claims.csv", "--policy", "headless.csv"],
        &["claims.csv", "--config", "headless.csv"],
        &["claims.csv", "--overrides", "overrides.toml", "--as-of", "2026-06-30"],
        &["claims.csv", "--overrides", "overrides.csv", "--as-of", "2026-06-30"],
        &["claims.csv", "--history", "nowhere"],
    ] {
        for form in ["text", "json"] {
            let told = told(place.run().args(arguments).args(["--log-format", form]));
            assert_eq!(told.status, 2, "{told:?}");
            search(&told, &arguments.join(" "));
            assert_eq!(place.left(), Vec::<String>::new());
            if form == "json" {
                let lines = log_lines(&told);
                assert_eq!(lines.last().unwrap()["event"], "failed", "{lines:?}");
            }
        }
    }
}

#[test]
fn what_fails_is_told_to_collectors_by_every_verb() {
    let place = Workplace::new();
    place.write("claims.csv", rows());
    place.write("job.toml", "log-format = \"json\"\n");
    let none = "no/such/folder";
    for (arguments, event) in [
        (&["run", "none.csv", "--out", "x", "--log-format", "json"][..], "failed"),
        (&["--log-format=json", "run", "none.csv", "--out", "x"], "failed"),
        (&["run", "none.csv", "--out", "x", "--config", "job.toml"], "failed"),
        (&["run", "claims.csv", "--log-format=json"], "usage"),
        (&["run", "--unheard-of", "--log-format", "json"], "usage"),
        (&["--log-format", "json", "no-such-verb"], "usage"),
        (&["verify", none, "--log-format", "json"], "failed"),
        (&["report", none, "--log-format", "json"], "failed"),
        (&["compare", none, none, "--log-format", "json"], "failed"),
        (&["explain", none, "C1", "--log-format", "json"], "failed"),
        (&["explain", "XYZ001", "--log-format", "json"], "failed"),
        (&["policy", "show", "none", "--log-format", "json"], "failed"),
        (&["icd10", "nothing!", "--date", "2026-03-01", "--log-format", "json"], "failed"),
        (
            &[
                "generate",
                "--lines",
                "1",
                "--seed",
                "1",
                "--in-scope",
                "1",
                "--out",
                "no/such/folder/x.csv",
                "--log-format",
                "json",
            ],
            "failed",
        ),
        (&["bench", "none.csv", "--log-format", "json"], "failed"),
    ] {
        let told = told(&mut verb(&place, arguments));
        assert_eq!(told.status, 2, "{arguments:?} {told:?}");
        let lines = log_lines(&told);
        assert_eq!((lines.len(), lines[0]["event"].as_str()), (1, Some(event)), "{arguments:?}: {lines:?}");
        assert_eq!(lines[0]["status"], 2);
    }
    // The environment asks as well, and the command line comes before it.
    let told_by = |arguments: &[&str]| told(verb(&place, arguments).env("ADJUDICATE_LOG_FORMAT", "json"));
    assert_eq!(log_lines(&told_by(&["verify", none])).len(), 1);
    assert_eq!(log_lines(&told_by(&["verify"])).len(), 1);
    assert!(told_by(&["verify", none, "--log-format", "text"]).stderr.starts_with("error: "));
}

#[test]
fn what_acts_on_a_terminal_is_escaped_for_collectors_too() {
    let place = Workplace::new();
    let told = told(&mut verb(&place, &["verify", "a\u{1b}[31m\u{202e}", "--log-format", "json"]));
    assert!(!told.stderr.contains(['\u{1b}', '\u{202e}']), "{told:?}");
    assert!(log_lines(&told)[0]["message"].as_str().unwrap().contains("a\u{1b}[31m\u{202e}"));
}
