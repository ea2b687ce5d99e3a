//! The flagged lines of the report, as far as it has room.

use minijinja::HtmlEscape;
use serde::Serialize;

use super::text::{claimed, weight, with_minus};
use crate::report::{Sample, SampledRow, Stratum, words};

/// How many bytes of the page are for lines.
const ROOM: usize = 1_200_000;
/// What a line takes beside its texts: the tags of `lines.html`.
const TAGS: usize = 140;

/// The sampled lines that the page shows.
#[derive(Debug, Serialize)]
pub(super) struct ShownLines<'s> {
    shown: Vec<FlaggedLine<'s>>,
    /// How many of the sample are not shown.
    left: usize,
}

/// A flagged line as the page shows it.
#[derive(Debug, Serialize)]
struct FlaggedLine<'s> {
    rule: &'s str,
    disposition: &'s str,
    claim: String,
    line: &'s str,
    date: &'s str,
    procedure: &'s str,
    diagnoses: String,
    program: String,
    provider: String,
    units: String,
    billed: String,
    paid: String,
    rules: &'s str,
    detail: String,
    version: &'s str,
    weight: String,
    file: String,
    row: &'s str,
}

impl<'s> FlaggedLine<'s> {
    fn new(row: &'s SampledRow, weight: String) -> Self {
        let claimed = |name: &str| claimed(row.column(name));
        let number = |name: &str| with_minus(&words::grouped(row.column(name)));
        Self {
            rule: row.column("rule"),
            disposition: row.column("disposition"),
            claim: claimed("claim_id"),
            line: row.column("line_number"),
            date: row.column("service_date"),
            procedure: row.column("procedure_code"),
            diagnoses: claimed("diagnosis_codes"),
            program: claimed("line_of_business"),
            provider: claimed("provider_npi"),
            units: number("units"),
            billed: number("billed_amount"),
            paid: number("paid_amount"),
            rules: row.column("rules"),
            detail: claimed("detail"),
            version: row.column("policy_version"),
            weight,
            file: claimed("source_file"),
            row: row.column("source_row"),
        }
    }

    /// What it takes on the page, escaped.
    fn bytes(&self) -> usize {
        let Self { rule, disposition, line, date, procedure, rules, version, row, .. } = self;
        let Self { claim, diagnoses, program, provider, units, billed, paid, detail, weight, file, .. } = self;
        let plain = [rule, disposition, line, date, procedure, rules, version, row].into_iter().copied();
        let made = [claim, diagnoses, program, provider, units, billed, paid, detail, weight, file];
        let texts = plain.chain(made.map(String::as_str));
        TAGS + texts.map(|text| HtmlEscape(text).to_string().len()).sum::<usize>()
    }
}

/// The sampled lines, rule by rule: denials, then pends, then what is referred. Where
/// not all have room, they are the first of each rule, then the second of each, and so
/// on: a smaller sample of the same kind.
pub(super) fn of(sample: &Sample) -> ShownLines<'_> {
    within(sample, ROOM)
}

fn within(sample: &Sample, room: usize) -> ShownLines<'_> {
    let disposition = |stratum: &&Stratum| stratum.rows.first().map(|row| row.column("disposition").to_owned());
    let mut strata: Vec<&Stratum> = sample.strata.iter().collect();
    // So their names happen to stand in the alphabet.
    strata.sort_by_key(disposition);
    let all: usize = strata.iter().map(|stratum| stratum.rows.len()).sum();
    let mut shown: Vec<Vec<FlaggedLine<'_>>> = strata.iter().map(|_| Vec::new()).collect();
    let places = strata.iter().map(|stratum| stratum.rows.len()).max().unwrap_or_default();
    let mut bytes = 0;
    'page: for place in 0..places {
        for (stratum, shown) in strata.iter().zip(&mut shown) {
            let Some(row) = stratum.rows.get(place) else { continue };
            let line = FlaggedLine::new(row, weight(stratum.weight()));
            bytes += line.bytes();
            if bytes > room {
                break 'page;
            }
            shown.push(line);
        }
    }
    let shown: Vec<_> = shown.into_iter().flatten().collect();
    ShownLines { left: all - shown.len(), shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::SampleSettings;
    use crate::report::decision::COLUMNS;
    use crate::rules::RuleId;

    /// Strata of so many lines whose claims are called `claim`.
    fn sample(strata: &[(RuleId, usize)], claim: &str) -> Sample {
        let strata = strata.iter().map(|(rule, lines)| {
            let row = |place: usize| {
                let place = place.to_string();
                SampledRow::of(COLUMNS.map(|name| match name {
                    "rule" => rule.rule().code,
                    "disposition" => rule.rule().weight.name(),
                    "claim_id" => claim,
                    "line_number" => &place,
                    _ => "",
                }))
            };
            Stratum { rule: *rule, lines: 1_000, rows: (0..*lines).map(row).collect() }
        });
        Sample { settings: SampleSettings::default(), strata: strata.collect() }
    }

    /// The lines shown as `rule place`, and how many are not.
    fn shown(sample: &Sample, room: usize) -> (Vec<String>, usize) {
        let lines = within(sample, room);
        (lines.shown.iter().map(|one| format!("{} {}", one.rule, one.line)).collect(), lines.left)
    }

    #[test]
    fn where_room_ends_each_rule_has_as_many_lines() {
        let sample = sample(&[(RuleId::Cov001, 1), (RuleId::Rev001, 3), (RuleId::Cov002, 4)], "C");
        let line = within(&sample, usize::MAX).shown[0].bytes();
        assert_eq!(within(&sample, usize::MAX).left, 0);
        let (lines, left) = shown(&sample, 5 * line);
        assert_eq!((lines.join(", ").as_str(), left), ("COV001 0, COV002 0, COV002 1, REV001 0, REV001 1", 3));
        assert_eq!(shown(&sample, 0), (Vec::new(), 8));
        // Weights are those of the sample.
        assert_eq!(
            within(&sample, 5 * line).shown.iter().map(|one| &*one.weight).collect::<Vec<_>>(),
            ["1,000", "250", "250", "333.33", "333.33"]
        );
    }

    #[test]
    fn room_is_measured_as_the_page_is_written() {
        let plain = within(&sample(&[(RuleId::Cov001, 1)], "C"), usize::MAX).shown[0].bytes();
        for (claim, more) in [("''", 11), ("\u{202e}", 7), (&"\"".repeat(80), 60 * 6 + 3 - 1)] {
            let lines = sample(&[(RuleId::Cov001, 1)], claim);
            assert_eq!(within(&lines, usize::MAX).shown[0].bytes(), plain + more, "{claim}");
        }
    }
}
