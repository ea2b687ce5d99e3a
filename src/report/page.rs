//! `report.html`: the run for a person, made from its summary and manifest.

use std::io;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};

use super::{Manifest, Summary};
use crate::engine::Adjudicator;
use crate::rules::RuleId;

/// Renders the report: one page that needs nothing else.
///
/// # Errors
///
/// The template fails, which is a defect.
pub fn render_page(summary: &Summary, manifest: &Manifest, adjudicator: &Adjudicator) -> io::Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("dollars", |value: f64| group_digits(&format!("{value:.2}")));
    environment.add_filter("count", |value: u64| group_digits(&value.to_string()));
    environment.add_filter("summary_of", |code: &str| {
        RuleId::from_code(code).map(|rule| first_words(rule.rule().manual)).unwrap_or_default()
    });
    environment.add_template("page", include_str!("page.html")).map_err(io::Error::other)?;
    let policies: Vec<_> = adjudicator
        .index()
        .policies()
        .iter()
        .map(|policy| {
            context! {
                id => policy.id.clone(), title => policy.title.clone(), publisher => policy.publisher.clone(),
                source => policy.source.clone(),
                limitations => policy.limitations.clone(),
            }
        })
        .collect();
    let template = environment.get_template("page").map_err(io::Error::other)?;
    let summary = Value::from(Serde(summary));
    let manifest = Value::from(Serde(manifest));
    template.render(context! { summary, manifest, policies }).map_err(io::Error::other)
}

/// The first paragraph under "What it does".
fn first_words(manual: &str) -> String {
    let body = manual.split("## What it does").nth(1).unwrap_or_default();
    let paragraph = body.trim_start().split("\n \n").next().unwrap_or_default();
    let paragraph = paragraph.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "")
}

/// `1234567.80` as `1,234,567.80`.
fn group_digits(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("−", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, String::new()), |(w, f)| (w, format!(".{f}")));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        for (number, expected) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567.80", "−1,234,567.80")] {
            assert_eq!(group_digits(number), expected);
        }
    }

    #[test]
    fn every_rule_says_in_a_sentence_what_it_does() {
        for rule in crate::rules::CATALOGUE {
            assert!(first_words(rule.manual).len() > 20, "{}", rule.code);
        }
    }
}
