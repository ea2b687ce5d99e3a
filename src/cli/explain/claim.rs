//! A claim's lines in a finished run: what was recorded of them, and what can be
//! read and decided again.
//!
//! What is recorded counts. The lines are decided again, together with those that
//! share a session with them, to tell what led to it; where that comes to something
//! else, it is told so.

use std::path::Path;

use adjudicate::claim::{ClaimLine, Day, ProcedureCode};
use adjudicate::engine::TracedBatch;
use adjudicate::report::{Manifest, words};
use adjudicate::rules::Weights;
use adjudicate::run::Select;

use super::record::{self, Record};
use super::remains::{Remains, UNCHANGED};
use super::retell::Teller;
use super::source::Source;
use super::superseded::{NOT_JUDGED, Superseded};
use super::told::{FileTold, LimitationsTold, LineTold, RECOMMENDATION, RunTold, SCHEMA_VERSION, Told};
use crate::cli::exit::Failure;
use crate::cli::text::count;

/// How many lines of a claim are told at once.
const LINES: usize = 100;

/// Tells the lines of a claim, or the one of a number.
pub(super) fn tell(folder: &Path, claim: &str, number: Option<u32>) -> Result<Told, Failure> {
    let manifest = Manifest::read(folder)?;
    let rows = Record::find(folder, &manifest, claim)?;
    let wanted = number.map(|number| number.to_string());
    let is_wanted = |row: &&Record| wanted.as_deref().is_none_or(|number| row.text("line_number") == number);
    let kept_all = manifest.options.select != Select::Flagged.name();
    if kept_all && !rows.iter().any(|row| is_wanted(&row)) {
        let superseded = Superseded::read(folder, &manifest, |of, _, _| of == claim)?;
        let not_judged = Superseded::told(&superseded, claim, wanted.as_deref());
        return Err(not_found(claim, wanted.as_deref(), &manifest, &not_judged));
    }
    let remains = Remains::of(&manifest)?;
    let mut source = source(&manifest, &remains, &rows, claim);
    let is_there = |file: &str, row: u64| source.lines.iter().any(|line| source.is_at(line, file, row));
    let superseded = Superseded::read(folder, &manifest, |of, file, row| of == claim || is_there(file, row))?;
    source.leave_out(&Superseded::places(&superseded));
    let lines: Vec<ClaimLine<'_>> = source.lines.iter().map(adjudicate::run::KeptLine::line).collect();
    let batch = remains.adjudicator.as_deref().map(|adjudicator| TracedBatch::decide(adjudicator, &lines));
    let teller = Teller {
        remains: &remains,
        source: &source,
        batch: batch.as_ref(),
        weights: Weights::new(&remains.options),
        has_history: !manifest.history.is_empty(),
        edition: manifest.icd10cm.clone(),
    };
    let told: Vec<&Record> = rows.iter().filter(is_wanted).collect();
    let decisions = record::decisions(folder, &manifest)?;
    let mut notes = notes(&manifest, &remains, &source);
    notes.extend(Superseded::told(&superseded, claim, wanted.as_deref()));
    if decisions.now != UNCHANGED {
        let FileTold { name, now, .. } = &decisions;
        notes.insert(0, format!("{name}, from which this is told, is not as the run wrote it: {now}."));
    }
    let unrecorded: Vec<usize> = if kept_all { Vec::new() } else { left_out(&teller, &lines, &rows, claim, number) };
    let all = told.len() + unrecorded.len();
    if all > LINES {
        let more = count((all - LINES) as u64);
        notes.push(format!("{more} more lines of the claim are not told; name one by its number."));
    }
    let recorded = told.into_iter().map(|row| Some(teller.recorded(row)));
    let unrecorded = unrecorded.into_iter().map(|at| teller.unrecorded(at));
    let lines: Vec<LineTold> = recorded.take(LINES).chain(unrecorded).take(LINES).flatten().collect();
    if lines.is_empty() {
        return Err(not_found(claim, wanted.as_deref(), &manifest, &notes));
    }
    Ok(Told {
        schema_version: SCHEMA_VERSION,
        limitations: limitations(&remains, &lines),
        lines,
        run: run(folder, &manifest, decisions, &remains, &source),
        notes,
        recommendation: RECOMMENDATION,
    })
}

/// The inputs, read again as far as they can be.
fn source(manifest: &Manifest, remains: &Remains, rows: &[Record], claim: &str) -> Source {
    let Some(layout) = &remains.layout else {
        return Source::unread(manifest, "not read, since the layout is not what it was");
    };
    let visit =
        |row: &'_ Record| Some((row.text("provider_npi").to_owned(), Day::parse_iso(row.text("service_date"))?));
    let mut visits: Vec<_> = rows.iter().filter_map(visit).filter(|(provider, _)| !provider.is_empty()).collect();
    visits.sort_unstable();
    visits.dedup();
    let visits: Vec<_> = visits.iter().map(|(provider, day)| (provider.as_str(), *day)).collect();
    if let Some(adjudicator) = &remains.adjudicator {
        let index = adjudicator.index();
        return Source::read(manifest, layout, &|procedure| index.find(procedure).is_some(), claim, &visits);
    }
    // Nothing is decided again, but what was billed can be told.
    let mut billed: Vec<_> = rows.iter().filter_map(|row| ProcedureCode::parse(row.text("procedure_code"))).collect();
    billed.sort_unstable();
    billed.dedup();
    Source::read(manifest, layout, &|procedure| billed.contains(&procedure), claim, &visits)
}

/// Lines of the claim that the decisions do not hold.
fn left_out(
    teller: &Teller<'_, '_>,
    lines: &[ClaimLine<'_>],
    rows: &[Record],
    claim: &str,
    number: Option<u32>,
) -> Vec<usize> {
    let holds = |at: usize| {
        let Some(place) = teller.place(at) else { return true };
        let row = place.row.to_string();
        rows.iter().any(|record| record.text("source_file") == place.file && record.text("source_row") == row)
    };
    let asked = |line: &ClaimLine<'_>| line.claim_id == claim && number.is_none_or(|number| line.line_number == number);
    lines.iter().enumerate().filter(|(at, line)| asked(line) && !holds(*at)).map(|(at, _)| at).collect()
}

fn not_found(claim: &str, line: Option<&str>, manifest: &Manifest, notes: &[String]) -> Failure {
    let line = line.map(|number| format!("line {number} of ")).unwrap_or_default();
    if let [first, ..] = notes
        && first.contains(NOT_JUDGED)
    {
        return Failure::told(format!("{line}claim {claim} is not among the decisions\n{}", notes.join("\n")));
    }
    let mut reasons = vec!["it may be out of scope (such lines are only counted)".to_owned()];
    if manifest.counts.rejected > 0 {
        reasons.push("or among the rejected rows (rejects.csv)".to_owned());
    }
    if manifest.options.select == Select::Flagged.name() {
        reasons.push("or allowed (the run kept flagged lines only)".to_owned());
    }
    let mut message = format!("{line}claim {claim} is not among the decisions: {}", reasons.join(", "));
    for note in notes {
        message.push('\n');
        message.push_str(note);
    }
    Failure::told(message)
}

/// What cannot be told, and why.
fn notes(manifest: &Manifest, remains: &Remains, source: &Source) -> Vec<String> {
    let mut notes = remains.notes.clone();
    if remains.layout.is_some() {
        notes.extend(source.missing().map(|input| {
            format!("{} was not read again: {}. Lines that stand in it are missing here.", input.name, input.now)
        }));
    }
    if !manifest.history.is_empty() {
        let runs: Vec<_> = manifest.history.iter().map(|run| run.folder.as_str()).collect();
        notes.push(format!(
            "Lines of earlier runs took part ({}). They are not read again: a finding that rests on one is told as it \
             is recorded.",
            runs.join(", ")
        ));
    }
    let (ran, now) = (&manifest.program.version, env!("CARGO_PKG_VERSION"));
    if ran != now {
        notes.push(format!("The run was made by version {ran} of the program, and this is version {now}."));
    }
    notes
}

fn limitations(remains: &Remains, lines: &[LineTold]) -> Vec<LimitationsTold> {
    let mut ids: Vec<&str> = lines.iter().map(|line| line.policy_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let of = |id: &str| {
        let limitations = remains.policy(id)?.limitations.clone();
        Some(LimitationsTold { policy_id: id.to_owned(), limitations })
    };
    ids.into_iter().filter_map(of).collect()
}

fn run(folder: &Path, manifest: &Manifest, decisions: FileTold, remains: &Remains, source: &Source) -> RunTold {
    let layout = &manifest.layout;
    let unusual = words::options(&manifest.options).into_iter().filter(|option| option.effect.is_some());
    RunTold {
        folder: folder.display().to_string(),
        program: manifest.program.name.clone(),
        version: manifest.program.version.clone(),
        told_by: env!("CARGO_PKG_VERSION"),
        started: manifest.started.clone(),
        icd10cm: manifest.icd10cm.clone(),
        digest: manifest.digest.name(),
        decisions,
        options: unusual.map(|option| option.given()).collect(),
        layout: FileTold {
            id: Some(layout.name.clone()),
            name: layout.origin.clone(),
            digest: layout.digest.clone(),
            now: if remains.layout.is_some() { UNCHANGED } else { "gone or changed" }.to_owned(),
        },
        policies: remains.policies.clone(),
        inputs: source.inputs.clone(),
    }
}
