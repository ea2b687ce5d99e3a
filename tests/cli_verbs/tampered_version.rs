//! `verify` and a run that another version of the program made.

use std::fs;

use super::tampered::{EVERYTHING, differences, extract, figure, found_text, record, run, shorter, verdict};
use super::{run_in, text};

#[test]
fn a_run_of_another_version_is_verified_and_said_to_be_one() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    extract(place);
    run(place, &EVERYTHING);
    let path = place.join("audit/manifest.json");
    let whole = fs::read_to_string(&path).unwrap();
    let older = |text: &str| {
        figure(text, |manifest| {
            manifest["program"]["version"] = "0.0.1".into();
            for gone in ["shadow", "history"] {
                manifest.as_object_mut().unwrap().remove(gone);
            }
            for gone in ["xlsx", "spreadsheet_safe", "as_received", "look_back", "overrides", "as_of"] {
                manifest["options"].as_object_mut().unwrap().remove(gone);
            }
        })
    };
    let newer = |text: &str| {
        figure(text, |manifest| {
            manifest["program"]["version"] = "97.1.0".into();
            manifest["schema"] = 9.into();
            manifest["moon"] = "full".into();
            manifest["options"]["moon"] = serde_json::json!({ "phase": 3 });
            manifest["counts"]["moonlit"] = 0.into();
        })
    };
    for (version, change) in [("0.0.1", &older as &dyn Fn(&str) -> String), ("97.1.0", &newer)] {
        fs::write(&path, change(&whole)).unwrap();
        let verdict = verdict(place);
        assert_eq!((&verdict["sound"], &verdict["version"]), (&true.into(), &version.into()), "{verdict}");
        let note = verdict["notes"][0].as_str().unwrap();
        assert!(note.contains("another version of the program") && note.contains(version), "{note}");
        let told = text(&run_in(place, &["verify", "audit"]));
        assert!(told.contains("note: another version"), "{told}");
        assert!(told.starts_with("as recorded, as far as version ") && told.contains(" can tell: "), "{told}");
        // What both know is checked.
        found_text(place, "decisions.csv", shorter, &["by_disposition, "]);
    }
    // A summary with figures of its own, and without some.
    fs::write(&path, older(&whole)).unwrap();
    let summary = place.join("audit/summary.json");
    let text = fs::read_to_string(&summary).unwrap();
    let other = figure(&text, |summary| {
        for gone in ["already_denied", "recovery", "overrides", "final_action", "by_version", "shadow"] {
            summary.as_object_mut().unwrap().remove(gone);
        }
        summary["moon"] = "full".into();
    });
    fs::write(&summary, &other).unwrap();
    record(place, "summary.json");
    assert_eq!(differences(place), "");
    // This version would not have left them out.
    fs::write(&path, &whole).unwrap();
    record(place, "summary.json");
    assert!(differences(place).contains("summary.json: not a summary of ours"), "{}", differences(place));
    assert!(!super::text(&run_in(place, &["verify", "audit"])).contains("as recorded"));
}
