//! What holds of every extract.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::generate::tests::embedded;
use crate::place::Unfinished;

/// A file by its name.
type Files = BTreeMap<String, String>;
/// A row by the names of its columns.
type Cells = BTreeMap<String, String>;

fn options(lines: u64) -> ExtractOptions {
    ExtractOptions { lines, seed: 5, ..ExtractOptions::default() }
}

fn made(options: &ExtractOptions, index: &PolicyIndex, threads: usize) -> (Extract, Files, String) {
    let place = tempfile::tempdir().unwrap();
    let (folder, truth) = (place.path().join("extract"), place.path().join("truth.csv"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let made = pool
        .install(|| generate_extract(options, index, &folder, Some(&truth), &|_| {}, &Unfinished::default()))
        .unwrap();
    let rights = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((rights(&folder), rights(&truth)), (0o700, 0o600));
    let mut files = Files::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(rights(&path), 0o600);
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        files.insert(name, fs::read_to_string(&path).unwrap());
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing else is left");
    (made, files, fs::read_to_string(truth).unwrap())
}

fn cells(text: &str) -> Vec<Cells> {
    let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = rows.next().unwrap().collect();
    rows.map(|row| header.iter().cloned().zip(row).collect()).collect()
}

#[test]
fn the_same_options_give_the_same_extract_on_any_number_of_threads() {
    let index = embedded();
    // Several blocks, the last one not full.
    let options = options(60_007);
    let once = made(&options, &index, 1);
    assert!(once == made(&options, &index, 3));
    assert!(once != made(&ExtractOptions { seed: 6, ..options }, &index, 3));
}

#[test]
fn the_truth_has_a_row_for_each_row_in_scope_and_says_what_it_says() {
    let index = embedded();
    let (made, files, truth) = made(&options(20_000), &index, 2);
    assert_eq!((made.lines, made.in_scope, made.files), (20_000, 6_000, 36));
    assert_eq!(files.values().map(|text| cells(text).len()).sum::<usize>(), 20_000);
    let mut known: BTreeMap<(String, u64), Cells> = BTreeMap::new();
    for row in cells(&truth) {
        let place = (row["file"].clone(), row["row"].parse().unwrap());
        assert_eq!(known.insert(place, row), None);
    }
    for (file, text) in &files {
        for (number, row) in (1..).zip(cells(text)) {
            let code = crate::claim::ProcedureCode::parse(&row["procedure_code"]).unwrap();
            let truth = known.remove(&(file.clone(), number));
            assert_eq!(truth.is_some(), index.find(code).is_some(), "{file} {number}");
            let Some(truth) = truth else { continue };
            for (of_truth, of_row) in [
                ("claim_id", "claim_id"),
                ("line_number", "line_number"),
                ("service_date", "service_date"),
                ("paid_date", "paid_date"),
                ("billed", "billed_amount"),
                ("paid", "paid_amount"),
            ] {
                assert_eq!(truth[of_truth], row[of_row], "{file} {number} {of_truth}");
            }
            let counts = if truth["claim_status"] == "denied" { "0.00" } else { &row["paid_amount"] };
            assert_eq!(truth["exposure_paid"], counts);
            for way in ["", "alone_", "nightly_"] {
                let [superseded, disposition] =
                    ["superseded", "disposition"].map(|name| &truth[&format!("{way}{name}")]);
                assert_ne!(superseded.is_empty(), disposition.is_empty(), "{file} {number} {way}");
            }
            assert_eq!(truth["superseded"].is_empty(), !truth["policy_version"].is_empty());
        }
    }
    assert!(known.is_empty());
}

#[test]
fn every_story_is_told_and_the_totals_are_theirs() {
    let index = embedded();
    let (made, _, truth) = made(&options(20_000), &index, 2);
    let mut claims: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in cells(&truth) {
        claims.entry(row["story"].clone()).or_default().insert(row["claim_id"].clone());
    }
    let times: BTreeMap<_, _> = made.totals.stories.iter().map(|count| (count.story, count.times)).collect();
    for (story, name) in Story::ALL {
        assert!(times[name] >= 10, "{name}: {}", times[name]);
        // Claims in scope, each with a number of its own.
        let own_numbers = match story {
            Story::ReplacedUnderItsNumber | Story::ReversedByEntry => 1,
            story => u64::from(story.lines_in_scope()),
        };
        assert_eq!(claims[name].len() as u64, times[name] * own_numbers, "{name}");
    }
    let totals = &made.totals;
    assert_eq!(
        [
            totals.forked,
            totals.cycles,
            totals.voids_without_original,
            totals.replacements_without_original,
            totals.reversals_without_line
        ],
        ["forked", "cycle", "void_alone", "replacement_alone", "reversal_alone"].map(|name| times[name])
    );
    let versions: BTreeSet<_> =
        cells(&truth).into_iter().map(|mut row| row.remove("policy_version").unwrap()).collect();
    assert_eq!(versions, BTreeSet::from(["", "2018-10-01", "2020-06-15"].map(str::to_owned)));
}

#[test]
fn stories_do_not_meet() {
    let (_, files, truth) = made(&options(20_000), &embedded(), 2);
    let files: BTreeMap<_, _> = files.iter().map(|(name, text)| (name.clone(), cells(text))).collect();
    let mut of_member: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in cells(&truth) {
        let number: usize = row["row"].parse().unwrap();
        let member = files[&row["file"]][number - 1]["member_id"].clone();
        of_member.entry(member).or_default().insert(row["story"].clone());
    }
    assert!(of_member.values().all(|stories| stories.len() == 1));
}

#[test]
fn small_and_dense_extracts_have_the_share_that_was_asked_for() {
    let index = embedded();
    for (lines, in_scope, expected) in [(0, 0.3, 0), (1, 1.0, 1), (7, 0.5, 4), (500, 1.0, 500), (500, 0.0, 0)] {
        let options = ExtractOptions { in_scope, ..options(lines) };
        let made = made(&options, &index, 1).0;
        assert_eq!((made.lines, made.in_scope), (lines, expected));
    }
}

#[test]
fn days_that_were_asked_for_are_those_of_the_extract() {
    let index = embedded();
    let day = |text: &str| Some(Day::parse_iso(text).unwrap());
    let options = ExtractOptions { from: day("2023-01-01"), to: day("2023-12-31"), ..options(3_000) };
    let (made, files, truth) = made(&options, &index, 1);
    assert_eq!(files.keys().next_back().unwrap(), "received-2023-12.csv");
    assert!(cells(&truth).iter().all(|row| row["service_date"].starts_with("2023-")));
    // No list changes in that year: that story cannot be told, and nothing else is.
    let times = made.totals.stories.iter().find(|count| count.story == "later_list").unwrap().times;
    assert_eq!(times, 0);
    let short = ExtractOptions { to: day("2023-02-01"), ..options };
    let place = tempfile::tempdir().unwrap();
    let refused =
        generate_extract(&short, &index, &place.path().join("x"), None, &|_| {}, &Unfinished::default()).unwrap_err();
    assert!(refused.to_string().contains("are too few"), "{refused}");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn only_an_extract_is_replaced() {
    let index = embedded();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("extract");
    let make = |overwrite, truth: Option<&Path>| {
        let options = ExtractOptions { overwrite, ..options(50) };
        generate_extract(&options, &index, &folder, truth, &|_| {}, &Unfinished::default()).map(|made| made.lines)
    };
    assert_eq!(make(false, None).unwrap(), 50);
    assert!(matches!(make(false, None), Err(GenerateError::Exists(_))));
    assert_eq!(make(true, None).unwrap(), 50);
    assert!(matches!(make(true, Some(&folder.join("truth.csv"))), Err(GenerateError::TruthInClaims(_))));
    assert!(matches!(make(true, Some(&place.path().join("t.json"))), Err(GenerateError::ExtractTruthFormat(_))));
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    assert!(matches!(make(true, None), Err(GenerateError::NoExtract(_))));
    assert_eq!(fs::read_to_string(folder.join("notes.txt")).unwrap(), "mine");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}
