//! Types that do not mean what their column holds.

use polars_arrow::array::{Array, BooleanArray, FixedSizeBinaryArray, StructArray};
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};

use super::*;

fn refusal(name: &'static str, column: Box<dyn Array>) -> String {
    opened_columns(three_rows(vec![(name, column)])).err().map(|error| error.to_string()).unwrap_or_default()
}

fn truths() -> Box<dyn Array> {
    BooleanArray::from_slice([true, false, true]).boxed()
}

fn days() -> Box<dyn Array> {
    typed(ArrowDataType::Date32, &[Some(1_i32), Some(2), Some(3)])
}

#[test]
fn refused_by_column_before_the_run() {
    let number = typed(ArrowDataType::Int64, &[Some(1_i64), Some(2), Some(3)]);
    let fields = vec![Field::new("code".into(), number.dtype().clone(), true)];
    let structure = StructArray::new(ArrowDataType::Struct(fields), 3, vec![number.clone()], None).boxed();
    let fixed = FixedSizeBinaryArray::from_slice([[1_u8, 2], [3, 4], [5, 6]]).boxed();
    let time = typed(ArrowDataType::Time64(TimeUnit::Microsecond), &[Some(1_i64), Some(2), Some(3)]);
    for (name, column, found, wanted) in [
        ("claim_id", truths(), "boolean", "text or a number"),
        ("provider_npi", days(), "date", "text or a number"),
        ("service_date", truths(), "boolean", "a date, a timestamp, text or a number like 20260301"),
        ("service_date", time, "time of day", "a date, a timestamp, text or a number like 20260301"),
        ("units", truths(), "boolean", "a number or text"),
        ("paid_amount", days(), "date", "a number or text"),
        ("symptomatic", days(), "date", "a truth value, 1 and 0, or text"),
        ("diagnosis_codes", structure, "struct", "text, a number, or a list of texts or whole numbers"),
        ("member_id", fixed, "bytes of fixed length", "text or a number"),
    ] {
        let expected = format!("claims.parquet: column `{name}` has the type {found}; {wanted} is needed");
        assert_eq!(refusal(name, column), expected);
    }
}

#[test]
fn of_no_account_where_it_is_not_used() {
    assert_eq!(refusal("something else", truths()), "");
}

#[test]
fn columns_missing_and_twice() {
    let mut columns = three_rows(vec![]);
    columns.remove(0);
    assert!(matches!(opened_columns(columns), Err(InputError::Header { .. })));
    let twice = three_rows(vec![("Claim_ID ", text(&[None, None, None]))]);
    assert!(matches!(opened_columns(twice), Err(InputError::Header { .. })));
}
