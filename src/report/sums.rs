//! What one worker's lines add up to.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::DecisionRow;
use super::amounts::{Amounts, ByRule, Summed as _};
use super::keyed::Keyed;
use super::outcome::{KeptOutcome, Outcomes};
use super::pairs::{Pair, Pairs, Small};
use super::tally::{AllowedSums, ProviderLines, ProviderSums, Quarter, QuarterSums, Tally};
use crate::claim::{Day, Decimal};
use crate::engine::SupersededBy;
use crate::icd10::{DiagnosisCode, Icd10, Status};
use crate::rules::{Disposition, RuleId};

/// A diagnosis code as the decisions print it.
pub type DiagnosisText = SmallVec<[u8; 8]>;

/// Rules that speak of a line's diagnoses: what was billed in place of a listed
/// one is worth a table.
pub(super) const OF_DIAGNOSES: [RuleId; 4] = [RuleId::Cov002, RuleId::Cov003, RuleId::Cod002, RuleId::Cod003];

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
    /// The place of the provider of lines that name none.
    nobody: Option<usize>,
    files: Vec<Amounts>,
    diagnoses: FxHashMap<(RuleId, DiagnosisText), Amounts>,
    already_denied: Amounts,
    allowed: [AllowedSums; 4],
    superseded: [Amounts; 5],
}

/// The lines of a day.
#[derive(Debug, Default)]
struct DaySums {
    dated: Option<Dated>,
    lines: u64,
}

/// What a day lies in.
#[derive(Clone, Copy, Debug, Default)]
struct Dated {
    /// The month's place.
    month: usize,
    quarter: Quarter,
}

/// The lines of a month.
#[derive(Debug, Default)]
struct MonthSums {
    /// Those that no rule names: most of them.
    allowed: Amounts,
    named: ByRule,
}

/// Lines that follow one another with the same provider and day, as those of a claim do.
#[derive(Clone, Copy, Debug, Default)]
struct LineRun {
    /// The number of the provider's text, and the day; 0 where there is no line.
    key: (u32, i32),
    /// The provider's place, and the day's.
    provider: usize,
    of_day: usize,
    dated: Dated,
    counted: QuarterSums,
}

impl WorkerSums {
    /// Adds a decided line, on which so much was paid, to be settled with these outcomes,
    /// of which its own is one.
    #[inline]
    pub fn add(&mut self, row: &DecisionRow<'_>, paid: Option<Decimal>, outcomes: &Outcomes<'_>, table: &Icd10) {
        let kept = row.outcome;
        let key = (row.numbers.provider_npi, row.service_date.days());
        if key.0 == 0 || key != self.run.key {
            self.begin_run(key, row);
        }
        self.run.counted.add(kept.outcome.disposition);
        self.add_to_pair(row, paid, outcomes);
        let Some(month) = self.months.at(self.run.dated.month) else { return };
        let Some(rule) = kept.outcome.rule else { return month.allowed.add(row.billed, paid) };
        month.named.of(Some(rule)).add(row.billed, paid);
        if OF_DIAGNOSES.contains(&rule) {
            let first = first_diagnosis(row.diagnosis_codes, row.service_date, table);
            self.diagnoses.entry((rule, first)).or_default().add(row.billed, paid);
        }
    }

    #[inline]
    fn add_to_pair(&mut self, row: &DecisionRow<'_>, paid: Option<Decimal>, outcomes: &Outcomes<'_>) {
        let provider = self.run.provider;
        let places = u32::try_from(provider).ok().zip(u32::try_from(row.outcome.place).ok());
        let Some(((provider, outcome), small)) = places.zip(Small::of(row.billed, paid, row.units)) else {
            let units = if paid.is_some() { row.units.ten_thousandths().into() } else { 0 };
            return self.settle_lines(provider, row.outcome, &Amounts::of(row.billed, paid), units);
        };
        if self.pairs.add(provider, outcome, small) {
            self.enter_pairs(outcomes, |pairs, hand_on| pairs.enter(hand_on));
        }
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
            self.run.provider = self.providers.place(row.provider_npi, SmallVec::from_slice);
            if row.provider_npi.is_empty() {
                self.nobody = Some(self.run.provider);
            }
        }
        if last.key.0 == 0 || key.1 != last.key.1 {
            let of_day = self.days.place(&row.service_date, |day| *day);
            let known = self.days.at(of_day).and_then(|day| day.dated);
            self.run.dated = known.unwrap_or_else(|| self.date(of_day, row.service_date));
            self.run.of_day = of_day;
        }
        self.run.key = key;
    }

    /// Adds the lines that follow one another to their day and their provider.
    fn end_run(&mut self) {
        let counted = std::mem::take(&mut self.run.counted);
        let LineRun { provider, of_day, dated, .. } = self.run;
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

    /// Looks a day up in the calendar.
    #[cold]
    fn date(&mut self, of_day: usize, day: Day) -> Dated {
        let (year, number, _) = day.ymd();
        let month = self.months.place(&(year, number), |month| *month);
        let dated = Dated { month, quarter: Quarter::of(year, number) };
        if let Some(known) = self.days.at(of_day) {
            known.dated = Some(dated);
        }
        dated
    }

    /// Breaks down what was added, when all lines were: what outcomes come to goes to them.
    pub fn settle(&mut self, outcomes: &mut Outcomes<'_>) {
        self.end_run();
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

    /// Adds decided lines of an input, by its place.
    pub fn add_to_file(&mut self, file: usize, amounts: &Amounts) {
        if self.files.len() <= file {
            self.files.resize(file + 1, Amounts::default());
        }
        if let Some(sum) = self.files.get_mut(file) {
            sum.merge(amounts);
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
        for (month, MonthSums { allowed, named }) in self.months.into_iter() {
            let sums = tally.months.entry(month).or_default();
            sums.merge(&named);
            if allowed.lines > 0 {
                sums.of(None).merge(&allowed);
            }
        }
        for (provider, sums) in self.providers.into_iter() {
            let provider = String::from_utf8_lossy(&provider).into_owned();
            tally.providers.entry(provider).or_default().merge(&sums);
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
        for (key, amounts) in self.diagnoses {
            tally.diagnoses.entry(key).or_default().merge(&amounts);
        }
    }
}

/// The first examined diagnosis of a line; blank where the code table has nothing
/// of the kind, so that there are never more than the table can name.
pub(super) fn first_diagnosis(examined: &[u8], service_date: Day, table: &Icd10) -> DiagnosisText {
    let first = examined.split(|byte| *byte == b';').next().unwrap_or_default();
    let status = DiagnosisCode::parse(first).map(|code| table.status(&code, service_date));
    match status {
        None | Some(Status::Unknown) => SmallVec::new(),
        Some(_) => SmallVec::from_slice(first),
    }
}
