//! Parquet as warehouses write it: columns of other types that plainly mean the
//! same, and every usual compression, are decided as the same claims in text.

mod common;

use std::fs;

use common::{Ran, Row};
use polars::prelude::{Column, DataType, IntoSeries as _, NamedFrom as _, ParquetCompression, Series, TimeUnit};

/// Claims whose every value can be a number, too.
const CLAIMS: &str = "\
claim_id,line_number,service_date,procedure_code,diagnosis_codes,member_id,provider_npi,modifiers,units,billed_amount,paid_amount,symptomatic,conservative_weeks
1001,1,2026-03-01,22513,M80.08XA;M54.50,11,9990000001,RT;59,1,2500,1250.5,yes,6
1001,2,2026-03-01,22515,M80.08XA,11,9990000001,,2,900,,yes,8
1002,1,2026-03-01,22513,M80.08XA,11,9990000001,59;RT,1,2500,1250.5,,
1003,1,2026-03-02,99213,,12,9990000001,,1,100,50,,
1004,1,2020-06-14,22514,S32.010A,12,9990000002,50,1,2400,-12.25,no,2
1005,3,2026-03-02,22514,,13,9990000002,,3,0,0,,
";

fn ran(name: &str, content: &[u8]) -> Ran {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    fs::write(&path, content).unwrap();
    common::run_here(&common::settings(&[path]), &common::adjudicator()).unwrap()
}

/// The decisions, and what the totals count beside them.
fn decided(ran: &Ran) -> (Vec<Row>, u64, u64) {
    let mut rows = ran.decisions();
    for row in &mut rows {
        row.remove("source_file");
    }
    (rows, ran.summary.out_of_scope, ran.summary.rejected)
}

/// The values of a column of the claims; a blank is none.
fn values(name: &str) -> Vec<Option<String>> {
    let rows = common::rows_of(CLAIMS.as_bytes());
    rows.into_iter().map(|row| Some(row[name].clone()).filter(|value| !value.is_empty())).collect()
}

fn text(name: &str) -> Series {
    Series::new(name.into(), values(name))
}

/// A column of numbers of this type.
fn numbers(name: &str, kind: &DataType) -> Series {
    text(name).strict_cast(&DataType::Float64).unwrap().strict_cast(kind).unwrap()
}

fn days(name: &str) -> Vec<i32> {
    let day = |text: &str| adjudicate::claim::Day::parse_iso(text).unwrap().days();
    values(name).iter().map(|value| day(value.as_deref().unwrap())).collect()
}

/// A column of dates at a time of day.
fn times(name: &str, unit: TimeUnit, seconds: i64) -> Series {
    let scale = match unit {
        TimeUnit::Milliseconds => 1_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Nanoseconds => 1_000_000_000,
    };
    let times: Vec<i64> = days(name).iter().map(|day| (i64::from(*day) * 86_400 + seconds) * scale).collect();
    Series::new(name.into(), times).cast(&DataType::Datetime(unit, None)).unwrap()
}

/// A column of lists of texts.
fn lists(name: &str) -> Series {
    let list = |value: &Option<String>| {
        Series::new("".into(), value.iter().flat_map(|text| text.split(';')).collect::<Vec<&str>>())
    };
    let lists: polars::prelude::ListChunked = values(name).iter().map(|value| Some(list(value))).collect();
    lists.with_name(name.into()).into_series()
}

fn answers(name: &str, kind: &DataType) -> Series {
    let answers: Vec<Option<bool>> =
        values(name).iter().map(|value| value.as_deref().map(|text| text == "yes")).collect();
    Series::new(name.into(), answers).cast(kind).unwrap()
}

/// Every column in another type, one at a time (polars writes no narrower ones here).
fn variants() -> Vec<Series> {
    use DataType::{Boolean, Date, Float32, Float64, Int32, Int64, UInt32, UInt64};

    let mut variants = Vec::new();
    for (name, kinds) in [
        ("claim_id", &[Int32, Int64, UInt64][..]),
        ("line_number", &[Int32, Int64, UInt32, UInt64, Float32, Float64]),
        ("procedure_code", &[Int32, Int64, UInt32]),
        ("member_id", &[Int64]),
        ("provider_npi", &[Int64, UInt64]),
        ("units", &[Int64, Float32, Float64]),
        ("billed_amount", &[Int32, UInt32, Float32, Float64]),
        ("paid_amount", &[Float32, Float64, DataType::Decimal(12, 2), DataType::Decimal(38, 6)]),
        ("conservative_weeks", &[Float64, DataType::Decimal(5, 1)]),
    ] {
        variants.extend(kinds.iter().map(|kind| numbers(name, kind)));
    }
    let day = "service_date";
    variants.push(Series::new(day.into(), days(day)).cast(&Date).unwrap());
    variants.push(times(day, TimeUnit::Milliseconds, 0));
    variants.push(times(day, TimeUnit::Microseconds, 0));
    variants.push(times(day, TimeUnit::Microseconds, 86_399));
    variants.push(times(day, TimeUnit::Nanoseconds, 1));
    let packed: Vec<Option<String>> =
        values(day).into_iter().map(|text| text.map(|text| text.replace('-', ""))).collect();
    variants.push(Series::new(day.into(), packed).strict_cast(&Int32).unwrap());
    variants.push(lists("diagnosis_codes"));
    variants.push(lists("modifiers"));
    variants.push(answers("symptomatic", &Boolean));
    variants.push(answers("symptomatic", &Int32));
    variants
}

#[test]
fn other_types_that_mean_the_same() {
    let expected = decided(&ran("a.csv", CLAIMS.as_bytes()));
    assert_eq!((expected.0.len(), expected.1, expected.2), (5, 1, 0));
    for variant in variants() {
        let named = format!("{}: {}", variant.name(), variant.dtype());
        let content = common::parquet::with_column(CLAIMS, Column::from(variant));
        assert_eq!(decided(&ran("a.parquet", &content)), expected, "{named}");
    }
}

#[test]
fn every_usual_compression_and_row_group() {
    let expected = decided(&ran("a.csv", CLAIMS.as_bytes()));
    for compression in [
        ParquetCompression::Uncompressed,
        ParquetCompression::Snappy,
        ParquetCompression::Gzip(None),
        ParquetCompression::Lz4Raw,
        ParquetCompression::Zstd(None),
    ] {
        for rows in [1, 2, 100] {
            let content = common::parquet::compressed(CLAIMS, compression, rows);
            assert_eq!(decided(&ran("a.parquet", &content)), expected, "{compression:?}, groups of {rows}");
        }
    }
}

#[test]
fn values_that_a_typed_column_cannot_mean_are_rejects() {
    for (name, bad) in
        [("units", f64::NAN), ("paid_amount", f64::INFINITY), ("conservative_weeks", -1.0), ("line_number", 1.5)]
    {
        let mut column: Vec<f64> = vec![1.0; 6];
        column[4] = bad;
        let content = common::parquet::with_column(CLAIMS, Column::from(Series::new(name.into(), column)));
        let ran = ran("a.parquet", &content);
        let rejects = ran.rejects();
        assert_eq!(rejects.len(), 1, "{name}");
        assert_eq!((&*rejects[0]["source_row"], &*rejects[0]["column"]), ("5", name));
        assert!(rejects[0]["row"].contains("1004"), "the row is shown: {rejects:?}");
    }
}
