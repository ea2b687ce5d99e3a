//! The days on which services are rendered.

use super::rng::Rng;
use super::{GenerateError, GenerateOptions};
use crate::claim::Day;
use crate::policy::{PolicyIndex, Version};

/// Days of service: three years, and four months more.
const DAYS_BEFORE: i32 = 3 * 365 + 1;
const DAYS_BEHIND: i32 = 120;

/// Days from one to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    /// The first one.
    pub(super) first: Day,
    /// The last one.
    pub(super) last: Day,
}

impl Window {
    /// Those that were asked for. An end that was not is the usual one.
    pub(super) fn of(options: &GenerateOptions, index: &PolicyIndex) -> Result<Self, GenerateError> {
        let usual = Self::around_newest(index);
        if !options.has_span() {
            return Ok(usual);
        }
        let window = Self { first: options.from.unwrap_or(usual.first), last: options.to.unwrap_or(usual.last) };
        let Self { first, last } = window;
        if first > last {
            return Err(GenerateError::Span { first, last });
        }
        // Without lines in scope no policy is needed.
        if options.in_scope > 0.0 && !window.is_spoken_of(index) {
            return Err(GenerateError::SilentSpan { first, last, spoken: spoken(index) });
        }
        Ok(window)
    }

    /// Around the first day of the newest version of all policies. Without any
    /// version: at the end of the code table.
    pub(super) fn around_newest(index: &PolicyIndex) -> Self {
        let newest = index.policies().iter().flat_map(|policy| &policy.versions).map(|version| version.from).max();
        let newest = newest.unwrap_or_else(|| index.table().last_day());
        let shift = |days: i32| Day::from_days(newest.days().saturating_add(days));
        Self { first: shift(-DAYS_BEFORE), last: shift(DAYS_BEHIND) }
    }

    /// The days that it shares with others.
    pub(super) fn within(self, first: Day, last: Option<Day>) -> Option<Self> {
        let last = last.map_or(self.last, |last| self.last.min(last));
        let first = self.first.max(first);
        (first <= last).then_some(Self { first, last })
    }

    /// How many days it has.
    pub(super) fn days(self) -> u32 {
        u32::try_from(self.last.days().saturating_sub(self.first.days()).saturating_add(1)).unwrap_or(1)
    }

    /// Whether it holds a day.
    pub(super) fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// A day so many to so many percent of it behind its first.
    pub(super) fn day_between(self, (low, high): (u32, u32), rng: &mut Rng) -> Day {
        let days = |percent: u32| u32::try_from(u64::from(self.days()) * u64::from(percent) / 100).unwrap_or(u32::MAX);
        let behind = rng.between(days(low), days(high));
        let day = self.first.days().saturating_add(i32::try_from(behind).unwrap_or(i32::MAX));
        Day::from_days(day).min(self.last)
    }

    fn is_spoken_of(self, index: &PolicyIndex) -> bool {
        speaking(index).any(|version| self.within(version.from, version.to).is_some())
    }
}

/// In words, when policies speak.
fn spoken(index: &PolicyIndex) -> String {
    let Some(first) = speaking(index).map(|version| version.from).min() else {
        return "they say nothing on any day".to_owned();
    };
    // A version without an end has no last day, and then there is none at all.
    let lasts: Option<Vec<Day>> = speaking(index).map(|version| version.to).collect();
    match lasts.and_then(|lasts| lasts.into_iter().max()) {
        Some(last) => format!("they speak from {first} to {last}"),
        None => format!("they speak since {first}"),
    }
}

fn speaking(index: &PolicyIndex) -> impl Iterator<Item = &Version> {
    let versions = index.policies().iter().flat_map(|policy| &policy.versions);
    versions.filter(|version| version.coverage.iter().any(Option::is_some))
}
