//! `adjudicate rules`: the catalogue.

use serde::Serialize;

use adjudicate::rules::{CATALOGUE, Rule};

use super::arguments::RulesArguments;
use super::exit::{Failure, Status};
use super::page::{self, Cell, Page, STRONG, weight_style};
use super::words;

/// A rule as it is listed.
#[derive(Debug, Serialize)]
struct Listed {
    rule: &'static str,
    name: &'static str,
    weight: &'static str,
    carc: &'static str,
    rarc: &'static str,
    /// Another pair, suggested in a case that the rule's manual tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    alternative: Option<Codes>,
    says: String,
}

#[derive(Debug, Serialize)]
struct Codes {
    carc: &'static str,
    rarc: &'static str,
}

/// Lists the rules.
pub(crate) fn rules(arguments: &RulesArguments) -> Result<Status, Failure> {
    if arguments.json {
        page::write_json(&CATALOGUE.iter().map(|rule| listed(rule)).collect::<Vec<_>>())?;
    } else if arguments.markdown {
        page::write_out(&markdown())?;
    } else {
        table().print()?;
    }
    Ok(Status::Complete)
}

fn listed(rule: &Rule) -> Listed {
    Listed {
        rule: rule.code,
        name: rule.name,
        weight: rule.weight.name(),
        carc: rule.carc,
        rarc: rule.rarc,
        alternative: rule.alternative.map(|(carc, rarc)| Codes { carc, rarc }),
        says: words::short(rule),
    }
}

fn table() -> Page {
    let mut page = Page::default();
    let strong = |text: &str| Cell::styled(STRONG, text);
    let mut rows = vec![[strong("rule"), strong("name"), strong("weight"), strong("CARC"), "RARC".into()]];
    for rule in CATALOGUE {
        let (carc, rarc) = codes(rule);
        let weight = Cell::styled(weight_style(rule.weight), rule.weight.name());
        rows.push([rule.code.into(), rule.name.into(), weight, carc.into(), rarc.into()]);
    }
    page.table(0, &rows);
    page.gap();
    page.paragraph(
        0,
        "In the order that decides which finding of a weight names a line. CARC and RARC are suggestions (on a pend: \
         if it is later denied). `adjudicate explain RULE` tells more.",
    );
    page
}

fn markdown() -> String {
    let mut lines = vec!["| rule | name | weight | CARC | RARC |".to_owned(), "|---|---|---|---|---|".to_owned()];
    for rule in CATALOGUE {
        let (carc, rarc) = codes(rule);
        lines.push(format!("| {} | {} | {} | {carc} | {rarc} |", rule.code, rule.name, rule.weight.name()));
    }
    lines.join("\n") + "\n"
}

/// A rule's adjustment codes, those of its other case included.
fn codes(rule: &Rule) -> (String, String) {
    let both = |first: &str, second: &str| {
        if first == second {
            return first.to_owned();
        }
        let word = |code: &str| if code.is_empty() { "none".to_owned() } else { code.to_owned() };
        format!("{} or {}", word(first), word(second))
    };
    match rule.alternative {
        Some((carc, rarc)) => (both(rule.carc, carc), both(rule.rarc, rarc)),
        None => (rule.carc.to_owned(), rule.rarc.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use adjudicate::rules::RuleId;

    use super::*;

    #[test]
    fn a_rule_with_two_pairs_names_both() {
        let two = CATALOGUE.iter().find(|rule| rule.alternative.is_some()).unwrap();
        let (carc, rarc) = codes(two);
        assert!(carc.contains(" or "), "{carc}");
        assert!(rarc.contains(" or none"), "{rarc}");
        assert_eq!(codes(RuleId::Lin004.rule()), ("18".to_owned(), String::new()));
    }

    #[test]
    fn the_markdown_table_has_a_row_for_each() {
        let table = markdown();
        assert_eq!(table.lines().count(), CATALOGUE.len() + 2);
        assert!(table.lines().all(|line| line.matches('|').count() == 6), "{table}");
    }
}
