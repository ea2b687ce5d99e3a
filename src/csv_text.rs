//! Fields of CSV as they are written (RFC 4180).

use wide::u8x16;

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
    // Fields are short: two looks that overlap in the middle see all of most.
    match field.len() {
        16..=32 => match (field.first_chunk(), field.last_chunk()) {
            (Some(first), Some(last)) => !(needs_quotes(*first) | needs_quotes(*last)),
            _ => true,
        },
        8..16 => match (field.first_chunk::<8>(), field.last_chunk::<8>()) {
            (Some(first), Some(last)) => {
                let mut both = [0; 16];
                let (one, other) = both.split_at_mut(8);
                one.copy_from_slice(first);
                other.copy_from_slice(last);
                !needs_quotes(both)
            }
            _ => true,
        },
        33.. => {
            let last = field.last_chunk().is_some_and(|last| needs_quotes(*last));
            !field.as_chunks().0.iter().fold(last, |found, part| found | needs_quotes(*part))
        }
        _ => !field.iter().fold(false, |found, byte| found | matches!(byte, b',' | b'"' | b'\n' | b'\r')),
    }
}

#[inline]
fn needs_quotes(bytes: [u8; 16]) -> bool {
    let bytes = u8x16::new(bytes);
    let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
    (is(b',') | is(b'"') | is(b'\n') | is(b'\r')).any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_field_counts() {
        for length in 0..80 {
            let field = vec![b'a'; length];
            assert!(needs_no_quotes(&field));
            for at in 0..length {
                for byte in [b',', b'"', b'\n', b'\r'] {
                    let mut field = field.clone();
                    field[at] = byte;
                    assert!(!needs_no_quotes(&field), "{at} of {length}");
                }
            }
        }
    }

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
