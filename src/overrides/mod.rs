//! A payer's exceptions: rules that are waived on the lines that an override names.
//!
//! A waived finding stays on its line and weighs nothing there, as advice does: a line
//! that nothing else stops is allowed, and one that another rule stops is named by
//! that. So an override never adds a reason to stop a line.
//!
//! Nothing here opens a file or knows a clock: callers pass the text, the name to use
//! in messages, and the day as of which an override is in force or expired. Members
//! and claims that overrides name are compared and never told.

mod condition;
mod entry;
mod error;
mod file;
mod index;
mod raw;
mod read_csv;
mod read_toml;
#[cfg(test)]
mod refusal_tests;
#[cfg(test)]
mod tests;
mod waiver;

pub use condition::Condition;
pub use entry::{Override, WaivedRules};
pub use error::OverrideError;
pub use file::OverrideFormat;
pub use waiver::{Overlap, TooManyWaivers, Waiver};

use smallvec::SmallVec;

use self::index::Index;
use self::waiver::Waivers;
use crate::claim::{ClaimLine, Day};
use crate::rules::FindingSet;

/// The overrides of a run, in the order of their file. Shared by the run's threads.
#[derive(Debug, Default)]
pub struct Overrides {
    entries: Vec<Override>,
    as_of: Option<Day>,
    index: Index,
    waivers: Waivers,
}

impl Overrides {
    /// Reads a file's text. `origin` is what messages call the file; overrides that
    /// expired before `as_of` are known, and waive nothing.
    ///
    /// # Errors
    ///
    /// The text is not of the format, or an entry lacks something, contradicts itself
    /// or would be too wide. The messages hold nothing that an entry says.
    pub fn parse(origin: &str, text: &str, format: OverrideFormat, as_of: Day) -> Result<Self, OverrideError> {
        let entries = file::entries(origin, text, format, as_of)?;
        Ok(Self { index: Index::new(&entries), waivers: Waivers::new(entries.len()), as_of: Some(as_of), entries })
    }

    /// The overrides, in the order of their file.
    #[must_use]
    pub fn entries(&self) -> &[Override] {
        &self.entries
    }

    /// The day as of which they are in force; `None` where no file was read.
    #[must_use]
    pub fn as_of(&self) -> Option<Day> {
        self.as_of
    }

    /// The overrides whose conditions a line meets, those expired included, as one
    /// number. Lines that meet the same ones have the same; which number it is depends
    /// on the order in which lines are asked about, so it must decide nothing.
    #[must_use]
    #[inline]
    pub fn find(&self, line: &ClaimLine<'_>) -> Waiver {
        if self.entries.is_empty() { Waiver::NONE } else { self.look_up(line) }
    }

    fn look_up(&self, line: &ClaimLine<'_>) -> Waiver {
        let mut met: SmallVec<[u32; 8]> = SmallVec::new();
        self.index.look_up(line, |place| {
            if self.entries.get(place as usize).is_some_and(|one| one.condition.holds(line)) {
                met.push(place);
            }
        });
        met.sort_unstable();
        self.waivers.number(&met, &self.entries)
    }

    /// The number of these overrides, by their places in the order of the file: as if a
    /// line had met them. `None` where there are no such places.
    #[must_use]
    pub fn number(&self, met: &[u32]) -> Option<Waiver> {
        let known =
            met.is_sorted_by(|a, b| a < b) && met.last().is_none_or(|last| (*last as usize) < self.entries.len());
        known.then(|| self.waivers.number(met, &self.entries))
    }

    /// The rules that are waived on lines of this number.
    #[must_use]
    #[inline]
    pub fn waived(&self, waiver: Waiver) -> FindingSet {
        self.waivers.get(waiver).map_or_else(FindingSet::default, |found| found.waived)
    }

    /// The places of the overrides that lines of this number meet, those expired
    /// included, in the order of the file.
    pub fn met(&self, waiver: Waiver) -> impl Iterator<Item = usize> {
        let found = self.waivers.get(waiver);
        found.into_iter().flat_map(|found| found.met.iter().map(|place| *place as usize))
    }

    /// The places of the overrides that took weight from these waived findings, in the
    /// order of the file: of several in force on a rule, the one that stands first.
    #[must_use]
    pub fn named(&self, waiver: Waiver, findings: FindingSet) -> SmallVec<[usize; 2]> {
        let mut left = findings;
        let mut named = SmallVec::new();
        for (place, one) in self.in_force(waiver) {
            if left.intersects(one.rules.set()) {
                named.push(place);
                left = left.without(one.rules.set());
            }
        }
        named
    }

    /// The ids of those that [`named`](Self::named) finds, `;` between them.
    #[must_use]
    pub fn ids(&self, waiver: Waiver, findings: FindingSet) -> String {
        let named = self.named(waiver, findings);
        let ids = named.iter().filter_map(|place| self.entries.get(*place)).map(|one| one.id.as_str());
        ids.collect::<Vec<_>>().join(";")
    }

    /// Where overrides in force stand behind the one that is named for a rule of these
    /// waived findings, and waive it too.
    #[must_use]
    pub fn overlaps(&self, waiver: Waiver, findings: FindingSet) -> Vec<Overlap> {
        let mut overlaps: Vec<Overlap> = Vec::new();
        let mut before: SmallVec<[(usize, FindingSet); 2]> = SmallVec::new();
        let mut left = findings;
        for (place, one) in self.in_force(waiver) {
            for (first, taken) in &before {
                let rules = taken.and(one.rules.set());
                if !rules.is_empty() {
                    overlaps.push(Overlap { first: *first, second: place, rules });
                }
            }
            let taken = left.and(one.rules.set());
            if !taken.is_empty() {
                before.push((place, taken));
                left = left.without(taken);
            }
        }
        overlaps
    }

    /// That lines met more combinations of overrides than can be told apart; what was
    /// decided is worth nothing then.
    ///
    /// # Errors
    ///
    /// They did.
    pub fn check(&self) -> Result<(), TooManyWaivers> {
        self.waivers.check()
    }

    fn in_force(&self, waiver: Waiver) -> impl Iterator<Item = (usize, &Override)> {
        let met = self.met(waiver).filter_map(|place| Some((place, self.entries.get(place)?)));
        met.filter(|(_, one)| !one.expired)
    }
}
