//! `policy` and its verbs.

use std::fs;

use adjudicate::icd10::Icd10;
use adjudicate::policy::{PolicyFile, embedded_policies};

use super::{POLICY, json, printed, refused, run_in, status, text};

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
