//! What the lines of a run and of its shadow come to, as one worker meets them.

use std::io;

use super::beside::OwnLine;
use crate::report::KeptOutcome;
use crate::report::comparison::{ChangedLine, ChangedSample, ChangesWriter, DecidedLine, Line, PairSums};

/// Sums of pairs, and the lines that were decided otherwise.
#[derive(Default)]
pub(super) struct Account {
    pub(super) pairs: PairSums,
    pub(super) sample: ChangedSample,
    /// Rows of changed lines that the group at hand has passed, if any.
    changes: Option<ChangesWriter<Vec<u8>>>,
}

/// What the shadow made of a line.
pub(super) struct Otherwise<'o> {
    pub(super) outcome: &'o KeptOutcome<'o>,
    pub(super) policy_version: &'o str,
    pub(super) detail: &'o [u8],
}

impl Account {
    /// Rows of changed lines that were met since the last time.
    pub(super) fn take_changes(&mut self) -> io::Result<Vec<u8>> {
        self.changes.take().map_or_else(|| Ok(Vec::new()), ChangesWriter::finish)
    }

    /// Writes and shows a line of the run that was decided otherwise. What both read of it
    /// is the same.
    pub(super) fn change(
        &mut self,
        spreadsheet_safe: bool,
        line: &OwnLine<'_>,
        shadow: &Otherwise<'_>,
    ) -> io::Result<()> {
        let (own, paid) = (line.row, line.paid);
        let text = String::from_utf8_lossy;
        let (service_date, procedure) = (own.service_date.to_string(), own.outcome.outcome.procedure.to_string());
        let (provider, claim_id) = (text(&own.texts.provider_npi), text(&own.texts.claim_id));
        let line_number = own.line_number.to_string();
        let [rules_a, rules_b] = [own.outcome, shadow.outcome].map(rules);
        let [detail_a, detail_b] = [&*own.texts.detail, shadow.detail].map(text);
        let decided = |kept: &KeptOutcome<'_>| Line {
            service_date: &service_date,
            procedure: &procedure,
            provider: &provider,
            paid,
            disposition: kept.outcome.disposition,
            rule: kept.outcome.rule.map_or("", |rule| rule.rule().code),
        };
        let a = DecidedLine {
            line: decided(own.outcome),
            source_file: own.source_file,
            source_row: own.source_row,
            claim_id: &claim_id,
            line_number: &line_number,
            units: Some(own.units),
            billed: own.billed,
            rules: &rules_a,
            detail: &detail_a,
            policy_version: own.outcome.outcome.policy_version,
        };
        let b = DecidedLine {
            line: decided(shadow.outcome),
            rules: &rules_b,
            detail: &detail_b,
            policy_version: shadow.policy_version,
            ..a
        };
        let changed = ChangedLine { a, b, occurrence: None };
        self.sample.add_at(line.number.into(), &changed);
        self.changes.get_or_insert_with(|| ChangesWriter::rows(Vec::new(), spreadsheet_safe)).write(&changed)
    }
}

fn rules(kept: &KeptOutcome<'_>) -> String {
    let codes: Vec<_> = kept.outcome.findings.rules().map(|rule| rule.rule().code).collect();
    codes.join(";")
}
