//! From bytes to rows: chunks of a file, the records of a chunk, the fields of a
//! record, and the line that is made of them.

use std::fs;

use adjudicate::claim::ProcedureCode;
use adjudicate::digest::DigestKind;
use adjudicate::generate::Format;
use adjudicate::input::csv::{Chunk, CsvFile, CsvOptions, Records as Splitter, RowVisitor};
use adjudicate::input::{Cell, Layout, Row, RowReader, discover};
use adjudicate::policy::PolicyIndex;
use adjudicate::run::BATCH_BYTES;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

use crate::claims::{Feed, Records, adjudicator, file, lines};

const LINES: u64 = 20_000;

/// What is done with a row in scope.
#[derive(Clone, Copy)]
enum Depth {
    /// It is found.
    Found,
    /// Each of its fields is found.
    Fields,
    /// A line is made of it.
    Line,
}

struct Visitor<'a> {
    index: &'a PolicyIndex,
    depth: Depth,
    rows: usize,
}

impl RowVisitor for Visitor<'_> {
    fn accepts(&mut self, procedure: ProcedureCode) -> bool {
        self.index.find(procedure).is_some()
    }

    fn passed(&mut self) {
        self.rows += 1;
    }

    fn row<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        _: &dyn Fn() -> Vec<u8>,
    ) {
        match self.depth {
            Depth::Found => self.rows += 1,
            Depth::Fields => self.rows += (0..13).filter(|at| row.cell(*at) != Cell::Blank).count(),
            Depth::Line => self.rows += usize::from(black_box(reader.read(row, procedure)).is_ok()),
        }
    }

    fn ragged(&mut self, _: usize, _: &[u8]) {
        panic!("synthetic claims have no ragged rows");
    }
}

fn split(bencher: Bencher, records: &Records, depth: Depth) {
    let adjudicator = adjudicator();
    let reader = RowReader::new(&records.map);
    let splitter = Splitter::new(b',', records.map.width, &reader);
    bencher.counter(BytesCount::of_slice(&records.text)).counter(ItemsCount::new(records.rows)).bench(|| {
        let mut visitor = Visitor { index: adjudicator.index(), depth, rows: 0 };
        splitter.visit(black_box(&records.text), &mut visitor);
        visitor.rows
    });
}

#[divan::bench(args = Feed::ALL)]
fn records(bencher: Bencher, feed: Feed) {
    split(bencher, &Records::of(feed, lines(LINES)), Depth::Found);
}

#[divan::bench(args = Feed::ALL)]
fn records_in_quotes(bencher: Bencher, feed: Feed) {
    split(bencher, &Records::of(feed, lines(LINES)).in_quotes(), Depth::Found);
}

#[divan::bench]
fn fields(bencher: Bencher) {
    split(bencher, &Records::of(Feed::Dense, lines(LINES)), Depth::Fields);
}

#[divan::bench]
fn fields_in_quotes(bencher: Bencher) {
    split(bencher, &Records::of(Feed::Dense, lines(LINES)).in_quotes(), Depth::Fields);
}

#[divan::bench]
fn claim_lines(bencher: Bencher) {
    split(bencher, &Records::of(Feed::Dense, lines(LINES)), Depth::Line);
}

/// Reading a file into chunks, its digest made on the way.
#[divan::bench(args = [".csv", ".csv.gz", ".csv.zst"])]
fn chunks(bencher: Bencher, ending: &str) {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join(format!("claims{ending}"));
    let claims = file(Feed::Mix, lines(LINES), Format::of(&path).unwrap());
    fs::write(&path, &claims).unwrap();
    let inputs = discover(&[path.to_str().unwrap().to_owned()]).unwrap();
    let layout = Layout::embedded("native").unwrap();
    let options = CsvOptions { delimiter: None, chunk_bytes: BATCH_BYTES, digest: DigestKind::Blake3 };
    bencher.counter(BytesCount::of_slice(&claims)).bench(|| {
        let mut csv = CsvFile::open(&inputs[0], &layout, options).unwrap();
        let mut buffer = Chunk::default();
        while let Some(chunk) = csv.next_chunk(buffer).unwrap() {
            black_box(chunk.parts());
            buffer = chunk;
        }
        csv.finish().unwrap()
    });
}
