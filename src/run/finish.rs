//! The writing half of a run: held lines and findings in, decisions and summary
//! out.

use std::io::{self, BufWriter};
use std::sync::Arc;

use rayon::ThreadPool;
use rayon::prelude::*;

use super::details::own_notes;
use super::held::HeldLines;
use super::history::{DecidedLine, HistoryFile, Kept};
use super::lines::JudgedLines;
use super::ordered::in_order;
use super::read::Reading;
use super::rows_file::RowsFile;
use super::ruled::{Ruled, row};
use super::shadow::{Compared, ComparingDesk, OwnLine, RuledShadow, changes_file, paid};
use super::spares::Spares;
use super::spool::{Batch, Loaded};
use super::{Observer, RunError, RunSettings, Select};
use crate::claim::{ClaimStatus, Stated};
use crate::digest::Digesting;
use crate::engine::{Adjudicator, LineEdits, LineState};
use crate::report::{
    Amounts, BulkFile, Counted, DecisionFormat, DecisionRow, DecisionWriter, Draw, EncodedGroup, Encoder, FileRecord,
    GroupBuilder, LineTexts, OutcomeKey, Outcomes, RunFolder, Sample, Summary, SupersededRow, Tally, TextNumbers,
    WorkerSums,
};
use crate::rules::Disposition;
use crate::short::TextBuffer;

/// Writes the decisions and sums them up.
pub(super) fn write_all(
    settings: &RunSettings,
    adjudicator: &Arc<Adjudicator>,
    folder: &RunFolder,
    pool: &ThreadPool,
    reading: Reading,
    observer: &mut dyn Observer,
) -> Result<super::Outcome, RunError> {
    let (path, file) = folder.create(settings.format.file_name())?;
    let output = |source| RunError::Output { path: path.clone(), source };
    let encoder = Encoder::new(settings.format).map_err(output)?.spreadsheet_safe(settings.spreadsheet_safe);
    let out = Digesting::new(BulkFile::new(file), settings.digest);
    let mut writer = DecisionWriter::new(settings.format, out).map_err(output)?;

    let lines = &reading.lanes.own;
    let total = lines.spool.lines();
    let edits = LineEdits::new(adjudicator);
    let own = Ruled { settings, adjudicator, lines };
    let shadow = settings.shadow.as_deref().zip(reading.lanes.shadow.as_ref());
    let shadow = shadow.map(|(shadow, lines)| RuledShadow { own, shadow, lines });
    let finisher = Finisher { own, shadow, edits, encoder: &encoder };
    let mut groups = groups(settings, lines).into_iter();
    let desks: Spares<WritingDesk<'_>> = Spares::default();
    let spent: Spares<TextBuffer> = Spares::default();
    let any = !lines.superseded.lines.is_empty();
    let mut superseded =
        any.then(|| RowsFile::new(SupersededRow::FILE_NAME, SupersededRow::HEADER, settings, folder)).transpose()?;
    let decided = u64::from(total) - lines.superseded.lines.len() as u64;
    let history = lines.kept.as_ref().map(|kept| HistoryFile::new(settings, adjudicator, folder, kept, decided));
    let mut history = history.transpose()?;
    let mut changes = shadow.map(|_| changes_file(settings, folder)).transpose()?;
    in_order(
        pool,
        || Ok(groups.next()),
        |(from, to)| {
            // Each worker has sums of its own; they are added up at the end.
            let mut desk = desks.take();
            let group = finisher.group(from, to, &mut desk, spent.take());
            let rows = std::mem::take(&mut desk.passed);
            let kept = std::mem::take(&mut desk.kept);
            let moved = desk.shadow.take_changes();
            desks.give(desk);
            group.and_then(|group| Ok((group, [rows, kept, moved?], to))).map_err(output)
        },
        |(group, [rows, kept, moved], to)| {
            if let Some(file) = &mut changes {
                file.write(&moved)?;
            }
            if let Some(file) = &mut history {
                file.write(&kept)?;
            }
            if let Some(file) = &mut superseded {
                file.write(&rows)?;
            }
            let text = writer.write(group).map_err(output)?;
            spent.give(text);
            observer.writing(to.into(), total.into());
            Ok(())
        },
    )?;

    let mut tally = Tally::default();
    let mut draw = Draw::default();
    let mut compared = Compared::default();
    let mut desks = desks.into_inner();
    if let Some(shadow) = &shadow {
        let alone = pool.install(|| compared.add_alone(shadow, lines.spool.batches()));
        alone.map_err(output)?;
    }
    pool.install(|| desks.par_iter_mut().for_each(|desk| desk.sums.settle(&mut desk.outcomes)));
    for mut desk in desks {
        compared.add(std::mem::take(&mut desk.shadow), &desk.outcomes, &desk.sums);
        desk.sums.add_to(&desk.outcomes, &mut tally);
        draw.merge(desk.draw);
    }
    if tally.all.all().lines != decided {
        return Err(RunError::Defect("not every line that was held was written".to_owned()));
    }
    let (file, digest, bytes) = writer.finish().map_err(output)?.finish();
    let decisions = FileRecord { name: settings.format.file_name().to_owned(), digest, bytes };
    let sample = draw.finish(settings.sample, &tally);
    let shadow = shadow.is_some().then(|| compared.finish(reading.shadow_counts));
    let Reading { inputs, reasons, rejects, lanes, .. } = reading;
    let JudgedLines { spool, superseded: of_claims, past, .. } = lanes.own;
    // What took much memory is given back beside the rest of the work.
    pool.spawn(move || drop((spool, lanes.shadow)));
    let counted = Counted {
        inputs: &inputs,
        reasons: &reasons,
        tally: &tally,
        sample: &sample,
        superseded: &of_claims,
        history: (!settings.history.is_empty()).then_some(past.counts),
        shadow: shadow.as_ref(),
    };
    let (sampled, summary) =
        pool.join(|| write_sample(settings, folder, &sample), || Summary::new(settings, adjudicator, &counted));
    let sampled = sampled?;
    pool.spawn(move || drop(tally));
    // Last, so that nothing else waits for the disk.
    file.finish().map_err(output)?;
    let mut files = vec![decisions, rejects, sampled];
    files.extend(superseded.map(RowsFile::finish).transpose()?);
    files.extend(history.map(HistoryFile::finish).transpose()?);
    files.extend(changes.map(RowsFile::finish).transpose()?);
    Ok(super::Outcome { summary, sample, inputs, files, shadow })
}

/// Writes the sampled lines.
fn write_sample(settings: &RunSettings, folder: &RunFolder, sample: &Sample) -> Result<FileRecord, RunError> {
    let (path, file) = folder.create(Sample::FILE_NAME)?;
    let output = |source| RunError::Output { path: path.clone(), source };
    let mut out = Digesting::new(BufWriter::new(file), settings.digest);
    sample.write_csv(&mut out, settings.spreadsheet_safe).map_err(output)?;
    let (_, digest, bytes) = out.finish();
    Ok(FileRecord { name: Sample::FILE_NAME.to_owned(), digest, bytes })
}

/// How many groups there are at least, of no fewer lines than this, so that each worker has one.
const GROUPS: (u32, u32) = (8, 1 << 13);

/// The lines of each group, from the first up to the last. Text has no groups of
/// its own, so there they are the batches, whose lines are read as they lie.
fn groups(settings: &RunSettings, lines: &JudgedLines) -> Vec<(u32, u32)> {
    let total = lines.spool.lines();
    match settings.format {
        DecisionFormat::Csv => {
            lines.spool.batches().iter().map(|batch| (batch.first, batch.first + batch.lines)).collect()
        }
        DecisionFormat::Parquet => {
            let size = total.div_ceil(GROUPS.0).max(GROUPS.1).min(settings.group_lines).max(1);
            let starts = (0..total).step_by(size as usize);
            starts.map(|from| (from, total.min(from.saturating_add(size)))).collect()
        }
    }
}

/// What a worker has before it, from group to group.
#[derive(Default)]
struct WritingDesk<'a> {
    outcomes: Outcomes<'a>,
    sums: WorkerSums,
    draw: Draw,
    loaded: Loaded,
    detail: Vec<u8>,
    /// Rows of `superseded.csv` that the group at hand has passed.
    passed: Vec<u8>,
    /// Its lines as later runs need them.
    kept: Vec<u8>,
    shadow: ComparingDesk<'a>,
}

struct Finisher<'a> {
    own: Ruled<'a>,
    shadow: Option<RuledShadow<'a>>,
    edits: LineEdits<'a>,
    encoder: &'a Encoder,
}

impl<'a> Finisher<'a> {
    /// Encodes and sums up the lines from `from` up to `to`.
    fn group(&self, from: u32, to: u32, desk: &mut WritingDesk<'a>, spent: TextBuffer) -> io::Result<EncodedGroup> {
        let mut builder = self.encoder.group(spent);
        let batches = self.own.lines.spool.batches();
        let start = batches.partition_point(|batch| batch.first + batch.lines <= from);
        for batch in batches.iter().skip(start).take_while(|batch| batch.first < to) {
            self.lines(batch, from, to, desk, &mut builder)?;
        }
        builder.finish()
    }

    /// Those of a batch that lie from `from` up to `to`.
    fn lines(
        &self,
        batch: &'a Batch,
        from: u32,
        to: u32,
        desk: &mut WritingDesk<'a>,
        builder: &mut GroupBuilder<'_>,
    ) -> io::Result<()> {
        let WritingDesk { outcomes, sums, draw, loaded, detail, passed, kept, shadow } = desk;
        let (Ruled { settings, lines, .. }, table) = (self.own, self.own.index().table());
        let (file, name) = (batch.file, self.own.file_name(batch.file));
        let ((mut states, held), mut state) = (lines.spool.read(batch, loaded)?, LineState::BLANK);
        let mut beside = self.shadow.as_ref().map(|ruled| shadow.beside(ruled, batch)).transpose()?;
        let first = batch.first.max(from);
        let after = batch.notes.partition_point(|note| note.line < first);
        let mut notes = batch.notes.get(after..).unwrap_or_default();
        let mut held = HeldLines::new(held, batch.first);
        let mut sessions = lines.kept.as_ref().map(|all| Kept::sessions(all, first));
        for number in batch.first..to {
            let (Some(()), Some(held)) = (states.put_next(&mut state), held.read()) else { break };
            let state = &state;
            if number < first {
                if let Some(beside) = &mut beside {
                    beside.skip(state.row);
                }
                continue;
            }
            let session = sessions.as_mut().and_then(Iterator::next);
            if state.is_superseded() {
                self.own.supersede(number, state, held, batch, sums, passed);
                continue;
            }
            let own = own_notes(&mut notes, number);
            let mut findings = state.findings;
            let with_edits;
            let mut texts = &held.texts;
            if !own.is_empty() {
                for note in own {
                    findings.insert(note.rule);
                }
                self.own.tell(&texts.detail, own, batch, detail)?;
                let numbers = TextNumbers { detail: 0, ..texts.numbers };
                with_edits = LineTexts { detail: (&*detail).into(), unquoted_detail: false, numbers, ..*texts };
                texts = &with_edits;
            }
            let (context, procedure) = (held.context.0, state.procedure());
            let key = OutcomeKey { context, procedure, findings, waiver: state.waiver };
            let place = outcomes.place(key, || self.own.work_out(state, held.context, findings));
            let Some(outcome) = outcomes.get(place) else { continue };
            let paid = paid(held);
            if held.context.status() == Stated::Known(ClaimStatus::Denied) {
                sums.add_already_denied(&Amounts::of(held.billed, held.paid));
            }
            if let Some(allowed) = held.allowed {
                sums.add_allowed(outcome.outcome.disposition, allowed);
            }
            let decided = DecisionRow {
                source_file: name,
                source_row: row(batch, state),
                texts,
                line_number: state.line_number,
                service_date: held.service_date,
                units: state.units,
                billed: held.billed,
                paid: held.paid,
                outcome,
            };
            if let Some(session) = session {
                let (disposition, rule) = (outcome.outcome.disposition, outcome.outcome.rule);
                let place = (file, decided.source_row);
                DecidedLine { session, state, findings, disposition, rule, place }.add_to(&self.edits, kept);
            }
            sums.add(&decided, paid, outcomes, table);
            if let Some(beside) = &mut beside {
                let (row, context, detail) = (&decided, held.context, held.texts.detail.as_bytes());
                beside.meet(&OwnLine { row, paid, state, context, number, notes: own, detail })?;
            }
            draw.offer(settings.sample, number, &decided);
            if settings.select == Select::InScope || outcome.outcome.disposition != Disposition::Allow {
                builder.push(&decided);
            }
        }
        if let Some(beside) = &mut beside
            && to >= batch.first + batch.lines
        {
            beside.rest();
        }
        sums.end_of_file(file);
        Ok(())
    }
}
