//! An extract of years for a retrospective audit, with known truth: claims, what
//! came of them later, and what is to become of every line in scope.
//!
//! Every claim belongs to a story, and the story says what becomes of it: no
//! expected value is asked from the engine. Each story has a member of its own, so
//! stories do not meet in a session. An extract is held in memory until its months
//! are written.

mod expected;
mod folder;
mod row;
mod sessions;
mod single;
mod span;
mod story;
mod teller;
#[cfg(test)]
mod tests;
mod truth;
mod versions;

use std::path::Path;

use rayon::prelude::*;

use self::expected::{Expected, Fate};
use self::folder::{Folder, file_name};
use self::row::Row;
use self::span::{Gained, span};
use self::story::{Stories, Story};
use self::teller::{Shared, Teller};
use super::draft::Draft;
use super::plan::{LINES_OF_A_BLOCK, Plan};
use super::profile::Scenario::{UnlistedDiagnosis, Usual};
use super::{GenerateError, GenerateOptions, Profile, output};
use crate::claim::Day;
use crate::place::Unfinished;
use crate::policy::{PolicyIndex, Program};

pub use truth::{ExtractTotals, StoryCount};

/// What extract is wanted.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ExtractOptions {
    /// How many lines.
    pub lines: u64,
    /// Another seed gives other claims.
    pub seed: u64,
    /// The share of lines that are in scope, from 0 to 1.
    pub in_scope: f64,
    /// The first day of service; `None`: a year and a half before the month in which
    /// a policy's diagnoses changed last.
    pub from: Option<Day>,
    /// The last day of receipt; `None`: three years behind that.
    pub to: Option<Day>,
    /// Whether an extract that is there is replaced.
    pub overwrite: bool,
}

impl Default for ExtractOptions {
    /// Ten thousand lines, three tenths of them in scope.
    fn default() -> Self {
        Self { lines: 10_000, seed: 0, in_scope: 0.3, from: None, to: None, overwrite: false }
    }
}

/// What was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extract {
    /// Lines.
    pub lines: u64,
    /// Those of them that are in scope.
    pub in_scope: u64,
    /// Files, one for each month of receipt that has a line.
    pub files: u64,
    /// What they hold.
    pub totals: ExtractTotals,
}

/// Makes an extract: a folder with a file for each month in which claims were
/// received, in the order of their names; and what is to become of each of its rows
/// in scope as another file, where it is named (`.csv`). Readable by their owner
/// alone, and there complete or not at all; `unfinished` knows of them on their way, for
/// whoever stops the program.
///
/// `progress` is called now and then with the number of lines made. Work is shared
/// among the threads of the current rayon pool.
///
/// # Errors
///
/// A place is taken or cannot be written, the share is none, the days are too few,
/// or no policy covers anything on them for commercial members.
pub fn generate_extract(
    options: &ExtractOptions,
    index: &PolicyIndex,
    folder: &Path,
    truth: Option<&Path>,
    progress: &(dyn Fn(u64) + Sync),
    unfinished: &Unfinished,
) -> Result<Extract, GenerateError> {
    if let Some(path) = truth {
        if path.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("csv")) {
            return Err(GenerateError::ExtractTruthFormat(path.to_owned()));
        }
        if path.starts_with(folder) {
            return Err(GenerateError::TruthInClaims(path.to_owned()));
        }
        output::may_be_written(path, options.overwrite)?;
    }
    Folder::may_be_written(folder, options.overwrite)?;
    let made = rows(options, index, progress)?;
    let folder = Folder::begin(folder, options.overwrite, unfinished)?;
    let months: Vec<&[Row]> = made.rows.chunk_by(|a, b| file_name(a.received) == file_name(b.received)).collect();
    for month in &months {
        if let Some(first) = month.first() {
            folder.write(&file_name(first.received), month)?;
        }
    }
    // Claims without their truth would be of no use: it is there before them.
    if let Some(path) = truth {
        output::write_file(path, options.overwrite, unfinished, |file| {
            truth::header(file)?;
            for month in &months {
                for (number, row) in (1..).zip(month.iter()) {
                    if let Some(known) = &row.known {
                        truth::row(known, &file_name(row.received), number, file)?;
                    }
                }
            }
            Ok(())
        })?;
    }
    let files = months.len() as u64;
    folder.complete()?;
    let in_scope = made.rows.iter().filter(|row| row.known.is_some()).count() as u64;
    Ok(Extract { lines: made.rows.len() as u64, in_scope, files, totals: made.totals })
}

/// Rows in the order of their receipt.
struct Made {
    rows: Vec<Row>,
    totals: ExtractTotals,
}

fn rows(options: &ExtractOptions, index: &PolicyIndex, progress: &(dyn Fn(u64) + Sync)) -> Result<Made, GenerateError> {
    let window = span(options, index)?;
    let plan = Plan::new(
        &GenerateOptions {
            lines: options.lines,
            seed: options.seed,
            in_scope: options.in_scope,
            from: Some(window.first),
            to: Some(window.last),
            profile: Profile::Clean,
            ..GenerateOptions::default()
        },
        index,
    )?;
    let commercial = |at: &usize| {
        let covered = plan.catalogue.covered.get(*at);
        covered.is_some_and(|one| one.policy.programs.contains(&Program::Commercial))
    };
    let primaries: Vec<_> =
        plan.catalogue.scope(Program::Commercial).primaries.iter().copied().filter(commercial).collect();
    if primaries.is_empty() && plan.lines_in_scope() > 0 {
        return Err(GenerateError::NoStory { first: window.first, last: window.last });
    }
    let stories = Stories::load()?;
    let gained = Gained::all(&plan.catalogue, &primaries, plan.icd10);
    let shared = Shared { plan: &plan, index, stories: &stories, primaries, gained };
    let mut made = Made { rows: Vec::new(), totals: ExtractTotals::default() };
    let numbers: Vec<u64> = (0..plan.blocks()).collect();
    for numbers in numbers.chunks(16) {
        let blocks: Vec<_> = numbers.par_iter().map(|number| Teller::new(&shared, *number).block()).collect();
        for block in blocks {
            let (rows, totals) = block.ok_or(GenerateError::NoStory { first: window.first, last: window.last })?;
            made.rows.extend(rows);
            made.totals.add(&totals);
        }
        progress((numbers.last().map_or(0, |last| last + 1) * LINES_OF_A_BLOCK).min(plan.lines));
    }
    // Stable: what a story put in order within a day stays so.
    made.rows.sort_by_key(|row| row.received);
    Ok(made)
}

impl Teller<'_> {
    /// All of a block: stories until its lines in scope are made, then everyday
    /// claims. `None` where not even the plainest story can be told.
    fn block(mut self) -> Option<(Vec<Row>, ExtractTotals)> {
        // Chance may spoil a story, and never many in a row.
        let mut failed = 0;
        while self.in_scope > 0 {
            let drawn = self.shared.stories.shares.pick(&mut self.maker.rng).copied().unwrap_or(Story::Supported);
            let room = drawn.lines_in_scope() <= self.in_scope
                && drawn.companions().saturating_mul(drawn.claims()) <= self.others;
            self.story = if room && failed == 0 { drawn } else { Story::Supported };
            if self.tell().is_some() {
                self.totals.tell(self.story);
                failed = 0;
            } else {
                failed += 1;
                if failed > 100 {
                    return None;
                }
            }
            self.next_story();
        }
        while self.others > 0 {
            self.everyday();
        }
        Some((self.rows, self.totals))
    }

    /// Tells the story; writes all of it or nothing.
    fn tell(&mut self) -> Option<()> {
        match self.story {
            Story::Supported => self.supported(),
            Story::UnlistedDiagnosis => self.unlisted(),
            Story::InvestigationalProcedure => self.investigational(),
            Story::LaterList => self.later_list(),
            Story::CorrectedByReplacement => self.replaced(UnlistedDiagnosis, Usual, true),
            Story::SpoiltByReplacement => self.replaced(Usual, UnlistedDiagnosis, true),
            Story::ReplacedTwice => self.replaced_twice(),
            Story::Forked => self.forked(),
            Story::LineDropped => self.line_dropped(),
            Story::Voided => self.voided(),
            Story::VoidAlone => self.void_alone(),
            Story::ReplacementAlone => self.replacement_alone(),
            Story::Cycle => self.cycle(),
            Story::ReplacedUnderItsNumber => self.replaced(UnlistedDiagnosis, Usual, false),
            Story::ReversedByEntry => self.reversed_by_entry(),
            Story::ReversalAlone => self.reversal_alone(),
            Story::ReversedInPlace => self.reversed_in_place(),
            Story::PayerDenied => self.payer_denied(false),
            Story::PayerDeniedAndPaid => self.payer_denied(true),
            Story::Authorized => self.authorized(),
            Story::DuplicateLater => self.duplicate(false),
            Story::DuplicateInFile => self.duplicate(true),
            Story::AddOnLater => self.add_on_later(),
            Story::EqualReplacement => self.equal_replacement(),
        }
    }

    /// A claim that no policy speaks about.
    fn everyday(&mut self) {
        let mut claim = Draft { id: self.number(), ..Draft::default() };
        let lines = self.maker.lines_of_a_claim().min(self.others);
        // Any day of the span: what matters is the whole, not the place in it.
        let all = u32::try_from(self.shared.plan.lines).unwrap_or(u32::MAX);
        let line = u64::from(self.maker.rng.below(all));
        self.maker.at(line);
        self.maker.everyday(&mut claim, lines);
        let Some(day) = claim.lines.first().map(|line| line.day) else {
            self.others = 0;
            return;
        };
        let received = self.received(day);
        let version = self.original(received);
        self.write(&claim, &version, Expected::always(Fate::ALLOW));
    }
}
