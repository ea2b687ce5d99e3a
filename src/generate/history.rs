//! Claims that came before, and come again: billed twice, taken back, or
//! completed on another claim.

use super::catalogue::Covered;
use super::draft::Draft;
use super::maker::Maker;
use super::profile::Scenario;
use crate::claim::Day;

/// How many claims are remembered.
const REMEMBERED: u32 = 24;

/// Claims that can come again.
#[derive(Default)]
pub(super) struct History<'p> {
    past: Vec<Past<'p>>,
    /// Some of a block long before. They wait until this block has claims enough
    /// of its own: until then it is the same whether it knows others or not, so
    /// that later blocks can look its first claims up.
    pub(super) distant: Vec<Draft<'p>>,
}

struct Past<'p> {
    claim: Draft<'p>,
    /// An add-on that its first day has none of: its place in the catalogue, and
    /// the day.
    add_on: Option<(usize, Day)>,
}

impl<'p> History<'p> {
    /// How many claims are remembered now.
    pub(super) fn len(&self) -> usize {
        self.past.len()
    }

    /// The claims that are remembered now.
    pub(super) fn into_claims(self) -> Vec<Draft<'p>> {
        self.past.into_iter().map(|past| past.claim).collect()
    }
}

impl<'p> Maker<'p> {
    /// Remembers a claim in scope with nothing wrong about it, or not: there are
    /// many of them.
    pub(super) fn remember(&mut self, draft: &Draft<'p>, covered: &Covered<'p>) {
        let full = self.history.past.len() >= REMEMBERED as usize;
        if !draft.is_whole() || (full && !self.rng.often(1_000)) {
            return;
        }
        let Some(day) = draft.lines.first().map(|line| line.day) else { return };
        let room = |at: &usize| {
            let add_on = self.plan.catalogue.covered.get(*at)?;
            add_on.span_on(day)?;
            // A second equal line on another claim would be a duplicate.
            let there = draft.lines.iter().any(|line| line.day == day && line.procedure == add_on.code);
            (!there).then_some((*at, day))
        };
        let past = Past { claim: draft.clone(), add_on: covered.add_ons.iter().find_map(room) };
        let place = self.rng.below(REMEMBERED) as usize;
        match self.history.past.get_mut(place) {
            Some(place) if full => *place = past,
            _ => self.history.past.push(past),
        }
        if full {
            let distant = std::mem::take(&mut self.history.distant);
            self.history.past.extend(distant.into_iter().map(|claim| Past { claim, add_on: None }));
        }
    }

    /// Makes an earlier claim come again, if there is one that can; with `most`
    /// lines.
    pub(super) fn repeat(&mut self, scenario: Scenario, draft: &mut Draft<'p>, most: u32) -> bool {
        let usable: Vec<_> = self
            .history
            .past
            .iter()
            .enumerate()
            .filter(|(_, past)| scenario != Scenario::SplitClaim || past.add_on.is_some())
            .map(|(at, _)| at)
            .collect();
        let Some(at) = self.rng.pick(&usable) else { return false };
        // What was taken back or completed once is not again.
        let past = self.history.past.swap_remove(*at);
        draft.come_again(&past.claim, most);
        match (scenario, past.add_on) {
            (Scenario::Reversal, _) => {
                if self.rng.often(5_000) {
                    draft.id = past.claim.id;
                }
                for line in &mut draft.lines {
                    line.units = line.units.map(|units| -units);
                    line.billed = -line.billed;
                    line.paid = line.paid.map(|paid| -paid);
                }
            }
            (Scenario::SplitClaim, Some((add_on, day))) => {
                draft.lines.clear();
                self.covered_line(draft, add_on, day, 1, Scenario::SplitClaim);
                self.settle_all(draft, true);
            }
            _ => {}
        }
        true
    }
}
