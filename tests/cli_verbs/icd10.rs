//! `icd10`: codes as of a day.

use super::{json, printed, refused};

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
