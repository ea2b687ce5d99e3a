//! Text that a spreadsheet would run as a formula, made harmless, and made again
//! what it was.
//!
//! What counts is listed by OWASP ("CSV Injection"): a cell that begins with `=`,
//! `+`, `-`, `@`, their full-width forms, a tab, a carriage return, a line feed or a
//! NUL. Spaces, quotes and other control characters before it do not help: some
//! spreadsheets pass over them. A file may be opened with another delimiter than
//! its own, so what follows `;`, a tab or a line end within a text begins a cell too.

use std::borrow::Cow;

/// The text with `'` before every part that a spreadsheet would run.
#[must_use]
pub fn disarmed(text: &str) -> Cow<'_, str> {
    if !parts(text).any(|(_, runs)| runs) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 4);
    for (part, runs) in parts(text) {
        safe.push_str(if runs { "'" } else { "" });
        safe.push_str(part);
    }
    Cow::Owned(safe)
}

/// What a disarmed text was before. A `'` does not change what a part would do, so
/// it is known which of them were added, whatever the text.
#[must_use]
pub fn rearmed(text: &str) -> Cow<'_, str> {
    if !parts(text).any(|(part, runs)| runs && part.starts_with('\'')) {
        return Cow::Borrowed(text);
    }
    let was = |(part, runs): (_, bool)| if runs { str::strip_prefix(part, '\'').unwrap_or(part) } else { part };
    Cow::Owned(parts(text).map(was).collect())
}

/// What may become cells of their own, each with what ends it, and whether a
/// spreadsheet would run it.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let parts = text.split_inclusive([';', '\t', '\r', '\n']);
    parts.enumerate().map(|(place, part)| {
        let begins = part.trim_start_matches(is_passed_over).chars().next();
        let runs = match begins {
            Some('\t' | '\r' | '\n') => place == 0,
            Some(begins) => "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}\0".contains(begins),
            None => false,
        };
        (part, runs)
    })
}

fn is_passed_over(c: char) -> bool {
    let counts = matches!(c, '\t' | '\r' | '\n' | '\0');
    !counts && (matches!(c, '\'' | '"' | '\u{200b}'..='\u{200f}' | '\u{feff}') || c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_disarmed() {
        for (text, safe) in [
            ("", ""),
            ("C1", "C1"),
            ("0012", "0012"),
            ("a=b", "a=b"),
            ("2026-03-01", "2026-03-01"),
            ("M80.08XA;M54.50", "M80.08XA;M54.50"),
            ("'quoted'", "'quoted'"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tC1", "'\tC1"),
            ("\rC1", "'\rC1"),
            ("\nC1", "'\nC1"),
            ("\0C1", "'\0C1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\u{ff0b}1", "'\u{ff0b}1"),
            ("\u{ff0d}1", "'\u{ff0d}1"),
            ("\u{ff20}a", "'\u{ff20}a"),
            (" =1", "' =1"),
            ("\u{a0}=1", "'\u{a0}=1"),
            ("\"=1", "'\"=1"),
            ("'=1", "''=1"),
            ("\u{1}=1", "'\u{1}=1"),
            ("M80;=1+1", "M80;'=1+1"),
            ("a\n-1", "a\n'-1"),
            ("a\tb", "a\tb"),
            ("\t=1", "'\t'=1"),
        ] {
            assert_eq!(disarmed(text), safe, "{text:?}");
            assert_eq!(rearmed(safe), text, "{safe:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_comes_back(text in "[-=+@'\" ;\t\r\n\0\u{1}\u{ff1d}aé]{0,12}") {
            let safe = disarmed(&text);
            proptest::prop_assert_eq!(rearmed(&safe), text.as_str());
            proptest::prop_assert!(parts(&safe).all(|(part, runs)| !runs || part.starts_with('\'')));
        }
    }
}
