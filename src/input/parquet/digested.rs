//! The digest of a file, made of what is read of it anyway: a part of the digest that lies
//! within a column is made where the column has just been read.

use std::fs::File;
use std::io;
use std::ops::Range;

use crate::digest::Part;

/// The size of a part of the file's digest that is made beside its rows: so many bytes more
/// are read of each column at most, since a part begins before it.
pub const PART_BYTES: u64 = 1 << 16;

/// The parts of a file that one group digests: from where to where.
pub type Share = Range<u64>;

/// The parts of a group that have been digested, by where they begin.
#[derive(Default)]
pub(super) struct Digesting {
    share: Option<Share>,
    size: u64,
    parts: Vec<(u64, Part)>,
}

/// The shares of groups whose columns stand in a file of `size` bytes like this; `None`
/// where they do not stand one behind the other, or there are none.
pub(super) fn shares(places: &[Range<u64>], size: u64) -> Option<Vec<Share>> {
    places.first()?;
    let starts: Vec<u64> = places.iter().map(|place| whole(place.start).max(PART_BYTES)).collect();
    let mut shares = Vec::new();
    for (at, (place, start)) in places.iter().zip(&starts).enumerate() {
        let start = if at == 0 { PART_BYTES } else { *start };
        let end = starts.get(at + 1).copied().unwrap_or(size);
        (whole(place.end).max(PART_BYTES) <= end && start <= end).then_some(())?;
        shares.push(start..end);
    }
    Some(shares)
}

/// Where the part begins that a byte lies in.
fn whole(at: u64) -> u64 {
    at / PART_BYTES * PART_BYTES
}

impl Digesting {
    /// Of a group's share of a file that has `size` bytes.
    pub(super) fn new(share: Option<Share>, size: u64) -> Self {
        Self { share, size, parts: Vec::new() }
    }

    /// How many bytes are to be read before a place, so that a part begins there.
    pub(super) fn before(&self, start: u64) -> usize {
        let before = if self.share.is_some() { start - whole(start) } else { 0 };
        usize::try_from(before).unwrap_or_default()
    }

    /// Digests the parts that end in these bytes, which begin where a part does.
    pub(super) fn take(&mut self, bytes: &[u8], start: u64) {
        let Some(share) = &self.share else { return };
        let parts = (start..).step_by(1 << 16).zip(bytes.as_chunks::<{ 1 << 16 }>().0);
        for (offset, part) in parts.filter(|(offset, _)| share.contains(offset)) {
            self.parts.extend(Part::new(part, offset).map(|part| (offset, part)));
        }
    }

    /// All parts of the share, in order; those that no column held are read.
    pub(super) fn finish(mut self, file: &File) -> io::Result<Vec<Part>> {
        let Some(share) = self.share else { return Ok(Vec::new()) };
        self.parts.sort_unstable_by_key(|(offset, _)| *offset);
        let mut made = self.parts.into_iter().peekable();
        let mut parts = Vec::new();
        for offset in share.step_by(1 << 16) {
            let mut here = None;
            // A column may have been read twice.
            while let Some((_, part)) = made.next_if(|(of, _)| *of == offset) {
                here = Some(part);
            }
            if here.is_none() {
                here = Part::of_file(file, offset, PART_BYTES.min(self.size - offset))?;
            }
            parts.extend(here);
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::digest::Parts;

    #[test]
    fn whatever_columns_hold_it_is_the_digest_of_the_file() {
        let bytes: Vec<u8> = (0..900_001_u32).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let size = bytes.len() as u64;
        for groups in [
            vec![vec![4..100_000, 100_000..350_000], vec![350_000..350_010, 500_000..900_000]],
            vec![vec![4..20], vec![20..40, 40..60], vec![60..900_001]],
            vec![vec![400_000..900_001, 400_000..900_001]],
            vec![vec![131_072..196_608], vec![196_608..262_144]],
        ] {
            let places: Vec<_> = groups.iter().map(|columns| columns[0].start..columns.last().unwrap().end).collect();
            let mut parts = Parts::of_file(&file, PART_BYTES).unwrap();
            for (share, columns) in shares(&places, size).unwrap().into_iter().zip(&groups) {
                let mut digesting = Digesting::new(Some(share), size);
                for column in columns.iter().rev() {
                    let start = column.start - digesting.before(column.start) as u64;
                    let range = usize::try_from(start).unwrap()..usize::try_from(column.end).unwrap();
                    digesting.take(&bytes[range], start);
                }
                parts.extend(digesting.finish(&file).unwrap());
            }
            assert_eq!(parts.finish(), blake3::hash(&bytes).to_hex().to_string(), "{groups:?}");
        }
        let apart = |first, second| shares(&[first, second], size).is_none();
        assert!(apart(200_000..300_000, 4..100_000) && apart(4..300_000, 100_000..400_000));
        assert!(!apart(4..100_000, 100_000..400_000));
        assert_eq!(shares(&[], size), None, "nobody would digest the rest");
    }
}
