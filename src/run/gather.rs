//! A few lines of an input, read again after a run: for telling of them.
//!
//! The pass is the run's own (the same batches, the same readers), so a line is
//! read as the run read it, and stands in the row that the run names.

use std::fmt;

use super::checkpoint::FinishedInputs;
use super::feed::{Done, Feed, Job, Spent, digested};
use super::ordered::in_order;
use super::{RunError, RunSettings, pool, preview};
use crate::claim::{ClaimLine, Day, Diagnosis, DiagnosisText, PayerRecord, ProcedureCode};
use crate::digest::Part;
use crate::input::csv::{Records, RowVisitor};
use crate::input::{Column, ColumnMap, Row, RowMemory, RowReader};

/// Lines of the inputs, and what the inputs are now.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The lines that were wanted, in the order of the inputs.
    pub lines: Vec<KeptLine>,
    /// The digest of each input, in hexadecimal.
    pub digests: Vec<String>,
}

/// A claim line that outlives its batch.
#[derive(Clone)]
pub struct KeptLine {
    /// Its input, by its place among the settings' inputs.
    pub file: usize,
    /// Its row there, from 1.
    pub row: u64,
    /// Each filled column of the row but the member's, with its text as it stands.
    pub columns: Vec<(Column, String)>,
    claim_id: String,
    line_of_business: String,
    member_id: String,
    provider_npi: String,
    original_claim_id: String,
    authorization_number: String,
    /// Diagnoses whose text cannot be a code, by their places.
    other_diagnoses: Vec<(usize, String)>,
    /// The line without its texts.
    rest: ClaimLine<'static>,
}

/// Without the member.
impl fmt::Debug for KeptLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptLine").field("file", &self.file).field("row", &self.row).finish_non_exhaustive()
    }
}

impl KeptLine {
    /// Keeps a line. `row` is its row, from 1.
    fn new(line: &ClaimLine<'_>, file: usize, row: u64, columns: Vec<(Column, String)>) -> Self {
        let mut other_diagnoses = Vec::new();
        let kept = |(place, one): (usize, &Diagnosis<'_>)| Diagnosis {
            slot: one.slot,
            text: match one.text {
                DiagnosisText::Code(code) => DiagnosisText::Code(code),
                DiagnosisText::Other(text) => {
                    other_diagnoses.push((place, text.to_owned()));
                    DiagnosisText::Other("")
                }
            },
        };
        let diagnoses = line.diagnoses.iter().enumerate().map(kept).collect();
        let rest = ClaimLine {
            modifiers: line.modifiers.clone(),
            diagnoses,
            pointed: line.pointed.clone(),
            units: line.units,
            billed: line.billed,
            paid: line.paid,
            facts: line.facts,
            payer: PayerRecord { original_claim_id: "", authorization_number: "", ..line.payer },
            given: line.given,
            ..ClaimLine::new("", line.line_number, line.service_date, line.procedure)
        };
        Self {
            file,
            row,
            columns,
            claim_id: line.claim_id.to_owned(),
            line_of_business: line.line_of_business.to_owned(),
            member_id: line.member_id.to_owned(),
            provider_npi: line.provider_npi.to_owned(),
            original_claim_id: line.payer.original_claim_id.to_owned(),
            authorization_number: line.payer.authorization_number.to_owned(),
            other_diagnoses,
            rest,
        }
    }

    /// The text of a column; blank where it has none.
    #[must_use]
    pub fn text(&self, column: Column) -> &str {
        self.columns.iter().find(|(known, _)| *known == column).map_or("", |(_, text)| text)
    }

    /// The line.
    #[must_use]
    pub fn line(&self) -> ClaimLine<'_> {
        let mut line: ClaimLine<'_> = self.rest.clone();
        line.claim_id = &self.claim_id;
        line.line_of_business = &self.line_of_business;
        line.member_id = &self.member_id;
        line.provider_npi = &self.provider_npi;
        line.payer.original_claim_id = &self.original_claim_id;
        line.payer.authorization_number = &self.authorization_number;
        for (place, text) in &self.other_diagnoses {
            if let Some(diagnosis) = line.diagnoses.get_mut(*place) {
                diagnosis.text = DiagnosisText::Other(text);
            }
        }
        line
    }
}

/// Says whether lines of a procedure are looked at.
pub type InScope<'a> = &'a (dyn Fn(ProcedureCode) -> bool + Sync);

/// Says whether a line is wanted.
pub type Wanted<'a> = &'a (dyn Fn(&ClaimLine<'_>) -> bool + Sync);

/// Reads every input again, and keeps the lines in scope that are wanted. Rows
/// that cannot be read are passed over.
///
/// # Errors
///
/// An input cannot be read.
pub fn gather(settings: &RunSettings, in_scope: InScope<'_>, wanted: Wanted<'_>) -> Result<Gathered, RunError> {
    let pool = pool(settings)?;
    let mut feed = Feed::new(settings, FinishedInputs::new())?;
    let spent = feed.spent();
    let mut gathered = Gathered { lines: Vec::new(), digests: vec![String::new(); settings.inputs.len()] };
    // The parts of the digest of the file at hand, and its rows so far.
    let (mut parts, mut rows) = (Vec::new(), 0);
    in_order(
        &pool,
        || feed.draw(),
        |job| look(job, settings, &spent, in_scope, wanted),
        |found| {
            match found {
                Found::Rows { kept, rows: more, parts: new } => {
                    gathered.lines.extend(kept.into_iter().map(|line| KeptLine { row: rows + line.row, ..line }));
                    rows += more;
                    parts.extend(new);
                }
                Found::Done(done) => match *done {
                    // Rows are looked at here.
                    Done::Rows { .. } => {}
                    Done::Part(part) => parts.extend(part),
                    Done::Ended { file, digest, .. } => {
                        if let Some(place) = gathered.digests.get_mut(file) {
                            *place = digest.finish(std::mem::take(&mut parts));
                        }
                        rows = 0;
                    }
                },
            }
            Ok(())
        },
    )?;
    Ok(gathered)
}

/// What one job came to.
enum Found {
    /// How many rows were seen, and those of them that are kept, counted from the
    /// job's first.
    Rows { kept: Vec<KeptLine>, rows: u64, parts: Vec<Part> },
    /// What is no matter of rows.
    Done(Box<Done>),
}

fn look(
    job: Job,
    settings: &RunSettings,
    spent: &Spent,
    in_scope: InScope<'_>,
    wanted: Wanted<'_>,
) -> Result<Found, RunError> {
    let looker =
        |file, map| Looker { in_scope, wanted, file, map, memory: RowMemory::default(), rows: 0, kept: Vec::new() };
    match job {
        Job::Csv { file, how, chunk, .. } => {
            let parts = chunk.parts();
            let mut looker = looker(file, &how.map);
            let reader = RowReader::new(&how.map);
            Records::new(how.delimiter.unwrap_or(b','), how.map.width, &reader).visit(&chunk, &mut looker);
            spent.keep(chunk, settings);
            Ok(Found::Rows { kept: looker.kept, rows: looker.rows, parts })
        }
        Job::Parquet { file, parquet, group, .. } => {
            let mut looker = looker(file, parquet.map());
            let batch = parquet.read_group(group, in_scope)?;
            let reader = RowReader::new(parquet.map());
            for (at, place) in batch.selected().iter().enumerate() {
                looker.rows = u64::from(*place);
                let row = batch.row(at);
                looker.see(&row, &reader, &|| batch.describe(at));
            }
            Ok(Found::Rows { kept: looker.kept, rows: batch.rows() as u64, parts: Vec::new() })
        }
        job => digested(job, settings).map(|done| Found::Done(Box::new(done))),
    }
}

/// Keeps the wanted rows of a batch.
struct Looker<'a> {
    in_scope: InScope<'a>,
    wanted: Wanted<'a>,
    file: usize,
    map: &'a ColumnMap,
    memory: RowMemory,
    rows: u64,
    kept: Vec<KeptLine>,
}

impl RowVisitor for Looker<'_> {
    fn accepts(&mut self, procedure: ProcedureCode) -> bool {
        (self.in_scope)(procedure)
    }

    fn passed(&mut self) {
        self.rows += 1;
    }

    fn row<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        _: &dyn Fn() -> Vec<u8>,
    ) {
        self.rows += 1;
        let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
        if reader.fill(row, &mut line, &mut self.memory).is_ok() && (self.wanted)(&line) {
            let mut columns = preview::shown(self.map, row);
            columns.retain(|(_, text)| !text.is_empty());
            self.kept.push(KeptLine::new(&line, self.file, self.rows, columns));
        }
        self.memory.take_back(line);
    }

    fn unclosed(&mut self, _: &[u8]) -> bool {
        self.rows += 1;
        true
    }

    fn ragged(&mut self, _: usize, _: &[u8]) {
        self.rows += 1;
    }
}
