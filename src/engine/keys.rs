//! What lines are brought together by, as hashes.

use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

use crate::claim::ClaimLine;
use crate::short::copy;

/// A session as a hash of 128 bits: member, provider and service date; else claim
/// and service date. Two sessions of a run of a billion lines collide with a
/// chance of one in 10^20.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SessionKey(pub u128);

impl SessionKey {
    /// The session of a line.
    #[must_use]
    pub fn new(line: &ClaimLine<'_>) -> Self {
        let mut text = Hashed::default();
        if line.member_id.is_empty() || line.provider_npi.is_empty() {
            text.add_bytes(b"claim");
            text.add(line.claim_id);
        } else {
            text.add_bytes(b"member");
            text.add(line.member_id);
            text.add(line.provider_npi);
        }
        text.add_bytes(&line.service_date.days().to_le_bytes());
        Self(text.digest128())
    }
}

/// What a line is brought together with others by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineKeys {
    /// Its session.
    pub session: SessionKey,
    /// Its claim, as a hash.
    pub claim: u64,
}

impl LineKeys {
    /// The keys of a line.
    #[must_use]
    pub fn new(line: &ClaimLine<'_>) -> Self {
        Self { session: SessionKey::new(line), claim: xxh3_64(line.claim_id.as_bytes()) }
    }
}

/// What duplicates share, as a hash; 0 where the line cannot be one. Member, provider and
/// date are the session's; here stand the rest.
pub(super) fn duplicate(line: &ClaimLine<'_>) -> u64 {
    let Some(billed) = line.billed else { return 0 };
    if line.member_id.is_empty() || line.provider_npi.is_empty() || !line.units.is_positive() {
        return 0;
    }
    let numbers = [
        line.procedure.packed(),
        line.units.ten_thousandths().cast_unsigned(),
        billed.ten_thousandths().cast_unsigned(),
    ];
    let numbers = numbers.map(u64::to_le_bytes);
    if line.modifiers.is_empty() {
        return xxh3_64(numbers.as_flattened()).max(1);
    }
    let mut text = Hashed::default();
    text.add_bytes(numbers.as_flattened());
    for modifier in &line.modifiers {
        text.add_bytes(&modifier.packed().to_le_bytes());
    }
    text.digest64().max(1)
}

/// What a payment and the row that takes it back share, as a hash: claim, line number,
/// procedure, day, and the amount whichever its sign.
pub(super) fn payment(line: &ClaimLine<'_>) -> u64 {
    let paid = line.paid.map_or(u64::MAX, |paid| paid.ten_thousandths().unsigned_abs());
    let mut text = Hashed::default();
    text.add(line.claim_id);
    text.add_bytes(&line.line_number.to_le_bytes());
    text.add_bytes(&line.procedure.packed().to_le_bytes());
    text.add_bytes(&line.service_date.days().to_le_bytes());
    text.add_bytes(&paid.to_le_bytes());
    text.digest64()
}

/// Bytes to be hashed. Few of them are put together and hashed at once, which
/// takes a third of the time of hashing piece by piece.
struct Hashed {
    few: [u8; Self::FEW],
    length: usize,
    /// All of them, once they are more.
    many: Option<Box<Xxh3>>,
}

impl Default for Hashed {
    fn default() -> Self {
        Self { few: [0; Self::FEW], length: 0, many: None }
    }
}

impl Hashed {
    const FEW: usize = 96;

    /// Adds a text so that no two sequences of texts look alike.
    fn add(&mut self, text: &str) {
        self.add_bytes(&(text.len() as u64).to_le_bytes());
        self.add_bytes(text.as_bytes());
    }

    #[inline]
    fn add_bytes(&mut self, bytes: &[u8]) {
        match self.few.get_mut(self.length..self.length + bytes.len()) {
            Some(place) if self.many.is_none() => {
                copy(place, bytes);
                self.length += bytes.len();
            }
            _ => self.add_to_many(bytes),
        }
    }

    #[cold]
    fn add_to_many(&mut self, bytes: &[u8]) {
        let many = self.many.get_or_insert_with(|| {
            let mut many = Box::new(Xxh3::new());
            many.update(self.few.get(..self.length).unwrap_or_default());
            many
        });
        many.update(bytes);
    }

    fn digest128(&self) -> u128 {
        match &self.many {
            Some(many) => many.digest128(),
            None => xxh3_128(self.few.get(..self.length).unwrap_or_default()),
        }
    }

    fn digest64(&self) -> u64 {
        match &self.many {
            Some(many) => many.digest(),
            None => xxh3_64(self.few.get(..self.length).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_hash_as_short_ones_do() {
        let bytes = [7_u8; 300];
        for length in [0, 1, 95, 96, 97, 200, 300] {
            let mut hashed = Hashed::default();
            bytes[..length].chunks(11).for_each(|piece| hashed.add_bytes(piece));
            assert_eq!(hashed.digest128(), xxh3_128(&bytes[..length]));
            assert_eq!(hashed.digest64(), xxh3_64(&bytes[..length]));
        }
    }
}
