//! The embedded table against its reference, lookups, and damaged bytes.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{CodeRange, DiagnosisCode, Icd10, Status, TableError, format};
use crate::claim::Day;

fn code(text: &str) -> DiagnosisCode {
    DiagnosisCode::parse(text.as_bytes()).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn embedded() -> Icd10 {
    Icd10::embedded().unwrap()
}

/// Every place of a table: what begins with nothing.
fn all(table: &Icd10) -> CodeRange {
    table.with_prefix(&DiagnosisCode::EMPTY)
}

fn table(rows: &[(&str, &str, Option<&str>)]) -> Result<Icd10, TableError> {
    let rows = rows.iter().map(|(code, from, to)| ((*code).to_owned(), day(from), to.map(day)));
    Icd10::from_rows("test", day("2015-10-01"), day("2026-09-30"), rows)
}

/// In a table with K35.2 until FY2018, and its subdivisions since FY2019.
fn appendicitis() -> Icd10 {
    let rows = [
        ("K35.20", "2018-10-01", Some("2023-09-30")),
        ("K352", "2015-10-01", Some("2018-09-30")),
        ("k35.200", "2023-10-01", None),
        ("K35.21", "2018-10-01", None),
        ("K65.9", "2020-10-01", None),
    ];
    table(&rows).unwrap()
}

#[test]
fn tables_of_one_name_are_told_apart() {
    let digest = |rows: &[(&str, &str, Option<&str>)]| table(rows).unwrap().digest();
    let was = digest(&[("K65.9", "2020-10-01", None), ("K35.21", "2018-10-01", None)]);
    assert_eq!(digest(&[("K3521", "2018-10-01", None), ("K659", "2020-10-01", None)]), was);
    for other in [
        &[("K65.9", "2020-10-01", None)][..],
        &[("K65.9", "2020-10-01", None), ("K35.22", "2018-10-01", None)],
        &[("K65.9", "2020-10-02", None), ("K35.21", "2018-10-01", None)],
        &[("K65.9", "2020-10-01", Some("2025-09-30")), ("K35.21", "2018-10-01", None)],
    ] {
        assert_ne!(digest(other), was, "{other:?}");
    }
}

/// The hash that `scripts/build_icd10_table.py` demands of its source: code by
/// code, the table is what was checked against the CMS and NCHS releases.
#[test]
fn the_embedded_table_is_the_reference() {
    let table = embedded();
    let compact = |day: Day| day.to_string().replace('-', "");
    let mut csv = String::from("code,valid_from,valid_to\n");
    for index in all(&table) {
        let (from, to) = table.validity(index);
        let to = to.map(compact).unwrap_or_default();
        writeln!(csv, "{},{},{to}", table.code(index).undotted(), compact(from)).unwrap();
    }
    let hash = Sha256::digest(csv.as_bytes()).iter().fold(String::new(), |mut hash, byte| {
        write!(hash, "{byte:02x}").unwrap();
        hash
    });
    assert_eq!(hash, "1b49ff989ea66246d08fedc253b124f594f43d220cf3ebe9d42c8f463005d1d3");
}

#[test]
fn the_embedded_table_says_what_it_is() {
    let table = embedded();
    assert_eq!(table.edition(), "ICD-10-CM FY2016-FY2027 (2015-10-01 to 2027-09-30)");
    assert_eq!((table.first_day(), table.last_day()), (day("2015-10-01"), day("2027-09-30")));
    assert_eq!((table.len(), table.is_empty()), (75_909, false));
    assert_eq!(
        format!("{table:?}"),
        "Icd10 { edition: \"ICD-10-CM FY2016-FY2027 (2015-10-01 to 2027-09-30)\", codes: 75909, .. }"
    );
}

#[test]
fn as_many_codes_are_in_force_as_were_published() {
    let table = embedded();
    for (first_day, published) in [
        ("2015-09-30", 0),
        ("2015-10-01", 69_823),
        ("2020-10-01", 72_616),
        ("2022-10-01", 73_639),
        ("2024-10-01", 74_260),
        ("2025-10-01", 74_719),
        ("2026-10-01", 74_879),
        ("2027-09-30", 74_879),
    ] {
        assert_eq!(table.count_in_force(day(first_day)), published, "{first_day}");
    }
}

#[test]
fn every_code_is_found_where_it_stands_and_no_other() {
    let table = embedded();
    let mut before = None;
    for index in all(&table) {
        let code = table.code(index);
        assert_eq!(table.find(&code), Some(index), "{code}");
        assert!(before < Some(code), "{code}");
        assert!(!code.undotted().contains("TO"), "{code} would be read as a range");
        before = Some(code);
    }
    for text in ["M48.5", "M80", "C90.10X", "A00.00", "ZZZ", "M48.50XT", "1", "99999999", "!"] {
        assert_eq!(table.find(&code(text)), None, "{text}");
    }
}

#[test]
fn a_code_is_judged_as_of_the_day() {
    let table = appendicitis();
    let index = |text| table.find(&code(text)).unwrap();
    for (text, on, status) in [
        ("K35.2", "2018-09-30", Status::Billable(index("K35.2"))),
        // In the table for other days, and a header by now: the latter helps more.
        ("K35.2", "2018-10-01", Status::Incomplete),
        ("K35.20", "2018-09-30", Status::NotValidOnDate(index("K35.20"))),
        ("K35.20", "2018-10-01", Status::Billable(index("K35.20"))),
        ("K35.20", "2023-10-01", Status::Incomplete),
        ("K35.200", "2023-10-01", Status::Billable(index("K35.200"))),
        ("K35.21", "2015-09-30", Status::NotValidOnDate(index("K35.21"))),
        ("K35", "2016-01-01", Status::Incomplete),
        // Nothing that begins with it can be billed on that day.
        ("K65", "2016-01-01", Status::Unknown),
        // Two characters are no category.
        ("K3", "2016-01-01", Status::Unknown),
        ("K35.29", "2020-01-01", Status::Unknown),
        ("K35.2000", "2024-01-01", Status::Unknown),
    ] {
        assert_eq!(table.status(&code(text), day(on)), status, "{text} on {on}");
    }
}

#[test]
fn completions_are_the_longer_codes_of_the_day_in_order() {
    let table = appendicitis();
    let completions = |text, on| {
        let codes = table.completions(&code(text), day(on)).map(|index| table.code(index).to_string());
        codes.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(completions("K35", "2016-01-01"), "K35.2");
    assert_eq!(completions("K35", "2020-01-01"), "K35.20 K35.21");
    assert_eq!(completions("K35.2", "2016-01-01"), "");
    assert_eq!(completions("K35.20", "2024-01-01"), "K35.200");
    let whole: Vec<_> = table.with_prefix(&code("K35")).map(|index| table.code(index).to_string()).collect();
    assert_eq!(whole, ["K35.2", "K35.20", "K35.200", "K35.21"]);
}

#[test]
fn the_traps_of_the_spine_guideline() {
    let (table, today) = (embedded(), day("2026-03-01"));
    let status = |text| table.status(&code(text), today);
    for billable in ["M80.88XA", "C90.10", "D47.Z1", "D47.Z9", "M48.50XA", "M48.58XS"] {
        assert!(matches!(status(billable), Status::Billable(_)), "{billable}");
    }
    assert_eq!(status("M48.5"), Status::Incomplete);
    assert_eq!(table.completions(&code("M48.5"), today).count(), 36);
    assert_eq!(status("M48.50XK"), Status::Unknown);
}

#[test]
fn rows_that_contradict_each_other_are_refused() {
    let message = |rows: &[(&str, &str, Option<&str>)]| table(rows).unwrap_err().to_string();
    let from = "2015-10-01";
    assert_eq!(
        message(&[("A00.0", from, None), ("a000", from, None)]),
        "diagnosis code A00.0 is repeated or out of order"
    );
    assert_eq!(message(&[("A00.0", from, Some("2015-09-30"))]), "diagnosis code A00.0 ends before it begins");
    assert_eq!(message(&[("A00.0 to A00.9", from, None)]), "\"A00.0 to A00.9\" is not a diagnosis code");
    let no_days = Icd10::from_rows("test", day(from), day("2015-09-30"), []);
    assert_eq!(no_days.unwrap_err().to_string(), "the diagnosis table ends before it begins");
}

#[test]
fn an_empty_table_knows_nothing() {
    let (table, today) = (table(&[]).unwrap(), day("2026-03-01"));
    assert!(table.is_empty());
    assert_eq!(table.status(&code("C41.2"), today), Status::Unknown);
    let foreign = embedded().find(&code("C41.2")).unwrap();
    assert!(!table.billable_on(foreign, today));
    assert_eq!(table.code(foreign).to_string(), "");
}

/// A file with two codes, A00.0 and A00.10, before it is packed.
fn two_codes() -> Vec<u8> {
    let mut raw = b"ICD10TBL\x01\x00\x04\x00test".to_vec();
    let days = |raw: &mut Vec<u8>, from: i32, to: i32| raw.extend([from, to].map(i32::to_le_bytes).concat());
    days(&mut raw, 16_709, 20_000);
    raw.extend(b"\x02\x00\x00\x00\x02\x00");
    days(&mut raw, 16_709, i32::MAX);
    days(&mut raw, 17_000, 17_001);
    raw.extend(b"\x04A000\x3210\x00\x01");
    raw
}

#[test]
fn the_format_is_as_documented() {
    let decoded = format::parse(&two_codes()).unwrap();
    let table = Icd10::new(decoded.edition, decoded.first_day, decoded.last_day, decoded.entries).unwrap();
    let rows: Vec<_> = all(&table).map(|index| (table.code(index).to_string(), table.validity(index))).collect();
    let days = |from, to: Option<i32>| (Day::from_days(from), to.map(Day::from_days));
    let expected = [("A00.0".to_owned(), days(16_709, None)), ("A00.10".to_owned(), days(17_000, Some(17_001)))];
    assert_eq!(rows, expected);
    assert_eq!((table.edition(), table.last_day()), ("test", Day::from_days(20_000)));
}

#[test]
fn damaged_bytes_are_refused_and_never_panic() {
    assert!(matches!(format::decode(b"no zstd frame"), Err(TableError::Decompress(_))));
    let raw = two_codes();
    for length in 0..raw.len() {
        assert!(format::parse(raw.get(..length).unwrap()).is_err(), "cut to {length}");
    }
    assert!(matches!(format::parse(&[&raw[..], b"x"].concat()), Err(TableError::Damaged("something follows its end"))));
    for place in 0..raw.len() {
        for value in 0..=u8::MAX {
            let mut changed = raw.clone();
            *changed.get_mut(place).unwrap() = value;
            // Many changes still make a table, only another one.
            if let Ok(decoded) = format::parse(&changed) {
                drop(Icd10::new(decoded.edition, decoded.first_day, decoded.last_day, decoded.entries));
            }
        }
    }
    let mut newer = raw;
    *newer.get_mut(8).unwrap() = 2;
    assert!(matches!(format::parse(&newer), Err(TableError::Version { found: 2, known: 1 })));
}
