//! `adjudicate run` from the outside: its exit status, the folder it leaves, where
//! its input and its options come from, and what it prints.

mod common;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use adjudicate::report::Manifest;
use common::{Told, Workplace, told};

/// Stand in the claims, and nowhere in what is told to people.
const PRIVATE: [&str; 2] = ["TESTMEMBER4711", "TESTMEMBER0815"];
const HEADER: &str =
    "claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,provider_npi,paid_amount,symptomatic\n";
const ALLOWED: &str = "C1,1,2026-03-01,22513,M80.08XA,TESTMEMBER4711,1111111112,1800.00,\n";
const PENDED: &str = "C2,1,2026-03-01,22514,S32.010A,TESTMEMBER0815,1111111112,1700.00,\n";
const DENIED: &str = "C3,1,2026-03-02,22514,M54.50,TESTMEMBER4711,2222222223,1600.00,\n";
const REJECTED: &str = "C4,1,2026-03-02,22514,M80.08XA,TESTMEMBER0815,2222222223,1500.00,perhaps\n";
const OUTSIDE: &str = "C5,1,2026-03-02,99213,M80.08XA,TESTMEMBER0815,2222222223,100.00,\n";

fn text(lines: &[&str]) -> String {
    format!("{HEADER}{}", lines.concat())
}

/// A workplace with one file.
fn with(lines: &[&str]) -> Workplace {
    let place = Workplace::new();
    place.write("a.csv", text(lines));
    place
}

fn run(place: &Workplace, arguments: &[&str]) -> Told {
    told(place.run().arg("a.csv").args(arguments))
}

/// A member that a text names.
fn private_in(text: &str) -> Option<&'static str> {
    PRIVATE.into_iter().find(|member| text.contains(member))
}

/// The claims of the decisions, in order.
fn decided(place: &Workplace) -> Vec<String> {
    let rows = common::rows_of(place.read("decisions.csv").as_bytes());
    rows.into_iter().map(|row| row["claim_id"].clone()).collect()
}

#[test]
fn the_exit_status_tells_what_came_of_it() {
    for (lines, arguments, status) in [
        (&[ALLOWED, OUTSIDE][..], &[][..], 0),
        (&[ALLOWED, PENDED, DENIED], &[], 0),
        (&[ALLOWED, REJECTED], &[], 3),
        (&[ALLOWED], &["--fail-on", "deny"], 0),
        (&[ALLOWED], &["--fail-on", "pend"], 0),
        (&[ALLOWED, PENDED], &["--fail-on", "deny"], 0),
        (&[ALLOWED, PENDED], &["--fail-on", "pend"], 1),
        (&[ALLOWED, DENIED], &["--fail-on", "deny"], 1),
        (&[ALLOWED, DENIED], &["--fail-on", "pend"], 1),
        (&[DENIED, REJECTED], &["--fail-on", "deny"], 1),
        (&[PENDED, REJECTED], &["--fail-on", "deny"], 3),
        (&[PENDED], &["--fail-on", "deny", "--colour"], 2),
        (&[DENIED], &["--fail-on", "deny", "--unlisted-diagnosis", "pend"], 0),
    ] {
        let place = with(lines);
        let told = run(&place, arguments);
        assert_eq!(told.status, status, "{lines:?} {arguments:?}: {told:?}");
        assert_eq!(place.out().exists(), status != 2);
    }
}

#[test]
fn the_folder_is_whole_and_for_its_owner_alone() {
    for umask in ["022", "000", "077"] {
        let place = with(&[ALLOWED, PENDED, DENIED, REJECTED, OUTSIDE]);
        let mut bash = Command::new("bash");
        bash.current_dir(place.inputs()).args(["-c", &format!(r#"umask {umask}; exec "$0" run a.csv --out "$1""#)]);
        let told = told(bash.arg(env!("CARGO_BIN_EXE_adjudicate")).arg(place.out()));
        assert_eq!(told.status, 3, "{told:?}");
        assert_eq!(place.left(), ["run"]);

        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(place.out()), 0o700, "umask {umask}");
        let mut names: Vec<String> =
            fs::read_dir(place.out()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(
            names,
            ["decisions.csv", "manifest.json", "rejects.csv", "report.html", "sample.csv", "summary.json"]
        );
        for name in names {
            assert_eq!(mode(place.out().join(&name)), 0o600, "umask {umask}: {name}");
        }
        assert_eq!(Manifest::read(&place.out()).unwrap().differences(&place.out()), Vec::<String>::new());
    }
}

#[test]
fn the_manifest_holds_digests_of_what_was_read_and_written() {
    let place = with(&[ALLOWED, DENIED]);
    for digest in ["blake3", "sha256"] {
        assert_eq!(run(&place, &["--overwrite", "--digest", digest]).status, 0);
        let manifest = Manifest::read(&place.out()).unwrap();
        assert_eq!(manifest.differences(&place.out()), Vec::<String>::new());
        let input = &manifest.inputs[0];
        assert_eq!(input.bytes, text(&[ALLOWED, DENIED]).len() as u64);
        let hasher = std::fs::File::open(place.inputs().join("a.csv")).unwrap();
        assert_eq!(adjudicate::digest::Hasher::of(manifest.digest, hasher).unwrap().0, input.digest);
        assert_eq!(manifest.digest.name(), digest);
    }
    // A file that was changed, one that is gone, one that was added.
    let change = |name: &str, content: &str| fs::write(place.out().join(name), content).unwrap();
    change("decisions.csv", "changed");
    change("notes.txt", "added");
    fs::remove_file(place.out().join("report.html")).unwrap();
    let differences = Manifest::read(&place.out()).unwrap().differences(&place.out());
    for name in ["decisions.csv", "notes.txt", "report.html"] {
        assert!(differences.iter().any(|one| one.contains(name)), "{name}: {differences:?}");
    }
}

#[test]
fn only_a_folder_of_ours_is_replaced() {
    let place = with(&[ALLOWED]);
    assert_eq!(run(&place, &[]).status, 0);
    let first = place.read("decisions.csv");
    assert_eq!(run(&place, &[]).status, 2, "it exists");
    place.write("a.csv", text(&[DENIED]));
    assert_eq!(run(&place, &["--overwrite"]).status, 0);
    assert_ne!(place.read("decisions.csv"), first);
    assert_eq!(place.left(), ["run"]);

    // A run that fails leaves the old folder as it was.
    let second = place.read("decisions.csv");
    place.write("a.csv", "claim_id\n");
    assert_eq!(run(&place, &["--overwrite"]).status, 2);
    assert_eq!(place.read("decisions.csv"), second);

    place.write("a.csv", text(&[ALLOWED]));
    for foreign in ["{}", "not json", r#"{"program": {"name": "another"}}"#] {
        fs::write(place.out().join("manifest.json"), foreign).unwrap();
        let told = run(&place, &["--overwrite"]);
        assert_eq!(told.status, 2, "{foreign}");
        assert!(told.stderr.contains("no manifest of ours"), "{}", told.stderr);
        assert_eq!(place.read("decisions.csv"), second);
    }
    fs::remove_dir_all(place.out()).unwrap();
    fs::write(place.out(), "a file").unwrap();
    assert_eq!(run(&place, &["--overwrite"]).status, 2);
    assert_eq!(fs::read_to_string(place.out()).unwrap(), "a file");
}

#[test]
fn claims_on_standard_input() {
    let place = Workplace::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text(&[ALLOWED, DENIED]).as_bytes()).unwrap();
    for content in [text(&[ALLOWED, DENIED]).into_bytes(), packed.finish().unwrap()] {
        let mut child = place.run().args(["-", "--overwrite"]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&content).unwrap();
        assert!(child.wait().unwrap().success());
        assert_eq!(decided(&place), ["C1", "C3"]);
        let rows = common::rows_of(place.read("decisions.csv").as_bytes());
        assert_eq!(rows[0]["source_file"], "-");
        assert_eq!(Manifest::read(&place.out()).unwrap().inputs[0].bytes, content.len() as u64);
    }
    let nothing = told(place.run().args(["-", "--overwrite"]).stdin(Stdio::null()));
    assert_eq!(nothing.status, 2);
    assert!(nothing.stderr.contains("empty"), "{nothing:?}");
}

#[test]
fn files_of_folders_and_patterns_come_in_byte_order_of_their_paths() {
    let place = Workplace::new();
    let files = ["m/b.csv", "m/B.csv", "m/a-1.csv", "m/a.csv", "m/a/z.txt", "m/10.psv", "m/9.tsv", "é.csv", "z.csv"];
    for (number, name) in files.iter().enumerate() {
        place.write(name, text(&[]) + &ALLOWED.replace("C1", &format!("{number}")));
    }
    // Neither of these is a claims file, by its ending or because it is hidden.
    place.write("m/readme.md", "none");
    place.write("m/.a.csv", "none");
    let told = told(place.run().args(["z.csv", "m", "?.csv", "--batch-bytes", "1"]).arg("--overwrite"));
    // `?.csv` holds z.csv a second time.
    assert_eq!(told.status, 2);
    assert!(told.stderr.contains("z.csv is named twice"), "{told:?}");
    let told = common::told(place.run().args(["m", "é.csv", "[y-z].csv"]));
    assert_eq!(told.status, 0, "{told:?}");
    let rows = common::rows_of(place.read("decisions.csv").as_bytes());
    let mut expected = files.to_vec();
    expected.sort_unstable();
    assert_eq!(rows.iter().map(|row| row["source_file"].as_str()).collect::<Vec<_>>(), expected);
    let inputs = Manifest::read(&place.out()).unwrap().inputs;
    assert_eq!(inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), expected);
}

#[test]
fn rows_are_numbered_within_their_file_and_words_name_the_other_file() {
    let place = Workplace::new();
    let line = "C1,1,2026-03-01,22513,M80.08XA,TESTMEMBER4711,1111111112,1800.00,\n";
    let header = HEADER.replace("paid", "billed");
    place.write("a.csv", format!("{header}{OUTSIDE}{line}"));
    place.write("b.csv", format!("{header}{OUTSIDE}{OUTSIDE}{}", line.replace("C1", "C2")));
    assert_eq!(told(place.run().args(["b.csv", "a.csv"])).status, 0);
    let rows = common::rows_of(place.read("decisions.csv").as_bytes());
    let seen: Vec<_> =
        rows.iter().map(|row| [&row["source_file"], &row["source_row"], &row["rule"], &row["detail"]]).collect();
    assert_eq!(seen, [["a.csv", "2", "", ""], ["b.csv", "3", "LIN004", "same as row 2 of a.csv"]]);
}

#[test]
fn files_of_one_run_share_no_diagnoses() {
    let place = Workplace::new();
    let file = |column: &str, line: &str| {
        format!("claim_id,line_number,service_date,procedure_code,{column},member_id\n{line}\n")
    };
    place.write("a.csv", file("diagnosis_1", "C1,1,2026-03-01,22513,M80.08XA,TESTMEMBER4711"));
    place.write("b.csv", file("diagnosis_codes", "C2,1,2026-03-01,22513,,TESTMEMBER0815"));
    assert_eq!(told(place.run().args(["a.csv", "b.csv", "--threads", "1"])).status, 0);
    let rows = common::rows_of(place.read("decisions.csv").as_bytes());
    let found: Vec<_> = rows.iter().map(|row| (&row["diagnosis_codes"][..], &row["rules"][..])).collect();
    assert_eq!(found, [("M80.08XA", ""), ("", "COD004")]);
}

#[test]
fn the_command_line_comes_before_the_environment_and_that_before_the_file() {
    let place = with(&[ALLOWED, DENIED, PENDED]);
    place.write("run.toml", "select = \"flagged\"\nfail-on = \"deny\"\nthreads = 1\nquiet = true\nno-sync = true\n");
    // The file alone.
    let told = run(&place, &["--config", "run.toml"]);
    assert_eq!((told.status, told.stdout.as_str()), (1, ""), "{told:?}");
    assert_eq!(decided(&place), ["C3", "C2"]);
    // The environment before it.
    let told = common::told(
        place.run().args(["a.csv", "--overwrite", "--config", "run.toml"]).env("ADJUDICATE_SELECT", "in-scope"),
    );
    assert_eq!(told.status, 1, "{told:?}");
    assert_eq!(decided(&place), ["C1", "C3", "C2"]);
    // The command line before both.
    let told = common::told(
        place
            .run()
            .args(["a.csv", "--overwrite", "--select", "flagged"])
            .env("ADJUDICATE_CONFIG", "run.toml")
            .env("ADJUDICATE_SELECT", "in-scope"),
    );
    assert_eq!(told.status, 1, "{told:?}");
    assert_eq!(decided(&place), ["C3", "C2"]);
    // Every option of the file.
    fs::remove_dir_all(place.out()).unwrap();
    let all = format!(
        "out = {:?}\noverwrite = false\nlayout = \"native\"\ndelimiter = \",\"\npolicy = [\"02-20000-18\"]\n\
         policy-date = 2026-02-15\nstrict-programs = true\nunlisted-diagnosis = \"pend\"\nclinical = \"deny\"\n\
         require-clinical = true\nformat = \"csv\"\ndigest = \"sha256\"\njson = true\nas-received = true\nlook-back = 12\nas-of = 2026-03-15\nno-progress = true\n",
        place.out()
    );
    place.write("all.toml", all);
    let told =
        common::told(common::program().current_dir(place.inputs()).args(["run", "a.csv", "--config", "all.toml"]));
    assert_eq!(told.status, 0, "{told:?}");
    let summary: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let options = serde_json::json!({
        "policy_date": "2026-02-15", "strict_programs": true, "require_clinical": true, "clinical_denies": true,
        "unlisted_diagnosis_pends": true, "as_received": true, "select": "in-scope",
    });
    assert_eq!(summary["options"], options);
    assert_eq!((&summary["recovery"]["months"], &summary["recovery"]["as_of"]), (&12.into(), &"2026-03-15".into()));
}

#[test]
fn a_switch_set_to_false_in_the_environment_comes_before_the_file_too() {
    let place = with(&[ALLOWED]);
    place.write("run.toml", "quiet = true\n");
    let told = common::told(place.run().args(["a.csv", "--config", "run.toml"]).env("ADJUDICATE_QUIET", "false"));
    assert_eq!(told.status, 0, "{told:?}");
    assert!(told.stdout.contains("1 decided"), "{told:?}");
}

#[test]
fn a_switch_in_the_environment_is_told_in_any_of_the_usual_words() {
    let place = with(&[ALLOWED]);
    for (word, strict) in [("1", true), ("0", false), ("yes", true), ("no", false), ("true", true), ("off", false)] {
        let told = common::told(place.run().args(["a.csv", "--overwrite"]).env("ADJUDICATE_STRICT_PROGRAMS", word));
        assert_eq!(told.status, 0, "{word}: {told:?}");
        assert_eq!(Manifest::read(&place.out()).unwrap().options.strict_programs, strict, "{word}");
    }
    let told = common::told(place.run().arg("a.csv").env("ADJUDICATE_STRICT_PROGRAMS", "perhaps"));
    assert_eq!(told.status, 2, "{told:?}");
}

#[test]
fn policies_of_the_environment_are_split_and_those_of_the_command_line_are_not() {
    let place = with(&[ALLOWED]);
    let names = "schema = 1\n[[program]]\nprogram = \"fep\"\nnames = [\"postal\"]\n";
    place.write("a:b.toml", names);
    place.write("c.toml", names);
    place.write("run.toml", "policy = [\"none.toml\"]\n");
    let origins = || -> Vec<String> {
        Manifest::read(&place.out()).unwrap().policies.into_iter().map(|policy| policy.origin).collect()
    };
    let told = run(&place, &["--overwrite", "--policy", "a:b.toml", "--policy", "02-20000-18"]);
    assert_eq!(told.status, 0, "{told:?}");
    assert_eq!(origins(), ["a:b.toml", "embedded:02-20000-18"]);
    let from_environment = |arguments: &[&str]| {
        let mut command = place.run();
        common::told(
            command.args(["a.csv", "--overwrite"]).args(arguments).env("ADJUDICATE_POLICY", "02-20000-18:c.toml"),
        )
    };
    // Before the file, and after the command line.
    let told = from_environment(&["--config", "run.toml"]);
    assert_eq!(told.status, 0, "{told:?}");
    assert_eq!(origins(), ["embedded:02-20000-18", "c.toml"]);
    let told = from_environment(&["--policy", "02-20000-18"]);
    assert_eq!(told.status, 0, "{told:?}");
    assert_eq!(origins(), ["embedded:02-20000-18"]);
}

#[test]
fn the_manifest_tells_how_to_repeat_the_run() {
    let place = with(&[ALLOWED]);
    assert_eq!(run(&place, &[]).status, 0);
    let manifest = Manifest::read(&place.out()).unwrap();
    assert_eq!((manifest.layout.name.as_str(), manifest.layout.origin.as_str()), ("native", "embedded:native"));
    let options = serde_json::to_value(manifest.options).unwrap();
    let usual = serde_json::json!({
        "policy_date": null, "strict_programs": false, "unlisted_diagnosis": "deny", "clinical": "pend",
        "require_clinical": false, "select": "in-scope", "format": "csv", "delimiter": null,
        "xlsx": false, "spreadsheet_safe": false,
        "as_received": false, "look_back": null, "overrides": null, "as_of": null,
    });
    assert_eq!(options, usual);

    // What the file and the environment say is not among the arguments.
    let layout = fs::read_to_string(common::repository("layouts/native.toml")).unwrap();
    place.write("own.toml", &layout);
    place.write(
        "run.toml",
        "layout = \"own.toml\"\ndelimiter = \",\"\npolicy-date = 2026-02-15\nstrict-programs = true\n\
         unlisted-diagnosis = \"pend\"\nclinical = \"deny\"\nrequire-clinical = true\nselect = \"flagged\"\nxlsx = true\n\
         spreadsheet-safe = true\nas-received = true\nlook-back = 12\nas-of = 2026-03-15\noverrides = \"o.csv\"\n",
    );
    let overrides = "id,owner,reason,expires,rules,procedure\nA,Appeals,upheld,2026-12-31,all,22513\n";
    place.write("o.csv", overrides);
    let overrides_digest = adjudicate::digest::DigestKind::Blake3.of(overrides.as_bytes());
    let told =
        told(place.run().args(["a.csv", "--overwrite", "--config", "run.toml"]).env("ADJUDICATE_FORMAT", "parquet"));
    assert_eq!(told.status, 0, "{told:?}");
    let manifest = Manifest::read(&place.out()).unwrap();
    assert_eq!((manifest.layout.origin.as_str(), manifest.layout.bytes), ("own.toml", layout.len() as u64));
    let (digest, _) = adjudicate::digest::Hasher::of(manifest.digest, layout.as_bytes()).unwrap();
    assert_eq!(manifest.layout.digest, digest);
    let options = serde_json::to_value(manifest.options).unwrap();
    let all = serde_json::json!({
        "policy_date": "2026-02-15", "strict_programs": true, "unlisted_diagnosis": "pend", "clinical": "deny",
        "require_clinical": true, "select": "flagged", "format": "parquet", "delimiter": ",",
        "xlsx": true, "spreadsheet_safe": true, "as_received": true, "look_back": 12, "as_of": "2026-03-15",
        "overrides": {"name": "o.csv", "digest": overrides_digest, "bytes": overrides.len()},
    });
    assert_eq!(options, all);
}

#[test]
fn an_argument_that_is_not_utf8_does_not_undo_a_run() {
    use std::os::unix::ffi::OsStrExt as _;

    let place = with(&[ALLOWED]);
    let out = place.outputs().join(std::ffi::OsStr::from_bytes(b"run-\xff"));
    let told = told(common::program().current_dir(place.inputs()).args(["run", "a.csv", "--out"]).arg(&out));
    assert_eq!(told.status, 0, "{told:?}");
    assert!(Manifest::read(&out).unwrap().arguments.contains(&format!("{}", out.display())));
}

#[test]
fn a_manifest_that_leaves_out_a_file_of_every_run_differs() {
    let place = with(&[ALLOWED]);
    for name in ["decisions.csv", "rejects.csv", "sample.csv", "summary.json", "report.html"] {
        assert_eq!(run(&place, &["--overwrite"]).status, 0);
        let mut manifest = Manifest::read(&place.out()).unwrap();
        manifest.files.retain(|file| file.name != name);
        fs::remove_file(place.out().join(name)).unwrap();
        assert_eq!(manifest.differences(&place.out()).len(), 1, "{name}");
        fs::write(place.out().join("manifest.json"), manifest.to_json().unwrap()).unwrap();
        let told = told(common::program().arg("verify").arg(place.out()));
        assert_eq!(told.status, 2, "{name}: {told:?}");
    }
}

#[test]
fn what_a_link_leads_to_is_replaced_and_not_the_link() {
    let place = with(&[ALLOWED]);
    assert_eq!(run(&place, &[]).status, 0);
    let elsewhere = place.inputs().join("real");
    fs::rename(place.out(), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, place.out()).unwrap();
    place.write("a.csv", text(&[DENIED]));
    assert_eq!(run(&place, &[]).status, 2, "it exists");
    assert_eq!(run(&place, &["--overwrite"]).status, 0);
    assert!(place.out().is_symlink() && !elsewhere.is_symlink());
    assert_eq!(decided(&place), ["C3"]);
    assert_eq!(place.left(), ["run"]);
    let hidden = fs::read_dir(place.inputs())
        .unwrap()
        .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with('.')));
    assert_eq!(hidden.count(), 0);
    // A link that leads nowhere is not ours.
    fs::remove_dir_all(&elsewhere).unwrap();
    assert_eq!(run(&place, &["--overwrite"]).status, 2);
}

#[test]
fn a_dry_run_shows_the_first_rows_whatever_they_are() {
    let place = Workplace::new();
    let carrier =
        |first: &str, second: &str, procedure: &str| format!("C1,1,2026-03-01,{procedure},{first},{second}\n");
    place.write(
        "own.toml",
        "name = \"own\"\n[columns]\nclaim_id = \"id\"\nline_number = \"line\"\n\
        service_date = \"day\"\nprocedure_code = \"code\"\ndiagnosis_codes = [\"first\", \"second\"]\n",
    );
    place.write(
        "a.csv",
        format!(
            "id,line,day,code,first,second\n{}C1,2\n\n{}{}",
            carrier("M1", "M2", ""),
            carrier(" ", "M4", "22513"),
            carrier("M5", "M6", "22513"),
        ),
    );
    let told =
        told(common::program().current_dir(place.inputs()).args(["run", "a.csv", "--dry-run", "--layout", "own.toml"]));
    assert_eq!(told.status, 0, "{told:?}");
    for words in ["row 1\n", "= M1\n", "row 2 has 2 fields, not 6", "row 3\n", "diagnosis_codes = M4\n"] {
        assert!(told.stdout.contains(words), "{words}: {}", told.stdout);
    }
    for words in ["M2", "M5", "M6", "row 4"] {
        assert!(!told.stdout.contains(words), "{words}: {}", told.stdout);
    }
}

#[test]
fn a_config_file_with_a_mistake_names_it() {
    let place = with(&[ALLOWED]);
    for (text, word) in [
        ("colour = 1\n", "colour"),
        ("threads = \"two\"\n", "threads"),
        ("threads = 0\n", "threads"),
        ("memory = \"plenty\"\n", "memory"),
        ("delimiter = \"ab\"\n", "delimiter"),
        ("policy-date = 2026-02-15T10:00:00\n", "policy-date"),
        ("policy-date = \"2026-02-15\"\n", "policy-date"),
        ("fail-on = \"refer\"\n", "fail-on"),
        ("= 1\n", "line 1"),
    ] {
        place.write("run.toml", text);
        let told = run(&place, &["--config", "run.toml"]);
        assert_eq!(told.status, 2, "{text}: {told:?}");
        assert!(told.stderr.contains("run.toml") && told.stderr.contains(word), "{text}: {}", told.stderr);
        assert_eq!(place.left(), Vec::<String>::new());
    }
}

#[test]
fn a_dry_run_says_what_it_sees_and_writes_nothing() {
    let place = with(&[ALLOWED, REJECTED, OUTSIDE, DENIED]);
    for out in [false, true] {
        let mut command = common::program();
        command.current_dir(place.inputs()).args(["run", "a.csv", "--dry-run"]);
        if out {
            command.arg("--out").arg(place.outputs().join("new/run"));
        }
        let told = told(&mut command);
        assert_eq!(told.status, 0, "{told:?}");
        for word in [
            "a.csv",
            "CSV",
            "delimiter `,`",
            "9 columns",
            "native",
            "mapped    claim_id from claim_id",
            "units",
            "C1",
            "02-20000-18",
            "Nothing was written",
        ] {
            assert!(told.stdout.contains(word), "{word}: {}", told.stdout);
        }
        assert_eq!(private_in(&told.stdout), None);
        assert_eq!(place.left(), Vec::<String>::new());
        assert_eq!(fs::read_dir(place.inputs()).unwrap().count(), 1);
    }
    // What a run would refuse, a dry run refuses.
    place.write("a.csv", "claim_id,line_number\n");
    assert_eq!(told(common::program().current_dir(place.inputs()).args(["run", "a.csv", "--dry-run"])).status, 2);
}

#[test]
fn what_is_printed_is_the_summary_or_nothing() {
    let place = with(&[ALLOWED, PENDED, DENIED, REJECTED, OUTSIDE]);
    let json = run(&place, &["--json"]);
    assert_eq!(json.stdout, place.read("summary.json"));
    assert_eq!(json.stderr, "");
    let quiet = run(&place, &["--quiet", "--overwrite"]);
    assert_eq!((quiet.status, quiet.stdout.as_str(), quiet.stderr.as_str()), (3, "", ""));
    let words = run(&place, &["--overwrite"]);
    assert_eq!(words.stderr, "");
    for word in
        ["5 rows: 1 out of scope, 3 decided, 1 rejected", "deny", "$1,600.00", "COV002", "symptomatic", "report.html"]
    {
        assert!(words.stdout.contains(word), "{word}: {}", words.stdout);
    }
    // An error is told all the same.
    let error = run(&place, &["--quiet"]);
    assert_eq!(error.status, 2);
    assert!(error.stderr.starts_with("error: "), "{error:?}");
}

#[test]
fn a_run_that_nobody_reads_of_is_complete_all_the_same() {
    let place = with(&[DENIED]);
    let mut child = place.run().args(["a.csv", "--fail-on", "deny"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1), "the reader has gone");
    assert_eq!(place.left(), ["run"]);

    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let told = told(place.run().args(["a.csv", "--fail-on", "deny", "--overwrite"]).stdout(full));
    assert_eq!(told.status, 1, "{told:?}");
    assert!(told.stderr.contains("standard output"), "{told:?}");
}

#[test]
fn an_error_that_cannot_be_told_is_a_status_all_the_same() {
    let place = with(&[]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    assert_eq!(told(place.run().arg("nowhere.csv").stderr(full)).status, 2);
}

#[test]
fn decisions_may_leave_out_what_is_allowed() {
    let place = with(&[ALLOWED, PENDED, DENIED, OUTSIDE]);
    assert_eq!(run(&place, &["--select", "flagged"]).status, 0);
    assert_eq!(decided(&place), ["C2", "C3"]);
    let summary: serde_json::Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    assert_eq!((&summary["decided"], &summary["total"]["lines"]), (&3.into(), &3.into()), "the summary holds all");
}

#[test]
fn no_member_is_told_anywhere_but_in_the_rejected_row() {
    let lines: Vec<String> = [ALLOWED, PENDED, DENIED, REJECTED, OUTSIDE]
        .iter()
        .map(|line| (*line).to_owned())
        .chain([ALLOWED.replace("C1", "C6"), "C7,TESTMEMBER4711\n".to_owned()])
        .collect();
    let place = Workplace::new();
    place.write("a.csv", format!("{HEADER}{}", lines.concat()));
    let told = run(&place, &[]);
    assert_eq!(told.status, 3, "{told:?}");
    let mut texts = vec![("stdout", told.stdout), ("stderr", told.stderr)];
    for name in ["decisions.csv", "sample.csv", "summary.json", "report.html", "manifest.json"] {
        texts.push((name, place.read(name)));
    }
    for (name, text) in texts {
        assert_eq!(private_in(&text), None, "{name}: {text}");
    }
    let rejects = common::rows_of(place.read("rejects.csv").as_bytes());
    assert_eq!(rejects.len(), 2);
    assert_eq!(rejects[0]["row"], REJECTED.trim_end(), "the row as it was read");
    for row in &rejects {
        assert_eq!(private_in(&row["reason"]), None);
    }
}

#[test]
fn claims_in_the_report_are_text_and_no_markup() {
    let place = with(&[]);
    let line = ALLOWED.replace("1111111112", "<script>alert(1)</script>").replace("M80.08XA", "M54.50");
    place.write("<b>&.csv", format!("{HEADER}{line}"));
    assert_eq!(told(place.run().arg("<b>&.csv")).status, 0);
    let page = place.read("report.html");
    // The page has one script, its own, which its policy names by its hash.
    assert!(page.matches("<script").count() == 1 && !page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let place = with(&[ALLOWED, PENDED, DENIED, REJECTED, OUTSIDE]);
    let mut seen = Vec::new();
    for threads in ["1", "2", "8"] {
        assert_eq!(run(&place, &["--overwrite", "--threads", threads, "--batch-bytes", "1"]).status, 3);
        seen.push(["decisions.csv", "rejects.csv", "sample.csv", "summary.json"].map(|name| place.read(name)));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

/// Lines of every other claim again, later and on other claims, so that sessions
/// have stretches far apart.
fn many_lines() -> String {
    let mut text = HEADER.to_owned();
    for round in 0..3 {
        for claim in 0..4_000 {
            let number = claim % 3 + 1;
            let member = if round == 1 { claim / 2 } else { claim };
            let procedure = ["22513", "22515", "22514"][claim % 3];
            let line = format!(
                "C{round}{},{number},2026-03-01,{procedure},M80.08XA,TESTMEMBER4711{member},1111111112,1800.00,\n",
                claim / 3
            );
            text.push_str(&line);
        }
    }
    text
}

#[test]
fn a_limit_of_memory_changes_nothing_but_where_lines_wait() {
    let place = Workplace::new();
    place.write("a.csv", many_lines());
    let mut seen = Vec::new();
    for memory in ["1G", "1500K", "1000K"] {
        let told = run(&place, &["--overwrite", "--memory", memory, "--batch-bytes", "65536"]);
        assert_eq!(told.status, 0, "{memory}: {}", told.stderr);
        seen.push(["decisions.csv", "rejects.csv", "sample.csv", "summary.json"].map(|name| place.read(name)));
    }
    assert!(seen[0][0].contains("LIN00"), "line edits had something to find");
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);

    let told = run(&place, &["--overwrite", "--memory", "20K"]);
    assert_eq!(told.status, 2);
    assert!(told.stderr.contains("--memory") && told.stderr.contains("split"), "{}", told.stderr);
}
