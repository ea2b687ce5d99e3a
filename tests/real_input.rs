//! The CMS's synthetic carrier claims in their real layout. They stand beside the
//! repository, not in it; where they do not, these tests say so and pass.

mod common;

use std::fs;
use std::path::PathBuf;

use adjudicate::input::Layout;
use common::Ran;

fn file() -> Option<PathBuf> {
    let file = common::repository("../shared/data/claims/rif_carrier.csv");
    if !file.exists() {
        println!("skipped: {} is not there", file.display());
    }
    file.exists().then_some(file)
}

fn ran(file: PathBuf) -> Ran {
    let mut settings = common::settings(&[file]);
    settings.layout = Layout::embedded("rif-carrier").unwrap();
    common::run_here(&settings, &common::adjudicator()).unwrap()
}

#[test]
fn every_line_is_read() {
    let Some(file) = file() else { return };
    let summary = ran(file).summary;
    let counts = [summary.rows, summary.out_of_scope, summary.decided, summary.rejected];
    assert_eq!(counts, [221, 221, 0, 0]);
}

#[test]
fn the_same_lines_with_codes_in_scope_are_medicare_s() {
    let Some(file) = file() else { return };
    let mut reader = csv::ReaderBuilder::new().delimiter(b'|').quoting(false).from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let place_of = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (procedure, day, number) = (place_of("HCPCS_CD"), place_of("LINE_1ST_EXPNS_DT"), place_of("LINE_NUM"));

    let codes = ["22510", "22513", "22514", "22515", "0200T", "22523"];
    let mut text = header.iter().collect::<Vec<_>>().join("|") + "\n";
    let mut expected = Vec::new();
    for (row, record) in (1..).zip(reader.records().map(Result::unwrap)) {
        let mut fields: Vec<&str> = record.iter().collect();
        if row % 3 == 0 {
            let code = codes[row / 3 % codes.len()];
            fields[procedure] = code;
            expected.push((row.to_string(), code.to_owned(), record[number].to_owned()));
            assert!(!record[day].is_empty());
        }
        text += &(fields.join("|") + "\n");
    }
    let place = tempfile::tempdir().unwrap();
    let changed = place.path().join("changed.csv");
    fs::write(&changed, text).unwrap();

    let ran = ran(changed);
    let decisions = ran.decisions();
    let seen: Vec<_> = decisions
        .iter()
        .map(|row| (row["source_row"].clone(), row["procedure_code"].clone(), row["line_number"].clone()))
        .collect();
    assert_eq!(seen, expected);
    assert_eq!(ran.summary.rejected, 0);
    for row in &decisions {
        // Lines of one claim and number may stand twice: final action and adjustment.
        let rules = row["rules"].split(';').filter(|rule| *rule != "LIN007").collect::<Vec<_>>();
        assert_eq!((row["disposition"].as_str(), rules), ("refer", vec!["PGM003"]), "{row:?}");
        assert_eq!(row["line_of_business"], "medicare");
        assert!(!row["claim_id"].is_empty() && !row["paid_amount"].is_empty() && !row["diagnosis_codes"].is_empty());
    }
}
