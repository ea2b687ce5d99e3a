//! Characters that are not seen, and do something.

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
