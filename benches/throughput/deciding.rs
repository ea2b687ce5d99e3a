//! Deciding lines: each by itself, then all among themselves.

use adjudicate::engine::{EditBatch, LineEdits, LineKeys, LineState, Recall};
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
    bencher.counter(ItemsCount::new(lines.len())).bench(|| {
        let mut recall = Recall::default();
        black_box(&lines).iter().filter_map(|line| adjudicator.draft_recalling(line, &mut recall)).count()
    });
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
        let mut batch = EditBatch::default();
        for (line, draft) in black_box(&lines).iter().zip(&drafts) {
            let keys = LineKeys::new(line);
            batch.push(keys.session, LineState::new(line, draft, keys, 1));
        }
        batch
    });
}

#[divan::bench]
fn line_edits(bencher: Bencher) {
    let adjudicator = adjudicator();
    let records = Records::of(Feed::Dense, lines(LINES));
    let fields = records.fields();
    let lines = claim_lines(&fields, &records.map);
    let mut batch = EditBatch::default();
    for line in &lines {
        let keys = LineKeys::new(line);
        batch.push(keys.session, LineState::new(line, &adjudicator.draft(line).unwrap(), keys, 1));
    }
    let edits = LineEdits::new(&adjudicator);
    bencher
        .counter(ItemsCount::new(batch.lines.len()))
        .with_inputs(|| batch.clone())
        .bench_values(|batch| edits.of_run(&batch).len());
}
