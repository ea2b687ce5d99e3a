//! `sample.csv`: the sampled lines with room for a reviewer's verdicts.

use std::io::{self, Read, Write};

use super::decision::{COLUMNS, ColumnKind};
use super::sample::{Sample, SampleSettings, SampledRow, Stratum};
use super::spreadsheet::{disarmed, rearmed};
use super::summary::SampleSummary;
use crate::csv_text::push_field;
use crate::rules::RuleId;

/// The columns before those of the decisions.
pub(super) const BEFORE: [&str; 3] = ["stratum", "place", "weight"];
/// The columns behind them, for whoever reviews the lines.
pub(super) const BEHIND: [&str; 2] = ["verdict", "note"];

impl Sample {
    /// The file's name in the run folder.
    pub const FILE_NAME: &str = "sample.csv";

    /// Reads back what was written for a run with this summary; `spreadsheet_safe`: in
    /// the same way.
    ///
    /// # Errors
    ///
    /// It cannot be read, or it is not the sample of the summary; the message says
    /// in what.
    pub fn read_csv(input: impl Read, summary: &SampleSummary, spreadsheet_safe: bool) -> io::Result<Self> {
        let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
        let mut strata = Vec::new();
        for one in &summary.strata {
            let rule = RuleId::from_code(&one.rule)
                .ok_or_else(|| wrong(format!("{} is no rule of this release", one.rule)))?;
            strata.push(Stratum { rule, lines: one.lines, rows: Vec::new() });
        }
        let mut reader = csv::Reader::from_reader(input);
        let header = reader.headers()?;
        if !header.iter().eq(BEFORE.iter().chain(&COLUMNS).chain(&BEHIND).copied()) {
            return Err(wrong("its columns are not those of a sample".to_owned()));
        }
        for record in reader.records() {
            let record = record?;
            let columns = COLUMNS.iter().zip(record.iter().skip(BEFORE.len()));
            let columns: Vec<_> = columns
                .map(|(name, column)| match ColumnKind::of(name) {
                    ColumnKind::Text if spreadsheet_safe => rearmed(column),
                    _ => column.into(),
                })
                .collect();
            let row = SampledRow::of(columns.iter().map(AsRef::as_ref));
            let stratum = RuleId::from_code(record.get(0).unwrap_or_default())
                .and_then(|rule| strata.iter_mut().find(|stratum| stratum.rule == rule))
                .ok_or_else(|| wrong("a row is of no stratum of the summary".to_owned()))?;
            stratum.rows.push(row);
        }
        let counts = strata.iter().map(|stratum| stratum.rows.len() as u64);
        if !counts.eq(summary.strata.iter().map(|one| one.sampled)) {
            return Err(wrong("it does not have as many rows as the summary says".to_owned()));
        }
        let lines = usize::try_from(summary.most).unwrap_or(usize::MAX);
        Ok(Self { settings: SampleSettings { lines, seed: summary.seed }, strata })
    }

    /// Writes the sample, rule by rule, each rule's lines in random order;
    /// `spreadsheet_safe`: so that no spreadsheet runs a text of it as a formula.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn write_csv(&self, mut out: impl Write, spreadsheet_safe: bool) -> io::Result<()> {
        let names = BEFORE.iter().chain(&COLUMNS).chain(&BEHIND);
        let header: Vec<&str> = names.copied().collect();
        writeln!(out, "{}", header.join(","))?;
        let mut text = Vec::new();
        for stratum in &self.strata {
            for (row, place) in stratum.rows.iter().zip(1_u32..) {
                text.clear();
                write!(text, "{},{place},{}", stratum.rule.rule().code, stratum.weight())?;
                for (name, column) in COLUMNS.iter().zip(row.columns()) {
                    text.push(b',');
                    let may_run = spreadsheet_safe && ColumnKind::of(name) == ColumnKind::Text;
                    let column = if may_run { disarmed(column) } else { column.into() };
                    push_field(&mut text, column.as_bytes());
                }
                text.extend_from_slice(b",,\n");
                out.write_all(&text)?;
            }
        }
        out.flush()
    }
}
