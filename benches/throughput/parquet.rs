//! Reading Parquet: the procedures of every row, and the used columns of the rows
//! in scope.

use std::fs;

use adjudicate::generate::Format;
use adjudicate::input::parquet::ParquetFile;
use adjudicate::input::{Layout, discover};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use crate::claims::{Feed, adjudicator, file, lines};

const LINES: u64 = 50_000;

#[divan::bench(args = Feed::ALL)]
fn row_groups(bencher: Bencher, feed: Feed) {
    let adjudicator = adjudicator();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("claims.parquet");
    let claims = file(feed, lines(LINES), Format::Parquet);
    fs::write(&path, &claims).unwrap();
    let inputs = discover(&[path.to_str().unwrap().to_owned()]).unwrap();
    let layout = Layout::embedded("native").unwrap();
    bencher.counter(BytesCount::of_slice(&claims)).counter(ItemsCount::new(lines(LINES))).bench(|| {
        let file = ParquetFile::open(&inputs[0], &layout).unwrap();
        let in_scope = |procedure| adjudicator.index().find(procedure).is_some();
        let groups = (0..file.groups()).map(|group| file.read_group(group, &in_scope).unwrap());
        groups.map(|batch| batch.selected().len()).sum::<usize>()
    });
}
