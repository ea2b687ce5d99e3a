//! Two runs against each other for a person: one page that needs no network, in the frame
//! of the audit report.
//!
//! Every figure of it stands in the comparison's JSON, every line in the file of changes.
//! What could be long is cut, and says so, so that its size does not depend on the runs'.

mod checks;
mod lines;
mod view;

#[cfg(test)]
mod tests;

use std::io;

use super::{ChangedSample, Told};
use crate::report::page;

/// The page and its sections.
const TEMPLATES: [(&str, &str); 7] = [
    ("comparison.html", include_str!("comparison.html")),
    ("figures.html", include_str!("figures.html")),
    ("in_short.html", include_str!("in_short.html")),
    ("runs.html", include_str!("runs.html")),
    ("groups.html", include_str!("groups.html")),
    ("changed.html", include_str!("changed.html")),
    ("meaning.html", include_str!("meaning.html")),
];

/// What the page of a comparison is made of.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonPage<'a> {
    /// The two runs and the figures.
    pub told: &'a Told,
    /// Changed lines.
    pub sample: &'a ChangedSample,
    /// The name of the file that has all changed lines, if there is one.
    pub changes: Option<&'a str>,
}

/// Renders the page: one file that needs nothing else.
///
/// # Errors
///
/// The template fails, which is a defect.
pub fn render_comparison(source: &ComparisonPage<'_>) -> io::Result<String> {
    page::render(&TEMPLATES, view::of(source))
}
