//! Which version of a claim stands: what a run counts and sums of it, whatever its
//! threads, batches and memory, and what the options change. Which line is superseded and
//! why stands as cases in `tests/cases/final_action.csv`.

mod common;

use adjudicate::claim::Day;
use adjudicate::engine::DecisionOptions;
use adjudicate::report::{DecisionFormat, Summary};
use adjudicate::run::{LookBack, RunSettings};

use common::{Ran, Workplace, told};

const CASES: &str = "tests/cases/final_action.csv";

fn settings() -> RunSettings {
    common::settings(&[CASES])
}

fn ran(settings: &RunSettings) -> Ran {
    common::run_here(settings, &common::adjudicator()).unwrap()
}

fn superseded(summary: &Summary) -> Vec<(&str, u64, f64, f64)> {
    let sums = summary.final_action.superseded.iter();
    sums.map(|one| (&*one.key, one.amounts.lines, one.amounts.dollars.billed, one.amounts.dollars.paid)).collect()
}

#[test]
fn what_does_not_stand_is_counted_and_summed_apart() {
    let ran = ran(&settings());
    let summary = &ran.summary;
    assert_eq!(summary.rows, summary.out_of_scope + summary.superseded + summary.decided + summary.rejected);
    assert_eq!(summary.superseded, ran.superseded().len() as u64);
    assert_eq!(summary.decided, ran.decisions().len() as u64);
    assert_eq!(summary.files[0].counts.superseded, summary.superseded);
    assert_eq!(
        superseded(summary),
        [
            ("replaced", 14, 1400.0, 1100.0),
            ("voided", 4, 400.0, 320.0),
            ("void", 6, 200.0, 150.0),
            ("reversed", 4, 400.0, 330.0),
            ("reversal", 3, -300.0, -250.0),
        ]
    );
    let action = &summary.final_action;
    assert_eq!((action.forked, action.cycles), (3, 2));
    assert_eq!((action.voids_without_original, action.replacements_without_original), (2, 3));
    assert_eq!(action.reversals_without_line, 2);
    assert_eq!((summary.already_denied.lines, summary.unknown_status.lines), (3, 1));
    let billed: f64 = ran.decisions().iter().map(|row| row["billed_amount"].parse::<f64>().unwrap()).sum();
    assert!((summary.total.dollars.billed - billed).abs() < 1e-9, "{billed}");
}

#[test]
fn it_does_not_depend_on_how_the_run_is_done() {
    let usual = ran(&settings());
    // So little memory that all states are put aside, and marked there.
    let tight = |batch_bytes| {
        let fits = |bytes: &usize| {
            let settings = RunSettings { batch_bytes, memory_bytes: *bytes, ..settings() };
            common::run_here(&settings, &common::adjudicator()).is_ok()
        };
        let least = (1_000..20_000).step_by(250).find(fits).unwrap();
        assert!(least > 1_000, "less would do");
        least
    };
    for (threads, batch_bytes, memory_bytes) in [(1, 1, 1 << 30), (2, 64, tight(64)), (8, 512, tight(512))] {
        let other = ran(&RunSettings { threads, batch_bytes, memory_bytes, ..settings() });
        assert_eq!(other.decisions, usual.decisions, "{threads} {batch_bytes} {memory_bytes}");
        assert_eq!((&other.superseded, other.summary_json()), (&usual.superseded, usual.summary_json()));
    }
    for format in [DecisionFormat::Parquet, DecisionFormat::Csv] {
        let groups = ran(&RunSettings { format, group_lines: 3, ..settings() });
        assert_eq!(groups.superseded, usual.superseded);
    }
}

#[test]
fn as_received_every_version_is_judged() {
    let options = DecisionOptions { as_received: true, ..DecisionOptions::default() };
    let ran = common::run_here(&settings(), &common::judging(common::index(), options)).unwrap();
    assert_eq!((ran.summary.superseded, ran.summary.final_action.superseded.len()), (0, 0));
    assert_eq!(ran.summary.decided, ran.summary.rows - ran.summary.out_of_scope - ran.summary.rejected);
    assert!(ran.superseded.is_empty(), "there is no such file");
    // A replacement that equals its original is a duplicate of it then.
    let second = ran.decisions().into_iter().find(|row| row["claim_id"] == "B2").unwrap();
    assert_eq!(second["rules"], "LIN004");
}

#[test]
fn what_the_payer_denied_is_no_exposure() {
    let claims =
        "claim_id,line_number,service_date,procedure_code,diagnosis_codes,paid_amount,billed_amount,claim_status
A,1,2026-03-01,22513,M54.50,100,200,paid
B,1,2026-03-01,22513,M54.50,70,200,denied
C,1,2026-03-01,22513,M54.50,,200,Denied
D,1,2026-03-01,22513,M80.08XA,50,200,4
";
    let ran = common::run_text(claims);
    let summary = &ran.summary;
    assert_eq!((summary.exposure, summary.total.dollars.paid, summary.total.dollars.paid_unknown), (100.0, 100.0, 0));
    let denied = &summary.already_denied;
    assert_eq!((denied.lines, denied.dollars.billed, denied.dollars.paid), (3, 600.0, 120.0));
    assert_eq!(ran.verdicts(), ["deny COV002", "deny COV002", "deny COV002", "allow "]);
    let shown: Vec<_> =
        ran.decisions().iter().map(|row| (row["claim_status"].clone(), row["paid_amount"].clone())).collect();
    let expected = [("paid", "100"), ("denied", "70"), ("denied", ""), ("denied", "50")];
    assert!(shown.iter().zip(expected).all(|(a, b)| a.0 == b.0 && a.1.trim_end_matches(".00") == b.1), "{shown:?}");
}

#[test]
fn exposure_is_split_by_the_look_back() {
    let claims = "claim_id,line_number,service_date,procedure_code,diagnosis_codes,paid_amount,paid_date,allowed_amount,claim_status
A,1,2024-01-01,22513,M54.50,100,2025-03-15,130,paid
B,1,2024-01-01,22513,M54.50,10,2025-03-14,13,paid
C,1,2025-04-01,22513,M54.50,1,,,paid
D,1,2025-04-01,22513,M54.50,5,2025-05-01,9,denied
E,1,2024-01-01,22513,M80.08XA,7,2025-05-01,8,paid
";
    let workplace = Workplace::new();
    let file = workplace.write("claims.csv", claims);
    let as_of = Day::parse_iso("2026-03-15").unwrap();
    let settings = RunSettings { look_back: Some(LookBack::new(12, as_of)), ..common::settings(&[file]) };
    let ran = common::run_here(&settings, &common::adjudicator()).unwrap();
    let back = ran.summary.recovery.as_ref().unwrap();
    let figures = |one: &adjudicate::report::AmountsSummary| (one.lines, one.dollars.paid);
    assert_eq!((figures(&back.recoverable), figures(&back.lapsed)), ((2, 101.0), (1, 10.0)));
    assert_eq!(figures(&back.counted_from_service), (1, 1.0));
    assert_eq!(back.by_rule.len(), 1);
    assert!((back.recoverable.dollars.paid + back.lapsed.dollars.paid - ran.summary.exposure).abs() < 1e-9);
    let recovery: Vec<String> = ran.decisions().iter().map(|row| row["recovery"].clone()).collect();
    assert_eq!(recovery, ["recoverable", "lapsed", "recoverable", "", ""]);
    let allowed: Vec<_> = ran.summary.allowed.iter().map(|one| (&*one.key, one.lines, one.allowed)).collect();
    assert_eq!(allowed, [("allow", 1, 8.0), ("deny", 3, 152.0)]);
}

#[test]
fn a_look_back_needs_its_day() {
    let workplace = Workplace::new();
    let run = |more: &[&str]| {
        let mut command = common::program();
        told(command.args(["run", CASES, "--no-sync", "--out"]).arg(workplace.out()).args(more))
    };
    let refused = run(&["--look-back", "12"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("--as-of"), "{}", refused.stderr);
    let made = run(&["--look-back", "12", "--as-of", "2026-03-15"]);
    // Two rows of the cases are rejected.
    assert_eq!(made.status, 3, "{}", made.stderr);
    assert!(made.stdout.contains("31 superseded"), "{}", made.stdout);
    let verified = told(common::program().arg("verify").arg(workplace.out()));
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
}
