//! Ranges: the guideline's entries, every way to print one, and every refusal.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::{DiagnosisCode, Icd10, expand};
use crate::claim::Day;

static TABLE: LazyLock<Icd10> = LazyLock::new(|| Icd10::embedded().unwrap());

fn codes(entry: &str, sevenths: Option<&str>) -> Vec<String> {
    let codes = expand(entry, sevenths, &TABLE).unwrap();
    codes.into_iter().map(|index| TABLE.code(index).to_string()).collect()
}

fn refusal(entry: &str, sevenths: Option<&str>) -> String {
    expand(entry, sevenths, &TABLE).unwrap_err().to_string()
}

/// The coding section of the guideline, entry by entry.
const GUIDELINE: [(&str, usize); 10] = [
    ("C41.2", 1),
    ("C79.51 – C79.52", 2),
    ("C90.00 – C90.02", 3),
    ("D18.09", 1),
    ("D47.Z9", 1),
    ("M48.50XA – M48.58XS", 36),
    ("M80.08XA – M80.08XS", 6),
    ("M84.48XA – M84.48XS", 6),
    ("M84.58XA – M84.58XS", 6),
    ("M84.68XA – M84.68XS", 6),
];

#[test]
fn the_guidelines_ten_entries_hold_sixty_eight_codes() {
    let mut all = BTreeSet::new();
    for (entry, count) in GUIDELINE {
        let codes = codes(entry, None);
        assert_eq!(codes.len(), count, "{entry}");
        all.extend(codes);
    }
    assert_eq!(all.len(), 68);
    for outside in ["M80.88XA", "M48.50XK", "C90.10", "D47.Z1"] {
        assert!(!all.contains(outside), "{outside}");
    }
    let first_day = TABLE.first_day();
    for text in all {
        let index = TABLE.find(&DiagnosisCode::parse(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(TABLE.validity(index), (first_day, None), "{text}");
    }
}

#[test]
fn sevenths_are_those_that_exist() {
    assert_eq!(
        codes("M80.08XA–M80.08XS", None),
        ["M80.08XA", "M80.08XD", "M80.08XG", "M80.08XK", "M80.08XP", "M80.08XS"]
    );
    let sevenths: BTreeSet<_> =
        codes("M48.50XA–M48.58XS", None).iter().filter_map(|code| code.chars().last()).collect();
    assert_eq!(sevenths, BTreeSet::from(['A', 'D', 'G', 'S']));
}

#[test]
fn every_way_to_print_a_range_is_read() {
    for entry in [
        "C90.00–C90.02",
        "C90.00 — C90.02",
        "C90.00-C90.02",
        "C90.00 -- C90.02",
        " c90.00 to c90.02 ",
        "C90.00 THROUGH C90.02",
        "C9000toC9002",
        "C90.00\u{a0}\u{2013}\u{a0}C90.02",
        "C90.00 \u{2212} C90.02\u{200b}",
        "C 90.00 Through\n\tC90. 02",
    ] {
        assert_eq!(codes(entry, None), ["C90.00", "C90.01", "C90.02"], "{entry:?}");
    }
    assert_eq!(codes("d47.z9", None), ["D47.Z9"]);
    assert_eq!(codes("D47.Z9 - D47.Z9", None), ["D47.Z9"]);
}

#[test]
fn ends_of_different_lengths_are_compared_bytewise() {
    assert_eq!(codes("D18.09 – D18.1", None), ["D18.09", "D18.1"]);
    // K35.2 was subdivided: what begins with it lies behind it.
    assert_eq!(codes("K35.2", None), ["K35.2"]);
}

#[test]
fn a_range_is_narrowed_by_seventh_character() {
    assert_eq!(codes("M80.08XA–M80.08XS", Some("a, s")), ["M80.08XA", "M80.08XS"]);
    // A range over codes of six and of seven characters keeps only the latter.
    assert!(codes("C79.51 – D18.09", None).len() > 100);
    assert_eq!(codes("S22.000A–S22.089S", Some("AB")).len(), 2 * codes("S22.000A–S22.089S", Some("S")).len());
    for (sevenths, message) in [
        ("Z", "no code from M80.08XA to M80.08XS has a seventh character among \"Z\""),
        (" ", "seventh characters must be letters or digits, at least one, and not \" \""),
        ("A–S", "seventh characters must be letters or digits, at least one, and not \"A–S\""),
    ] {
        assert_eq!(refusal("M80.08XA–M80.08XS", Some(sevenths)), message);
    }
}

#[test]
fn a_refusal_says_what_to_mend() {
    for (entry, message) in [
        ("", "it cannot be read: it is empty"),
        ("–", "it cannot be read: nothing stands before the separator"),
        ("to C79.52", "it cannot be read: nothing stands before the separator"),
        ("C79.51 through", "it cannot be read: nothing stands behind the separator"),
        (
            "C79.51 – C79.52 – C79.53",
            "it cannot be read: it has more than one separator; write each range as an entry of its own",
        ),
        (
            "C79.51 to – C79.52",
            "it cannot be read: it has more than one separator; write each range as an entry of its own",
        ),
        ("C79.51, C79.52", "it cannot be read: \"C79.51,C79.52\" is not a code; an entry is one code or one range"),
        ("C79.51 – *", "it cannot be read: \"*\" is not a code; an entry is one code or one range"),
        (
            "M48.5",
            "M48.5 is not a code of the diagnosis table: it is a header; 36 codes begin with it, M48.50XA to M48.58XS",
        ),
        (
            "M48.5 – M48.58XS",
            "the start, M48.5 is not a code of the diagnosis table: it is a header; 36 codes begin with it, M48.50XA to M48.58XS",
        ),
        (
            "M48.50XA – M48.58XT",
            "the end, M48.58XT is not a code of the diagnosis table: the nearest codes are M48.58XS and M48.8X1",
        ),
        ("M80.08XA – S", "the end, S is not a code of the diagnosis table: if M80.08XS is meant, write it out"),
        ("00", "00 is not a code of the diagnosis table: the nearest code is A00.0"),
        ("C79.52 – C79.51", "its ends are the wrong way round: C79.51 comes before C79.52"),
    ] {
        assert_eq!(refusal(entry, None), message, "{entry:?}");
    }
    let day = Day::from_days(0);
    let one = Icd10::from_rows("test", day, day, [("A00.0".to_owned(), day, None)]).unwrap();
    let message = |entry, table| expand(entry, None, table).unwrap_err().to_string();
    assert_eq!(
        message("A00", &one),
        "A00 is not a code of the diagnosis table: it is a header; the one code that begins with it is A00.0"
    );
    let none = Icd10::from_rows("test", day, day, []).unwrap();
    assert_eq!(message("A00", &none), "A00 is not a code of the diagnosis table: the table is empty");
}

/// What a range means, written down as plainly as can be.
fn scan(rows: &BTreeSet<String>, first: &str, last: &str, sevenths: Option<&str>) -> Vec<String> {
    let kept = |code: &&String| {
        let seventh = code.chars().nth(6);
        first <= code.as_str()
            && code.as_str() <= last
            && sevenths.is_none_or(|wanted| seventh.is_some_and(|seventh| wanted.contains(seventh)))
    };
    rows.iter().filter(kept).cloned().collect()
}

proptest! {
    #[test]
    fn a_range_is_what_a_scan_finds(
        rows in proptest::collection::btree_set("[A-C][0-2]{2}([0-1A]{1,3}|[0-1]X{1,2}[ADS]|[0-1]{3}[ADS])?", 1..60),
        picks in (any::<proptest::sample::Index>(), any::<proptest::sample::Index>()),
        separator in prop::sample::select(vec!["-", " – ", "—", " to ", "THROUGH", " - "]),
        sevenths in proptest::option::of("[ADS]{1,2}"),
        lower in any::<bool>(),
    ) {
        let day = Day::from_days(16_709);
        let table = Icd10::from_rows("test", day, day, rows.iter().map(|code| (code.clone(), day, None))).unwrap();
        let rows_in_order: Vec<_> = rows.iter().cloned().collect();
        let (a, b) = (picks.0.get(&rows_in_order), picks.1.get(&rows_in_order));
        let printed = |code: &str| DiagnosisCode::parse(code.as_bytes()).unwrap().to_string();
        let mut entry = format!("{}{separator}{}", printed(a), printed(b));
        if lower {
            entry.make_ascii_lowercase();
        }
        let expected = scan(&rows, a, b, sevenths.as_deref());
        match expand(&entry, sevenths.as_deref(), &table) {
            Ok(codes) => {
                let codes: Vec<_> = codes.into_iter().map(|i| table.code(i).undotted().to_string()).collect();
                prop_assert_eq!(codes, expected);
            }
            // Only an empty answer is refused.
            Err(error) => prop_assert!(expected.is_empty(), "{}", error),
        }
    }

    #[test]
    fn no_entry_makes_it_panic(entry in "\\PC{0,24}", sevenths in proptest::option::of("\\PC{0,4}")) {
        let _ = expand(&entry, sevenths.as_deref(), &TABLE);
    }

    #[test]
    fn no_nearly_readable_entry_makes_it_panic(entry in "[A-D0-9. ]{0,9}(-|–|to|through| )[A-D0-9X. ]{0,9}") {
        let _ = expand(&entry, None, &TABLE).map_err(|error| error.to_string());
    }
}
