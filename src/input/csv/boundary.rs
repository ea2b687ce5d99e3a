//! Where a record ends, whatever the quotes say.

use memchr::{memchr, memrchr};

/// The end (one past the terminator) of the last whole record in `bytes`, which
/// begin with a record.
///
/// A quote opens a quoted field only at the start of a field; elsewhere it is an
/// ordinary character. Inside, only a quote that is not doubled ends it. That is
/// how the `csv` crate reads, and so must a boundary.
pub(super) fn last_record_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut last = None;
    let mut open = 0;
    // Each turn looks at a stretch outside quotes, then skips what is quoted.
    loop {
        let (until, quoted) = next_opening(bytes, open, delimiter);
        let stretch = bytes.get(open..until).unwrap_or_default();
        // Terminators inside the stretch, if any, are true ones. Old files end
        // records with a bare carriage return.
        if let Some(at) = memrchr(b'\n', stretch).or_else(|| memrchr(b'\r', stretch)) {
            last = Some(open + at + 1);
        }
        if !quoted {
            return last;
        }
        match closing(bytes, until + 1) {
            Some(after) => open = after,
            None => return last,
        }
    }
}

/// The next quote from `from` on that opens a quoted field, and whether there is
/// one (else the end of the bytes).
fn next_opening(bytes: &[u8], from: usize, delimiter: u8) -> (usize, bool) {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'"', rest)) {
        let quote = at + found;
        let before = quote.checked_sub(1).and_then(|index| bytes.get(index));
        match before {
            None => return (quote, true),
            Some(byte) if *byte == delimiter || *byte == b'\n' || *byte == b'\r' => return (quote, true),
            _ => at = quote + 1,
        }
    }
    (bytes.len(), false)
}

/// One past the quote that closes a field whose text begins at `from`.
fn closing(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let quote = at + memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) == Some(&b'"') {
            at = quote + 2;
        } else {
            return Some(quote + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_decide_what_a_line_end_is() {
        for (text, expected) in [
            ("a,b\nc", Some(4)),
            ("a,b", None),
            ("a,\"b\nc\"\nd", Some(8)),
            ("a,\"b\nc", None),
            ("a\n\"b\nc", Some(2)),
            ("a,5\" pipe\nb,\"x\n", Some(10)),
            ("\"a\"\"\n\"\"b\"\nc", Some(10)),
            ("\"\"\n", Some(3)),
            ("a\rb", Some(2)),
            ("a\"\nb", Some(3)),
            ("\"a\"b\"\nc", Some(6)),
        ] {
            assert_eq!(last_record_end(text.as_bytes(), b','), expected, "{text:?}");
        }
    }
}
