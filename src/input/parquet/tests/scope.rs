//! Rows in scope, found by the procedure column.

use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::write::{CompressionOptions, Encoding, Version, WriteOptions};

use super::super::cursor::Rows;
use super::super::decode;
use super::super::digested::Digesting;
use super::super::flat::{Flat, Scratch};
use super::super::source::Source;
use super::super::values::Values;
use super::*;
use crate::input::RowReader;

/// `count` rows: every third has no procedure, every seventh is in scope.
fn many_rows(count: usize) -> Columns {
    let code = |at: usize| match at {
        _ if at.is_multiple_of(7) => Some(if at.is_multiple_of(2) { "99213" } else { " 99214-59" }),
        _ if at.is_multiple_of(3) => None,
        _ => Some("12345"),
    };
    let codes: Vec<_> = (0..count).map(code).collect();
    let ids: Vec<String> = (0..count).map(|at| format!("a claim with a long name {at}")).collect();
    let ids: Vec<_> = ids.iter().map(|id| Some(id.as_str())).collect();
    let numbers: Vec<_> = (0..count).map(|at| Some(i64::try_from(at).unwrap())).collect();
    let days: Vec<_> = (0..count).map(|at| (at % 5 != 0).then_some(20_000_i32)).collect();
    vec![
        ("claim_id", text(&ids)),
        ("line_number", typed(ArrowDataType::Int64, &numbers)),
        ("service_date", typed(ArrowDataType::Date32, &days)),
        ("procedure_code", text(&codes)),
        ("diagnosis_codes", text(&vec![Some("I10"); count])),
        ("a column that is not used", text(&ids)),
    ]
}

fn check(file: &ParquetFile, group: usize, count: usize) {
    let batch = file.read_group(group, &nines).unwrap();
    let expected: Vec<u32> = (0..count).step_by(7).map(|at| u32::try_from(at).unwrap()).collect();
    assert_eq!(batch.rows(), count);
    assert_eq!(batch.selected(), expected);
    let reader = RowReader::new(file.map());
    for (at, place) in expected.iter().enumerate() {
        let row = batch.row(at);
        let procedure = reader.procedure(&row).unwrap();
        assert!(nines(procedure));
        assert_eq!(cells_at(file, &batch, at), format!("Text(a claim with a long name {place})"));
        let line = reader.read(&row, procedure);
        if place % 5 == 0 {
            assert_eq!(line.unwrap_err().reason, if *place == 0 { "not a whole number of 1 or more" } else { "blank" });
        } else {
            assert_eq!(line.unwrap().line_number, *place);
        }
    }
}

fn cells_at(file: &ParquetFile, batch: &ParquetBatch, at: usize) -> String {
    let place = file.map().names.iter().position(|name| name == "claim_id").unwrap();
    match batch.row(at).cell(place) {
        crate::input::Cell::Text(text) => format!("Text({text})"),
        crate::input::Cell::Bytes(bytes) => format!("Text({})", String::from_utf8_lossy(bytes)),
        other => format!("{other:?}"),
    }
}

#[test]
fn groups_pages_and_encodings() {
    let shapes = [Version::V1, Version::V2].map(|version| [(version, true), (version, false)]);
    let shapes = shapes.as_flattened().iter().flat_map(|shape| [(*shape, None), (*shape, Some(512))]);
    for encoding in [Encoding::RleDictionary, Encoding::Plain] {
        for ((version, is_packed), data_page_size) in shapes.clone() {
            let compression = if is_packed { CompressionOptions::Zstd(None) } else { CompressionOptions::Uncompressed };
            let options = WriteOptions { version, compression, data_page_size, ..PLAIN };
            let file = opened(&written(&[many_rows(3000), many_rows(1), many_rows(500)], options, encoding)).unwrap();
            assert_eq!((file.groups(), file.rows()), (3, 3501));
            assert_eq!((file.group_rows(0), file.group_rows(1)), (3000, 1));
            assert!(file.group_bytes(0) > file.group_bytes(1));
            check(&file, 0, 3000);
            check(&file, 1, 1);
            check(&file, 2, 500);
        }
    }
}

/// The encodings that nearly every file has are read here, and as the library
/// reads them.
#[test]
fn common_encodings_need_no_library() {
    // Some are as long as the first byte of a letter of several.
    let of = |at| format!("{}{}", at * at % 700, "ä".repeat(if at % 50 == 0 { 97 } else { 1 }));
    let texts: Vec<String> = (0..2000).map(of).collect();
    let texts: Vec<_> = (0..).zip(&texts).map(|(at, text)| (at % 11 > 0).then_some(text.as_str())).collect();
    let floats: Vec<_> = (0..2000).map(|at| (at % 5 > 0).then(|| f64::from(at) / 4.0)).collect();
    let columns = vec![
        ("claim_id", text(&texts)),
        ("billed_amount", typed(ArrowDataType::Float64, &floats)),
        ("line_number", typed(ArrowDataType::Int32, &(0..2000).map(|at| Some(at % 9)).collect::<Vec<_>>())),
    ];
    let rows: Vec<u32> = (0..2000).collect();
    let some = |step| rows.iter().copied().step_by(step).collect::<Vec<_>>();
    for encoding in [Encoding::RleDictionary, Encoding::Plain] {
        for version in [Version::V1, Version::V2] {
            let options = WriteOptions { version, data_page_size: Some(1024), ..PLAIN };
            let mut columns = columns.clone();
            columns.extend(fillers(2000));
            let file = opened(&written(&[columns], options, encoding)).unwrap();
            let group = &file.metadata.row_groups[0];
            for source in file.used.iter().filter(|source| source.place < 3) {
                let (chunk, bytes) =
                    file.chunk(group, source, vec![7; 90_000], &mut Digesting::default()).unwrap().into_bytes();
                let array = decode::decode(bytes, chunk, source.field.clone(), None).unwrap();
                let expected = Values::new(array.as_ref(), &source.kind, source.form).unwrap();
                for rows in [some(1), some(2), some(40), vec![1999], Vec::new()] {
                    for piece in [2000, 100, 7] {
                        check_flat(&file, source, &rows, piece, &expected);
                    }
                }
            }
        }
    }
}

/// Reads these rows of a column, so many at a time.
fn check_flat(file: &ParquetFile, source: &Source, rows: &[u32], piece: usize, expected: &Values) {
    let mut scratch = Scratch::default();
    // It makes no difference whether the digest is made on the way.
    let mut digesting = Digesting::new((piece > 7).then_some(0..1 << 16), file.size);
    let chunk = file.chunk(&file.metadata.row_groups[0], source, vec![7; 90_000], &mut digesting).unwrap();
    let opened = Flat::open(source, chunk, rows.len(), &mut scratch);
    let Ok((mut flat, mut values)) = opened else { panic!("{} is not read here", source.field.name) };
    for here in rows.chunks(piece) {
        let wanted = if rows.len() == 2000 { Rows::Next(here.len()) } else { Rows::These(here) };
        values.clear();
        flat.read(wanted, &mut values, &mut scratch).unwrap();
        assert_eq!(values.len(), here.len());
        for (at, row) in here.iter().enumerate() {
            assert_eq!(values.cell(at), expected.cell(*row as usize), "{row} of {}", source.field.name);
        }
    }
}

/// The other columns that a file needs.
fn fillers(count: usize) -> Columns {
    many_rows(count).into_iter().filter(|(name, _)| !["claim_id", "line_number"].contains(name)).collect()
}

/// Rows are the same however many are asked for at a time.
#[test]
fn a_group_in_pieces() {
    let options = WriteOptions { data_page_size: Some(512), ..PLAIN };
    // Of lists, and of texts that are not UTF-8, the library reads the whole column.
    let mut columns = many_rows(3000);
    let odd: Vec<_> = (0..3000).map(|at| Some(if at == 2100 { &b"\xff"[..] } else { b"M1" })).collect();
    columns.push(("member_id", bytes(&odd)));
    let file = opened(&written(&[columns], options, Encoding::RleDictionary)).unwrap();
    for in_scope in [(&nines) as &(dyn Fn(ProcedureCode) -> bool + Sync), &|_| true, &|_| false] {
        let whole = file.read_group(0, in_scope).unwrap();
        for piece in [1, 100, 428, 429, 5000] {
            let mut group = file.group(0, in_scope, None).unwrap();
            let (mut rows, mut read) = (0, 0);
            while let Some(batch) = group.read(piece).unwrap() {
                assert!(batch.selected().len() <= piece);
                for (at, row) in batch.selected().iter().enumerate() {
                    assert_eq!(whole.selected()[read + at] as usize, rows + *row as usize);
                    assert_eq!(whole.describe(read + at), batch.describe(at));
                }
                read += batch.selected().len();
                rows += batch.rows();
            }
            assert_eq!((rows, read), (3000, whole.selected().len()));
        }
    }
}

#[test]
fn nothing_and_everything_in_scope() {
    let file = opened(&written(&[many_rows(3000)], PLAIN, Encoding::RleDictionary)).unwrap();
    let none = file.read_group(0, &|_| false).unwrap();
    assert_eq!((none.rows(), none.selected().len()), (3000, 0));
    let filled = file.read_group(0, &|_| true).unwrap();
    assert_eq!(filled.selected().len(), 3000 - (0..3000).filter(|at| at % 3 == 0 && at % 7 != 0).count());
    let file = opened_columns(three_rows(vec![])).unwrap();
    assert_eq!(all(&file).selected(), [0, 1, 2]);
    assert!(matches!(file.read_group(1, &|_| true), Err(InputError::Parquet { .. })));
}

#[test]
fn a_group_or_a_file_without_rows() {
    let file = opened(&written(&[many_rows(0)], PLAIN, Encoding::RleDictionary)).unwrap();
    assert_eq!((file.rows(), file.groups()), (0, 1));
    assert_eq!(all(&file).rows(), 0);
    let mut columns = many_rows(1);
    for (_, array) in &mut columns {
        array.slice(0, 0);
    }
    assert_eq!(opened_columns(columns).unwrap().rows(), 0);
}

#[test]
fn several_sources_of_the_procedure() {
    let layout = "name = \"two\"\n[columns]\nclaim_id = \"claim_id\"\nline_number = \"line_number\"\n\
        service_date = \"service_date\"\ndiagnosis_codes = \"diagnosis_codes\"\n\
        procedure_code = [\"changed\", \"procedure_code\"]\n";
    let columns = three_rows(vec![("changed", text(&[Some("12345"), Some("99999"), Some("  ")]))]);
    let bytes = written(&[columns], PLAIN, Encoding::RleDictionary);
    let file = opened_as(&bytes, &Layout::parse("two.toml", layout).unwrap()).unwrap();
    assert_eq!(file.read_group(0, &nines).unwrap().selected(), [1, 2]);
    let constant =
        format!("{}[constants]\nprocedure_code = \"99000\"\n", layout.replace("\"procedure_code\"", "\"no such\""));
    let file = opened_as(&bytes, &Layout::parse("two.toml", &constant).unwrap()).unwrap();
    let batch = file.read_group(0, &nines).unwrap();
    assert_eq!(batch.selected(), [1, 2]);
    assert_eq!(cells(&file, &batch, "changed"), ["Text(99999)", "Text(  )"]);
}

#[test]
fn a_row_is_described_as_a_record() {
    let mut columns = three_rows(vec![("claim_id", text(&[Some("C,\"1\""), None, Some("C3")]))]);
    columns.insert(0, ("not used", text(&[Some("x"), Some("y"), Some("z")])));
    let file = opened_columns(columns).unwrap();
    let batch = file.read_group(0, &nines).unwrap();
    let described: Vec<_> = (0..2).map(|at| String::from_utf8(batch.describe(at)).unwrap()).collect();
    assert_eq!(described, ["1,2024-10-04,99213,M80.08XA,\"C,\"\"1\"\"\"", "3,2024-10-06,99214,C41.2;I10,C3"]);
}
