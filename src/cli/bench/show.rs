//! A measurement for people.

use adjudicate::report::words::grouped;
use adjudicate::rules::Disposition;

use super::super::page::{Page, disposition_style};
use super::super::text::{count, plural};
use super::compare::{Comparison, WHOLE};
use super::record::{Measurement, Speed};

/// The figures in aligned lines.
pub(super) fn show(measurement: &Measurement) -> Page {
    let subject = &measurement.subject;
    let counts = measurement.counts;
    let what = match subject.inputs.as_slice() {
        [input] => input.name.clone(),
        inputs => plural(inputs.len(), "file"),
    };
    let mut page = Page::default();
    page.paragraph(
        0,
        &format!(
            "{what}: {} rows, {} decided, {} rejected, {} MB; {}, median of {}",
            count(counts.rows),
            count(counts.decided),
            count(counts.rejected),
            megabytes(subject.bytes),
            plural(subject.threads, "thread"),
            plural(usize::from(subject.rounds), "round"),
        ),
    );
    page.gap();
    page.verbatim(0, &format!("{:<8}{:>12}{:>8}{:>16}{:>12}", "", "seconds", "share", "lines/s", "MB/s"));
    for stage in &measurement.stages {
        page.verbatim(0, &figures(&stage.stage, &stage.own, stage.share));
    }
    page.verbatim(0, &figures(WHOLE, &measurement.whole, 1.0));
    page.gap();
    if let Some(peak) = measurement.peak_memory_bytes {
        page.paragraph(0, &format!("Peak memory: {} MB", megabytes(peak)));
    }
    if subject.inputs.iter().any(|input| input.format == "parquet") {
        page.paragraph(0, "Of Parquet, read is the digest of the file, and split is the decoding.");
    }
    if subject.program.build == "debug" {
        page.paragraph(0, "This is a debug build, many times slower than a release build.");
    }
    if let Some(comparison) = &measurement.comparison {
        compared(&mut page, comparison);
    }
    page
}

fn compared(page: &mut Page, comparison: &Comparison) {
    page.gap();
    page.verbatim(0, &format!("{:<8}{:>20}{:>16}{:>12}", "", "lines/s before", "now", "change"));
    for one in &comparison.changes {
        let change = one.percent.map_or_else(|| "-".to_owned(), |percent| format!("{percent:+.1}%"));
        page.verbatim(0, &format!("{:<8}{:>20}{:>16}{change:>12}", one.of, whole(one.before), whole(one.now)));
    }
    page.gap();
    let threshold = comparison.threshold_percent;
    let change = comparison.changes.last().and_then(|change| change.percent).unwrap_or(0.0);
    let (style, mark, text) = if comparison.slower {
        let text = format!("{:.1}% fewer lines a second than in {}, which", -change, comparison.with);
        (Disposition::Deny, "slower:", format!("{text} is more than {threshold}%"))
    } else {
        (Disposition::Allow, "fast enough:", format!("not slower than {} by more than {threshold}%", comparison.with))
    };
    page.lead(0, disposition_style(style), mark, &text);
}

fn figures(name: &str, speed: &Speed, share: f64) -> String {
    let megabytes =
        speed.megabytes_per_second.map_or_else(|| "-".to_owned(), |number| grouped(&format!("{number:.1}")));
    format!(
        "{name:<8}{:>12.4}{:>7.1}%{:>16}{megabytes:>12}",
        speed.seconds,
        share * 100.0,
        whole(speed.lines_per_second)
    )
}

/// A whole number, or a dash for none.
fn whole(number: Option<f64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| grouped(&format!("{number:.0}")))
}

fn megabytes(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss)]
    let megabytes = bytes as f64 / 1e6;
    grouped(&format!("{megabytes:.1}"))
}
