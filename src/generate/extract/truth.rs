//! What is known of an extract: a row for each of its rows in scope, and totals.

use std::io::Write;

use serde::Serialize;

use super::expected::Fate;
use super::row::{Known, Status};
use super::story::Story;
use crate::generate::{GenerateError, csv};

const HEADER: &str = "file,row,claim_id,line_number,story,superseded,disposition,rule,policy_version,\
    alone_disposition,alone_rule,alone_superseded,nightly_disposition,nightly_rule,nightly_superseded,\
    claim_status,service_date,paid_date,billed,paid,exposure_paid\n";

/// How often a story is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StoryCount {
    /// Its name.
    pub story: &'static str,
    /// How often.
    pub times: u64,
}

/// What an extract holds, in one run over all of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ExtractTotals {
    /// Every story.
    pub stories: Vec<StoryCount>,
    /// Families of claims with several versions that could stand.
    pub forked: u64,
    /// Families of claims of which each replaces another.
    pub cycles: u64,
    /// Voids of a claim that is not there, or that name none.
    pub voids_without_original: u64,
    /// Replacements of a claim that is not there.
    pub replacements_without_original: u64,
    /// Entries that take back a payment that is not there.
    pub reversals_without_line: u64,
}

impl Default for ExtractTotals {
    fn default() -> Self {
        Self {
            stories: Story::ALL.map(|(_, story)| StoryCount { story, times: 0 }).to_vec(),
            forked: 0,
            cycles: 0,
            voids_without_original: 0,
            replacements_without_original: 0,
            reversals_without_line: 0,
        }
    }
}

impl ExtractTotals {
    /// One more of a story, and what it brings about.
    pub(super) fn tell(&mut self, story: Story) {
        let name = story.name();
        self.stories.iter_mut().filter(|count| count.story == name).for_each(|count| count.times += 1);
        match story {
            Story::Forked => self.forked += 1,
            Story::Cycle => self.cycles += 1,
            Story::VoidAlone => self.voids_without_original += 1,
            Story::ReplacementAlone => self.replacements_without_original += 1,
            Story::ReversalAlone => self.reversals_without_line += 1,
            _ => {}
        }
    }

    /// Adds others.
    pub(super) fn add(&mut self, other: &Self) {
        self.stories.iter_mut().zip(&other.stories).for_each(|(count, other)| count.times += other.times);
        self.forked += other.forked;
        self.cycles += other.cycles;
        self.voids_without_original += other.voids_without_original;
        self.replacements_without_original += other.replacements_without_original;
        self.reversals_without_line += other.reversals_without_line;
    }
}

/// Writes the header of the truth.
pub(super) fn header(out: &mut impl Write) -> Result<(), GenerateError> {
    out.write_all(HEADER.as_bytes()).map_err(GenerateError::Output)
}

/// Writes what is known of a row.
pub(super) fn row(known: &Known, file: &str, row: u64, out: &mut impl Write) -> Result<(), GenerateError> {
    let mut line = Vec::with_capacity(200);
    line.extend_from_slice(format!("{file},{row},").as_bytes());
    csv::claim_id(&mut line, known.claim);
    csv::text(&mut line, &known.line.to_string());
    csv::text(&mut line, known.story.name());
    let [(superseded, disposition, rule), alone, nightly] =
        [known.expected.whole, known.expected.alone, known.expected.nightly].map(words);
    let decided = superseded.is_empty();
    for text in [superseded, disposition, rule, if decided { &known.policy_version } else { "" }] {
        csv::text(&mut line, text);
    }
    for (superseded, disposition, rule) in [alone, nightly] {
        for text in [disposition, rule, superseded] {
            csv::text(&mut line, text);
        }
    }
    csv::text(&mut line, known.status.word());
    csv::text(&mut line, &known.service_date.to_string());
    csv::text(&mut line, &known.paid_on.map(|day| day.to_string()).unwrap_or_default());
    let counts = if known.status == Status::Denied { Some(0) } else { known.paid };
    for cents in [Some(known.billed), known.paid, counts] {
        line.push(b',');
        if let Some(cents) = cents {
            csv::dollars(&mut line, cents);
        }
    }
    line.push(b'\n');
    out.write_all(&line).map_err(GenerateError::Output)
}

/// Why it does not stand, the disposition and the rule.
const fn words(fate: Fate) -> (&'static str, &'static str, &'static str) {
    match fate {
        Fate::Decided(disposition, rule) => ("", disposition.name(), rule),
        Fate::Superseded(reason) => (reason.name(), "", ""),
    }
}
