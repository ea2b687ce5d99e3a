//! Earlier runs' lines beside tonight's: what they change, what they leave alone, and
//! which runs are refused.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::claims::{Line, sound_lines, text};
use common::{Row, Told, Workplace, rows_of, told};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,provider_npi,units,\
                      billed_amount,claim_frequency,original_claim_id,paid_date\n";

/// Nights of claims, each with its input and its run folder.
struct Nights {
    place: Workplace,
}

impl Nights {
    fn new() -> Self {
        Self { place: Workplace::new() }
    }

    fn folder(&self, night: &str) -> PathBuf {
        self.place.outputs().join(night)
    }

    /// A run over a text that knows of some nights before it.
    fn run(&self, night: &str, text: &str, before: &[&str], more: &[&str]) -> Told {
        let input = format!("{night}.csv");
        self.place.write(&input, text);
        let mut command = common::program();
        command.current_dir(self.place.outputs()).args(["run", "--no-sync", "--no-progress", "--keep-history"]);
        command.arg("--out").arg(night).arg(self.place.inputs().join(input));
        for folder in before {
            command.args(["--history", folder]);
        }
        told(command.args(more))
    }

    /// The decisions of a run that has to succeed.
    fn decided(&self, night: &str, rows: &str, before: &[&str]) -> Vec<Row> {
        let ran = self.run(night, &format!("{HEADER}{rows}"), before, &["--overwrite"]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        self.decisions(night)
    }

    fn decisions(&self, night: &str) -> Vec<Row> {
        rows_of(&fs::read(self.folder(night).join("decisions.csv")).unwrap())
    }

    fn json(&self, night: &str, file: &str) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.folder(night).join(file)).unwrap()).unwrap()
    }
}

fn verdicts(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| format!("{} {}", row["disposition"], row["rules"])).collect()
}

#[test]
fn an_add_on_finds_its_primary_of_the_night_before() {
    let nights = Nights::new();
    nights.decided("n1", "A,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n", &[]);
    let add_on = "B,1,2026-03-01,22515,M80.08XA,M1,P1,1,50,,,\n";
    assert_eq!(verdicts(&nights.decided("n2", add_on, &[])), ["deny LIN001"]);
    assert_eq!(verdicts(&nights.decided("n2", add_on, &["n1"])), ["allow "]);
    let summary = nights.json("n2", "summary.json");
    assert_eq!(summary["history"], serde_json::json!({"runs": 1, "lines_seen": 1, "lines_used": 1}));
    assert_eq!((&summary["decided"], &summary["rows"]), (&1.into(), &1.into()));
    let recorded = &nights.json("n2", "manifest.json")["history"][0];
    assert_eq!(recorded["folder"], "n1");
    let (then, files) = (nights.json("n1", "manifest.json"), "files");
    let file = then[files].as_array().unwrap().iter().find(|file| file["name"] == "history.bin").unwrap();
    assert_eq!((&recorded["digest"], &recorded["bytes"]), (&file["digest"], &file["bytes"]));
    // What rests on it is told from the record, and not as another result.
    let explained = told(common::program().arg("explain").arg(nights.folder("n2")).args(["B", "1"]));
    assert!(explained.stdout.contains("earlier runs"), "{}{}", explained.stdout, explained.stderr);
    assert!(!explained.stdout.contains("LIN001"), "{}", explained.stdout);
    for night in ["n1", "n2"] {
        assert_eq!(told(common::program().arg("verify").arg(nights.folder(night))).status, 0);
    }
    // A primary that was denied stops it, and says by which rule.
    nights.decided("n1", "A,1,2026-03-01,22513,M54.50,M1,P1,1,100,,,\n", &[]);
    let rows = nights.decided("n2", add_on, &["n1"]);
    assert_eq!(verdicts(&rows), ["deny LIN002"]);
    assert!(rows[0]["detail"].starts_with("primary 22513 on row 1 of "), "{}", rows[0]["detail"]);
    assert!(rows[0]["detail"].ends_with("n1.csv in n1 denied by COV002"), "{}", rows[0]["detail"]);
}

#[test]
fn a_duplicate_of_another_night_is_found() {
    let nights = Nights::new();
    let first = "X,1,2026-03-02,22513,M80.08XA,M9,P1,1,100,,,\nA,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n";
    nights.decided("n1", first, &[]);
    let again = "B,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n";
    let rows = nights.decided("n2", again, &["n1"]);
    assert_eq!(verdicts(&rows), ["deny LIN004"]);
    let detail = &rows[0]["detail"];
    assert!(detail.starts_with("same as row 2 of ") && detail.ends_with("n1.csv in n1"), "{detail}");
    // The third night knows of both: the second one is no original.
    let rows = nights.decided("n3", &again.replace('B', "C"), &["n1", "n2"]);
    assert!(rows[0]["detail"].ends_with("n1.csv in n1"), "{}", rows[0]["detail"]);
    // What was denied for its diagnosis is corrected by the next, not repeated.
    nights.decided("n1", &first.replace("M80.08XA", "M54.50"), &[]);
    // It counts among the day's units all the same, as in one run.
    assert_eq!(verdicts(&nights.decided("n2", again, &["n1"])), ["deny LIN003"]);
}

#[test]
fn units_and_pairs_count_over_nights() {
    let nights = Nights::new();
    nights.decided("n1", "A,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n", &[]);
    let rows = nights.decided("n2", "B,1,2026-03-01,22513,M80.08XA,M1,P1,1,170,,,\n", &["n1"]);
    assert_eq!(verdicts(&rows), ["deny LIN003"]);
    assert!(rows[0]["detail"].starts_with("2 units so far"), "{}", rows[0]["detail"]);
    let rows = nights.decided("n2", "B,1,2026-03-01,22514,M80.08XA,M1,P1,1,170,,,\n", &["n1"]);
    assert_eq!(verdicts(&rows), ["pend LIN006"]);
}

#[test]
fn what_is_replaced_takes_no_part() {
    let nights = Nights::new();
    nights.decided("n1", "A,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n", &[]);
    let replaced = "B,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,7,A,\n";
    assert_eq!(verdicts(&nights.decided("n2", replaced, &["n1"])), ["allow "]);
    // The third night sees the replacement, and not what it replaced.
    let rows = nights.decided("n3", "C,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n", &["n1", "n2"]);
    assert!(rows[0]["detail"].ends_with("n2.csv in n2"), "{}", rows[0]["detail"]);
    assert_eq!(nights.json("n3", "summary.json")["history"]["lines_used"], 1);
    // A void alone, and what is billed anew.
    let voided = "A,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,8,,\nD,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n";
    assert_eq!(verdicts(&nights.decided("n2", voided, &["n1"])), ["allow "]);
}

#[test]
fn lines_of_others_change_nothing() {
    let nights = Nights::new();
    nights.decided("n1", "A,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n", &[]);
    let tonight = "B,1,2026-03-01,22513,M80.08XA,M2,P1,1,100,,,\nB,2,2026-03-01,22515,M80.08XA,M2,P1,9,100,,,\n";
    nights.decided("n2", tonight, &[]);
    let alone = fs::read(nights.folder("n2").join("decisions.csv")).unwrap();
    nights.decided("n2", tonight, &["n1"]);
    assert_eq!(fs::read(nights.folder("n2").join("decisions.csv")).unwrap(), alone);
    assert_eq!(nights.json("n2", "summary.json")["history"]["lines_used"], 0);
}

#[test]
fn runs_that_cannot_take_part_are_refused() {
    let nights = Nights::new();
    let first = format!("{HEADER}A,1,2026-03-01,22513,M80.08XA,M1,P1,1,100,,,\n");
    let tonight = first.replace('A', "B");
    assert_eq!(nights.run("n1", &first, &[], &[]).status, 0);
    let refused = |before: &[&str], words: &str| {
        let ran = nights.run("n2", &tonight, before, &[]);
        assert!(ran.status == 2 && ran.stderr.contains(words), "{words}: {} {}", ran.status, ran.stderr);
        assert!(!nights.folder("n2").exists());
    };
    refused(&["nowhere"], "manifest.json");
    refused(&["n1", "./n1"], "given twice");
    // The same input again.
    let same = nights.run("n2", &first, &["n1"], &[]);
    assert!(same.status == 2 && same.stderr.contains("has read") && same.stderr.contains("already"), "{}", same.stderr);
    let file = nights.folder("n1").join("history.bin");
    let sound = fs::read(&file).unwrap();
    let put = |bytes: &[u8]| fs::write(&file, bytes).unwrap();
    for place in [0, 40, sound.len() - 3] {
        let mut changed = sound.clone();
        changed[place] ^= 1;
        put(&changed);
        refused(&["n1"], "history.bin is not the one");
        let verify = told(common::program().arg("verify").arg(nights.folder("n1")));
        assert!(verify.stdout.contains("history.bin has been changed"), "{}", verify.stdout);
    }
    let mut other = sound.clone();
    other[8] = 9;
    put(&other);
    refused(&["n1"], "has form 9");
    put(&sound[..sound.len() - 1]);
    refused(&["n1"], "history.bin is not the one");
    fs::remove_file(&file).unwrap();
    refused(&["n1"], "history.bin");
    // A run that kept none.
    let mut command = nights.place.run();
    assert_eq!(told(command.arg(nights.place.inputs().join("n1.csv"))).status, 0);
    refused(&["run"], "make it again with --keep-history");
}

#[test]
fn it_does_not_depend_on_how_the_run_is_done() {
    let nights = Nights::new();
    let rows = |claim: &str| -> String {
        let row = |at: usize| format!("{claim}{at},1,2026-03-01,2251{},M80.08XA,M{},P1,1,100,,,\n", 3 + at % 3, at % 5);
        (0..60).map(row).collect()
    };
    let bytes =
        |night: &str| ["decisions.csv", "history.bin"].map(|file| fs::read(nights.folder(night).join(file)).unwrap());
    let mut usual = None;
    for how in [
        &["--threads", "1"][..],
        &["--threads", "3", "--batch-bytes", "64"],
        &["--threads", "2", "--batch-bytes", "300", "--memory", "24K"],
    ] {
        let how = [&["--overwrite"], how].concat();
        assert_eq!(nights.run("n1", &format!("{HEADER}{}", rows("A")), &[], &how).stderr, "");
        assert_eq!(nights.run("n2", &format!("{HEADER}{}", rows("B")), &["n1"], &how).stderr, "");
        let found = (bytes("n1"), bytes("n2"));
        assert_eq!(*usual.get_or_insert_with(|| found.clone()), found, "{how:?}");
    }
}

/// The findings of some nights' last, once night by night and once all together.
fn last_night(nights: &Nights, parts: &[Vec<Line>]) -> [Vec<String>; 2] {
    let names = ["n1", "n2", "n3"];
    for (at, part) in parts.iter().enumerate() {
        let ran = nights.run(names[at], &text(part), &names[..at], &["--overwrite"]);
        assert!([0, 3].contains(&ran.status), "{}", ran.stderr);
    }
    let ran = nights.run("all", &text(&parts.concat()), &[], &["--overwrite"]);
    assert!([0, 3].contains(&ran.status), "{}", ran.stderr);
    let rows = |night: &str| -> Vec<String> {
        let rows = nights.decisions(night);
        // LIN007 is about a claim within one run.
        let edits = |row: &Row| row["rules"].split(';').filter(|rule| *rule != "LIN007").collect::<Vec<_>>().join(";");
        rows.iter().map(|row| format!("{} {}", row["claim_id"], edits(row))).collect()
    };
    let (last, all) = (rows("n3"), rows("all"));
    let all = all[all.len() - last.len()..].to_vec();
    [last, all]
}

#[test]
fn nights_that_know_of_each_other_find_what_one_run_finds() {
    let nights = Nights::new();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    // The second of a pair is pended whatever the order; what an earlier night made of it
    // stays as it was, so there is none but on the last.
    let part = |last: bool| {
        sound_lines(1..30).prop_map(move |mut lines| {
            for procedure in lines.iter_mut().map(|line| &mut line[3]).filter(|_| !last) {
                *procedure = procedure.replace("22511", "22510").replace("22514", "22513");
            }
            lines
        })
    };
    runner
        .run(&(part(false), part(false), part(true)), |(one, two, three)| {
            let [last, all] = last_night(&nights, &[one, two, three]);
            prop_assert_eq!(last, all);
            Ok(())
        })
        .unwrap();
}

#[test]
fn an_extract_run_file_after_file_comes_to_its_truth() {
    let nights = Nights::new();
    let out = nights.place.outputs();
    let mut generate = common::program();
    generate.current_dir(&out).args(["generate", "--history", "--lines", "3000", "--seed", "9"]);
    let generated = told(generate.args(["--out", "extract", "--truth", "truth.csv"]));
    assert_eq!(generated.status, 0, "{}", generated.stderr);
    let truth = rows_of(&fs::read(out.join("truth.csv")).unwrap());
    let mut files: Vec<_> = fs::read_dir(out.join("extract")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    let (mut before, mut used): (Vec<String>, u64) = (Vec::new(), 0);
    for file in files.iter().map(|file| file.to_str().unwrap()) {
        let mut run = common::program();
        run.current_dir(&out).args(["run", "--no-sync", "--quiet", "--keep-history"]).arg(format!("extract/{file}"));
        for folder in &before {
            run.args(["--history", folder]);
        }
        let night = file.trim_end_matches(".csv").to_owned();
        let ran = told(run.args(["--out", &night]));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        used += nights.json(&night, "summary.json")["history"]["lines_used"].as_u64().unwrap_or(0);
        let found: Vec<_> = nights
            .decisions(&night)
            .iter()
            .map(|row| [&row["source_row"], &row["claim_id"], &row["disposition"], &row["rule"]].map(Clone::clone))
            .collect();
        let known: Vec<_> = truth
            .iter()
            .filter(|row| Path::new(&row["file"]).file_name().unwrap() == file && row["nightly_superseded"].is_empty())
            .map(|row| {
                [&row["row"], &row["claim_id"], &row["nightly_disposition"], &row["nightly_rule"]].map(Clone::clone)
            })
            .collect();
        let differ: Vec<_> = found.iter().zip(&known).filter(|(found, known)| found != known).collect();
        assert!(found.len() == known.len() && differ.is_empty(), "{file}: {differ:#?}");
        before.push(night);
    }
    assert!(used > 20, "{used}");
}
