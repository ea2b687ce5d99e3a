//! What is judged again when the whole run is known.

use rayon::prelude::*;

use super::EditNote;
use super::again::Found;
use crate::rules::RuleId;

/// What was judged again when the whole run was known.
#[derive(Clone, Debug, Default)]
pub struct Rejudged {
    /// The lines whose session was, in order.
    pub(super) sessions: Vec<u32>,
    /// The lines whose claim was, in order.
    pub(super) claims: Vec<u32>,
    /// What was found then, in the order of lines, within a line in the
    /// catalogue's.
    pub(super) notes: Vec<EditNote>,
}

impl Rejudged {
    /// What was found on the lines of sessions, and on those of claims.
    #[must_use]
    pub fn new(sessions: Found, claims: Found) -> Self {
        let mut notes = sessions.notes;
        notes.extend(claims.notes);
        notes.par_sort_unstable_by_key(|note| (note.line, note.rule));
        let sorted = |mut lines: Vec<u32>| {
            lines.par_sort_unstable();
            lines
        };
        Self { sessions: sorted(sessions.lines), claims: sorted(claims.lines), notes }
    }

    /// The part on the lines from `first` up to `end`.
    #[must_use]
    pub fn part(&self, first: u32, end: u32) -> RejudgedPart<'_> {
        RejudgedPart {
            sessions: between(&self.sessions, first, end, |line| *line),
            claims: between(&self.claims, first, end, |line| *line),
            notes: between(&self.notes, first, end, |note| note.line),
        }
    }

    /// Makes what was found on a batch's lines by itself, from the line `first`
    /// up to `end`, what is found on them in the run.
    pub fn apply(&self, notes: &mut Vec<EditNote>, first: u32, end: u32) {
        let part = self.part(first, end);
        notes.retain(|note| !part.replaces(note));
        notes.extend(part.notes);
        notes.sort_unstable_by_key(|note| (note.line, note.rule));
    }
}

/// What was judged again of some lines.
#[derive(Clone, Copy, Debug, Default)]
pub struct RejudgedPart<'a> {
    sessions: &'a [u32],
    claims: &'a [u32],
    notes: &'a [EditNote],
}

impl<'a> RejudgedPart<'a> {
    /// Goes on to a line, and says whether it was judged again. What is said of lines before
    /// it is said no more.
    #[inline]
    pub fn has_next(&mut self, line: u32) -> bool {
        let mut found = false;
        for lines in [&mut self.sessions, &mut self.claims] {
            while let Some((first, rest)) = lines.split_first()
                && *first < line
            {
                *lines = rest;
            }
            found |= lines.first() == Some(&line);
        }
        found
    }

    /// Whether what was found then stands in the place of such a note.
    #[must_use]
    pub fn replaces(&self, note: &EditNote) -> bool {
        let lines = if note.rule == RuleId::Lin007 { self.claims } else { self.sessions };
        lines.binary_search(&note.line).is_ok()
    }

    /// What was found on a line then.
    #[must_use]
    pub fn of(&self, line: u32) -> &'a [EditNote] {
        between(self.notes, line, line + 1, |note| note.line)
    }
}

/// Those of sorted things whose line lies from `first` up to `end`.
fn between<T>(things: &[T], first: u32, end: u32, line: impl Fn(&T) -> u32) -> &[T] {
    let start = things.partition_point(|thing| line(thing) < first);
    let until = things.partition_point(|thing| line(thing) < end);
    things.get(start..until).unwrap_or_default()
}
