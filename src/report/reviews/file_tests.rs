//! Files as reviewers' programs save them, and worse.

use std::io::{self, Read};

use super::{LineKey, ReviewFile, ReviewFileError, Verdict};

fn read(text: impl AsRef<[u8]>) -> Result<ReviewFile, ReviewFileError> {
    ReviewFile::read(text.as_ref())
}

/// The rows and verdicts of a file.
fn verdicts(text: impl AsRef<[u8]>) -> Vec<(u64, Verdict)> {
    read(text).unwrap().marks.iter().map(|mark| (mark.row, mark.verdict)).collect()
}

fn message(text: impl AsRef<[u8]>) -> String {
    read(text).unwrap_err().to_string()
}

fn source(file: &str, row: u64) -> LineKey {
    LineKey::Source { file: file.to_owned(), row }
}

fn claim(id: &str, number: u32) -> LineKey {
    LineKey::Claim { id: id.to_owned(), number }
}

#[test]
fn verdicts_in_any_case_and_other_words() {
    use Verdict::{Confirmed, Overturned, Undetermined};
    for (verdict, words) in [
        (Confirmed, "confirmed Confirmed UPHELD agree yes Y 1 TRUE"),
        (Overturned, "overturned disagree No n 0 False"),
        (Undetermined, "undetermined Unclear unknown ?"),
    ] {
        for word in words.split(' ') {
            assert_eq!(Verdict::parse(word.as_bytes()), Some(verdict), "{word}");
            let text = format!("verdict,claim_id,line_number\n\" {word} \",C1,1\n");
            assert_eq!(verdicts(text), [(2, verdict)], "{word}");
        }
    }
    for word in ["", "confirm ed", "2", "-", "yes no", "confirmed?", "confirm\u{e9}", "conf\0irmed"] {
        assert_eq!(Verdict::parse(word.as_bytes()), None, "{word}");
    }
}

#[test]
fn every_delimiter_with_a_mark_before_the_header() {
    for delimiter in [",", ";", "\t"] {
        for mark in ["", "\u{feff}"] {
            for end in ["\n", "\r\n", "\r"] {
                let rows = [" Verdict |note|CLAIM_ID|Line_Number", "yes|\"a,b;c\td\ne\"|C1|2", "||C2|1", "no||C3|1"];
                let text = format!("{mark}{}", rows.join(end).replace('|', delimiter));
                let file = read(&text).unwrap();
                assert_eq!(file.rows, 3, "{text:?}");
                let found: Vec<_> = file.marks.iter().map(|mark| (mark.row, mark.key.clone(), mark.verdict)).collect();
                let expected = [(2, claim("C1", 2), Verdict::Confirmed), (4, claim("C3", 1), Verdict::Overturned)];
                assert_eq!(found, expected, "{text:?}");
            }
        }
    }
}

#[test]
fn a_column_that_is_passed_over_does_not_decide_the_delimiter() {
    let text = "\"one; two; three; four; five\",verdict,claim_id,line_number\nx,y,C1,1\n";
    assert_eq!(verdicts(text), [(2, Verdict::Confirmed)]);
}

#[test]
fn lines_are_named_by_their_source_or_else_by_claim() {
    let file = read(
        "source_file,source_row,claim_id,line_number,verdict\n\
         a.csv,7,C1,1,y\n\
         ,,C2,2,y\n\
         '=a.csv,8.0,'-C3,mangled,y\n\
         b.csv,9,,,y\n",
    );
    let marks = file.unwrap().marks;
    let found: Vec<_> = marks.into_iter().map(|mark| (mark.key, mark.also)).collect();
    let expected = [
        (source("a.csv", 7), Some(claim("C1", 1))),
        (claim("C2", 2), None),
        (source("=a.csv", 8), None),
        (source("b.csv", 9), None),
    ];
    assert_eq!(found, expected);
}

#[test]
fn rows_of_blanks_and_rows_cut_short_are_not_reviewed() {
    let file = read("claim_id,line_number,verdict,note\nC1,1,y,\n,,,\n , ,\t,\nC2,1\nC3,1,n\n\nC4,1,,later\n").unwrap();
    assert_eq!(file.rows, 4);
    // A spreadsheet counts rows of blanks too.
    assert_eq!(file.marks.iter().map(|mark| mark.row).collect::<Vec<_>>(), [2, 6]);
    for none in
        ["verdict,claim_id,line_number", "verdict,claim_id,line_number\n", "verdict,claim_id,line_number\r\n,,\r\n"]
    {
        assert_eq!(read(none).unwrap(), ReviewFile::default());
    }
}

#[test]
fn a_header_that_does_not_do() {
    for (text, expected) in [
        ("", "the column `verdict` is missing in the header"),
        ("\u{feff}", "the column `verdict` is missing in the header"),
        ("claim_id,line_number\nC1,1\n", "the column `verdict` is missing in the header"),
        ("verdict|claim_id|line_number\n", "the column `verdict` is missing in the header"),
        (
            "verdict,claim_id,source_row\n",
            "the header has neither `source_file` and `source_row` nor `claim_id` and `line_number`",
        ),
        ("verdict;claim_id;line_number;VERDICT\n", "the column `verdict` stands twice in the header"),
        ("verdict,claim_id,line_number,claim_id\n", "the column `claim_id` stands twice in the header"),
    ] {
        assert_eq!(message(text), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_named_by_row_and_column_and_nothing_else() {
    let head = "source_file,source_row,claim_id,line_number,verdict,note\n";
    let not_known = "blank, so the line that the verdict is about is not known";
    let half = "blank, and the other half of the line's name is not";
    for (row, column, reason) in [
        ("a,1,SECRET,1,maybe,SECRET", "verdict", "neither confirmed, overturned nor undetermined (nor blank)"),
        ("a,1,SECRET,1,\0,", "verdict", "neither confirmed, overturned nor undetermined (nor blank)"),
        ("a,SECRET,C,1,y,", "source_row", "not a row number"),
        ("a,-1,C,1,y,", "source_row", "not a row number"),
        ("a,+1,C,1,y,", "source_row", "not a row number"),
        ("a,1.5,C,1,y,", "source_row", "not a row number"),
        ("a,99999999999999999999,C,1,y,", "source_row", "not a row number"),
        (",1,C,1,y,", "source_file", half),
        (",,SECRET,,y,", "line_number", "not a line number"),
        (",,SECRET,4294967296,y,", "line_number", "not a line number"),
        (",,,1,y,", "claim_id", half),
        (",,,,y,SECRET", "source_file", not_known),
    ] {
        let text = format!("{head}a,1,C,1,y,\n{row}\n");
        assert_eq!(message(&text), format!("row 3, column `{column}`: {reason}"), "{row}");
    }
    let fields = message(format!("{head}a,1,C,1,y,one, two\n"));
    assert!(fields.starts_with("row 2 has more fields than the header"), "{fields}");
    assert_eq!(verdicts(format!("{head}a,1,C,1,y,one,,\n")), [(2, Verdict::Confirmed)]);
}

#[test]
fn hostile_bytes() {
    let head = "verdict,claim_id,line_number,note\n";
    // A field of 10 MB, NUL bytes, bytes that are not UTF-8, a quote that is never closed.
    let large = format!("{head}y,C1,1,{}\nn,C2,1,\n", "x".repeat(10_000_000));
    assert_eq!(verdicts(large), [(2, Verdict::Confirmed), (3, Verdict::Overturned)]);
    let large = format!("{head}{},C1,1,\n", "y".repeat(10_000_000));
    assert!(message(large).len() < 100);
    assert_eq!(verdicts([head.as_bytes(), b"y,C\0\xff,1,\0\0\xfe\n"].concat()), [(2, Verdict::Confirmed)]);
    assert_eq!(verdicts(format!("{head}y,C1,1,\"open\nn,C2,1,\n")), [(2, Verdict::Confirmed)]);
    assert_eq!(message(b"\xff\xfev\0e\0r\0"), "the file is UTF-16; save it as CSV UTF-8");
    assert_eq!(message(vec![0; 1000]), "the column `verdict` is missing in the header");
    assert_eq!(message(vec![b'\n'; (64 << 20) + 1]), "a file of reviews has at most 64 MiB");
}

#[test]
fn what_the_reader_says_is_passed_on() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    assert_eq!(ReviewFile::read(Broken).unwrap_err().to_string(), "the disk is gone");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(
        head in "(\u{feff})?(verdict|claim_id|line_number|source_file|source_row|[,;\t\"' ]){0,9}",
        body in "[a-y0-9,;\t\"'\n\r\0?. é]{0,80}",
    ) {
        let _ = read(format!("{head}\n{body}"));
        let _ = read(format!("verdict,claim_id,line_number\n{body}"));
    }
}
