//! Writing decisions: one group encoded and written, as a run does it for every
//! 65,536 lines.

use std::io;

use adjudicate::claim::ClaimLine;
use adjudicate::engine::{Decision, decide_batch};
use adjudicate::report::{DecisionFormat, DecisionRow, DecisionWriter, Encoder};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use crate::claims::{Feed, Records, adjudicator, claim_lines, lines};

const LINES: u64 = 20_000;

/// The row of a decided line.
fn row<'a>(line: &'a ClaimLine<'_>, decision: &'a Decision, diagnoses: &'a str, number: u64) -> DecisionRow<'a> {
    DecisionRow {
        source_file: "claims.csv",
        source_row: number,
        claim_id: line.claim_id,
        line_number: line.line_number,
        service_date: line.service_date,
        procedure: line.procedure,
        diagnosis_codes: diagnoses,
        line_of_business: decision.program.map_or(line.line_of_business, |program| program.name()),
        provider_npi: line.provider_npi,
        units: line.units,
        billed: line.billed,
        paid: line.paid,
        disposition: decision.disposition,
        rule: decision.rule,
        findings: decision.findings,
        carc: decision.carc,
        rarc: decision.rarc,
        policy_id: &decision.policy_id,
        policy_version: &decision.policy_version,
        indication: &decision.indication,
        detail: &decision.detail,
    }
}

#[divan::bench(args = [DecisionFormat::Csv, DecisionFormat::Parquet])]
fn decisions(bencher: Bencher, format: DecisionFormat) {
    let records = Records::of(Feed::Dense, lines(LINES));
    let fields = records.fields();
    let lines = claim_lines(&fields, &records.map);
    let decided: Vec<Decision> = decide_batch(&adjudicator(), &lines).into_iter().map(Option::unwrap).collect();
    let diagnoses = lines.iter().map(|line| {
        let mut codes = Vec::new();
        for diagnosis in line.examined() {
            diagnosis.text.write(&mut codes);
            codes.push(b';');
        }
        codes.pop();
        String::from_utf8(codes).unwrap()
    });
    let diagnoses: Vec<String> = diagnoses.collect();
    let rows = lines.iter().zip(&decided).zip(&diagnoses).zip(1_u64..);
    let rows: Vec<DecisionRow<'_>> =
        rows.map(|(((line, decision), diagnoses), number)| row(line, decision, diagnoses, number)).collect();
    let encoder = Encoder::new(format).unwrap();
    bencher.counter(ItemsCount::new(rows.len())).bench(|| {
        let mut group = encoder.group();
        for row in black_box(&rows) {
            group.push(row);
        }
        let mut writer = DecisionWriter::new(format, io::sink()).unwrap();
        writer.write(group.finish().unwrap()).unwrap();
        writer.finish().unwrap()
    });
}
