//! A retrospective audit of a synthetic extract of years: every count, every dollar and
//! every row is what the extract's truth says.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use adjudicate::claim::Decimal;
use common::{Row, Workplace, program, rows_of, told};
use serde_json::Value;

const LOOK_BACK: i32 = 12;
const AS_OF: &str = "2021-06-15";

/// Lines, and dollars as they are summed: in ten-thousandths.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
struct Sum {
    lines: u64,
    billed: i64,
    paid: i64,
}

/// Dollars as read, or as JSON has them.
fn dollars(text: &str) -> i64 {
    if text.is_empty() { 0 } else { Decimal::parse(text.as_bytes()).unwrap().ten_thousandths() }
}

fn sum<'r>(rows: impl IntoIterator<Item = &'r Row>, paid: &str) -> Sum {
    rows.into_iter().fold(Sum::default(), |sum, row| Sum {
        lines: sum.lines + 1,
        billed: sum.billed + dollars(&row["billed"]),
        paid: sum.paid + dollars(&row[paid]),
    })
}

/// The sums by a column, those without a line left out.
fn sums<'r>(rows: impl IntoIterator<Item = &'r Row>, key: &str, paid: &str) -> BTreeMap<String, Sum> {
    let mut groups: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| !row[key].is_empty()) {
        groups.entry(row[key].clone()).or_default().push(row);
    }
    groups.into_iter().map(|(key, rows)| (key, sum(rows, paid))).collect()
}

fn amounts(value: &Value) -> Sum {
    let cents = |name: &str| dollars(&format!("{:.2}", value[name].as_f64().unwrap()));
    Sum { lines: value["lines"].as_u64().unwrap(), billed: cents("billed"), paid: cents("paid") }
}

fn keyed(values: &Value, key: &str) -> BTreeMap<String, Sum> {
    let all = values.as_array().unwrap().iter().map(|one| (one[key].as_str().unwrap().to_owned(), amounts(one)));
    all.filter(|(_, sum)| sum.lines > 0).collect()
}

/// Whether what was paid then, or served, can still be asked back.
fn is_recoverable(row: &Row) -> bool {
    let since = if row["paid_date"].is_empty() { &row["service_date"] } else { &row["paid_date"] };
    let (year, rest) = since.split_once('-').unwrap();
    format!("{:04}-{rest}", year.parse::<i32>().unwrap() + LOOK_BACK / 12).as_str() >= AS_OF
}

fn place_of(row: &Row) -> (String, u64) {
    let file = Path::new(&row["source_file"]).file_name().unwrap().to_str().unwrap().to_owned();
    (file, row["source_row"].parse().unwrap())
}

#[test]
fn an_audit_of_years_comes_to_what_is_known() {
    let place = Workplace::new();
    let made = told(program().current_dir(place.inputs()).args([
        "generate",
        "--history",
        "--lines",
        "20000",
        "--seed",
        "5",
        "--out",
        "extract",
        "--truth",
        "truth.csv",
        "--json",
    ]));
    assert_eq!(made.status, 0, "{}", made.stderr);
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let ran = told(place.run().arg("extract").args(["--look-back", &LOOK_BACK.to_string(), "--as-of", AS_OF]));
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let truth = rows_of(&fs::read(place.inputs().join("truth.csv")).unwrap());
    let summary: Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    let (standing, fallen): (Vec<&Row>, Vec<&Row>) = truth.iter().partition(|row| row["superseded"].is_empty());
    let of_payer = |row: &&&Row| row["claim_status"] == "denied";
    let denied = || standing.iter().filter(|row| row["disposition"] == "deny").copied();

    // Rows add up, in all and by file.
    let count = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!(count("rows"), 20_000);
    assert_eq!(count("out_of_scope"), 20_000 - truth.len() as u64);
    assert_eq!((count("decided"), count("superseded")), (standing.len() as u64, fallen.len() as u64));
    assert_eq!(count("rejected"), 0);
    let by_file = |rows: &[&Row]| sums(rows.iter().copied(), "file", "paid");
    let (stand, fall) = (by_file(&standing), by_file(&fallen));
    for file in summary["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap().rsplit('/').next().unwrap();
        let lines = |sums: &BTreeMap<String, Sum>| sums.get(name).map_or(0, |sum| sum.lines);
        let told = ["decided", "superseded"].map(|name| file[name].as_u64().unwrap());
        assert_eq!(told, [lines(&stand), lines(&fall)], "{name}");
    }

    // Every sum.
    let all = || standing.iter().copied();
    let final_action = &summary["final_action"];
    let already = sum(standing.iter().filter(of_payer).copied(), "paid");
    for (what, told, known) in [
        ("disposition", keyed(&summary["by_disposition"], "key"), sums(all(), "disposition", "exposure_paid")),
        ("rule", keyed(&summary["by_rule"], "rule"), sums(all(), "rule", "exposure_paid")),
        ("version", keyed(&summary["by_version"], "policy_version"), sums(all(), "policy_version", "exposure_paid")),
        ("superseded", keyed(&final_action["superseded"], "key"), sums(fallen.iter().copied(), "superseded", "paid")),
    ] {
        // What an advice only remarks on names no line.
        assert!(!known.is_empty());
        assert_eq!(told, known, "by {what}");
    }
    assert_eq!(amounts(&summary["total"]), sum(all(), "exposure_paid"));
    assert_eq!(amounts(&summary["already_denied"]), already);
    assert_eq!(dollars(&format!("{:.2}", summary["exposure"].as_f64().unwrap())), sum(denied(), "exposure_paid").paid);
    for name in
        ["forked", "cycles", "voids_without_original", "replacements_without_original", "reversals_without_line"]
    {
        assert_eq!(final_action[name], made["totals"][name], "{name}");
        assert!(final_action[name].as_u64().unwrap() > 0, "{name}");
    }
    let recovery = &summary["recovery"];
    for (name, wanted) in [("recoverable", true), ("lapsed", false)] {
        let rows = denied().filter(|row| !of_payer(&row) && is_recoverable(row) == wanted);
        let (told, known) = (amounts(&recovery[name]), sum(rows, "exposure_paid"));
        assert_eq!((told.lines, told.paid), (known.lines, known.paid), "{name}");
        assert!(known.lines > 0, "{name}");
    }

    // A comparison reads the same exposure from the decisions.
    let compared =
        told(program().current_dir(place.inputs()).arg("compare").arg(place.out()).arg(place.out()).arg("--json"));
    let compared: Value = serde_json::from_str(&compared.stdout).unwrap();
    let exposures = ["exposure_a", "exposure_b"].map(|name| compared["total"][name].as_f64().unwrap());
    assert!(exposures.iter().all(|one| (one - summary["exposure"].as_f64().unwrap()).abs() < 1e-6), "{exposures:?}");

    // Every row.
    let mut known: BTreeMap<(String, u64), &Row> = BTreeMap::new();
    known.extend(truth.iter().map(|row| ((row["file"].clone(), row["row"].parse().unwrap()), row)));
    for row in rows_of(place.read("decisions.csv").as_bytes()) {
        let truth = known.remove(&place_of(&row)).unwrap();
        let recovery = match truth["disposition"].as_str() {
            "deny" if truth["claim_status"] == "denied" => "",
            "deny" if is_recoverable(truth) => "recoverable",
            "deny" => "lapsed",
            _ => "",
        };
        let columns = ["claim_id", "line_number", "disposition", "rule", "policy_version", "claim_status"];
        for column in columns {
            assert_eq!(row[column], truth[column], "{column} of {truth:?}");
        }
        assert_eq!((row["override"].as_str(), row["recovery"].as_str()), ("", recovery), "{truth:?}");
        assert!(truth["superseded"].is_empty(), "{truth:?}");
    }
    for row in rows_of(place.read("superseded.csv").as_bytes()) {
        let truth = known.remove(&place_of(&row)).unwrap();
        for (of_row, of_truth) in [
            ("claim_id", "claim_id"),
            ("line_number", "line_number"),
            ("service_date", "service_date"),
            ("reason", "superseded"),
        ] {
            assert_eq!(row[of_row], truth[of_truth], "{of_row} of {truth:?}");
        }
    }
    assert!(known.is_empty(), "rows of which nothing became: {known:?}");
}
