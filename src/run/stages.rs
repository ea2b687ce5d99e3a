//! A run up to one of its stages and no further, so that somebody with a clock
//! can tell what each stage costs: the difference between two passes.
//!
//! A pass does the work of a run in the run's own way (the same batches, the same
//! threads, results in order), keeps nothing of the stages that it leaves out, and
//! writes nothing but what a run would put aside.

use std::hint::black_box;

use super::checkpoint::FinishedInputs;
use super::feed::{BATCH_LINES, Done, Feed, Job, Spent, work};
use super::lane::Lanes;
use super::ordered::in_order;
use super::shadow::Shadow;
use super::spares::Spares;
use super::{RowCounts, RunError, RunSettings, pool};
use crate::claim::{ClaimLine, Day, ProcedureCode};
use crate::engine::Adjudicator;
use crate::input::csv::{Records, RowVisitor};
use crate::input::{Row, RowMemory, RowReader};
use crate::policy::MetProcedures;

/// How far a pass goes. What comes after the last of these is the whole run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    /// The inputs' bytes are drawn, in chunks that end where a record ends, and
    /// digested. Of a Parquet file the digest alone is made.
    Read,
    /// Every row is found, and its procedure looked up. Of a Parquet file the
    /// procedures are decoded, and the used columns of the rows in scope.
    Split,
    /// A claim line is made of every row in scope.
    Parse,
    /// Every line is decided, by itself and among the others, and held for the
    /// writing.
    Decide,
}

impl Stage {
    /// Every stage, in the order of a run.
    pub const ALL: [Self; 4] = [Self::Read, Self::Split, Self::Parse, Self::Decide];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Split => "split",
            Self::Parse => "parse",
            Self::Decide => "decide",
        }
    }
}

/// What a pass came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Pass {
    /// Worker threads.
    pub threads: usize,
    /// Bytes of the inputs, as stored.
    pub bytes: u64,
    /// Rows, where the pass goes as far as to see them. Those that a longer pass
    /// would go on with count as decided.
    pub counts: RowCounts,
}

/// Does the work of a run up to a stage, that one included.
///
/// # Errors
///
/// An input fails.
pub fn run_until(stage: Stage, settings: &RunSettings, adjudicator: &Adjudicator) -> Result<Pass, RunError> {
    let pool = pool(settings)?;
    let mut feed = Feed::new(settings, FinishedInputs::new())?;
    let spent = feed.spent();
    let mut pass = Pass { threads: pool.current_num_threads(), ..Pass::default() };
    let scopes = Spares::default();
    // A run has a folder of its own for what does not fit into memory; the file has
    // no name in either.
    let mut lines = Lanes::of_run(settings, &std::env::temp_dir());
    in_order(
        &pool,
        || feed.draw(),
        |job| part(job, stage, adjudicator, settings, &spent, &scopes),
        |part| {
            match part {
                Part::Seen(counts) => pass.counts = pass.counts.plus(counts),
                Part::Done(done) => match *done {
                    Done::Rows { outcomes, .. } => {
                        for mut outcome in outcomes {
                            pass.counts = pass.counts.plus(outcome.counts());
                            // Nothing is written that would name a row.
                            lines.take(&mut outcome, 0)?;
                        }
                    }
                    Done::Part(_) => {}
                    Done::Ended { bytes, .. } => pass.bytes += bytes,
                },
            }
            Ok(())
        },
    )?;
    drop(lines.rejudged(&Lanes::of(adjudicator, settings), &pool)?);
    Ok(pass)
}

/// What one job of a pass came to.
enum Part {
    /// Rows, up to a stage before the last.
    Seen(RowCounts),
    /// What it comes to in a run.
    Done(Box<Done>),
}

/// The work of a reading thread, as far as a pass wants it.
fn part(
    job: Job,
    stage: Stage,
    adjudicator: &Adjudicator,
    settings: &RunSettings,
    spent: &Spent,
    scopes: &Spares<MetProcedures>,
) -> Result<Part, RunError> {
    let mut until = Until {
        stage,
        lanes: Lanes::of(adjudicator, settings),
        procedures: scopes.take(),
        rows: RowMemory::default(),
        counts: RowCounts::default(),
    };
    match job {
        Job::Csv { how, chunk, .. } if stage < Stage::Decide => {
            // The digest is made of its parts by whoever reads the chunk.
            black_box(chunk.parts());
            if stage >= Stage::Split {
                let reader = RowReader::new(&how.map);
                Records::new(how.delimiter.unwrap_or(b','), how.map.width, &reader).visit(&chunk, &mut until);
            }
            spent.keep(chunk, settings);
        }
        Job::Parquet { parquet, group, .. } if stage < Stage::Decide => {
            if stage >= Stage::Split {
                let mut group = parquet.group(group, &|procedure| until.lanes.speak_of(procedure), None)?;
                let reader = RowReader::new(parquet.map());
                while let Some(batch) = group.read(BATCH_LINES)? {
                    let passed = batch.rows().saturating_sub(batch.selected().len()) as u64;
                    until.counts.rows += passed;
                    until.counts.out_of_scope += passed;
                    let mut line = ClaimLine::new("", 0, Day::from_days(0), ProcedureCode::NONE);
                    for at in 0..batch.selected().len() {
                        let row = batch.row(at);
                        if let Some(procedure) = reader.procedure(&row).filter(|procedure| until.accepts(*procedure)) {
                            until.row_behind(&row, procedure, &mut line, &reader, &Vec::new);
                        } else {
                            line.header = None;
                            until.see(&row, &reader, &|| batch.describe(at));
                        }
                    }
                }
            }
        }
        // Deciding, and what is only digested, is the run's own work.
        job => return work(job, adjudicator, settings, spent).map(|done| Part::Done(Box::new(done))),
    }
    scopes.give(until.procedures);
    Ok(Part::Seen(until.counts))
}

/// Takes rows as far as a stage before the last.
struct Until<'a> {
    stage: Stage,
    lanes: Lanes<&'a Adjudicator, &'a Shadow>,
    /// As a worker of a run has, from batch to batch.
    procedures: MetProcedures,
    rows: RowMemory,
    counts: RowCounts,
}

impl Until<'_> {
    /// Counts a row that could be read, or could not.
    fn count(&mut self, is_read: bool) {
        self.counts.rows += 1;
        if is_read {
            self.counts.decided += 1;
        } else {
            self.counts.rejected += 1;
        }
    }
}

impl RowVisitor for Until<'_> {
    fn accepts(&mut self, procedure: ProcedureCode) -> bool {
        let Self { lanes, procedures, .. } = self;
        procedures.is_in_scope(procedure, || lanes.speak_of(procedure))
    }

    fn met(&self, field: &[u8]) -> Option<(ProcedureCode, bool)> {
        self.procedures.find(field)
    }

    fn passed(&mut self) {
        self.counts.rows += 1;
        self.counts.out_of_scope += 1;
    }

    fn row<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        reader: &RowReader<'m>,
        raw: &dyn Fn() -> Vec<u8>,
    ) {
        let mut line = ClaimLine::new("", 0, Day::from_days(0), procedure);
        self.row_behind(row, procedure, &mut line, reader, raw);
        self.rows.take_back(line);
    }

    fn row_behind<'r, 'm: 'r, R: Row<'r>>(
        &mut self,
        row: &R,
        procedure: ProcedureCode,
        line: &mut ClaimLine<'r>,
        reader: &RowReader<'m>,
        _: &dyn Fn() -> Vec<u8>,
    ) {
        line.procedure = procedure;
        let read = if self.stage >= Stage::Parse { reader.fill(row, line, &mut self.rows) } else { Ok(()) };
        // Nobody looks at the line, and it must be made all the same.
        black_box(&*line);
        self.count(black_box(read).is_ok());
    }

    fn unclosed(&mut self, _: &[u8]) -> bool {
        self.counts.rows += 1;
        self.counts.rejected += 1;
        true
    }

    fn ragged(&mut self, _: usize, _: &[u8]) {
        self.counts.rows += 1;
        self.counts.rejected += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::*;
    use crate::engine::DecisionOptions;
    use crate::icd10::Icd10;
    use crate::input::{Layout, discover};
    use crate::policy::PolicyIndex;

    fn passes(input: &str) -> [Pass; 4] {
        let index = PolicyIndex::embedded(Arc::new(Icd10::embedded().unwrap())).unwrap();
        let adjudicator = Adjudicator::new(Arc::new(index), DecisionOptions::default());
        let layout = Layout::embedded("native").unwrap();
        let settings = RunSettings {
            threads: 2,
            // Several batches, so that their counts are summed.
            batch_bytes: 1 << 10,
            ..RunSettings::new(discover(&[input.to_owned()]).unwrap(), layout)
        };
        Stage::ALL.map(|stage| run_until(stage, &settings, &adjudicator).unwrap())
    }

    #[test]
    fn a_pass_sees_what_a_run_does_up_to_its_stage() {
        for input in ["sample_data/claims.csv", "sample_data/claims.parquet"] {
            let [read, split, parse, decide] = passes(input);
            let bytes = fs::metadata(input).unwrap().len();
            assert!([read, split, parse, decide].iter().all(|pass| pass.bytes == bytes && pass.threads == 2));
            assert_eq!(read.counts, RowCounts::default(), "{input}");
            let counts = |decided, rejected| RowCounts { rows: 71, out_of_scope: 3, superseded: 0, decided, rejected };
            assert_eq!(split.counts, counts(68, 0), "{input}");
            assert_eq!(parse.counts, counts(65, 3), "{input}");
            assert_eq!(decide.counts, counts(65, 3), "{input}");
        }
    }
}
