//! Counts and lines of a batch as bytes: what the run's own and its shadow's have in common.

use rustc_hash::FxHashMap;

use super::bytes::{Bytes, put};
use crate::engine::{EditBatch, LineState, PackedBatch, SessionKey, StatePacker};
use crate::overrides::Waiver;
use crate::run::RowCounts;

/// Combinations of overrides, by the numbers under which they are stored.
pub(in crate::run) type Waivers = FxHashMap<u16, Waiver>;

pub(in crate::run) fn put_counts(out: &mut Vec<u8>, counts: &RowCounts) {
    let RowCounts { rows, out_of_scope, superseded, decided, rejected } = *counts;
    for count in [rows, out_of_scope, superseded, decided, rejected] {
        put(out, count);
    }
}

pub(in crate::run) fn take_counts(bytes: &mut Bytes<'_>) -> Option<RowCounts> {
    let mut next = || bytes.number();
    Some(RowCounts { rows: next()?, out_of_scope: next()?, superseded: next()?, decided: next()?, rejected: next()? })
}

pub(in crate::run) fn put_lines(out: &mut Vec<u8>, batch: &PackedBatch) {
    put(out, batch.states.len() as u64);
    for line in batch.states.from(0) {
        out.extend_from_slice(&line.to_bytes());
    }
    // The states say where each begins.
    put(out, batch.sessions.len() as u64);
    for one in &batch.sessions {
        out.extend_from_slice(&one.session().0.to_le_bytes());
    }
}

pub(in crate::run) fn take_lines(bytes: &mut Bytes<'_>, waivers: &Waivers) -> Option<PackedBatch> {
    let states = bytes.all(|bytes| bytes.array().map(|state| LineState::from_bytes(&state)))?;
    let sessions = bytes.all(|bytes| bytes.array().map(|key| SessionKey(u128::from_le_bytes(key))))?;
    let mut lines = EditBatch::default();
    let mut sessions = sessions.into_iter();
    let mut session = None;
    for state in states {
        if state.opens_session() {
            session = sessions.next();
        }
        let waiver = if state.waiver.is_none() { Waiver::NONE } else { *waivers.get(&state.waiver.0)? };
        lines.push(session?, state.waiving(waiver));
    }
    sessions.next().is_none().then(|| lines.packed(&mut StatePacker::default()))
}
