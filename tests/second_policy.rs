//! Policies other than the embedded one. Rules speak about any policy: one that
//! shares no code with it, alone and beside it; one for another program, on the
//! same procedures; and ones that contradict it, which are refused.

mod common;

use std::fs;
use std::sync::Arc;

use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::policy::{PolicyError, PolicyFile, PolicyIndex};
use common::{Ran, Workplace};

const SECOND: &str = "tests/policies/second.toml";
const EXAMPLE: &str = "policies/examples/A56572-example.toml";

fn judging(index: Arc<PolicyIndex>) -> Arc<Adjudicator> {
    common::judging(index, DecisionOptions::default())
}

fn alone(file: &str) -> Arc<Adjudicator> {
    let files = common::policy_files(&[file]).unwrap();
    judging(Arc::new(PolicyIndex::from_files(common::table(), files).unwrap()))
}

fn beside(file: &str) -> Arc<Adjudicator> {
    judging(common::index_with(&[file]).unwrap())
}

/// Runs lines with the columns `columns`, each on a claim of its own unless a
/// line begins with `+`, which puts it on the claim of the one before.
fn ran(adjudicator: &Arc<Adjudicator>, columns: &str, lines: &[&str]) -> Ran {
    let mut claim = 0;
    let rows: Vec<String> = (1..)
        .zip(lines)
        .map(|(number, line)| {
            let own = line.strip_prefix('+');
            claim += usize::from(own.is_none());
            format!("C{claim},{number},{}\n", own.unwrap_or(line))
        })
        .collect();
    common::run_text_under(adjudicator, format!("claim_id,line_number,{columns}\n{}", rows.concat()))
}

/// Checks what lines came to, written before each as `disposition rules`.
fn decided(adjudicator: &Arc<Adjudicator>, columns: &str, expected: &[(&str, &str)]) -> Ran {
    let lines: Vec<&str> = expected.iter().map(|(_, line)| *line).collect();
    let ran = ran(adjudicator, columns, &lines);
    let verdicts = ran.verdicts();
    assert_eq!(verdicts.len(), expected.len());
    for ((wanted, line), seen) in expected.iter().zip(&verdicts) {
        assert_eq!(seen.trim_end(), *wanted, "{line}");
    }
    ran
}

#[test]
fn a_policy_of_other_codes_by_itself() {
    let ran = decided(
        &alone(SECOND),
        "service_date,procedure_code,diagnosis_codes,line_of_business,units",
        &[
            ("allow", "2021-03-01,63650,M96.1,,"),
            // The embedded names of programs hold, since this file has none.
            ("allow", "2021-03-01,63650,M96.1,HMO,"),
            ("allow", "2021-03-01,63650,M96.1,Medicare Advantage,"),
            ("allow PGM004", "2021-03-01,63650,M96.1,Plan 7,"),
            ("refer PGM001", "2021-03-01,63650,M96.1,fep,"),
            ("refer PGM002", "2021-03-01,63650,M96.1,sao,"),
            // Versions: one that ends, a gap, one that goes on.
            ("pend POL001", "2015-12-31,63650,M96.1,,"),
            ("allow", "2018-12-31,63650,M96.1,,"),
            ("pend POL001", "2019-01-01,63650,M96.1,,"),
            ("allow", "2020-01-01,63650,M96.1,,"),
            // Codes: deleted, investigational, investigational until deleted.
            ("deny COD001", "2021-03-01,63660,M96.1,,"),
            ("deny COV001", "2021-03-01,64555,M96.1,,"),
            ("deny COD001", "2025-03-01,64555,M96.1,,"),
            // Listed while billable: M54.5 was split in 2021.
            ("allow REV003", "2021-03-01,63650,M54.5,,"),
            ("deny COD003", "2022-03-01,63650,M54.5,,"),
            ("allow REV003", "2022-03-01,63650,M54.50,,"),
            // On the review list since 2020, at the first encounter.
            ("pend COV003", "2021-03-01,63650,T85.112A,,"),
            ("deny COV002", "2021-03-01,63650,T85.112D,,"),
            ("deny COV002", "2017-03-01,63650,T85.112A,,"),
            // Its own limits.
            ("allow", "2021-03-01,63650,M96.1,,2"),
            ("deny LIN003", "2021-03-01,63650,M96.1,,3"),
        ],
    );
    let rows = ran.decisions();
    assert!(rows.iter().all(|row| row["policy_id"] == "TEST-02"));
    assert_eq!((&rows[4]["detail"], &rows[5]["detail"]), (&"to somebody else".to_owned(), &String::new()));
    assert_eq!(rows[12]["detail"], "ended 2024-12-31; replaced by 63650");
    assert_eq!(rows[2]["line_of_business"], "medicare");
    let versions: Vec<&str> = rows.iter().map(|row| row["policy_version"].as_str()).take(10).collect();
    assert_eq!(versions[6..], ["", "2016-01-01", "", "2020-01-01"]);
}

#[test]
fn codes_that_count_only_beside_another() {
    let ran = decided(
        &alone(SECOND),
        "service_date,procedure_code,diagnosis_codes,diagnosis_pointers",
        &[
            ("deny COV002", "2021-03-01,63650,G89.4,"),
            ("allow", "2021-03-01,63650,G89.4;G03.9,"),
            // The companion may stand anywhere on the line.
            ("allow", "2021-03-01,63650,G89.4;G03.9,A"),
            ("deny COV002", "2021-03-01,63650,G89.4;G03.9,B"),
            // An entry's own companion comes before its list's.
            ("deny COV002", "2021-03-01,63650,G89.21;G03.9,"),
            ("allow", "2021-03-01,63650,G89.21;G89.11,"),
        ],
    );
    assert_eq!(ran.decisions()[0]["detail"], "without its companion: G89.4");
}

#[test]
fn a_service_covered_whatever_the_diagnosis_and_its_edits() {
    decided(
        &alone(SECOND),
        "service_date,procedure_code,diagnosis_codes,technique,fda_cleared_device,modifiers",
        &[
            ("deny LIN001", "2021-03-01,63685,,,,"),
            ("allow", "2021-03-01,63650,M96.1,,,"),
            ("allow", "+2021-03-01,63685,,,,"),
            ("deny COV006", "2021-03-01,63685,,Mechanical,,"),
            ("deny COV006", "2021-03-01,63685,,rfk,,"),
            ("deny COV007", "2021-03-01,63685,,balloon,no,"),
            // Before its version says anything of the service.
            ("pend POL001", "2017-03-01,63685,,,,"),
            // Primaries of the add-on, of which the second waits for the first.
            ("allow", "2021-03-01,63650,M96.1,,,"),
            ("pend LIN006", "+2021-03-01,63655,M96.1,,,"),
            ("allow", "+2021-03-01,63685,,,,"),
            // Regions: doubtful, treated, none.
            ("pend REV001", "2021-03-01,63655,G56.41,,,"),
            ("allow", "2021-03-01,63655,G57.71,,,"),
            ("allow", "2021-03-01,63655,M96.1,,,"),
            ("allow", "2021-03-01,63655,G56.41;G57.71,,,"),
        ],
    );
}

#[test]
fn indications_of_its_own_in_its_own_order() {
    let ran = decided(
        &alone(SECOND),
        "service_date,procedure_code,diagnosis_codes,severe_pain,ambulation_prevented,conservative_weeks,fracture_age_weeks",
        &[
            ("allow", "2021-03-01,63650,M96.1,yes,no,25.5,1"),
            ("pend COV005", "2021-03-01,63650,M96.1,yes,,25.4999,"),
            ("pend COV004", "2021-03-01,63650,M96.1,no,no,30,1"),
            ("allow", "2021-03-01,63650,G57.71,no,no,0,2"),
            ("allow", "2021-03-01,63650,G57.71,no,no,0,11.9999"),
            ("pend COV004", "2021-03-01,63650,G57.71,no,no,0,12"),
            ("pend COV005", "2021-03-01,63650,G57.71,no,no,0,"),
            // Both are met: the policy's order is that of its indications, whatever
            // the order in which a version names them.
            ("allow", "2021-03-01,63650,M96.1,yes,yes,26,"),
            // A version with one indication only.
            ("allow", "2017-03-01,63650,M96.1,yes,yes,26,"),
            ("pend COV004", "2017-03-01,63650,M96.1,no,yes,26,"),
        ],
    );
    let met: Vec<String> = ran.decisions().iter().map(|row| row["indication"].clone()).collect();
    assert_eq!(met, ["S1", "", "", "S2", "S2", "", "", "S1", "S1", ""]);
}

#[test]
fn two_policies_side_by_side() {
    let lines = [
        ("allow", "2021-03-01,63650,M96.1,,"),
        ("allow", "2021-03-01,22513,M80.08XA,,"),
        // Neither's list is the other's.
        ("deny COV002", "2021-03-01,63650,M80.08XA,,"),
        ("deny COV002", "2021-03-01,22513,M96.1,,"),
        // Each with its own programs.
        ("allow", "2021-03-01,63650,M96.1,medicare,"),
        ("refer PGM003", "2021-03-01,22513,M80.08XA,medicare,"),
        // Neither's primary is the other's.
        ("allow", "2021-03-01,63650,M96.1,,"),
        ("deny LIN001", "+2021-03-01,22515,M80.08XA,,"),
    ];
    let columns = "service_date,procedure_code,diagnosis_codes,line_of_business,units";
    let ran = decided(&beside(SECOND), columns, &lines);
    let ids: Vec<String> = ran.decisions().iter().map(|row| row["policy_id"].clone()).collect();
    let (first, second) = ("02-20000-18", "TEST-02");
    assert_eq!(ids, [second, first, second, first, second, first, second, first]);
    let versions: Vec<String> =
        ran.summary.by_version.iter().map(|one| format!("{} {}", one.policy_id, one.policy_version)).collect();
    assert_eq!(versions, ["02-20000-18 ", "02-20000-18 2020-06-15", "TEST-02 2020-01-01"]);

    // What is the second's alone is out of scope without it.
    let texts: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
    let ran = self::ran(&common::adjudicator(), columns, &texts);
    assert_eq!((ran.summary.decided, ran.summary.out_of_scope), (4, 4));
}

#[test]
fn a_policy_for_medicare_on_the_same_procedures() {
    let ran = decided(
        &beside(EXAMPLE),
        "service_date,procedure_code,diagnosis_codes,line_of_business,diagnosis_pointers",
        &[
            // Group 1: any one by itself.
            ("allow", "2026-03-01,22513,M80.08XA,medicare,"),
            ("allow", "2026-03-01,22513,M80.88XA,MA,"),
            ("allow REV005", "2026-03-01,22513,M80.88XS,MA,"),
            // Group 2: only with a companion, which does not count by itself.
            ("deny COV002", "2026-03-01,22513,C79.51,medicare,"),
            ("deny COV002", "2026-03-01,22513,M84.58XA,medicare,"),
            ("allow", "2026-03-01,22513,C79.51;M84.58XA,medicare,"),
            ("allow", "2026-03-01,22513,C79.51;M84.58XS,medicare,A"),
            ("deny COV002", "2026-03-01,22513,C79.51;M84.58XA,medicare,B"),
            ("deny COV002", "2026-03-01,22513,C90.01;M84.58XD,medicare,"),
            ("allow REV003", "2026-03-01,22513,C41.2;M84.58XA,medicare,"),
            // What the article does not list, the guideline does.
            ("deny COV002", "2026-03-01,22513,M48.54XA,medicare,"),
            ("allow", "2026-03-01,22513,M48.54XA,commercial,"),
            ("allow", "2026-03-01,22513,C79.51,commercial,"),
            ("pend COV003", "2026-03-01,22513,M80.88XA,commercial,"),
            // What the article does not speak of is referred as before.
            ("refer PGM003", "2026-03-01,0200T,M80.08XA,medicare,"),
            ("refer PGM003", "2010-03-01,22520,M80.08XA,medicare,"),
            ("refer PGM001", "2026-03-01,22513,M80.08XA,fep,"),
            // Before its only version.
            ("pend POL001", "2020-12-31,22513,M80.08XA,medicare,"),
            // Edits hold across the programs of a session.
            ("deny COV002", "2026-03-01,22514,M54.50,medicare,"),
            ("deny LIN002", "+2026-03-01,22515,M80.08XA,medicare,"),
        ],
    );
    let rows = ran.decisions();
    for row in &rows {
        let wanted = if row["line_of_business"] == "medicare" && row["rule"] != "PGM003" {
            "A56572-example"
        } else {
            "02-20000-18"
        };
        assert_eq!(row["policy_id"], wanted, "{row:?}");
    }
    assert_eq!((&*rows[0]["policy_version"], &*rows[3]["detail"]), ("2021-01-01", "without its companion: C79.51"));
}

#[test]
fn edits_are_those_of_the_policy_that_decides_the_line() {
    // The example with another limit, and without the pair of 22513 and 22514.
    let limit =
        "code = \"22513\"\nlabel = \"augmentation, thoracic\"\nservice = \"augmentation\"\nfrom = 2015-01-01\nlimit = ";
    let changes = [(format!("{limit}1"), format!("{limit}2")), ("second_to = [\"22513\"]\n".to_owned(), String::new())];
    let changes: Vec<(&str, &str)> = changes.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let index = Arc::new(joined(changed(EXAMPLE, &changes), &[]).unwrap());
    decided(
        &judging(index),
        "service_date,procedure_code,diagnosis_codes,line_of_business,units",
        &[
            ("allow", "2026-03-01,22513,M80.08XA,medicare,2"),
            ("deny LIN003", "2026-03-01,22513,M80.08XA,commercial,2"),
            ("allow", "2026-03-01,22513,M80.08XA,medicare,1"),
            ("allow", "+2026-03-01,22514,M80.08XA,medicare,1"),
            ("allow", "2026-03-01,22513,M80.08XA,commercial,1"),
            ("pend LIN006", "+2026-03-01,22514,M80.08XA,commercial,1"),
        ],
    );
}

/// A policy file's text with its id and one more thing changed.
fn changed(file: &str, changes: &[(&str, &str)]) -> PolicyFile {
    let mut text = fs::read_to_string(common::repository(file)).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    PolicyFile::parse("changed.toml", &text, &common::table()).unwrap()
}

fn joined(changed: PolicyFile, with: &[&str]) -> Result<PolicyIndex, PolicyError> {
    let mut files = PolicyFile::embedded(&common::table()).unwrap();
    files.extend(common::policy_files(with).unwrap());
    files.push(changed);
    PolicyIndex::from_files(common::table(), files)
}

#[test]
fn policies_that_decide_the_same_lines_are_refused() {
    // The example, were it the commercial guideline too.
    let commercial = changed(EXAMPLE, &[("programs = [\"medicare\"]", "programs = [\"medicare\", \"commercial\"]")]);
    let error = joined(commercial, &[]).unwrap_err().to_string();
    for word in ["changed.toml", "02-20000-18", "22510", "commercial", "2021-01-01"] {
        assert!(error.contains(word), "{word}: {error}");
    }
    // One policy under two ids.
    let twin = changed(SECOND, &[("id = \"TEST-02\"", "id = \"TEST-03\"")]);
    let error = joined(twin, &[SECOND]).unwrap_err().to_string();
    assert!(error.contains(SECOND) && error.contains("changed.toml") && error.contains("63650"), "{error}");
    // One policy twice.
    let error = joined(changed(SECOND, &[]), &[SECOND]).unwrap_err().to_string();
    assert!(error.contains("TEST-02"), "{error}");
    // A name that means two programs.
    let text = "schema = 1\n[[program]]\nprogram = \"sao\"\nnames = [\"H.M.O\", \"hmo\"]\n";
    let names = PolicyFile::parse("names.toml", text, &common::table()).unwrap();
    let error = joined(names, &[]).unwrap_err().to_string();
    assert!(error.contains("names.toml") && error.contains("hmo"), "{error}");
}

#[test]
fn policies_that_follow_one_another_are_not() {
    let later = [
        ("id = \"TEST-02\"", "id = \"TEST-03\""),
        // Its only versions begin where the other's first one has ended.
        ("from = 2016-01-01\nto = 2018-12-31", "from = 2019-01-01\nto = 2019-12-31"),
    ];
    let mut text = fs::read_to_string(common::repository(SECOND)).unwrap();
    for (from, to) in later {
        text = text.replacen(from, to, 1);
    }
    let end = text.find("[[version]]\nfrom = 2020-01-01").unwrap();
    text.truncate(end);
    let later = PolicyFile::parse("later.toml", &text, &common::table()).unwrap();
    let index = Arc::new(joined(later, &[SECOND]).unwrap());
    let columns = "service_date,procedure_code,diagnosis_codes";
    let lines = ["2018-06-01,63650,M96.1", "2019-06-01,63650,M96.1", "2020-06-01,63650,M96.1"];
    let ids: Vec<String> =
        ran(&judging(index), columns, &lines).decisions().iter().map(|row| row["policy_id"].clone()).collect();
    assert_eq!(ids, ["TEST-02", "TEST-03", "TEST-02"]);
}

#[test]
fn a_payer_adds_its_own_names_of_programs() {
    let text = "schema = 1\n[[program]]\nprogram = \"fep\"\nnames = [\"Postal Plan\"]\n";
    let names = PolicyFile::parse("names.toml", text, &common::table()).unwrap();
    let index = Arc::new(joined(names, &[]).unwrap());
    decided(
        &judging(index),
        "service_date,procedure_code,diagnosis_codes,line_of_business",
        &[
            ("refer PGM001", "2026-03-01,22513,M80.08XA,postal-plan"),
            ("refer PGM001", "2026-03-01,22513,M80.08XA,FEP"),
            ("allow", "2026-03-01,22513,M80.08XA,HMO"),
        ],
    );
}

#[test]
fn policies_are_named_on_the_command_line() {
    let place = Workplace::new();
    place.write("a.csv", "claim_id,line_number,service_date,procedure_code,diagnosis_codes,line_of_business\nC1,1,2026-03-01,22513,M80.08XA,medicare\nC2,1,2026-03-01,22513,M80.08XA,\n");
    let example = common::repository(EXAMPLE);
    let example = example.to_str().unwrap();
    for (policies, dispositions) in [
        (&["02-20000-18"][..], &["refer", "allow"][..]),
        (&["02-20000-18", example], &["allow", "allow"]),
        (&[example], &["allow", "pend"]),
    ] {
        let mut run = place.run();
        run.args(["a.csv", "--overwrite"]);
        for policy in policies {
            run.args(["--policy", policy]);
        }
        let told = common::told(&mut run);
        assert_eq!(told.status, 0, "{told:?}");
        let rows = common::rows_of(place.read("decisions.csv").as_bytes());
        let seen: Vec<&str> = rows.iter().map(|row| row["disposition"].as_str()).collect();
        assert_eq!(seen, dispositions, "{policies:?}");
        let manifest: serde_json::Value = serde_json::from_str(&place.read("manifest.json")).unwrap();
        assert_eq!(manifest["policies"].as_array().unwrap().len(), policies.len());
    }
}
