//! What one worker's pairs add up to, where one run decides each line twice.

use smallvec::SmallVec;

use super::{Comparer, Dollars, Moved, Sums, add_to};
use crate::claim::{Day, Decimal, ProcedureCode};
use crate::report::keyed::Keyed;
use crate::report::{KeptOutcome, Outcomes, WorkerSums};
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

/// What the second decision of a line came to, where it is another one.
#[derive(Clone, Copy, Debug)]
pub enum Sided<'o, 'p> {
    /// An outcome under other policies.
    Over(&'o KeptOutcome<'p>),
    /// The same line, among other lines.
    Again(&'o KeptOutcome<'p>),
}

impl<'o, 'p> Sided<'o, 'p> {
    const fn outcome(self) -> &'o KeptOutcome<'p> {
        match self {
            Self::Over(outcome) | Self::Again(outcome) => outcome,
        }
    }

    const fn place(self) -> (Table, usize) {
        match self {
            Self::Over(outcome) => (Table::Over, outcome.place),
            Self::Again(outcome) => (Table::Again, outcome.place),
        }
    }
}

/// Which outcomes a place is one of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Table {
    Over,
    Again,
}

/// What one worker's pairs add up to, until a [`Comparer`] is told.
///
/// Most lines are the same in both. How many those are, and what was paid on them, the sums
/// of the first decision tell; only their exposure is added here.
#[derive(Debug, Default)]
pub struct PairSums {
    outcomes: Keyed<Places, (Sums, Moved)>,
    days: Keyed<Day, Sums>,
    providers: Keyed<SmallVec<[u8; 16]>, Sums>,
}

/// The places of a pair's outcomes among those of the worker.
type Places = (Option<usize>, Option<(Table, usize)>);

/// A disposition, and the rule that names it.
type Ruled = (Disposition, &'static str);

/// The outcomes that one worker has met.
#[derive(Clone, Copy, Debug)]
pub struct PairOutcomes<'o, 'p> {
    /// Of the first decision.
    pub own: &'o Outcomes<'p>,
    /// Of the second, under other policies.
    pub over: &'o Outcomes<'p>,
    /// Of the second, among other lines.
    pub again: &'o Outcomes<'p>,
}

impl PairSums {
    /// Adds a line that came to the same both times.
    #[inline]
    pub fn add_same(&mut self, own: &KeptOutcome<'_>, line: &PairedLine<'_>) {
        let exposure = exposure(Some(own), line);
        if exposure != Dollars::default() {
            self.add_to_line(line, &Sums { exposure_a: exposure, exposure_b: exposure, ..Sums::default() });
        }
    }

    /// Adds a line that did not; one of the outcomes is there at least.
    pub fn add(&mut self, a: Option<&KeptOutcome<'_>>, b: Option<Sided<'_, '_>>, line: &PairedLine<'_>) {
        let places = (a.map(|side| side.place), b.map(Sided::place));
        let b = b.map(Sided::outcome);
        let (exposure_a, exposure_b) = (exposure(a, line), exposure(b, line));
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
        let paid = line.paid.unwrap_or_default().into();
        let there = |side: Option<&KeptOutcome<'_>>| if side.is_some() { paid } else { Dollars::default() };
        let moved =
            Moved { lines: 1, paid_a: there(a), paid_b: there(b), paid_unknown: u64::from(line.paid.is_none()) };
        if let Some((all, all_moved)) = self.outcomes.of(&places, |last| *last == places, |places| *places) {
            all.merge(&sums);
            all_moved.merge(&moved);
        }
        self.add_to_line(line, &sums);
    }

    fn add_to_line(&mut self, line: &PairedLine<'_>, sums: &Sums) {
        if let Some(day) = self.days.of(&line.service_date, |last| *last == line.service_date, |day| *day) {
            day.merge(sums);
        }
        let provider = self.providers.of(line.provider, |last| same(last, line.provider), SmallVec::from_slice);
        if let Some(provider) = provider {
            provider.merge(sums);
        }
    }

    /// Tells all of it to a comparer, with what the same worker summed up of the first
    /// decision.
    pub fn add_to(mut self, outcomes: PairOutcomes<'_, '_>, own: &WorkerSums, comparer: &mut Comparer) {
        for (day, lines) in own.lines_by_day() {
            if let Some(sums) = self.days.of(&day, |last| *last == day, |day| *day) {
                sums.complete(lines);
            }
        }
        for (provider, lines) in own.lines_by_provider() {
            if let Some(sums) = self.providers.of(provider, |last| same(last, provider), SmallVec::from_slice) {
                sums.complete(lines);
            }
        }
        self.add_outcomes(outcomes, comparer);
        for (day, sums) in self.days.into_iter() {
            let (year, month, _) = day.ymd();
            add_to(&mut comparer.months, &format!("{year:04}-{month:02}"), &sums);
        }
        for (provider, sums) in self.providers.into_iter() {
            add_to(&mut comparer.providers, &String::from_utf8_lossy(&provider), &sums);
        }
    }

    fn add_outcomes(&mut self, outcomes: PairOutcomes<'_, '_>, comparer: &mut Comparer) {
        let mut tell = |procedure: ProcedureCode, a: Option<Ruled>, b: Option<Ruled>, sums: &Sums, moved: &Moved| {
            comparer.add_ruled(a, b, sums, moved);
            add_to(&mut comparer.procedures, &procedure.to_string(), sums);
        };
        // What of the lines of an outcome of the first decision did not come to the same.
        let mut others = vec![Moved::default(); outcomes.own.iter().count()];
        for ((in_a, in_b), (sums, moved)) in std::mem::take(&mut self.outcomes).into_iter() {
            if let Some(others) = in_a.and_then(|place| others.get_mut(place)) {
                others.merge(&moved);
            }
            let a = in_a.and_then(|place| outcomes.own.get(place));
            let b = in_b.and_then(|(table, place)| match table {
                Table::Over => outcomes.over.get(place),
                Table::Again => outcomes.again.get(place),
            });
            let Some(one) = a.or(b) else { continue };
            tell(one.outcome.procedure, a.map(ruled), b.map(ruled), &sums, &moved);
        }
        for (kept, others) in outcomes.own.iter().zip(others) {
            let paid = kept.amounts.paid - others.paid_a;
            let moved = Moved {
                lines: kept.amounts.lines.saturating_sub(others.lines),
                paid_a: paid,
                paid_b: paid,
                paid_unknown: kept.amounts.paid_unknown.saturating_sub(others.paid_unknown),
            };
            if moved.lines > 0 {
                let exposure = if kept.outcome.disposition == Disposition::Deny { paid } else { Dollars::default() };
                let sums = Sums { in_both: moved.lines, exposure_a: exposure, exposure_b: exposure, ..Sums::default() };
                tell(kept.outcome.procedure, Some(ruled(kept)), Some(ruled(kept)), &sums, &moved);
            }
        }
    }
}

impl Sums {
    /// Makes the sums of lines that differ those of all, of which the first decision has so
    /// many.
    fn complete(&mut self, lines: u64) {
        self.in_both = lines.saturating_sub(self.only_in_a);
    }
}

/// What was paid on a line that an outcome denies.
fn exposure(side: Option<&KeptOutcome<'_>>, line: &PairedLine<'_>) -> Dollars {
    match side {
        Some(side) if side.outcome.disposition == Disposition::Deny => line.paid.unwrap_or_default().into(),
        _ => Dollars::default(),
    }
}

fn ruled(kept: &KeptOutcome<'_>) -> Ruled {
    (kept.outcome.disposition, kept.outcome.rule.map_or("", |rule| rule.rule().code))
}
