//! Text for a terminal.

/// Text that may hold something of a file's: control characters and marks that
/// turn the reading direction are shown, never sent.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => c.to_string(),
            _ if c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                c.escape_unicode().to_string()
            }
            _ => c.to_string(),
        })
        .collect()
}

/// `1234567` as `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Dollars with cents and grouped digits.
pub(crate) fn dollars(amount: f64) -> String {
    let cents = format!("{:.2}", amount.abs());
    let (whole, fraction) = cents.split_once('.').unwrap_or((cents.as_str(), "00"));
    let sign = if amount < 0.0 { "-" } else { "" };
    format!("{sign}${}.{fraction}", count(whole.parse().unwrap_or(0)))
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

/// One thing, or so many: `1 code`, `1,234 codes`.
pub(crate) fn plural(number: usize, one: &str) -> String {
    let shown = count(number as u64);
    if number == 1 { format!("{shown} {one}") } else { format!("{shown} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_escapes_shown() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(12), "12");
        assert_eq!(dollars(-1234.5), "-$1,234.50");
        assert_eq!(plural(1, "code"), "1 code");
        assert_eq!(plural(1200, "code"), "1,200 codes");
        assert_eq!(printable("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
    }

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("cov02", ["LIN001", "COV002", "COV003"]), Some("COV002"));
        assert_eq!(nearest("xyz", ["LIN001", "COV002"]), None);
    }
}
