//! `report.html`: the run for a person.
//!
//! It is made of what stands in the run folder (summary, manifest, sample) and of
//! nothing else, so that it can be made again. One page that needs no network: style
//! and script stand in it, and a content security policy lets nothing else run. Its
//! size does not depend on the run's: what could be long is cut, and says so.

pub(super) mod charts;
pub(super) mod checks;
pub(super) mod cut;
mod lines;
pub(super) mod text;
mod view;

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::{AutoEscape, Environment, Value, context};
use sha2::{Digest as _, Sha256};

use super::reviews::Reviews;
use super::{Manifest, Sample, Summary};
pub(super) use text::{meaning, moment};

/// What every page is made with: its frame, and parts that sections share.
const SHARED: [(&str, &str); 2] =
    [("frame.html", include_str!("frame.html")), ("macros.html", include_str!("macros.html"))];

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page and its sections.
const TEMPLATES: [(&str, &str); 12] = [
    ("page.html", include_str!("page.html")),
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
    ("overrides.html", include_str!("overrides.html")),
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
    render(&TEMPLATES, view::of(source))
}

/// Renders the first of the templates, which extends the frame that all pages have: style,
/// script, and a content security policy that names them.
pub(super) fn render(templates: &[(&'static str, &'static str)], view: Value) -> io::Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    text::add_filters(&mut environment);
    for (name, template) in SHARED.iter().chain(templates) {
        environment.add_template(name, template).map_err(io::Error::other)?;
    }
    let frame = context! {
        style => STYLE,
        style_hash => hash(STYLE),
        script => SCRIPT,
        script_hash => hash(SCRIPT),
        ..view
    };
    let (name, _) = templates.first().ok_or_else(|| io::Error::other("no template"))?;
    let template = environment.get_template(name).map_err(io::Error::other)?;
    template.render(frame).map_err(io::Error::other)
}

/// What a content security policy names a style or script by.
fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}
