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
