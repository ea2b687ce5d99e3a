//! Characters that are not seen, and do something.

use std::borrow::Cow;

/// Whether a character of a claim's does something else than be seen: it controls a
/// terminal, takes no room, ends the line or turns its direction. Such a character is
/// shown by its number.
#[must_use]
pub fn acts(c: char) -> bool {
    let unseen = matches!(
        c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    unseen || c.is_control()
}

/// Text of a file's, or the name of one, as it may stand within a line of a message: a line
/// end in it would make a line of its own, which might say anything.
#[must_use]
pub fn in_line(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return text.into();
    }
    text.chars().map(|c| if acts(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}
