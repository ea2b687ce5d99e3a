//! The file for Prometheus's textfile collector: there whatever becomes of the run,
//! complete or as it was, and in the collector's form.

#![allow(clippy::float_cmp)] // What is written is compared with what was counted.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use common::{Workplace, told};

const LAST: &str = "adjudicate_run_last_complete_timestamp_seconds";

/// Every series by name and labels. The form is checked: a help and a type before the
/// series of a metric, which stand together, and no series twice.
fn series(text: &str) -> BTreeMap<String, f64> {
    let mut series = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut current = "";
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            current = help.split(' ').next().unwrap();
            assert!(seen.insert(current) && help.ends_with('.'), "{line}");
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            assert_eq!(kind, format!("{current} gauge"));
        } else {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert_eq!(name.split('{').next(), Some(current), "{line}");
            assert!(!current.ends_with("_total"), "{line}");
            assert!(series.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{line}");
        }
    }
    assert!(text.ends_with('\n'));
    series
}

fn read(place: &Workplace) -> BTreeMap<String, f64> {
    series(&fs::read_to_string(place.inputs().join("claims.prom")).unwrap())
}

fn sample() -> String {
    common::repository("sample_data/claims.csv").to_str().unwrap().to_owned()
}

#[test]
fn a_run_leaves_metrics_whatever_becomes_of_it() {
    let place = Workplace::new();
    let run =
        |arguments: &[&str]| told(place.run().args(["--metrics", "claims.prom", "--overwrite"]).args(arguments)).status;
    // A first run that fails knows of none that was complete.
    assert_eq!(run(&["none.csv"]), 2);
    let failed = read(&place);
    assert_eq!(failed["adjudicate_run_complete{name=\"claims\"}"], 0.0);
    assert_eq!(failed["adjudicate_run_exit_status{name=\"claims\"}"], 2.0);
    assert_eq!(failed.len(), 4, "{failed:?}");

    assert_eq!(run(&[&sample(), "--max-rejects", "1"]), 1);
    let done = read(&place);
    let of = |labels: &str| done[&labels.replacen('{', "{name=\"claims\",", 1)];
    let rows = ["out_of_scope", "superseded", "decided", "rejected"];
    assert_eq!(rows.map(|kind| of(&format!("adjudicate_run_rows{{kind=\"{kind}\"}}"))), [3.0, 0.0, 65.0, 3.0]);
    let lines = ["allow", "deny", "pend", "refer"];
    let lines = lines.map(|one| of(&format!("adjudicate_run_lines{{disposition=\"{one}\"}}")));
    assert_eq!(lines, [29.0, 17.0, 16.0, 3.0]);
    assert_eq!(done["adjudicate_run_exposure_dollars{name=\"claims\"}"], 58_865.0);
    assert_eq!(of("adjudicate_run_paid_dollars{disposition=\"pend\"}"), 52_265.0);
    assert_eq!(of("adjudicate_run_warnings{warning=\"rejects-over-limit\"}"), 3.0);
    assert_eq!(of("adjudicate_run_warnings{warning=\"nothing-in-scope\"}"), 0.0);
    assert!(done.keys().any(|key| key.contains("policy=\"02-20000-18\",version=\"2026-02-15\"")), "{done:?}");
    let name = |metric: &str| format!("{metric}{{name=\"claims\"}}");
    // 2027-09-30.
    assert_eq!(done[&name("adjudicate_icd10cm_last_day_timestamp_seconds")], 1_822_262_400.0);
    assert_eq!(done[&name("adjudicate_run_exit_status")], 1.0);
    assert_eq!(done[&name(LAST)], done[&name("adjudicate_run_end_timestamp_seconds")]);

    // What is wrong later does not take back that there was a complete one: bad
    // arguments in a file, too.
    let then = done[&name(LAST)];
    place.write("bad.toml", "surplus = 1\n");
    for bad in [&["none.csv"][..], &[&sample(), "--config", "bad.toml"], &[&sample(), "--policy", "bad.toml"]] {
        assert_eq!(run(bad), 2);
        let failed = read(&place);
        assert_eq!((failed[&name(LAST)], failed[&name("adjudicate_run_complete")]), (then, 0.0), "{bad:?}");
        assert!(!failed.keys().any(|key| key.starts_with("adjudicate_run_rows")), "no figures of another run");
    }
    let mode = fs::metadata(place.inputs().join("claims.prom")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "the collector is another user");
    let left = fs::read_dir(place.inputs()).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    assert_eq!(left.filter(|name| name.contains("tmp")).count(), 0);
}

#[test]
fn metrics_that_cannot_be_written_are_no_surprise() {
    let place = Workplace::new();
    let refused = told(place.run().args([&sample(), "--metrics", "no/such/folder/a.prom"]));
    assert_eq!((refused.status, place.left()), (2, Vec::new()));
    assert!(refused.stderr.contains("no/such/folder/a.prom: "), "{refused:?}");
    // Something that cannot be replaced: the run is what it is.
    fs::create_dir_all(place.inputs().join("a.prom/full")).unwrap();
    let ran = told(place.run().args([&sample(), "--metrics", "a.prom", "--log-format", "json"]));
    assert_eq!((ran.status, place.left()), (3, vec!["run".to_owned()]));
    assert!(ran.stderr.contains("\"metrics-failed\""), "{ran:?}");
}

#[test]
fn labels_are_escaped_and_a_dry_run_leaves_none() {
    let place = Workplace::new();
    place.write("job.toml", "metrics = \"a\\\\b\\\"c.prom\"\n");
    assert_eq!(told(place.run().args([&sample(), "--config", "job.toml", "--dry-run"])).status, 0);
    let file = place.inputs().join("a\\b\"c.prom");
    assert!(!file.exists());
    assert_eq!(told(place.run().args([&sample(), "--config", "job.toml"])).status, 3);
    let text = fs::read_to_string(file).unwrap();
    assert_eq!(series(&text)["adjudicate_run_complete{name=\"a\\\\b\\\"c\"}"], 1.0);
}
