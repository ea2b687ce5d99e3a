//! `explain` with a claim of a finished run.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use adjudicate::policy::embedded_policies;
use serde_json::Value;

use super::finished::{CLAIMS, finished_run, pipe, tamper};
use super::{complaint, run_in, status, text};

const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business,member_id,\
                      provider_npi,units,billed_amount,modifiers,diagnosis_pointers,symptomatic,conservative_weeks";

/// A folder with inputs and a run of them in `audit`.
struct Finished(tempfile::TempDir);

impl Finished {
    /// Runs over files of these lines.
    fn of(files: &[(&str, &str)], options: &[&str]) -> Self {
        let place = tempfile::tempdir().unwrap();
        for (name, lines) in files {
            fs::write(place.path().join(name), format!("{HEADER}\n{lines}")).unwrap();
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        Self(place).ran(&names, options)
    }

    fn ran(self, inputs: &[&str], options: &[&str]) -> Self {
        let run = [&["run"], inputs, &["--out", "audit", "--quiet", "--no-sync"], options].concat();
        let output = run_in(self.path(), &run);
        assert!(matches!(status(&output), 0 | 3), "{}", complaint(&output));
        self
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// What is told; never of a member.
    fn told(&self, arguments: &[&str]) -> String {
        let output = run_in(self.path(), &[&["explain", "audit"], arguments].concat());
        assert_eq!(status(&output), 0, "{arguments:?}: {}", complaint(&output));
        assert_eq!(complaint(&output), "");
        assert!(!text(&output).contains("MEMBER"), "{arguments:?}");
        text(&output)
    }

    /// The one line that is told, as JSON.
    fn line(&self, arguments: &[&str]) -> Value {
        let told = self.json(arguments);
        assert_eq!(told["lines"].as_array().unwrap().len(), 1, "{told:#}");
        told["lines"][0].clone()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.told(&[arguments, &["--json"]].concat())).unwrap()
    }
}

/// What another line is to the one that is told, with its file, row and number.
fn others(line: &Value) -> Vec<String> {
    let one = |other: &Value| {
        let relations: Vec<_> =
            other["relations"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        format!(
            "{}:{} {}/{} {} x{} {} {}: {}",
            other["source_file"].as_str().unwrap(),
            other["source_row"],
            other["claim_id"].as_str().unwrap(),
            other["line_number"],
            other["procedure_code"].as_str().unwrap(),
            other["units"].as_str().unwrap(),
            other["disposition"].as_str().unwrap(),
            other["rule"].as_str().unwrap(),
            relations.join("; "),
        )
    };
    line["others"].as_array().unwrap().iter().map(one).collect()
}

/// Without what is another one in every run, or in every release.
fn lasting(told: &str, place: &Path) -> String {
    let told = told.replace(&place.display().to_string(), "PLACE").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let is_digest = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_time = |word: &str| word.starts_with("20") && word.contains('T') && word.ends_with('Z');
    let mut lasting = told.clone();
    for word in told.split(|c: char| !c.is_ascii_alphanumeric() && !"-:.".contains(c)) {
        if is_digest(word) {
            lasting = lasting.replace(word, "DIGEST");
        } else if is_time(word) {
            lasting = lasting.replace(word, "TIME");
        }
    }
    lasting
}

#[test]
fn explain_tells_a_line_in_every_form() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().unwrap();
    let audit = place.path().join("audit").display().to_string();
    let run = ["run", "sample_data/claims.csv", "--out", &audit, "--quiet", "--no-sync"];
    assert_eq!(status(&run_in(root, &run)), 3);
    let told = |arguments: &[&str]| {
        let output = run_in(root, &[&["explain", &audit], arguments].concat());
        assert_eq!((status(&output), complaint(&output).as_str()), (0, ""));
        assert!(!text(&output).contains("SYN-MEMBER"), "{arguments:?}");
        lasting(&text(&output), place.path())
    };
    insta::assert_snapshot!("sample_text", told(&["SYN0044", "2"]));
    insta::assert_snapshot!("sample_markdown", told(&["SYN0027", "1", "--markdown"]));
    insta::assert_snapshot!("sample_json", told(&["SYN0048", "1", "--json"]));
    // Every line that was decided comes to the same again.
    let decisions = fs::read_to_string(place.path().join("audit/decisions.csv")).unwrap();
    let mut claims: Vec<&str> = decisions.lines().skip(1).map(|row| row.split(',').nth(2).unwrap()).collect();
    claims.dedup();
    for claim in claims {
        let told: Value = serde_json::from_str(&told(&[claim, "--json"])).unwrap();
        for line in told["lines"].as_array().unwrap() {
            assert_eq!(line["as_recorded"], true, "{claim}: {line:#}");
        }
    }
}

#[test]
fn explain_tells_the_lines_of_a_run() {
    let run = Finished(finished_run(&["--unlisted-diagnosis", "pend"]));
    insta::assert_snapshot!("explain_claim", lasting(&run.told(&["C1"]), run.path()));
    let line = run.line(&["C2", "1"]);
    assert_eq!(line["findings"][0]["weight"], "pend", "as the run's options had it");
    assert_eq!(line["line_number"], 1);
    assert_eq!(line["as_recorded"], true);
    assert!(run.told(&["C2"]).contains("--unlisted-diagnosis pend"));
    assert!(run.told(&["C3"]).contains("PGM001"));
    for (claim, line) in [("C4", "1"), ("C5", "1"), ("C1", "3"), ("none", "1"), ("C1", "one")] {
        let output = run_in(run.path(), &["explain", "audit", claim, line]);
        assert_eq!((status(&output), text(&output).as_str()), (2, ""));
        let said = complaint(&output);
        assert!(line == "one" || said.contains("not among the decisions") && said.contains("rejects.csv"), "{said}");
    }
}

#[test]
fn an_allowed_line_and_an_unlisted_diagnosis() {
    let lines = "A,1,2026-03-01,22513-RT,M80.08XA;M54.50,hmo,MEMBER-1,9990000001,1,100,,A,yes,8\n\
                 B,1,2026-03-01,22514,M54.50,,MEMBER-2,9990000001,1,100,,,,\n";
    let run = Finished::of(&[("claims.csv", lines)], &[]);
    let allowed = run.line(&["A"]);
    assert_eq!((&allowed["disposition"], &allowed["as_recorded"]), (&"allow".into(), &true.into()));
    assert_eq!(allowed["billed"]["procedure"], "22513-RT");
    assert_eq!(allowed["billed"]["pointed"], Value::from(vec!["M80.08XA"]));
    assert_eq!(allowed["examined"]["indication"], "K1");
    assert_eq!(allowed["examined"]["facts"][1]["value"], "8");
    let shown = run.told(&["A"]);
    for words in ["written 22513-RT", "A, at M80.08XA", "commercial (billed as hmo)", "symptomatic: yes", "K1 met:"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let denied = run.line(&["B"]);
    let finding = &denied["findings"][0];
    assert_eq!((&finding["rule"], &finding["carc"]), (&"COV002".into(), &"11".into()));
    let changes = finding["changes"].as_str().unwrap();
    assert!(changes.contains("if the record documents one") && changes.contains("none may be added"), "{changes}");
    // No hint leads to a diagnosis that pays.
    assert!(!changes.contains("M80") && !changes.contains("C79"), "{changes}");
    assert_eq!(denied["examined"]["diagnoses"][0]["standing"], "not listed");
    assert!(run.told(&["B"]).contains("commercial (no line of business given)"));
}

#[test]
fn a_duplicate_in_another_file_is_named() {
    let line = |claim: &str| format!("{claim},1,2026-03-01,22513,M80.08XA,,MEMBER-1,9990000001,1,100,,,,\n");
    let run = Finished::of(&[("a.csv", &line("C1")), ("b.csv", &line("C2"))], &[]);
    let duplicate = run.line(&["C2"]);
    assert_eq!(duplicate["rule"], "LIN004");
    assert_eq!(duplicate["as_recorded"], true);
    assert_eq!(duplicate["findings"][0]["detail"], "same as row 1 of a.csv");
    assert_eq!(others(&duplicate), ["a.csv:1 C1/1 22513 x1 allow : this line repeats it (LIN004)"]);
    assert!(duplicate["findings"][0]["changes"].as_str().unwrap().contains("claim C1, line 1: 22513, allow"));
    assert_eq!(others(&run.line(&["C1"])), ["b.csv:1 C2/1 22513 x1 deny LIN004: repeats this line (LIN004)"]);

    // Where the first file is gone, the record counts, and the difference is told.
    fs::remove_file(run.path().join("a.csv")).unwrap();
    let told = run.json(&["C2"]);
    let line = &told["lines"][0];
    assert_eq!((&line["rule"], &line["disposition"]), (&"LIN004".into(), &"deny".into()));
    assert_eq!(line["as_recorded"], false);
    let differs = line["differences"].as_array().unwrap();
    assert!(differs.iter().any(|one| one["what"] == "disposition" && one["now"] == "allow"), "{differs:?}");
    assert!(told["notes"][0].as_str().unwrap().starts_with("a.csv was not read again"), "{told:#}");
    let shown = run.told(&["C2"]);
    assert!(shown.contains("DIFFERS:") && shown.contains("deny: The coded data"), "{shown}");
}

#[test]
fn an_add_on_whose_primary_is_denied() {
    let lines = "C1,1,2026-03-01,22514,M54.50,,MEMBER-1,9990000001,1,100,,,,\n\
                 C2,1,2026-03-01,22515,M80.08XA,,MEMBER-1,9990000001,1,100,,,,\n\
                 C3,1,2026-03-02,22515,M80.08XA,,MEMBER-1,9990000001,1,100,,,,\n";
    let run = Finished::of(&[("claims.csv", lines)], &[]);
    let add_on = run.line(&["C2"]);
    assert_eq!(add_on["rule"], "LIN002");
    assert_eq!(others(&add_on), ["claims.csv:1 C1/1 22514 x1 deny COV002: a primary of this add-on"]);
    assert!(add_on["findings"][0]["changes"].as_str().unwrap().contains("claim C1, line 1: 22514, deny by COV002"));
    let alone = run.line(&["C3"]);
    assert_eq!((&alone["rule"], others(&alone).len()), (&"LIN001".into(), 0));
    let changes = alone["findings"][0]["changes"].as_str().unwrap();
    assert!(changes.contains("22513, 22514") && changes.contains("same session"), "{changes}");
}

#[test]
fn units_are_summed_over_lines() {
    let line = |number: u32, units: u32, billed: u32| {
        format!("C1,{number},2026-03-01,22515,M80.08XA,,MEMBER-1,9990000001,{units},{billed},,,,\n")
    };
    let primary = "C1,1,2026-03-01,22514,M80.08XA,,MEMBER-1,9990000001,1,100,,,,\n";
    let lines = [primary.to_owned(), line(2, 2, 10), line(3, 2, 20), line(4, 1, 30)].concat();
    let run = Finished::of(&[("claims.csv", &lines)], &[]);
    let over = run.line(&["C1", "4"]);
    assert_eq!(over["rule"], "LIN003");
    assert_eq!(over["findings"][0]["detail"], "5 units so far that day, limit 4");
    assert_eq!(
        others(&over),
        [
            "claims.csv:1 C1/1 22514 x1 allow : a primary of this add-on",
            "claims.csv:2 C1/2 22515 x2 allow : its units are summed with this line's",
            "claims.csv:3 C1/3 22515 x2 allow : its units are summed with this line's",
        ]
    );
    assert_eq!(run.json(&["C1"])["lines"].as_array().unwrap().len(), 4);
}

#[test]
fn an_input_that_is_gone_or_changed_is_told() {
    let run = Finished(finished_run(&[]));
    let input = run.path().join("claims.csv");
    let read_again = |words: &str| {
        let line = run.line(&["C1", "2"]);
        assert!(line["not_read_again"].as_str().unwrap().contains(words), "{line:#}");
        assert_eq!((&line["billed"], &line["examined"]), (&Value::Null, &Value::Null));
        assert_eq!(line["as_recorded"], Value::Null);
        assert_eq!(line["rule"], "COV003", "what is recorded is told");
        assert_eq!(line["detail"], "M80.88XA; M54.5 incomplete");
        let shown = run.told(&["C1", "2"]);
        assert!(shown.contains("Not read again:") && shown.contains("M80.88XA; M54.5 incomplete"), "{shown}");
        assert!(shown.contains("What could not be told") && shown.contains("What claim data cannot show"), "{shown}");
    };
    fs::write(&input, CLAIMS.replace("M80.88XA", "M80.08XA")).unwrap();
    read_again("its digest is another");
    fs::write(&input, format!("{CLAIMS}C9,1,2026-03-02,22514,M80.08XA,,M9,,\n")).unwrap();
    read_again("it has changed: it has");
    fs::remove_file(&input).unwrap();
    read_again("it was looked for in");

    // From another folder, relative names lead elsewhere.
    let run = Finished(finished_run(&[]));
    let elsewhere = tempfile::tempdir().unwrap();
    let audit = run.path().join("audit").display().to_string();
    let shown = text(&run_in(elsewhere.path(), &["explain", &audit, "C1", "1"]));
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("names are taken from the current folder"), "{shown}");
}

#[test]
fn standard_input_cannot_be_read_again() {
    let place = tempfile::tempdir().unwrap();
    let mut child = super::command(place.path(), &["run", "-", "--out", "audit", "--quiet", "--no-sync"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(CLAIMS.as_bytes()).unwrap();
    child.wait().unwrap();
    let line = Finished(place).line(&["C1", "1"]);
    assert!(line["not_read_again"].as_str().unwrap().contains("standard input"), "{line:#}");
}

#[test]
fn compressed_inputs_are_read_again() {
    let place = tempfile::tempdir().unwrap();
    let file = fs::File::create(place.path().join("claims.csv.zst")).unwrap();
    zstd::stream::copy_encode(CLAIMS.as_bytes(), file, 3).unwrap();
    let run = Finished(place).ran(&["claims.csv.zst"], &["--digest", "sha256"]);
    assert_eq!(run.line(&["C1", "2"])["as_recorded"], true);
}

#[test]
fn a_policy_or_a_layout_that_has_changed_is_told() {
    let place = tempfile::tempdir().unwrap();
    let (_, policy) = embedded_policies()[0];
    fs::write(place.path().join("claims.csv"), CLAIMS).unwrap();
    fs::write(place.path().join("policy.toml"), policy).unwrap();
    let (_, layout) = adjudicate::input::embedded_layouts().iter().find(|(name, _)| *name == "native").unwrap();
    fs::write(place.path().join("layout.toml"), layout).unwrap();
    let options = ["--policy", "policy.toml", "--layout", "layout.toml"];
    let run = Finished(place).ran(&["claims.csv"], &options);
    let line = run.line(&["C2"]);
    assert_eq!((&line["as_recorded"], line["findings"][0]["basis"] != ""), (&true.into(), true));

    fs::write(run.path().join("policy.toml"), format!("{policy}\n")).unwrap();
    let line = run.line(&["C2"]);
    assert_eq!(line["findings"][0]["basis"], "");
    assert_eq!(line["billed"]["diagnoses"], "M54.50", "the row is read all the same");
    assert_eq!((&line["as_recorded"], &line["examined"]), (&Value::Null, &Value::Null));
    let shown = run.told(&["C2"]);
    assert!(shown.contains("can no longer be read as it was") && shown.contains("Not decided again:"), "{shown}");

    fs::write(run.path().join("policy.toml"), policy).unwrap();
    fs::write(run.path().join("layout.toml"), format!("{layout}\n")).unwrap();
    let line = run.line(&["C2"]);
    assert!(line["not_read_again"].as_str().unwrap().contains("layout"), "{line:#}");
    assert_ne!(line["findings"][0]["basis"], "");
}

#[test]
fn a_run_of_flagged_lines_tells_what_it_left_out() {
    let run = Finished(finished_run(&["--select", "flagged"]));
    let line = run.line(&["C1", "1"]);
    assert_eq!((&line["recorded"], &line["disposition"]), (&false.into(), &"allow".into()));
    let flagged = run.line(&["C1", "2"]);
    assert_eq!((&flagged["recorded"], &flagged["as_recorded"]), (&true.into(), &true.into()));
    assert_eq!(run.json(&["C1"])["lines"].as_array().unwrap().len(), 2);
    let shown = run.told(&["C1", "1"]);
    assert!(shown.contains("Not recorded:") && shown.contains("--select flagged"), "{shown}");
    fs::remove_file(run.path().join("claims.csv")).unwrap();
    let output = run_in(run.path(), &["explain", "audit", "C1", "1"]);
    assert_eq!(status(&output), 2);
    let said = complaint(&output);
    assert!(said.contains("kept flagged lines only") && said.contains("was not read again"), "{said}");
}

#[test]
fn a_session_is_found_where_no_decision_leads_to_it() {
    let line = |claim: &str| format!("{claim},1,2026-03-01,22513,M80.08XA,,MEMBER-1,9990000001,1,100,,,,\n");
    let run = Finished::of(&[("a.csv", &line("C1")), ("b.csv", &line("C2"))], &["--select", "flagged"]);
    let allowed = run.line(&["C1"]);
    assert_eq!((&allowed["recorded"], &allowed["disposition"]), (&false.into(), &"allow".into()));
    assert_eq!(others(&allowed), ["b.csv:1 C2/1 22513 x1 deny LIN004: repeats this line (LIN004)"]);
}

#[test]
fn explain_tells_the_same_of_either_format() {
    let [of_csv, of_parquet] = ["csv", "parquet"].map(|format| {
        let run = Finished(finished_run(&["--format", format]));
        run.json(&["C1"])["lines"].clone()
    });
    assert_eq!(of_csv[1]["rule"], "COV003");
    assert_eq!(of_csv, of_parquet);
}

#[test]
fn explain_reads_parquet_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().unwrap();
    fs::copy(root.join("sample_data/claims.parquet"), place.path().join("claims.parquet")).unwrap();
    let run = Finished(place).ran(&["claims.parquet"], &[]);
    let line = run.line(&["SYN0044", "2"]);
    assert_eq!((&line["rule"], &line["as_recorded"]), (&"LIN002".into(), &true.into()));
    assert_eq!(others(&line), ["claims.parquet:46 SYN0044/1 22514 x1 deny COV002: a primary of this add-on"]);
    assert_eq!(line["billed"]["place_of_service"], "22");
}

#[test]
fn a_line_number_that_stands_twice_is_told_twice() {
    let lines = "C1,1,2026-03-01,22513,M80.08XA,,MEMBER-1,9990000001,1,100,,,,\n\
                 C1,1,2026-03-05,22514,M80.08XA,,MEMBER-1,9990000001,1,200,,,,\n";
    let run = Finished::of(&[("claims.csv", lines)], &[]);
    let told = run.json(&["C1", "1"]);
    let [first, second] = &told["lines"].as_array().unwrap()[..] else { panic!("{told:#}") };
    assert_eq!((&first["source_row"], &second["source_row"]), (&1.into(), &2.into()));
    let expected = "claims.csv:1 C1/1 22513 x1 allow : an earlier line with the same claim and line number (LIN007)";
    assert_eq!(others(second), [expected]);
    assert_eq!(second["findings"][0]["detail"], "same claim and line number as row 1");
    assert!(others(first)[0].ends_with("a later line with the same claim and line number (LIN007)"));
}

#[test]
fn of_very_many_lines_some_are_told() {
    let line = |number: u32| format!("C1,{number},2026-03-01,22513,M80.08XA,,MEMBER-1,9990000001,1,{number},,,,\n");
    let run = Finished::of(&[("claims.csv", &(1..=120).map(line).collect::<String>())], &[]);
    let told = run.json(&["C1"]);
    assert_eq!(told["lines"].as_array().unwrap().len(), 100);
    assert!(told["notes"][0].as_str().unwrap().starts_with("20 more lines"), "{}", told["notes"]);
    let first = run.line(&["C1", "1"]);
    assert_eq!((others(&first).len(), &first["others_left_out"]), (20, &99.into()));
    // All of those that a finding rests on are told; in a sentence, some.
    let last = run.line(&["C1", "120"]);
    assert_eq!((others(&last).len(), &last["rule"]), (119, &"LIN003".into()));
    assert!(last["findings"][0]["changes"].as_str().unwrap().contains("and 114 more"));
}

#[test]
fn a_record_that_was_changed_is_told() {
    let run = Finished(finished_run(&[]));
    let decisions = run.path().join("audit/decisions.csv");
    let whole = fs::read_to_string(&decisions).unwrap();
    fs::write(&decisions, whole.replacen(",pend,COV003,", ",deny,COV002,", 1)).unwrap();
    let told = run.json(&["C1", "2"]);
    let line = &told["lines"][0];
    assert_eq!((&line["rule"], &line["as_recorded"]), (&"COV002".into(), &false.into()));
    assert!(told["notes"][0].as_str().unwrap().contains("is not as the run wrote it"), "{told:#}");
    assert!(run.told(&["C1", "2"]).contains("COV003"), "what it comes to is told beside");
}

#[test]
fn a_manifest_that_names_a_pipe_or_a_device_keeps_nobody_waiting() {
    let run = Finished(finished_run(&[]));
    pipe(&run.path().join("pipe"));
    pipe(&run.path().join("pipe.toml"));
    let manifest = fs::read(run.path().join("audit/manifest.json")).unwrap();
    for name in ["pipe", "/dev/zero"] {
        tamper(run.path(), |manifest| {
            manifest["policies"][0]["origin"] = name.into();
            manifest["layout"]["origin"] = "pipe.toml".into();
        });
        let told = run.json(&["C1"]);
        assert_eq!(
            (&told["run"]["policies"][0]["name"], &told["run"]["policies"][0]["now"]),
            (&name.into(), &"gone or changed".into())
        );
        assert!(told["notes"].to_string().contains("The layout pipe.toml is no longer what it was"), "{told:#}");
        fs::write(run.path().join("audit/manifest.json"), &manifest).unwrap();
        tamper(run.path(), |manifest| manifest["inputs"][0]["name"] = name.into());
        assert_eq!(run.json(&["C1"])["run"]["inputs"][0]["now"], "it is no file now");
        fs::write(run.path().join("audit/manifest.json"), &manifest).unwrap();
    }
}

#[test]
fn a_manual_in_markdown_is_the_manual() {
    let manual = super::printed(&["explain", "COV002", "--markdown"]);
    assert!(manual.starts_with("# COV002 diagnosis-not-supported\n\n## What it does\n"), "{manual}");
}

#[test]
fn hostile_text_is_told_as_text() {
    let claim = "<b>|**[x](http://evil.example)`\u{1b}[31m\u{202e}\u{9b}";
    let lines = format!(
        "{claim},1,2026-03-01,22514,M54.50,\"<i>|_y_\n# plan\",MEMBER-1,9990000001,1,100,\"a|b\",,,\n\
         {claim},2,2026-03-01,22515,M80.08XA,,MEMBER-1,9990000001,1,100,,,,\n"
    );
    let run = Finished::of(&[("claims.csv", &lines)], &[]);
    for form in [&[][..], &["--markdown"], &["--json"]] {
        let told = run.told(&[&[claim], form].concat());
        let acts = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!told.contains(acts), "{told:?}");
    }
    let told = run.told(&[claim, "--markdown"]);
    assert!(!told.contains("\n# plan"), "{told}");
    // What is left where every escaped character is taken away.
    let mut left = String::new();
    let mut rest = told.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            rest.next();
        } else {
            left.push(c);
        }
    }
    for markup in ["<b>", "<i>", "](", "[x", "://", "`"] {
        assert!(!left.contains(markup), "{markup}: {left}");
    }
    // A cell of a table is one cell.
    let row = left.lines().find(|line| line.starts_with("| row 1")).unwrap();
    assert_eq!(row.matches('|').count(), 8, "{row}");
}
