//! `verify` and parts of a summary that are taken away, added, doubled or put elsewhere; and the
//! figures of a shadow and of a chart review. Every digest is made to match.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::tampered::{differences, figure, found_text, raise, verdict};
use super::tampered_run::{run_of_everything, summary, write};
use super::{complaint, run_in, status};

/// What is done to a part.
type Change = (&'static str, fn(&mut Value) -> bool);

/// A change, and words by which it is told.
type Told = (fn(&mut Value), &'static str);

/// Each says whether there was something to change.
const CHANGES: [Change; 6] = [
    ("null", |part| std::mem::take(part).is_object()),
    ("extra", |part| part.as_object_mut().map(|part| part.insert("extra".to_owned(), 5.into())).is_some()),
    ("empty", |part| part.as_array_mut().is_some_and(|list| !std::mem::take(list).is_empty())),
    ("last gone", |part| part.as_array_mut().is_some_and(|list| list.pop().is_some())),
    ("forged before", |part| {
        part.as_array_mut().is_some_and(|list| {
            let mut forged = list.first().cloned().unwrap_or_default();
            for figure in forged.as_object_mut().into_iter().flat_map(|one| one.values_mut()) {
                if figure.is_u64() {
                    raise(figure);
                }
            }
            list.insert(0, forged);
            list.len() > 1
        })
    }),
    ("swapped", |part| {
        part.as_array_mut().is_some_and(|list| {
            let last = list.len().saturating_sub(1);
            if last > 0 {
                list.swap(0, last);
            }
            last > 0
        })
    }),
];

/// What no file of the folder tells: of the payer's overrides and the policies' versions, and
/// what lines say that was allowed.
const OF_THE_INPUTS: [(&str, &str); 15] = [
    ("/allowed", "empty"),
    ("/allowed", "last gone"),
    ("/overrides/overlaps", "empty"),
    ("/overrides/overlaps", "last gone"),
    ("/overrides/overlaps/*/rules", "empty"),
    ("/overrides/overlaps/*/rules", "last gone"),
    ("/overrides/overlaps/*/rules", "forged before"),
    ("/overrides/overlaps/*/rules", "swapped"),
    // Their order is that of the payer's file, and of the policy's.
    ("/overrides/overrides", "swapped"),
    ("/by_version", "swapped"),
    // The last one is expired: no line names it.
    ("/overrides/overrides", "last gone"),
    ("/overrides/overrides/*/rules", "empty"),
    ("/overrides/overrides/*/rules", "last gone"),
    ("/overrides/overrides/*/rules", "forged before"),
    ("/overrides/overrides/*/rules", "swapped"),
];

/// The first place of each kind of list and object.
fn parts(value: &Value, at: &str, kind: &str, all: &mut BTreeMap<String, String>) {
    let inner: Vec<_> = match value {
        Value::Array(items) => items.iter().take(2).enumerate().map(|(n, one)| (n.to_string(), "*", one)).collect(),
        Value::Object(items) => items.iter().map(|(name, one)| (name.clone(), name.as_str(), one)).collect(),
        _ => return,
    };
    all.entry(kind.to_owned()).or_insert_with(|| at.to_owned());
    for (name, of, one) in inner {
        parts(one, &format!("{at}/{name}"), &format!("{kind}/{of}"), all);
    }
}

#[test]
fn parts_of_a_summary_are_found_gone_added_or_doubled() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    let whole = summary(place);
    let mut kinds = BTreeMap::new();
    parts(&whole, "", "", &mut kinds);
    assert!(kinds.len() > 60, "{}", kinds.len());
    let mut unfound = Vec::new();
    for (kind, at) in &kinds {
        for (how, change) in CHANGES {
            let mut other = whole.clone();
            // Entries of lists are taken away whole above.
            let is_entry = how == "null" && (kind.is_empty() || kind.ends_with('*'));
            if OF_THE_INPUTS.contains(&(kind.as_str(), how)) || is_entry {
                continue;
            }
            if !change(other.pointer_mut(at).unwrap()) || other == whole {
                continue;
            }
            write(place, &other);
            let told = differences(place);
            if told.is_empty() || told.contains("its digest") || told.contains("report.html is not") {
                unfound.push(format!("{kind}, {how}: {told}"));
            }
        }
    }
    assert!(unfound.is_empty(), "{}", unfound.join("\n"));
    let mut other = whole.clone();
    other["service_dates"] = Value::Null;
    write(place, &other);
    assert!(differences(place).contains("service_dates, first: not of the first month"));
    let mut other = whole;
    let forged = other["by_rule"][0].clone();
    other["by_rule"].as_array_mut().unwrap().insert(0, forged);
    write(place, &other);
    assert!(differences(place).contains("stands twice in summary.json"), "{}", differences(place));
}

#[test]
fn a_shadow_is_held_to_the_manifest_the_summary_and_its_own_sums() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    let changes: [Told; 12] = [
        (|it| raise(&mut it["total"]["in_both"]), "sums, "),
        (|it| raise(&mut it["a"]["decided"]), "sums, a, decided: "),
        (|it| it["a"]["inputs"][0]["digest"] = "0".into(), "a, inputs, 1, digest: "),
        (|it| it["b"]["policies"][0]["name"] = "another".into(), "b, policies, 1, name: "),
        (|it| it["b"]["version"] = "9".into(), "b, version: "),
        (|it| it["notes"] = json!([]), "notes: "),
        (|it| raise(&mut it["by_rule"][0]["in_both"]), "sums, by_rule, in_both: "),
        (|it| raise(&mut it["by_procedure"][0]["in_both"]), "by_procedure, "),
        (|it| it["by_service_month"][0]["exposure_a"] = 7.77.into(), "by_service_month, "),
        (|it| it["other_providers"]["changed_exposure"] = 7.77.into(), "sums, by_provider, changed_exposure: "),
        (|it| it["by_provider"][0]["difference"] = 7.77.into(), "differences, by_provider, "),
        (|it| it["extra"] = 5.into(), "extra: in shadow.json"),
    ];
    for (change, words) in changes {
        found_text(place, "shadow.json", |text| figure(text, change), &[words]);
    }
}

/// A copy of the sample in which reviewers confirm all but the first line.
fn reviewed(place: &Path) {
    let sample = fs::read_to_string(place.join("audit/sample.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(sample.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let at = headers.iter().position(|name| name == "verdict").unwrap();
    let mut out = csv::Writer::from_path(place.join("reviewed.csv")).unwrap();
    out.write_record(&headers).unwrap();
    for (number, row) in reader.records().enumerate() {
        let row = row.unwrap();
        let verdict = if number == 0 { "overturned" } else { "confirmed" };
        out.write_record(row.iter().enumerate().map(|(n, text)| if n == at { verdict } else { text })).unwrap();
    }
    out.flush().unwrap();
}

#[test]
fn of_a_chart_review_what_follows_is_held() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run_of_everything(place);
    reviewed(place);
    let output = run_in(place, &["report", "audit", "--reviews", "reviewed.csv"]);
    assert_eq!(status(&output), 0, "{}", complaint(&output));
    let sound = verdict(place);
    assert_eq!((&sound["sound"], &sound["differences"]), (&true.into(), &json!([])));
    let changes: [Told; 9] = [
        (|it| raise(&mut it["by_rule"][0]["lines"]), "reviews by_rule, 1, lines: "),
        (|it| it["by_rule"][0]["paid"] = 7.77.into(), "reviews by_rule, 1, paid: "),
        (|it| raise(&mut it["by_rule"][0]["sampled"]), "reviews by_rule, 1, sampled: "),
        (|it| it["by_rule"][0]["drawn"] = false.into(), "drawn: "),
        (|it| raise(&mut it["by_rule"][0]["confirmed"]), "verdicts on "),
        (|it| it["by_rule"][0]["precision"] = Value::Null, "reviews, COD001, precision, "),
        (|it| it["denied"]["exposure"] = 7.77.into(), "reviews of denied lines, exposure: "),
        (|it| it["denied"]["extrapolated"]["dollars"] = 7.77.into(), "reviews, denied, extrapolated, dollars: "),
        (|it| it["extra"] = 5.into(), "extra: in reviews.json"),
    ];
    for (change, words) in changes {
        found_text(place, "reviews.json", |text| figure(text, change), &[words]);
    }
}
