//! `report.html`: the run for a person, made from its summary and manifest.

use std::io;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};

use super::{Manifest, Summary, words};
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
    environment.add_filter("dollars", |value: f64| shown(&format!("{value:.2}")));
    environment.add_filter("count", |value: u64| shown(&value.to_string()));
    environment.add_filter("summary_of", |code: &str| {
        RuleId::from_code(code).map(|rule| words::paragraph(rule.rule())).unwrap_or_default()
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

/// A number as HTML shows it: digits grouped, with a true minus sign.
fn shown(number: &str) -> String {
    words::grouped(number).replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_minus_sign() {
        assert_eq!(shown("-1234567.80"), "−1,234,567.80");
    }
}
