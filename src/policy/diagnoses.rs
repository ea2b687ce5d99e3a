//! The diagnoses of a coverage, and what each says.

use std::sync::Arc;

use super::RegionIndex;
use crate::claim::Etiology;
use crate::icd10::{CodeIndex, CodeRange};

/// Which standing a listed diagnosis has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Standing {
    /// It supports the service.
    Supporting,
    /// A covered indication whose codes the policy leaves off its list: for a
    /// person to look at.
    Review,
}

impl Standing {
    /// The word used in policies and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Supporting => "supporting",
            Self::Review => "review",
        }
    }
}

/// What a listed diagnosis says about the cause.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ListedEtiology {
    /// This cause.
    Is(Etiology),
    /// The code does not tell.
    NotTold,
    /// None of those that indications know.
    None,
}

/// A diagnosis on a version's list.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct ListedDiagnosis {
    /// Supporting or for review.
    pub standing: Standing,
    /// The cause that the code tells.
    pub etiology: ListedEtiology,
    /// The region that the code names.
    pub region: Option<RegionIndex>,
    /// Codes of which one must stand on the same line for this one to count;
    /// empty where it counts alone.
    pub together_with: Arc<[CodeIndex]>,
}

/// Neighbouring codes of an entry that say the same, by the place of what they say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ListedSpan {
    pub(super) codes: CodeRange,
    pub(super) says: u16,
}

/// Codes are looked for within blocks of so many of them, as a power of two: few
/// enough that a block holds no more than some spans, many enough that a table of
/// few spans stays small.
const BLOCK: u32 = 8;

/// A span as it is looked up: eight bytes, so that a line of the processor's cache
/// has several.
#[derive(Clone, Copy, Debug)]
struct Span {
    first: CodeIndex,
    length: u16,
    says: u16,
}

impl Span {
    fn behind(self) -> usize {
        self.first.as_usize() + usize::from(self.length)
    }
}

/// The diagnoses of one coverage.
///
/// Lists are printed as ranges and looked up as ranges: spans of neighbouring
/// codes, and for each block of codes the first span to look at. That takes some
/// bytes for each entry of a list, where a map took some for each code of it; with
/// a thousand policies loaded, the difference is most of the time of loading.
#[derive(Clone, Debug, Default)]
pub struct DiagnosisTable {
    /// What codes say, each once.
    said: Arc<[ListedDiagnosis]>,
    /// In order, and without a code in common.
    spans: Box<[Span]>,
    /// Of each block of codes, the first span that ends in it or behind it; up to
    /// the block of the last code, and one more.
    starts: Box<[u32]>,
}

impl DiagnosisTable {
    /// Makes a table of spans that are in order and have no code in common.
    pub(super) fn new(said: Arc<[ListedDiagnosis]>, listed: impl IntoIterator<Item = ListedSpan>) -> Self {
        let listed = listed.into_iter();
        let mut spans: Vec<Span> = Vec::with_capacity(listed.size_hint().0);
        for ListedSpan { codes, says } in listed {
            let mut rest = codes;
            // A span that is longer than can be said is several.
            while u16::try_from(rest.len()).is_err() {
                spans.push(Span { first: rest.first(), length: u16::MAX, says });
                rest = rest.skipping(usize::from(u16::MAX));
            }
            let Ok(length @ 1..) = u16::try_from(rest.len()) else { continue };
            // Neighbours that say the same are one span.
            if let Some(last) = spans.last_mut()
                && last.says == says
                && last.behind() == rest.first().as_usize()
                && let Some(both) = last.length.checked_add(length)
            {
                last.length = both;
            } else {
                spans.push(Span { first: rest.first(), length, says });
            }
        }
        let mut starts = Vec::new();
        for (place, span) in (0..).zip(&spans) {
            let blocks = ((span.behind() - 1) >> BLOCK) + 1;
            starts.resize(blocks.max(starts.len()), place);
        }
        starts.push(u32::try_from(spans.len()).unwrap_or(u32::MAX));
        Self { said, spans: spans.into(), starts: starts.into() }
    }

    /// The entry of a code.
    #[must_use]
    pub fn get(&self, code: CodeIndex) -> Option<&ListedDiagnosis> {
        let block = code.as_usize() >> BLOCK;
        let (start, next) = (*self.starts.get(block)? as usize, *self.starts.get(block + 1)? as usize);
        // The last one may have its end in this block, or be the first behind it.
        let spans = self.spans.get(start..(next + 1).min(self.spans.len()))?;
        let span = spans.get(spans.partition_point(|span| span.behind() <= code.as_usize()))?;
        if code < span.first { None } else { self.said.get(usize::from(span.says)) }
    }

    /// Every code with its entry, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (CodeIndex, &ListedDiagnosis)> {
        self.spans.iter().flat_map(|span| {
            let entry = self.said.get(usize::from(span.says));
            let codes = CodeRange::from(span.first).extended(usize::from(span.length));
            codes.filter_map(move |code| Some((code, entry?)))
        })
    }

    /// How many codes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.iter().map(|span| usize::from(span.length)).sum()
    }

    /// Whether it has no code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::icd10::{DiagnosisCode, Icd10};

    /// Places of the embedded table, as many as it has.
    fn places() -> Vec<CodeIndex> {
        let table = Icd10::embedded().unwrap();
        let ends = ["A00.0", "Z99.89"].map(|code| DiagnosisCode::parse(code.as_bytes()).unwrap());
        table.range(&ends[0], &ends[1]).unwrap().collect()
    }

    fn listed(region: u16) -> ListedDiagnosis {
        ListedDiagnosis {
            standing: Standing::Supporting,
            etiology: ListedEtiology::NotTold,
            region: Some(RegionIndex(region)),
            together_with: Arc::new([]),
        }
    }

    #[test]
    fn an_empty_table_has_no_code() {
        let table = DiagnosisTable::default();
        assert!(table.is_empty());
        assert_eq!((table.len(), table.iter().count(), table.get(places()[0])), (0, 0, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// As a map from codes would be.
        #[test]
        fn every_code_has_its_entry_and_no_other_has_one(
            ranges in proptest::collection::vec((0_usize..75_000, 1_usize..300, 0_u16..3), 0..40),
        ) {
            let places = places();
            let mut map = BTreeMap::new();
            for (first, length, says) in ranges {
                for place in &places[first..first + length] {
                    map.entry(*place).or_insert(says);
                }
            }
            let said: Vec<_> = (0..3).map(listed).collect();
            let spans = map.iter().map(|(code, says)| ListedSpan { codes: (*code).into(), says: *says });
            let table = DiagnosisTable::new(said.clone().into(), spans);
            prop_assert_eq!((table.len(), table.is_empty()), (map.len(), map.is_empty()));
            for place in &places {
                let expected = map.get(place).map(|says| &said[usize::from(*says)]);
                prop_assert_eq!(table.get(*place), expected);
            }
            let expected = map.iter().map(|(code, says)| (*code, &said[usize::from(*says)]));
            prop_assert!(table.iter().eq(expected));
        }
    }
}
