//! A sample of the flagged lines, drawn by chance from each rule's: what a chart
//! review looks at, and what the report shows where not all lines have room.
//!
//! Chance comes from a line's number in the run and the seed alone, so workers can
//! draw on their own and the same run always draws the same lines. Of each rule's
//! lines those with the least chance numbers are kept, in their order: the first so
//! many of them are a random sample too. Where not all flagged lines have room, few of
//! those that are referred are taken: a chart says nothing of whose rules apply.

mod redraw;
mod room;
mod row;

use std::collections::BinaryHeap;

pub use redraw::Redraw;
use room::room;
pub use row::SampledRow;

use super::DecisionRow;
use super::tally::Tally;
use crate::rules::{CATALOGUE, RuleId};

/// How the sample is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SampleSettings {
    /// At most so many lines in all.
    pub lines: usize,
    /// Another seed draws other lines.
    pub seed: u64,
}

impl Default for SampleSettings {
    fn default() -> Self {
        Self { lines: 2_000, seed: 1 }
    }
}

/// What one worker has drawn.
#[derive(Debug, Default)]
pub struct Draw {
    /// By rule, in catalogue order.
    strata: Vec<Drawing>,
    /// Flagged lines so far.
    seen: u64,
    /// When so many are, strata are looked at again.
    look_again: u64,
}

/// What is drawn of a stratum.
#[derive(Debug, Default)]
struct Drawing {
    /// Its lines so far.
    seen: u64,
    /// Those that may be in the sample, the least likely on top.
    drawn: BinaryHeap<Drawn>,
    /// More of them cannot be in the sample.
    most: usize,
}

/// A line that was drawn.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Drawn {
    chance: u64,
    /// The line's number in the run: no two have the same.
    line: u32,
    row: Box<SampledRow>,
}

impl Draw {
    /// Draws a line, if it is flagged and chance wants it.
    #[inline]
    pub fn offer(&mut self, settings: SampleSettings, line: u32, row: &DecisionRow<'_>) {
        let Some(rule) = row.outcome.outcome.rule else { return };
        if self.seen >= self.look_again {
            self.narrow(settings);
        }
        self.seen += 1;
        let Some(stratum) = self.strata.get_mut(rule as usize) else { return };
        stratum.seen += 1;
        let chance = chance(settings.seed, line);
        if stratum.drawn.len() < stratum.most {
            stratum.drawn.push(Drawn { chance, line, row: Box::new(SampledRow::new(row)) });
        } else if let Some(mut last) = stratum.drawn.peek_mut()
            && (chance, line) < (last.chance, last.line)
        {
            *last = Drawn { chance, line, row: Box::new(SampledRow::new(row)) };
        }
    }

    /// Finds out how many lines of each stratum may still be in the sample: the more
    /// lines there are, the fewer.
    #[cold]
    fn narrow(&mut self, settings: SampleSettings) {
        self.strata.resize_with(CATALOGUE.len(), Drawing::default);
        let seen: Vec<u64> = self.strata.iter().map(|stratum| stratum.seen).collect();
        for (stratum, most) in self.strata.iter_mut().zip(room(&seen, settings.lines as u64)) {
            stratum.most = usize::try_from(most).unwrap_or(usize::MAX).min(settings.lines);
            while stratum.drawn.len() > stratum.most {
                stratum.drawn.pop();
            }
        }
        self.look_again = (self.seen * 2).max(settings.lines as u64).max(1);
    }

    /// Takes what another worker has drawn.
    pub fn merge(&mut self, other: Self) {
        self.strata.resize_with(CATALOGUE.len(), Drawing::default);
        for (mine, theirs) in self.strata.iter_mut().zip(other.strata) {
            mine.drawn.extend(theirs.drawn);
        }
    }

    /// The sample: of each rule the same number of lines, and where a rule has
    /// fewer, all of them, and more of the others. Of a rule that refers its lines
    /// there are ten at most, unless all flagged lines are in the sample.
    #[must_use]
    pub fn finish(self, settings: SampleSettings, tally: &Tally) -> Sample {
        let named: Vec<u64> =
            CATALOGUE.iter().map(|rule| tally.all.where_rule(|named| named == Some(rule.id)).lines).collect();
        let most = room(&named, settings.lines as u64);
        let strata = CATALOGUE.iter().zip(named).zip(most).zip(self.strata).filter(|(((_, lines), _), _)| *lines > 0);
        let strata = strata.map(|(((rule, lines), most), drawing)| {
            let take = usize::try_from(lines.min(most)).unwrap_or(usize::MAX);
            let rows = drawing.drawn.into_sorted_vec().into_iter().take(take).map(|drawn| *drawn.row).collect();
            Stratum { rule: rule.id, lines, rows }
        });
        Sample { settings, strata: strata.collect() }
    }
}

/// A stratified sample of the flagged lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sample {
    /// How it was drawn.
    pub settings: SampleSettings,
    /// By naming rule, in catalogue order.
    pub strata: Vec<Stratum>,
}

/// The lines that a rule names, and those drawn of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stratum {
    /// The rule.
    pub rule: RuleId,
    /// How many lines it names.
    pub lines: u64,
    /// The lines drawn, in random order, with the columns of the decisions.
    pub rows: Vec<SampledRow>,
}

impl Stratum {
    /// For how many lines of the stratum each of its rows stands.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn weight(&self) -> f64 {
        self.lines as f64 / self.rows.len().max(1) as f64
    }
}

/// A number without any pattern that people could find (`SplitMix64`).
fn chance(seed: u64, line: u32) -> u64 {
    let mixed = |number: u64| {
        let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    };
    mixed(mixed(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ u64::from(line).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_the_same_chance() {
        // A thousand of 10,000 lines, drawn 200 times: each line 20 times or so.
        let mut times = vec![0_u32; 10_000];
        for seed in 0..200 {
            let mut lines: Vec<u32> = (0..10_000).collect();
            lines.sort_by_key(|line| chance(seed, *line));
            lines.iter().take(1_000).for_each(|line| times[*line as usize] += 1);
        }
        let mean = f64::from(times.iter().sum::<u32>()) / 10_000.0;
        let variance = times.iter().map(|times| (f64::from(*times) - mean).powi(2)).sum::<f64>() / 10_000.0;
        // Binomial of 200 and 1/10: 20, and 18.
        assert!((mean - 20.0).abs() < 1e-9 && (variance - 18.0).abs() < 1.0, "{mean} {variance}");
    }
}
