//! What the `toml` crate says of a file, at a length that people read.

use std::path::Path;

/// The most characters of a line of a message. The crate shows the line at fault whole,
/// and a key or a word of it as it stands.
const LONGEST: usize = 240;

/// The message, with lines that are cut where they are too long.
#[must_use]
pub fn in_short(error: &toml::de::Error) -> String {
    let message = error.to_string();
    let cut = |line: &str| match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    };
    message.trim_end().lines().map(cut).collect::<Vec<_>>().join("\n")
}

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
