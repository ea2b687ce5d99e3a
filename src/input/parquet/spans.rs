//! Texts of a column, as spans of one long text.

use std::str;

use super::runs::GAP;
use super::values::mark;
use crate::input::Parts;
use crate::short::same;

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

    /// One by its place.
    fn get<'b>(&self, bytes: &'b [u8], place: u32) -> Option<&'b [u8]> {
        let (start, end) = *self.0.get(place as usize)?;
        bytes.get(start as usize..end as usize)
    }
}

/// A dictionary of more bytes does not stay in a core's cache beside the others.
const NEAR: usize = 1 << 17;

/// More text than this is not put together: words that are one and the same stand in a
/// file once, however long they are.
const MOST_TEXT: usize = 256 << 20;

/// The words of a dictionary, known to be text.
pub(super) struct Words {
    text: String,
    bounds: Vec<Span>,
}

impl Words {
    /// `None` if they are not all UTF-8.
    pub(super) fn new(mut bytes: Vec<u8>, words: &mut Plain) -> Option<Self> {
        for (start, _) in &words.0 {
            let start = *start as usize;
            // A length may look like a part of a letter; nothing does not.
            bytes.get_mut(start - 4..start)?.fill(0);
        }
        let bounds = std::mem::take(&mut words.0);
        Some(Self { text: String::from_utf8(bytes).ok()?, bounds })
    }

    /// Whether rows that look for them here find them in a core's cache.
    pub(super) fn are_near(&self) -> bool {
        self.text.len() <= NEAR
    }

    /// The memory of text and bounds.
    pub(super) fn into_memory(self) -> (Vec<u8>, Plain) {
        (self.text.into_bytes(), Plain(self.bounds))
    }

    #[inline]
    fn get(&self, key: u32) -> Option<&str> {
        let (from, to) = *self.bounds.get(key as usize)?;
        self.text.get(from as usize..to as usize)
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
    /// How much of the text and of the spans is a dictionary's, and stays.
    kept: (usize, usize),
}

impl Spans {
    /// Texts by their places in a dictionary.
    pub(super) fn of_words(words: Words) -> Self {
        let Words { text, bounds } = words;
        let kept = (text.len(), bounds.len());
        Self { text, bounds, keys: Some(Vec::new()), last: None, kept }
    }

    /// Forgets the rows.
    pub(super) fn clear(&mut self) {
        self.text.truncate(self.kept.0);
        self.bounds.truncate(self.kept.1);
        self.last = None;
        if let Some(keys) = &mut self.keys {
            keys.clear();
        }
    }

    /// Adds rows by their places in the dictionary that is kept. `None` where there is none.
    pub(super) fn push_keys(&mut self, keys: &[u32]) -> Option<()> {
        self.keys.as_mut()?.extend_from_slice(keys);
        Some(())
    }

    /// Adds rows by their texts' places in a dictionary that is not kept: put one behind
    /// the other, since many are on their way at a time here, where a row waits for each.
    pub(super) fn push_words(&mut self, keys: &[u32], words: &Words) -> Option<()> {
        self.push_each(keys, |key| words.get(key))
    }

    /// The same, of a dictionary of which it is not known whether it is text. `None` if
    /// what is wanted of it is not.
    pub(super) fn push_found(&mut self, keys: &[u32], words: &Plain, bytes: &[u8]) -> Option<()> {
        // Keys of one page mean nothing to the next, nor to a dictionary.
        self.last = None;
        let pushed = self.push_each(keys, |key| str::from_utf8(words.get(bytes, key)?).ok());
        self.last = None;
        pushed
    }

    fn push_each<'w>(&mut self, keys: &[u32], get: impl Fn(u32) -> Option<&'w str>) -> Option<()> {
        for key in keys {
            let span = match self.last {
                _ if *key == GAP => NOWHERE,
                Some((last, span)) if last == *key => span,
                _ => {
                    let span = self.put(get(*key)?)?;
                    self.last = Some((*key, span));
                    span
                }
            };
            if let Some(keys) = &mut self.keys {
                keys.push(u32::try_from(self.bounds.len()).ok()?);
            }
            self.bounds.push(span);
        }
        Some(())
    }

    #[inline]
    fn put(&mut self, text: &str) -> Option<Span> {
        let start = self.text.len();
        (start.saturating_add(text.len()) <= MOST_TEXT).then_some(())?;
        self.text.push_str(text);
        Some((u32::try_from(start).ok()?, u32::try_from(self.text.len()).ok()?))
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
        self.at(*self.bounds.get(place)?)
    }

    /// Marks of rows that follow one another, from one on, those whose text may not be that
    /// of the row before them.
    pub(super) fn mark_changes(&self, first: usize, parts: Parts, changed: &mut [Parts]) {
        match &self.keys {
            Some(keys) => mark(keys, first, parts, changed, |one, next| one == next),
            // Where there is no dictionary, each text stands by itself.
            None => mark(&self.bounds, first, parts, changed, |one, next| {
                one == next || self.at(*one).zip(self.at(*next)).is_some_and(|(a, b)| same(a.as_bytes(), b.as_bytes()))
            }),
        }
    }

    #[inline]
    fn at(&self, (start, end): Span) -> Option<&str> {
        self.text.get(start as usize..end as usize)
    }

    /// Of the rows from `from` on keeps those whose text is wanted, and tells which those
    /// are, counted from there. What is known of the dictionary is in `verdicts`.
    pub(super) fn retain(
        &mut self,
        from: usize,
        verdicts: &mut Vec<bool>,
        wanted: impl Fn(&str) -> bool,
        mut tell: impl FnMut(usize),
    ) {
        let Self { text, bounds, keys, kept, .. } = self;
        let is_wanted = |(start, end): &Span| text.get(*start as usize..*end as usize).is_some_and(&wanted);
        let mut at = 0;
        let mut told = |is_kept: bool| {
            if is_kept {
                tell(at);
            }
            at += 1;
        };
        let Some(keys) = keys else {
            let mut row = 0;
            bounds.retain(|span| {
                row += 1;
                let is_old = row <= from;
                let is_kept = is_old || is_wanted(span);
                if !is_old {
                    told(is_kept);
                }
                is_kept
            });
            return;
        };
        if verdicts.is_empty() {
            verdicts.extend(bounds.iter().take(kept.1).map(is_wanted));
        }
        let mut end = from;
        for row in from..keys.len() {
            let Some(key) = keys.get(row).copied() else { break };
            let is_kept = match verdicts.get(key as usize) {
                Some(verdict) => *verdict,
                None => bounds.get(key as usize).is_some_and(is_wanted),
            };
            told(is_kept);
            if is_kept && let Some(place) = keys.get_mut(end) {
                *place = key;
                end += 1;
            }
        }
        keys.truncate(end);
    }
}

#[cfg(test)]
mod tests;
