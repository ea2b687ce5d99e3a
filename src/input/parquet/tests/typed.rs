//! Types that plainly mean the same.

use polars_arrow::array::{Array, BooleanArray, ListArray, PrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use polars_arrow::offset::OffsetsBuffer;
use polars_parquet::write::{CompressionOptions, Encoding, Version, WriteOptions};

use super::*;
use crate::claim::Day;
use crate::input::RowReader;

fn list(inner: Box<dyn Array>, ends: &[i64], missing: &[bool]) -> Box<dyn Array> {
    let dtype = ArrowDataType::LargeList(Box::new(Field::new("element".into(), inner.dtype().clone(), true)));
    let offsets: Vec<i64> = std::iter::once(0).chain(ends.iter().copied()).collect();
    let offsets = OffsetsBuffer::try_from(offsets).unwrap();
    let there: Vec<bool> = missing.iter().map(|missing| !missing).collect();
    ListArray::new(dtype, offsets, inner, Some(there.into_iter().collect())).boxed()
}

#[test]
fn a_row_of_typed_columns_is_a_line() {
    let file = opened_columns(three_rows(vec![
        ("claim_id", typed(ArrowDataType::Int64, &[Some(12_i64), Some(-1), Some(7)])),
        ("line_number", typed(ArrowDataType::Float64, &[Some(1.0), Some(2.0), Some(3.0)])),
        ("member_id", typed(ArrowDataType::UInt64, &[Some(u64::MAX), Some(2), None])),
        ("provider_npi", typed(ArrowDataType::Float64, &[Some(1_234_567_890.0), None, Some(f64::NAN)])),
        ("place_of_service", typed(ArrowDataType::Decimal(38, 2), &[Some(2100_i128), Some(11), None])),
        ("units", typed(ArrowDataType::Decimal(12, 6), &[Some(1_500_000_i128), Some(1), Some(-2_000_050)])),
        ("billed_amount", typed(ArrowDataType::Float32, &[Some(1234.56_f32), None, Some(0.1)])),
        ("paid_amount", typed(ArrowDataType::Float64, &[Some(0.1 + 0.2), None, Some(-3.0)])),
        ("symptomatic", BooleanArray::from_slice([true, false, true]).boxed()),
        ("severe_pain", typed(ArrowDataType::Int8, &[Some(0_i8), None, Some(1)])),
    ]))
    .unwrap();
    let batch = all(&file);
    let reader = RowReader::new(file.map());
    let row = batch.row(0);
    let line = reader.read(&row, reader.procedure(&row).unwrap()).unwrap();
    assert_eq!((line.claim_id, line.line_number, line.member_id), ("12", 1, "18446744073709551615"));
    assert_eq!(line.provider_npi, "1234567890");
    assert_eq!(line.service_date, Day::from_days(20_000));
    assert_eq!(line.units.to_string(), "1.5");
    assert_eq!(line.billed.unwrap().to_string(), "1234.56");
    assert_eq!(line.paid.unwrap().to_string(), "0.3");
    assert_eq!((line.facts.symptomatic, line.facts.severe_pain), (Some(true), Some(false)));
    let row = batch.row(2);
    let line = reader.read(&row, reader.procedure(&row).unwrap()).unwrap();
    assert_eq!((line.member_id, line.provider_npi), ("", ""));
    assert_eq!(line.units.to_string(), "-2.0001", "half away from zero");
    assert_eq!(cells(&file, &batch, "place_of_service"), ["Text(21)", "Text(0.11)", "Blank"]);
}

#[test]
fn every_width_of_whole_number() {
    use ArrowDataType as T;
    for column in [
        typed(T::Int8, &[Some(1_i8), None, Some(-3)]),
        typed(T::Int16, &[Some(1_i16), None, Some(-3)]),
        typed(T::Int32, &[Some(1_i32), None, Some(-3)]),
        typed(T::Int64, &[Some(1_i64), None, Some(-3)]),
    ] {
        let file = opened_columns(three_rows(vec![("units", column)])).unwrap();
        assert_eq!(cells(&file, &all(&file), "units"), ["Integer(1)", "Blank", "Integer(-3)"]);
    }
    for column in [
        typed(T::UInt8, &[Some(1_u8), None, Some(255)]),
        typed(T::UInt16, &[Some(1_u16), None, Some(255)]),
        typed(T::UInt32, &[Some(1_u32), None, Some(255)]),
        typed(T::UInt64, &[Some(1_u64), None, Some(255)]),
    ] {
        let file = opened_columns(three_rows(vec![("units", column)])).unwrap();
        assert_eq!(cells(&file, &all(&file), "units"), ["Integer(1)", "Blank", "Integer(255)"]);
    }
}

#[test]
fn what_no_amount_can_hold_is_unreadable_and_described() {
    let file = opened_columns(three_rows(vec![
        ("units", typed(ArrowDataType::UInt64, &[Some(u64::MAX), None, Some(2)])),
        ("billed_amount", typed(ArrowDataType::Float64, &[Some(f64::NAN), Some(1e300), Some(2.0)])),
        ("paid_amount", typed(ArrowDataType::Decimal(38, 1), &[Some(i128::from(i64::MAX) * 10), Some(1), Some(2)])),
    ]))
    .unwrap();
    let batch = all(&file);
    assert_eq!(cells(&file, &batch, "units")[..2], ["Unreadable", "Blank"]);
    assert_eq!(cells(&file, &batch, "billed_amount")[..2], ["Unreadable", "Unreadable"]);
    assert_eq!(cells(&file, &batch, "paid_amount")[0], "Unreadable");
    let described = String::from_utf8(batch.describe(0)).unwrap();
    assert_eq!(described, "C1,1,2024-10-04,99213,M80.08XA,18446744073709551615,NaN,9223372036854775807");
}

#[test]
fn floats_of_hundreds_of_digits_are_told_with_an_exponent() {
    let file = opened_columns(three_rows(vec![
        ("claim_id", typed(ArrowDataType::Float64, &[Some(1e300), Some(-1.5e-200), Some(0.1)])),
        ("member_id", typed(ArrowDataType::Float32, &[Some(3e38_f32), Some(1e20), Some(1e-3)])),
        ("paid_amount", typed(ArrowDataType::Float64, &[Some(1e300), Some(f64::INFINITY), Some(0.0)])),
    ]))
    .unwrap();
    let batch = all(&file);
    assert_eq!(cells(&file, &batch, "claim_id"), ["Text(1e300)", "Text(-1.5e-200)", "Text(0.1)"]);
    assert_eq!(cells(&file, &batch, "member_id"), ["Text(3e38)", "Text(1e20)", "Text(0.001)"]);
    let described = String::from_utf8(batch.describe(0)).unwrap();
    assert!(described.ends_with(",1e300"), "{described}");
}

#[test]
fn lists_are_joined() {
    let codes = text(&[Some("M80.08XA"), None, Some("I10"), Some("C41.2")]);
    let pointers = typed(ArrowDataType::Int32, &[Some(1_i32), Some(2), Some(3)]);
    for options in [PLAIN, WriteOptions { version: Version::V2, ..PLAIN }] {
        let columns = three_rows(vec![
            ("diagnosis_codes", list(codes.clone(), &[3, 3, 4], &[false, true, false])),
            ("diagnosis_pointers", list(pointers.clone(), &[2, 2, 3], &[false, false, false])),
        ]);
        let file = opened(&written(&[columns], options, Encoding::RleDictionary)).unwrap();
        let batch = all(&file);
        assert_eq!(cells(&file, &batch, "diagnosis_codes"), ["Text(M80.08XA;;I10)", "Blank", "Text(C41.2)"]);
        assert_eq!(cells(&file, &batch, "diagnosis_pointers"), ["Text(1;2)", "Blank", "Text(3)"]);
        let some = file.read_group(0, &nines).unwrap();
        assert_eq!(cells(&file, &some, "diagnosis_codes"), ["Text(M80.08XA;;I10)", "Text(C41.2)"]);
    }
}

#[test]
fn days_of_every_kind() {
    use ArrowDataType as T;
    let day = 86_400_i64;
    let times = |per_second: i64| [Some((20_000 * day + 86_399) * per_second), None, Some(-per_second)];
    for column in [
        typed(T::Timestamp(TimeUnit::Millisecond, None), &times(1_000)),
        typed(T::Timestamp(TimeUnit::Microsecond, Some("America/New_York".into())), &times(1_000_000)),
        typed(T::Timestamp(TimeUnit::Nanosecond, None), &times(1_000_000_000)),
        typed(T::Date32, &[Some(20_000_i32), None, Some(-1)]),
    ] {
        let file = opened_columns(three_rows(vec![("service_date", column)])).unwrap();
        assert_eq!(cells(&file, &all(&file), "service_date"), ["Day(Day(20000))", "Blank", "Day(Day(-1))"]);
    }
    for column in [
        typed(T::Int32, &[Some(20_241_004_i32), None, Some(-1)]),
        typed(T::Float64, &[Some(20_241_004.0), None, Some(-1.0)]),
        typed(T::Decimal(8, 0), &[Some(20_241_004_i128), None, Some(-1)]),
    ] {
        let file = opened_columns(three_rows(vec![("service_date", column)])).unwrap();
        assert_eq!(cells(&file, &all(&file), "service_date"), ["Integer(20241004)", "Blank", "Integer(-1)"]);
    }
    let column = typed(T::Float64, &[Some(1.5), None, Some(f64::INFINITY)]);
    let file = opened_columns(three_rows(vec![("service_date", column)])).unwrap();
    assert_eq!(cells(&file, &all(&file), "service_date"), ["Unreadable", "Blank", "Unreadable"]);
}

#[test]
fn numbers_of_procedures_are_codes() {
    let codes = PrimitiveArray::from_vec(vec![99_213_i32, 12_345, 99_214]).boxed();
    let file = opened_columns(three_rows(vec![("procedure_code", codes)])).unwrap();
    let batch = file.read_group(0, &nines).unwrap();
    assert_eq!(batch.selected(), [0, 2]);
    assert_eq!(cells(&file, &batch, "procedure_code"), ["Text(99213)", "Text(99214)"]);
}

#[test]
fn text_that_is_not_utf8_is_a_fault_of_its_row() {
    let ids = bytes(&[Some(b"M1".as_slice()), Some(b"\xff"), Some(b"M3")]);
    let file = opened_columns(three_rows(vec![("member_id", ids)])).unwrap();
    let batch = all(&file);
    let reader = RowReader::new(file.map());
    let faults: Vec<_> = (0..3)
        .map(|at| reader.read(&batch.row(at), ProcedureCode::parse("99213").unwrap()).err().map(|fault| fault.reason))
        .collect();
    assert_eq!(faults, [None, Some("not UTF-8"), None]);
}

#[test]
fn every_compression_and_version() {
    use CompressionOptions as C;
    for compression in [C::Uncompressed, C::Snappy, C::Gzip(None), C::Brotli(None), C::Lz4Raw, C::Zstd(None)] {
        for version in [Version::V1, Version::V2] {
            for encoding in [Encoding::Plain, Encoding::RleDictionary] {
                let options = WriteOptions { compression, version, ..PLAIN };
                let file = opened(&written(&[three_rows(vec![])], options, encoding)).unwrap();
                let batch = file.read_group(0, &nines).unwrap();
                assert_eq!(cells(&file, &batch, "claim_id"), ["Text(C1)", "Text(C3)"]);
                assert_eq!(cells(&file, &batch, "diagnosis_codes"), ["Text(M80.08XA)", "Text(C41.2;I10)"]);
            }
        }
    }
}
