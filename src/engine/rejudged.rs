//! What is judged again when the whole run is known.

use super::EditNote;
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
    /// Makes what was found on a batch's lines by itself, from the line `first`
    /// up to `end`, what is found on them in the run.
    pub fn apply(&self, notes: &mut Vec<EditNote>, first: u32, end: u32) {
        let again = between(&self.notes, first, end, |note| note.line);
        let sessions = between(&self.sessions, first, end, |line| *line);
        let claims = between(&self.claims, first, end, |line| *line);
        notes.retain(|note| {
            let lines = if note.rule == RuleId::Lin007 { claims } else { sessions };
            lines.binary_search(&note.line).is_err()
        });
        notes.extend(again);
        notes.sort_unstable_by_key(|note| (note.line, note.rule));
    }
}

/// Those of sorted things whose line lies from `first` up to `end`.
fn between<T>(things: &[T], first: u32, end: u32, line: impl Fn(&T) -> u32) -> &[T] {
    let start = things.partition_point(|thing| line(thing) < first);
    let until = things.partition_point(|thing| line(thing) < end);
    things.get(start..until).unwrap_or_default()
}
