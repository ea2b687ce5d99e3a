//! What the `toml` crate says of a file, at a length that people read.

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
