//! Days of service that were asked for.

use super::tests::{csv, embedded, options, rows};
use super::window::Window;
use super::*;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

#[test]
fn every_day_of_service_lies_in_the_span() {
    let index = embedded();
    for (from, to, in_scope) in [
        ("2023-07-01", "2026-06-30", 1.0),
        ("2019-01-01", "2019-12-31", 0.5),
        ("2018-06-01", "2018-11-30", 1.0),
        ("2012-01-01", "2013-12-31", 1.0),
        ("2024-02-29", "2024-02-29", 0.2),
        ("2001-01-01", "2001-12-31", 0.0),
    ] {
        let options = GenerateOptions { from: Some(day(from)), to: Some(day(to)), ..options(26_000, in_scope) };
        let text = csv(&options, &index);
        let days: Vec<_> = rows(&text).filter_map(|row| Day::parse_iso(row[5])).collect();
        assert!(days.len() > 25_900, "{from}");
        assert!(days.iter().all(|one| (day(from)..=day(to)).contains(one)), "{from}");
        // All of it is used, to the last week and from the first one on.
        let (first, last) = (days.iter().min().unwrap(), days.iter().max().unwrap());
        assert!(first.days() < day(from).days() + 7 && last.days() > day(to).days() - 7, "{from}: {first} to {last}");
    }
}

#[test]
fn one_end_may_be_left_to_the_usual() {
    let index = embedded();
    let usual = Window::around_newest(&index);
    let window = |from: Option<&str>, to: Option<&str>| {
        Window::of(&GenerateOptions { from: from.map(day), to: to.map(day), ..options(1, 1.0) }, &index).unwrap()
    };
    assert_eq!(window(None, None), usual);
    assert_eq!(window(Some("2020-01-01"), None), Window { first: day("2020-01-01"), last: usual.last });
    assert_eq!(window(None, Some("2025-01-01")), Window { first: usual.first, last: day("2025-01-01") });
    // The usual days asked for are the usual claims, but for those before all
    // versions.
    let asked = GenerateOptions { from: Some(usual.first), to: Some(usual.last), ..options(2_000, 0.0) };
    assert_eq!(csv(&asked, &index), csv(&options(2_000, 0.0), &index));
}

#[test]
fn a_span_without_a_day_or_a_policy_is_refused() {
    let index = embedded();
    let refused = |from: Option<&str>, to: Option<&str>, index: &PolicyIndex| {
        let options = GenerateOptions { from: from.map(day), to: to.map(day), ..options(10, 0.5) };
        generate_to(&options, index, std::io::sink(), Format::Csv, &|_| {}).unwrap_err().to_string()
    };
    assert_eq!(
        refused(Some("2024-02-01"), Some("2024-01-31"), &index),
        "days of service cannot go from 2024-02-01 to 2024-01-31"
    );
    assert_eq!(
        refused(Some("2001-01-01"), Some("2005-01-01"), &index),
        "no line can be in scope: no loaded policy says anything from 2001-01-01 to 2005-01-01; they speak since \
         2009-07-15"
    );
    let usual = Window::around_newest(&index);
    let before = refused(None, Some("2005-01-01"), &index);
    assert_eq!(before, format!("days of service cannot go from {} to 2005-01-01", usual.first));
}
