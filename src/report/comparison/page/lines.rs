//! Changed lines, as far as the page has room.

use minijinja::HtmlEscape;
use serde::Serialize;

use crate::report::comparison::ChangedSample;
use crate::report::comparison::sample::ShownChange;

/// How many bytes of the page are for lines.
const ROOM: usize = 1_000_000;
/// What a line takes beside its texts: the tags of `changed.html`.
const TAGS: usize = 180;

/// The changed lines that the page shows.
#[derive(Debug, Serialize)]
pub(super) struct ShownLines<'s> {
    pub(super) shown: Vec<&'s ShownChange>,
    /// How many are not shown.
    pub(super) left: u64,
    /// Whether the runs read different paid amounts of any of them.
    paid_otherwise: bool,
}

pub(super) fn of(sample: &ChangedSample) -> ShownLines<'_> {
    within(sample, ROOM)
}

pub(super) fn within(sample: &ChangedSample, room: usize) -> ShownLines<'_> {
    let mut shown = sample.lines();
    let mut bytes = 0;
    let fits = shown.iter().take_while(|line| {
        bytes += TAGS + line.texts().map(|text| HtmlEscape(text).to_string().len()).sum::<usize>();
        bytes <= room
    });
    let fits = fits.count();
    shown.truncate(fits);
    let paid_otherwise = shown.iter().any(|line| line.is_paid_otherwise());
    ShownLines { left: sample.seen() - shown.len() as u64, shown, paid_otherwise }
}
