//! What is refused, how files come to be, and policies that offer little.

use std::io::Read;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::tests::{bytes, csv, embedded, options, rows};
use super::*;
use crate::claim::{Day, ProcedureCode};
use crate::icd10::{CodeIndex, DiagnosisCode, Icd10};
use crate::place::Unfinished;
use crate::policy::{PolicyFile, Program, ProgramNames};

#[test]
fn compressed_csv_is_the_same_csv() {
    let (index, options) = (embedded(), options(3_000, 0.5));
    let plain = bytes(&options, &index, Format::Csv);
    let mut unpacked = Vec::new();
    let gzip = bytes(&options, &index, Format::CsvGzip);
    flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain);
    assert!(zstd::decode_all(&bytes(&options, &index, Format::CsvZstd)[..]).unwrap() == plain);
}

#[test]
fn a_file_is_its_owners_alone_and_is_not_replaced_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.csv");
    let (index, mut options) = (embedded(), options(30_000, 0.1));
    let seen = AtomicU64::new(0);
    generate(
        &options,
        &index,
        &path,
        None,
        &|lines| assert!(seen.fetch_max(lines, Ordering::Relaxed) <= lines),
        &Unfinished::default(),
    )
    .unwrap();
    assert_eq!(seen.into_inner(), 30_000);
    let written = std::fs::read(&path).unwrap();
    assert!(written == bytes(&options, &index, Format::Csv));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    options.lines = 10;
    assert!(matches!(
        generate(&options, &index, &path, None, &|_| {}, &Unfinished::default()),
        Err(GenerateError::Exists(_))
    ));
    assert!(std::fs::read(&path).unwrap() == written);
    options.overwrite = true;
    generate(&options, &index, &path, None, &|_| {}, &Unfinished::default()).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 11);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let nowhere = folder.path().join("none").join("claims.csv");
    let error = generate(&options, &index, &nowhere, None, &|_| {}, &Unfinished::default()).unwrap_err();
    assert!(matches!(error, GenerateError::Write { .. }), "{error}");
}

#[test]
fn what_cannot_be_made_is_refused() {
    let index = embedded();
    let refused = |in_scope, index: &PolicyIndex| {
        generate_to(&options(10, in_scope), index, std::io::sink(), Format::Csv, &|_| {}).unwrap_err().to_string()
    };
    for share in [-0.1, 1.5, f64::NAN] {
        assert_eq!(
            refused(share, &index),
            format!("the share of lines in scope is {share}; it must lie between 0 and 1")
        );
    }
    let nothing = PolicyIndex::new(Arc::clone(index.table()), Vec::new(), ProgramNames::default()).unwrap();
    assert_eq!(refused(0.5, &nothing), "no line can be in scope: no loaded policy names a procedure");
    // Without lines in scope no policy is needed.
    assert_eq!(rows(&csv(&options(100, 0.0), &nothing)).count(), 100);
}

/// A policy with nothing that a scenario could use: one procedure, not covered.
const BARE: &str = r#"
schema = 1
[policy]
id = "bare"
title = "t"
publisher = "p"
source = "s"
programs = ["commercial"]
[[service]]
id = "s"
[[procedure]]
code = "X0001"
label = "l"
service = "s"
from = 2020-01-01
cite = "c"
[[version]]
from = 2024-01-01
note = "n"
[[version.coverage]]
service = "s"
investigational = true
cite = "c"
"#;

#[test]
fn policies_that_offer_little_or_much_still_give_claims() {
    let table = Arc::new(Icd10::embedded().unwrap());
    let bare = PolicyFile::parse("bare", BARE, &table).unwrap();
    let text = csv(&options(2_000, 1.0), &PolicyIndex::from_files(Arc::clone(&table), vec![bare.clone()]).unwrap());
    assert!(rows(&text).count() == 2_000 && rows(&text).all(|row| row[7] == "X0001"));

    let mut files = PolicyFile::embedded(&table).unwrap();
    files.push(bare);
    let text = csv(&options(2_000, 1.0), &PolicyIndex::from_files(Arc::clone(&table), files).unwrap());
    assert!(rows(&text).any(|row| row[7] == "X0001") && rows(&text).any(|row| row[7] != "X0001"));

    let empty = Arc::new(Icd10::from_rows("none", Day::from_days(0), Day::from_days(1), []).unwrap());
    let bare = PolicyFile::parse("bare", BARE, &empty).unwrap();
    let text = csv(
        &options(2_000, 0.5),
        &PolicyIndex::new(empty, bare.policy.into_iter().collect(), ProgramNames::default()).unwrap(),
    );
    assert!(rows(&text).all(|row| row[12].is_empty()));
}

#[test]
fn a_program_that_a_policy_decides_gets_claims_by_that_policy() {
    let table = Arc::new(Icd10::embedded().unwrap());
    let text = include_str!("../../policies/examples/A56572-example.toml");
    let mut files = PolicyFile::embedded(&table).unwrap();
    files.push(PolicyFile::parse("article", text, &table).unwrap());
    let index = PolicyIndex::from_files(Arc::clone(&table), files).unwrap();
    let clean = GenerateOptions { profile: Profile::Clean, ..options(20_000, 1.0) };
    let text = csv(&clean, &index);
    let mut seen = 0;
    for row in rows(&text).filter(|row| index.programs().find(row[4]) == Some(Program::Medicare)) {
        let entry = index.entry(index.find(ProcedureCode::parse(row[7]).unwrap()).unwrap()).unwrap();
        let day = Day::parse_iso(row[5]).unwrap();
        let (_, policy, procedure, _) = index.claimant(entry, Program::Medicare, day).unwrap();
        let coverage = policy.version_on(day).unwrap().1.coverage[procedure.service].as_ref().unwrap();
        let listed = coverage.diagnoses.as_ref().unwrap();
        let codes: Vec<_> = row[12].split(';').filter_map(|text| DiagnosisCode::parse(text.as_bytes())).collect();
        let codes: Vec<_> = codes.iter().filter_map(|code| table.find(code)).collect();
        // A code that counts only beside another has it beside it.
        let supports = |code: &CodeIndex| {
            listed.get(*code).is_some_and(|listed| {
                let beside = &listed.together_with;
                beside.is_empty() || beside.iter().any(|other| codes.contains(other))
            })
        };
        assert!(codes.iter().any(supports), "{row:?}");
        seen += 1;
    }
    assert!(seen > 1_000, "{seen}");
}

#[test]
fn every_profile_is_there() {
    for profile in Profile::ALL {
        assert!(profile::Rates::load(profile).is_ok(), "{profile:?}");
        assert_eq!(Profile::from_name(profile.name()), Some(profile));
    }
    assert_eq!(Profile::from_name("none"), None);
}
