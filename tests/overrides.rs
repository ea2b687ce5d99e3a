//! A payer's overrides in a run: what they change in its decisions, and that the same
//! comes out whatever the threads, the batches and what waits in a file.

mod common;

use std::sync::Arc;

use adjudicate::claim::Day;
use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::overrides::{OverrideFormat, Overrides};

const CLAIMS: &str = "claim_id,line_number,member_id,provider_npi,service_date,procedure_code,diagnosis_codes\n\
    C1,1,EXEMPT-77,1,2026-03-01,22513,M54.50\n\
    C1,2,EXEMPT-77,1,2026-03-01,22515,M80.08XA\n\
    C2,1,OTHER-1,1,2026-03-01,22513,M54.50\n\
    C3,1,OTHER-2,2,2026-03-01,22513,M54.50\n";

const OVERRIDES: &str = "id,owner,reason,expires,rules,member_id,claim_id,provider_npi\n\
    EX-1,Pharmacy,exemption,2026-12-31,COV002,EXEMPT-77,,\n\
    PR-1,Network,carve-out,2026-12-31,COV002;LIN002,,,1\n\
    OLD,Appeals,upheld,2026-01-31,COV002,,C3,\n";

fn judging() -> Arc<Adjudicator> {
    // Numbers are given as lines are met, so every run has overrides of its own.
    let as_of = Day::parse_iso("2026-06-30").unwrap();
    let overrides = Overrides::parse("overrides.csv", OVERRIDES, OverrideFormat::Csv, as_of).unwrap();
    Arc::new(Adjudicator::new(common::index(), DecisionOptions::default()).with_overrides(Arc::new(overrides)))
}

#[test]
fn a_waived_finding_stays_and_its_override_is_named() {
    let ran = common::run_text_under(&judging(), CLAIMS);
    let told: Vec<_> = ran
        .decisions()
        .iter()
        .map(|row| ["claim_id", "disposition", "rule", "rules", "override"].map(|column| row[column].clone()).join(" "))
        .collect();
    // The add-on follows its primary, which the first override of the file allows.
    assert_eq!(told, ["C1 allow  COV002 EX-1", "C1 allow   ", "C2 allow  COV002 PR-1", "C3 deny COV002 COV002 "]);
}

#[test]
fn the_bytes_do_not_depend_on_threads_batches_and_memory() {
    let header = CLAIMS.lines().next().unwrap();
    let rows = (0..2000).map(|number| {
        let member = if number % 3 == 0 { "EXEMPT-77" } else { "OTHER-1" };
        format!("\nK{number},1,{member},{},2026-03-{:02},22513,M54.50", number % 2, number % 28 + 1)
    });
    let place = common::Workplace::new();
    let input = place.write("claims.csv", header.to_owned() + &rows.collect::<String>());
    let run = |threads, batch_bytes, memory_bytes| {
        let mut settings = common::settings(&[&input]);
        (settings.threads, settings.batch_bytes, settings.memory_bytes) = (threads, batch_bytes, memory_bytes);
        let ran = common::run_here(&settings, &judging()).unwrap();
        (ran.decisions(), ran.summary_json())
    };
    let usual = run(1, 1 << 19, 640 << 20);
    assert!(usual.0.iter().any(|row| row["override"] == "EX-1") && usual.0.iter().any(|row| row["override"] == "PR-1"));
    for (threads, batch_bytes, memory_bytes) in [(4, 1 << 19, 640 << 20), (4, 700, 640 << 20), (3, 700, 160_000)] {
        assert_eq!(run(threads, batch_bytes, memory_bytes), usual, "{threads} {batch_bytes} {memory_bytes}");
    }
}
