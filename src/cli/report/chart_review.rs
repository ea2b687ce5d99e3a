//! A chart review's verdicts, held against the sample that they are about.

use std::fs;
use std::path::Path;

use adjudicate::claim::{ClaimStatus, Decimal};
use adjudicate::digest::DigestKind;
use adjudicate::report::reviews::{ReviewFile, Reviews, SampledLine, Stratum};
use adjudicate::report::{FileRecord, Sample, SampleSummary, SampledRow};
use adjudicate::rules::Disposition;

use crate::cli::exit::Failure;

/// Reads verdicts, and works out what they say of each rule.
pub(super) fn read(
    path: &Path,
    digest: DigestKind,
    summary: &SampleSummary,
    sample: &Sample,
) -> Result<Reviews, Failure> {
    let told = |reason: String| Failure::told(format!("{}: {reason}", path.display()));
    let content = fs::read(path).map_err(|error| told(error.to_string()))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let file = FileRecord::of(&name, &content, digest);
    let marks = ReviewFile::read(content.as_slice()).map_err(|error| told(error.to_string()))?;
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
    let found = Reviews::new(&strata, &lines, &marks).map_err(|error| told(error.to_string()))?;
    Ok(Reviews { file: Some(file), ..found })
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
        paid: match row.column("claim_status") {
            // What the payer denied it did not pay, whatever stands there.
            status if status == ClaimStatus::Denied.word() => Some(Decimal::ZERO),
            _ => Decimal::parse_dollars(row.column("paid_amount").as_bytes()),
        },
    }
}
