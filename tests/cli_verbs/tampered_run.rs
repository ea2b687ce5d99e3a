//! A run in whose summary every part has something to tell, for tests that change it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::tampered::{extract, record};
use super::{complaint, run_in, status};

const OVERRIDES: &str = r#"
[[override]]
id = "APPEALS-1"
owner = "Appeals"
reason = "Made up"
expires = 2027-12-31
rules = ["COV002", "LIN004"]
procedure = ["22510", "22511", "22513", "22514"]
to = 2025-12-31

[[override]]
id = "APPEALS-2"
owner = "Appeals"
reason = "Made up"
expires = 2027-12-31
rules = ["COV002"]
procedure = ["22510", "22511", "22513", "22514"]
to = 2025-12-31

[[override]]
id = "OLD-1"
owner = "Appeals"
reason = "Made up"
expires = 2025-12-31
rules = "all"
procedure = ["22513"]
"#;

pub(super) const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,units,billed_amount,\
                      paid_amount,claim_status,allowed_amount,member_id\n";

/// Lines by which every part of a summary has something to tell: providers of whom one is
/// unlike the others, days outside of the diagnosis table, statuses that nobody knows, a row
/// that cannot be read, and one that is never closed.
fn odd_lines() -> String {
    let mut text = HEADER.to_owned();
    let mut line = |provider: usize, number: usize, day: &str, code: &str, status: &str| {
        let (claim, paid) = (provider * 1000 + number, 900 + provider);
        let paid = if number == 3 { String::new() } else { paid.to_string() };
        writeln!(text, "ODD{claim},1,{day},22513,{code},999000{provider:04},1,2000,{paid},{status},1000,ODD-M{claim}")
            .unwrap();
    };
    for provider in 0..9 {
        for number in 0..40 {
            let listed = provider != 4 || number % 3 == 0;
            let day = format!("2026-0{}-1{}", 1 + number % 5, number % 7);
            line(provider, number, &day, if listed { "M80.08XA" } else { "M54.50" }, "paid");
        }
    }
    line(7, 50, "2014-03-02", "M80.08XA", "paid");
    line(7, 51, "2029-03-02", "M80.08XA", "shredded");
    line(7, 52, "2026-03-02", "M80.08XA", "denied");
    text + "ODD9,1,no day,22513,M80.08XA,9990000001,1,2000,900,paid,1000,ODD-M9\n"
}

/// A run of all options whose figures stand in the summary.
pub(super) fn run_of_everything(place: &Path) {
    extract(place);
    fs::write(place.join("extract/odd.csv"), odd_lines() + "ODD10,1,\"2026-03-02,22513,M80.08XA\n").unwrap();
    fs::write(place.join("extract/empty.csv"), HEADER).unwrap();
    fs::write(place.join("overrides.toml"), OVERRIDES).unwrap();
    fs::write(place.join("earlier.csv"), odd_lines().replace("ODD", "OLD").replace("OLD-M", "ODD-M")).unwrap();
    let earlier = run_in(place, &["run", "earlier.csv", "--out", "earlier", "--quiet", "--no-sync", "--keep-history"]);
    assert_eq!(status(&earlier), 3, "{}", complaint(&earlier));
    run(
        place,
        &[
            "--overrides",
            "overrides.toml",
            "--as-of",
            "2026-06-30",
            "--look-back",
            "12",
            "--shadow",
            "draft.toml",
            "--history",
            "earlier",
            "--max-rejects",
            "0",
            "--sample",
            "40",
        ],
    );
}

pub(super) fn run(place: &Path, options: &[&str]) {
    let fixed = ["run", "extract", "--out", "audit", "--overwrite", "--quiet", "--no-sync"];
    let output = run_in(place, &[&fixed, options].concat());
    // Too many rejects end a complete run otherwise.
    assert!([0, 1, 3, 4].contains(&status(&output)), "{options:?}: {}", complaint(&output));
}

pub(super) fn summary(place: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(place.join("audit/summary.json")).unwrap()).unwrap()
}

/// Writes a summary, and its digest.
pub(super) fn write(place: &Path, summary: &Value) {
    fs::write(place.join("audit/summary.json"), serde_json::to_string_pretty(summary).unwrap() + "\n").unwrap();
    record(place, "summary.json");
}
