//! What is measured on: synthetic claims, the embedded policies.

use std::fmt;
use std::sync::{Arc, OnceLock};

use adjudicate::claim::ClaimLine;
use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::generate::{Format, GenerateOptions, generate_to};
use adjudicate::icd10::Icd10;
use adjudicate::input::{Cell, ColumnMap, Layout, Row, RowReader};
use adjudicate::policy::PolicyIndex;

/// How many of the lines are in scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Feed {
    /// One in a hundred: a payer's feed, where passing over counts.
    Mix,
    /// Every one: an extract for an audit, where deciding and writing count.
    Dense,
}

impl Feed {
    pub(crate) const ALL: [Self; 2] = [Self::Mix, Self::Dense];
}

impl fmt::Display for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mix => "mix",
            Self::Dense => "dense",
        })
    }
}

/// So many lines where time is taken, and few where only a test goes through.
pub(crate) fn lines(measured: u64) -> u64 {
    // What `cargo bench` adds, and `cargo test` does not.
    let measuring = std::env::args().any(|argument| argument == "--bench");
    if measuring { measured } else { measured.min(200) }
}

/// The embedded policies under their usual options.
pub(crate) fn adjudicator() -> Arc<Adjudicator> {
    static ADJUDICATOR: OnceLock<Arc<Adjudicator>> = OnceLock::new();
    Arc::clone(ADJUDICATOR.get_or_init(|| {
        let table = Arc::new(Icd10::embedded().unwrap());
        let index = Arc::new(PolicyIndex::embedded(table).unwrap());
        Arc::new(Adjudicator::new(index, DecisionOptions::default()))
    }))
}

/// Claims as a file of a format holds them.
pub(crate) fn file(feed: Feed, lines: u64, format: Format) -> Vec<u8> {
    let in_scope = match feed {
        Feed::Mix => 0.01,
        Feed::Dense => 1.0,
    };
    let options = GenerateOptions { lines, seed: 1, in_scope, ..GenerateOptions::default() };
    let mut out = Vec::new();
    generate_to(&options, adjudicator().index(), &mut out, format, &|_| ()).unwrap();
    out
}

/// The records of a CSV text behind its header, and where the columns stand.
pub(crate) struct Records {
    pub(crate) map: ColumnMap,
    pub(crate) text: Vec<u8>,
    pub(crate) rows: u64,
}

impl Records {
    /// Claims as they are usually written.
    pub(crate) fn of(feed: Feed, lines: u64) -> Self {
        let file = file(feed, lines, Format::Csv);
        let end = file.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let header = String::from_utf8(file[..end].to_vec()).unwrap();
        let names: Vec<String> = header.trim_end().split(',').map(str::to_owned).collect();
        let map = ColumnMap::new("bench", &names, &Layout::embedded("native").unwrap()).unwrap();
        Self { map, text: file[end..].to_vec(), rows: lines }
    }

    /// The same, every field in quotes.
    pub(crate) fn in_quotes(mut self) -> Self {
        let style = csv::QuoteStyle::Always;
        let mut writer = csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new());
        for record in self.fields() {
            writer.write_record(&record).unwrap();
        }
        self.text = writer.into_inner().unwrap();
        self
    }

    /// The fields of every record.
    pub(crate) fn fields(&self) -> Vec<csv::StringRecord> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(self.text.as_slice());
        reader.records().map(Result::unwrap).collect()
    }
}

/// A record of the `csv` crate as a row of ours.
struct RecordRow<'a>(&'a csv::StringRecord);

impl<'a> Row<'a> for RecordRow<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        self.0.get(column).filter(|text| !text.is_empty()).map_or(Cell::Blank, Cell::Text)
    }
}

/// The claim lines of records; those that cannot be read are left out.
pub(crate) fn claim_lines<'a>(fields: &'a [csv::StringRecord], map: &'a ColumnMap) -> Vec<ClaimLine<'a>> {
    let reader = RowReader::new(map);
    let line = |record| {
        let row = RecordRow(record);
        reader.read(&row, reader.procedure(&row)?).ok()
    };
    fields.iter().filter_map(line).collect()
}
