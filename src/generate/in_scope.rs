//! Claims in scope, by scenario.

use super::catalogue::{Covered, Scope, Uncovered};
use super::draft::Draft;
use super::maker::Maker;
use super::population::{charge_of, charge_within};
use super::profile::Scenario;
use super::rng::{fixed, mix};
use super::window::Window;
use crate::claim::Day;
use crate::policy::Program;

impl<'p> Maker<'p> {
    /// A claim in scope, of one line at least and `most` at most, all in scope.
    pub(super) fn in_scope(&mut self, draft: &mut Draft<'p>, most: u32) {
        let scenario = self.plan.rates.scenarios.pick(&mut self.rng).copied().unwrap_or(Scenario::Usual);
        let made = match scenario {
            Scenario::Duplicate | Scenario::Reversal | Scenario::SplitClaim => self.repeat(scenario, draft, most),
            _ => self.fresh(scenario, draft, most),
        };
        // Not every policy offers every scenario, nor every block a past.
        if !made && !self.fresh(Scenario::Usual, draft, most) {
            self.anything(draft);
        }
    }

    fn fresh(&mut self, scenario: Scenario, draft: &mut Draft<'p>, most: u32) -> bool {
        draft.lines.clear();
        draft.outlier = None;
        self.member(draft);
        draft.provider = self.plan.population.specialist(&mut self.rng);
        draft.place = self.plan.background.places.pick(&mut self.rng).map_or("", String::as_str);
        let day = self.service_day();
        let plan = self.plan;
        let Some(outlier) = plan.outliers.of(draft.provider) else {
            return self.of_scenario(scenario, draft, day, most);
        };
        if self.misbehave(outlier, scenario, draft, day, most) {
            return true;
        }
        let made = self.of_scenario(scenario, draft, day, most);
        if made && scenario == Scenario::Usual {
            self.keep(outlier, draft);
        }
        made
    }

    /// The lines of a claim of which everything else is known.
    pub(super) fn of_scenario(&mut self, scenario: Scenario, draft: &mut Draft<'p>, day: Day, most: u32) -> bool {
        let catalogue = &self.plan.catalogue;
        match scenario {
            Scenario::InvestigationalProcedure => self.uncovered(&catalogue.investigational, draft, day, most),
            Scenario::DeletedProcedure => self.uncovered(&catalogue.deleted, draft, day, most),
            _ => self.covered(scenario, draft, day, most),
        }
    }

    /// Lines that are denied for their procedure.
    fn uncovered(&mut self, procedures: &'p [Uncovered], draft: &mut Draft<'p>, day: Day, most: u32) -> bool {
        let Some(first) = self.rng.pick_where(procedures, |one| one.days.contains(day)) else { return false };
        draft.diagnoses.clear();
        // What is wrong is the procedure: the diagnosis is as good as any.
        match self.rng.pick(&self.plan.catalogue.covered) {
            Some(like)
                if like.span_on(day).is_some_and(|span| self.diagnose(Scenario::Usual, like, span, day, draft)) => {}
            _ => self.everyday_diagnoses(draft, day),
        }
        self.line(draft, &first.code, false, 1, day, Scenario::Usual);
        if most > 1 && self.rng.often(2_500) {
            let other = self.rng.pick_where(procedures, |one| one.days.contains(day) && one.code != first.code);
            if let Some(other) = other {
                self.line(draft, &other.code, false, 1, day, Scenario::Usual);
            }
        }
        // What went on for long is what was paid.
        self.settle_all(draft, draft.outlier.is_some());
        true
    }

    fn covered(&mut self, scenario: Scenario, draft: &mut Draft<'p>, day: Day, most: u32) -> bool {
        let plan = self.plan;
        let business = plan.population.business_of(draft.member);
        let program = business.map_or(Program::Commercial, |business| business.program);
        let scope = plan.catalogue.scope(program);
        let Some((at, covered)) = self.procedure_for(scenario, scope, most) else { return false };
        let day = match covered.before {
            Some(before) if scenario == Scenario::NoVersion => self.day_within(before),
            _ => self.day_covered(covered, day),
        };
        // The day may be another one now.
        if draft.outlier.is_some_and(|outlier| day < outlier.since) {
            return false;
        }
        // Before all versions, the list of the first one is as good as any.
        let Some(span) = covered.span_on(day).or(covered.spans.first()) else { return false };
        if !self.diagnose(scenario, covered, span, day, draft) {
            return false;
        }
        if plan.clinical {
            self.clinical_facts(draft, covered, span);
        }
        self.encounters(scenario, draft, at, day, most);
        let usual = matches!(scenario, Scenario::Usual | Scenario::NoIndication | Scenario::LaterEncounter);
        if scenario == Scenario::OutOfOrder {
            draft.reverse();
        }
        self.settle_all(draft, usual || scenario == Scenario::OutOfOrder || draft.outlier.is_some());
        if usual {
            self.remember(draft, covered);
        }
        true
    }

    /// A procedure with which the scenario can be.
    fn procedure_for(&mut self, scenario: Scenario, scope: &Scope, most: u32) -> Option<(usize, &'p Covered<'p>)> {
        let plan = self.plan;
        // Two primaries are two lines.
        if scenario == Scenario::SecondPrimary && most < 2 {
            return None;
        }
        let suits = |at: &usize| plan.catalogue.covered.get(*at).is_some_and(|covered| covered.suits(scenario));
        let at = *self.rng.pick_where(scope.places(scenario), suits)?;
        Some((at, plan.catalogue.covered.get(at)?))
    }

    /// One or more days of service, each a primary and its add-ons.
    fn encounters(&mut self, scenario: Scenario, draft: &mut Draft<'p>, at: usize, first: Day, most: u32) {
        let plan = self.plan;
        let Some(covered) = plan.catalogue.covered.get(at) else { return };
        let mut day = first;
        loop {
            // What is wrong with the claim is so on its first day; what its provider
            // does wrong, every time.
            let every_time = draft.outlier.is_some_and(|outlier| outlier.acts(scenario));
            let scenario = if day == first || every_time { scenario } else { without_session(scenario) };
            let room = most.saturating_sub(draft.len());
            if scenario == Scenario::AddOnAlone {
                self.levels(draft, at, day, room, scenario);
            } else {
                let limit = covered.procedure.limit.unwrap_or(1);
                let on_add_on = scenario == Scenario::UnitsOverLimit && room > 1 && self.rng.often(4_000);
                let over = scenario == Scenario::UnitsOverLimit && !on_add_on;
                let units = if over { limit.saturating_add(self.rng.between(1, 2)) } else { 1 };
                self.covered_line(draft, at, day, units, scenario);
                if scenario == Scenario::SecondPrimary
                    && let Some(second) = self.rng.pick(&covered.seconds)
                {
                    self.covered_line(draft, *second, day, 1, scenario);
                }
                let room = most.saturating_sub(draft.len());
                let wanted = if self.rng.often(4_500) { room } else { self.rng.between(0, room) };
                let active = |at: &usize| plan.catalogue.covered.get(*at).is_some_and(|one| one.span_on(day).is_some());
                if let Some(add_on) = self.rng.pick_where(&covered.add_ons, active) {
                    let scenario = if over { without_session(scenario) } else { scenario };
                    self.levels(draft, *add_on, day, wanted, scenario);
                }
            }
            let later = Day::from_days(day.days() + 7 + i32::try_from(self.rng.below(29)).unwrap_or(0));
            if draft.len() >= most || later > plan.window.last || covered.span_on(later).is_none() {
                return;
            }
            day = later;
        }
    }

    /// Lines of an add-on, a unit each: so many, or as many as the limit lets.
    pub(super) fn levels(&mut self, draft: &mut Draft<'p>, at: usize, day: Day, lines: u32, scenario: Scenario) {
        let Some(covered) = self.plan.catalogue.covered.get(at) else { return };
        let limit = covered.procedure.limit.unwrap_or(u32::MAX);
        let lines = lines.min(limit.max(1));
        for line in 1..=lines {
            let left = limit.saturating_sub(line);
            let units = match scenario {
                Scenario::UnitsOverLimit if line == lines => left.saturating_add(2),
                _ if line == lines && left > 0 && self.rng.often(800) => 2,
                _ => 1,
            };
            self.covered_line(draft, at, day, units, scenario);
        }
    }

    /// Adds a line of a covered procedure.
    pub(super) fn covered_line(&mut self, draft: &mut Draft<'p>, at: usize, day: Day, units: u32, scenario: Scenario) {
        if let Some(covered) = self.plan.catalogue.covered.get(at) {
            let add_on = !covered.procedure.add_on_to.is_empty();
            self.line(draft, &covered.code, add_on, units, day, scenario);
        }
    }

    /// Adds a line of a procedure in scope.
    pub(super) fn line(
        &mut self,
        draft: &mut Draft<'p>,
        code: &'p str,
        add_on: bool,
        units: u32,
        day: Day,
        scenario: Scenario,
    ) {
        let background = &self.plan.background;
        let (low, high) = if add_on { background.add_on_charge } else { background.charge };
        let key = code.bytes().fold(0, |key, byte| mix(key ^ u64::from(byte)));
        let charge = low + fixed(key, high.saturating_sub(low).saturating_add(1));
        let modifier = match scenario {
            Scenario::BilateralModifier => &background.bilateral_modifier,
            _ => background.modifiers.pick(&mut self.rng).map_or("", String::as_str),
        };
        let billed = match draft.outlier.and_then(|outlier| outlier.scheme.charge_percent) {
            Some(percent) => charge_within(percent, draft.provider, code, charge),
            None => charge_of(draft.provider, code, charge),
        };
        draft.push(day, code, modifier, units, billed, true);
    }

    /// A line of any procedure in scope: the policies cover none in these days.
    fn anything(&mut self, draft: &mut Draft<'p>) {
        draft.lines.clear();
        let day = self.service_day();
        draft.diagnoses.clear();
        self.everyday_diagnoses(draft, day);
        if let Some(code) = self.rng.pick(&self.plan.catalogue.all) {
            self.line(draft, code, false, 1, day, Scenario::Usual);
        }
        self.settle_all(draft, false);
    }

    /// Settles every line of the claim.
    pub(super) fn settle_all(&mut self, draft: &mut Draft<'p>, good: bool) {
        let (business, provider) = (draft.line_of_business, draft.provider);
        for line in &mut draft.lines {
            self.settle(line, business, provider, good);
        }
    }

    /// The day itself if the procedure is covered on it, else one on which it is.
    fn day_covered(&mut self, covered: &Covered<'_>, day: Day) -> Day {
        if covered.span_on(day).is_some() {
            return day;
        }
        match self.rng.pick(&covered.spans) {
            Some(span) => self.day_within(span.days),
            None => day,
        }
    }

    fn day_within(&mut self, days: Window) -> Day {
        Day::from_days(days.first.days().saturating_add(i32::try_from(self.rng.below(days.days())).unwrap_or(0)))
    }
}

/// What is left of a scenario on a later day of the claim.
const fn without_session(scenario: Scenario) -> Scenario {
    match scenario {
        Scenario::SecondPrimary | Scenario::UnitsOverLimit | Scenario::NoVersion => Scenario::Usual,
        scenario => scenario,
    }
}
