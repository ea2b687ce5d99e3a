//! What of a row is told to be as it was in the row before.

use std::collections::HashMap;

use polars_arrow::array::BooleanArray;
use proptest::prelude::*;

use super::*;
use crate::claim::{ClaimLine, Day};
use crate::input::{RowMemory, RowReader};

/// The values of a column by their numbers.
fn picked<T: Copy>(rows: &[[usize; 15]], column: usize, values: [T; 4]) -> Vec<T> {
    rows.iter().map(|row| values[row[column]]).collect()
}

/// Rows as columns of every kind, with diagnoses in one column or in two.
fn columns(rows: &[[usize; 15]], numbered: bool) -> Columns {
    let texts = |column, values: [Option<&'static str>; 4]| text(&picked(rows, column, values));
    let floats = |column, values| typed(ArrowDataType::Float64, &picked(rows, column, values));
    let numbers = |column, values| typed(ArrowDataType::Int64, &picked(rows, column, values));
    let days = |column, values| typed(ArrowDataType::Date32, &picked(rows, column, values));
    let mut columns: Columns = vec![
        ("claim_id", texts(0, [Some("C1"), Some(" C1"), Some("C2"), None])),
        ("line_number", numbers(1, [Some(1_i64), Some(2), Some(0), None])),
        ("service_date", days(2, [Some(20_000_i32), Some(20_001), Some(-99_999), None])),
        ("procedure_code", texts(3, [Some("99213"), Some("99213-59"), Some("99214"), Some("12345")])),
        ("modifiers", texts(4, [None, Some("LT"), Some("LT 59"), Some(" ")])),
        ("member_id", numbers(5, [Some(1), Some(2), Some(3), None])),
        ("provider_npi", texts(6, [Some("N"), Some("N "), Some("M"), None])),
        ("line_of_business", texts(7, [Some("group"), Some("FEP"), Some(""), None])),
        ("units", floats(8, [Some(1.0), Some(2.5), Some(f64::NAN), None])),
        ("billed_amount", texts(9, [Some("10.00"), Some("$10"), Some("ten"), None])),
        ("paid_amount", floats(10, [Some(7.0), Some(-7.0), Some(f64::INFINITY), None])),
        ("diagnosis_pointers", texts(11, [None, Some("A"), Some("BA"), Some("?")])),
        ("claim_frequency", texts(12, [None, Some("1"), Some("7"), Some("many")])),
        ("symptomatic", BooleanArray::from(picked(rows, 13, [None, Some(true), Some(false), Some(true)])).boxed()),
    ];
    let codes = texts(14, [Some("C41.2"), Some("C41.2;M80.08XA"), Some("no code at all"), None]);
    if numbered {
        columns.push(("diagnosis_1", codes));
        columns.push(("diagnosis_2", texts(13, [None, None, Some("M80.08XA"), Some("I10")])));
    } else {
        columns.push(("diagnosis_codes", codes));
    }
    columns
}

proptest! {
    #[test]
    fn a_row_behind_others_is_read_as_it_is_by_itself(
        rows in proptest::collection::vec(
            proptest::array::uniform15(prop_oneof![6 => Just(0_usize), 1 => 1..4_usize]),
            1..40,
        ),
        numbered: bool,
        plain: bool,
        piece in prop_oneof![Just(100_usize), 1..9_usize],
    ) {
        let encoding = if plain { Encoding::Plain } else { Encoding::RleDictionary };
        let file = opened(&written(&[columns(&rows, numbered)], PLAIN, encoding)).unwrap();
        let reader = RowReader::new(file.map());
        let mut group = file.group(0, &nines, None).unwrap();
        let mut memory = RowMemory::default();
        let mut headers = HashMap::new();
        while let Some(batch) = group.read(piece).unwrap() {
            let mut line = ClaimLine::new("", 0, Day::from_days(0), ProcedureCode::NONE);
            for at in 0..batch.selected().len() {
                let row = batch.row(at);
                let procedure = reader.procedure(&row).unwrap();
                if reader.keeps_procedure(&row, &line) {
                    prop_assert_eq!(procedure, line.procedure);
                }
                if !nines(procedure) {
                    line.header = None;
                    continue;
                }
                line.procedure = procedure;
                let filled = reader.fill(&row, &mut line, &mut memory).map(|()| ClaimLine { header: None, ..line.clone() });
                prop_assert_eq!(format!("{filled:?}"), format!("{:?}", reader.read(&row, procedure)));
                prop_assert_eq!(filled.is_ok(), line.header.is_some());
                if let Some(number) = line.header {
                    let ClaimLine { claim_id, member_id, provider_npi, service_date, line_of_business, .. } = &line;
                    let texts = [claim_id, member_id, provider_npi, line_of_business];
                    let header = format!("{texts:?} {service_date} {:?}", line.diagnoses);
                    prop_assert_eq!(headers.entry(number.0).or_insert_with(|| header.clone()), &header);
                }
            }
            memory.take_back(line);
        }
    }
}
