//! `sample.csv` against the decisions that it was drawn from.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use adjudicate::claim::Decimal;
use adjudicate::report::{DECISION_COLUMNS, DecisionFormat, Sample};

use super::decisions::entry;
use super::figures::{Figure, Figures, shortened};
use crate::cli::exit::Failure;
use crate::cli::finished::Rows;
use crate::cli::text::count;

/// The rows of a sample, and what became of them.
#[derive(Default)]
pub(super) struct Sampled {
    columns: Vec<&'static str>,
    /// By the row of their inputs.
    rows: HashMap<String, Vec<SampledRow>>,
    strata: BTreeMap<String, (u64, String)>,
    differences: Vec<String>,
}

struct SampledRow {
    number: u64,
    stratum: String,
    /// The line's number in the run, once it is known.
    line: Option<u32>,
    texts: Vec<String>,
    met: bool,
}

impl Sampled {
    /// Reads the sample of a run folder.
    pub(super) fn read(folder: &Path, safe: bool) -> Result<Self, Failure> {
        let path = folder.join(Sample::FILE_NAME);
        let rows = Rows::new(&path, DecisionFormat::Csv).spreadsheet_safe(safe);
        let there = rows.columns()?;
        let mut sampled = Self::default();
        sampled.columns.extend(DECISION_COLUMNS.iter().filter(|column| there.iter().any(|one| one == *column)));
        let wanted: Vec<_> =
            ["stratum", "weight", "place"].into_iter().chain(sampled.columns.iter().copied()).collect();
        let mut reading = rows.read(&wanted)?;
        let (mut row, mut number) = (Vec::new(), 0);
        while reading.next(&mut row)? {
            number += 1;
            let texts = row.split_off(row.len().min(3));
            let [stratum, weight, place] = row.as_slice() else { continue };
            let (lines, of) = entry(&mut sampled.strata, stratum);
            *lines += 1;
            if *place != lines.to_string() {
                sampled.differences.push(format!("sample.csv, row {number}: its place is not {lines}"));
            }
            if *lines == 1 {
                of.clone_from(weight);
            } else if of != weight {
                sampled.differences.push(format!("sample.csv, row {number}: its weight is not that of its stratum"));
            }
            let place = sampled.columns.iter().position(|column| *column == "source_row");
            let source = place.and_then(|place| texts.get(place)).cloned().unwrap_or_default();
            sampled.rows.entry(source).or_default().push(SampledRow {
                number,
                stratum: stratum.clone(),
                line: None,
                texts,
                met: false,
            });
        }
        Ok(sampled)
    }

    /// Meets a decision, the line of this number in the run if that is known.
    pub(super) fn meet<'r>(&mut self, decided: &impl Fn(&str) -> &'r str, line: Option<u32>) {
        let Some(rows) = self.rows.get_mut(decided("source_row")) else { return };
        let columns = &self.columns;
        let file = columns.iter().position(|column| *column == "source_file");
        let is = |row: &&mut SampledRow| {
            file.and_then(|file| row.texts.get(file)).is_some_and(|name| name == decided("source_file"))
        };
        for row in rows.iter_mut().filter(is) {
            if std::mem::replace(&mut row.met, true) {
                self.differences.push(format!("sample.csv, row {}: two decisions are of its line", row.number));
            }
            row.line = line;
            let pairs = columns.iter().zip(&row.texts);
            let others: Vec<_> = pairs
                .filter(|(column, text)| !same(column, text, decided(column)))
                .map(|(column, _)| *column)
                .collect();
            if !others.is_empty() {
                let columns = others.join(", ");
                self.differences.push(format!("sample.csv, row {}: {columns} not as decided", row.number));
            }
        }
    }

    /// Holds the rows to the numbers of the lines that chance draws, by rule and in order.
    pub(super) fn hold(&mut self, drawn: &BTreeMap<String, Vec<u32>>) {
        let mut rows: Vec<_> = self.rows.values().flatten().collect();
        rows.sort_unstable_by_key(|row| row.number);
        let mut found = BTreeMap::<&str, Vec<(u64, Option<u32>)>>::new();
        for row in rows {
            found.entry(&row.stratum).or_default().push((row.number, row.line));
        }
        let mut told = Vec::new();
        for (rule, lines) in drawn {
            let rows = found.get(rule.as_str()).map(Vec::as_slice).unwrap_or_default();
            if rows.len() != lines.len() {
                let (rows, lines) = (count(rows.len() as u64), count(lines.len() as u64));
                told.push(format!("sample.csv, {rule}: {rows} rows, {lines} by what summary.json says of the drawing"));
            } else if let Some(((number, _), _)) = rows.iter().zip(lines).find(|((_, row), line)| *row != Some(**line))
            {
                let row = count(*number);
                told.push(format!("sample.csv, row {row}: not the line that chance draws by the seed of summary.json"));
            }
        }
        self.differences.extend(told);
    }

    /// What is in no decision, and what is there otherwise.
    pub(super) fn differences(self) -> Vec<String> {
        let mut told = self.differences;
        let mut unmet: Vec<_> = self.rows.values().flatten().filter(|row| !row.met).map(|row| row.number).collect();
        unmet.sort_unstable();
        told.extend(unmet.iter().map(|row| format!("sample.csv, row {}: the line is in no decision", count(*row))));
        shortened(told)
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> u64 {
        self.strata.values().map(|(lines, _)| lines).sum()
    }

    /// The figures that the summary has.
    pub(super) fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        figures.set("sample", "", "lines", Figure::Count(self.rows()));
        for (stratum, (lines, weight)) in &self.strata {
            figures.set("sample", stratum, "sampled", Figure::Count(*lines));
            figures.set("sample", stratum, "weight", Figure::Word(weight.clone()));
        }
        figures
    }
}

/// Numbers have other digits in Parquet.
fn same(column: &str, one: &str, other: &str) -> bool {
    let is_number = matches!(column, "units" | "billed_amount" | "paid_amount");
    let number = |text: &str| Decimal::parse(text.as_bytes());
    one == other || (is_number && number(one).is_some() && number(one) == number(other))
}
