//! Every verb but `run`, from outside: what it prints, and with which status it
//! ends.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use adjudicate::icd10::Icd10;
use adjudicate::policy::{PolicyFile, embedded_policies};
use adjudicate::rules::{CATALOGUE, Rule};

const POLICY: &str = "02-20000-18";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjudicate"));
    // No option may come from the environment of whoever runs the tests.
    command.args(arguments).env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn adjudicate(arguments: &[&str]) -> Output {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

/// What a command prints, which must end well and say nothing else.
fn printed(arguments: &[&str]) -> String {
    let output = adjudicate(arguments);
    assert_eq!(status(&output), 0, "{arguments:?}: {}", complaint(&output));
    assert_eq!(complaint(&output), "", "{arguments:?}");
    text(&output)
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&printed(arguments)).unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A command that must fail with status 2 and say these words.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = adjudicate(arguments);
    assert_eq!(status(&output), 2, "{arguments:?}");
    assert_eq!(text(&output), "", "{arguments:?}");
    for word in words {
        assert!(complaint(&output).contains(word), "{arguments:?}: {}", complaint(&output));
    }
}

// check

#[test]
fn check_answers_like_a_colleague() {
    insta::assert_snapshot!("check_allow", printed(&["check", "22513", "M80.08XA", "M54.5", "--date", "2026-03-01"]));
    insta::assert_snapshot!(
        "check_review",
        printed(&["check", "22514", "S32.010A", "--date", "2026-03-01", "--conservative-weeks", "1"])
    );
    insta::assert_snapshot!("check_replaced", printed(&["check", "22520", "M80.08XA", "--date", "2020-05-04"]));
    insta::assert_snapshot!(
        "check_add_on",
        printed(&["check", "22515", "M80.88XA", "--date", "2026-03-01", "--with", "22513", "--with", "99213"])
    );
    insta::assert_snapshot!(
        "check_refer",
        printed(&["check", "22513", "--date", "2026-03-01", "--line-of-business", "Medicare Advantage"])
    );
}

#[test]
fn check_in_json() {
    let answer = printed(&[
        "check",
        "22513-50",
        "M48.54XA",
        "C79.51",
        "--pointer",
        "B",
        "--date",
        "2026-03-01",
        "--severe-pain",
        "--json",
    ]);
    insta::assert_snapshot!("check_json", answer);
}

#[test]
fn check_says_what_is_out_of_scope() {
    let shown = printed(&["check", "99213", "M80.08XA", "--date", "2026-03-01"]);
    assert!(shown.starts_with("99213 out of scope\n"), "{shown}");
    let answer = json(&["check", "99213", "--date", "2026-03-01", "--json"]);
    assert_eq!(answer["in_scope"], false);
    assert_eq!(answer["decision"], serde_json::Value::Null);
}

#[test]
fn check_knows_the_session() {
    let disposition = |arguments: &[&str]| {
        let mut all = vec!["check"];
        all.extend(arguments);
        all.extend(["M80.08XA", "--date", "2026-03-01", "--json"]);
        let answer = json(&all);
        let decision = &answer["decision"];
        (decision["disposition"].as_str().unwrap().to_owned(), decision["rule"].as_str().unwrap_or("").to_owned())
    };
    let told = |disposition: &str, rule: &str| (disposition.to_owned(), rule.to_owned());
    assert_eq!(disposition(&["22515"]), told("deny", "LIN001"));
    assert_eq!(disposition(&["22515", "--with", "22514"]), told("allow", ""));
    assert_eq!(disposition(&["22515", "--with", "22514", "--technique", "rfk"]), told("deny", "COV006"));
    assert_eq!(disposition(&["22511", "--with", "22510"]), told("pend", "LIN006"));
    assert_eq!(disposition(&["22513", "--units", "2"]), told("deny", "LIN003"));
    assert_eq!(disposition(&["22513", "--with", "22513"]), told("deny", "LIN003"));
    assert_eq!(disposition(&["22513", "--modifier", "50"]), told("pend", "REV004"));
    assert_eq!(disposition(&["22513", "--require-clinical"]), told("pend", "COV005"));
    assert_eq!(disposition(&["22513", "--fda-cleared-device", "no"]), told("deny", "COV007"));
    assert_eq!(disposition(&["22513", "--symptomatic", "--conservative-weeks", "6"]), told("allow", ""));
    assert_eq!(disposition(&["22513", "--symptomatic", "no", "--clinical", "deny"]), told("deny", "COV004"));
    assert_eq!(disposition(&["22513", "--line-of-business", "x", "--strict-programs"]), told("pend", "PGM004"));
    assert_eq!(disposition(&["22513", "--policy-date", "2016-01-01"]), told("pend", "POL001"));
}

#[test]
fn check_refuses_what_it_cannot_read() {
    refused(&["check", "22513", "M80.08XA"], &["--date"]);
    refused(&["check", "22513", "--date", "2026-02-30"], &["not a date", "YYYY-MM-DD"]);
    refused(&["check", "225_13", "--date", "2026-03-01"], &["not a procedure code"]);
    refused(&["check", "22513", "--date", "2026-03-01", "--units", "two"], &["--units", "not a decimal number"]);
    refused(&["check", "22513", "--date", "2026-03-01", "--pointer", "*"], &["--pointer"]);
    refused(&["check", "22513", "--date", "2026-03-01", "--symptomatic", "maybe"], &["--symptomatic", "yes/no"]);
    refused(&["check", "22513", "--date", "2026-03-01", "--conservative-weeks", "-1"], &["--conservative-weeks"]);
    refused(&["check", "22513", "--date", "2026-03-01", "--policy", "none"], &["none", POLICY]);
}

// explain

#[test]
fn explain_prints_manuals() {
    insta::assert_snapshot!("explain_cov005", printed(&["explain", "cov005"]));
    assert_eq!(printed(&["explain", "clinical-facts-missing"]), printed(&["explain", "COV005"]));
    for rule in CATALOGUE {
        let manual = json(&["explain", rule.code, "--json"]);
        assert_eq!(manual["rule"], rule.code);
        assert!(manual["manual"].as_str().unwrap().starts_with(&format!("# {}", rule.code)), "{}", rule.code);
    }
    refused(&["explain", "COV02"], &["is COV002 meant?"]);
    refused(&["explain", "src"], &["name a claim"]);
}

/// What stands in the examples of a rule's manual.
fn examples(rule: &Rule) -> Vec<String> {
    let manual: Vec<_> = rule.manual.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let blocks = manual.split(|line| line.starts_with("```")).skip(1).step_by(2);
    blocks.map(|block| block.join("\n") + "\n").collect()
}

#[test]
fn the_commands_in_a_manual_show_its_rule() {
    let mut ran = 0;
    for rule in CATALOGUE {
        let commands: Vec<_> =
            examples(rule).iter().flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        let checks: Vec<_> = commands.iter().filter_map(|line| line.strip_prefix("adjudicate ")).collect();
        let mut seen = checks.is_empty();
        for check in checks {
            ran += 1;
            seen |= printed(&check.split_whitespace().collect::<Vec<_>>()).contains(&format!("{} ", rule.code));
        }
        assert!(seen, "{}: none of its commands shows it", rule.code);
    }
    assert!(ran > 10, "{ran} commands");
}

#[test]
fn the_claims_in_a_manual_show_its_rule() {
    let mut ran = 0;
    for rule in CATALOGUE {
        for claims in examples(rule).iter().filter(|block| block.starts_with("claim_id,")) {
            ran += 1;
            let place = tempfile::tempdir().unwrap();
            fs::write(place.path().join("claims.csv"), claims).unwrap();
            let output = run_in(place.path(), &["run", "claims.csv", "--out", "audit", "--quiet", "--no-sync"]);
            assert_eq!(status(&output), 0, "{}: {}", rule.code, complaint(&output));
            let decisions = fs::read_to_string(place.path().join("audit/decisions.csv")).unwrap();
            assert!(decisions.contains(rule.code), "{}: {decisions}", rule.code);
        }
    }
    assert!(ran > 10, "{ran} files of claims");
}

// rules

#[test]
fn rules_lists_the_catalogue() {
    insta::assert_snapshot!("rules", printed(&["rules"]));
    insta::assert_snapshot!("rules_markdown", printed(&["rules", "--markdown"]));
    let rules = json(&["rules", "--json"]);
    assert_eq!(rules.as_array().unwrap().len(), CATALOGUE.len());
    refused(&["rules", "--json", "--markdown"], &["cannot be used with"]);
}

// policy

#[test]
fn policy_list_and_show() {
    insta::assert_snapshot!("policy_list", printed(&["policy", "list"]));
    insta::assert_snapshot!("policy_show", printed(&["policy", "show", POLICY]));
    insta::assert_snapshot!(
        "policy_show_example",
        printed(&["policy", "show", "A56572-example", "--policy", "policies/examples"])
    );
    let shown = json(&["policy", "show", POLICY, "--json"]);
    assert_eq!(shown["diagnosis_lists"][0]["codes"], 68);
    assert_eq!(shown["versions"].as_array().unwrap().len(), 4);
    let listed = json(&["policy", "list", "--json"]);
    assert_eq!(listed[0]["id"], POLICY);
    refused(&["policy", "show", "02-2000-18"], &["is 02-20000-18 meant?"]);
    refused(&["policy", "show", "tests/policies/small.toml"], &["--policy tests/policies/small.toml"]);
}

#[test]
fn policy_expand_names_every_code() {
    let codes = json(&["policy", "expand", POLICY, "--json"]);
    let supporting = codes.as_array().unwrap().iter().filter(|code| code["standing"] == "supporting").count();
    assert_eq!(supporting, 68);
    let on = |day: &str| json(&["policy", "expand", POLICY, "--date", day, "--json"]).as_array().unwrap().len();
    assert_eq!(on("2012-01-01"), 0, "a version that tests no diagnosis");
    assert_eq!(on("2019-01-01"), 68 + 6, "trauma was added later");
    assert!(on("2026-03-01") > 68 + 6);
    let table = printed(&["policy", "expand", POLICY, "--csv"]);
    assert_eq!(table.lines().count(), codes.as_array().unwrap().len() + 1);
    let shown = printed(&["policy", "expand", "A56572-example", "--policy", "policies/examples"]);
    insta::assert_snapshot!("policy_expand_example", shown);
}

#[test]
fn policy_lint_tells_errors_and_warnings_apart() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| fs::write(place.path().join(name), text).unwrap();
    let (_, sound) = embedded_policies()[0];
    let lint = |arguments: &[&str]| {
        let mut all = vec!["policy", "lint"];
        all.extend(arguments);
        let output = run_in(place.path(), &all);
        (status(&output), text(&output))
    };

    file("sound.toml", sound.as_bytes());
    assert_eq!(lint(&["sound.toml"]), (0, "1 file checked: 0 errors, 0 warnings\n".to_owned()));

    file("doubtful.toml", format!("{sound}\n[[service]]\nid = \"unused\"\n").as_bytes());
    let (ended, shown) = lint(&["doubtful.toml"]);
    assert_eq!(ended, 0);
    assert!(shown.starts_with("warning: doubtful.toml, service \"unused\": "), "{shown}");
    assert_eq!(lint(&["doubtful.toml", "--deny-warnings"]).0, 1);

    file("wrong.toml", sound.replace("M84.48XS", "M84.48XT").as_bytes());
    let (ended, shown) = lint(&["wrong.toml", "doubtful.toml", "--deny-warnings"]);
    assert_eq!(ended, 2);
    assert!(shown.contains("error: wrong.toml, ") && shown.contains("M84.48XT"), "{shown}");
    assert!(shown.ends_with("2 files checked: 1 error, 1 warning\n"), "{shown}");

    // Sound alone, but not together.
    let (ended, shown) = lint(&["sound.toml", "doubtful.toml"]);
    assert_eq!(ended, 0);
    assert!(shown.contains("not to be loaded together"), "{shown}");

    for (name, text) in
        [("empty.toml", &b""[..]), ("binary.toml", b"\xff\xfe\0"), ("later.toml", b"schema = 99"), ("text.toml", b"x")]
    {
        file(name, text);
        assert_eq!(lint(&[name]).0, 2, "{name}");
    }
    assert_eq!(lint(&["."]).0, 2);
    let verdict = run_in(place.path(), &["policy", "lint", "wrong.toml", "--json"]);
    let verdict: serde_json::Value = serde_json::from_str(&text(&verdict)).unwrap();
    assert!(verdict["files"][0]["error"].as_str().unwrap().contains("M84.48XT"));
}

/// A policy cut short, with a line left out, or with a line twice, is refused or
/// read: it never takes the program down.
#[test]
fn no_damage_to_a_policy_makes_lint_panic() {
    let table = Icd10::embedded().unwrap();
    let (_, sound) = embedded_policies()[0];
    let parse = |text: &str| drop(PolicyFile::parse("damaged", text, &table));
    for cut in (0..sound.len()).step_by(211).filter(|cut| sound.is_char_boundary(*cut)) {
        parse(&sound[..cut]);
    }
    let lines: Vec<_> = sound.lines().collect();
    for place in (0..lines.len()).step_by(3) {
        let without: Vec<_> = lines[..place].iter().chain(&lines[place + 1..]).copied().collect();
        parse(&without.join("\n"));
        let twice: Vec<_> = lines[..=place].iter().chain(&lines[place..]).copied().collect();
        parse(&twice.join("\n"));
    }
    for character in ['"', '[', '0', '\u{0}', 'é', '–'] {
        for place in (0..lines.len()).step_by(29) {
            let mut damaged: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            damaged[place] = damaged[place].replacen(|c: char| c.is_ascii_alphanumeric(), &character.to_string(), 1);
            parse(&damaged.join("\n"));
        }
    }
}

// icd10

#[test]
fn icd10_judges_as_of_a_day() {
    insta::assert_snapshot!("icd10_table", printed(&["icd10"]));
    let shown = printed(&[
        "icd10",
        "M80.08XA",
        "m545",
        "M54.5",
        "724.2",
        "Z",
        "C79.51 – C79.52",
        "M80.08XA to M80.08XS",
        "--date",
        "2021-10-01",
    ]);
    insta::assert_snapshot!("icd10_codes", shown);
    let answers = json(&["icd10", "M54.50", "--date", "2021-09-30", "--json"]);
    assert_eq!(answers[0]["codes"][0]["status"], "not valid on the date");
    assert_eq!(answers[0]["codes"][0]["valid_from"], "2021-10-01");
    let early = printed(&["icd10", "M80.08XA", "--date", "2014-01-01"]);
    assert!(early.contains("lies outside"), "{early}");
    assert_eq!(json(&["icd10", "--date", "2025-10-01", "--json"])["in_force"][0]["codes"], 74719);
    refused(&["icd10", "M80.08XA"], &["--date"]);
    refused(&["icd10", "M80.08XS-M80.08XA", "--date", "2026-03-01"], &["the wrong way round"]);
    refused(&["icd10", "M80.08 - M80.09", "--date", "2026-03-01"], &["header"]);
    refused(&["icd10", "M80*", "--date", "2026-03-01"], &["not a code"]);
}

// A finished run: explain and verify

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

// generate

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

// What holds for all

#[test]
fn every_verb_has_help_with_examples() {
    let verbs: [&[&str]; 12] = [
        &["run"],
        &["check"],
        &["explain"],
        &["rules"],
        &["policy", "list"],
        &["policy", "show"],
        &["policy", "lint"],
        &["policy", "expand"],
        &["icd10"],
        &["verify"],
        &["generate"],
        &["completions"],
    ];
    for verb in verbs {
        let mut arguments = verb.to_vec();
        arguments.push("--help");
        assert!(printed(&arguments).contains("Examples:\n  adjudicate "), "{verb:?}");
    }
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(printed(&["completions", shell]).contains("adjudicate"), "{shell}");
    }
    refused(&["completions", "cmd"], &["possible values"]);
}

#[test]
fn there_is_no_colour_where_there_is_no_terminal() {
    let commands: [&[&str]; 4] = [
        &["check", "22513", "M54.50", "--date", "2026-03-01"],
        &["explain", "COV002"],
        &["rules"],
        &["policy", "show", POLICY],
    ];
    for arguments in commands {
        assert!(!printed(arguments).contains('\u{1b}'), "{arguments:?}");
    }
    // It is there where it is asked for.
    let output = command(Path::new("."), &["rules"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(text(&output).contains('\u{1b}'));
    let output = command(Path::new("."), &["rules"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!text(&output).contains('\u{1b}'));
}

#[test]
fn what_arguments_say_cannot_reach_the_terminal() {
    let output =
        adjudicate(&["check", "22513", "\u{1b}[2J", "--date", "2026-03-01", "--line-of-business", "\u{1b}[31m"]);
    assert!(!text(&output).contains('\u{1b}'), "{}", text(&output));
    let output = adjudicate(&["explain", "\u{1b}[31mCOV"]);
    assert!(!complaint(&output).contains('\u{1b}'), "{}", complaint(&output));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let commands: [&[&str]; 2] =
        [&["policy", "expand", POLICY, "--json"], &["icd10", "A00.0 - Z99.89", "--date", "2026-03-01"]];
    for arguments in commands {
        let mut child = command(root, arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A few bytes, as `head -1` would, and then no more.
        let mut out = child.stdout.take().unwrap();
        out.read_exact(&mut [0; 8]).unwrap();
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!(status(&output), 0, "{arguments:?}");
        assert_eq!(complaint(&output), "", "{arguments:?}");
    }
}
