//! `report`: a finished run's report made again, and chart reviews read back.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use adjudicate::digest::DigestKind;
use serde_json::{Value, json};

use super::finished::finished_run;
use super::{complaint, run_in, status, text};

fn read(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join("audit").join(name)).unwrap()
}

/// The sample with verdicts, as a file beside the run.
fn reviewed(place: &Path, verdict: impl Fn(usize) -> &'static str) {
    let sample = read(place, "sample.csv");
    let rows: Vec<String> = sample
        .lines()
        .enumerate()
        .map(|(row, line)| match line.strip_suffix(",,") {
            Some(known) => format!("{known},{},\"seen, MEMBER-ONE\"", verdict(row)),
            None => line.to_owned(),
        })
        .collect();
    fs::write(place.join("reviewed.csv"), rows.join("\n")).unwrap();
}

#[test]
fn a_report_made_again_is_the_same() {
    for options in [&[][..], &["--format", "parquet"], &["--digest", "sha256", "--select", "flagged"]] {
        let place = finished_run(options);
        let before = ["report.html", "manifest.json"].map(|name| read(place.path(), name));
        fs::write(place.path().join("audit/report.html"), "spoiled").unwrap();
        assert_eq!(status(&run_in(place.path(), &["verify", "audit"])), 2);

        let output = run_in(place.path(), &["report", "audit"]);
        assert_eq!((status(&output), complaint(&output)), (0, String::new()));
        assert!(text(&output).starts_with("6 rows: 1 out of scope, 4 decided, 1 rejected\n"), "{}", text(&output));
        assert_eq!(["report.html", "manifest.json"].map(|name| read(place.path(), name)), before, "{options:?}");
        assert_eq!(status(&run_in(place.path(), &["verify", "audit"])), 0);
        let mode = fs::metadata(place.path().join("audit/report.html")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(fs::read_dir(place.path().join("audit")).unwrap().all(|entry| {
            let name = entry.unwrap().file_name();
            !name.to_string_lossy().starts_with('.')
        }));
    }
}

#[test]
fn a_review_stands_in_the_report_and_stays_there() {
    let place = finished_run(&[]);
    reviewed(place.path(), |row| if row == 1 { "overturned" } else { "Confirmed" });
    let output = run_in(place.path(), &["report", "audit", "--reviews", "reviewed.csv"]);
    assert_eq!((status(&output), complaint(&output)), (0, String::new()));
    assert!(text(&output).contains("with 95% confidence"), "{}", text(&output));
    let found: Value = serde_json::from_str(&read(place.path(), "reviews.json")).unwrap();
    let sampled = found["by_rule"].as_array().unwrap().iter().map(|rule| rule["reviewed"].as_u64().unwrap());
    assert_eq!(sampled.sum::<u64>(), 3);
    let page = read(place.path(), "report.html");
    assert!(page.contains("What a chart review found"));
    let verdicts = fs::read(place.path().join("reviewed.csv")).unwrap();
    let file = json!({
        "name": "reviewed.csv", "digest": DigestKind::Blake3.of(&verdicts), "bytes": verdicts.len(),
    });
    assert_eq!(found["file"], file);
    let digest = file["digest"].as_str().unwrap();
    assert!(page.contains(&format!("those of reviewed.csv (blake3 <code>{digest}</code>).")), "{page}");
    for name in ["report.html", "reviews.json", "manifest.json", "sample.csv"] {
        assert!(!read(place.path(), name).contains("MEMBER-ONE"), "{name}");
    }
    assert_eq!(status(&run_in(place.path(), &["verify", "audit"])), 0);

    // Made again without naming them, the report still has them.
    let output = run_in(place.path(), &["report", "audit", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&text(&output)).unwrap(), found);
    assert_eq!(read(place.path(), "report.html"), page);
}

#[test]
fn a_workbook_that_is_asked_for_later_is_an_option_of_the_run() {
    let place = finished_run(&["--digest", "sha256"]);
    let options = || serde_json::from_str::<Value>(&read(place.path(), "manifest.json")).unwrap()["options"].clone();
    assert_eq!(options()["xlsx"], false);
    assert_eq!(status(&run_in(place.path(), &["report", "audit"])), 0);
    assert_eq!(options()["xlsx"], false);
    assert_eq!(status(&run_in(place.path(), &["report", "audit", "--xlsx"])), 0);
    assert_eq!(options()["xlsx"], true);
    let workbook = || fs::read(place.path().join("audit/report.xlsx")).unwrap();
    let first = workbook();
    // Made again without asking for it, it is there again, and says the same.
    assert_eq!(status(&run_in(place.path(), &["report", "audit"])), 0);
    assert_eq!((options()["xlsx"].clone(), workbook() == first), (true.into(), true));
    assert_eq!(status(&run_in(place.path(), &["verify", "audit"])), 0);
}

#[test]
fn a_second_review_that_was_stopped_is_mended_by_another() {
    let place = finished_run(&[]);
    let review = |verdict: &'static str| {
        reviewed(place.path(), |_| verdict);
        run_in(place.path(), &["report", "audit", "--reviews", "reviewed.csv"])
    };
    let first = review("confirmed");
    assert_eq!((status(&first), complaint(&first)), (0, String::new()));
    let manifest = read(place.path(), "manifest.json");
    assert_eq!(status(&review("overturned")), 0);
    // As it is where the program is stopped before the manifest is replaced.
    fs::write(place.path().join("audit/manifest.json"), manifest).unwrap();
    let output = run_in(place.path(), &["report", "audit"]);
    assert_eq!(status(&output), 2);
    assert!(complaint(&output).contains("reviews.json has been changed"), "{}", complaint(&output));
    let output = review("overturned");
    assert_eq!((status(&output), complaint(&output)), (0, String::new()));
    assert_eq!(status(&run_in(place.path(), &["verify", "audit"])), 0);
}

#[test]
fn what_was_changed_is_no_ground_for_a_report() {
    let refused = |place: &Path, arguments: &[&str], words: &str| {
        let before = read(place, "report.html");
        let output = run_in(place, &[&["report", "audit"], arguments].concat());
        assert_eq!((status(&output), text(&output)), (2, String::new()), "{words}");
        assert!(complaint(&output).contains(words), "{}", complaint(&output));
        assert_eq!(read(place, "report.html"), before);
    };
    let place = finished_run(&[]);
    fs::write(place.path().join("bad.csv"), "claim_id,line_number,verdict\nC1,1,MEMBER-ONE\n").unwrap();
    refused(place.path(), &["--reviews", "bad.csv"], "row 2");
    refused(place.path(), &["--reviews", "none.csv"], "none.csv");
    let sample = read(place.path(), "sample.csv");
    fs::write(place.path().join("audit/sample.csv"), sample.replacen(",,", ",confirmed,", 1)).unwrap();
    refused(place.path(), &[], "a copy of it");
    fs::write(place.path().join("audit/sample.csv"), sample).unwrap();
    let summary = read(place.path(), "summary.json");
    fs::write(place.path().join("audit/summary.json"), summary.replacen("\"rows\": 6", "\"rows\": 7", 1)).unwrap();
    refused(place.path(), &[], "has been changed since the run");
    fs::remove_file(place.path().join("audit/manifest.json")).unwrap();
    refused(place.path(), &[], "manifest.json");
}

#[test]
fn a_page_has_an_end_whatever_a_run_has() {
    let place = tempfile::tempdir().unwrap();
    let mut claims =
        "claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,line_of_business\n".to_owned();
    let (quotes, turned) = ("'<>&/".repeat(30), "\u{202e}".repeat(100));
    for line in 0..8_000 {
        let procedure = ["0200T", "22513", "22511"][line % 3];
        writeln!(claims, "{quotes}{line},1,2026-03-01,{procedure},{quotes},{line}{quotes},{turned}{line}").unwrap();
    }
    fs::write(place.path().join("claims.csv"), claims).unwrap();
    for sample in ["2000", "20000"] {
        let output = run_in(
            place.path(),
            &["run", "claims.csv", "--out", "audit", "--overwrite", "--quiet", "--sample", sample],
        );
        assert_eq!((status(&output), complaint(&output)), (0, String::new()));
        let page = read(place.path(), "report.html");
        assert!(page.len() < 2_000_000, "{sample}: {} bytes", page.len());
        // What is told of the sample is what is there.
        let sampled = read(place.path(), "sample.csv").lines().count() - 1;
        let (_, lines) = page.split_once("id=\"flagged\"").unwrap();
        let shown = lines.split_once("</table>").unwrap().0.matches("<tr><td>").count();
        let told = format!("{shown} of the {sampled} sampled lines are here");
        assert!(shown > 300 && page.replace(',', "").contains(&told), "{told}");
    }
}
