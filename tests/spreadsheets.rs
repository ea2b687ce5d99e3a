//! `--spreadsheet-safe`: what a spreadsheet would run is text, what is a number
//! stays one, and what was written can be read back.

mod common;

use std::fmt::Write as _;

use common::{Row, Workplace, rows_of, told};

/// Claim ids as they stand in the input, and as they stand in safe files.
const CLAIMS: [(&str, &str); 9] = [
    ("C1", "C1"),
    ("00123", "00123"),
    ("=1+1", "'=1+1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("-2+3", "'-2+3"),
    ("+1", "'+1"),
    ("'=1", "''=1"),
    ("\u{ff1d}1", "'\u{ff1d}1"),
    ("C9;=1+1", "C9;'=1+1"),
];

/// A line of each claim, denied, with a reversal's amount; one row that cannot be
/// read; and an unknown line of business that would run.
fn claims() -> String {
    let mut text = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business,provider_npi,\
                    paid_amount\n"
        .to_owned();
    for (claim, _) in CLAIMS {
        writeln!(text, "{claim},1,2026-03-01,22513,-M54.50;=M54,@plan,-1111111112,-1800.00").unwrap();
    }
    text + "=R1,1,2026-03-01,22513,M54.50,ppo,1111111112,-many\n"
}

fn files(place: &Workplace) -> [Vec<Row>; 3] {
    ["decisions.csv", "sample.csv", "rejects.csv"].map(|name| rows_of(place.read(name).as_bytes()))
}

#[test]
fn text_is_disarmed_and_numbers_are_not() {
    let place = Workplace::new();
    place.write("=a.csv", claims());
    let run = |options: &[&str]| {
        let told = told(place.run().args(["=a.csv", "--overwrite"]).args(options));
        assert_eq!(told.status, 3, "{told:?}");
        files(&place)
    };
    let plain = run(&[]);
    let safe = run(&["--spreadsheet-safe"]);
    for (file, count) in [(0, CLAIMS.len()), (1, CLAIMS.len()), (2, 1)] {
        assert_eq!((plain[file].len(), safe[file].len()), (count, count));
    }
    for (file, way) in [(0, "decisions"), (1, "sample")] {
        for (row, was) in safe[file].iter().zip(&plain[file]) {
            let (_, expected) = CLAIMS.iter().find(|(claim, _)| *claim == was["claim_id"]).unwrap();
            assert_eq!(row["claim_id"], *expected, "{way}");
            assert_eq!(row["source_file"], "'=a.csv");
            assert_eq!(row["diagnosis_codes"], was["diagnosis_codes"].replace("-M", "'-M").replace("=M", "'=M"));
            assert_eq!(row["line_of_business"], "'@plan");
            assert_eq!(row["provider_npi"], "'-1111111112");
            for number in ["paid_amount", "units", "line_number", "source_row", "service_date", "rules", "carc"] {
                assert_eq!(row[number], was[number], "{way}: {number}");
            }
            assert_eq!(row["paid_amount"], "-1800.00");
        }
    }
    assert_eq!(plain[2][0]["row"], "=R1,1,2026-03-01,22513,M54.50,ppo,1111111112,-many");
    assert_eq!(safe[2][0]["row"], "'=R1,1,2026-03-01,22513,M54.50,ppo,1111111112,-many");
    assert_eq!((safe[2][0]["source_file"].as_str(), safe[2][0]["source_row"].as_str()), ("'=a.csv", "10"));
}

#[test]
fn no_decision_depends_on_it() {
    let place = Workplace::new();
    place.write("a.csv", claims());
    let mut summaries = Vec::new();
    for options in [&[][..], &["--spreadsheet-safe"], &["--spreadsheet-safe", "--threads", "1", "--batch-bytes", "1"]] {
        let told = told(place.run().args(["a.csv", "--overwrite"]).args(options));
        assert_eq!(told.status, 3, "{told:?}");
        summaries.push((place.read("summary.json"), place.read("decisions.csv")));
    }
    assert_eq!(summaries[0].0, summaries[1].0);
    assert_ne!(summaries[0].1, summaries[1].1);
    assert_eq!(summaries[1], summaries[2]);
    let told = told(place.run().args(["a.csv", "--overwrite"]).env("ADJUDICATE_SPREADSHEET_SAFE", "yes"));
    assert_eq!((told.status, place.read("decisions.csv")), (3, summaries[1].1.clone()), "{}", told.stderr);
    // Parquet says what is text.
    let parquet = |options: &[&str]| {
        let told = common::told(place.run().args(["a.csv", "--overwrite", "--format", "parquet"]).args(options));
        assert_eq!(told.status, 3, "{told:?}");
        std::fs::read(place.out().join("decisions.parquet")).unwrap()
    };
    assert_eq!(parquet(&[]), parquet(&["--spreadsheet-safe"]));
}

#[test]
fn a_policys_own_texts_are_disarmed() {
    let policy = std::fs::read_to_string(common::repository("tests/policies/small.toml")).unwrap();
    let id = policy.lines().find_map(|line| line.strip_prefix("id = \"")).unwrap().trim_end_matches('"').to_owned();
    let place = Workplace::new();
    place.write("small.toml", policy.replacen(&format!("id = \"{id}\""), "id = \"=POLICY\"", 1));
    let code = policy.split('"').find(|text| text.len() == 5 && text.starts_with(|c: char| c.is_ascii_digit()));
    let header = "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n";
    place.write("a.csv", format!("{header}C1,1,2026-03-01,{},M54.50\nC2,1,2026-03-01,{0},M54.51\n", code.unwrap()));
    let told = told(place.run().args(["a.csv", "--spreadsheet-safe", "--policy", "small.toml"]));
    assert_eq!(told.status, 0, "{told:?}");
    let [decisions, ..] = files(&place);
    assert_eq!(decisions.len(), 2);
    assert!(decisions.iter().all(|row| row["policy_id"] == "'=POLICY"), "{decisions:?}");
}

#[test]
fn a_safe_run_is_explained_and_verified_as_any_other() {
    let place = Workplace::new();
    place.write("a.csv", claims());
    for options in [&[][..], &["--spreadsheet-safe"]] {
        let ran = told(place.run().args(["a.csv", "--overwrite"]).args(options));
        assert_eq!(ran.status, 3, "{ran:?}");
        let verified = told(common::program().arg("verify").arg(place.out()));
        assert_eq!(verified.status, 0, "{verified:?}");
        for (claim, _) in CLAIMS {
            let told = told(common::program().arg("explain").arg(place.out()).args(["--json", "--", claim]));
            assert_eq!(told.status, 0, "{claim}: {told:?}");
            let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
            assert_eq!(
                (&told["lines"][0]["claim_id"], &told["lines"][0]["line_of_business"]),
                (&claim.into(), &"@plan".into())
            );
        }
        let told = told(common::program().arg("explain").arg(place.out()).arg("'@SUM(A1)"));
        assert_eq!(told.status, 2, "what is not its id is not found: {told:?}");
    }
}
