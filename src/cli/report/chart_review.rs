//! A chart review's verdicts, held against the sample that they are about.

use std::fs::File;
use std::path::Path;

use adjudicate::claim::Decimal;
use adjudicate::report::reviews::{ReviewFile, Reviews, SampledLine, Stratum};
use adjudicate::report::{Sample, SampleSummary, SampledRow};
use adjudicate::rules::Disposition;

use crate::cli::exit::Failure;

/// Reads verdicts, and works out what they say of each rule.
pub(super) fn read(path: &Path, summary: &SampleSummary, sample: &Sample) -> Result<Reviews, Failure> {
    let told = |reason: String| Failure::told(format!("{}: {reason}", path.display()));
    let file = File::open(path).map_err(|error| told(error.to_string()))?;
    let marks = ReviewFile::read(file).map_err(|error| told(error.to_string()))?;
    let strata: Vec<_> = summary
        .strata
        .iter()
        .map(|one| Stratum {
            rule: one.rule.clone(),
            disposition: Disposition::ALL
                .into_iter()
                .find(|known| known.name() == one.disposition)
                .unwrap_or(Disposition::Pend),
            lines: one.lines,
            paid: one.paid.into(),
            reversed: Some(one.reversed.into()),
            paid_unknown: one.paid_unknown,
        })
        .collect();
    let lines: Vec<_> = sample
        .strata
        .iter()
        .flat_map(|stratum| {
            stratum.rows.iter().zip(1_u64..).map(|(row, place)| line(stratum.rule.rule().code, row, place))
        })
        .collect();
    Reviews::new(&strata, &lines, &marks).map_err(|error| told(error.to_string()))
}

fn line(rule: &str, row: &SampledRow, place: u64) -> SampledLine {
    let text = |column: &str| row.column(column).to_owned();
    SampledLine {
        rule: rule.to_owned(),
        place,
        source_file: text("source_file"),
        source_row: text("source_row").parse().unwrap_or_default(),
        claim_id: text("claim_id"),
        line_number: text("line_number").parse().unwrap_or_default(),
        paid: Decimal::parse_dollars(row.column("paid_amount").as_bytes()),
    }
}
