//! Deciding lines: each by itself, then all among themselves.

use adjudicate::engine::{LineEdits, LineState};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use crate::claims::{Feed, Records, adjudicator, claim_lines, lines};

const LINES: u64 = 10_000;

#[divan::bench]
fn drafts(bencher: Bencher) {
    let adjudicator = adjudicator();
    let records = Records::of(Feed::Dense, lines(LINES));
    let fields = records.fields();
    let lines = claim_lines(&fields, &records.map);
    bencher
        .counter(ItemsCount::new(lines.len()))
        .bench(|| black_box(&lines).iter().filter_map(|line| adjudicator.draft(line)).count());
}

/// What is remembered of lines: mostly the hashes of their texts.
#[divan::bench]
fn states(bencher: Bencher) {
    let adjudicator = adjudicator();
    let records = Records::of(Feed::Dense, lines(LINES));
    let fields = records.fields();
    let lines = claim_lines(&fields, &records.map);
    let drafts: Vec<_> = lines.iter().map(|line| adjudicator.draft(line).unwrap()).collect();
    bencher.counter(ItemsCount::new(lines.len())).bench(|| {
        let drafted = black_box(&lines).iter().zip(&drafts);
        drafted.map(|(line, draft)| LineState::new(line, draft, 1)).collect::<Vec<_>>()
    });
}

#[divan::bench]
fn line_edits(bencher: Bencher) {
    let adjudicator = adjudicator();
    let records = Records::of(Feed::Dense, lines(LINES));
    let fields = records.fields();
    let lines = claim_lines(&fields, &records.map);
    let states = lines.iter().map(|line| LineState::new(line, &adjudicator.draft(line).unwrap(), 1));
    let states: Vec<LineState> = states.collect();
    let edits = LineEdits::new(adjudicator.index(), adjudicator.weights());
    bencher
        .counter(ItemsCount::new(states.len()))
        .with_inputs(|| states.clone())
        .bench_values(|mut states| edits.resolve(&mut states).len());
}
