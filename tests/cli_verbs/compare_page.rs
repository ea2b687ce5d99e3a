//! `compare --html`: the page of two runs, and the files that a comparison may write.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use adjudicate::digest::DigestKind;
use serde_json::Value;

use super::{complaint, run_in, status, text};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/claims.csv");

fn run(place: &Path, out: &str, inputs: &[&str], options: &[&str]) {
    let output = run_in(place, &[&["run", "--out", out, "--quiet", "--no-sync"], inputs, options].concat());
    assert!(matches!(status(&output), 0 | 3), "{}", complaint(&output));
}

fn compare(place: &Path, arguments: &[&str]) -> String {
    let output = run_in(place, &[&["compare"], arguments].concat());
    assert_eq!((status(&output), complaint(&output)), (0, String::new()), "{arguments:?}");
    text(&output)
}

/// What a page says, a line for each row or paragraph, without what differs between two
/// runs of the same.
fn words(page: &str) -> String {
    let mut shown = String::new();
    let mut rest = page;
    while let Some((before, tag)) = rest.split_once('<') {
        shown.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap();
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        rest = match name.as_str() {
            "style" | "script" | "svg" => after.split_once(&format!("</{name}>")).unwrap().1,
            _ => after,
        };
        shown.push_str(match name.as_str() {
            "td" | "th" | "dd" => " | ",
            "tr" | "p" | "li" | "h1" | "h2" | "h3" | "caption" | "dt" | "figcaption" | "summary" => "\n",
            _ => "",
        });
    }
    let is_digest = |word: &&str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
    let line = |line: &str| {
        let words = line.split_whitespace().map(|word| if is_digest(&word) { "[digest]" } else { word });
        let line = words.collect::<Vec<_>>().join(" ");
        if line.starts_with("| Begun") { "| Begun".to_owned() } else { line }
    };
    let lines: Vec<_> = shown.lines().map(line).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[test]
fn the_page_says_what_changed() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    fs::copy(SAMPLE, place.join("claims.csv")).unwrap();
    run(place, "a", &["claims.csv"], &[]);
    run(place, "b", &["claims.csv"], &["--unlisted-diagnosis", "pend"]);
    let told = compare(place, &["a", "b", "--html", "page.html"]);
    assert!(told.ends_with("\nThe page: page.html\n"), "{told}");
    let page = fs::read_to_string(place.join("page.html")).unwrap();
    assert_eq!(fs::metadata(place.join("page.html")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(page.matches("<script").count() == 1 && page.contains("default-src 'none'"));
    insta::assert_snapshot!("comparison_page", words(&page));
    // The same comparison, the same page; a file of changes is named where there is one.
    compare(place, &["a", "b", "--json", "--html", "page.html", "--overwrite"]);
    assert_eq!(fs::read_to_string(place.join("page.html")).unwrap(), page);
    compare(place, &["a", "b", "--html", "other.html", "--changes", "changes.csv"]);
    assert!(fs::read_to_string(place.join("other.html")).unwrap().contains("changes.csv has all of them"));
}

#[test]
fn lines_that_one_run_alone_has_are_explained() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let header =
        "claim_id,line_number,service_date,procedure_code,diagnosis_codes,provider_npi,paid_amount,member_id\n";
    let line = |claim: &str, paid: &str| format!("<b>{claim},1,2026-03-01,22513,M54.50,P1,{paid},MEMBER-MARK\n");
    fs::write(place.join("before.csv"), format!("{header}{}{}", line("GONE", "5.00"), line("SAME", "4.00"))).unwrap();
    fs::write(place.join("after.csv"), format!("{header}{}", line("SAME", "3.00"))).unwrap();
    run(place, "a", &["before.csv"], &[]);
    run(place, "b", &["after.csv"], &["--unlisted-diagnosis", "pend"]);
    let told = compare(place, &["a", "b", "--html", "page.html"]);
    let note = "out of scope, rejected, superseded by another version of its claim, or not in the input.";
    let page = fs::read_to_string(place.join("page.html")).unwrap();
    assert!(told.contains(note) && page.matches(note).count() == 2, "{told}");
    assert!(page.contains("<th scope=\"col\" class=\"n\">not in B</th>") && page.contains("Paid in B"), "{page}");
    assert!(page.contains("Dollars paid, as B read them"));
    assert!(page.contains("&lt;b&gt;SAME") && !page.contains("<b>") && !page.contains("MEMBER-MARK"));
}

#[test]
fn files_that_cannot_be_written_are_refused_and_none_is_left() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    run(place, "a", &[SAMPLE], &[]);
    run(place, "b", &[SAMPLE], &[]);
    fs::write(place.join("there.html"), "mine").unwrap();
    std::os::unix::fs::symlink("a", place.join("link")).unwrap();
    let refused = |arguments: &[&str], words: &str| {
        let output = run_in(place, &[&["compare", "a", "b"], arguments].concat());
        assert_eq!((status(&output), text(&output)), (2, String::new()), "{arguments:?}");
        assert!(complaint(&output).contains(words), "{arguments:?}: {}", complaint(&output));
    };
    refused(&["--html", "there.html"], "there.html exists; name another, or replace it with --overwrite");
    refused(&["--html", "there.html", "--changes", "new.csv"], "there.html exists");
    refused(&["--html", "new", "--changes", "./new"], "--changes and --html name the same file");
    refused(&["--html", "no/where.html"], "where.html");
    for option in ["--html", "--changes"] {
        for name in ["a/new", "b/new", "link/new", "a/../b/new"] {
            refused(&[option, name], "is a run folder");
        }
        refused(&[option, "a/decisions.csv", "--overwrite"], "is a run folder");
    }
    for folder in ["a", "b"] {
        assert_eq!(status(&run_in(place, &["verify", folder])), 0);
    }
    let left: Vec<_> = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "{left:?}");
    assert_eq!(fs::read_to_string(place.join("there.html")).unwrap(), "mine");
}

#[test]
fn two_copies_of_one_name_are_told() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    for name in ["x.csv", "y.csv"] {
        fs::copy(SAMPLE, place.join(name)).unwrap();
    }
    run(place, "a", &["x.csv", "y.csv"], &[]);
    run(place, "b", &["x.csv", "y.csv"], &["--select", "flagged"]);
    let notes = || {
        let told: Value = serde_json::from_str(&compare(place, &["a", "b", "--json"])).unwrap();
        assert_eq!(told["matched_by"], "row");
        told["notes"].to_string()
    };
    assert!(!notes().contains("names an input twice"), "{}", notes());
    // No run has such a manifest: it came otherwise.
    let (decisions, manifest) = (place.join("b/decisions.csv"), place.join("b/manifest.json"));
    let rows = fs::read_to_string(&decisions).unwrap().replace("\ny.csv,", "\nx.csv,");
    fs::write(&decisions, &rows).unwrap();
    let mut record: Value = serde_json::from_str(&fs::read_to_string(&manifest).unwrap()).unwrap();
    record["inputs"][1]["name"] = "x.csv".into();
    let file = record["files"].as_array_mut().unwrap().iter_mut().find(|file| file["name"] == "decisions.csv");
    file.unwrap()["digest"] = DigestKind::default().of(rows.as_bytes()).into();
    fs::write(&manifest, record.to_string()).unwrap();
    assert!(notes().contains("B names an input twice"), "{}", notes());
}
