//! The files of a run folder, read back: manifest, summary, sample, and what chart
//! reviewers filled in. The first byte says which; the others are those of a run.

use std::fs;
use std::sync::OnceLock;

use adjudicate::digest::DigestKind;
use adjudicate::report::reviews::{ReviewFile, Reviews, SampledLine, Stratum};
use adjudicate::report::{
    FileRecord, Manifest, PageSource, Sample, Summary, disarmed, rearmed, render_page, render_workbook,
};
use adjudicate::rules::Disposition;

use super::history::{manifest, ran};
use super::on_disk;

/// The files of a run.
pub struct Files {
    /// `manifest.json`.
    pub manifest: String,
    /// `summary.json`.
    pub summary: String,
    /// `sample.csv`.
    pub sample: Vec<u8>,
    /// `history.bin`.
    pub history: Vec<u8>,
}

/// The files of a run over a few claims.
pub fn files() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let (outcome, place) = ran(Vec::new(), true);
        let outcome = outcome.expect("a run");
        let read = |name: &str| fs::read(place.path().join("kept").join(name)).expect("a file of the run");
        let mut manifest = manifest(FileRecord::of("rejects.csv", &read("rejects.csv"), DigestKind::Blake3));
        outcome.files.iter().for_each(|file| manifest.record(file.clone()));
        Files {
            manifest: manifest.to_json().expect("JSON"),
            summary: serde_json::to_string_pretty(&outcome.summary).expect("JSON"),
            sample: read(Sample::FILE_NAME),
            history: read("history.bin"),
        }
    })
}

struct Run {
    manifest: Manifest,
    summary: Summary,
    sample: Sample,
}

fn run() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let files = files();
        let summary: Summary = serde_json::from_str(&files.summary).expect("a summary");
        let sample = Sample::read_csv(files.sample.as_slice(), &summary.sample, false).expect("its sample");
        Run { manifest: serde_json::from_str(&files.manifest).expect("a manifest"), summary, sample }
    })
}

fn rendered(manifest: &Manifest, summary: &Summary, sample: &Sample, reviews: Option<&Reviews>) {
    let source = PageSource { summary, manifest, sample, reviews };
    assert!(render_page(&source).expect("a page").contains("</html>"));
    let _ = render_workbook(&source);
}

/// A file of a run folder is refused, or makes a page, and reads the same when it is
/// written again.
pub fn check(data: &[u8]) {
    let [which, content @ ..] = data else { return };
    match which & 3 {
        0 => check_manifest(content),
        1 => check_summary(content),
        2 => check_sample(content, which & 4 != 0),
        _ => check_reviews(content),
    }
}

fn check_manifest(content: &[u8]) {
    let folder = on_disk::folder();
    fs::write(folder.path().join(Manifest::FILE_NAME), content).expect("room for a file");
    let Ok(manifest) = Manifest::read(folder.path()) else { return };
    let again = manifest.to_json().expect("JSON");
    assert_eq!(serde_json::from_str::<Manifest>(&again).as_ref().ok(), Some(&manifest));
    // None of the files that every run writes is there.
    assert!(!manifest.differences(folder.path()).is_empty());
    rendered(&manifest, &run().summary, &run().sample, None);
}

fn check_summary(content: &[u8]) {
    let Ok(summary) = serde_json::from_slice::<Summary>(content) else { return };
    let again = serde_json::to_string(&summary).expect("JSON");
    let again: Summary = serde_json::from_str(&again).expect("the same");
    assert_eq!(serde_json::to_string(&again).ok(), serde_json::to_string(&summary).ok());
    let _ = Sample::read_csv(files().sample.as_slice(), &summary.sample, false);
    rendered(&run().manifest, &summary, &run().sample, None);
}

fn check_sample(content: &[u8], safe: bool) {
    let Run { manifest, summary, .. } = run();
    if let Ok(text) = str::from_utf8(content) {
        assert_eq!(rearmed(&disarmed(text)), text);
    }
    let Ok(sample) = Sample::read_csv(content, &summary.sample, safe) else { return };
    let written = |sample: &Sample| {
        let mut written = Vec::new();
        sample.write_csv(&mut written, safe).expect("memory");
        written
    };
    let first = written(&sample);
    let again = Sample::read_csv(first.as_slice(), &summary.sample, safe).expect("what was written");
    assert_eq!(written(&again), first);
    rendered(manifest, summary, &sample, None);
}

fn check_reviews(content: &[u8]) {
    let Ok(file) = ReviewFile::read(content) else { return };
    assert!(file.marks.len() as u64 <= file.rows);
    let Run { manifest, summary, sample } = run();
    let strata: Vec<_> = summary
        .sample
        .strata
        .iter()
        .map(|one| Stratum {
            rule: one.rule.clone(),
            disposition: Disposition::ALL
                .into_iter()
                .find(|known| known.name() == one.disposition)
                .unwrap_or(Disposition::Pend),
            lines: one.lines,
            paid: one.paid.into(),
            reversed: Some(one.reversed.into()),
            paid_unknown: one.paid_unknown,
        })
        .collect();
    let text = |row: &adjudicate::report::SampledRow, column: &str| row.column(column).to_owned();
    let lines: Vec<_> = sample
        .strata
        .iter()
        .flat_map(|stratum| {
            stratum.rows.iter().zip(1_u64..).map(|(row, place)| SampledLine {
                rule: stratum.rule.rule().code.to_owned(),
                place,
                source_file: text(row, "source_file"),
                source_row: text(row, "source_row").parse().unwrap_or_default(),
                claim_id: text(row, "claim_id"),
                line_number: text(row, "line_number").parse().unwrap_or_default(),
                paid: None,
            })
        })
        .collect();
    let reviews = Reviews::new(&strata, &lines, &file).expect("the sample of the summary");
    rendered(manifest, summary, sample, Some(&reviews));
}
