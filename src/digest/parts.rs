//! BLAKE3 of a file whose parts are digested side by side.
//!
//! BLAKE3 is a tree over the file, so a part whose size is a power of two is one
//! of its branches and can be digested by whoever has just read it, while its
//! bytes are still in that core's cache. The branches are joined at the end.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use blake3::Hasher;
use blake3::hazmat::{ChainingValue, HasherExt as _, Mode, merge_subtrees_non_root, merge_subtrees_root};

/// Whether a file may be digested in parts of this many bytes.
#[must_use]
pub const fn is_part_size(bytes: usize) -> bool {
    bytes.is_power_of_two() && bytes >= blake3::CHUNK_LEN
}

/// The digest of one part of a file that has several.
#[derive(Clone, Copy, Debug)]
pub struct Part(ChainingValue);

impl Part {
    /// Digests the part of a file that begins at `offset`: a multiple of the size
    /// that its parts have, all but the last. `None` where there are no bytes, or
    /// more than a part at that place can have.
    #[must_use]
    pub fn new(bytes: &[u8], offset: u64) -> Option<Self> {
        let mut hasher = hasher_at(offset, bytes.len() as u64)?;
        hasher.update(bytes);
        Some(Self(hasher.finalize_non_root()))
    }

    /// Digests `length` bytes of a file from `offset` on, as the part that begins
    /// there.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or ends before them.
    pub fn of_file(file: &File, offset: u64, length: u64) -> io::Result<Option<Self>> {
        let Some(mut hasher) = hasher_at(offset, length) else { return Ok(None) };
        update_from(&mut hasher, file, offset, length)?;
        Ok(Some(Self(hasher.finalize_non_root())))
    }
}

/// What digests a part of this length at this place, if there can be one.
fn hasher_at(offset: u64, length: u64) -> Option<Hasher> {
    let fits = offset == 0 || length <= 1 << offset.trailing_zeros();
    // A digest of nothing is that of no part.
    if length == 0 || !fits || !offset.is_multiple_of(blake3::CHUNK_LEN as u64) {
        return None;
    }
    let mut hasher = Hasher::new();
    hasher.set_input_offset(offset);
    Some(hasher)
}

/// Digests these bytes of a file, all of them: fewer would make a digest as well,
/// but that of another file.
fn update_from(hasher: &mut Hasher, file: &File, offset: u64, length: u64) -> io::Result<()> {
    let mut buffer = vec![0; READ_BYTES];
    let (mut at, end) = (offset, offset.saturating_add(length));
    while at < end {
        let size = usize::try_from(end - at).unwrap_or(READ_BYTES).min(READ_BYTES);
        let bytes = buffer.get_mut(..size).unwrap_or_default();
        file.read_exact_at(bytes, at).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                let reason = "the file became shorter while it was read; run again when nobody writes to it";
                io::Error::new(error.kind(), reason)
            }
            _ => error,
        })?;
        hasher.update(bytes);
        at += size as u64;
    }
    Ok(())
}

/// How much of a file is read at a time: it stays in a core's cache until it is
/// digested.
const READ_BYTES: usize = 1 << 16;

/// The parts of a file, in order, on their way to its digest.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The first part, as long as it may be the whole file.
    first: Box<Hasher>,
    others: Vec<Part>,
}

impl Parts {
    /// A file that begins with these bytes: its first part.
    fn new(first: &[u8]) -> Self {
        let mut hasher = Box::new(Hasher::new());
        hasher.update(first);
        Self { first: hasher, others: Vec::new() }
    }

    /// A file that begins with these bytes: as many parts as they fill.
    #[must_use]
    pub fn of(bytes: &[u8], part_bytes: usize) -> Self {
        let mut chunks = bytes.chunks(part_bytes.max(1));
        let mut parts = Self::new(chunks.next().unwrap_or_default());
        let offsets = (1_u64..).map(|place| place * part_bytes as u64);
        parts.extend(chunks.zip(offsets).filter_map(|(part, offset)| Part::new(part, offset)));
        parts
    }

    /// A file whose first part has `length` bytes, or which has no more.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or ends before them.
    pub fn of_file(file: &File, length: u64) -> io::Result<Self> {
        let mut hasher = Box::new(Hasher::new());
        update_from(&mut hasher, file, 0, length)?;
        Ok(Self { first: hasher, others: Vec::new() })
    }

    /// Adds the next parts.
    pub fn extend(&mut self, parts: impl IntoIterator<Item = Part>) {
        self.others.extend(parts);
    }

    /// The digest in lower-case hexadecimal.
    #[must_use]
    pub fn finish(self) -> String {
        if self.others.is_empty() {
            return self.first.finalize().to_hex().to_string();
        }
        let first = Part(self.first.finalize_non_root());
        let parts: Vec<Part> = std::iter::once(first).chain(self.others).collect();
        let (left, right) = halves(&parts);
        merge_subtrees_root(&joined(left), &joined(right), Mode::Hash).to_hex().to_string()
    }
}

/// What a row of parts comes to as a branch.
fn joined(parts: &[Part]) -> ChainingValue {
    if let [one] = parts {
        return one.0;
    }
    let (left, right) = halves(parts);
    merge_subtrees_non_root(&joined(left), &joined(right), Mode::Hash)
}

/// The left branch holds the greatest power of two of parts that leaves some for
/// the right one.
fn halves(parts: &[Part]) -> (&[Part], &[Part]) {
    parts.split_at(parts.len().next_power_of_two() / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_the_digest_of_the_whole() {
        let bytes: Vec<u8> = (0..70_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
        for size in [1024, 4096, 1 << 16] {
            for length in [0, 1, size - 1, size, size + 1, 2 * size, 3 * size + 5, 7 * size, 17 * size, bytes.len()] {
                let whole = &bytes[..length.min(bytes.len())];
                let mut parts = Parts::of(&whole[..whole.len() / 2 / size * size], size);
                let start = whole.len() / 2 / size;
                if start == 0 {
                    parts = Parts::of(whole, size);
                } else {
                    let others = whole.chunks(size).enumerate().skip(start);
                    parts.extend(others.map(|(place, part)| Part::new(part, (place * size) as u64).unwrap()));
                }
                assert_eq!(
                    parts.finish(),
                    blake3::hash(whole).to_hex().to_string(),
                    "{length} bytes in parts of {size}"
                );
            }
        }
    }

    #[test]
    fn a_file_is_digested_from_end_to_end_or_not_at_all() {
        let bytes = vec![7; 300_000];
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, &bytes).unwrap();
        let mut parts = Parts::of_file(&file, 1 << 17).unwrap();
        for (offset, length) in [(1 << 17, 1 << 17), (1 << 18, 300_000 - (1 << 18))] {
            parts.extend(Part::of_file(&file, offset, length).unwrap());
        }
        assert_eq!(parts.finish(), blake3::hash(&bytes).to_hex().to_string());
        let short = [
            Part::of_file(&file, 1 << 18, 300_001 - (1 << 18)).err(),
            Part::of_file(&file, 1 << 19, 1).err(),
            Parts::of_file(&file, 300_001).err(),
        ];
        for error in short {
            assert_eq!(error.unwrap().kind(), io::ErrorKind::UnexpectedEof);
        }
    }

    #[test]
    fn what_is_no_part_is_refused() {
        assert!(Part::new(&[], 1024).is_none());
        assert!(Part::new(&[0; 2048], 1024).is_none());
        assert!(Part::new(&[0; 10], 100).is_none());
        assert!(!is_part_size(1000) && !is_part_size(512) && is_part_size(1 << 20));
    }
}
