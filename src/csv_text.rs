//! Fields of CSV as they are written (RFC 4180).

/// Appends a field, quoted where its text needs it.
pub(crate) fn push_field(out: &mut Vec<u8>, field: &[u8]) {
    if needs_no_quotes(field) {
        out.extend_from_slice(field);
        return;
    }
    out.reserve(field.len() + 4);
    out.push(b'"');
    for (place, part) in field.split(|byte| *byte == b'"').enumerate() {
        if place > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part);
    }
    out.push(b'"');
}

/// Whether a field needs no quotes. Each byte is looked at, whatever the others
/// are: that takes less than stopping early would.
#[inline]
pub(crate) fn needs_no_quotes(field: &[u8]) -> bool {
    !field.iter().fold(false, |found, byte| found | needs_quotes(*byte))
}

fn needs_quotes(byte: u8) -> bool {
    matches!(byte, b',' | b'"' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn fields_are_read_back_by_the_csv_crate(fields in proptest::collection::vec("[a,\"\n\r é]{0,12}", 2..6)) {
            let mut line = Vec::new();
            for (place, field) in fields.iter().enumerate() {
                if place > 0 {
                    line.push(b',');
                }
                push_field(&mut line, field.as_bytes());
            }
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&line[..]);
            let records: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            // A record of nothing but blanks is no record to that reader.
            if line.iter().any(|byte| *byte != b',') {
                proptest::prop_assert_eq!(records.len(), 1);
                proptest::prop_assert!(records[0].iter().eq(fields.iter().map(String::as_str)));
            }
        }
    }
}
