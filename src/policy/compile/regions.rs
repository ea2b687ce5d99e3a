//! Regions, and what they share with diagnosis lists: entries of which no two may
//! hold one code.

use std::fmt;

use rustc_hash::FxHashMap;

use super::error::{PolicyError, Source};
use super::names::{Names, entry};
use crate::icd10::{CodeIndex, CodeRange, Icd10, expand_all};
use crate::policy::RegionIndex;
use crate::policy::raw::RawRegion;

const REGION: &str = "region";

/// An entry of a list, for messages.
pub(super) struct EntryName<'a> {
    pub(super) kind: &'static str,
    pub(super) id: &'a str,
    pub(super) number: usize,
    pub(super) text: &'a str,
}

impl fmt::Display for EntryName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, id, number, text } = self;
        write!(f, "{kind} \"{id}\", entry {number} \"{text}\"")
    }
}

/// Which region a diagnosis names.
#[derive(Default)]
pub(super) struct RegionsByCode {
    /// In the order of the codes.
    spans: Vec<(CodeRange, RegionIndex)>,
}

impl RegionsByCode {
    /// The parts of a range of which each names one region, or none, in order.
    pub(super) fn parts(&self, range: CodeRange) -> impl Iterator<Item = (CodeRange, Option<RegionIndex>)> {
        let first = self.spans.partition_point(|(codes, _)| codes.behind() <= range.first());
        let mut spans = self.spans.get(first..).unwrap_or_default().iter();
        let (mut rest, mut next) = (range, spans.next());
        std::iter::from_fn(move || {
            let Some((codes, region)) = next.filter(|_| rest.len() > 0) else {
                let (behind, part) = rest.split_at(rest.behind());
                rest = part;
                return (behind.len() > 0).then_some((behind, None));
            };
            let (before, from) = rest.split_at(codes.first());
            if before.len() > 0 {
                rest = from;
                return Some((before, None));
            }
            let (part, behind) = rest.split_at(codes.behind());
            (rest, next) = (behind, spans.next());
            Some((part, Some(*region)))
        })
    }
}

/// Compiles the regions.
pub(super) fn compile(
    source: Source<'_>,
    table: &Icd10,
    raw: &[RawRegion<'_>],
) -> Result<(Names, RegionsByCode), PolicyError> {
    let names = Names::collect(source, REGION, raw.iter().map(|region| &*region.id))?;
    let mut spans = Vec::new();
    let resolved = resolve(source, table, raw, &mut spans);
    if let Some(Repeat { code, first, second: (place, number) }) = Repeat::find(&spans) {
        let first = names.at(first.0);
        let (id, text) = raw
            .get(place)
            .map_or(("", ""), |region| (&*region.id, region.diagnoses.get(number - 1).map_or("", String::as_str)));
        let reason = format!("{} is in region \"{first}\" already", table.code(code));
        return Err(source.refuse(EntryName { kind: REGION, id, number, text }, reason));
    }
    resolved?;
    let with_region = |(codes, (place, _))| Ok((codes, region_index(place)?));
    let mut spans = spans.into_iter().map(with_region).collect::<Result<Vec<_>, PolicyError>>()?;
    spans.sort_by_key(|(codes, _)| codes.first());
    Ok((names, RegionsByCode { spans }))
}

/// The codes of every entry, with the place of its region and its number there, up
/// to an entry at fault.
fn resolve(
    source: Source<'_>,
    table: &Icd10,
    raw: &[RawRegion<'_>],
    spans: &mut Vec<(CodeRange, (usize, usize))>,
) -> Result<(), PolicyError> {
    for (place, region) in raw.iter().enumerate() {
        region_index(place)?;
        source.not_empty(entry(REGION, &region.id), "diagnoses", &region.diagnoses)?;
        for (number, text) in (1..).zip(&region.diagnoses) {
            let name = EntryName { kind: REGION, id: &region.id, number, text };
            spans.push((expand_all(text, table).map_err(|error| source.refuse(name, error))?, (place, number)));
        }
    }
    Ok(())
}

/// The index of the region at a place.
pub(super) fn region_index(place: usize) -> Result<RegionIndex, PolicyError> {
    u16::try_from(place).map(RegionIndex).map_err(|_| PolicyError::TooMany)
}

/// A code that two entries hold.
pub(super) struct Repeat<E> {
    pub(super) code: CodeIndex,
    pub(super) first: E,
    pub(super) second: E,
}

impl<E: Copy> Repeat<E> {
    /// The first one, in the order of the entries and of their codes.
    pub(super) fn find(spans: &[(CodeRange, E)]) -> Option<Self> {
        // Most are in order.
        if spans.is_sorted_by(|(one, _), (next, _)| one.behind() <= next.first()) {
            return None;
        }
        let mut ranges: Vec<_> = spans.iter().map(|(codes, _)| (codes.first(), codes.behind())).collect();
        ranges.sort();
        if ranges.is_sorted_by(|(_, behind), (next, _)| behind <= next) {
            return None;
        }
        // There is one: which, only looking at every code tells.
        let mut entry_of = FxHashMap::default();
        let codes = spans.iter().flat_map(|(codes, entry)| codes.clone().map(|code| (code, *entry)));
        codes.into_iter().find_map(|(code, second)| {
            let first = entry_of.insert(code, second)?;
            Some(Self { code, first, second })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TABLE, place};
    use super::*;

    fn range(entry: &str) -> CodeRange {
        expand_all(entry, &TABLE).unwrap()
    }

    #[test]
    fn a_range_falls_into_the_parts_that_name_one_region() {
        let spans = [("M48.52XA – M48.52XS", 1), ("M48.53XA – M48.53XS", 2), ("M48.55XD", 3)];
        let regions = RegionsByCode { spans: spans.map(|(text, at)| (range(text), RegionIndex(at))).into() };
        let parts = |entry: &str| -> Vec<(String, Option<u16>)> {
            let parts = regions.parts(range(entry));
            let words = |codes: CodeRange| {
                codes.map(|code| TABLE.code(code).to_string()).collect::<Vec<_>>().join(" ").replace("M48.", "")
            };
            parts.map(|(codes, region)| (words(codes), region.map(|at| at.0))).collect()
        };
        let part = |codes: &str, region| (codes.to_owned(), region);
        let expected = [
            part("51XS", None),
            part("52XA 52XD 52XG 52XS", Some(1)),
            part("53XA 53XD 53XG 53XS", Some(2)),
            part("54XA 54XD 54XG 54XS 55XA", None),
            part("55XD", Some(3)),
            part("55XG", None),
        ];
        assert_eq!(parts("M48.51XS – M48.55XG"), expected);
        assert_eq!(parts("M48.52XD – M48.52XG"), [part("52XD 52XG", Some(1))]);
        assert_eq!(parts("M48.55XD"), [part("55XD", Some(3))]);
        assert_eq!(parts("M48.58XA"), [part("58XA", None)]);
        assert_eq!(RegionsByCode::default().parts(range("M48.58XA – M48.58XS")).count(), 1);
    }

    #[test]
    fn the_first_code_that_is_there_twice_is_named() {
        let entries =
            |texts: &[&str]| -> Vec<_> { texts.iter().zip(1..).map(|(text, at)| (range(text), at)).collect() };
        let found =
            Repeat::find(&entries(&["S12.000A", "M48.53XA – M48.58XS", "C41.2", "M48.50XA – M48.54XS", "C41.2"]));
        let repeat = found.unwrap();
        assert_eq!((repeat.code, repeat.first, repeat.second), (place("M48.53XA"), 2, 4));
        assert!(Repeat::find(&entries(&["M48.53XA – M48.58XS", "M48.50XA – M48.52XS", "C41.2"])).is_none());
    }
}
