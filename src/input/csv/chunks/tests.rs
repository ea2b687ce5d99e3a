//! Records of any length, headers of any kind.

use std::io::Write as _;

use super::*;
use crate::input::discover;

const HEADER: &str = "claim_id,line_number,service_date,procedure_code,diagnosis_codes\n";

/// Reads this behind a header, where a record may have a thousand bytes; says
/// how many bytes the chunks had.
fn read(text: &str, chunk_bytes: usize) -> Result<usize, InputError> {
    let mut stored = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    stored.write_all([HEADER, text].concat().as_bytes()).unwrap();
    let inputs = discover(&[stored.path().to_str().unwrap().to_owned()]).unwrap();
    let options = CsvOptions { delimiter: None, chunk_bytes, digest: DigestKind::Blake3 };
    let mut file = CsvFile::open(&inputs[0], &Layout::embedded("native").unwrap(), options).unwrap();
    file.record_limit = 1000;
    let mut bytes = 0;
    while let Some(chunk) = file.next_chunk(Chunk::default())? {
        bytes += chunk.len();
    }
    Ok(bytes)
}

#[test]
fn a_quote_behind_what_is_no_delimiter_keeps_no_rows_in_the_header() {
    for (header, rows) in [
        ("claim_id,line_number,service_date,procedure_code,diagnosis_codes,x;\"y\n", "C1,1,,,,\nC2,1,,,,\"\n"),
        ("claim_id,line_number,service_date,procedure_code,diagnosis_codes,x;\"y\n", "C1,1,,,,\nC2,1,,,,\n"),
        ("claim_id|line_number|service_date|procedure_code|diagnosis_codes|x,\"y|\"\nz\"\n", "C1|1||||||\n"),
    ] {
        let mut stored = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        stored.write_all([header, rows].concat().as_bytes()).unwrap();
        let inputs = discover(&[stored.path().to_str().unwrap().to_owned()]).unwrap();
        for chunk_bytes in [1, 1 << 16] {
            let options = CsvOptions { delimiter: None, chunk_bytes, digest: DigestKind::Blake3 };
            let mut file = CsvFile::open(&inputs[0], &Layout::embedded("native").unwrap(), options).unwrap();
            let mut read = Vec::new();
            while let Some(chunk) = file.next_chunk(Chunk::default()).unwrap() {
                read.extend_from_slice(&chunk);
            }
            assert_eq!(String::from_utf8(read).unwrap(), rows, "{chunk_bytes}");
        }
    }
}

#[test]
fn lines_of_nothing_before_the_header_have_an_end() {
    let open = |lines: usize| {
        let mut stored = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        stored.write_all(&vec![b'\n'; lines]).unwrap();
        stored.write_all(HEADER.as_bytes()).unwrap();
        let inputs = discover(&[stored.path().to_str().unwrap().to_owned()]).unwrap();
        let options = CsvOptions { delimiter: None, chunk_bytes: 1 << 19, digest: DigestKind::Blake3 };
        CsvFile::open(&inputs[0], &Layout::embedded("native").unwrap(), options).map(|file| file.map().width)
    };
    assert_eq!(open(1000).unwrap(), 5);
    let told = open(HEADER_LIMIT).unwrap_err().to_string();
    assert!(told.contains("no header ends within 16777216 bytes"), "{told}");
}

#[test]
fn a_record_may_be_so_long_and_no_longer_whatever_the_chunks_are() {
    let short = "a,b\n".repeat(300);
    let cases =
        [("\"", "x\n", "\"\n"), ("a,\"", "\n", "\"\r\na,b\n"), ("\"", "x\n", ""), ("", "x", ""), ("", "x", "\n")];
    for (chunk_bytes, before) in [(1, &*short), (7, &short), (256, &short), (400, &short), (1000, ""), (1 << 19, "")] {
        for (begin, filling, end) in cases {
            let text = |length: usize| {
                let filling = filling.repeat(length);
                let filled = length - begin.len() - usize::from(end.starts_with('"'));
                [before, begin, &filling[..filled], end].concat()
            };
            let sound = text(1000);
            assert_eq!(read(&sound, chunk_bytes).unwrap(), sound.len(), "{chunk_bytes} {begin} {end}");
            let told = read(&text(1001), chunk_bytes).unwrap_err().to_string();
            let place = format!("begins at byte {} of the text", HEADER.len() + before.len());
            assert!(told.contains(&place) && told.contains("is a quote left open"), "{told}");
        }
    }
}
