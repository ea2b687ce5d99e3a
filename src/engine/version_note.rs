//! What a row says of the version of its claim.

use xxhash_rust::xxh3::xxh3_64;

use crate::claim::{ClaimFrequency, Day, PayerRecord};

/// Where a row stands in the run: its input, and its row there, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct RowPlace {
    /// The input, by its place.
    pub file: u32,
    /// The row.
    pub row: u32,
}

/// A row of a claim that replaces or voids one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VersionNote {
    pub(super) claim: u64,
    /// The claim that it names; 0 where it names none.
    pub(super) original: u64,
    pub(super) frequency: ClaimFrequency,
    pub(super) paid_date: Option<Day>,
    /// Where it stands.
    pub place: RowPlace,
}

impl VersionNote {
    /// What a row says that belongs to a later version of its claim.
    #[must_use]
    pub fn new(claim_id: &str, payer: &PayerRecord<'_>, row: u32) -> Self {
        let original = payer.original_claim_id;
        Self {
            claim: xxh3_64(claim_id.as_bytes()),
            original: if original.is_empty() { 0 } else { xxh3_64(original.as_bytes()) },
            frequency: payer.frequency,
            paid_date: payer.paid_date,
            place: RowPlace { file: 0, row },
        }
    }

    /// How many bytes a note is stored in.
    pub const STORED: usize = 32;

    /// The note as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::STORED] {
        let mut bytes = [0; Self::STORED];
        let day = self.paid_date.map_or(0, |day| 1 << 32 | u64::from(day.days().cast_unsigned()));
        let frequency = match self.frequency {
            ClaimFrequency::Original => 0_u64,
            ClaimFrequency::Replacement => 1,
            ClaimFrequency::Void => 2,
        };
        let place = u64::from(self.place.file) << 32 | u64::from(self.place.row);
        let numbers = [self.claim, self.original, day | frequency << 40, place];
        for (word, number) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
            *word = number.to_le_bytes();
        }
        bytes
    }

    /// The note that these bytes hold.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::STORED]) -> Self {
        let mut numbers = [0; 4];
        for (number, word) in numbers.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *number = u64::from_le_bytes(*word);
        }
        let [claim, original, day, place] = numbers;
        let low = |number: u64| u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
        Self {
            claim,
            original,
            frequency: match day >> 40 {
                1 => ClaimFrequency::Replacement,
                2 => ClaimFrequency::Void,
                _ => ClaimFrequency::Original,
            },
            paid_date: (day >> 32 & 1 == 1).then(|| Day::from_days(low(day).cast_signed())),
            place: RowPlace { file: low(place >> 32), row: low(place) },
        }
    }

    /// Whether the other row says the same of the same version.
    #[must_use]
    pub fn is_same_version(&self, other: &Self) -> bool {
        (self.claim, self.original, self.frequency) == (other.claim, other.original, other.frequency)
    }

    /// Takes the other row's day of payment, if it is the later one.
    pub fn take_paid_date(&mut self, other: &Self) {
        self.paid_date = self.paid_date.max(other.paid_date);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_note_is_the_same() {
        for (frequency, paid_date) in
            [(ClaimFrequency::Void, Some(Day::from_days(-5))), (ClaimFrequency::Replacement, None)]
        {
            let place = RowPlace { file: 3, row: u32::MAX };
            let note = VersionNote { claim: u64::MAX, original: 7, frequency, paid_date, place };
            assert_eq!(VersionNote::from_bytes(&note.to_bytes()), note);
        }
    }
}
