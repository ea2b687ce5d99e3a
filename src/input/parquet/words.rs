//! Texts that stand behind their lengths, as pages and dictionaries have them.

/// Where a text begins and ends.
pub(super) type Span = (u32, u32);

/// Texts that each stand behind their length.
#[derive(Clone, Default)]
pub(super) struct Plain(pub(super) Vec<Span>);

/// After so many texts as long as one another the next ones are thought to be, too.
const ALIKE: u32 = 8;

impl Plain {
    /// Finds so many. `None` if they are cut short.
    pub(super) fn find(&mut self, bytes: &[u8], count: usize) -> Option<()> {
        self.0.clear();
        // Each has a length, so no more memory is taken than there are bytes for.
        self.0.reserve(count.min(bytes.len() / 4));
        let (mut at, mut last, mut alike) = (0, [0; 4], 0);
        while self.0.len() < count {
            let length = *bytes.get(at..)?.first_chunk()?;
            let step = 4 + u32::from_le_bytes(length) as usize;
            let end = at + step;
            (end <= bytes.len()).then_some(())?;
            self.0.push((u32::try_from(at + 4).ok()?, u32::try_from(end).ok()?));
            alike = if length == last { alike + 1 } else { 0 };
            (at, last) = (end, length);
            if alike == ALIKE {
                // Where each begins is known without waiting for the length of the one before.
                let next = bytes.get(at..)?.chunks_exact(step).take(count - self.0.len());
                let found = next.take_while(|next| next.starts_with(&length)).count();
                let (first, step) = (u32::try_from(at).ok()?, u32::try_from(step).ok()?);
                at += found * step as usize;
                let behind = u32::try_from(at).ok()?;
                self.0.extend((first..behind).step_by(step as usize).map(|start| (start + 4, start + step)));
                alike = 0;
            }
        }
        Some(())
    }
}

/// A dictionary of more bytes does not stay in a core's cache beside the others.
const NEAR: usize = 1 << 17;

/// The words of a dictionary, known to be text.
pub(super) struct Words {
    pub(super) text: String,
    pub(super) bounds: Vec<Span>,
}

impl Words {
    /// `None` if they are not all UTF-8.
    pub(super) fn new(mut bytes: Vec<u8>, words: Plain) -> Option<Self> {
        for (start, _) in &words.0 {
            let start = *start as usize;
            // A length may look like a part of a letter; nothing does not.
            bytes.get_mut(start - 4..start)?.fill(0);
        }
        Some(Self { text: String::from_utf8(bytes).ok()?, bounds: words.0 })
    }

    /// Whether rows that look for words among these bytes find them in a core's cache.
    pub(super) fn are_near(bytes: &[u8]) -> bool {
        bytes.len() <= NEAR
    }

    /// The memory of text and bounds.
    pub(super) fn into_memory(self) -> (Vec<u8>, Plain) {
        (self.text.into_bytes(), Plain(self.bounds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_whatever_their_lengths() {
        // As many as one another for a while, and then others, at every place of that.
        for alike in 0..40_usize {
            let lengths = [vec![3, 3, 1], vec![5; alike], vec![0; 2 * alike], vec![7, 7], vec![5; 12]].concat();
            let word =
                |length: &usize| [&u32::try_from(*length).unwrap().to_le_bytes()[..], &vec![b'a'; *length]].concat();
            let bytes: Vec<u8> = lengths.iter().flat_map(word).collect();
            let mut plain = Plain::default();
            for count in [0, 1, alike, lengths.len() / 2, lengths.len()] {
                assert_eq!(plain.find(&bytes, count), Some(()));
                let found: Vec<usize> = plain.0.iter().map(|(start, end)| (end - start) as usize).collect();
                assert_eq!(found, lengths[..count]);
                assert!(
                    plain.0.iter().all(|(start, end)| bytes[*start as usize..*end as usize].iter().all(|b| *b == b'a'))
                );
            }
            assert_eq!(plain.find(&bytes, lengths.len() + 1), None);
            assert_eq!(plain.find(&bytes[..bytes.len() - 1], lengths.len()), None);
        }
    }
}
