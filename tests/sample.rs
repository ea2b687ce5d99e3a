//! The sample of flagged lines: drawn by chance, and always the same.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use adjudicate::report::{Sample, SampleSettings};
use adjudicate::run::RunSettings;
use common::{Row, Workplace, rows_of, run_here};

/// Lines of four kinds, one of them allowed: unlisted, investigational, referred.
fn claims(lines: usize) -> String {
    let mut text = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business\n".to_owned();
    for line in 0..lines {
        let (procedure, diagnosis, business) = match line % 7 {
            0 => ("22513", "M54.50", "ppo"),
            1..=3 => ("0200T", "M80.08XA", "ppo"),
            4 => ("22513", "M80.08XA", "fep"),
            _ => ("22513", "M80.08XA", "ppo"),
        };
        writeln!(text, "C{line},1,2026-03-{:02},{procedure},{diagnosis},{business}", line % 28 + 1).unwrap();
    }
    text
}

fn ran(lines: usize, change: impl FnOnce(&mut RunSettings)) -> common::Ran {
    let place = Workplace::new();
    let path = place.write("claims.csv", claims(lines));
    let mut settings = common::settings(&[path]);
    change(&mut settings);
    run_here(&settings, &common::adjudicator()).unwrap()
}

/// The sample's rows by stratum.
fn strata(sample: &[u8]) -> BTreeMap<String, Vec<Row>> {
    let mut strata: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows_of(sample) {
        strata.entry(row["stratum"].clone()).or_default().push(row);
    }
    strata
}

#[test]
fn all_flagged_lines_are_in_it_where_there_are_few() {
    let ran = ran(70, |_| {});
    let strata = strata(&ran.sample);
    let sizes: Vec<_> = strata.iter().map(|(rule, rows)| (rule.as_str(), rows.len())).collect();
    assert_eq!(sizes, [("COV001", 30), ("COV002", 10), ("PGM001", 10)]);
    assert!(strata.values().flatten().all(|row| row["weight"] == "1" && row["verdict"].is_empty()));
    // Each row is that of the decisions.
    let decisions: BTreeMap<_, _> = ran.decisions().into_iter().map(|row| (row["source_row"].clone(), row)).collect();
    for row in strata.values().flatten() {
        for (column, value) in &decisions[&row["source_row"]] {
            assert_eq!(&row[column], value, "{column}");
        }
    }
}

#[test]
fn of_many_each_rule_has_as_many_but_few_are_referred() {
    // 3,000 of COV001, 1,000 of COV002 and of PGM001.
    let ran = ran(7_000, |settings| settings.sample = SampleSettings { lines: 100, seed: 4 });
    let strata = strata(&ran.sample);
    for (rule, lines, taken) in [("COV001", 3_000.0, 45), ("COV002", 1_000.0, 45), ("PGM001", 1_000.0, 10)] {
        let rows = &strata[rule];
        assert_eq!(rows.len(), taken, "{rule}");
        let weight = lines / f64::from(u32::try_from(taken).unwrap());
        assert!(rows.iter().all(|row| (row["weight"].parse::<f64>().unwrap() - weight).abs() < 1e-9));
        let places: Vec<_> = rows.iter().map(|row| row["place"].clone()).collect();
        assert_eq!(places, (1..=taken).map(|place| place.to_string()).collect::<Vec<_>>());
        // In the order of chance, not of the input.
        let lines: Vec<u32> = rows.iter().map(|row| row["source_row"].parse().unwrap()).collect();
        assert!(!lines.is_sorted());
    }
    let summary = &ran.summary.sample;
    assert_eq!((summary.flagged, summary.lines, summary.seed), (5_000, 100, 4));
}

#[test]
fn threads_batches_and_spooling_draw_the_same() {
    let place = Workplace::new();
    let path = place.write("claims.csv", claims(9_000));
    let sample = |lines: usize, change: &dyn Fn(&mut RunSettings)| {
        let mut settings = common::settings(&[&path]);
        settings.sample.lines = lines;
        change(&mut settings);
        run_here(&settings, &common::adjudicator()).unwrap().sample
    };
    for lines in [0, 1, 40, 1_000, 100_000] {
        let first = sample(lines, &|_| {});
        for change in [
            (&|settings: &mut RunSettings| settings.threads = 1) as &dyn Fn(&mut RunSettings),
            &|settings| settings.batch_bytes = 1_000,
            &|settings| (settings.threads, settings.batch_bytes, settings.memory_bytes) = (8, 3_000, 1 << 20),
        ] {
            assert!(sample(lines, change) == first, "{lines}");
        }
        if (40..=1_000).contains(&lines) {
            assert!(sample(lines, &|settings| settings.sample.seed = 2) != first, "{lines}");
        }
    }
}

#[test]
fn the_first_of_a_larger_sample_are_the_smaller_one() {
    let of = |lines: usize| strata(&ran(7_000, |settings| settings.sample.lines = lines).sample);
    let (small, large) = (of(30), of(300));
    for (rule, rows) in &small {
        let rows: Vec<_> = rows.iter().map(|row| &row["source_row"]).collect();
        let first: Vec<_> = large[rule].iter().take(rows.len()).map(|row| &row["source_row"]).collect();
        assert_eq!(rows, first, "{rule}");
    }
}

#[test]
fn a_sample_is_read_back_as_it_was_written() {
    let ran = ran(700, |settings| settings.sample.lines = 50);
    let summary = &ran.summary.sample;
    let sample = Sample::read_csv(&*ran.sample, summary, false).unwrap();
    let mut again = Vec::new();
    sample.write_csv(&mut again, false).unwrap();
    assert_eq!(again, ran.sample);
    // A row too few, a column too few, a stratum that is not there.
    let text = String::from_utf8(ran.sample.clone()).unwrap();
    let short = text.lines().take(10).collect::<Vec<_>>().join("\n");
    for (spoiled, words) in [
        (short, "as many rows"),
        (text.replace(",verdict,", ",judgement,"), "columns"),
        (text.replace("\nCOV001,", "\nLIN003,"), "no stratum"),
        (text + "\u{0}\u{ff},\"", ""),
    ] {
        let error = Sample::read_csv(spoiled.as_bytes(), summary, false).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
