//! A column of texts as they come.

use super::words::Vocabulary;
use crate::short::{TextBuffer, WideText};

/// Distinct texts beyond which a dictionary helps nobody.
const MOST_WORDS: usize = 1 << 16;
/// Distinct texts from which on it is asked whether they repeat at all.
const FIRST_LOOK: usize = 1 << 10;

/// A column of texts. One that is known to stand on several rows, one behind the other, is held
/// once.
///
/// What is the same farther apart is found when all rows are there: looked up one behind
/// the other, texts do not wait for each other's memory.
#[derive(Default)]
pub(super) struct Texts {
    bytes: TextBuffer,
    runs: Vec<Run>,
    /// The number of the last run's text.
    number: u32,
}

/// Rows that have one text.
struct Run {
    /// Where the text ends; it begins where the one before it does.
    end: usize,
    rows: u32,
}

impl Texts {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.runs.clear();
        self.number = 0;
    }

    /// Adds a row's text, of which the number is not 0 where rows beside it may have the same.
    #[inline]
    pub(super) fn push(&mut self, text: WideText<'_>, number: u32) {
        if number != 0
            && number == self.number
            && let Some(run) = self.runs.last_mut()
        {
            run.rows += 1;
            return;
        }
        self.number = number;
        self.bytes.add_row(text.len(), |to| to.add_wide(text));
        self.runs.push(Run { end: self.bytes.len(), rows: 1 });
    }

    /// The texts, each with how many rows have it.
    pub(super) fn runs(&self) -> impl Iterator<Item = (&[u8], u32)> {
        let mut start = 0;
        self.runs.iter().map(move |run| {
            let text = self.bytes.as_bytes().get(start..run.end).unwrap_or_default();
            start = run.end;
            (text, run.rows)
        })
    }

    /// Of each row the place of its text among the distinct ones; `false` where so many
    /// are distinct that a dictionary does not help.
    pub(super) fn words(&self, known: &mut Vocabulary, keys: &mut Vec<u32>) -> bool {
        known.clear();
        keys.clear();
        for (text, rows) in self.runs() {
            let (count, before) = (known.len(), keys.len());
            let place = known.place_of(text);
            let is_new = known.len() > count;
            // Told by the first row alone that has the text: how those behind it are held together
            // is no matter of the rows.
            if is_new && (count >= MOST_WORDS || (count >= FIRST_LOOK && before < 2 * count)) {
                return false;
            }
            keys.resize(before + rows as usize, place);
        }
        true
    }
}
