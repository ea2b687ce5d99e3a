//! Damaged files: an error, whatever the damage, and never a panic.

use std::panic;
use std::sync::Once;

use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::write::{CompressionOptions, Encoding, Version, WriteOptions};

use super::*;
use crate::input::RowReader;

fn sample(options: WriteOptions, encoding: Encoding) -> Vec<u8> {
    let count = 200;
    let ids: Vec<String> = (0..count).map(|at| format!("a rather long claim id {at}")).collect();
    let ids: Vec<_> = ids.iter().map(|id| Some(id.as_str())).collect();
    let codes: Vec<_> = (0..count).map(|at| (at % 9 != 0).then_some(["99213", "12345", "99214"][at % 3])).collect();
    let numbers: Vec<_> = (0..count).map(|at| (at % 4 != 1).then_some(1_i64)).collect();
    let amounts: Vec<_> = (0..count).map(|_| Some(1.25_f64)).collect();
    let days: Vec<_> = (0..count).map(|_| Some(20_000_i32)).collect();
    let columns: Columns = vec![
        ("claim_id", text(&ids)),
        ("line_number", typed(ArrowDataType::Int64, &numbers)),
        ("service_date", typed(ArrowDataType::Date32, &days)),
        ("procedure_code", text(&codes)),
        ("diagnosis_codes", text(&vec![Some("I10"); count])),
        ("paid_amount", typed(ArrowDataType::Float64, &amounts)),
        ("member_id", typed(ArrowDataType::Decimal(30, 0), &vec![Some(7_i128); count])),
    ];
    written(&[columns.clone(), columns], options, encoding)
}

fn samples() -> Vec<Vec<u8>> {
    let plain = WriteOptions { compression: CompressionOptions::Uncompressed, ..PLAIN };
    vec![
        sample(PLAIN, Encoding::RleDictionary),
        sample(plain, Encoding::Plain),
        sample(WriteOptions { version: Version::V2, data_page_size: Some(256), ..plain }, Encoding::RleDictionary),
    ]
}

/// Reads everything that there is; a file that seems whole must also be usable.
fn read_all(bytes: &[u8]) -> Result<(), InputError> {
    let file = opened(bytes)?;
    for group in 0..file.groups() {
        let batch = file.read_group(group, &nines)?;
        let reader = RowReader::new(file.map());
        for at in 0..batch.selected().len() {
            let row = batch.row(at);
            if let Some(procedure) = reader.procedure(&row) {
                let _ = reader.read(&row, procedure);
            }
            let _ = batch.describe(at);
        }
    }
    Ok(())
}

/// Keeps caught panics of the library from being printed, with a backtrace, a
/// thousand times over.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if info.location().is_none_or(|place| place.file().starts_with("src")) {
                print(info);
            }
        }));
    });
}

#[test]
fn cut_off_anywhere() {
    hush();
    for whole in samples() {
        read_all(&whole).unwrap();
        for length in (0..whole.len()).step_by(97).chain(whole.len() - 12..whole.len()) {
            assert!(read_all(&whole[..length]).is_err(), "{length} of {}", whole.len());
            // With its end put back it is worse: the footer seems to be there.
            let mut patched = whole[..length].to_vec();
            patched.extend_from_slice(&whole[whole.len() - 8..]);
            let _ = read_all(&patched);
        }
    }
}

#[test]
fn bytes_flipped_anywhere() {
    hush();
    for whole in samples() {
        let mut bytes = whole.clone();
        let (step, changes) = if cfg!(debug_assertions) { (61, 1) } else { (1, 3) };
        for at in (0..whole.len()).step_by(step) {
            for change in [0x01, 0x80, 0xff].iter().cycle().skip(at).take(changes) {
                bytes[at] ^= change;
                let _ = read_all(&bytes);
                bytes[at] = whole[at];
            }
        }
    }
}

#[test]
fn what_a_footer_can_lie_about() {
    hush();
    let whole = sample(PLAIN, Encoding::RleDictionary);
    let footer = u32::from_le_bytes(whole[whole.len() - 8..whole.len() - 4].try_into().unwrap()) as usize;
    let start = whole.len() - 8 - footer;
    // Every byte of the footer to the highest that ends a number, and to one
    // that makes a list long.
    for at in (start..whole.len()).step_by(if cfg!(debug_assertions) { 17 } else { 1 }) {
        for value in [0x7f, 0xfc, 0xf9, 0x00] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            let _ = read_all(&bytes);
        }
    }
    for (bytes, reason) in [
        (b"PAR1".to_vec(), "too short"),
        (b"claim_id,line_number,service_date\n".to_vec(), "does not end as one"),
        ([b"1RAP", &whole[4..]].concat(), "does not begin as one"),
        ([&whole[..whole.len() - 4], b"PARE".as_slice()].concat(), "encrypted"),
        ([b"PAR1".as_slice(), &[0xff; 8], &[0xff, 0xff, 0, 0], b"PAR1"].concat(), "longer than the file"),
    ] {
        let error = read_all(&bytes).unwrap_err().to_string();
        assert!(error.contains("not a readable Parquet file") && error.contains(reason), "{error}");
    }
}

#[test]
fn rows_that_no_bytes_stand_for() {
    let columns = |count: usize| -> Columns {
        vec![
            ("claim_id", text(&vec![Some("C1"); count])),
            ("line_number", typed(ArrowDataType::Int64, &vec![Some(1_i64); count])),
            ("service_date", typed(ArrowDataType::Date32, &vec![Some(20_000_i32); count])),
            ("procedure_code", text(&vec![None; count])),
            ("diagnosis_codes", text(&vec![None; count])),
        ]
    };
    let refusal = |groups: &[Columns]| read_all(&written(groups, PLAIN, Encoding::RleDictionary)).unwrap_err();
    let one = refusal(&[columns((1 << 20) + 1)]).to_string();
    assert!(one.contains("a row group claims 1048577 rows"), "{one}");
    let two = refusal(&[columns(1 << 19), columns((1 << 19) + 1)]).to_string();
    assert!(two.contains("it claims 1048577 rows"), "{two}");
}

#[test]
fn a_file_that_shrinks_while_it_is_read() {
    let (file, input) = on_disk(&sample(PLAIN, Encoding::RleDictionary));
    let parquet = ParquetFile::open(&input, &Layout::embedded("native").unwrap()).unwrap();
    file.as_file().set_len(50).unwrap();
    let error = parquet.read_group(1, &nines).err().unwrap().to_string();
    assert!(error.contains("shorter while it was read"), "{error}");
}
