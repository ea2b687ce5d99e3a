//! What one worker's lines add up to.

mod days;
mod diagnoses;

use std::collections::hash_map::Entry;

use smallvec::SmallVec;

use self::days::{Dated, DaySums, LineRun, MonthSums, RUNS};
use self::diagnoses::DiagnosisLines;
pub use self::diagnoses::DiagnosisText;
pub(super) use self::diagnoses::{OF_DIAGNOSES, first_diagnosis};

use super::DecisionRow;
use super::amounts::{Amounts, Summed as _};
use super::keyed::Keyed;
use super::outcome::{KeptOutcome, Outcomes};
use super::pairs::{Pair, Pairs, Small, SmallSums};
use super::tally::{AllowedSums, ProviderLines, ProviderSums, Quarter, QuarterSums, Tally};
use crate::claim::{Day, Decimal};
use crate::engine::SupersededBy;
use crate::icd10::Icd10;
use crate::rules::{CATALOGUE, Disposition};
use crate::short::same;

/// What one worker's lines add up to, until the tally is made of it.
#[derive(Debug, Default)]
pub struct WorkerSums {
    /// Each day is looked up in the calendar but once.
    days: Keyed<Day, DaySums>,
    months: Keyed<(i32, u32), MonthSums>,
    providers: Keyed<SmallVec<[u8; 16]>, ProviderSums>,
    pairs: Pairs,
    /// By the place of the outcome, of lines whose pair is not among those.
    outcomes: Vec<Amounts>,
    run: LineRun,
    /// Runs of lines that are over and not yet added up. What memory holds of their days and
    /// providers is fetched for all of them at once.
    runs: Vec<LineRun>,
    /// The place of the provider of lines that name none.
    nobody: Option<usize>,
    files: Vec<Amounts>,
    /// Lines of the input at hand.
    of_file: SmallSums,
    of_file_beyond: Amounts,
    diagnoses: DiagnosisLines,
    already_denied: Amounts,
    allowed: [AllowedSums; 4],
    superseded: [Amounts; 5],
}

impl WorkerSums {
    /// Adds a decided line, on which so much was paid, to be settled with these outcomes,
    /// of which its own is one.
    #[inline]
    pub fn add(&mut self, row: &DecisionRow<'_>, paid: Option<Decimal>, outcomes: &Outcomes<'_>, table: &Icd10) {
        let kept = row.outcome;
        let key = (row.texts.numbers.provider_npi, row.service_date.days());
        if key.0 == 0 || key != self.run.key {
            self.begin_run(key, row);
        }
        if let Some(lines) = self.run.lines.get_mut(kept.outcome.disposition as usize) {
            *lines += 1;
        }
        let rule = kept.outcome.rule;
        let places = u32::try_from(self.run.provider).ok().zip(u32::try_from(kept.place).ok());
        if let (Some((provider, outcome)), Some(small)) = (places, Small::of(row.billed, paid, row.units)) {
            self.of_file.add(small);
            let month = self.months.at(self.run.dated.month);
            if let Some(sums) = month.and_then(|month| month.small.get_mut(MonthSums::place(rule))) {
                sums.add(small);
            }
            if self.pairs.add(provider, outcome, small) {
                self.enter_pairs(outcomes, |pairs, hand_on| pairs.enter(hand_on));
            }
        } else {
            self.add_beyond(row, &Amounts::of(row.billed, paid));
        }
        if let Some(rule) = rule.filter(|rule| OF_DIAGNOSES.contains(rule)) {
            self.diagnoses.add(rule, row, paid, table);
        }
    }

    /// Adds a line with an amount that is below zero or large.
    #[inline(never)]
    fn add_beyond(&mut self, row: &DecisionRow<'_>, amounts: &Amounts) {
        self.of_file_beyond.merge(amounts);
        if let Some(month) = self.months.at(self.run.dated.month) {
            month.beyond.of(row.outcome.outcome.rule).merge(amounts);
        }
        let units = if amounts.paid_unknown == 0 { row.units.ten_thousandths().into() } else { 0 };
        self.settle_lines(self.run.provider, row.outcome, amounts, units);
    }

    /// Has lines entered, and breaks down what had to make room.
    #[inline(never)]
    fn enter_pairs(&mut self, outcomes: &Outcomes<'_>, enter: impl FnOnce(&mut Pairs, &mut dyn FnMut(Pair))) {
        let mut pairs = std::mem::take(&mut self.pairs);
        enter(&mut pairs, &mut |pair| {
            if let Some(kept) = outcomes.get(pair.outcome()) {
                self.settle_lines(pair.provider(), kept, &pair.amounts(), pair.units());
            }
        });
        self.pairs = pairs;
    }

    /// Adds lines of a provider and an outcome, and the units of those on which it is known
    /// what was paid, to all that follows from these.
    #[inline(never)]
    fn settle_lines(&mut self, provider: usize, kept: &KeptOutcome<'_>, amounts: &Amounts, units: i128) {
        if self.outcomes.len() <= kept.place {
            self.outcomes.resize(kept.place + 1, Amounts::default());
        }
        if let Some(outcome) = self.outcomes.get_mut(kept.place) {
            outcome.merge(amounts);
        }
        let sorted = &kept.sorted;
        let Some(sums) = self.providers.at(provider) else { return };
        sums.add(&ProviderLines {
            rule: kept.outcome.rule,
            disposition: kept.outcome.disposition,
            version: sorted.version,
            service: (sorted.procedure, sorted.program),
            // Lines without a provider are compared with nobody's.
            compared: self.nobody != Some(provider),
            priced: if sorted.payer_denied { 0 } else { amounts.lines - amounts.paid_unknown },
            units,
            amounts,
        });
    }

    #[inline(never)]
    fn begin_run(&mut self, key: (u32, i32), row: &DecisionRow<'_>) {
        self.end_run();
        let last = self.run;
        if key.0 == 0 || key.0 != last.key.0 {
            self.run.provider = self.provider(row.texts.provider_npi.as_bytes());
            if row.texts.provider_npi.is_empty() {
                self.nobody = Some(self.run.provider);
            }
        }
        if last.key.0 == 0 || key.1 != last.key.1 {
            let (day, hash) = (row.service_date, u64::from(row.service_date.days().cast_unsigned()));
            let of_day = self.days.near(&day, hash, |known| *known == day, |day| *day);
            let known = self.days.at(of_day).and_then(|day| day.dated);
            self.run.dated = known.unwrap_or_else(|| self.date(of_day, row.service_date));
            self.run.of_day = of_day;
        }
        self.run.key = key;
    }

    /// The place of a provider.
    #[inline]
    fn provider(&mut self, provider: &[u8]) -> usize {
        let end = provider.last_chunk().map_or(0, |end| u64::from_le_bytes(*end));
        let hash = end.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> u32::BITS;
        self.providers.near(provider, hash, |known| same(known, provider), SmallVec::from_slice)
    }

    /// Ends the lines that follow one another.
    #[inline]
    fn end_run(&mut self) {
        self.runs.push(self.run);
        self.run.lines = [0; 4];
        if self.runs.len() >= RUNS {
            self.enter_runs();
        }
    }

    /// Adds runs of lines to their days and providers.
    #[inline(never)]
    fn enter_runs(&mut self) {
        for LineRun { provider, of_day, dated, lines, .. } in self.runs.drain(..) {
            let counted = QuarterSums::of(lines);
            if let Some(day) = self.days.at(of_day) {
                day.lines += u64::from(counted.lines);
            }
            if counted.lines > 0
                && self.nobody != Some(provider)
                && let Some(provider) = self.providers.at(provider)
            {
                provider.quarters.of(dated.quarter).merge(&counted);
            }
        }
    }

    /// Looks a day up in the calendar.
    #[cold]
    fn date(&mut self, of_day: usize, day: Day) -> Dated {
        let (year, number, _) = day.ymd();
        let month = self.months.place(&(year, number), |month| *month);
        if let Some(month) = self.months.at(month) {
            month.small.resize(MonthSums::PLACES, SmallSums::default());
        }
        let dated = Dated { month, quarter: Quarter::of(year, number) };
        if let Some(known) = self.days.at(of_day) {
            known.dated = Some(dated);
        }
        dated
    }

    /// Breaks down what was added, when all lines were: what outcomes come to goes to them.
    pub fn settle(&mut self, outcomes: &mut Outcomes<'_>) {
        self.end_run();
        self.enter_runs();
        self.enter_pairs(outcomes, |pairs, hand_on| pairs.finish(hand_on));
        for (place, amounts) in std::mem::take(&mut self.outcomes).iter().enumerate() {
            outcomes.add_amounts(place, amounts);
        }
    }

    /// Adds a line that the payer has denied itself, with its amounts as they were read.
    pub fn add_already_denied(&mut self, amounts: &Amounts) {
        self.already_denied.merge(amounts);
    }

    /// Adds what was allowed on a decided line.
    pub fn add_allowed(&mut self, disposition: Disposition, allowed: Decimal) {
        if let Some(sums) = self.allowed.get_mut(disposition as usize) {
            sums.lines += 1;
            sums.allowed += allowed.into();
        }
    }

    /// Adds a line that is not judged.
    pub fn add_superseded(&mut self, reason: SupersededBy, amounts: &Amounts) {
        if let Some(sums) = self.superseded.get_mut(reason as usize) {
            sums.merge(amounts);
        }
    }

    /// Says of the decided lines that were added since this was last said that they are of
    /// an input, by its place.
    pub fn end_of_file(&mut self, file: usize) {
        let (small, beyond) = (std::mem::take(&mut self.of_file), std::mem::take(&mut self.of_file_beyond));
        if self.files.len() <= file {
            self.files.resize(file + 1, Amounts::default());
        }
        if let Some(sum) = self.files.get_mut(file) {
            sum.merge(&small.amounts());
            sum.merge(&beyond);
        }
    }

    /// How many decided lines each day has, in no order.
    pub(super) fn lines_by_day(&self) -> impl Iterator<Item = (Day, u64)> {
        self.days.iter().map(|(day, sums)| (*day, sums.lines))
    }

    /// How many decided lines each provider has, in no order.
    pub(super) fn lines_by_provider(&self) -> impl Iterator<Item = (&[u8], u64)> {
        self.providers.iter().map(|(provider, sums)| (provider.as_slice(), sums.all.lines))
    }

    /// Adds all of it, once it is settled, to a tally.
    pub fn add_to(self, outcomes: &Outcomes<'_>, tally: &mut Tally) {
        outcomes.iter().for_each(|kept| tally.add(kept));
        for (day, sums) in self.days.into_iter() {
            *tally.days.entry(day).or_default() += sums.lines;
        }
        let rules = CATALOGUE.iter().map(|rule| Some(rule.id)).chain([None]);
        for (month, MonthSums { small, beyond }) in self.months.into_iter() {
            let sums = tally.months.entry(month).or_default();
            sums.merge(&beyond);
            for (rule, small) in rules.clone().zip(small) {
                let amounts = small.amounts();
                if amounts.lines > 0 {
                    sums.of(rule).merge(&amounts);
                }
            }
        }
        for (provider, sums) in self.providers.into_iter() {
            let provider = String::from_utf8_lossy(&provider).into_owned();
            match tally.providers.entry(provider) {
                Entry::Vacant(place) => {
                    place.insert(sums);
                }
                Entry::Occupied(mut known) => known.get_mut().merge(&sums),
            }
        }
        if tally.files.len() < self.files.len() {
            tally.files.resize(self.files.len(), Amounts::default());
        }
        tally.files.iter_mut().zip(&self.files).for_each(|(sum, more)| sum.merge(more));
        tally.already_denied.merge(&self.already_denied);
        for (sum, more) in tally.allowed.iter_mut().zip(&self.allowed) {
            sum.lines += more.lines;
            sum.allowed += more.allowed;
        }
        tally.superseded.iter_mut().zip(&self.superseded).for_each(|(sum, more)| sum.merge(more));
        for (key, amounts) in self.diagnoses.into_iter() {
            tally.diagnoses.entry(key).or_default().merge(&amounts);
        }
    }
}
