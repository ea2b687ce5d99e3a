//! Text for a terminal.

use adjudicate::report::words;
pub(crate) use adjudicate::report::words::{count, dollars, in_line, plural};

/// Text that may hold something of a file's: characters that act are shown, never
/// sent.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if acts(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// The same of a message, whose further lines stand further in: a line end in a name or a
/// text of a file's makes no line that could be taken for one of ours.
pub(crate) fn hanging(message: &str) -> String {
    printable(message).replace('\n', "\n  ")
}

/// The same in JSON, where such a character can stand in a string alone.
pub(crate) fn printable_json(json: String) -> String {
    if !json.contains(acts) {
        return json;
    }
    json.chars().map(|c| if acts(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect()
}

/// A line end may act.
fn acts(c: char) -> bool {
    c != '\n' && words::acts(c)
}

/// How alike a name must be to be proposed, from 0 to 1.
const ALIKE: f64 = 0.75;

/// The name that is most like another, if one is at all.
pub(crate) fn nearest<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = wanted.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_and_escapes_shown() {
        assert_eq!(plural(1, "code"), "1 code");
        assert_eq!(plural(1200, "code"), "1,200 codes");
        assert_eq!(printable("a\u{1b}[31mb\u{202e}\u{200b}\n"), "a\\u{1b}[31mb\\u{202e}\\u{200b}\n");
        assert_eq!(printable_json("[\n\"\u{9b}31m\u{202e}\"]".to_owned()), "[\n\"\\u009b31m\\u202e\"]");
    }

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("cov02", ["LIN001", "COV002", "COV003"]), Some("COV002"));
        assert_eq!(nearest("xyz", ["LIN001", "COV002"]), None);
    }
}
