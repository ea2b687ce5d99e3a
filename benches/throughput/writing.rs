//! Writing decisions: one group encoded and written, as a run does it for every
//! batch of CSV and every 65,536 lines of Parquet.

use std::io;

use adjudicate::claim::ClaimLine;
use adjudicate::engine::{Adjudicator, Draft, LineEdits, LineState};
use adjudicate::engine::{EditBatch, LineKeys, add_findings};
use adjudicate::overrides::Waiver;
use adjudicate::policy::Program;
use adjudicate::report::{
    DecisionFormat, DecisionRow, DecisionWriter, Defaulted, Encoder, LineTexts, Outcome, OutcomeKey, Outcomes, Sorted,
    TextBuffer,
};
use adjudicate::rules::FindingSet;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use crate::claims::{Feed, Records, adjudicator, claim_lines, lines};

const LINES: u64 = 20_000;

/// What became of a line, line edits included.
fn outcome<'p>(adjudicator: &'p Adjudicator, draft: &Draft, findings: FindingSet) -> (Outcome<'p>, Sorted) {
    let index = adjudicator.index();
    let weights = adjudicator.weights();
    let rule = findings.deciding_rule(weights);
    let (carc, rarc) = rule.map_or(("", ""), |rule| findings.codes(rule));
    let policy = index.policy(draft.policy).unwrap();
    let outcome = Outcome {
        procedure: index.entry(draft.procedure).unwrap().code,
        line_of_business: draft.program.map(Program::name),
        disposition: findings.disposition(weights),
        rule,
        findings,
        carc,
        rarc,
        policy_id: &policy.id,
        policy_version: draft.version.map_or("", |at| &policy.versions[usize::from(at)].id),
        indication: draft.indication.map_or("", |at| &policy.indications[usize::from(at)].id),
        claim_status: "",
        overrides: String::new(),
        recovery: "",
    };
    let sorted = Sorted {
        procedure: draft.procedure,
        program: draft.program,
        version: (draft.policy, draft.version),
        lacks: Defaulted::default(),
        payer_denied: false,
        unknown_status: false,
        recoverable: None,
        no_paid_date: false,
        waiver: adjudicate::overrides::Waiver::NONE,
    };
    (outcome, sorted)
}

/// The findings of each line, line edits included.
fn findings(adjudicator: &Adjudicator, lines: &[ClaimLine<'_>], drafts: &[Draft]) -> Vec<FindingSet> {
    let mut batch = EditBatch::default();
    for (line, draft) in lines.iter().zip(drafts) {
        let keys = LineKeys::new(line);
        batch.push(keys.session, LineState::new(line, draft, keys, 1));
    }
    let mut states = batch.lines.clone();
    let notes = LineEdits::new(adjudicator).of_run(&batch);
    add_findings(&mut states, &notes);
    states.iter().map(|state| state.findings).collect()
}

/// The examined diagnoses of a line, as they are printed.
fn diagnoses(line: &ClaimLine<'_>) -> Vec<u8> {
    let mut codes = Vec::new();
    for diagnosis in line.examined() {
        diagnosis.text.write(&mut codes);
        codes.push(b';');
    }
    codes.pop();
    codes
}

#[divan::bench(args = [DecisionFormat::Csv, DecisionFormat::Parquet])]
fn decisions(bencher: Bencher, format: DecisionFormat) {
    let adjudicator = adjudicator();
    let records = Records::of(Feed::Dense, lines(LINES));
    let fields = records.fields();
    let lines = claim_lines(&fields, &records.map);
    let drafts: Vec<Draft> = lines.iter().map(|line| adjudicator.draft(line).unwrap()).collect();
    let diagnoses: Vec<Vec<u8>> = lines.iter().map(diagnoses).collect();
    let mut outcomes = Outcomes::default();
    let places: Vec<usize> = findings(&adjudicator, &lines, &drafts)
        .into_iter()
        .zip(&drafts)
        .map(|(findings, draft)| {
            let version = u64::from(draft.version.map_or(0, |at| at + 1));
            let indication = u64::from(draft.indication.map_or(0, |at| at + 1));
            let program = draft.program.map_or(0, |program| program as u64 + 1);
            let context = u64::from(draft.policy.0) << 48 | version << 32 | indication << 16 | program;
            let key = OutcomeKey { context, procedure: draft.procedure, findings, waiver: Waiver::NONE };
            outcomes.place(key, || outcome(&adjudicator, draft, findings))
        })
        .collect();
    let texts = lines.iter().zip(&drafts).zip(&diagnoses).map(|((line, draft), diagnoses)| LineTexts {
        claim_id: line.claim_id.as_bytes().into(),
        diagnosis_codes: diagnoses.into(),
        provider_npi: line.provider_npi.as_bytes().into(),
        detail: draft.detail.as_bytes().into(),
        line_of_business: line.line_of_business.as_bytes(),
        ..LineTexts::default()
    });
    let texts: Vec<LineTexts<'_>> = texts.collect();
    let rows = lines.iter().zip(&texts).zip(&places).zip(1_u64..);
    let rows = rows.map(|(((line, texts), place), number)| DecisionRow {
        source_file: "claims.csv",
        source_row: number,
        texts,
        line_number: line.line_number,
        service_date: line.service_date,
        units: line.units,
        billed: line.billed,
        paid: line.paid,
        outcome: outcomes.get(*place).unwrap(),
    });
    let rows: Vec<DecisionRow<'_>> = rows.collect();
    let encoder = Encoder::new(format).unwrap();
    bencher.counter(ItemsCount::new(rows.len())).bench(|| {
        let mut group = encoder.group(TextBuffer::default());
        for row in black_box(&rows) {
            group.push(row);
        }
        let mut writer = DecisionWriter::new(format, io::sink()).unwrap();
        writer.write(group.finish().unwrap()).unwrap();
        writer.finish().unwrap()
    });
}
