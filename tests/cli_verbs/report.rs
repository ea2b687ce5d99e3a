//! `report`: a finished run's report made again, and chart reviews read back.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use adjudicate::digest::DigestKind;
use adjudicate::report::{PageSource, Sample, Summary, render_page};
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

/// The controls on a page, and those of them that do not tie.
fn controls(page: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (_, table) = page.split_once("id=\"t-checks\"").unwrap();
    let (_, rows) = table.split_once("</table>").unwrap().0.split_once("<tbody>").unwrap();
    let rows = rows.split("<th scope=\"row\">").skip(1).map(|row| row.split_once("</th>").unwrap());
    let (all, broken): (Vec<_>, Vec<_>) = rows
        .map(|(control, rest)| (control.to_owned(), rest.contains("DOES NOT TIE").then(|| control.to_owned())))
        .unzip();
    (all.into_iter().collect(), broken.into_iter().flatten().collect())
}

#[test]
fn whatever_does_not_tie_is_told_on_top() {
    let place = finished_run(&[]);
    let folder: [Value; 2] =
        ["summary.json", "manifest.json"].map(|name| serde_json::from_str(&read(place.path(), name)).unwrap());
    let summary: Summary = serde_json::from_value(folder[0].clone()).unwrap();
    let sample = Sample::read_csv(read(place.path(), "sample.csv").as_bytes(), &summary.sample, false).unwrap();
    // The page where these have changed.
    let page = |changed: &[Value; 2]| {
        let summary = serde_json::from_value(changed[0].clone()).unwrap();
        let manifest = serde_json::from_value(changed[1].clone()).unwrap();
        render_page(&PageSource { summary: &summary, manifest: &manifest, sample: &sample, reviews: None }).unwrap()
    };
    let untouched = page(&folder);
    let (all, broken) = controls(&untouched);
    assert_eq!((broken, untouched.contains("role=\"alert\"")), (BTreeSet::new(), false));

    let rows = [
        "Rows read = out of scope + superseded + decided + rejected",
        "Rows read = rows of all inputs in the manifest",
    ];
    let mut cases: Vec<(usize, String, Vec<String>)> = vec![
        (0, "/rows".to_owned(), rows.map(str::to_owned).to_vec()),
        (1, "/inputs/0/counts/rows".to_owned(), vec![rows[1].to_owned()]),
        (0, "/files/0/decided".to_owned(), vec!["Rows decided = decided rows of all inputs".to_owned()]),
        (0, "/rejects/0/rows".to_owned(), vec!["Rows rejected = rejects by reason".to_owned()]),
        (0, "/files/0/paid".to_owned(), vec!["Paid = paid of all inputs".to_owned()]),
        (0, "/files/0/billed".to_owned(), vec!["Billed = billed of all inputs".to_owned()]),
        (0, "/stopped/fixable/paid".to_owned(), vec!["Exposure = hard + fixable + cascaded denials".to_owned()]),
    ];
    let mut of_all = |parts: &str, pointer: &str| {
        for (control, column) in [("Lines", "lines"), ("Billed", "billed"), ("Paid", "paid")] {
            cases.push((0, format!("{pointer}/{column}"), vec![format!("{control} = {column} of all {parts}")]));
        }
    };
    of_all("dispositions", "/by_disposition/1");
    of_all("procedures", "/by_procedure/0");
    of_all("programs", "/by_program/0");
    of_all("versions", "/by_version/0");
    of_all("months", "/by_service_month/0");
    of_all("providers", "/by_provider/0");
    let pends = folder[0]["by_rule"].as_array().unwrap().iter().position(|rule| rule["weight"] == "pend").unwrap();
    of_all("rules that name lines, and of allowed lines", &format!("/by_rule/{pends}"));
    let denies = folder[0]["by_rule"].as_array().unwrap().iter().position(|rule| rule["weight"] == "deny").unwrap();
    cases.push((
        0,
        format!("/by_rule/{denies}/paid"),
        vec![
            "Exposure = paid by denying rules".to_owned(),
            "Paid = paid of all rules that name lines, and of allowed lines".to_owned(),
        ],
    ));
    let lines = all.iter().filter(|control| control.contains("lines in all") || control.starts_with("Lines = "));
    cases.push((0, "/total/lines".to_owned(), lines.cloned().collect()));

    let mut failed = BTreeSet::new();
    for (file, pointer, expected) in cases {
        let mut changed = folder.clone();
        let value = changed[file].pointer_mut(&pointer).unwrap_or_else(|| panic!("{pointer}"));
        *value = value.as_u64().map_or_else(|| (value.as_f64().unwrap() + 0.01).into(), |rows| (rows + 1).into());
        let page = page(&changed);
        let (_, broken) = controls(&page);
        assert_eq!(broken, expected.into_iter().collect(), "{pointer}");
        let (_, alert) = page.split_once("role=\"alert\"").unwrap();
        let (alert, _) = alert.split_once("</div>").unwrap();
        assert!(broken.iter().all(|control| alert.contains(&format!("<li>{control}: "))), "{alert}");
        assert!(page.find("role=\"alert\"") < page.find("class=\"tiles\""));
        failed.extend(broken);
    }
    assert_eq!(failed, all, "a control that cannot fail");

    // The providers that are not named count too.
    let mut changed = folder.clone();
    let mut others = changed[0]["by_provider"][0].clone();
    others["providers"] = 1.into();
    changed[0]["other_providers"] = others;
    assert!(controls(&page(&changed)).1.contains("Lines = lines of all providers"));
}
