//! Text of a policy file, kept where it stands.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A piece of a policy file. It is a `str` to all intents.
///
/// A policy has hundreds of short texts that only people ask for. Each keeps the
/// whole file instead of a copy of its own, which takes less time and, together,
/// no more memory.
#[derive(Clone)]
pub struct Excerpt {
    file: Arc<str>,
    start: u32,
    end: u32,
}

impl Excerpt {
    /// A text that has been read from a file: as it stands there, or, where it was
    /// written in another way than it reads, as a text of its own.
    pub(super) fn new(file: &Arc<str>, text: &str) -> Self {
        let start = text.as_ptr().addr().wrapping_sub(file.as_ptr().addr());
        let stands_there = file.get(start..).is_some_and(|from| from.starts_with(text));
        match (u32::try_from(start), u32::try_from(start.saturating_add(text.len()))) {
            (Ok(start), Ok(end)) if stands_there => Self { file: Arc::clone(file), start, end },
            _ => Self::own(text),
        }
    }

    fn own(text: &str) -> Self {
        // What is longer than a file can be is cut off.
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self { file: text.into(), start: 0, end }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.file.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

impl Deref for Excerpt {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for Excerpt {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Excerpt {}

impl Serialize for Excerpt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_file_shares_it_and_another_stands_alone() {
        let file: Arc<str> = "cite = \"Section ä\"".into();
        let shared = Excerpt::new(&file, &file[8..18]);
        assert_eq!((shared.as_str(), Arc::strong_count(&file)), ("Section ä", 2));
        for other in ["Section ä", "", "elsewhere"] {
            let alone = Excerpt::new(&file, other);
            assert_eq!((alone.as_str(), Arc::strong_count(&file)), (other, 2));
        }
        let empty = Excerpt::new(&file, &file[..0]);
        assert!(empty.is_empty());
        assert_eq!(format!("[{shared:<10}] {shared:?}"), "[Section ä ] \"Section ä\"");
        assert_eq!(shared, Excerpt::own("Section ä"));
        assert_eq!(serde_json::to_string(&shared).unwrap(), "\"Section ä\"");
    }
}
