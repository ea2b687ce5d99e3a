//! `check`: one procedure, decided and explained.

use super::{POLICY, json, printed, refused};

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
