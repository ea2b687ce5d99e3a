//! The lines of a run by stretches: as many lines of one session, or of one claim,
//! as stand together in a batch.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::{LineState, PackedStates, SessionKey, StatePacker};

/// Where a stretch of lines of one session begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SessionStretch {
    /// The session's key, in four pieces, so that a stretch takes 20 bytes.
    pub(super) key: [u32; 4],
    /// Its first line.
    pub first: u32,
}

impl SessionStretch {
    /// The session.
    #[must_use]
    pub fn session(&self) -> SessionKey {
        SessionKey(self.key.iter().fold(0, |key, piece| key << 32 | u128::from(*piece)))
    }
}

/// Where a stretch of lines of one claim begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ClaimStretch {
    pub(super) key: [u32; 2],
    /// Its first line.
    pub first: u32,
}

impl ClaimStretch {
    /// The claim, as states have it.
    #[must_use]
    pub fn claim(&self) -> u64 {
        self.key.iter().fold(0, |key, piece| key << 32 | u64::from(*piece))
    }
}

/// The lines in scope of one batch, for line edits.
#[derive(Clone, Debug, Default)]
pub struct EditBatch {
    /// The lines, in order.
    pub lines: Vec<LineState>,
    /// The stretches of sessions, in order.
    pub sessions: Vec<SessionStretch>,
    /// The stretches of claims, in order.
    pub claims: Vec<ClaimStretch>,
}

impl EditBatch {
    /// Empties it but for its memory.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.sessions.clear();
        self.claims.clear();
    }

    /// Adds the next line.
    // A line is made where it stays.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub fn push(&mut self, session: SessionKey, mut line: LineState) {
        // No batch has four billion lines.
        let first = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let key = quarters(session.0);
        let opens_session = self.sessions.last().is_none_or(|last| last.key != key);
        if opens_session {
            self.sessions.push(SessionStretch { key, first });
        }
        let opens_claim = self.lines.last().is_none_or(|last| last.claim != line.claim);
        if opens_claim {
            self.claims.push(ClaimStretch { key: halves(line.claim), first });
        }
        line.set_opens(opens_session, opens_claim);
        self.lines.push(line);
    }

    /// The same, in no more memory than it takes.
    #[must_use]
    pub fn packed(&self, packer: &mut StatePacker) -> PackedBatch {
        let Self { lines, sessions, claims } = self;
        PackedBatch { states: packer.pack(lines), sessions: sessions.clone(), claims: claims.clone() }
    }
}

/// The lines of a batch as they wait for the rest of the run.
#[derive(Clone, Debug, Default)]
pub struct PackedBatch {
    /// The lines, in order.
    pub states: PackedStates,
    /// The stretches of sessions, in order.
    pub sessions: Vec<SessionStretch>,
    /// The stretches of claims, in order.
    pub claims: Vec<ClaimStretch>,
}

#[allow(clippy::cast_possible_truncation)] // Each piece is one of the number's.
fn quarters(key: u128) -> [u32; 4] {
    [(key >> 96) as u32, (key >> 64) as u32, (key >> 32) as u32, key as u32]
}

#[allow(clippy::cast_possible_truncation)]
fn halves(key: u64) -> [u32; 2] {
    [(key >> 32) as u32, key as u32]
}

/// The stretches of a whole run.
#[derive(Clone, Debug, Default)]
pub struct Stretches {
    /// Of sessions.
    pub sessions: Vec<SessionStretch>,
    /// Of claims.
    pub claims: Vec<ClaimStretch>,
    /// The keys of those that are to be judged again, however many stretches they have.
    again: Again,
}

/// Keys of sessions and claims.
#[derive(Clone, Debug, Default)]
struct Again {
    sessions: FxHashSet<[u32; 4]>,
    claims: FxHashSet<[u32; 2]>,
}

impl Stretches {
    /// Takes the stretches of the next batch, whose first line has this number.
    pub fn take(&mut self, sessions: &[SessionStretch], claims: &[ClaimStretch], first_line: u32) {
        self.sessions.extend(sessions.iter().map(|one| SessionStretch { first: one.first + first_line, ..*one }));
        self.claims.extend(claims.iter().map(|one| ClaimStretch { first: one.first + first_line, ..*one }));
    }

    /// Asks that the session and the claim of a line are judged again. All stretches
    /// have been taken, and none has been left out yet.
    pub fn judge_again(&mut self, line: u32) {
        let before = self.sessions.partition_point(|one| one.first <= line).checked_sub(1);
        self.again.sessions.extend(before.and_then(|place| self.sessions.get(place)).map(|one| one.key));
        let before = self.claims.partition_point(|one| one.first <= line).checked_sub(1);
        self.again.claims.extend(before.and_then(|place| self.claims.get(place)).map(|one| one.key));
    }

    /// The stretches of these sessions. All stretches have been taken, and none has been
    /// left out yet.
    #[must_use]
    pub fn of_sessions(&self, sessions: &FxHashSet<SessionKey>) -> Vec<SessionStretch> {
        self.sessions.par_iter().filter(|one| sessions.contains(&one.session())).copied().collect()
    }

    /// The stretches of these claims, likewise.
    #[must_use]
    pub fn of_claims(&self, claims: &FxHashSet<u64>) -> Vec<ClaimStretch> {
        self.claims.par_iter().filter(|one| claims.contains(&one.claim())).copied().collect()
    }

    /// The claim of a line, likewise.
    #[must_use]
    pub fn claim_of(&self, line: u32) -> Option<u64> {
        let before = self.claims.partition_point(|one| one.first <= line).checked_sub(1)?;
        self.claims.get(before).map(ClaimStretch::claim)
    }

    /// Asks that sessions are judged again.
    pub(super) fn judge_sessions_again(&mut self, sessions: impl Iterator<Item = SessionKey>) {
        self.again.sessions.extend(sessions.map(|session| quarters(session.0)));
    }

    /// The sessions to be judged again, each as its stretches.
    pub(super) fn sessions_again(&self) -> Vec<&[SessionStretch]> {
        let again = |one: &[SessionStretch]| {
            one.len() > 1 || one.first().is_some_and(|one| self.again.sessions.contains(&one.key))
        };
        self.sessions.chunk_by(|a, b| a.key == b.key).filter(|one| again(one)).collect()
    }

    /// The claims to be judged again, each as its stretches.
    pub(super) fn claims_again(&self) -> Vec<&[ClaimStretch]> {
        let again =
            |one: &[ClaimStretch]| one.len() > 1 || one.first().is_some_and(|one| self.again.claims.contains(&one.key));
        self.claims.chunk_by(|a, b| a.key == b.key).filter(|one| again(one)).collect()
    }

    /// Leaves, in the order of their keys, those stretches whose session or claim
    /// may have another one, or is to be judged again; nearly all of the others are gone.
    pub(super) fn keep_repeated(&mut self) {
        let Self { sessions, claims, again } = self;
        rayon::join(
            || {
                let wanted = |one: &SessionStretch| again.sessions.contains(&one.key);
                keep_repeated(sessions, |one| one.key.last().copied().unwrap_or_default(), wanted);
                sessions.par_sort_unstable();
            },
            || {
                let wanted = |one: &ClaimStretch| again.claims.contains(&one.key);
                keep_repeated(claims, |one| one.key.last().copied().unwrap_or_default(), wanted);
                claims.par_sort_unstable();
            },
        );
    }

    /// How many bytes they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.sessions.capacity() * size_of::<SessionStretch>() + self.claims.capacity() * size_of::<ClaimStretch>()
    }
}

/// Leaves what shares its hash's lowest bits with another, and what is wanted. Two looks at a small
/// table take a tenth of the time of sorting everything.
fn keep_repeated<T>(all: &mut Vec<T>, hash: impl Fn(&T) -> u32, wanted: impl Fn(&T) -> bool) {
    // So many bits that few of those that occur once look otherwise.
    let bits = all.len().saturating_mul(8).next_power_of_two().clamp(64, 1 << 32);
    let (mut once, mut again) = (vec![0_u64; bits / 64], vec![0_u64; bits / 64]);
    let place = |one: &T| {
        let bit = hash(one) as usize & (bits - 1);
        (bit / 64, 1_u64 << (bit % 64))
    };
    for one in &*all {
        let (word, bit) = place(one);
        if let (Some(once), Some(again)) = (once.get_mut(word), again.get_mut(word)) {
            *again |= *once & bit;
            *once |= bit;
        }
    }
    all.retain(|one| {
        let (word, bit) = place(one);
        again.get(word).is_some_and(|again| again & bit != 0) || wanted(one)
    });
}

/// The first of some lines, and those that follow up to one that begins anew.
pub fn stretch(
    lines: impl Iterator<Item = LineState>,
    begins: fn(&LineState) -> bool,
) -> impl Iterator<Item = LineState> {
    lines.enumerate().take_while(move |(place, line)| *place == 0 || !begins(line)).map(|(_, line)| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_repeated_is_kept_and_little_else() {
        let numbers = (0..10_000_u32).map(|number| number.wrapping_mul(0x9E37_79B9));
        let repeated: Vec<u32> = numbers.clone().step_by(100).collect();
        let mut all: Vec<u32> = numbers.chain(repeated.iter().copied()).collect();
        keep_repeated(&mut all, |one| *one, |_| false);
        assert!(repeated.iter().all(|one| all.iter().filter(|kept| *kept == one).count() == 2));
        assert!(all.len() < 3_000, "{}", all.len());
        let mut few = vec![7_u32];
        keep_repeated(&mut few, |one| *one, |_| true);
        assert_eq!(few, [7]);
        keep_repeated(&mut few, |one| *one, |_| false);
        assert!(few.is_empty());
    }
}
