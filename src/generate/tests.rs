//! What holds of every file that is made.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use polars::prelude::{AnyValue, DataFrame, ParquetReader, SerReader as _};

use super::columns::{CLINICAL, NATIVE};
use super::window::Window;
use super::*;
use crate::claim::{Day, Decimal, ProcedureCode};
use crate::digest::{DigestKind, Hasher};
use crate::icd10::Icd10;

pub(super) fn embedded() -> PolicyIndex {
    PolicyIndex::embedded(Arc::new(Icd10::embedded().unwrap())).unwrap()
}

pub(super) fn options(lines: u64, in_scope: f64) -> GenerateOptions {
    GenerateOptions { lines, in_scope, seed: 11, ..GenerateOptions::default() }
}

pub(super) fn bytes(options: &GenerateOptions, index: &PolicyIndex, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    generate_to(options, index, &mut out, format, &|_| {}).unwrap();
    out
}

pub(super) fn csv(options: &GenerateOptions, index: &PolicyIndex) -> String {
    String::from_utf8(bytes(options, index, Format::Csv)).unwrap()
}

pub(super) fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect())
}

#[test]
fn the_same_options_give_the_same_bytes_on_any_number_of_threads() {
    let index = embedded();
    let with_threads = |threads, options: &GenerateOptions, format| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bytes(options, &index, format))
    };
    // Blocks, the last one not full; and repeated claims of earlier blocks.
    let options = options(60_007, 0.4);
    for format in [Format::Csv, Format::Parquet] {
        let once = with_threads(1, &options, format);
        assert!(once == with_threads(3, &options, format), "{format:?}");
        let other = GenerateOptions { seed: 12, ..options };
        assert!(once != with_threads(3, &other, format), "{format:?}");
    }
}

/// A change here changes every file that was ever made from a seed: say so.
#[test]
fn the_first_claims_are_these() {
    let text = csv(&options(12, 0.5), &embedded());
    insta::assert_snapshot!(text);
}

/// The same of files with many blocks, as digests.
#[test]
fn the_bytes_of_a_seed_are_these() {
    let index = embedded();
    let digest = |options: &GenerateOptions| {
        Hasher::of(DigestKind::Sha256, Cursor::new(bytes(options, &index, Format::Csv))).unwrap().0
    };
    let clean = GenerateOptions { profile: Profile::Clean, clinical: true, ..options(30_000, 1.0) };
    for (options, expected) in [
        (options(60_007, 0.4), "30572040258455e4377a11dcb1790e8bcb28de7a3d9b5f8d7b878fc4681a6cb0"),
        (clean, "a18878148cf24ed058ff7a3d4cf653c7091b70bf3cf8c741ce8b71ba10eca68e"),
        (options(30_000, 0.003), "d69e473aae0765936397ce4b98e937794e6c0f1e3befead164cfffdb6db3cd10"),
    ] {
        assert_eq!(digest(&options), expected, "{options:?}");
    }
}

#[test]
fn the_share_of_lines_in_scope_is_the_one_that_was_asked_for() {
    let index = embedded();
    for (lines, share, expected) in
        [(0, 0.5, 0), (1, 1.0, 1), (2_000, 0.0, 0), (30_000, 0.003, 90), (60_000, 0.1, 6_000), (60_000, 1.0, 60_000)]
            .into_iter()
            .chain([(26_001, 0.5, 13_001), (51_000, 0.97, 49_470)])
    {
        let options = options(lines, share);
        let mut out = Vec::new();
        let made = generate_to(&options, &index, &mut out, Format::Csv, &|_| {}).unwrap();
        assert_eq!(made, Generated { lines, in_scope: expected, outliers: Vec::new() }, "{share}");
        let text = String::from_utf8(out).unwrap();
        let in_scope = rows(&text).filter(|row| index.find(ProcedureCode::parse(row[7]).unwrap()).is_some());
        assert_eq!((rows(&text).count() as u64, in_scope.count() as u64), (lines, expected), "{share}");
    }
}

#[test]
fn every_row_is_well_formed_but_for_what_is_malformed_on_purpose() {
    let index = embedded();
    let text = csv(&options(100_000, 0.5), &index);
    assert_eq!(text.lines().next().unwrap().split(',').collect::<Vec<_>>(), NATIVE);
    let window = Window::around_newest(&index);
    let (mut malformed, mut old) = (0, 0);
    let mut claims: BTreeMap<&str, (Vec<&str>, usize)> = BTreeMap::new();
    for (place, row) in rows(&text).enumerate() {
        assert_eq!(row.len(), 13, "{row:?}");
        let [
            claim,
            number,
            member,
            npi,
            _,
            date,
            place_of_service,
            procedure,
            modifier,
            units,
            billed,
            paid,
            diagnoses,
        ] = row[..]
        else {
            panic!()
        };
        assert!(claim.len() == 13 && member.len() == 10 && npi.len() == 10 && place_of_service.len() == 2, "{row:?}");
        assert!(ProcedureCode::parse(procedure).is_some() && [0, 2].contains(&modifier.len()), "{row:?}");
        assert!(units.is_empty() || units.parse::<i32>().unwrap() != 0, "{row:?}");
        assert!(paid.is_empty() || Decimal::parse(paid.as_bytes()).is_some(), "{row:?}");
        assert!(diagnoses.split(';').count() <= 4 && !diagnoses.contains(";;"), "{row:?}");
        let day = Day::parse_iso(date);
        let faults = [number == "0", day.is_none(), Decimal::parse(billed.as_bytes()).is_none()];
        malformed += faults.into_iter().filter(|fault| *fault).count();
        old += usize::from(day.is_some_and(|day| !window.contains(day)));
        // Reversals aside, the lines of a claim stand together, and are of one
        // member and provider.
        if !billed.starts_with('-') {
            let (first, last) = claims.entry(claim).or_insert((vec![member, npi], place));
            assert!(*last + 1 >= place && *first == [member, npi], "{row:?}");
            *last = place;
        }
    }
    assert!((10..60).contains(&malformed), "{malformed}");
    assert!((1..200).contains(&old), "{old}");
    // Three lines a claim, more or less.
    assert!((31_000..38_000).contains(&claims.len()), "{}", claims.len());
}

#[test]
fn claims_come_in_the_order_of_their_decision() {
    let index = embedded();
    let text = csv(&options(40_000, 0.05), &index);
    let days: Vec<_> = rows(&text).filter_map(|row| Day::parse_iso(row[5])).map(Day::days).collect();
    let means: Vec<_> =
        [&days[..1_000], &days[days.len() - 1_000..]].map(|part| part.iter().sum::<i32>() / 1_000).into();
    let window = Window::around_newest(&index);
    let (begin, end) = (means[0] - window.first.days(), means[1] - window.first.days());
    assert!((0..60).contains(&begin) && (1_130..1_217).contains(&end), "{begin} {end}");
}

#[test]
fn every_procedure_of_a_policy_is_used_and_claims_come_again() {
    let index = embedded();
    let text = csv(&options(100_000, 1.0), &index);
    let used: BTreeSet<_> = rows(&text).map(|row| row[7].to_owned()).collect();
    let known: BTreeSet<_> = index.procedures().iter().map(|entry| entry.code.to_string()).collect();
    assert_eq!(used, known);
    // The same but for the claim's number: on another claim, some far behind.
    let mut first: BTreeMap<Vec<&str>, (&str, usize)> = BTreeMap::new();
    let (mut again, mut far) = (0, 0);
    for (place, row) in rows(&text).enumerate().filter(|(_, row)| !row[10].starts_with('-')) {
        let (claim, at) = *first.entry(row[1..].to_vec()).or_insert((row[0], place));
        again += usize::from(claim != row[0]);
        far += usize::from(claim != row[0] && place > at + 25_000);
    }
    assert!((800..3_000).contains(&again) && far > 0, "{again} {far}");
    let reversed = rows(&text).filter(|row| row[9].starts_with('-') && row[10].starts_with('-')).count();
    assert!((500..2_500).contains(&reversed), "{reversed}");
}

#[test]
fn clean_claims_have_nothing_wrong_with_them() {
    let index = embedded();
    let options = GenerateOptions { profile: Profile::Clean, ..options(50_000, 1.0) };
    let text = csv(&options, &index);
    for row in rows(&text) {
        let entry = index.entry(index.find(ProcedureCode::parse(row[7]).unwrap()).unwrap()).unwrap();
        let day = Day::parse_iso(row[5]).unwrap();
        let (_, policy, procedure) = index.first_policy(entry).unwrap();
        let coverage = policy.version_on(day).unwrap().1.coverage[procedure.service].as_ref().unwrap();
        assert!(procedure.active_to.is_none() && !coverage.investigational, "{row:?}");
        let table = coverage.diagnoses.as_ref().unwrap();
        let listed = |text: &str| {
            let code = crate::icd10::DiagnosisCode::parse(text.as_bytes()).unwrap();
            index.table().find(&code).is_some_and(|code| table.get(code).is_some())
        };
        assert!(row[12].split(';').any(listed), "{row:?}");
        assert!(row[10].starts_with(|c: char| c.is_ascii_digit()), "{row:?}");
    }
}

fn cells(frame: &DataFrame, row: usize) -> Vec<String> {
    let text = |value: AnyValue<'_>| match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.to_owned(),
        AnyValue::Date(days) => Day::from_days(days).to_string(),
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Boolean(yes) => yes.to_string(),
        AnyValue::Int32(number) => number.to_string(),
        value => panic!("{value:?}"),
    };
    frame.columns().iter().map(|column| text(column.get(row).unwrap())).collect()
}

#[test]
fn parquet_says_what_csv_says() {
    let index = embedded();
    for clinical in [false, true] {
        let options = GenerateOptions { clinical, ..options(30_000, 0.6) };
        let text = csv(&options, &index);
        let frame = ParquetReader::new(Cursor::new(bytes(&options, &index, Format::Parquet))).finish().unwrap();
        assert_eq!(frame.height(), 30_000);
        let names: Vec<_> = NATIVE.iter().chain(if clinical { &CLINICAL[..] } else { &[] }).copied().collect();
        assert!(frame.get_column_names().iter().map(|name| name.as_str()).eq(names.iter().copied()));
        assert_eq!(text.lines().next().unwrap().split(',').collect::<Vec<_>>(), names);
        let mut facts = 0;
        for (place, row) in rows(&text).enumerate() {
            let cells = cells(&frame, place);
            for (column, (field, cell)) in row.iter().zip(&cells).enumerate() {
                match column {
                    // Dates and amounts that are none have their own form in each.
                    5 if cell.is_empty() => assert_eq!(Day::parse_iso(field), None),
                    10 if cell == "NaN" => assert_eq!(*field, "see notice"),
                    10 | 11 if !cell.is_empty() => {
                        assert_eq!(Decimal::parse(field.as_bytes()), Decimal::parse(cell.as_bytes()), "{row:?}");
                    }
                    _ => assert_eq!(field, cell, "{row:?}"),
                }
            }
            facts += usize::from(row.iter().skip(13).any(|field| !field.is_empty()));
        }
        assert_eq!(facts > 8_000, clinical, "{facts}");
    }
}
