//! What is told of a run folder.

use serde::Serialize;

use adjudicate::rules::Disposition;
use adjudicate::run::RowCounts;

use crate::cli::page::{PLAIN, Page, disposition_style};
use crate::cli::text::{count, plural};

/// What was found.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    pub(super) folder: String,
    /// The version of the program that made the run.
    pub(super) version: String,
    /// The digest of `manifest.json` itself, of the kind that it uses: kept elsewhere, it
    /// tells whether this is the manifest that the run wrote.
    pub(super) manifest: String,
    /// Whether this version of the program made the run, so that all is looked at.
    #[serde(skip)]
    pub(super) ours: bool,
    /// Whether all is as recorded.
    pub(super) sound: bool,
    pub(super) differences: Vec<String>,
    /// What could not be looked at, and why.
    pub(super) notes: Vec<String>,
    pub(super) files: usize,
    pub(super) counts: RowCounts,
    /// Rows counted anew.
    pub(super) decisions: Option<u64>,
    pub(super) rejects: Option<u64>,
    pub(super) superseded: Option<u64>,
    pub(super) sample: Option<u64>,
}

/// What is said of a run of another version, of which less can be found.
const AS_FAR_AS: &str = concat!("as recorded, as far as version ", env!("CARGO_PKG_VERSION"), " can tell:");

/// The verdict for people.
pub(super) fn show(verdict: &Verdict) -> Page {
    let mut page = Page::default();
    if verdict.sound {
        let decisions = count(verdict.decisions.unwrap_or(0));
        page.lead(
            0,
            disposition_style(Disposition::Allow),
            if verdict.ours { "as recorded:" } else { AS_FAR_AS },
            &format!(
                "{}: {}, {decisions} decisions, {} rejects, of {}",
                verdict.folder,
                plural(verdict.files, "file"),
                count(verdict.counts.rejected),
                plural(usize::try_from(verdict.counts.rows).unwrap_or(usize::MAX), "row"),
            ),
        );
    }
    for difference in &verdict.differences {
        page.marked(disposition_style(Disposition::Deny), "differs:", difference);
    }
    for note in &verdict.notes {
        page.lead(0, PLAIN, "note:", note);
    }
    page
}
