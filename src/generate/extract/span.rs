//! The days of an extract, and the diagnoses that a version put on its list.

use std::sync::Arc;

use crate::claim::Day;
use crate::generate::catalogue::{Catalogue, Covered, Span};
use crate::generate::window::Window;
use crate::generate::{ExtractOptions, GenerateError};
use crate::icd10::{CodeIndex, Icd10};
use crate::policy::{DiagnosisTable, PolicyIndex, Standing, Version};

/// Months before the one in which a list changes, and with it to the end.
const MONTHS_BEFORE: i32 = 18;
const MONTHS: i32 = 36;

/// The least days that the longest story needs, and some to choose from.
const LEAST_DAYS: u32 = 240;

/// The days that were asked for; else three years, in the middle of which the
/// diagnoses of a policy change.
pub(super) fn span(options: &ExtractOptions, index: &PolicyIndex) -> Result<Window, GenerateError> {
    let usual = usual(index);
    let window = Window { first: options.from.unwrap_or(usual.first), last: options.to.unwrap_or(usual.last) };
    let Window { first, last } = window;
    if first > last {
        return Err(GenerateError::Span { first, last });
    }
    if window.days() < LEAST_DAYS {
        return Err(GenerateError::ShortSpan { first, last, least: LEAST_DAYS });
    }
    Ok(window)
}

fn usual(index: &PolicyIndex) -> Window {
    let changes = index.policies().iter().flat_map(|policy| policy.versions.windows(2)).filter_map(|pair| match pair {
        [earlier, later] if grows(earlier, later) => Some(later.from),
        _ => None,
    });
    let Some(change) = changes.max() else { return Window::around_newest(index) };
    let first = first_of_month(change, -MONTHS_BEFORE);
    Window { first, last: first_of_month(first, MONTHS).previous() }
}

/// Whether a version lists diagnoses that the one before did not.
fn grows(earlier: &Version, later: &Version) -> bool {
    let tables = |version: &Version| -> Vec<Option<Arc<DiagnosisTable>>> {
        version.coverage.iter().map(|coverage| coverage.as_ref()?.diagnoses.clone()).collect()
    };
    tables(earlier).iter().zip(tables(later)).any(|(before, after)| match (before, after) {
        (Some(before), Some(after)) => {
            !Arc::ptr_eq(before, &after) && after.iter().any(|(code, _)| before.get(code).is_none())
        }
        _ => false,
    })
}

/// The first day of the month that lies so many months behind a day's own.
pub(super) fn first_of_month(day: Day, months: i32) -> Day {
    let (year, month, _) = day.ymd();
    let month = i32::try_from(month).unwrap_or(1) - 1 + months;
    let (year, month) = (year + month.div_euclid(12), month.rem_euclid(12) + 1);
    let made = i16::try_from(year).ok().zip(i8::try_from(month).ok()).and_then(|(y, m)| Day::from_ymd(y, m, 1));
    made.unwrap_or(day)
}

/// A procedure, two versions that follow one another, and what only the later one
/// lists.
pub(super) struct Gained {
    /// The procedure's place in the catalogue.
    pub(super) at: usize,
    /// Its days under the earlier version.
    pub(super) before: Window,
    /// Its days under the later one.
    pub(super) after: Window,
    /// The diagnoses, for review or supporting, billable on all those days.
    pub(super) codes: Vec<(CodeIndex, Standing)>,
}

impl Gained {
    /// All such of these procedures.
    pub(super) fn all(catalogue: &Catalogue<'_>, primaries: &[usize], icd10: &Icd10) -> Vec<Self> {
        let covered = primaries.iter().filter_map(|at| Some((*at, catalogue.covered.get(*at)?)));
        covered.flat_map(|(at, covered)| Self::of(at, covered, catalogue, icd10)).collect()
    }

    fn of(at: usize, covered: &Covered<'_>, catalogue: &Catalogue<'_>, icd10: &Icd10) -> Vec<Self> {
        let pair = |pair: &[Span<'_>]| {
            let [one, two] = pair else { return None };
            let (before, after) = (one.days, two.days);
            let (earlier, later) = (catalogue.lists.get(one.list?)?.table, catalogue.lists.get(two.list?)?.table);
            let billable = |code| {
                let days = [before.first, before.last, after.first, after.last];
                days.into_iter().all(|day| icd10.billable_on(code, day))
            };
            let codes: Vec<_> = later
                .iter()
                // One that supports may ask for another beside it, or be of a region
                // that raises a question.
                .filter(|(_, listed)| {
                    listed.standing == Standing::Review || (listed.region.is_none() && listed.together_with.is_empty())
                })
                .filter(|(code, _)| earlier.get(*code).is_none() && billable(*code))
                .map(|(code, listed)| (code, listed.standing))
                .collect();
            (!codes.is_empty()).then_some(Self { at, before, after, codes })
        };
        covered.spans.windows(2).filter_map(pair).collect()
    }
}
