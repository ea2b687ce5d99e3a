//! Input that is missing, broken or not what it seems: the program says which
//! file, row or entry is at fault, gives the status that the contract names,
//! leaves nothing behind, and tells nothing private.

mod common;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use common::{Told, Workplace, told};
use flate2::write::GzEncoder;

/// Stands in every claims file, and nowhere in what the program says.
const MEMBER: &str = "TESTMEMBER4711";
const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,paid_amount\n";

/// A line that is allowed, with its line end.
fn line(claim: &str) -> String {
    format!("{claim},1,2026-03-01,22513,M80.08XA,{MEMBER},1800.00\n")
}

/// A file of so many lines that are allowed.
fn claims(lines: usize) -> String {
    let lines = (1..=lines).map(|number| line(&format!("C{number}")));
    std::iter::once(HEADER.to_owned()).chain(lines).collect()
}

/// Runs the program, which should say no: with status 2, with each of these words,
/// and with nothing left behind.
fn refused(place: &Workplace, command: &mut Command, words: &[&str]) {
    let told = told(command);
    assert_eq!(told.status, 2, "{told:?}");
    for word in words {
        assert!(told.stderr.contains(word), "`{word}` is not in {}", told.stderr);
    }
    assert!(told.stderr.starts_with("error: "), "{}", told.stderr);
    assert_eq!(told.stdout, "");
    assert_eq!(place.left(), Vec::<String>::new());
    tells_nothing_private(&told);
}

/// Runs the program, which should complete with this status.
fn completed(place: &Workplace, command: &mut Command, status: i32) -> Told {
    let told = told(command);
    assert_eq!(told.status, status, "{told:?}");
    assert_eq!(place.left(), ["run"]);
    tells_nothing_private(&told);
    told
}

fn tells_nothing_private(told: &Told) {
    for text in [&told.stderr, &told.stdout] {
        assert!(!text.contains(MEMBER), "{text}");
        for word in ["panicked", "RUST_BACKTRACE", "defect"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}

/// Rows, out of scope, decided, rejected.
fn counts(place: &Workplace) -> [u64; 4] {
    let summary: serde_json::Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    ["rows", "out_of_scope", "decided", "rejected"].map(|name| summary[name].as_u64().unwrap())
}

/// The rejects as row, column and reason.
fn rejects(place: &Workplace) -> Vec<(String, String, String)> {
    let rows = common::rows_of(place.read("rejects.csv").as_bytes());
    rows.into_iter().map(|row| (row["source_row"].clone(), row["column"].clone(), row["reason"].clone())).collect()
}

// ---------------------------------------------------------------------------
// Files.

#[test]
fn a_missing_file() {
    let place = Workplace::new();
    place.write("here.csv", claims(1));
    refused(&place, place.run().arg("nowhere.csv"), &["nowhere.csv", "No such file"]);
    refused(&place, place.run().args(["here.csv", "nowhere.csv"]), &["nowhere.csv", "No such file"]);
    refused(&place, place.run().arg("no*.csv"), &["no*.csv", "no file fits this pattern"]);
}

#[test]
fn a_folder_without_claims() {
    let place = Workplace::new();
    place.write("folder/readme.md", "none");
    refused(&place, place.run().arg("folder"), &["folder", "no claims file"]);
}

#[test]
fn an_empty_file() {
    let place = Workplace::new();
    for (name, content) in [("none.csv", ""), ("lines.csv", "\n\r\n\n"), ("bom.csv", "\u{feff}")] {
        place.write(name, content);
        refused(&place, place.run().arg(name), &[name, "empty", "header"]);
    }
    refused(&place, place.run().arg("/dev/null"), &["/dev/null"]);
}

#[test]
fn a_header_alone_is_a_complete_run() {
    let place = Workplace::new();
    for (name, content) in [("a.csv", HEADER), ("b.csv", HEADER.trim_end()), ("c.csv", &format!("\r\n{HEADER}\n\n"))] {
        place.write(name, content);
        completed(&place, place.run().arg("--overwrite").arg(name), 0);
        assert_eq!(counts(&place), [0, 0, 0, 0]);
        assert_eq!(place.read("decisions.csv").lines().count(), 1);
        assert_eq!(place.read("rejects.csv"), "source_file,source_row,column,reason,row\n");
    }
}

#[test]
fn a_file_named_twice() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    fs::create_dir(place.inputs().join("sub")).unwrap();
    symlink(place.inputs().join("a.csv"), place.inputs().join("sub/b.csv")).unwrap();
    for twice in [["a.csv", "a.csv"], ["a.csv", "./a.csv"], ["a.csv", "."], ["*.csv", "a.csv"], ["a.csv", "sub"]] {
        refused(&place, place.run().args(twice), &["named twice"]);
    }
    refused(&place, place.run().args(["-", "-"]), &["named twice"]);
}

#[test]
fn a_pipe_by_name_is_read_or_refused_and_never_read_in_part() {
    let place = Workplace::new();
    place.write("a.csv", claims(3));
    let mut bash = Command::new("bash");
    bash.current_dir(place.inputs()).arg("-c").arg(r#""$0" run <(cat a.csv) --no-progress --no-sync --out "$1""#);
    bash.arg(env!("CARGO_BIN_EXE_adjudicate")).arg(place.out());
    refused(&place, &mut bash, &["`-`"]);
}

#[test]
fn compressed_files_that_end_early_or_are_damaged() {
    let place = Workplace::new();
    // Long enough that the header can be read before the end is missed.
    let mut text = claims(0);
    for number in 0..20_000 {
        text.push_str(&line(&format!("C{}", number * 7919 % 20_011)));
    }
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let gz = encoder.finish().unwrap();
    let zst = zstd::encode_all(text.as_bytes(), 3).unwrap();

    for (name, whole) in [("a.csv.gz", &gz), ("a.csv.zst", &zst)] {
        place.write(name, &whole[..whole.len() / 2]);
        refused(&place, place.run().arg(name), &[name, "damaged or ends early"]);
        place.write(name, &whole[..whole.len() - 1]);
        refused(&place, place.run().arg(name), &[name, "damaged or ends early"]);
        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle..middle + 16].fill(0xff);
        place.write(name, damaged);
        refused(&place, place.run().arg(name), &[name, "damaged or ends early"]);
        place.write(name, &whole[..12]);
        refused(&place, place.run().arg(name), &[name]);
        place.write(name, [whole.as_slice(), b"and something else behind it"].concat());
        refused(&place, place.run().arg(name), &[name]);
    }
    // What is there is read, whatever the name says.
    place.write("a.csv.gz", &text);
    completed(&place, place.run().arg("a.csv.gz"), 0);
    assert_eq!(counts(&place), [20_000, 0, 20_000, 0]);
}

#[test]
fn two_compressed_files_in_one_are_one() {
    let place = Workplace::new();
    let pack = |text: &str| {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    place.write("a.csv.gz", [pack(&claims(2)), pack(&line("C3"))].concat());
    completed(&place, place.run().arg("a.csv.gz"), 0);
    assert_eq!(counts(&place), [3, 0, 3, 0]);
}

// ---------------------------------------------------------------------------
// Headers.

#[test]
fn a_missing_column_and_the_nearest_name() {
    let place = Workplace::new();
    for column in ["claim_id", "line_number", "service_date", "procedure_code", "diagnosis_codes"] {
        let near = format!("{column}x");
        place.write("a.csv", claims(1).replacen(column, &near, 1));
        let words = ["a.csv", &format!("`{column}`"), "is missing", &format!("`{near}`")];
        refused(&place, place.run().arg("a.csv"), &words);
    }
    // Not the first file, and not the first column that is missing.
    place.write("a.csv", claims(1));
    place.write("b.csv", "claim_id,line_number,service_date,code\n");
    refused(&place, place.run().args(["a.csv", "b.csv"]), &["b.csv", "`procedure_code`"]);
}

#[test]
fn no_header_at_all() {
    let place = Workplace::new();
    place.write("a.csv", line("C1"));
    refused(&place, place.run().arg("a.csv"), &["a.csv", "`claim_id`", "is missing"]);
}

#[test]
fn the_wrong_delimiter() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    refused(&place, place.run().args(["a.csv", "--delimiter", ";"]), &["a.csv", "one column", "--delimiter"]);
    place.write("b.csv", claims(1).replace(',', "~"));
    refused(&place, place.run().arg("b.csv"), &["b.csv", "one column"]);
    completed(&place, place.run().args(["b.csv", "--delimiter", "~"]), 0);
    for bad in ["\"", "ab", "é", ""] {
        let told = told(place.run().args(["a.csv", "--delimiter", bad]));
        assert_eq!(told.status, 2, "{told:?}");
    }
}

#[test]
fn both_forms_of_a_column_or_one_twice() {
    let place = Workplace::new();
    let with = |more: &str| format!("{},{more}\n", HEADER.trim_end());
    place.write("a.csv", with("diagnosis_3"));
    refused(&place, place.run().arg("a.csv"), &["a.csv", "`diagnosis_codes`", "`diagnosis_3`"]);
    place.write("a.csv", with("modifier_2,modifiers"));
    refused(&place, place.run().arg("a.csv"), &["a.csv", "`modifiers`", "`modifier_2`"]);
    place.write("a.csv", with("CLAIM_ID"));
    refused(&place, place.run().arg("a.csv"), &["a.csv", "`claim_id`", "twice"]);
    // A name that is not ours may stand as often as it likes.
    place.write("a.csv", with("note,note,,"));
    completed(&place, place.run().arg("a.csv"), 0);
}

#[test]
fn layouts_that_are_not_there_or_wrong() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    refused(&place, place.run().args(["a.csv", "--layout", "carrier"]), &["carrier", "rif-carrier", "tuva"]);
    refused(&place, place.run().args(["a.csv", "--layout", "mine.toml"]), &["mine.toml"]);
    place.write("mine.toml", "name = \"mine\"\n[columns]\nclaim_identifier = \"CLM\"\n");
    refused(
        &place,
        place.run().args(["a.csv", "--layout", "mine.toml"]),
        &["mine.toml", "claim_identifier", "`claim_id`"],
    );
    place.write("mine.toml", "name = \"mine\"\ncolour = \"red\"\n");
    refused(&place, place.run().args(["a.csv", "--layout", "mine.toml"]), &["mine.toml", "colour"]);
}

// ---------------------------------------------------------------------------
// Rows.

#[test]
fn line_ends_of_every_kind_in_one_file() {
    let place = Workplace::new();
    let bare = |claim: &str| line(claim).trim_end().to_owned();
    let text = format!(
        "{}\r\n{}\n{}\r\n\r\n\n{}\r{}\r\r\n{}",
        HEADER.trim_end(),
        bare("C1"),
        bare("C2"),
        bare("C3"),
        bare("C4"),
        bare("C5")
    );
    place.write("a.csv", text);
    completed(&place, place.run().arg("a.csv"), 0);
    assert_eq!(counts(&place), [5, 0, 5, 0]);
    let rows = common::rows_of(place.read("decisions.csv").as_bytes());
    let seen: Vec<_> = rows.iter().map(|row| (row["source_row"].as_str(), row["claim_id"].as_str())).collect();
    assert_eq!(seen, [("1", "C1"), ("2", "C2"), ("3", "C3"), ("4", "C4"), ("5", "C5")]);
}

#[test]
fn a_byte_order_mark() {
    let place = Workplace::new();
    let quoted = claims(2).replacen("claim_id", "\"claim_id\"", 1);
    for (name, text) in [("a.csv", claims(2)), ("b.csv", quoted), ("c.csv", format!("\n{}", claims(2)))] {
        place.write(name, format!("\u{feff}{text}"));
        completed(&place, place.run().arg("--overwrite").arg(name), 0);
        assert_eq!(counts(&place), [2, 0, 2, 0], "{name}");
    }
}

#[test]
fn a_byte_order_mark_inside_a_file_belongs_to_its_field() {
    // Two files put together byte by byte. The mark is no white space, so the claim
    // id keeps it; and what a row says does not depend on where a batch begins.
    let place = Workplace::new();
    let text = format!("{}\u{feff}{}\u{feff}\"C4\"{}", claims(1), line("C3"), line("").trim_start_matches("C4"));
    place.write("a.csv", text);
    let mut seen = Vec::new();
    for batch in ["1", "100000"] {
        completed(&place, place.run().args(["a.csv", "--overwrite", "--batch-bytes", batch]), 0);
        let rows = common::rows_of(place.read("decisions.csv").as_bytes());
        seen.push(rows.iter().map(|row| row["claim_id"].clone()).collect::<Vec<_>>());
    }
    assert_eq!(seen[0], ["C1", "\u{feff}C3", "\u{feff}\"C4\""]);
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn text_that_is_not_utf_8() {
    let place = Workplace::new();
    let header = format!("{},caf\u{e9},note\n", HEADER.trim_end());
    let mut text: Vec<u8> = header.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let mut add = |claim: &[u8], procedure: &[u8], diagnosis: &[u8], note: &[u8]| {
        let fields: [&[u8]; 9] =
            [claim, b"1", b"2026-03-01", procedure, diagnosis, MEMBER.as_bytes(), b"1", b"x", note];
        text.extend(fields.join(&b','));
        text.push(b'\n');
    };
    add(b"C1", b"22513", b"M80.08XA", b"caf\xe9");
    add(b"C\xff2", b"22513", b"M80.08XA", b"");
    add(b"C3", b"22513", b"M80.08X\xc3", b"");
    add(b"C\xff4", b"99213", b"\xff", b"\xff");
    add(b"C5", b"2251\xff", b"M80.08XA", b"");
    place.write("a.csv", text);
    completed(&place, place.run().arg("a.csv"), 3);
    assert_eq!(counts(&place), [5, 2, 1, 2]);
    let rejects = rejects(&place);
    let expected =
        [("2", "claim_id"), ("3", "diagnosis_codes")].map(|(row, column)| (row.to_owned(), column.to_owned()));
    let seen: Vec<_> = rejects.iter().map(|(row, column, _)| (row.clone(), column.clone())).collect();
    assert_eq!(seen, expected);
    assert!(rejects.iter().all(|(_, _, reason)| reason.contains("UTF-8")));
}

#[test]
fn line_ends_within_quotes() {
    let place = Workplace::new();
    let text = format!(
        "{}{}",
        claims(1),
        "\"C\n2\",1,2026-03-01,22513,\"M80.08XA\r\n\r\nM54.50\",,\n\"C\"\"3\",1,2026-03-01,22513,M80.08XA,,\n"
    );
    place.write("a.csv", text);
    completed(&place, place.run().arg("a.csv"), 0);
    let rows = common::rows_of(place.read("decisions.csv").as_bytes());
    let seen: Vec<_> = rows.iter().map(|row| (row["source_row"].as_str(), row["claim_id"].as_str())).collect();
    assert_eq!(seen, [("1", "C1"), ("2", "C\n2"), ("3", "C\"3")]);
    assert_eq!(rows[1]["diagnosis_codes"], "M80.08XA;M54.50");
}

#[test]
fn rows_with_too_few_fields_or_too_many() {
    let place = Workplace::new();
    let text = format!(
        "{}C2,1,2026-03-01,22513,M80.08XA,{MEMBER}\nC3\n{},,\n{}",
        claims(1),
        line("C4").trim_end(),
        line("C5")
    );
    place.write("a.csv", text);
    let told = completed(&place, place.run().arg("a.csv"), 3);
    assert_eq!(counts(&place), [5, 0, 2, 3]);
    let expected = [("2", "6"), ("3", "1"), ("4", "9")];
    for ((row, column, reason), (number, fields)) in rejects(&place).iter().zip(expected) {
        assert_eq!((row.as_str(), column.as_str()), (number, ""));
        assert!(reason.contains(fields), "{reason}");
    }
    assert!(told.stdout.contains("3 rows could not be read"), "{}", told.stdout);
    // The row as it was read is the payer's to see, in this file and nowhere else.
    assert!(place.read("rejects.csv").contains(MEMBER));
}

#[test]
fn a_quote_that_is_never_closed_takes_the_rest_of_the_file() {
    let place = Workplace::new();
    place.write(
        "a.csv",
        format!("{}C2,1,2026-03-01,22513,\"M80.08XA,{MEMBER},1\n{}{}", claims(1), line("C3"), line("C4")),
    );
    completed(&place, place.run().arg("a.csv"), 3);
    assert_eq!(counts(&place), [2, 0, 1, 1]);
    assert_eq!(rejects(&place)[0].0, "2");
}

#[test]
fn a_quote_left_open_in_a_large_file_is_named_by_its_place() {
    let place = Workplace::new();
    let open = format!("{}C2,1,2026-03-01,22513,\"M80.08XA,{MEMBER},1\n", claims(1));
    let more = line(&"C".repeat(4000)).repeat((65 << 20) / 4000);
    place.write("a.csv", [&*open, &more].concat());
    let at = format!("a.csv: the record that begins at byte {} of the text", claims(1).len());
    refused(
        &place,
        place.run().arg("a.csv"),
        &[&at, "has no end within 67108864 bytes", "is a quote left open in it?"],
    );
}

#[test]
fn a_field_of_ten_megabytes() {
    let place = Workplace::new();
    let long = "x".repeat(10 << 20);
    let header = format!("{},note\n", HEADER.trim_end());
    let row = |claim: &str, note: &str| format!("{},{note}\n", line(claim).trim_end());
    let quoted = format!("\"{}\n\"", "y,\n".repeat(3 << 20));
    let text = [header.clone(), row("C1", &long), row("C2", &quoted), row(&long, ""), row("C4", "")].concat();
    place.write("a.csv", text);
    completed(&place, place.run().arg("a.csv"), 0);
    assert_eq!(counts(&place), [4, 0, 4, 0]);
    assert!(place.read("decisions.csv").len() > 10 << 20, "a claim id is what it is");

    let units = header.replace("paid_amount", "units");
    place.write("b.csv", [units, row("C1", "").replace("1800.00", &"9".repeat(10 << 20))].concat());
    completed(&place, place.run().args(["b.csv", "--overwrite"]), 3);
    assert_eq!(rejects(&place)[0].1, "units");
}

#[test]
fn a_service_date_years_ahead_is_judged_and_counted() {
    let place = Workplace::new();
    place.write("a.csv", claims(2).replacen("2026-03-01", "2035-03-01", 1));
    let told = completed(&place, place.run().arg("a.csv"), 0);
    assert_eq!(counts(&place), [2, 0, 2, 0]);
    let summary: serde_json::Value = serde_json::from_str(&place.read("summary.json")).unwrap();
    assert_eq!(summary["after_table"], 1);
    assert!(told.stderr.contains("1 line with a service date after 2027-09-30"), "{}", told.stderr);
}

#[test]
fn no_line_in_scope_is_said() {
    let place = Workplace::new();
    place.write("a.csv", claims(2).replace("22513", "99213"));
    let told = completed(&place, place.run().arg("a.csv"), 0);
    assert_eq!(counts(&place), [2, 2, 0, 0]);
    assert!(told.stderr.contains("no line is in scope"), "{}", told.stderr);

    // Lines that cannot be read are none that no policy speaks about.
    place.write("a.csv", claims(2).replace("2026-03-01", "tomorrow"));
    let told = completed(&place, place.run().args(["a.csv", "--overwrite"]), 3);
    assert_eq!(counts(&place), [2, 0, 0, 2]);
    assert!(!told.stderr.contains("no line is in scope"), "{}", told.stderr);
}

#[test]
fn dollars_that_nobody_knows_are_not_told_as_none() {
    let place = Workplace::new();
    let unlisted = claims(2).replace("M80.08XA", "M54.50");
    place.write("a.csv", unlisted.replace("1800.00", ""));
    let told = completed(&place, place.run().arg("a.csv"), 0);
    assert_eq!(counts(&place), [2, 0, 2, 0]);
    assert!(told.stdout.contains("Exposure: not known, as no denied line says what was paid"), "{}", told.stdout);
    assert!(told.stdout.lines().any(|line| line.starts_with("  COV002") && line.ends_with("not known")));
    let page = place.read("report.html");
    assert!(page.contains("<dt>Exposure</dt><dd>not known</dd>"), "{page}");
    assert!(page.contains("<dt>At risk</dt><dd>$0.00</dd>"), "nothing is pended: {page}");

    place.write("a.csv", unlisted.replacen("1800.00", "", 1));
    let told = completed(&place, place.run().args(["a.csv", "--overwrite"]), 0);
    assert!(told.stdout.contains("Exposure: $1,800.00 paid on denied lines"), "{}", told.stdout);
    assert!(place.read("report.html").contains("<dt>Exposure</dt><dd>$1,800.00</dd>"));
}

// ---------------------------------------------------------------------------
// Parquet.

#[test]
fn parquet_that_is_broken_or_something_else() {
    let place = Workplace::new();
    let whole = common::parquet::claims(&claims(50));
    let mut footless = whole.clone();
    let end = footless.len();
    footless[end - 8..end - 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut damaged = whole.clone();
    damaged[end / 2..end - 12].fill(0xa5);
    let cases: [(&str, Vec<u8>); 8] = [
        ("empty.parquet", Vec::new()),
        ("magic.parquet", b"PAR1".to_vec()),
        ("twice.parquet", b"PAR1PAR1".to_vec()),
        ("text.parquet", claims(3).into_bytes()),
        ("half.parquet", whole[..end / 2].to_vec()),
        ("short.parquet", whole[..end - 1].to_vec()),
        ("footless.parquet", footless),
        ("damaged.parquet", damaged),
    ];
    for (name, content) in cases {
        place.write(name, content);
        refused(&place, place.run().arg(name), &[name]);
        // The name is not what tells.
        let other = name.replace(".parquet", ".claims");
        if fs::read(place.inputs().join(name)).unwrap().starts_with(b"PAR1") {
            place.write(&other, fs::read(place.inputs().join(name)).unwrap());
            refused(&place, place.run().arg(&other), &[&other]);
        }
    }
}

#[test]
fn parquet_pages_that_are_damaged() {
    // Every stretch of a sound file, spoilt in turn: a run of it ends in an error
    // or, where the stretch is not looked at or the values stay readable, completes.
    let place = Workplace::new();
    let whole = common::parquet::claims(&claims(50));
    let step = whole.len() / 24 + 1;
    for start in (4..whole.len() - 8).step_by(step) {
        let mut spoilt = whole.clone();
        let end = (start + step / 2).min(whole.len() - 8);
        spoilt[start..end].iter_mut().for_each(|byte| *byte ^= 0x5a);
        place.write("a.parquet", spoilt);
        let told = told(place.run().args(["a.parquet", "--overwrite", "--format", "csv"]));
        assert!([0, 2, 3].contains(&told.status), "{start}: {told:?}");
        tells_nothing_private(&told);
        assert!(place.left().iter().all(|name| name == "run"), "{start}: {:?}", place.left());
        if told.status == 2 {
            assert!(told.stderr.contains("a.parquet"), "{start}: {}", told.stderr);
        }
    }
}

#[test]
fn a_parquet_column_of_another_type_is_named() {
    let place = Workplace::new();
    for (column, content) in common::parquet::odd_types(&claims(3)) {
        place.write("a.parquet", content);
        let named = format!("`{column}`");
        refused(&place, place.run().arg("a.parquet"), &["a.parquet", &named, "type"]);
    }
}

#[test]
fn a_parquet_file_without_a_column() {
    let place = Workplace::new();
    place.write("a.parquet", common::parquet::claims(&claims(3).replacen("procedure_code", "procedure_cod", 1)));
    refused(&place, place.run().arg("a.parquet"), &["a.parquet", "`procedure_code`", "`procedure_cod`"]);
}

// ---------------------------------------------------------------------------
// Policies.

/// The small policy with one thing changed.
fn policy(from: &str, to: &str) -> String {
    let text = fs::read_to_string(common::repository("tests/policies/small.toml")).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn policies_with_a_mistake() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    let range = "M48.50XA – M48.58XS";
    for (from, to, words) in [
        (range, "M48.58XS – M48.50XA", &["supporting", "M48.58XS", "M48.50XA"][..]),
        (range, "M48.50XA – M48.99XS", &["supporting", "M48.99XS"]),
        ("standing = \"supporting\"", "standing = \"supporting\"\ncolour = 1", &["colour"]),
        ("entries = [\"C41.2\",", "entries = [\"C41.2\", \"M80.88XA\",", &["M80.88XA", "review"]),
        ("[policy]", "[policy", &["line"]),
        ("schema = 1", "schema = 99", &["99"]),
        (
            "service = \"spine\"\nfrom = 2015-01-01\nlimit",
            "service = \"spin\"\nfrom = 2015-01-01\nlimit",
            &["10001", "spin"],
        ),
        ("as_in = 2016-01-01", "as_in = 2017-01-01", &["2017-01-01"]),
    ] {
        place.write("p.toml", policy(from, to));
        let words = [&["p.toml"][..], words].concat();
        refused(&place, place.run().args(["a.csv", "--policy", "p.toml"]), &words);
    }
}

#[test]
fn policies_that_are_not_there_or_not_alone() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    place.write("names.toml", "schema = 1\n[[program]]\nprogram = \"fep\"\nnames = [\"postal\"]\n");
    place.write("folder/readme.md", "none");
    refused(&place, place.run().args(["a.csv", "--policy", "nowhere.toml"]), &["nowhere.toml", "02-20000-18"]);
    refused(&place, place.run().args(["a.csv", "--policy", "folder"]), &["folder", ".toml"]);
    refused(&place, place.run().args(["a.csv", "--policy", "names.toml"]), &["names"]);
    let twice = ["a.csv", "--policy", "02-20000-18", "--policy", "02-20000-18"];
    refused(&place, place.run().args(twice), &["02-20000-18"]);
}

// ---------------------------------------------------------------------------
// Where a run goes.

#[test]
fn an_output_folder_that_exists() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    fs::create_dir(place.out()).unwrap();
    fs::write(place.out().join("keep.txt"), "mine").unwrap();
    for overwrite in [false, true] {
        let mut run = place.run();
        run.arg("a.csv").args(overwrite.then_some("--overwrite"));
        let told = told(&mut run);
        assert_eq!(told.status, 2, "{told:?}");
        assert!(told.stderr.contains("exists"), "{told:?}");
        assert_eq!(place.left(), ["run"]);
        assert_eq!(place.read("keep.txt"), "mine");
    }
}

#[test]
fn an_output_folder_that_cannot_be_made() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    let file = place.write("file", "");
    for out in [file.join("run"), file.join("sub/run"), Path::new("/proc/adjudicate-run").to_owned()] {
        let mut run = common::program();
        run.current_dir(place.inputs()).args(["run", "a.csv", "--no-progress", "--out"]).arg(&out);
        refused(&place, &mut run, &["file"].map(|_| "error"));
        assert!(!out.exists());
    }
}

#[test]
fn folders_made_on_the_way_to_a_run_that_fails_are_taken_away() {
    let place = Workplace::new();
    place.write("bad.csv", "x\n");
    let mut run = common::program();
    run.current_dir(place.inputs()).args(["run", "bad.csv", "--no-progress", "--out"]);
    run.arg(place.outputs().join("new/newer/run"));
    refused(&place, &mut run, &["bad.csv"]);
}

#[test]
fn arguments_that_make_no_sense() {
    let place = Workplace::new();
    place.write("a.csv", claims(1));
    for wrong in [
        &["--colour"][..],
        &["a.csv", "--threads", "0"],
        &["a.csv", "--memory", "plenty"],
        &["a.csv", "--policy-date", "2026-02-30"],
        &["a.csv", "--format", "xlsx"],
        &["a.csv", "--clinical", "refer"],
        &["a.csv", "--config", "nowhere.toml"],
        &[],
    ] {
        let told = told(place.run().args(wrong));
        assert_eq!(told.status, 2, "{wrong:?}: {told:?}");
        assert!(told.stderr.starts_with("error: "), "{told:?}");
        assert_eq!(place.left(), Vec::<String>::new());
        tells_nothing_private(&told);
    }
    let no_out = told(common::program().current_dir(place.inputs()).args(["run", "a.csv"]));
    assert_eq!(no_out.status, 2);
    assert!(no_out.stderr.contains("--out"), "{no_out:?}");
}
