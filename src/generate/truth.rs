//! The truth about a file of claims: who in it misbehaves, and how much. It stands
//! in a file of its own; the claims hold no hint of it.

use std::io::Write;
use std::path::Path;

use serde::{Serialize, Serializer};

use super::GenerateError;
use super::outliers::{Count, Outlier};
use super::population::npi_of;
use crate::claim::Day;
use crate::csv_text::push_field;

/// A provider that misbehaves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HiddenOutlier {
    /// Its number on the claims; nobody's.
    pub provider_npi: String,
    /// The name of what it does.
    pub scheme: String,
    /// The same in words: what it bills too often.
    pub what: String,
    /// The id of the rule that remarks on it; blank where none does.
    pub rule: String,
    /// The first day of service on which it does.
    #[serde(serialize_with = "as_text")]
    pub since: Day,
    /// Percent of its claims since then that were to be affected.
    pub percent: u32,
    /// Its claims in scope.
    pub claims: u64,
    /// Those of them whose service is of that day or later.
    pub claims_since: u64,
    /// Those that are affected.
    pub claims_affected: u64,
    /// Its lines in scope.
    pub lines: u64,
    /// Those of them that stand on affected claims.
    pub lines_affected: u64,
}

impl HiddenOutlier {
    pub(super) fn new(outlier: &Outlier, count: Count) -> Self {
        Self {
            provider_npi: npi_of(outlier.provider).to_string(),
            scheme: outlier.scheme.name.clone(),
            what: outlier.scheme.what.clone(),
            rule: outlier.scheme.rule.clone(),
            since: outlier.since,
            percent: outlier.percent,
            claims: count.claims,
            claims_since: count.claims_since,
            claims_affected: count.claims_affected,
            lines: count.lines,
            lines_affected: count.lines_affected,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // The signature is serde's.
fn as_text<S: Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

/// How the truth is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TruthFormat {
    Csv,
    Json,
}

impl TruthFormat {
    /// The format that a file's name tells.
    pub(super) fn of(path: &Path) -> Result<Self, GenerateError> {
        let name = path.to_string_lossy().to_ascii_lowercase();
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            _ => Err(GenerateError::UnknownTruthFormat(path.to_owned())),
        }
    }
}

#[derive(Serialize)]
struct Truth<'o> {
    outliers: &'o [HiddenOutlier],
}

/// Writes the truth.
pub(super) fn write(outliers: &[HiddenOutlier], format: TruthFormat, mut out: impl Write) -> Result<(), GenerateError> {
    let text = match format {
        TruthFormat::Csv => csv(outliers),
        TruthFormat::Json => {
            let mut text = serde_json::to_vec_pretty(&Truth { outliers })
                .map_err(|error| GenerateError::Output(std::io::Error::other(error)))?;
            text.push(b'\n');
            text
        }
    };
    out.write_all(&text).map_err(GenerateError::Output)
}

fn csv(outliers: &[HiddenOutlier]) -> Vec<u8> {
    let mut out = b"provider_npi,scheme,what,rule,since,percent,claims,claims_since,claims_affected,lines,\
        lines_affected\n"
        .to_vec();
    for one in outliers {
        let texts = [&one.provider_npi, &one.scheme, &one.what, &one.rule, &one.since.to_string()];
        for text in texts {
            push_field(&mut out, text.as_bytes());
            out.push(b',');
        }
        let numbers =
            [u64::from(one.percent), one.claims, one.claims_since, one.claims_affected, one.lines, one.lines_affected];
        out.extend_from_slice(numbers.map(|number| number.to_string()).join(",").as_bytes());
        out.push(b'\n');
    }
    out
}
