//! Looking codes up, and what a policy's codes take before a run begins.

use adjudicate::claim::{Day, ProcedureCode};
use adjudicate::icd10::{DiagnosisCode, Icd10, Status, expand};
use adjudicate::policy::{PolicyFile, embedded_policies};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

use crate::claims::{Feed, Records, adjudicator, lines};

const LINES: u64 = 5_000;

/// The status as of a day of the diagnoses of a feed, which come in no order.
#[divan::bench]
fn diagnosis_status(bencher: Bencher) {
    let adjudicator = adjudicator();
    let table = adjudicator.index().table();
    let records = Records::of(Feed::Dense, lines(LINES));
    let fields = records.fields();
    let written = fields.iter().flat_map(|record| record[12].split(';'));
    let codes: Vec<DiagnosisCode> = written.filter_map(|code| DiagnosisCode::parse(code.as_bytes())).collect();
    let day = Day::parse_iso("2026-03-01").unwrap();
    bencher.counter(ItemsCount::new(codes.len())).bench(|| {
        let billable = |code: &&DiagnosisCode| matches!(table.status(code, day), Status::Billable(_));
        black_box(&codes).iter().filter(billable).count()
    });
}

/// Which procedures of a feed are in scope.
#[divan::bench(args = Feed::ALL)]
fn procedures(bencher: Bencher, feed: Feed) {
    let adjudicator = adjudicator();
    let fields = Records::of(feed, lines(LINES)).fields();
    let codes: Vec<ProcedureCode> =
        fields.iter().filter_map(|record| ProcedureCode::parse_head(record[7].as_bytes())).collect();
    bencher.counter(ItemsCount::new(codes.len())).bench(|| {
        let index = adjudicator.index();
        black_box(&codes).iter().filter(|code| index.find(**code).is_some()).count()
    });
}

/// From a range as printed to its codes.
#[divan::bench]
fn expand_a_range(bencher: Bencher) {
    let adjudicator = adjudicator();
    let table = adjudicator.index().table();
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench(|| expand(black_box("S00.00XA - S99.929S"), Some("A"), table).unwrap().len());
}

/// From a policy file's text to what rules read: mostly its ranges.
#[divan::bench]
fn compile_a_policy(bencher: Bencher) {
    let adjudicator = adjudicator();
    let (id, text) = embedded_policies()[0];
    bencher
        .counter(BytesCount::of_str(text))
        .bench(|| PolicyFile::parse(id, black_box(text), adjudicator.index().table()).unwrap().warnings.len());
}

/// The embedded table, which every start of the program decodes.
#[divan::bench]
fn decode_the_table(bencher: Bencher) {
    let codes = adjudicator().index().table().len();
    bencher.counter(ItemsCount::new(codes)).bench(|| Icd10::embedded().unwrap().len());
}
