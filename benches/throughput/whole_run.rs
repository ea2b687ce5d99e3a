//! A run from end to end: a file in, decisions and rejects out, on every core.

use std::fs;

use adjudicate::generate::Format;
use adjudicate::input::{Layout, discover};
use adjudicate::report::{DecisionFormat, RunFolder};
use adjudicate::run::{RunSettings, Unobserved, run};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use crate::claims::{Feed, adjudicator, file, lines};

const LINES: u64 = 50_000;

fn whole(bencher: Bencher, feed: Feed, name: &str, format: DecisionFormat) {
    let adjudicator = adjudicator();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(name);
    let claims = file(feed, lines(LINES), Format::of(&path).unwrap());
    fs::write(&path, &claims).unwrap();
    let inputs = discover(&[path.to_str().unwrap().to_owned()]).unwrap();
    let settings = RunSettings { format, ..RunSettings::new(inputs, Layout::embedded("native").unwrap()) };
    bencher.counter(BytesCount::of_slice(&claims)).counter(ItemsCount::new(lines(LINES))).bench(|| {
        // Dropped before it is complete, the folder takes its files with it.
        let folder = RunFolder::begin(&place.path().join("run"), false, false).unwrap();
        run(&settings, &adjudicator, &folder, &mut Unobserved).unwrap().summary.decided
    });
}

#[divan::bench(args = Feed::ALL, max_time = 10)]
fn csv(bencher: Bencher, feed: Feed) {
    whole(bencher, feed, "claims.csv", DecisionFormat::Csv);
}

#[divan::bench(args = Feed::ALL, max_time = 10)]
fn parquet(bencher: Bencher, feed: Feed) {
    whole(bencher, feed, "claims.parquet", DecisionFormat::Parquet);
}
