//! Which lines of a chunk are records as they stand. Most chunks have no quotes, and most
//! lines nothing that could be one; a chunk is looked at as a whole where many have.

use memchr::{memchr, memchr_iter, memchr2};

/// What the lines of a chunk are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lines {
    /// So many of them may have had quotes and have none; all others have none.
    Met(u16),
    /// Each is a record: there are no quotes, and no carriage return that ends a
    /// record by itself.
    Plain,
    /// Some have quotes.
    Quoted,
    /// They are no records: there is a carriage return that no line end follows. Maybe all
    /// of the chunk is one line, and of many records; looking for its end for each of them
    /// would take the square of the chunk's length.
    Apart,
}

impl Lines {
    /// How many lines are looked at one by one before all of the chunk is, which takes less
    /// than to look at many.
    const FEW: u16 = 1024;

    pub(super) fn of_delimiter(delimiter: u8) -> Self {
        // A line in which these separate fields seems to have quotes, or to have none.
        if matches!(delimiter, b'"' | b'\r') { Self::Apart } else { Self::Met(0) }
    }

    fn of(chunk: &[u8]) -> Self {
        let Some(first) = memchr2(b'"', b'\r', chunk) else { return Self::Plain };
        let rest = chunk.get(first..).unwrap_or_default();
        let is_bare = |at: usize| !matches!(rest.get(at + 1), Some(b'\n') | None);
        if memchr_iter(b'\r', rest).any(is_bare) {
            Self::Apart
        } else if memchr(b'"', rest).is_some() {
            Self::Quoted
        } else {
            Self::Plain
        }
    }

    /// Whether a line that may have quotes is a record as it stands, whose fields its
    /// delimiters separate. `rest` is the chunk from there on.
    pub(super) fn are_plain(&mut self, line: &[u8], rest: &[u8]) -> bool {
        let is_plain = |line| memchr2(b'"', b'\r', line).is_none();
        if let Self::Met(met) = self {
            if *met < Self::FEW && is_plain(line) {
                *met += 1;
                return true;
            }
            *self = Self::of(rest);
        }
        match self {
            Self::Plain => true,
            Self::Quoted => is_plain(line),
            Self::Met(_) | Self::Apart => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_found_however_many_lines_without_them_come_before() {
        for (text, expected) in [("a b", true), ("a \"b", false), ("a\rb c", false)] {
            for before in [0, usize::from(Lines::FEW) - 1, usize::from(Lines::FEW), 3 * usize::from(Lines::FEW)] {
                let chunk = ["x y\n".repeat(before), text.to_owned(), "\n".to_owned()].concat();
                let mut lines = Lines::of_delimiter(b',');
                for (at, _) in chunk.match_indices("x y") {
                    assert!(lines.are_plain(b"x y", &chunk.as_bytes()[at..]) || text.contains('\r'), "{before}");
                }
                assert_eq!(
                    lines.are_plain(text.as_bytes(), &chunk.as_bytes()[4 * before..]),
                    expected,
                    "{text} {before}"
                );
                let is_apart = text.contains('\r');
                assert_eq!(lines == Lines::Apart, is_apart, "{text} {before}");
            }
        }
        assert_eq!(Lines::of_delimiter(b'"'), Lines::Apart);
    }
}
