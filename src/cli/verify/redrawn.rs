//! The sample drawn again: chance goes by the number of a line in the run and by the seed,
//! so the decisions tell which lines must be in it.

use std::collections::{BTreeMap, HashMap};

use adjudicate::report::{Manifest, Redraw, SampleSettings};
use adjudicate::rules::RuleId;
use serde_json::Value;

use super::recorded::number;

/// Lines on their way to a sample.
pub(super) struct Redrawn {
    redraw: Redraw,
    /// The places of the inputs by their names.
    inputs: HashMap<String, usize>,
    /// Lines that are not judged have numbers too: their inputs and rows, in order.
    superseded: Vec<(usize, u64)>,
    passed: usize,
    next: usize,
}

impl Redrawn {
    /// `None` where two inputs have one name, so that their lines cannot be told apart.
    pub(super) fn new(manifest: &Manifest, summary: &Value, superseded: &[(String, u64)]) -> Option<Self> {
        let names = manifest.inputs.iter().map(|input| input.name.clone());
        let inputs: HashMap<_, _> = names.zip(0..).collect();
        let places = superseded.iter().map(|(file, row)| Some((*inputs.get(file)?, *row)));
        let superseded: Option<Vec<_>> = places.collect();
        let lines = usize::try_from(number(&summary["sample"]["most"])).unwrap_or(usize::MAX);
        let settings = SampleSettings { lines, seed: number(&summary["sample"]["seed"]) };
        let redraw = Redraw::new(settings);
        (inputs.len() == manifest.inputs.len()).then_some(())?;
        Some(Self { redraw, inputs, superseded: superseded?, passed: 0, next: 0 })
    }

    /// Meets a decision; its number in the run.
    pub(super) fn meet<'r>(&mut self, text: &impl Fn(&str) -> &'r str) -> Option<u32> {
        let place = (*self.inputs.get(text("source_file"))?, text("source_row").parse().ok()?);
        while self.superseded.get(self.passed).is_some_and(|passed| *passed < place) {
            self.passed += 1;
        }
        let line = u32::try_from(self.next + self.passed).ok()?;
        self.next += 1;
        if let Some(rule) = RuleId::from_code(text("rule")) {
            self.redraw.offer(rule, line);
        }
        Some(line)
    }

    /// The numbers of the lines that must be in the sample, by rule and in order.
    pub(super) fn finish(self) -> BTreeMap<String, Vec<u32>> {
        let drawn = self.redraw.finish().into_iter().filter(|(_, lines)| !lines.is_empty());
        drawn.map(|(rule, lines)| (rule.rule().code.to_owned(), lines)).collect()
    }
}
