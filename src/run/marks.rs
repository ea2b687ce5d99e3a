//! The states of held lines: those that are asked for, and those that are marked.

use std::io;
use std::os::unix::fs::FileExt as _;

use super::RunError;
use super::spool::{Place, Spool};
use crate::engine::{LineState, SupersededLine};

impl Spool {
    /// Shows every line's state, in order.
    pub(super) fn each_state(&self, see: &mut dyn FnMut(u32, &LineState)) -> Result<(), RunError> {
        let output = |source| RunError::Output { path: self.folder.clone(), source };
        let mut bytes = Vec::new();
        for batch in &self.batches {
            let states = self.states(batch, &mut bytes).map_err(output)?;
            (batch.first..).zip(states).for_each(|(line, state)| see(line, &state));
        }
        Ok(())
    }

    /// Says of lines, in order, that they are not judged.
    pub(super) fn supersede(&mut self, lines: &[SupersededLine]) -> Result<(), RunError> {
        let output = |source| RunError::Output { path: self.folder.clone(), source };
        for batch in &mut self.batches {
            let from = lines.partition_point(|one| one.line < batch.first);
            let of_batch = lines.iter().skip(from).take_while(|one| one.line < batch.first + batch.lines);
            for one in of_batch {
                let at = (one.line - batch.first) as usize;
                match (&mut batch.states, &self.states_file) {
                    (Place::Memory(states), _) => states.supersede(at),
                    (Place::File { offset, .. }, Some(file)) => {
                        let place = *offset + (at * LineState::STORED) as u64;
                        let mut bytes = [0; LineState::STORED];
                        file.read_exact_at(&mut bytes, place).map_err(output)?;
                        let mut state = LineState::from_bytes(&bytes);
                        state.supersede();
                        file.write_all_at(&state.to_bytes(), place).map_err(output)?;
                    }
                    (Place::File { .. }, None) => return Err(output(io::ErrorKind::NotFound.into())),
                }
            }
        }
        Ok(())
    }

    /// What [`rejudge`](crate::engine::LineEdits::rejudge) asks for.
    pub(super) fn fetch(
        &self,
        first: u32,
        out: &mut Vec<LineState>,
        begins: fn(&LineState) -> bool,
    ) -> Result<(), RunError> {
        let Some(batch) = self.batch_of(first) else { return Ok(()) };
        let output = |source| RunError::Output { path: self.folder.clone(), source };
        self.stretch(batch, first, out, begins).map_err(output)
    }
}
