//! The diagnoses of a coverage, and what each says.

use std::sync::{Arc, OnceLock};

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

/// A span as a table keeps it.
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

/// How many neighbouring codes share a page: those of a line of the processor's
/// cache.
const PAGE: usize = 32;

/// What stands for codes that are not listed; nothing is said there.
pub(super) const UNLISTED: u16 = u16::MAX;

/// By code, the place of what it says: two small tables, one after the other.
#[derive(Clone, Debug)]
struct Pages {
    /// Of each page of codes, where its places begin. The first are of pages
    /// without a listed code, which most are.
    starts: Vec<u32>,
    places: Vec<u16>,
}

impl Pages {
    #[inline]
    fn get(&self, code: CodeIndex) -> u16 {
        // Behind the last listed code, as where there is none.
        let start = self.starts.get(code.as_usize() / PAGE).copied().unwrap_or(0);
        self.places.get(start as usize + code.as_usize() % PAGE).copied().unwrap_or(UNLISTED)
    }
}

impl FromIterator<(CodeIndex, u16)> for Pages {
    fn from_iter<I: IntoIterator<Item = (CodeIndex, u16)>>(listed: I) -> Self {
        let mut pages = Self { starts: Vec::new(), places: vec![UNLISTED; PAGE] };
        for (code, says) in listed {
            let page = code.as_usize() / PAGE;
            pages.starts.resize(pages.starts.len().max(page + 1), 0);
            let Some(start) = pages.starts.get_mut(page) else { continue };
            if *start == 0 {
                *start = u32::try_from(pages.places.len()).unwrap_or(0);
                pages.places.resize(pages.places.len() + PAGE, UNLISTED);
            }
            if let Some(place) = pages.places.get_mut(*start as usize + code.as_usize() % PAGE) {
                *place = says;
            }
        }
        pages
    }
}

/// The diagnoses of one coverage.
///
/// It is kept as lists are printed, in spans of neighbouring codes: eight bytes for
/// each entry of a list, where a map takes some for each code. With a thousand
/// policies loaded, the difference is most of the time of loading. What codes are
/// looked up in is made when the first is asked for: few of many policies decide a
/// run's lines.
#[derive(Clone, Debug, Default)]
pub struct DiagnosisTable {
    /// What codes say, each once.
    said: Arc<[ListedDiagnosis]>,
    /// In order, and without a code in common.
    spans: Box<[Span]>,
    by_code: OnceLock<Pages>,
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
        Self { said, spans: spans.into(), by_code: OnceLock::new() }
    }

    /// The entry of a code.
    #[must_use]
    #[inline]
    pub fn get(&self, code: CodeIndex) -> Option<&ListedDiagnosis> {
        let pages = self.by_code.get_or_init(|| self.places().collect());
        self.said.get(usize::from(pages.get(code)))
    }

    /// Every code with its entry, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (CodeIndex, &ListedDiagnosis)> {
        self.places().filter_map(|(code, says)| Some((code, self.said.get(usize::from(says))?)))
    }

    /// Every code with the place of what it says.
    fn places(&self) -> impl Iterator<Item = (CodeIndex, u16)> {
        self.spans.iter().flat_map(|span| {
            let codes = CodeRange::from(span.first).extended(usize::from(span.length));
            codes.map(|code| (code, span.says))
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
