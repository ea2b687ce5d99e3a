//! The header of a CSV input, before anything is known of it: where it ends,
//! which delimiter it has, what its columns are called.

/// The bytes outside quotes, with their places. In a header, where no delimiter
/// is known yet, a field may begin behind any that could be one; a quote within
/// a field is an ordinary character.
fn outside_quotes(bytes: &[u8], delimiter: Option<u8>) -> impl Iterator<Item = (usize, u8)> {
    let separates = move |byte: u8| delimiter.map_or(DELIMITERS.contains(&byte), |known| known == byte);
    let (mut quoted, mut start) = (false, true);
    bytes.iter().copied().enumerate().filter(move |(_, byte)| {
        if quoted {
            // Of a doubled quote, the second opens again what the first closed.
            quoted = *byte != b'"';
            start = !quoted;
            return false;
        }
        quoted = start && *byte == b'"';
        start = separates(*byte);
        !quoted
    })
}

/// What may separate fields, where nobody says.
const DELIMITERS: [u8; 4] = [b',', b'|', b'\t', b';'];

/// Where the header at the head of a text ends, if it does, and the delimiter: by the
/// delimiter alone, since what another one could quote is in no quotes. `None` where that
/// takes more of the text; `is_all` says that there is no more.
pub(super) fn header_end(text: &[u8], known: Option<u8>, is_all: bool) -> Option<(Option<usize>, u8)> {
    if known.is_none() && !is_all {
        first_line_end(text, None)?;
    }
    let delimiter = known.unwrap_or_else(|| detect_delimiter(text));
    let end = first_line_end(text, Some(delimiter));
    (is_all || end.is_some()).then_some((end, delimiter))
}

/// The first line end outside quotes.
fn first_line_end(bytes: &[u8], delimiter: Option<u8>) -> Option<usize> {
    outside_quotes(bytes, delimiter).find(|(_, byte)| matches!(byte, b'\n' | b'\r')).map(|(at, _)| at)
}

/// The delimiter that stands most often outside quotes before the first line end.
fn detect_delimiter(text: &[u8]) -> u8 {
    let header = text.get(..first_line_end(text, None).unwrap_or(text.len())).unwrap_or_default();
    let mut counts = DELIMITERS.map(|delimiter| (delimiter, 0_usize));
    for (_, byte) in outside_quotes(header, None) {
        for (delimiter, count) in &mut counts {
            *count += usize::from(*delimiter == byte);
        }
    }
    // The first of the most frequent: a comma where there is none at all.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

pub(super) fn header_names(header: &[u8], delimiter: u8) -> Vec<String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(header);
    let mut record = csv::ByteRecord::new();
    // Reading from memory does not fail; a header that yields nothing has no names.
    let _ = reader.read_byte_record(&mut record);
    record.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_ends_where_the_csv_crate_ends_it() {
        for (text, end) in [
            ("a,b\nc", Some(3)),
            ("a,\"b\nc\"\nd", Some(7)),
            ("a,size 5\"\nc", Some(9)),
            ("\"a\"\"\n\",b\nc", Some(8)),
            ("a;\"b\r\nc\";d\r\ne", Some(10)),
            ("a,\"b\nc", None),
        ] {
            assert_eq!(first_line_end(text.as_bytes(), None), end, "{text:?}");
        }
        assert_eq!(detect_delimiter(b"a;\"b,c,d,e\";f"), b';');
        assert_eq!(detect_delimiter(b"a|b\n,,,"), b'|');
    }
}
