//! Texts of a column, as spans of one long text.

use std::str;

use super::runs::GAP;

/// Where a text begins and ends.
type Span = (u32, u32);

/// The span of a text that is missing.
const NOWHERE: Span = (u32::MAX, 0);

/// Texts that each stand behind their length.
#[derive(Default)]
pub(super) struct Plain(Vec<Span>);

impl Plain {
    /// Finds so many. `None` if they are cut short.
    pub(super) fn find(&mut self, bytes: &[u8], count: usize) -> Option<()> {
        self.0.clear();
        let mut at = 0;
        for _ in 0..count {
            let length = u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?) as usize;
            let (start, end) = (at + 4, at + 4 + length);
            (end <= bytes.len()).then_some(())?;
            self.0.push((u32::try_from(start).ok()?, u32::try_from(end).ok()?));
            at = end;
        }
        Some(())
    }

    /// One by its place; `Some(None)` where that is a gap.
    #[allow(clippy::option_option)]
    pub(super) fn get<'b>(&self, bytes: &'b [u8], place: u32) -> Option<Option<&'b [u8]>> {
        if place == GAP {
            return Some(None);
        }
        let (start, end) = *self.0.get(place as usize)?;
        bytes.get(start as usize..end as usize).map(Some)
    }
}

/// A dictionary of more bytes does not stay in a core's cache beside the others.
const NEAR: usize = 1 << 17;

/// More text than this is not put together: words that are one and the same stand in a
/// file once, however long they are.
const MOST_TEXT: usize = 256 << 20;

/// The texts of rows, some of which may be missing.
#[derive(Default)]
pub(super) struct Spans {
    text: String,
    bounds: Vec<Span>,
    /// Of each row its span's place; where it is `None`, the row's own.
    keys: Option<Vec<u32>>,
    last: Option<(u32, Span)>,
}

impl Spans {
    /// Texts by their places in a dictionary. `None` if they are not all UTF-8.
    pub(super) fn of_dictionary(mut bytes: Vec<u8>, words: &mut Plain) -> Option<Self> {
        for (start, _) in &words.0 {
            let start = *start as usize;
            // A length may look like a part of a letter; nothing does not.
            bytes.get_mut(start - 4..start)?.fill(0);
        }
        let bounds = std::mem::take(&mut words.0);
        Some(Self { text: String::from_utf8(bytes).ok()?, bounds, keys: Some(Vec::new()), last: None })
    }

    pub(super) fn is_dictionary(&self) -> bool {
        self.keys.is_some()
    }

    /// Lets rows be added by their places in the dictionary.
    pub(super) fn push_keys(&mut self, push: impl FnOnce(&mut Vec<u32>) -> Option<()>) -> Option<()> {
        push(self.keys.as_mut()?)
    }

    /// Adds a row by its text's place in a dictionary that is not kept.
    pub(super) fn push_word(&mut self, key: u32, words: &Plain, dictionary: &[u8]) -> Option<()> {
        match self.last {
            Some((last, span)) if last == key => self.bounds.push(span),
            _ => {
                self.push_text(words.get(dictionary, key))?;
                self.last = self.bounds.last().map(|span| (key, *span));
            }
        }
        Some(())
    }

    /// Adds a row. `None` if its text is not UTF-8, or there is none.
    #[allow(clippy::option_option)]
    pub(super) fn push_text(&mut self, text: Option<Option<&[u8]>>) -> Option<()> {
        let span = match text? {
            Some(text) => {
                let start = self.text.len();
                (start.saturating_add(text.len()) <= MOST_TEXT).then_some(())?;
                self.text.push_str(str::from_utf8(text).ok()?);
                (u32::try_from(start).ok()?, u32::try_from(self.text.len()).ok()?)
            }
            None => NOWHERE,
        };
        if let Some(keys) = &mut self.keys {
            keys.push(u32::try_from(self.bounds.len()).ok()?);
        }
        self.bounds.push(span);
        Some(())
    }

    /// Puts texts that rows would look for all over a large dictionary one behind
    /// the other: many are on their way at a time here, where a row waits for each.
    pub(super) fn gathered(self) -> Option<Self> {
        let Some(keys) = self.keys.as_ref().filter(|_| self.text.len() > NEAR) else { return Some(self) };
        let mut gathered = Self { bounds: Vec::with_capacity(keys.len()), ..Self::default() };
        let mut last = (GAP, NOWHERE);
        for key in keys {
            if *key == GAP {
                last = (GAP, NOWHERE);
            } else if last.0 != *key {
                let start = gathered.text.len();
                let (from, to) = *self.bounds.get(*key as usize)?;
                let text = self.text.get(from as usize..to as usize)?;
                (start.saturating_add(text.len()) <= MOST_TEXT).then_some(())?;
                gathered.text.push_str(text);
                last = (*key, (u32::try_from(start).ok()?, u32::try_from(gathered.text.len()).ok()?));
            }
            gathered.bounds.push(last.1);
        }
        Some(gathered)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.as_ref().map_or(self.bounds.len(), Vec::len)
    }

    /// The text of a row, if there is one.
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<&str> {
        let place = match &self.keys {
            Some(keys) => *keys.get(row)? as usize,
            None => row,
        };
        let (start, end) = *self.bounds.get(place)?;
        self.text.get(start as usize..end as usize)
    }

    /// Keeps the rows whose text is wanted, and says which those are.
    pub(super) fn retain(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<u32> {
        let is_wanted = |(start, end): &Span| self.text.get(*start as usize..*end as usize).is_some_and(&wanted);
        let verdicts: Vec<bool> = self.bounds.iter().map(is_wanted).collect();
        let keys = self.keys.take().unwrap_or_else(|| (0..).take(self.bounds.len()).collect());
        let is_kept = |key: u32| verdicts.get(key as usize).copied().unwrap_or(false);
        let kept: Vec<u32> = (0..).zip(&keys).filter(|(_, key)| is_kept(**key)).map(|(row, _)| row).collect();
        if kept.len() < keys.len() {
            self.keys = Some(kept.iter().filter_map(|row| keys.get(*row as usize).copied()).collect());
        } else {
            self.keys = Some(keys);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dictionary of `count` texts of 40 bytes, and so many rows that look for
    /// them up and down.
    fn spans(count: u32) -> Spans {
        let words =
            (0..count).flat_map(|at| [40_u32.to_le_bytes().to_vec(), format!("{at:040}").into_bytes()].concat());
        let bytes: Vec<u8> = words.collect();
        let mut plain = Plain::default();
        plain.find(&bytes, count as usize).unwrap();
        let mut spans = Spans::of_dictionary(bytes, &mut plain).unwrap();
        let keys = (0..3 * count).map(|row| if row % 5 == 0 { GAP } else { row / 2 * 7 % count });
        spans
            .push_keys(|all| {
                all.extend(keys);
                Some(())
            })
            .unwrap();
        spans
    }

    #[test]
    fn texts_are_the_same_where_they_are_gathered() {
        for (count, is_far) in [(10, false), (5_000, true)] {
            let gathered = spans(count).gathered().unwrap();
            assert_eq!(gathered.is_dictionary(), !is_far);
            let near = spans(count);
            assert_eq!((gathered.len(), near.get(0)), (near.len(), None));
            assert!((0..near.len() + 2).all(|row| gathered.get(row) == near.get(row)));
            assert_eq!(near.get(4).map(str::len), Some(40));
            // What is wanted is found in either.
            let wanted = |text: &str| text.ends_with('3');
            let kept = spans(count).retain(wanted);
            assert!(!kept.is_empty() && kept.iter().all(|row| near.get(*row as usize).is_some_and(wanted)));
            let mut gathered = gathered;
            assert_eq!(gathered.retain(wanted), kept);
            assert!(kept.iter().enumerate().all(|(at, row)| gathered.get(at) == near.get(*row as usize)));
        }
    }

    #[test]
    fn one_long_word_is_not_put_together_without_end() {
        let word = vec![b'a'; MOST_TEXT / 4];
        let mut spans = Spans::default();
        for _ in 0..4 {
            assert_eq!(spans.push_text(Some(Some(&word))), Some(()));
        }
        assert_eq!(spans.push_text(Some(Some(b"a"))), None);
        assert_eq!(spans.push_text(Some(Some(b""))), Some(()));
    }

    #[test]
    fn texts_that_are_not_utf8_are_refused() {
        let mut plain = Plain::default();
        // Two halves of a letter are no letter.
        let halves = [&[1, 0, 0, 0, 0xc3][..], &[1, 0, 0, 0, 0xa4]].concat();
        plain.find(&halves, 2).unwrap();
        assert!(Spans::default().push_word(0, &plain, &halves).is_none());
        assert!(Spans::of_dictionary(halves, &mut plain).is_none());
        // Nor are a length and a text.
        let length = [&[0xc3, 0, 0, 0][..], &[b'a'; 0xc3]].concat();
        plain.find(&length, 1).unwrap();
        assert!(Spans::of_dictionary(length, &mut plain).is_some());
        assert_eq!(plain.find(&[5, 0, 0, 0, 1], 1), None);
    }
}
