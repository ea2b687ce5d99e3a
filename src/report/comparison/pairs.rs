//! What one worker's pairs add up to, where one run decides each line twice.

use smallvec::SmallVec;

use super::{Comparer, Moved, Sums, add_to};
use crate::claim::{Day, Decimal};
use crate::report::sums::Keyed;
use crate::report::{KeptOutcome, Outcomes};
use crate::rules::Disposition;
use crate::short::same;

/// What is the same of a line in both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PairedLine<'a> {
    /// The day of service.
    pub service_date: Day,
    /// The provider; blank where it is unknown.
    pub provider: &'a [u8],
    /// Dollars paid, if known.
    pub paid: Option<Decimal>,
}

/// What the second decision of a line came to.
#[derive(Clone, Copy, Debug)]
pub enum Sided<'o, 'p> {
    /// The first one's outcome.
    Same(&'o KeptOutcome<'p>),
    /// An outcome under other policies.
    Over(&'o KeptOutcome<'p>),
    /// The same line, among other lines.
    Again(&'o KeptOutcome<'p>),
}

impl<'o, 'p> Sided<'o, 'p> {
    const fn outcome(self) -> &'o KeptOutcome<'p> {
        match self {
            Self::Same(outcome) | Self::Over(outcome) | Self::Again(outcome) => outcome,
        }
    }

    const fn place(self) -> (Table, usize) {
        match self {
            Self::Same(outcome) => (Table::Same, outcome.place),
            Self::Over(outcome) => (Table::Over, outcome.place),
            Self::Again(outcome) => (Table::Again, outcome.place),
        }
    }
}

/// Which outcomes a place is one of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Table {
    Same,
    Over,
    Again,
}

/// What one worker's pairs add up to, until a [`Comparer`] is told.
#[derive(Debug, Default)]
pub struct PairSums {
    outcomes: Keyed<Places, (Sums, Moved)>,
    days: Keyed<Day, Sums>,
    providers: Keyed<SmallVec<[u8; 16]>, Sums>,
}

/// The places of a pair's outcomes among those of the worker.
type Places = (Option<usize>, Option<(Table, usize)>);

impl PairSums {
    /// Adds a line that came to these outcomes; one of them is there at least.
    #[inline]
    pub fn add(&mut self, a: Option<&KeptOutcome<'_>>, b: Option<Sided<'_, '_>>, line: &PairedLine<'_>) {
        let places = (a.map(|side| side.place), b.map(Sided::place));
        let b = b.map(Sided::outcome);
        let paid = line.paid.unwrap_or_default().into();
        let exposure = |side: Option<&KeptOutcome<'_>>| match side {
            Some(side) if side.outcome.disposition == Disposition::Deny => paid,
            _ => super::Dollars::default(),
        };
        let (exposure_a, exposure_b) = (exposure(a), exposure(b));
        let disposition = |side: &KeptOutcome<'_>| side.outcome.disposition;
        let sums = Sums {
            in_both: u64::from(a.is_some() && b.is_some()),
            changed: u64::from(a.zip(b).is_some_and(|(a, b)| disposition(a) != disposition(b))),
            only_in_a: u64::from(b.is_none()),
            only_in_b: u64::from(a.is_none()),
            exposure_a,
            exposure_b,
            moved: (exposure_b - exposure_a).magnitude(),
        };
        let there = |side: Option<&KeptOutcome<'_>>| if side.is_some() { paid } else { super::Dollars::default() };
        let moved =
            Moved { lines: 1, paid_a: there(a), paid_b: there(b), paid_unknown: u64::from(line.paid.is_none()) };
        if let Some((all, all_moved)) = self.outcomes.of(&places, |last| *last == places, |places| *places) {
            all.merge(&sums);
            all_moved.merge(&moved);
        }
        if let Some(day) = self.days.of(&line.service_date, |last| *last == line.service_date, |day| *day) {
            day.merge(&sums);
        }
        let provider = self.providers.of(line.provider, |last| same(last, line.provider), SmallVec::from_slice);
        if let Some(provider) = provider {
            provider.merge(&sums);
        }
    }

    /// Tells all of it to a comparer. The outcomes are those of the worker that met the
    /// pairs: of the first decision, of the second under other policies, and of the second
    /// among other lines.
    pub fn add_to(self, own: &Outcomes<'_>, over: &Outcomes<'_>, again: &Outcomes<'_>, comparer: &mut Comparer) {
        for ((in_a, in_b), (sums, moved)) in self.outcomes.into_iter() {
            let of = |outcomes: &Outcomes<'_>, place: usize| {
                let outcome = &outcomes.get(place)?.outcome;
                let rule = outcome.rule.map_or("", |rule| rule.rule().code);
                Some((outcome.disposition, rule, outcome.procedure))
            };
            let a = in_a.and_then(|place| of(own, place));
            let b = in_b.and_then(|(table, place)| match table {
                Table::Same => of(own, place),
                Table::Over => of(over, place),
                Table::Again => of(again, place),
            });
            let Some((_, _, procedure)) = a.or(b) else { continue };
            let ruled = |(disposition, rule, _)| (disposition, rule);
            comparer.add_ruled(a.map(ruled), b.map(ruled), &sums, &moved);
            add_to(&mut comparer.procedures, &procedure.to_string(), &sums);
        }
        for (day, sums) in self.days.into_iter() {
            let (year, month, _) = day.ymd();
            add_to(&mut comparer.months, &format!("{year:04}-{month:02}"), &sums);
        }
        for (provider, sums) in self.providers.into_iter() {
            add_to(&mut comparer.providers, &String::from_utf8_lossy(&provider), &sums);
        }
    }
}
