//! What is written is read again, by the reader of claims.

use std::io::Write as _;

use super::*;
use crate::claim::{Day, ProcedureCode};
use crate::input::parquet::ParquetFile;
use crate::input::{Cell, InputFile, InputFormat, Layout, Row as _};
use crate::overrides::Waiver;
use crate::policy::{PolicyRef, ProcedureIndex};
use crate::report::{Defaulted, LineTexts, Outcome, OutcomeKey, Outcomes, Sorted};
use crate::rules::{Disposition, FindingSet, RuleId};

/// Outcomes of one procedure: denied, and allowed, each with these findings.
fn sorted_under(procedure: ProcedureIndex) -> Sorted {
    Sorted {
        procedure,
        program: None,
        version: (PolicyRef(0), None),
        lacks: Defaulted::default(),
        payer_denied: false,
        unknown_status: false,
        recoverable: None,
        no_paid_date: false,
        waiver: Waiver::NONE,
    }
}

fn outcomes(findings: &[FindingSet]) -> Outcomes<'static> {
    let mut outcomes = Outcomes::default();
    for (context, disposition) in (0..).zip([Disposition::Deny, Disposition::Allow]) {
        for findings in findings {
            let outcome = Outcome {
                procedure: ProcedureCode::parse("99213").unwrap(),
                line_of_business: Some("commercial"),
                disposition,
                rule: (disposition == Disposition::Deny).then_some(RuleId::Cov002),
                findings: *findings,
                carc: "11",
                rarc: "N130",
                policy_id: "P",
                policy_version: "1",
                indication: "",
                claim_status: "",
                overrides: String::new(),
                recovery: "",
            };
            let procedure = ProcedureIndex(0);
            let sorted = sorted_under(procedure);
            let key = OutcomeKey { context, procedure, findings: *findings, waiver: Waiver::NONE };
            outcomes.place(key, || (outcome, sorted));
        }
    }
    outcomes
}

/// Texts of a line, of which some are made others. They stay as long as the tests run.
fn texts<'t>(change: impl FnOnce(&mut LineTexts<'t>)) -> &'t LineTexts<'t> {
    let (claim_id, diagnosis_codes, provider_npi) = (b"C1".into(), b"M80.08XA;I10".into(), b"1234567893".into());
    let mut texts = LineTexts { claim_id, diagnosis_codes, provider_npi, ..LineTexts::default() };
    change(&mut texts);
    Box::leak(Box::new(texts))
}

fn row<'o>(outcomes: &'o Outcomes<'o>, place: usize) -> DecisionRow<'o> {
    DecisionRow {
        source_file: "claims/a.parquet",
        source_row: 1,
        texts: texts(|_| ()),
        line_number: 2,
        service_date: Day::from_days(20_000),
        units: Decimal::from_ten_thousandths(15_000),
        billed: Some(Decimal::from_ten_thousandths(-12_345_600)),
        paid: None,
        outcome: outcomes.get(place).unwrap(),
    }
}

fn written(groups: &[Vec<DecisionRow<'_>>]) -> Vec<u8> {
    let encoder = ParquetEncoder::new().unwrap();
    let mut sink = ParquetSink::new(Vec::new()).unwrap();
    for rows in groups {
        let mut group = encoder.group();
        for row in rows {
            group.push(row);
        }
        sink.write(&group.finish().unwrap()).unwrap();
    }
    sink.finish().unwrap()
}

/// A layout that has a column of claims for each text of a decision.
const AS_CLAIMS: &str = r#"
name = "decisions"
[columns]
claim_id = "claim_id"
line_number = "line_number"
service_date = "service_date"
procedure_code = "procedure_code"
diagnosis_codes = "diagnosis_codes"
line_of_business = "line_of_business"
provider_npi = "provider_npi"
units = "units"
billed_amount = "billed_amount"
paid_amount = "paid_amount"
conservative_weeks = "source_row"
member_id = "source_file"
place_of_service = "disposition"
modifier_1 = "rule"
modifier_2 = "rules"
modifier_3 = ["carc", "rarc", "policy_id"]
modifier_4 = ["policy_version", "indication"]
modifier_5 = "detail"
"#;

/// Every column's values, as cells print.
fn read(bytes: &[u8], column: &str) -> Vec<String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let path = file.path().to_owned();
    let input = InputFile { name: String::new(), path, format: InputFormat::Parquet, size: 0 };
    let parquet = ParquetFile::open(&input, &Layout::parse("decisions.toml", AS_CLAIMS).unwrap()).unwrap();
    assert_eq!(parquet.map().names, COLUMNS);
    let place = COLUMNS.iter().position(|name| *name == column).unwrap();
    let mut cells = Vec::new();
    for group in 0..parquet.groups() {
        let batch = parquet.read_group(group, &|_| true).unwrap();
        assert_eq!(batch.rows(), batch.selected().len());
        cells.extend((0..batch.rows()).map(|at| match batch.row(at).cell(place) {
            Cell::Text(text) => text.to_owned(),
            Cell::Number(number) => number.to_string(),
            Cell::Integer(number) => number.to_string(),
            Cell::Day(day) => day.to_string(),
            other => format!("{other:?}"),
        }));
    }
    cells
}

#[test]
fn a_row_of_every_kind() {
    let findings: FindingSet = [RuleId::Cov002, RuleId::Cod005].into_iter().collect();
    let mut marked = findings;
    marked.mark_alternative();
    let outcomes = outcomes(&[findings, marked, FindingSet::default()]);
    let allowed = DecisionRow { source_row: 1 << 40, paid: Some(Decimal::ONE), billed: None, ..row(&outcomes, 4) };
    let bytes = written(&[vec![row(&outcomes, 0), allowed], vec![row(&outcomes, 2)]]);
    for (column, expected) in [
        ("source_file", ["claims/a.parquet"; 3]),
        ("source_row", ["1", "1099511627776", "1"]),
        ("claim_id", ["C1"; 3]),
        ("line_number", ["2"; 3]),
        ("service_date", ["2024-10-04"; 3]),
        ("procedure_code", ["99213"; 3]),
        ("diagnosis_codes", ["M80.08XA;I10"; 3]),
        ("line_of_business", ["commercial"; 3]),
        ("provider_npi", ["1234567893"; 3]),
        ("units", ["1.5"; 3]),
        ("billed_amount", ["-1234.56", "Blank", "-1234.56"]),
        ("paid_amount", ["Blank", "1", "Blank"]),
        ("disposition", ["deny", "allow", "deny"]),
        ("rule", ["COV002", "", "COV002"]),
        ("rules", ["COV002;COD005", "COV002;COD005", ""]),
        ("carc", ["11"; 3]),
        ("rarc", ["N130"; 3]),
        ("policy_id", ["P"; 3]),
        ("policy_version", ["1"; 3]),
        ("indication", [""; 3]),
        ("detail", [""; 3]),
    ] {
        assert_eq!(read(&bytes, column), expected, "{column}");
    }
}

#[test]
fn no_rows_are_a_file_all_the_same() {
    for groups in [vec![], vec![vec![]]] {
        assert!(read(&written(&groups), "detail").is_empty());
    }
}

/// Texts that repeat, that do not, and that cease to repeat half way.
#[test]
fn many_rows_with_and_without_dictionaries() {
    let ids: Vec<String> = (0..5_000).map(|at| format!("claim {at}")).collect();
    let late: Vec<String> = (0..5_000).map(|at| if at < 4_000 { at % 1_000 } else { at }.to_string()).collect();
    let few: Vec<String> = (0..5_000).map(|at| (at % 7).to_string()).collect();
    let amounts: Vec<_> =
        (0..5_000).map(|at| (at % 3 > 0).then_some(Decimal::from_ten_thousandths(at * 1_000_003))).collect();
    let outcomes = outcomes(&[FindingSet::default()]);
    let columns = ids.iter().zip(&late).zip(&few).zip(&amounts);
    let rows: Vec<_> = columns
        .zip(0_u64..)
        .map(|((((id, late), few), paid), source_row)| DecisionRow {
            source_row,
            texts: texts(|texts| {
                (texts.claim_id, texts.provider_npi) = (id.into(), id.into());
                (texts.detail, texts.diagnosis_codes) = (late.into(), few.into());
            }),
            paid: *paid,
            ..row(&outcomes, 0)
        })
        .collect();
    let bytes = written(&[rows.clone(), rows.clone()]);
    assert!(bytes == written(&[rows.clone(), rows]), "the same rows, the same bytes");
    for (column, expected) in [("claim_id", &ids), ("provider_npi", &ids), ("detail", &late), ("diagnosis_codes", &few)]
    {
        assert!(read(&bytes, column) == [expected.clone(), expected.clone()].concat(), "{column}");
    }
    assert_eq!(read(&bytes, "paid_amount")[4_999], "499901.4997");
    assert_eq!(read(&bytes, "source_row")[9_999], "4999");
}

/// Lines of one claim on either side of a page's end, and amounts that nothing compresses.
#[test]
fn claims_across_pages_and_amounts_by_chance() {
    let ids: Vec<String> = (0..1_500).map(|at| format!("{at:0700}")).collect();
    let outcomes = outcomes(&[FindingSet::default()]);
    let by_chance =
        |at: u64| Decimal::from_ten_thousandths((at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 30).cast_signed());
    let rows: Vec<_> = (0..)
        .zip(ids.iter().flat_map(|id| [id; 3]))
        .map(|(at, id)| DecisionRow {
            texts: texts(|texts| (texts.claim_id, texts.detail) = (id.into(), id.into())),
            paid: (at % 5 > 0).then(|| by_chance(at)),
            ..row(&outcomes, 0)
        })
        .collect();
    let bytes = written(&[rows]);
    let holds = |column| read(&bytes, column).iter().eq(ids.iter().flat_map(|id| [id; 3]));
    assert!(holds("claim_id") && holds("detail"));
    let paid = (0..4_500).map(|at| if at % 5 > 0 { by_chance(at).to_string() } else { "Blank".to_owned() });
    assert!(read(&bytes, "paid_amount").into_iter().eq(paid));
}

/// Steps of every width between numbers, and counts around those of a block.
#[test]
fn numbers_far_apart_and_close_by() {
    let steps: [fn(u64) -> u64; 6] = [
        |_| 5,
        |at| at,
        |at| at.wrapping_mul(3).wrapping_neg(),
        |at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 3,
        |at| if at % 2 == 0 { 1 << 61 } else { 0 },
        |at| if at % 100 == 0 { 1 << 40 } else { at % 3 },
    ];
    let outcomes = outcomes(&[FindingSet::default()]);
    for step in steps {
        for length in [1, 2, 32, 33, 34, 128, 129, 130, 161, 1_000] {
            let numbers = || (0..length).map(step);
            let rows: Vec<_> = numbers().map(|source_row| DecisionRow { source_row, ..row(&outcomes, 0) }).collect();
            let expected: Vec<_> = numbers().map(|number| number.cast_signed().to_string()).collect();
            assert_eq!(read(&written(&[rows]), "source_row"), expected);
        }
    }
}

/// Amounts that are few, that are many, and that are missing.
#[test]
fn amounts_with_and_without_dictionaries() {
    let outcomes = outcomes(&[FindingSet::default()]);
    for distinct in [1, 7, 900, 1_100, 6_000] {
        for missing in [2, 100, 10_000] {
            let amounts = || (0..6_000).map(|at| (at % missing != 1).then(|| at % distinct * 10_000));
            let decimal = |amount: Option<i64>| amount.map(Decimal::from_ten_thousandths);
            let rows: Vec<_> =
                amounts().map(|amount| DecisionRow { paid: decimal(amount), ..row(&outcomes, 0) }).collect();
            let expected = amounts().map(|amount| amount.map_or("Blank".to_owned(), |it| (it / 10_000).to_string()));
            assert!(read(&written(&[rows]), "paid_amount").into_iter().eq(expected), "{distinct}, {missing}");
        }
    }
}

/// Where the program is unknown, each line has a line of business of its own.
#[test]
fn lines_of_business_of_equal_length() {
    let mut outcomes = Outcomes::default();
    let procedure = ProcedureIndex(0);
    for (context, known) in [(0, None), (1, Some("medicare"))] {
        let of = self::outcomes(&[FindingSet::default()]);
        let outcome = Outcome { line_of_business: known, ..of.get(0).unwrap().outcome.clone() };
        let sorted = sorted_under(procedure);
        let key = OutcomeKey { context, procedure, findings: FindingSet::default(), waiver: Waiver::NONE };
        outcomes.place(key, || (outcome, sorted));
    }
    let names: Vec<String> = (0..50_000).map(|at| format!("plan {at:06}")).collect();
    let rows: Vec<_> = names
        .iter()
        .zip([0, 1, 0].into_iter().cycle())
        .map(|(name, place)| (texts(|texts| texts.line_of_business = name.as_bytes()), row(&outcomes, place)))
        .map(|(texts, row)| DecisionRow { texts, ..row })
        .collect();
    let started = std::time::Instant::now();
    let bytes = written(&[rows]);
    let took = started.elapsed();
    let expected = names.iter().enumerate().map(|(at, name)| if at % 3 == 1 { "medicare" } else { name });
    assert!(read(&bytes, "line_of_business").iter().eq(expected));
    assert!(took.as_secs() < 10, "as many comparisons as pairs of rows take longer: {took:?}");
}
