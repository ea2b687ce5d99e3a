//! The flagged lines of the report.

use serde::Serialize;

use super::text::with_minus;
use crate::report::{Sample, Stratum, words};

/// A flagged line as the page shows it.
#[derive(Debug, Default, Serialize)]
pub(super) struct FlaggedLine<'s> {
    rule: &'s str,
    disposition: &'s str,
    claim: &'s str,
    line: &'s str,
    date: &'s str,
    procedure: &'s str,
    diagnoses: &'s str,
    program: &'s str,
    provider: &'s str,
    units: String,
    billed: String,
    paid: String,
    rules: &'s str,
    detail: &'s str,
    version: &'s str,
    weight: f64,
    file: &'s str,
    row: &'s str,
}

/// The sampled lines, rule by rule: denials, then pends, then what is referred.
pub(super) fn of(sample: &Sample) -> Vec<FlaggedLine<'_>> {
    let disposition = |stratum: &&Stratum| stratum.rows.first().map(|row| row.column("disposition").to_owned());
    let mut strata: Vec<&Stratum> = sample.strata.iter().collect();
    // So their names happen to stand in the alphabet.
    strata.sort_by_key(disposition);
    let lines = strata.into_iter().flat_map(|stratum| {
        let weight = stratum.weight();
        stratum.rows.iter().map(move |row| {
            let column = |name: &str| row.column(name);
            let number = |name: &str| with_minus(&words::grouped(row.column(name)));
            FlaggedLine {
                rule: column("rule"),
                disposition: column("disposition"),
                claim: column("claim_id"),
                line: column("line_number"),
                date: column("service_date"),
                procedure: column("procedure_code"),
                diagnoses: column("diagnosis_codes"),
                program: column("line_of_business"),
                provider: column("provider_npi"),
                units: number("units"),
                billed: number("billed_amount"),
                paid: number("paid_amount"),
                rules: column("rules"),
                detail: column("detail"),
                version: column("policy_version"),
                weight,
                file: column("source_file"),
                row: column("source_row"),
            }
        })
    });
    lines.collect()
}
