//! What is told of a file that is not the TOML that it should be.

use std::path::Path;

use crate::toml_error::in_short;

/// The fault of a text, in the words of the `toml` crate and with the line it is in;
/// but for a file that is not named as TOML, which may hold anything, claims too: of
/// such a one only the line's number is told.
#[must_use]
pub fn toml_fault(origin: &str, text: &str, error: &toml::de::Error) -> String {
    if Path::new(origin).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")) {
        return in_short(error);
    }
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("line {line} is not what it should be in a TOML file; name the file .toml to be told more")
}
