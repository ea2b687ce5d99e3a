//! Groups of lines that are judged again, side by side.

use rayon::prelude::*;

use super::{EditNote, LineState};

/// What was found on some lines.
#[derive(Debug, Default)]
pub struct Found {
    /// The lines, by number.
    pub(super) lines: Vec<u32>,
    pub(super) notes: Vec<EditNote>,
}

/// The lines of a group, as they are fetched.
#[derive(Debug, Default)]
pub struct Members {
    /// The lines, each with its number.
    pub lines: Vec<(LineState, u32)>,
    stretch: Vec<LineState>,
}

impl Members {
    /// Adds a stretch of lines, whose first one has this number.
    ///
    /// # Errors
    ///
    /// That of `fetch`.
    pub fn add_stretch<E>(
        &mut self,
        first: u32,
        fetch: impl FnOnce(&mut Vec<LineState>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_of(first, fetch, |lines, line, number| lines.push((line, number)))
    }

    /// Shows the lines of a stretch, each with its number, beside those that are there.
    ///
    /// # Errors
    ///
    /// That of `fetch`.
    pub fn each_of<E>(
        &mut self,
        first: u32,
        fetch: impl FnOnce(&mut Vec<LineState>) -> Result<(), E>,
        mut see: impl FnMut(&mut Vec<(LineState, u32)>, LineState, u32),
    ) -> Result<(), E> {
        fetch(&mut self.stretch)?;
        for (line, number) in self.stretch.drain(..).zip(first..) {
            see(&mut self.lines, line, number);
        }
        Ok(())
    }
}

/// What one thread has before it, and has found.
#[derive(Default)]
struct Desk<J> {
    found: Found,
    judge: J,
    members: Members,
}

/// Fetches and judges each of the groups.
pub(super) fn again<G: Sync, J: Default + Send, E: Send>(
    groups: &[G],
    fetch: impl Fn(&G, &mut Members) -> Result<(), E> + Sync,
    judge: impl Fn(&mut J, &G, std::vec::Drain<'_, (LineState, u32)>, &mut Vec<EditNote>) + Sync,
) -> Result<Found, E> {
    let desks = groups.par_iter().try_fold(Desk::<J>::default, |mut desk, group| {
        fetch(group, &mut desk.members)?;
        let lines = &mut desk.members.lines;
        desk.found.lines.extend(lines.iter().map(|(_, number)| *number));
        judge(&mut desk.judge, group, lines.drain(..), &mut desk.found.notes);
        Ok(desk)
    });
    desks.map(|desk| desk.map(|desk| desk.found)).try_reduce(Found::default, |mut one, other| {
        one.lines.extend(other.lines);
        one.notes.extend(other.notes);
        Ok(one)
    })
}
