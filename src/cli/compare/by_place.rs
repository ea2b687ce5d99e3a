//! Runs over the same inputs: decisions stand in input order in both, so one pass over
//! both side by side matches them by file and row.

use std::cmp::Ordering;

use adjudicate::report::words;

use super::See;
use super::side::{Column, Row, Side, SideRows};
use crate::cli::exit::Failure;

/// Shows every line, and says what is to be known of the lines that one run lacks.
pub(super) fn each(a: &Side, b: &Side, see: See<'_>) -> Result<Vec<String>, Failure> {
    let (mut one, mut other) = (Placed::open(a)?, Placed::open(b)?);
    let mut stood_in = [0_u64; 2];
    loop {
        let order = match (one.place, other.place) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => one.cmp(&other),
        };
        // Flagged decisions lack the lines that were allowed.
        match order {
            Ordering::Equal => see(Some(&one.row), Some(&other.row), None)?,
            Ordering::Less if b.is_flagged() => {
                stood_in[1] += 1;
                see(Some(&one.row), Some(&one.row.allowed()), None)?;
            }
            Ordering::Less => see(Some(&one.row), None, None)?,
            Ordering::Greater if a.is_flagged() => {
                stood_in[0] += 1;
                see(Some(&other.row.allowed()), Some(&other.row), None)?;
            }
            Ordering::Greater => see(None, Some(&other.row), None)?,
        }
        if order.is_le() {
            one.advance()?;
        }
        if order.is_ge() {
            other.advance()?;
        }
    }
    Ok(notes(a, b, stood_in))
}

fn notes(a: &Side, b: &Side, stood_in: [u64; 2]) -> Vec<String> {
    let mut notes = Vec::new();
    for ((run, name), lines) in [(a, "A"), (b, "B")].into_iter().zip(stood_in) {
        if run.is_flagged() && lines > 0 {
            let lines = words::lines(lines);
            notes.push(format!(
                "The decisions of {name} hold flagged lines only: {lines} of the other run that they lack count as \
                 allowed in {name}."
            ));
        }
    }
    // Of what a run did not decide, its counts say how much there is, and not which.
    if stood_in != [0, 0] && a.manifest.counts != b.manifest.counts {
        notes.push(
            "The runs did not decide the same lines, so some of those may have been out of scope, rejected, or \
             superseded by another version of their claim instead."
                .to_owned(),
        );
    }
    for (run, name) in [(a, "A"), (b, "B")] {
        if run.is_flagged() && names_an_input_twice(run) {
            notes.push(format!(
                "{name} names an input twice and its decisions hold flagged lines only: they do not tell in which of \
                 the two copies a line stands, so it may have been matched to the other one."
            ));
        }
    }
    if a.is_flagged() && b.is_flagged() {
        notes.push("Lines that both runs allowed are in neither file, and are not counted here.".to_owned());
    }
    notes
}

/// A run refuses that of its inputs; its manifest may have come otherwise.
fn names_an_input_twice(run: &Side) -> bool {
    let mut names: Vec<_> = run.manifest.inputs.iter().map(|input| &input.name).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}

/// Decisions, each with its place among the inputs.
struct Placed<'a> {
    side: &'a Side,
    rows: SideRows,
    row: Row,
    /// The number of its input, and its row there; `None` behind the last.
    place: Option<(usize, u64)>,
}

impl<'a> Placed<'a> {
    fn open(side: &'a Side) -> Result<Self, Failure> {
        let mut placed = Self { side, rows: side.rows()?, row: Row::default(), place: Some((0, 0)) };
        placed.advance()?;
        Ok(placed)
    }

    fn advance(&mut self) -> Result<(), Failure> {
        let Some((file, row)) = self.place else { return Ok(()) };
        if !self.rows.next(&mut self.row)? {
            self.place = None;
            return Ok(());
        }
        // A later row of the same file, or a later file.
        let later = if self.row.place > row { file } else { file + 1 };
        let name = self.row.text(Column::SourceFile);
        let found = self.side.manifest.inputs.iter().enumerate().skip(later).find(|(_, input)| input.name == name);
        let (file, _) = found.ok_or_else(|| self.rows.told("its rows are not in the order of the inputs"))?;
        self.place = Some((file, self.row.place));
        Ok(())
    }
}
