//! How the report writes numbers, names and what claims say.

use minijinja::value::Kwargs;
use minijinja::{Environment, Value};

use crate::report::{AmountsSummary, DollarsSummary, words};
use crate::rules::{Disposition, RuleId};

/// More of a text from a claim is cut: a page has an end.
const LONGEST: usize = 60;
/// The same of what a run is called or records of itself.
const LONGEST_NAME: usize = 200;
/// How many names are said in a sentence.
const MOST_NAMES: usize = 5;

/// The filters of the templates.
pub(super) fn add_filters(environment: &mut Environment<'_>) {
    environment.add_filter("dollars", |value: f64| with_minus(&words::dollars(value)));
    environment.add_filter("count", |value: u64| words::count(value));
    environment.add_filter("rounded", |value: f64| with_minus(&format!("{value:.1}")));
    environment.add_filter("weight", weight);
    environment.add_filter("share", |part: f64, whole: f64| share(part, whole));
    environment.add_filter("times", |observed: f64, expected: f64| {
        if expected > 0.0 { format!("{:.1}", observed / expected) } else { "–".to_owned() }
    });
    environment.add_filter("claimed", |value: &str| claimed(value));
    environment.add_filter("named", |value: &str| shown(value, LONGEST_NAME));
    environment.add_filter("summary_of", |code: &str| {
        RuleId::from_code(code).map(|rule| words::paragraph(rule.rule())).unwrap_or_default()
    });
    environment.add_filter("name_of", |code: &str| RuleId::from_code(code).map_or("", |rule| rule.rule().name));
    environment.add_filter("what_to_do", |code: &str| {
        RuleId::from_code(code).map(|rule| words::items(rule.rule(), "What to do")).unwrap_or_default()
    });
    environment.add_filter("moment", moment);
    environment.add_filter("meaning", meaning);
    environment.add_filter("mostly", mostly);
    environment.add_filter("adjustment", |code: &str| {
        RuleId::from_code(code).map(|rule| words::adjustments(rule.rule())).unwrap_or_default()
    });
    environment.add_filter("paid_a_line", paid_a_line);
    environment.add_filter("paid", paid);
    environment.add_filter("of_all", of_all);
    environment.add_filter("names", names);
}

/// A true minus sign, as numbers have on paper.
pub(in crate::report) fn with_minus(number: &str) -> String {
    number.replace('-', "−")
}

/// A weight to two places, where it is not whole.
pub(super) fn weight(value: f64) -> String {
    let shown = format!("{value:.2}");
    words::grouped(shown.trim_end_matches('0').trim_end_matches('.'))
}

/// Percent; none where there is no whole, or reversals outweigh it.
fn share(part: f64, whole: f64) -> String {
    if whole <= 0.0 {
        return "–".to_owned();
    }
    with_minus(&format!("{:.1}%", part / whole * 100.0))
}

/// A text that came with a claim: with what would not be seen, or would turn the line
/// around, shown, and cut where that is long. Markup is escaped by the templates.
pub(in crate::report) fn claimed(text: &str) -> String {
    shown(text, LONGEST)
}

fn shown(text: &str, longest: usize) -> String {
    // Most of what is told is seen as it is.
    if text.len() <= longest && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut room = longest;
    for c in text.chars() {
        let told = words::acts(c).then(|| c.escape_unicode());
        let Some(left) = room.checked_sub(told.as_ref().map_or(1, ExactSizeIterator::len)) else {
            shown.push('…');
            break;
        };
        room = left;
        match told {
            Some(told) => shown.extend(told),
            None => shown.push(c),
        }
    }
    shown
}

/// A moment to the second, as people write it.
pub(in crate::report) fn moment(text: &str) -> String {
    let whole = text.split('.').next().unwrap_or_default().trim_end_matches('Z');
    format!("{} UTC", whole.replace('T', " "))
}

pub(in crate::report) fn meaning(disposition: &str) -> &'static str {
    let known = Disposition::ALL.into_iter().find(|one| one.name() == disposition);
    match known {
        Some(Disposition::Allow) => "the coded data gives no reason to stop it",
        Some(Disposition::Deny) => "the coded data gives a reason not to pay it",
        Some(Disposition::Pend) => "a person should look at it first",
        Some(Disposition::Refer) => "another program's rules decide it",
        None => match disposition {
            "replaced" => "a later version of the claim stands",
            "voided" => "a later version took the claim back",
            "void" => "the claim that takes another back",
            "reversed" => "what was paid on it was taken back",
            "reversal" => "it takes back what was paid on another line",
            _ => "",
        },
    }
}

/// The two rules that stop most lines of a group.
#[allow(clippy::needless_pass_by_value)]
fn mostly(rules: Value) -> Result<String, minijinja::Error> {
    let mut named: Vec<(u64, String)> = Vec::new();
    for rule in rules.try_iter()? {
        if rule.get_attr("disposition")?.as_str() != Some(Disposition::Refer.name()) {
            let lines = u64::try_from(rule.get_attr("lines")?)?;
            named.push((lines, rule.get_attr("rule")?.to_string()));
        }
    }
    named.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.cmp(other)));
    let first = named.iter().take(2).map(|(lines, rule)| format!("{rule} ({})", words::count(*lines)));
    Ok(first.collect::<Vec<_>>().join(", "))
}

/// The dollars paid on a group of lines, if they are known.
#[allow(clippy::needless_pass_by_value)]
fn paid(group: Value) -> Result<String, minijinja::Error> {
    let dollars = DollarsSummary {
        paid: group.get_attr("paid")?.try_into()?,
        paid_unknown: group.get_attr("paid_unknown")?.try_into()?,
        ..DollarsSummary::default()
    };
    let lines = group.get_attr("lines")?.try_into()?;
    Ok(with_minus(&words::paid(&AmountsSummary { lines, dollars })))
}

#[allow(clippy::needless_pass_by_value)]
fn paid_a_line(group: Value) -> Result<String, minijinja::Error> {
    let number = |name: &str| group.get_attr(name).and_then(f64::try_from);
    let lines = number("lines")? - number("paid_unknown")?;
    Ok(if lines > 0.0 { with_minus(&words::dollars(number("paid")? / lines)) } else { "–".to_owned() })
}

/// The first names of a list that was cut.
#[allow(clippy::needless_pass_by_value)]
fn names(cut: Value) -> Result<String, minijinja::Error> {
    let mut names = Vec::new();
    for one in cut.get_attr("shown")?.try_iter()?.take(MOST_NAMES) {
        names.push(claimed(one.get_attr("name")?.as_str().unwrap_or_default()));
    }
    let all = u64::try_from(cut.get_attr("left")?)? + cut.get_attr("shown")?.len().unwrap_or_default() as u64;
    let more = all - names.len() as u64;
    let names = names.join(", ");
    Ok(if more == 0 { names } else { format!("{names}, and {} more", words::count(more)) })
}

/// Says of a list that was cut how much of it there is, and where the rest is.
#[allow(clippy::needless_pass_by_value)]
fn of_all(cut: Value, options: Kwargs) -> Result<String, minijinja::Error> {
    let place: Option<&str> = options.get("more_in")?;
    let place = place.unwrap_or("summary.json");
    let [left, shown] = [cut.get_attr("left")?, cut.get_attr("shown")?];
    let left = u64::try_from(left)?;
    let shown = shown.len().unwrap_or_default() as u64;
    Ok(if left == 0 {
        String::new()
    } else {
        format!(" ({} of {} here; more in {place})", words::count(shown), words::count(shown + left))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_on_paper() {
        assert_eq!(with_minus(&words::dollars(-1_234_567.8)), "−$1,234,567.80");
        assert_eq!([share(1.0, 8.0), share(1.0, 0.0), share(1.0, -2.0)], ["12.5%", "–", "–"]);
        assert_eq!([1.0, 12.5, 1234.567].map(weight), ["1", "12.5", "1,234.57"]);
    }

    #[test]
    fn what_claims_say_is_cut_and_shown() {
        assert_eq!(claimed("C1"), "C1");
        let seen: String = (' '..='~').collect();
        assert!(!seen.chars().any(words::acts));
        assert_eq!(claimed("a\u{202e}b\n"), "a\\u{202e}b\\u{a}");
        assert_eq!(claimed(&"é".repeat(100)).chars().count(), LONGEST + 1);
        assert_eq!(claimed(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
        // What is told of a character is in it whole or not at all.
        assert_eq!(claimed(&"\u{202e}".repeat(60)), "\\u{202e}".repeat(7) + "…");
    }
}
