//! `sample.csv`: the sampled lines with room for a reviewer's verdicts.

use std::io::{self, Write};

use super::decision::COLUMNS;
use super::sample::Sample;
use crate::csv_text::push_field;

/// The columns before those of the decisions.
const BEFORE: [&str; 3] = ["stratum", "place", "weight"];
/// The columns behind them, for whoever reviews the lines.
const BEHIND: [&str; 2] = ["verdict", "note"];

impl Sample {
    /// The file's name in the run folder.
    pub const FILE_NAME: &str = "sample.csv";

    /// Writes the sample, rule by rule, each rule's lines in random order.
    ///
    /// # Errors
    ///
    /// The output cannot be written.
    pub fn write_csv(&self, mut out: impl Write) -> io::Result<()> {
        let names = BEFORE.iter().chain(&COLUMNS).chain(&BEHIND);
        let header: Vec<&str> = names.copied().collect();
        writeln!(out, "{}", header.join(","))?;
        let mut text = Vec::new();
        for stratum in &self.strata {
            for (row, place) in stratum.rows.iter().zip(1_u32..) {
                text.clear();
                write!(text, "{},{place},{}", stratum.rule.rule().code, stratum.weight())?;
                for column in row.columns() {
                    text.push(b',');
                    push_field(&mut text, column.as_bytes());
                }
                text.extend_from_slice(b",,\n");
                out.write_all(&text)?;
            }
        }
        out.flush()
    }
}
