//! `--xlsx`: the workbook says what summary and sample say, its columns have types,
//! no cell is a formula, and the same run makes the same bytes.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;

use adjudicate::report::{Manifest, PageSource, RunFolder, disarmed, render_workbook};
use adjudicate::run::{RunSettings, Unobserved, run};
use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};
use common::{Workplace, rows_of, told};
use serde_json::Value;

type Book = Xlsx<Cursor<Vec<u8>>>;

fn book(place: &Workplace) -> Book {
    open_workbook_from_rs(Cursor::new(fs::read(place.out().join("report.xlsx")).unwrap())).unwrap()
}

/// The rows of a sheet, by the names of its columns.
fn rows(book: &mut Book, sheet: &str) -> Vec<BTreeMap<String, Data>> {
    let range: Range<Data> = book.worksheet_range(sheet).unwrap();
    let header: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let named = |row: &[Data]| header.iter().cloned().zip(row.iter().cloned()).collect();
    range.rows().skip(1).take_while(|row| row.iter().any(|cell| *cell != Data::Empty)).map(named).collect()
}

fn number(value: &Value) -> Data {
    Data::Float(value.as_f64().unwrap())
}

fn sample(name: &str) -> String {
    common::repository("sample_data").join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_tables_are_those_of_the_summary() {
    let place = Workplace::new();
    let told = told(place.run().args([&*sample("claims.csv"), &sample("claims.parquet"), "--xlsx"]));
    assert_eq!(told.status, 3, "{told:?}");
    let mut book = book(&place);
    let summary: Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    // Sheet, its list, the columns and what each is in the list.
    let amounts = [("Billed", "billed"), ("Paid", "paid"), ("Paid unknown", "paid_unknown")];
    let group = [("Lines", "lines"), ("Deny", "deny"), ("Pend", "pend"), ("Exposure", "exposure")];
    let against = [("Lines", "lines"), ("Exposure", "exposure"), ("Beyond peers' rate", "excess")];
    let rows_read = [("Rows", "rows"), ("Decided", "decided"), ("Rejected", "rejected")];
    for (sheet, list, columns) in [
        ("Dispositions", "/by_disposition", vec![("Lines", "lines")]),
        ("Rules", "/by_rule", vec![("Lines named", "lines"), ("Lines with a finding", "lines_with_finding")]),
        ("Months", "/by_service_month", group.to_vec()),
        ("Procedures", "/by_procedure", group.to_vec()),
        ("Programs", "/by_program", group.to_vec()),
        ("Versions", "/by_version", group.to_vec()),
        ("Providers", "/by_provider", group.to_vec()),
        ("Unlike providers", "/peers/farthest", against.to_vec()),
        ("Diagnoses", "/diagnoses", vec![("Lines", "lines")]),
        ("Inputs", "/files", rows_read.to_vec()),
    ] {
        let list = summary.pointer(list).unwrap().as_array().unwrap();
        let found = rows(&mut book, sheet);
        assert_eq!(found.len(), list.len(), "{sheet}");
        for (row, entry) in found.iter().zip(list) {
            for (column, field) in columns.iter().chain(&amounts) {
                assert_eq!(row[*column], number(&entry[*field]), "{sheet}: {column}");
            }
        }
    }
    for (sheet, list, columns) in [
        ("Rejects", "/rejects", vec![("Rows", "rows")]),
        (
            "Strata",
            "/sample/strata",
            vec![("Lines named", "lines"), ("In the sample", "sampled"), ("Weight", "weight")],
        ),
    ] {
        let found = rows(&mut book, sheet);
        let list = summary.pointer(list).unwrap().as_array().unwrap();
        assert!(!list.is_empty() && found.len() == list.len(), "{sheet}");
        for (row, entry) in found.iter().zip(list) {
            for (column, field) in &columns {
                assert_eq!(row[*column], number(&entry[*field]), "{sheet}");
            }
        }
    }
    for (sheet, object, fields) in [
        ("Kinds", "stopped", vec!["hard", "fixable", "cascaded", "pended", "pended_with_another"]),
        ("Not given", "not_given", vec!["line_of_business", "units", "diagnosis_pointers", "paid_amount"]),
    ] {
        let found = rows(&mut book, sheet);
        assert_eq!(found.len(), fields.len());
        for (row, field) in found.iter().zip(fields) {
            assert_eq!(row["Lines"], number(&summary[object][field]["lines"]), "{sheet}: {field}");
            assert_eq!(row["Paid"], number(&summary[object][field]["paid"]), "{sheet}: {field}");
        }
    }
    let short = rows(&mut book, "In short");
    let exposure = short.iter().find(|row| row["Figure"] == *"Exposure").unwrap();
    assert_eq!(exposure["Dollars"], number(&summary["exposure"]));
    assert!(rows(&mut book, "Controls").iter().all(|row| row["Result"] == *"ties"));
    let rules = rows(&mut book, "Rules");
    let invalid = rules.iter().find(|row| row["Rule"] == *"COD002").unwrap();
    assert_eq!(["CARC", "RARC", "Or"].map(|column| invalid[column].to_string()), ["16", "M76", "CARC 146"]);
    assert!(place.read("report.html").contains("<td>CARC 16, RARC M76, or CARC 146</td>"));
    let about = rows(&mut book, "About");
    let entry = |name: &str| about.iter().find(|row| row["Entry"] == *name).unwrap()["What it says"].to_string();
    assert!(entry("What it is").starts_with("A recommendation"), "{about:?}");
    assert_eq!((entry("xlsx"), entry("policy-date")), ("yes".to_owned(), "not given".to_owned()));
    // Totals stand below, apart from what a filter holds.
    let range = book.worksheet_range("Inputs").unwrap();
    let total: Vec<Data> = range.rows().next_back().unwrap().to_vec();
    assert_eq!((total[0].to_string().as_str(), &total[1]), ("All", &number(&summary["rows"])));
}

#[test]
fn unlike_providers_are_told_with_rules_and_quarters() {
    let mut text =
        "claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,paid_amount\n".to_owned();
    for provider in 0..40 {
        for line in 0..60 {
            let bad = if provider == 7 { line % 2 == 0 } else { line % 20 == provider % 20 };
            let diagnosis = if bad { "M54.50" } else { "M80.08XA" };
            let month = line % 12 + 1;
            writeln!(text, "P{provider}L{line},1,2025-{month:02}-05,22513,{diagnosis},00{provider:08},10.10").unwrap();
        }
    }
    let place = Workplace::new();
    place.write("a.csv", text);
    let told = told(place.run().args(["a.csv", "--xlsx"]));
    assert_eq!(told.status, 0, "{told:?}");
    let summary: Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    let farthest = summary["peers"]["farthest"].as_array().unwrap();
    assert!(!farthest.is_empty());
    let mut book = book(&place);
    let found = rows(&mut book, "Unlike providers");
    assert_eq!(found.len(), farthest.len());
    assert_eq!(found[0]["Provider"], Data::String("0000000007".to_owned()));
    let denied = &farthest[0]["denied"];
    assert_eq!(found[0]["Denied, observed"], number(&denied["observed"]));
    assert_eq!(found[0]["Denied, expected"], number(&denied["expected"]));
    assert_eq!(found[0]["Denied, z"], number(&denied["z"]));
    let times = denied["observed"].as_f64().unwrap() / denied["expected"].as_f64().unwrap();
    assert_eq!(found[0]["Denied, times"], Data::Float(times));
    let by_rule = rows(&mut book, "Unlike by rule");
    let rules: usize = farthest.iter().map(|one| one["rules"].as_array().unwrap().len()).sum();
    assert!(rules > 0 && by_rule.len() == rules, "{rules} {by_rule:?}");
    assert_eq!(by_rule[0]["Paid"], number(&farthest[0]["rules"][0]["paid"]));
    let quarters = rows(&mut book, "Unlike by quarter");
    assert_eq!(quarters.len(), farthest.iter().map(|one| one["quarters"].as_array().unwrap().len()).sum::<usize>());
    assert_eq!(quarters[0]["Quarter"], Data::String("2025-Q1".to_owned()));
}

/// Claim ids that spreadsheets, XML or a cell's room have something against.
fn hostile() -> Vec<Vec<u8>> {
    let mut claims: Vec<Vec<u8>> = [
        "00123",
        "12345678901234567890",
        "1E5",
        "=1+1",
        "=HYPERLINK(\"\"http://example.org\"\")",
        "@SUM(A1)",
        "-2+3",
        "+1",
        "'=1",
        "a\tb",
        "a\rb",
        "a\nb",
        "a\u{1}b\u{1b}[31m\u{7f}",
        "a\u{fffe}\u{ffff}b",
        "a_x0041_b",
        "<c r=\"\"A1\"\">&amp;</c>",
        "]]>",
        "TRUE",
        "2026-03-01",
    ]
    .iter()
    .map(|claim| claim.as_bytes().to_vec())
    .collect();
    claims.push([b"a".as_slice(), &[0xed, 0xa0, 0x80], b"b\xff"].concat());
    claims.push(b"long".repeat(10_000));
    claims
}

#[test]
fn the_sample_is_typed_and_hostile_text_is_text() {
    let mut text =
        b"claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,units,billed_amount,\
        paid_amount\n"
            .to_vec();
    for claim in hostile() {
        text.push(b'"');
        text.extend(claim);
        text.extend(b"\",1,2026-03-01,22513,M54.50,0111111112,1,2500.50,-1800.00\n");
    }
    text.extend(b"unknown,2,2026-03-02,22514,M54.50,,0.5,,\n");
    let place = Workplace::new();
    place.write("=a.csv", &text);
    let told = told(place.run().args(["=a.csv", "--xlsx"]));
    // One claim is no UTF-8, so its row is a reject; one line more is the last.
    assert_eq!(told.status, 3, "{told:?}");
    let sample = rows_of(place.read("sample.csv").as_bytes());
    assert_eq!(sample.len(), hostile().len());
    let mut book = book(&place);
    assert_eq!(book.worksheet_formula("Sample").unwrap().used_cells().count(), 0);
    let found = rows(&mut book, "Sample");
    assert_eq!(found.len(), sample.len());
    let mut cut = 0;
    for (cells, row) in found.iter().zip(&sample) {
        for (column, was) in row {
            let cell = &cells[column];
            let number = || Data::Float(was.parse().unwrap());
            match &**column {
                _ if was.is_empty() => assert_eq!(*cell, Data::Empty, "{column}"),
                "place" | "weight" | "source_row" | "line_number" | "units" | "billed_amount" | "paid_amount" => {
                    assert_eq!(*cell, number(), "{column}");
                }
                "service_date" => {
                    let Data::DateTime(date) = cell else { panic!("{cell:?}") };
                    let (year, month, day, ..) = date.to_ymd_hms_milli();
                    assert_eq!(format!("{year:04}-{month:02}-{day:02}"), *was);
                }
                _ => {
                    let Data::String(text) = cell else { panic!("{column}: {cell:?}") };
                    let safe = disarmed(was);
                    if safe.len() > 32_767 {
                        let start = text.strip_suffix("… (cut)").unwrap();
                        assert!(safe.starts_with(start) && text.encode_utf16().count() == 32_767);
                        cut += 1;
                    } else {
                        assert_eq!(*text, safe, "{column}");
                    }
                }
            }
        }
    }
    assert_eq!(cut, 1);
    let about = rows(&mut book, "About");
    assert!(about.iter().any(|row| row["Entry"] == *"Cut"), "{about:?}");
}

#[test]
fn every_sheet_is_a_table_to_filter() {
    let place = Workplace::new();
    place.write(
        "a.csv",
        "claim_id,line_number,service_date,procedure_code,diagnosis_codes\nC1,1,2026-03-01,22513,M54.50\n",
    );
    let with = told(place.run().args(["a.csv", "--xlsx"]));
    assert_eq!(with.status, 0, "{with:?}");
    let mut archive = zip::ZipArchive::new(fs::File::open(place.out().join("report.xlsx")).unwrap()).unwrap();
    let names = book(&place).sheet_names();
    assert_eq!(names.first().map(String::as_str), Some("About"));
    for (number, name) in (1..).zip(&names) {
        assert!(name.chars().count() <= 31);
        let mut part = String::new();
        let mut file = archive.by_name(&format!("xl/worksheets/sheet{number}.xml")).unwrap();
        std::io::Read::read_to_string(&mut file, &mut part).unwrap();
        for word in ["<autoFilter ", "state=\"frozen\"", "ySplit=\"1\"", "<cols>"] {
            assert!(part.contains(word), "{name}: {word}");
        }
        assert!(!part.contains("<f>") && !part.contains("hyperlink"), "{name}");
    }
    let mut styles = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/styles.xml").unwrap(), &mut styles).unwrap();
    for format in ["&quot;$&quot;#,##0.00;-&quot;$&quot;#,##0.00", "yyyy-mm-dd"] {
        assert!(styles.contains(format), "{styles}");
    }
    let manifest = Manifest::read(&place.out()).unwrap();
    assert_eq!(manifest.differences(&place.out()), Vec::<String>::new());
    assert!(manifest.files.iter().any(|file| file.name == "report.xlsx"));
    let without = told(place.run().args(["a.csv", "--overwrite"]));
    assert_eq!(without.status, 0, "{without:?}");
    assert!(!place.out().join("report.xlsx").exists());
    assert_eq!(Manifest::read(&place.out()).unwrap().differences(&place.out()), Vec::<String>::new());
}

#[test]
fn the_same_run_makes_the_same_bytes() {
    let place = Workplace::new();
    let told = told(place.run().arg(sample("claims.csv")).env("ADJUDICATE_XLSX", "yes"));
    assert_eq!(told.status, 3, "{told:?}");
    let manifest = Manifest::read(&place.out()).unwrap();
    let of = |threads, batch_bytes| {
        let settings = common::settings(&[common::repository("sample_data/claims.csv")]);
        let settings = RunSettings { threads, batch_bytes, ..settings };
        let elsewhere = tempfile::tempdir().unwrap();
        let folder = RunFolder::begin(&elsewhere.path().join("run"), false, false).unwrap();
        let outcome = run(&settings, &common::adjudicator(), &folder, &mut Unobserved).unwrap();
        let source =
            PageSource { summary: &outcome.summary, manifest: &manifest, sample: &outcome.sample, reviews: None };
        render_workbook(&source).unwrap()
    };
    let bytes = of(1, 1);
    assert_eq!(bytes, of(2, 1 << 20));
    // The file of the run that the manifest is of, whose own record came later.
    assert_eq!(bytes, fs::read(place.out().join("report.xlsx")).unwrap());
}
