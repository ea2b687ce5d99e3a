//! Makes claims: what every kind of claim needs, and everyday ones.

use super::background::Group;
use super::draft::{Draft, Fault, Line};
use super::history::History;
use super::plan::Plan;
use super::population::charge_of;
use super::rng::{Rng, fixed, mix};
use crate::claim::Day;

/// What line rates are counted by.
const HUNDRED_THOUSAND: u32 = 100_000;

/// Days until a claim is decided, at least.
const LEAST_DAYS: i32 = 3;

/// Makes claims of one block.
pub(super) struct Maker<'p> {
    pub(super) plan: &'p Plan<'p>,
    pub(super) rng: Rng,
    /// Claims of the block that can come again.
    pub(super) history: History<'p>,
    /// Claims of the block that their providers are going to bill twice.
    pub(super) kept: Vec<Draft<'p>>,
    /// The day on which the claim being made was decided.
    decided: Day,
}

impl<'p> Maker<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, block: u64) -> Self {
        let (history, kept) = (History::default(), Vec::new());
        Self { plan, rng: Rng::new(plan.seed, block), history, kept, decided: plan.window.first }
    }

    /// Goes on to the claim that begins with a line of the file. A file is in the
    /// order in which claims were decided.
    pub(super) fn at(&mut self, line: u64) {
        // Wide enough for any number of lines.
        let days = u128::from(self.plan.window.days()) * u128::from(line) / u128::from(self.plan.lines.max(1));
        let days = i32::try_from(days).unwrap_or(i32::MAX).saturating_add(LEAST_DAYS);
        self.decided = Day::from_days(self.plan.window.first.days().saturating_add(days));
    }

    /// How many lines the next claim has.
    pub(super) fn lines_of_a_claim(&mut self) -> u32 {
        self.plan.background.lines_of_a_claim.pick(&mut self.rng).copied().unwrap_or(1).max(1)
    }

    /// A day of service, some time before the decision: mostly weeks, at times
    /// months.
    pub(super) fn service_day(&mut self) -> Day {
        let window = self.plan.window;
        let mut waited = self.rng.below(18) + self.rng.below(18);
        if self.rng.often(600) {
            waited += self.rng.below(160);
        }
        let day = self.decided.days() - LEAST_DAYS - i32::try_from(waited).unwrap_or(0);
        // What would lie before the first day is reflected at it.
        let first = window.first.days();
        Day::from_days(if day < first { first + (first - day) } else { day }).min(window.last)
    }

    /// Who the claim is about.
    pub(super) fn member(&mut self, draft: &mut Draft<'p>) {
        let population = &self.plan.population;
        draft.member = population.member(&mut self.rng);
        draft.line_of_business = population.business_of(draft.member).map_or("", |business| &business.text);
    }

    /// A claim without a line in scope, of so many lines.
    pub(super) fn everyday(&mut self, draft: &mut Draft<'p>, lines: u32) {
        let background = &self.plan.background;
        self.member(draft);
        draft.provider = self.plan.population.provider(&mut self.rng);
        let Some(main) = background.groups.pick(&mut self.rng) else { return };
        draft.place = main.places.pick(&mut self.rng).map_or("", String::as_str);
        let day = self.service_day();
        self.everyday_diagnoses(draft, day);
        for _ in 0..lines {
            let other = if self.rng.often(2_500) { background.groups.pick(&mut self.rng) } else { None };
            self.everyday_line(draft, other.unwrap_or(main), day);
        }
    }

    /// Lines of no policy beside those that are there.
    pub(super) fn companions(&mut self, draft: &mut Draft<'p>, lines: u32) {
        let Some(day) = draft.lines.first().map(|line| line.day) else { return };
        for _ in 0..lines {
            self.everyday_line(draft, &self.plan.background.companions, day);
        }
    }

    fn everyday_line(&mut self, draft: &mut Draft<'p>, group: &'p Group, day: Day) {
        let Some(procedure) = group.codes.pick(&mut self.rng) else { return };
        let modifier = group.modifiers.pick(&mut self.rng).map_or("", String::as_str);
        let units = if self.rng.often(1_500) { self.rng.between(1, group.most_units) } else { 1 };
        let billed = charge_of(draft.provider, &procedure.code, procedure.charge);
        draft.push(day, &procedure.code, modifier, units, billed, false);
        let (first, business, provider) = (draft.first_diagnosis(), draft.line_of_business, draft.provider);
        if let Some(line) = draft.lines.last_mut() {
            if self.rng.often(1_500) {
                line.diagnoses = first;
            }
            self.settle(line, business, provider, true);
        }
    }

    /// What became of a line: what was paid, and what got lost on the way.
    /// `good`: it was nothing that a payer would stop at once.
    pub(super) fn settle(&mut self, line: &mut Line<'p>, business: &str, provider: u32, good: bool) {
        let rates = &self.plan.rates;
        let nothing = self.rng.below(HUNDRED_THOUSAND) < rates.lines.zero_paid;
        line.paid =
            Some(if nothing || (!good && self.rng.often(3_500)) { 0 } else { self.paid(line, business, provider) });
        // One draw for everything that is rare.
        let lines = &rates.lines;
        let mut rare = self.rng.below(HUNDRED_THOUSAND);
        let mut happens = |rate: u32| {
            let now = rare < rate;
            rare = rare.wrapping_sub(rate);
            now
        };
        if happens(lines.blank_units) {
            // A blank is read as one unit, so it may only stand for one.
            line.units = line.units.filter(|units| *units != 1);
        } else if happens(lines.blank_paid) {
            line.paid = None;
        } else if happens(lines.bad_date) {
            line.fault = Some(Fault::Date);
        } else if happens(lines.bad_amount) {
            line.fault = Some(Fault::Amount);
        } else if happens(lines.bad_line_number) {
            line.fault = Some(Fault::Number);
        }
    }

    /// What the contract allows, less what the member owes.
    fn paid(&mut self, line: &Line<'p>, business: &str, provider: u32) -> i64 {
        let (low, high) = self.plan.rates.paid_percent;
        // Contracts are by plan, provider and procedure; hundredths of a percent.
        let contract = business.bytes().chain(line.procedure.bytes());
        let key = contract.fold(u64::from(provider), |key, byte| mix(key ^ u64::from(byte)));
        let (low, high) = (low.saturating_mul(100), high.saturating_mul(100));
        let rate = low + fixed(key, high.saturating_sub(low).saturating_add(1));
        let allowed = line.billed * i64::from(rate) / 10_000;
        match self.rng.below(20) {
            0..=9 => allowed,
            10..=14 => allowed * i64::from(self.rng.between(14, 18) * 5) / 100,
            // A deductible takes what it takes.
            15..=17 => allowed * i64::from(self.rng.between(500, 9_900)) / 10_000,
            _ => (allowed - i64::from(self.rng.between(2, 12) * 500)).max(0),
        }
    }
}
