//! A sample drawn again, by whoever knows of lines no more than their numbers.

use std::collections::BinaryHeap;

use super::{SampleSettings, chance, room};
use crate::rules::{CATALOGUE, RuleId};

/// Flagged lines of a whole run on their way to the sample that it must have drawn.
#[derive(Clone, Debug)]
pub struct Redraw {
    settings: SampleSettings,
    /// By rule, in catalogue order.
    strata: Vec<Stratum>,
}

#[derive(Clone, Debug, Default)]
struct Stratum {
    lines: u64,
    /// Those with the least chance numbers, the greatest on top.
    drawn: BinaryHeap<(u64, u32)>,
}

impl Redraw {
    /// Nothing yet.
    #[must_use]
    pub fn new(settings: SampleSettings) -> Self {
        Self { settings, strata: vec![Stratum::default(); CATALOGUE.len()] }
    }

    /// Offers a line that a rule names, by its number in the run.
    pub fn offer(&mut self, rule: RuleId, line: u32) {
        let Some(stratum) = self.strata.get_mut(rule as usize) else { return };
        stratum.lines += 1;
        stratum.drawn.push((chance(self.settings.seed, line), line));
        if stratum.drawn.len() > self.settings.lines {
            stratum.drawn.pop();
        }
    }

    /// The numbers of the sampled lines by rule, in the order of the sample.
    #[must_use]
    pub fn finish(self) -> Vec<(RuleId, Vec<u32>)> {
        let named: Vec<u64> = self.strata.iter().map(|stratum| stratum.lines).collect();
        let most = room(&named, self.settings.lines as u64);
        let strata = CATALOGUE.iter().zip(self.strata).zip(most).filter(|((_, stratum), _)| stratum.lines > 0);
        let drawn = strata.map(|((rule, stratum), most)| {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            (rule.id, stratum.drawn.into_sorted_vec().into_iter().take(most).map(|(_, line)| line).collect())
        });
        drawn.collect()
    }
}
