//! `report.html`: the run for a person.
//!
//! It is made of what stands in the run folder (summary, manifest, sample) and of
//! nothing else, so that it can be made again. One page that needs no network: style
//! and script stand in it, and a content security policy lets nothing else run. Its
//! size does not depend on the run's: what could be long is cut, and says so.

mod charts;
pub(super) mod checks;
mod cut;
mod lines;
mod text;
mod view;

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::{AutoEscape, Environment};
use sha2::{Digest as _, Sha256};

use super::reviews::Reviews;
use super::{Manifest, Sample, Summary};
pub(super) use text::{meaning, moment};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page and its sections.
const TEMPLATES: [(&str, &str); 12] = [
    ("page.html", include_str!("page.html")),
    ("macros.html", include_str!("macros.html")),
    ("short.html", include_str!("short.html")),
    ("exposure.html", include_str!("exposure.html")),
    ("providers.html", include_str!("providers.html")),
    ("diagnoses.html", include_str!("diagnoses.html")),
    ("unseen.html", include_str!("unseen.html")),
    ("rules.html", include_str!("rules.html")),
    ("lines.html", include_str!("lines.html")),
    ("reviews.html", include_str!("reviews.html")),
    ("run.html", include_str!("run.html")),
    ("versions.html", include_str!("versions.html")),
];

/// What the report is made of.
#[derive(Clone, Copy, Debug)]
pub struct PageSource<'a> {
    /// Counts and dollars.
    pub summary: &'a Summary,
    /// What was read, under what.
    pub manifest: &'a Manifest,
    /// Flagged lines.
    pub sample: &'a Sample,
    /// What a chart review found, if there was one.
    pub reviews: Option<&'a Reviews>,
}

/// Renders the report: one page that needs nothing else.
///
/// # Errors
///
/// The template fails, which is a defect.
pub fn render_page(source: &PageSource<'_>) -> io::Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    text::add_filters(&mut environment);
    for (name, template) in TEMPLATES {
        environment.add_template(name, template).map_err(io::Error::other)?;
    }
    let template = environment.get_template("page.html").map_err(io::Error::other)?;
    template.render(view::of(source)).map_err(io::Error::other)
}

/// What a content security policy names a style or script by.
fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}
