//! What whoever runs it at night must not miss is said on the terminal, counted in
//! `summary.json`, and shown in the report.

mod common;

use common::{Told, Workplace, told};
use serde_json::{Value, json};

const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business,paid_amount\n";

/// So many lines that are allowed.
fn claims(lines: usize) -> String {
    let line = |number| format!("C{number},1,2026-03-01,22513,M80.08XA,,100.00\n");
    std::iter::once(HEADER.to_owned()).chain((1..=lines).map(line)).collect()
}

/// A run with these arguments, its status, and the ids and counts of its warnings. Each
/// is told in the same words everywhere.
fn warned(place: &Workplace, arguments: &[&str], status: i32) -> Vec<(String, u64)> {
    let told = told(place.run().arg("--overwrite").args(arguments));
    assert_eq!(told.status, status, "{told:?}");
    let warnings = warnings(place);
    let report = place.read("report.html").replace("&#x27;", "'").replace("&amp;", "&").replace("&#x2f;", "/");
    for one in &warnings {
        let text = one["text"].as_str().unwrap();
        assert!(told.stderr.contains(&format!("warning: {text}\n")), "{text} is not in {}", told.stderr);
        assert_eq!(report.matches(text).count(), 2, "{text}");
    }
    assert_eq!(told.stderr.matches("warning: ").count(), warnings.len(), "{}", told.stderr);
    let one = |one: &Value| (one["id"].as_str().unwrap().to_owned(), one["count"].as_u64().unwrap());
    warnings.iter().map(one).collect()
}

fn warnings(place: &Workplace) -> Vec<Value> {
    let summary: Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    summary["warnings"].as_array().unwrap().clone()
}

fn is(warnings: &[(String, u64)], expected: &[(&str, u64)]) {
    let warnings: Vec<_> = warnings.iter().map(|(id, count)| (id.as_str(), *count)).collect();
    assert_eq!(warnings, expected);
}

#[test]
fn a_run_in_which_all_is_well_says_nothing() {
    let place = Workplace::new();
    place.write("a.csv", claims(3));
    is(&warned(&place, &["a.csv", "--max-rejects", "0"], 0), &[]);
    assert!(place.read("report.html").contains("The run gave no warning."));
}

#[test]
fn nothing_in_scope_and_nothing_at_all() {
    let place = Workplace::new();
    place.write("a.csv", claims(3).replace("22513", "99213"));
    place.write("b.csv", HEADER);
    is(&warned(&place, &["a.csv"], 0), &[("nothing-in-scope", 3)]);
    is(&warned(&place, &["a.csv", "b.csv"], 0), &[("empty-input", 1), ("nothing-in-scope", 3)]);
    // One row that cannot be read is no line in scope either.
    place.write("c.csv", claims(3).replace("22513", "99213") + "a,b,c\n");
    is(&warned(&place, &["c.csv"], 3), &[("nothing-in-scope", 4)]);
    is(&warned(&place, &["b.csv"], 0), &[("empty-input", 1)]);
}

#[test]
fn service_dates_outside_of_the_table() {
    let place = Workplace::new();
    let text = claims(5).replacen("2026-03-01", "2015-09-30", 1).replacen("2026-03-01", "2015-10-01", 1);
    place.write("a.csv", text.replacen("2026-03-01", "2027-10-01", 1).replacen("2026-03-01", "2027-09-30", 1));
    is(&warned(&place, &["a.csv"], 0), &[("date-before-table", 1), ("date-after-table", 1)]);
    let summary: Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    assert_eq!((&summary["before_table"], &summary["after_table"]), (&json!(1), &json!(1)));

    // What another version replaced is not decided, so nothing is told of it.
    let versions = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,claim_frequency,original_claim_id\n\
        C1,1,2027-10-01,22513,M80.08XA,1,\nC2,1,2026-03-01,22513,M80.08XA,7,C1\n";
    place.write("b.csv", versions);
    is(&warned(&place, &["b.csv"], 0), &[]);
}

#[test]
fn more_rejects_than_allowed() {
    let place = Workplace::new();
    let bad = claims(200).replacen("2026-03-01", "someday", 1).replacen("2026-03-01", "", 1);
    // Rows out of scope do not make the share smaller.
    let beside = claims(1_000).replacen(HEADER, "", 1).replace("22513", "99213");
    place.write("a.csv", [bad, beside].concat());
    for (limit, exceeded) in [("0", true), ("1", true), ("2", false), ("0.99%", true), ("1%", false), ("100%", false)] {
        let status = if exceeded { 1 } else { 3 };
        let expected: &[_] = if exceeded { &[("rejects-over-limit", 2)] } else { &[] };
        is(&warned(&place, &["a.csv", "--max-rejects", limit], status), expected);
        assert_eq!(place.read("rejects.csv").lines().count(), 3, "the folder is there to look at");
    }
    let text = warnings(&place);
    assert!(text.is_empty());
    warned(&place, &["a.csv", "--max-rejects=0.50%"], 1);
    assert_eq!(
        warnings(&place)[0]["text"],
        "2 of 200 rows that are not out of scope were rejected, more than --max-rejects 0.5% allows"
    );
    // From a file, as a number and as a share.
    for (limit, status) in [("1", 1), ("2", 3), ("\"0.5%\"", 1), ("\"5%\"", 3)] {
        place.write("job.toml", format!("max-rejects = {limit}\n"));
        assert_eq!(told(place.run().args(["a.csv", "--overwrite", "--config", "job.toml"])).status, status, "{limit}");
    }
    place.write("job.toml", "max-rejects = 0.5\n");
    let told: Told = told(place.run().args(["a.csv", "--overwrite", "--config", "job.toml"]));
    assert!(told.status == 2 && told.stderr.contains("max-rejects: a limit of rejects is"), "{told:?}");
}

#[test]
fn what_an_open_quote_hides_is_no_single_reject() {
    let place = Workplace::new();
    place.write("a.csv", claims(100).replacen("C2,1,2026-03-01,22513,", "C2,1,2026-03-01,22513,\"", 1));
    place.write("b.csv", claims(100));
    // 99 rows are gone, and a share of rejects would not show it.
    is(&warned(&place, &["a.csv", "b.csv", "--max-rejects", "5%"], 3), &[("input-not-read-to-its-end", 1)]);
}

#[test]
fn warnings_are_told_where_little_else_is() {
    let place = Workplace::new();
    place.write("a.csv", claims(1).replace("22513", "99213"));
    let quiet = told(place.run().args(["a.csv", "--quiet", "--overwrite"]));
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.matches("warning: no line is in scope").count()), ("", 1));
    let json = told(place.run().args(["a.csv", "--json", "--overwrite"]));
    let summary: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(summary["warnings"][0]["id"], "nothing-in-scope");
}

/// A policy in which something is replaced.
fn policy(place: &Workplace, changes: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(common::repository("tests/policies/small.toml")).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    place.write("policy.toml", text);
}

#[test]
fn policies_that_can_judge_no_line() {
    let place = Workplace::new();
    place.write("a.csv", claims(1).replace("22513", "10001"));
    let text = std::fs::read_to_string(common::repository("tests/policies/small.toml")).unwrap();
    let versions = &text[text.find("[[version]]").unwrap()..];
    let says_nothing = "no version says anything of any of its procedures";
    for (changes, arguments, why) in [
        (&[][..], &[][..], ""),
        (&[(versions, "")], &[], "it has no version"),
        // The code of every procedure ended before, or began after.
        (&[("from = 2015-01-01", "from = 2014-01-01\nto = 2014-12-31")], &[], says_nothing),
        // All of it lies before the table.
        (
            &[
                ("from = 2016-01-01", "from = 2010-01-01"),
                ("from = 2020-01-01", "from = 2012-01-01\nto = 2015-09-30"),
                ("as_in = 2016-01-01", "as_in = 2010-01-01"),
            ],
            &[],
            says_nothing,
        ),
        (&[], &["--policy-date", "2015-12-31"], "no version of it is in force on 2015-12-31"),
        (&[], &["--policy-date", "2016-01-01"], ""),
        // A line of business means only what some file says.
        (
            &[("programs = [\"commercial\"]", "programs = [\"sao\"]")],
            &[],
            "no line of business means its program (sao)",
        ),
        (&[("programs = [\"commercial\"]", "programs = [\"sao\", \"commercial\"]")], &[], ""),
    ] {
        policy(&place, changes);
        let all: Vec<&str> = ["a.csv", "--policy", "policy.toml"].iter().chain(arguments).copied().collect();
        let found = warned(&place, &all, 0);
        let never = found.iter().filter(|(id, _)| id == "policy-never-judges").map(|(_, count)| *count).next();
        assert_eq!(never, (!why.is_empty()).then_some(1), "{changes:?} {found:?}");
        let Some(warning) = warnings(&place).into_iter().find(|one| one["id"] == "policy-never-judges") else {
            continue;
        };
        let text = warning["text"].as_str().unwrap();
        assert!(text.contains(&format!("policy P1: {why}")), "{text}");
        let dry = told(place.run().args(&all).arg("--dry-run"));
        assert!(dry.stdout.contains(&format!("P1 can judge no line: {why}")), "{}", dry.stdout);
        if arguments.is_empty() {
            let lint =
                told(common::program().current_dir(place.inputs()).args(["policy", "lint", "policy.toml", "--json"]));
            assert!(lint.stdout.contains(&format!("it can judge no line: {why}")), "{}", lint.stdout);
        }
    }
}

#[test]
fn doubts_about_a_policy_are_counted() {
    let place = Workplace::new();
    place.write("a.csv", claims(1).replace("22513", "10001").replace("M80.08XA", "C41.2"));
    policy(&place, &[("[[service]]\nid = \"spine\"\n", "[[service]]\nid = \"spine\"\n[[service]]\nid = \"idle\"\n")]);
    is(&warned(&place, &["a.csv", "--policy", "policy.toml"], 0), &[("policy-doubts", 1)]);
    policy(&place, &[]);
    is(&warned(&place, &["a.csv", "--policy", "policy.toml"], 0), &[]);
}
