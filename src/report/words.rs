//! Numbers, rules and options as people read them, for the report and the command line.

mod options;

use super::AmountsSummary;
use crate::rules::Rule;

pub use crate::unseen::{acts, in_line};
pub use options::{OptionWords, effects, options};

/// Digits in groups of three: `1234567.80` as `1,234,567.80`.
#[must_use]
pub fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let whole = rest.split_once('.').map_or(rest, |(whole, _)| whole);
    let mut shown = String::with_capacity(number.len() + number.len() / 3);
    shown.push_str(sign);
    for (place, digit) in rest.chars().enumerate() {
        if place > 0 && place < whole.len() && (whole.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Dollars with cents and grouped digits: `-$1,234.50`.
#[must_use]
pub fn dollars(amount: f64) -> String {
    let shown = grouped(&format!("{amount:.2}"));
    match shown.strip_prefix('-') {
        Some(rest) => format!("-${rest}"),
        None => format!("${shown}"),
    }
}

/// One thing, or so many: `1 code`, `1,234 codes`.
#[must_use]
pub fn plural(number: usize, one: &str) -> String {
    let shown = count(number as u64);
    if number == 1 { format!("{shown} {one}") } else { format!("{shown} {one}s") }
}

/// So many lines: `1 line`, `1,234 lines`.
#[must_use]
pub fn lines(number: u64) -> String {
    plural(usize::try_from(number).unwrap_or(usize::MAX), "line")
}

/// Stands where nobody knows how many dollars there were.
pub const NOT_KNOWN: &str = "not known";

/// The dollars paid on lines; `None` where there are lines and of none of them is known
/// what was paid, so that a sum of 0 says nothing.
#[must_use]
pub fn known_paid(amounts: &AmountsSummary) -> Option<f64> {
    let known = amounts.lines == 0 || amounts.dollars.paid_unknown < amounts.lines;
    known.then_some(amounts.dollars.paid)
}

/// The same in words.
#[must_use]
pub fn paid(amounts: &AmountsSummary) -> String {
    known_paid(amounts).map_or_else(|| NOT_KNOWN.to_owned(), dollars)
}

/// Suggested adjustment codes, in words; blank where there are none.
#[must_use]
pub fn adjustment(carc: &str, rarc: &str) -> String {
    match (carc, rarc) {
        ("", "") => String::new(),
        (carc, "") => format!("CARC {carc}"),
        ("", rarc) => format!("RARC {rarc}"),
        (carc, rarc) => format!("CARC {carc}, RARC {rarc}"),
    }
}

/// The adjustment codes that a rule suggests, those of its other case behind.
#[must_use]
pub fn adjustments(rule: &Rule) -> String {
    let usual = adjustment(rule.carc, rule.rarc);
    match rule.alternative {
        Some((carc, rarc)) => format!("{usual}, or {}", adjustment(carc, rarc)),
        None => usual,
    }
}

/// What a rule does: the first paragraph under that heading of its manual.
#[must_use]
pub fn paragraph(rule: &Rule) -> String {
    let body = rule.manual.split_once("## What it does").map_or(rule.manual, |(_, body)| body);
    let lines = body.trim_start().lines().map(str::trim).take_while(|line| !line.is_empty() && !line.starts_with("##"));
    lines.collect::<Vec<_>>().join(" ").replace('`', "")
}

/// The items of the list under a heading of a rule's manual, as plain text.
#[must_use]
pub fn items(rule: &Rule, heading: &str) -> Vec<String> {
    let body = rule.manual.split_once(&format!("## {heading}\n")).map_or("", |(_, body)| body);
    let lines = body.lines().map(str::trim).take_while(|line| !line.starts_with("##"));
    let mut items: Vec<String> = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        match (line.strip_prefix("- "), items.last_mut()) {
            (Some(item), _) => items.push(item.replace('`', "")),
            (None, Some(last)) => *last = format!("{last} {}", line.replace('`', "")),
            (None, None) => items.push(line.replace('`', "")),
        }
    }
    items
}

/// A rule in short: the first sentence of that paragraph.
#[must_use]
pub fn sentence(rule: &Rule) -> String {
    let text = paragraph(rule);
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}

/// What a rule's manual gives each reader to do, in its order: who, and what.
pub fn advice(rule: &Rule) -> impl Iterator<Item = (&'static str, String)> {
    let manual: &'static str = rule.manual;
    let (_, body) = manual.split_once("## What to do").unwrap_or_default();
    let (body, _) = body.split_once("## ").unwrap_or((body, ""));
    // What follows the list speaks to nobody in particular.
    let (items, _) = body.trim_start().split_once("\n\n").or(body.split_once("\n \n")).unwrap_or((body, ""));
    items.split("\n - ").filter_map(|item| {
        let (who, what) = item.trim_start_matches([' ', '-', '\n']).split_once(':')?;
        let words: Vec<_> = what.split_whitespace().collect();
        Some((who, words.join(" ").replace('`', "")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{CATALOGUE, RuleId};

    #[test]
    fn digits_are_grouped() {
        for (number, expected) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567.80", "-1,234,567.80")] {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!((count(12), count(1_234_567)), ("12".to_owned(), "1,234,567".to_owned()));
        assert_eq!((dollars(0.0), dollars(-1234.5)), ("$0.00".to_owned(), "-$1,234.50".to_owned()));
    }

    #[test]
    fn a_rule_with_two_pairs_of_codes_has_both() {
        for rule in CATALOGUE {
            let words = adjustments(rule);
            let mut codes = vec![rule.carc, rule.rarc];
            codes.extend(rule.alternative.iter().flat_map(|(carc, rarc)| [*carc, *rarc]));
            codes.retain(|code| !code.is_empty());
            let found: Vec<_> = words.split([' ', ',']).filter(|word| codes.contains(word)).collect();
            assert_eq!(found, codes, "{}: {words}", rule.code);
            assert_eq!(words.contains(", or "), rule.alternative.is_some(), "{}: {words}", rule.code);
        }
        assert_eq!(adjustments(RuleId::Cod002.rule()), "CARC 16, RARC M76, or CARC 146");
        assert_eq!(adjustment("", ""), "");
    }

    #[test]
    fn what_is_seen_does_not_act() {
        assert!("aÉ字 🦴−–…'\u{301}".chars().all(|c| !acts(c)));
        let all = "\0\n\u{1b}\u{7f}\u{9b}\u{61c}\u{200b}\u{200e}\u{2028}\u{202e}\u{2060}\u{2066}\u{2069}\u{feff}";
        assert!(all.chars().all(acts));
    }

    #[test]
    fn every_manual_has_advice_for_its_readers() {
        let readers = ["Biller", "Examiner", "Analyst", "Auditor"];
        for rule in CATALOGUE {
            let advice: Vec<_> = advice(rule).collect();
            assert!(!advice.is_empty(), "{}", rule.code);
            for (who, what) in advice {
                assert!(readers.contains(&who), "{}: {who}", rule.code);
                assert!(!what.is_empty() && what.ends_with('.'), "{}: {what}", rule.code);
                assert!(!what.contains(" - ") && !what.contains('#') && !what.contains('`'), "{}: {what}", rule.code);
            }
        }
        let of_duplicates: Vec<_> = advice(RuleId::Lin004.rule()).collect();
        assert_eq!(of_duplicates.len(), 2);
        assert!(of_duplicates[1].1.ends_with("one of the two stands."), "{}", of_duplicates[1].1);
    }

    #[test]
    fn every_rule_says_in_a_sentence_what_it_does() {
        for rule in CATALOGUE {
            let words = sentence(rule);
            assert!(words.ends_with('.') && words.len() > 20 && words.len() < 400, "{}: {words}", rule.code);
            assert!(!words.contains('#') && !words.contains("  "), "{}: {words}", rule.code);
            assert!(paragraph(rule).starts_with(&words), "{}", rule.code);
            let items = items(rule, "What to do");
            assert!(items.iter().all(|item| item.ends_with('.')) && items.len() >= 2, "{}: {items:?}", rule.code);
        }
    }
}
