//! What a policy says for people, kept as one text.

use std::cell::RefCell;

/// A text of a policy, by its place among all texts of that policy:
/// [`Policy::text`](super::Policy::text) has it.
///
/// A policy has hundreds of short texts that only people ask for. One allocation
/// for all of them is a good part of the time in which many policies load.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Excerpt {
    start: u32,
    end: u32,
}

impl Excerpt {
    /// The text.
    pub(super) fn of(self, texts: &str) -> &str {
        texts.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Texts that are being collected.
pub(super) struct Texts(RefCell<String>);

impl Texts {
    /// None yet; of a file of so many bytes, they will be less than half.
    pub(super) fn of_file(bytes: usize) -> Self {
        Self(RefCell::new(String::with_capacity(bytes / 2)))
    }

    /// Keeps a text; `None` where there are gigabytes already.
    pub(super) fn keep(&self, text: &str) -> Option<Excerpt> {
        let mut all = self.0.borrow_mut();
        let start = u32::try_from(all.len()).ok()?;
        let end = start.checked_add(u32::try_from(text.len()).ok()?)?;
        all.push_str(text);
        Some(Excerpt { start, end })
    }

    /// All of them, none of which is kept here any more.
    pub(super) fn take(&self) -> Box<str> {
        self.0.take().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_found_again() {
        let texts = Texts::of_file(8);
        let kept = ["Section ä", "", "Section ä", "C41.2"].map(|text| (text, texts.keep(text).unwrap()));
        let all = texts.take();
        for (text, excerpt) in kept {
            assert_eq!(excerpt.of(&all), text);
        }
        assert_eq!(Excerpt { start: 900, end: 901 }.of(&all), "");
    }
}
