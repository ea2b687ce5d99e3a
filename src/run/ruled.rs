//! The judged lines of a run, with whoever judged them: what is asked of either when the
//! lines are written.

use super::RunSettings;
use super::lines::JudgedLines;
use super::spool::Batch;
use crate::engine::{Adjudicator, LineState};
use crate::policy::PolicyIndex;

/// Judged lines, and the policies that judged them.
#[derive(Clone, Copy)]
pub(super) struct Ruled<'a> {
    pub(super) settings: &'a RunSettings,
    pub(super) adjudicator: &'a Adjudicator,
    pub(super) lines: &'a JudgedLines,
}

impl<'a> Ruled<'a> {
    pub(super) fn index(&self) -> &'a PolicyIndex {
        self.adjudicator.index()
    }

    /// The name of an input, as given.
    pub(super) fn file_name(&self, file: usize) -> &'a str {
        self.settings.inputs.get(file).map_or("", |input| input.name.as_str())
    }

    /// The batch that holds a line, and the line's state.
    pub(super) fn find(&self, line: u32) -> std::io::Result<Option<(&'a Batch, LineState)>> {
        let Some(batch) = self.lines.spool.batch_of(line) else { return Ok(None) };
        Ok(self.lines.spool.state(batch, line)?.map(|state| (batch, state)))
    }
}

/// The row of a line in its file.
pub(super) fn row(batch: &Batch, state: &LineState) -> u64 {
    u64::from(batch.rows_before) + u64::from(state.row)
}
