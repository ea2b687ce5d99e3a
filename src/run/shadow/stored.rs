//! What the shadow makes of a batch, as bytes that it can be made of again, for a
//! [checkpoint](crate::run::checkpoint).

use super::lane::{Over, Scope, ShadowBatch};
use crate::engine::PackedStates;
use crate::run::checkpoint::{Bytes, Waivers, put, put_bytes, put_counts, put_lines, take_counts, take_lines};

/// How each is stored.
const SCOPES: [Scope; 3] = [Scope::Both, Scope::RunAlone, Scope::ShadowAlone];

impl ShadowBatch {
    /// The lines that it keeps.
    pub(in crate::run) fn states(&self) -> &PackedStates {
        &self.lines.states
    }

    /// Adds its bytes.
    pub(in crate::run) fn put(&self, out: &mut Vec<u8>) {
        let Self { counts, over, lines, held, payments } = self;
        put_counts(out, counts);
        put(out, over.len() as u64);
        for Over { own, scope } in over {
            put(out, u64::from(*own));
            out.extend(SCOPES.iter().position(|known| known == scope).and_then(|place| u8::try_from(place).ok()));
        }
        put_lines(out, lines);
        put_bytes(out, held);
        put(out, payments.len() as u64);
        for payment in payments {
            put(out, *payment);
        }
    }

    /// The one that these bytes hold, beside so many own lines of the run.
    pub(in crate::run) fn take(bytes: &mut Bytes<'_>, waivers: &Waivers, own: usize) -> Option<Self> {
        let counts = take_counts(bytes)?;
        let over = bytes.all(|bytes| {
            let own = bytes.small()?;
            let [place] = bytes.array()?;
            Some(Over { own, scope: *SCOPES.get(usize::from(place))? })
        })?;
        let lines = take_lines(bytes, waivers)?;
        let held = bytes.bytes()?.to_vec();
        let payments = bytes.all(Bytes::number)?;
        let fits = over.len() == lines.states.len() && over.iter().all(|one| one.own as usize <= own);
        fits.then_some(Self { counts, over, lines, held, payments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{EditBatch, LineState, SessionKey, StatePacker};
    use crate::overrides::Waiver;
    use crate::run::RowCounts;

    #[test]
    fn a_stored_batch_of_a_shadow_is_the_same() {
        let mut lines = EditBatch::default();
        let mut over = Vec::new();
        for (place, own, scope) in [(1, 0, Scope::ShadowAlone), (2, 0, Scope::Both), (3, 2, Scope::RunAlone)] {
            let mut state = [place; LineState::STORED];
            // No mark, but for what is met as superseded.
            state[44..].fill(0);
            let mut state = LineState::from_bytes(&state).waiving(if place == 2 { Waiver(7) } else { Waiver::NONE });
            if scope == Scope::RunAlone {
                state.supersede();
            }
            lines.push(SessionKey(u128::from(place / 2)), state);
            over.push(Over { own, scope });
        }
        let counts = RowCounts { rows: 9, out_of_scope: 4, superseded: 0, decided: 3, rejected: 2 };
        let mut packer = StatePacker::default();
        let states = lines.packed(&mut packer);
        let mut batch = ShadowBatch { counts, over, lines: states, held: b"held".to_vec(), payments: vec![0, 5, 0] };
        let mut bytes = Vec::new();
        batch.put(&mut bytes);
        let waivers = Waivers::from_iter([(7, Waiver(1))]);
        let take = |bytes: &[u8], own| {
            let mut bytes = Bytes(bytes);
            ShadowBatch::take(&mut bytes, &waivers, own).filter(|_| bytes.0.is_empty())
        };
        lines.lines[1] = lines.lines[1].waiving(Waiver(1));
        batch.lines = lines.packed(&mut packer);
        assert_eq!(format!("{:?}", take(&bytes, 3).unwrap()), format!("{batch:?}"));
        // A line that lies over none.
        assert!(take(&bytes, 1).is_none());
        for length in 0..bytes.len() {
            assert!(take(&bytes[..length], 3).is_none(), "{length}");
        }
        for place in 0..bytes.len() {
            let mut other = bytes.clone();
            other[place] ^= 0xff;
            let _ = take(&other, 3);
        }
    }
}
