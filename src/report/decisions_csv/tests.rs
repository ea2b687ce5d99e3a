use super::*;
use crate::claim::{Day, ProcedureCode};
use crate::overrides::Waiver;
use crate::policy::{PolicyRef, ProcedureIndex, Program};
use crate::report::tally::Sorted;
use crate::report::{Defaulted, KeptOutcome, OutcomeKey, Outcomes, TextNumbers};
use crate::rules::{Disposition, FindingSet, RuleId};

fn outcomes() -> Outcomes<'static> {
    let mut outcomes = Outcomes::default();
    for (context, program) in (0..).zip([Some(Program::Commercial), Some(Program::Medicare), None]) {
        let procedure = ProcedureIndex(0);
        let outcome = Outcome {
            procedure: ProcedureCode::parse(["1", "99213", "12345678"][usize::try_from(context).unwrap()]).unwrap(),
            line_of_business: program.map(Program::name),
            disposition: Disposition::Deny,
            rule: Some(RuleId::Cov002),
            findings: FindingSet::default(),
            carc: "11",
            rarc: "",
            policy_id: "P, quoted and longer than what is copied at once, by a good deal more than that",
            policy_version: "1",
            indication: "",
            claim_status: "",
            overrides: String::new(),
            recovery: "",
        };
        let sorted = Sorted {
            procedure,
            program,
            version: (PolicyRef(0), None),
            lacks: Defaulted::default(),
            payer_denied: false,
            unknown_status: false,
            recoverable: None,
            no_paid_date: false,
            waiver: Waiver::NONE,
        };
        let key = OutcomeKey { context, procedure, findings: FindingSet::default(), waiver: Waiver::NONE };
        outcomes.place(key, || (outcome, sorted));
    }
    outcomes
}

/// The column as the `csv` crate would have it written.
fn expected(row: &DecisionRow<'_>) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let KeptOutcome { outcome, .. } = row.outcome;
    let number = |number: Option<Decimal>, write: fn(Decimal, &mut Vec<u8>)| {
        let mut text = Vec::new();
        if let Some(number) = number {
            write(number, &mut text);
        }
        text
    };
    let [source_row, line_number] = [row.source_row, row.line_number.into()].map(|number| number.to_string());
    let [service_date, procedure] = [row.service_date.to_string(), outcome.procedure.to_string()];
    let columns: [&[u8]; COLUMNS.len()] = [
        row.source_file.as_bytes(),
        source_row.as_bytes(),
        row.texts.claim_id.as_bytes(),
        line_number.as_bytes(),
        service_date.as_bytes(),
        procedure.as_bytes(),
        row.texts.diagnosis_codes.as_bytes(),
        row.program(),
        row.texts.provider_npi.as_bytes(),
        &number(Some(row.units), Decimal::write_plain),
        &number(row.billed, Decimal::write_dollars),
        &number(row.paid, Decimal::write_dollars),
        b"deny",
        b"COV002",
        b"",
        b"11",
        b"",
        outcome.policy_id.as_bytes(),
        b"1",
        b"",
        row.texts.detail.as_bytes(),
        b"",
        b"",
        b"",
    ];
    out.write_record(columns).unwrap();
    out.into_inner().unwrap()
}

#[test]
fn rows_are_the_same_whether_or_not_their_texts_are_numbered() {
    let outcomes = outcomes();
    let long = "x".repeat(200);
    let texts = ["", "A", "12345678901234567890123456789012", "a,\"b\"", &long];
    let amounts = [None, Some(0), Some(100), Some(123_456_700), Some(-50_000), Some(12_345), Some(99_999_999_999_900)];
    let amounts = amounts.map(|amount| amount.map(Decimal::from_ten_thousandths));
    let files = |at: usize| texts[at / 64 % texts.len()];
    let all_texts: Vec<LineTexts<'_>> = (0..2_000_usize)
        .map(|at| {
            // Each text stays for some rows, and comes again under another number.
            let text = |every: usize| (texts[at / every % texts.len()], u32::try_from(at / every + 1).unwrap());
            let texts = [text(3), text(5), text(7), text(2)];
            let [claim, codes, provider, detail] = texts.map(|(text, _)| text);
            let of_file = u32::try_from(at / 64 + 1).unwrap();
            LineTexts {
                claim_id: claim.into(),
                diagnosis_codes: codes.into(),
                provider_npi: provider.into(),
                detail: detail.into(),
                line_of_business: provider.as_bytes(),
                unquoted: [claim, codes, provider].iter().all(|text| !text.contains(',')) && at % 3 > 0,
                unquoted_detail: !detail.contains(',') && at % 5 > 0,
                // Of every other hundred rows nothing is known.
                numbers: if at / 100 % 2 == 0 {
                    TextNumbers::new(of_file, texts.map(|(_, number)| number))
                } else {
                    TextNumbers::default()
                },
            }
        })
        .collect();
    let rows: Vec<DecisionRow<'_>> = (0..)
        .zip(&all_texts)
        .map(|(at, texts)| DecisionRow {
            source_file: files(at),
            source_row: if at % 11 == 0 { 12_345_678_901 } else { at as u64 },
            texts,
            line_number: u32::try_from(if at % 37 == 0 { 123_456_789 } else { at % 23 }).unwrap(),
            service_date: Day::from_days(i32::try_from(at * 7).unwrap()),
            units: [Decimal::ONE, Decimal::from_ten_thousandths(25_000)][at / 4 % 2],
            billed: amounts[at % amounts.len()],
            paid: amounts[at / 2 % amounts.len()],
            outcome: outcomes.get(at / 6 % 3).unwrap(),
        })
        .collect();
    let mut group = CsvGroup::new(TextBuffer::default());
    for row in &rows {
        group.push(row);
    }
    let written = group.finish();
    let expected: Vec<u8> = rows.iter().flat_map(expected).collect();
    assert_eq!(str::from_utf8(written.as_bytes()), str::from_utf8(&expected));
}
