//! The writing half of a run: held lines and findings in, decisions and summary
//! out.

use std::io::BufWriter;
use std::sync::Arc;

use rayon::ThreadPool;

use super::held::{HeldLine, HeldLines, Lacks};
use super::ordered::in_order;
use super::read::Reading;
use super::{Observer, Outcome, RunError, RunSettings, Select};
use crate::digest::Digesting;
use crate::engine::{Adjudicator, EditNote, LineState, RelatedLine};
use crate::policy::PolicyRef;
use crate::report::{
    DecisionRow, DecisionWriter, Defaulted, EncodedGroup, Encoder, FileRecord, RunFolder, Sorted, Summary, Tally,
};
use crate::rules::Disposition;

/// How many lines make one group of the decisions: a row group of Parquet. Part
/// of the output's bytes, so it does not follow threads or batches.
const GROUP_LINES: u64 = 1 << 16;

/// Writes the decisions and sums them up.
pub(super) fn write_all(
    settings: &RunSettings,
    adjudicator: &Arc<Adjudicator>,
    folder: &RunFolder,
    pool: &ThreadPool,
    reading: Reading,
    notes: &[EditNote],
    observer: &mut dyn Observer,
) -> Result<Outcome, RunError> {
    let (path, file) = folder.create(settings.format.file_name())?;
    let output = |source| RunError::Output { path: path.clone(), source };
    let encoder = Encoder::new(settings.format).map_err(output)?;
    let out = BufWriter::with_capacity(1 << 16, Digesting::new(file, settings.digest));
    let mut writer = DecisionWriter::new(settings.format, out).map_err(output)?;

    let total = reading.states.len() as u64;
    let finisher = Finisher { settings, adjudicator, reading: &reading, notes, encoder: &encoder };
    let mut next = 0;
    let mut tally = Tally::default();
    let draw = || {
        let from = next;
        next = total.min(from + GROUP_LINES);
        Ok((from < next).then_some((from, next)))
    };
    in_order(
        pool,
        draw,
        |(from, to)| finisher.group(from, to).map(|group| (group, to)).map_err(output),
        |((group, part), to)| {
            writer.write(group).map_err(output)?;
            tally.merge(part);
            observer.writing(to, total);
            Ok(())
        },
    )?;

    let buffered = writer.finish().map_err(output)?;
    let digesting = buffered.into_inner().map_err(|error| output(error.into_error()))?;
    let (_, digest, bytes) = digesting.finish();
    let decisions = FileRecord { name: settings.format.file_name().to_owned(), digest, bytes };
    let summary = Summary::new(settings, adjudicator, &reading.inputs, &reading.reasons, reading.after_table, &tally);
    Ok(Outcome { summary, inputs: reading.inputs, files: vec![decisions, reading.rejects] })
}

struct Finisher<'a> {
    settings: &'a RunSettings,
    adjudicator: &'a Adjudicator,
    reading: &'a Reading,
    notes: &'a [EditNote],
    encoder: &'a Encoder,
}

impl<'a> Finisher<'a> {
    /// Encodes and sums up the lines from `from` up to `to`.
    fn group(&self, from: u64, to: u64) -> std::io::Result<(EncodedGroup, Tally)> {
        let mut builder = self.encoder.group();
        let mut tally = Tally::default();
        let mut number = from;
        let mut notes = self.notes_from(from);
        let mut detail = String::new();
        self.reading.spool.read(from, to, |bytes, skip, count| {
            let mut lines = HeldLines::new(bytes);
            lines.skip_lines(skip);
            for held in lines.take(count) {
                let place = usize::try_from(number).unwrap_or(usize::MAX);
                let Some(state) = self.reading.states.get(place) else { break };
                let mine = notes.iter().take_while(|note| u64::from(note.line) == number).count();
                let (own, rest) = notes.split_at(mine);
                notes = rest;
                self.tell(&held, own, number, &mut detail);
                let row = self.row(&held, state, number, &detail);
                let sorted = Sorted {
                    procedure: state.procedure(),
                    program: held.program,
                    version: (PolicyRef(held.policy), held.version),
                    lacks: defaulted(held.lacks),
                };
                tally.add(&row, &sorted);
                if self.settings.select == Select::InScope || row.disposition != Disposition::Allow {
                    builder.push(&row);
                }
                number += 1;
            }
            Ok(())
        })?;
        Ok((builder.finish()?, tally))
    }

    fn notes_from(&self, number: u64) -> &[EditNote] {
        let start = self.notes.partition_point(|note| u64::from(note.line) < number);
        self.notes.get(start..).unwrap_or_default()
    }

    /// What the line's findings have to tell: its own, then its edits'.
    fn tell(&self, held: &HeldLine<'_>, notes: &[EditNote], number: u64, detail: &mut String) {
        detail.clear();
        detail.push_str(held.detail);
        for note in notes {
            let words = note.describe(|other| self.related(other, number));
            if !detail.is_empty() && !words.is_empty() {
                detail.push_str("; ");
            }
            detail.push_str(&words);
        }
    }

    fn related(&self, other: u32, number: u64) -> RelatedLine {
        let index = self.adjudicator.index();
        let state: Option<&LineState> = self.reading.states.get(other as usize);
        let decided = state.and_then(|state| state.findings.deciding_rule(self.adjudicator.weights()));
        let row = state.map_or(0, |state| state.row);
        let file = self.file_of(u64::from(other));
        let place = if file == self.file_of(number) {
            format!("row {row}")
        } else {
            format!("row {row} of {}", self.file_name(file))
        };
        RelatedLine {
            procedure: state.and_then(|state| index.entry(state.procedure())).map(|entry| entry.code),
            decided_by: decided.map_or("", |rule| rule.rule().code),
            place,
        }
    }

    fn file_of(&self, number: u64) -> usize {
        self.reading.file_starts.partition_point(|start| *start <= number).saturating_sub(1)
    }

    fn file_name(&self, file: usize) -> &'a str {
        self.settings.inputs.get(file).map_or("", |input| input.name.as_str())
    }

    fn row<'r>(&self, held: &HeldLine<'r>, state: &LineState, number: u64, detail: &'r str) -> DecisionRow<'r>
    where
        'a: 'r,
    {
        let adjudicator: &'a Adjudicator = self.adjudicator;
        let index = adjudicator.index();
        let weights = adjudicator.weights();
        let rule = state.findings.deciding_rule(weights);
        let (carc, rarc) = rule.map_or(("", ""), |rule| state.findings.codes(rule));
        let policy = index.policy(PolicyRef(held.policy));
        let version = held.version.and_then(|at| policy?.versions.get(usize::from(at)));
        let indication = held.indication.and_then(|at| policy?.indications.get(usize::from(at)));
        DecisionRow {
            source_file: self.file_name(self.file_of(number)),
            source_row: u64::from(state.row),
            claim_id: held.claim_id,
            line_number: state.line_number,
            service_date: held.service_date,
            procedure: index.entry(state.procedure()).map_or(crate::claim::ProcedureCode::NONE, |entry| entry.code),
            diagnosis_codes: held.diagnosis_codes,
            line_of_business: held.program.map_or(held.line_of_business, |program| program.name()),
            provider_npi: held.provider_npi,
            units: state.units,
            billed: held.billed,
            paid: held.paid,
            disposition: state.findings.disposition(weights),
            rule,
            findings: state.findings,
            carc,
            rarc,
            policy_id: policy.map_or("", |policy| policy.id.as_str()),
            policy_version: version.map_or("", |version| version.id.as_str()),
            indication: indication.map_or("", |one| one.id.as_str()),
            detail,
        }
    }
}

fn defaulted(lacks: Lacks) -> Defaulted {
    Defaulted {
        line_of_business: lacks.has(Lacks::LINE_OF_BUSINESS),
        units: lacks.has(Lacks::UNITS),
        pointers: lacks.has(Lacks::POINTERS),
        paid: lacks.has(Lacks::PAID),
    }
}
