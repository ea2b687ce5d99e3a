//! Texts of a column, as spans of one long text.

use std::str;

use super::runs::GAP;
use super::values::mark;
use super::words::{Plain, Span, Words};
use crate::input::Parts;
use crate::short::same;

/// The span of a text that is missing.
const NOWHERE: Span = (u32::MAX, 0);

/// More text than this is not put together: words that are one and the same stand in a
/// file once, however long they are.
const MOST_TEXT: usize = 256 << 20;

/// Where a text of this length stands that comes behind so many bytes. `None` where they become too many.
#[inline]
fn behind(start: usize, length: usize) -> Option<Span> {
    let end = start.saturating_add(length);
    (end <= MOST_TEXT).then_some(())?;
    Some((u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}

/// So many rows are looked at before any of them is kept: few are, and not the next ones.
const AT_ONCE: usize = 8;

/// The texts of rows, some of which may be missing.
#[derive(Default)]
pub(super) struct Spans {
    text: String,
    bounds: Vec<Span>,
    /// Of each row its span's place; where it is `None`, the row's own.
    keys: Option<Vec<u32>>,
    last: Option<(u32, Span)>,
    /// Whether some come from pages that have them as they are, where one that comes again
    /// stands there again.
    some_as_they_are: bool,
    /// How much of the text and of the spans is a dictionary's, and stays.
    kept: (usize, usize),
}

impl Spans {
    /// Texts by their places in a dictionary.
    pub(super) fn of_words(words: Words) -> Self {
        let Words { text, bounds } = words;
        let kept = (text.len(), bounds.len());
        Self { text, bounds, keys: Some(Vec::new()), kept, ..Self::default() }
    }

    /// Forgets the rows.
    pub(super) fn clear(&mut self) {
        self.text.truncate(self.kept.0);
        self.bounds.truncate(self.kept.1);
        self.last = None;
        self.some_as_they_are = false;
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
        self.push_each(keys, &words.bounds, |text, (start, end)| {
            let word = words.text.get(start as usize..end as usize)?;
            let span = behind(text.len(), word.len())?;
            text.push_str(word);
            Some(span)
        })
    }

    /// The same, of a dictionary of which it is not known whether it is text. `None` if
    /// what is wanted of it is not. In `letters` it is put together.
    pub(super) fn push_found(
        &mut self,
        keys: &[u32],
        words: &Plain,
        bytes: &[u8],
        letters: &mut Vec<u8>,
    ) -> Option<()> {
        let (before, first) = (self.text.len(), self.bounds.len());
        // Keys of one page mean nothing to the next, nor to a dictionary.
        self.last = None;
        letters.clear();
        self.push_each(keys, &words.0, |text, (start, end)| {
            let word = bytes.get(start as usize..end as usize)?;
            let span = behind(text.len() + letters.len(), word.len())?;
            letters.extend_from_slice(word);
            Some(span)
        })?;
        self.last = None;
        // All at once, and whether each is text by itself as well.
        let text = simdutf8::basic::from_utf8(letters).ok()?;
        if !text.is_ascii() {
            let mut spans = self.bounds.iter().skip(first).filter(|span| **span != NOWHERE);
            spans.all(|(start, _)| text.is_char_boundary(*start as usize - before)).then_some(())?;
        }
        self.text.push_str(text);
        Some(())
    }

    /// The same, of a page that has texts as they are.
    pub(super) fn push_plain(
        &mut self,
        places: &[u32],
        texts: &Plain,
        bytes: &[u8],
        letters: &mut Vec<u8>,
    ) -> Option<()> {
        self.some_as_they_are = true;
        self.push_found(places, texts, bytes, letters)
    }

    /// Adds rows by where their texts stand, which `put` puts behind those of the rows before.
    fn push_each(
        &mut self,
        keys: &[u32],
        words: &[Span],
        mut put: impl FnMut(&mut String, Span) -> Option<Span>,
    ) -> Option<()> {
        let Self { text, bounds, keys: places, last, .. } = self;
        let first = bounds.len();
        // Found for all before any is fetched: nothing waits then for how long one is that
        // lies where no cache has it, and the next ones are on their way.
        bounds.extend(keys.iter().map(|key| words.get(*key as usize).copied().unwrap_or(NOWHERE)));
        for (key, span) in keys.iter().zip(bounds.iter_mut().skip(first)) {
            if *span == NOWHERE {
                (*key == GAP).then_some(())?;
                continue;
            }
            *span = match *last {
                Some((last, span)) if last == *key => span,
                _ => put(text, *span)?,
            };
            *last = Some((*key, *span));
        }
        if let Some(places) = places {
            places.extend(u32::try_from(first).ok()?..u32::try_from(bounds.len()).ok()?);
        }
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
        self.at(*self.bounds.get(place)?)
    }

    /// Marks of rows that follow one another, from one on, those whose text may not be that
    /// of the row before them.
    pub(super) fn mark_changes(&self, first: usize, parts: Parts, changed: &mut [Parts]) {
        match &self.keys {
            Some(keys) => mark(keys, first, parts, changed, |one, next| one == next),
            None if !self.some_as_they_are => mark(&self.bounds, first, parts, changed, |one, next| one == next),
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
        let Self { text, bounds, keys, .. } = self;
        let is_wanted = |(start, end): &Span| text.get(*start as usize..*end as usize).is_some_and(&wanted);
        let Some(keys) = keys else {
            let mut row = 0;
            bounds.retain(|span| {
                row += 1;
                let is_old = row <= from;
                let is_kept = is_old || is_wanted(span);
                if is_kept && !is_old {
                    tell(row - from - 1);
                }
                is_kept
            });
            return;
        };
        // Words keep their places, be they of the dictionary or of a page that has its own.
        verdicts.extend(bounds.iter().skip(verdicts.len()).map(is_wanted));
        let is_kept = |key: &u32| verdicts.get(*key as usize).copied().unwrap_or_default();
        let (mut end, mut row) = (from, from);
        while let Some(here) = keys.get(row..).and_then(<[u32]>::first_chunk::<AT_ONCE>).copied() {
            let mut kept = here.iter().rev().fold(0, |kept: u32, key| kept << 1 | u32::from(is_kept(key)));
            while kept != 0 {
                let at = kept.trailing_zeros() as usize;
                if let Some((place, key)) = keys.get_mut(end).zip(here.get(at)) {
                    *place = *key;
                    end += 1;
                }
                tell(row + at - from);
                kept &= kept - 1;
            }
            row += AT_ONCE;
        }
        for row in row..keys.len() {
            let Some(key) = keys.get(row).copied().filter(is_kept) else { continue };
            if let Some(place) = keys.get_mut(end) {
                *place = key;
                end += 1;
            }
            tell(row - from);
        }
        keys.truncate(end);
    }
}

#[cfg(test)]
mod tests;
