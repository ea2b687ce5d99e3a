//! `adjudicate run`.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use adjudicate::digest::{DigestKind, Hasher};
use adjudicate::engine::{Adjudicator, DecisionOptions};
use adjudicate::input::{InputFormat, discover};
use adjudicate::report::{
    DecisionFormat, FileRecord, InputRecord, LayoutRecord, Manifest, OptionsRecord, PolicyRecord, ProgramRecord,
    RunFolder, Summary, render_page,
};
use adjudicate::rules::Disposition;
use adjudicate::run::{self, BATCH_BYTES, Outcome, RunSettings, SPOOL_BYTES, Select};

use super::arguments::{DenyOrPend, DigestName, FormatName, RunArguments, SelectName};
use super::exit::{self, Failure, Status};
use super::page::write_out;
use super::progress::Progress;
use super::{config, dry_run, policies, text};

/// Decides the lines of claim files and writes a run folder.
pub(crate) fn run(given: &RunArguments) -> Result<Status, Failure> {
    let arguments = &config::merged(given)?;
    let (settings, layout) = settings(arguments)?;
    let (adjudicator, policies) = policies::load(&arguments.policy, settings.digest, settings.threads)?;
    if arguments.dry_run {
        return dry_run::show(&settings, &adjudicator);
    }
    let out = arguments.out.as_deref().ok_or_else(|| Failure::told("--out DIR is needed: where the run goes"))?;

    let started = jiff::Timestamp::now();
    let folder = RunFolder::begin(out, arguments.overwrite, !arguments.no_sync)?;
    let bytes = settings.inputs.iter().map(|input| input.size).sum();
    let mut progress = Progress::new(bytes, !arguments.no_progress && !arguments.quiet);
    let outcome = run::run(&settings, &adjudicator, &folder, &mut progress);
    progress.finish();
    let outcome = outcome?;

    let manifest = manifest(&settings, layout, &adjudicator, policies, &outcome, started);
    let summary = write_rest(&folder, &outcome, manifest, &adjudicator)?;
    if let Some(old) = folder.complete()? {
        exit::tell(&format!("{}: the run folder that was replaced could not be removed", old.display()));
    }

    if !arguments.quiet {
        let shown = if arguments.json { json(&outcome.summary)? } else { in_words(&outcome.summary, out) };
        // The run is complete, whether or not anybody can read of it here.
        if let Err(Failure::Told(message)) = write_out(&shown) {
            exit::tell(&message);
        }
    }
    Ok(status(arguments, summary))
}

fn settings(arguments: &RunArguments) -> Result<(RunSettings, LayoutRecord), Failure> {
    let inputs = discover(&arguments.inputs)?;
    let first = inputs.first().map(|input| input.format);
    let format = match (arguments.format, first) {
        (Some(FormatName::Parquet), _) | (None, Some(InputFormat::Parquet)) => DecisionFormat::Parquet,
        _ => DecisionFormat::Csv,
    };
    let digest = match arguments.digest {
        Some(DigestName::Sha256) => DigestKind::Sha256,
        _ => DigestKind::Blake3,
    };
    let (layout, record) = policies::layout(arguments.input.layout.as_deref(), digest)?;
    let settings = RunSettings {
        inputs,
        layout,
        delimiter: arguments.input.delimiter,
        format,
        select: match arguments.select {
            Some(SelectName::Flagged) => Select::Flagged,
            _ => Select::InScope,
        },
        digest,
        threads: arguments.threads.map_or(0, usize::from),
        batch_bytes: arguments.batch_bytes.unwrap_or(BATCH_BYTES),
        spool_bytes: arguments.spool_bytes.unwrap_or(SPOOL_BYTES),
    };
    Ok((settings, record))
}

fn manifest(
    settings: &RunSettings,
    layout: LayoutRecord,
    adjudicator: &Adjudicator,
    policies: Vec<PolicyRecord>,
    outcome: &Outcome,
    started: jiff::Timestamp,
) -> Manifest {
    let inputs = outcome.inputs.iter().map(|input| InputRecord {
        name: input.name.clone(),
        digest: input.digest.clone(),
        bytes: input.bytes,
        counts: input.counts,
    });
    let inputs: Vec<_> = inputs.collect();
    let counts = inputs.iter().map(|input| input.counts).sum();
    Manifest {
        schema: Manifest::SCHEMA,
        program: ProgramRecord { name: Manifest::PROGRAM.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        arguments: std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect(),
        started: started.to_string(),
        digest: settings.digest,
        icd10cm: adjudicator.index().table().edition().to_owned(),
        options: options(settings, adjudicator.options()),
        layout,
        inputs,
        policies,
        counts,
        files: outcome.files.clone(),
    }
}

fn options(settings: &RunSettings, decision: &DecisionOptions) -> OptionsRecord {
    let weight = |other: bool, if_so: &str, else_: &str| if other { if_so } else { else_ }.to_owned();
    OptionsRecord {
        policy_date: decision.policy_date.map(|day| day.to_string()),
        strict_programs: decision.strict_programs,
        unlisted_diagnosis: weight(decision.unlisted_diagnosis_pends, "pend", "deny"),
        clinical: weight(decision.clinical_denies, "deny", "pend"),
        require_clinical: decision.require_clinical,
        select: settings.select.name().to_owned(),
        format: settings.format.name().to_owned(),
        delimiter: settings
            .delimiter
            .map(|byte| if byte == b'\t' { "tab".to_owned() } else { char::from(byte).into() }),
    }
}

/// Writes summary, report and manifest, the manifest last.
fn write_rest<'o>(
    folder: &RunFolder,
    outcome: &'o Outcome,
    mut manifest: Manifest,
    adjudicator: &Adjudicator,
) -> Result<&'o Summary, Failure> {
    let page = render_page(&outcome.summary, &manifest, adjudicator)
        .map_err(|error| Failure::told(format!("report.html: {error}")))?;
    for (name, content) in [("summary.json", json(&outcome.summary)?), ("report.html", page)] {
        manifest.files.push(write_file(folder, name, &content, manifest.digest)?);
    }
    let text = manifest.to_json().map_err(|error| Failure::told(format!("manifest.json: {error}")))?;
    write_file(folder, Manifest::FILE_NAME, &text, manifest.digest)?;
    Ok(&outcome.summary)
}

fn write_file(folder: &RunFolder, name: &str, content: &str, digest: DigestKind) -> Result<FileRecord, Failure> {
    let (path, mut file) = folder.create(name)?;
    let told = |error| Failure::told(format!("{}: {error}", path.display()));
    file.write_all(content.as_bytes()).map_err(told)?;
    let mut hasher = Hasher::new(digest);
    hasher.update(content.as_bytes());
    Ok(FileRecord { name: name.to_owned(), digest: hasher.finish(), bytes: content.len() as u64 })
}

fn json(summary: &Summary) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(summary)? + "\n")
}

fn status(arguments: &RunArguments, summary: &Summary) -> Status {
    let denied = summary.lines(Disposition::Deny) > 0;
    let pended = summary.lines(Disposition::Pend) > 0;
    let found = match arguments.fail_on {
        Some(DenyOrPend::Deny) => denied,
        Some(DenyOrPend::Pend) => denied || pended,
        None => false,
    };
    if found {
        Status::Found
    } else if summary.rejected > 0 {
        Status::Rejected
    } else {
        Status::Complete
    }
}

/// The summary in a few aligned lines.
fn in_words(summary: &Summary, out: &Path) -> String {
    let mut shown = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        shown,
        "{} rows: {} out of scope, {} decided, {} rejected",
        text::count(summary.rows),
        text::count(summary.out_of_scope),
        text::count(summary.decided),
        text::count(summary.rejected),
    );
    if summary.decided > 0 {
        let _ = writeln!(shown, "\n{:<10} {:>12} {:>20} {:>20}", "", "lines", "billed", "paid");
    }
    for one in summary.by_disposition.iter().filter(|one| one.amounts.lines > 0) {
        let lines = text::count(one.amounts.lines);
        let (billed, paid) = (text::dollars(one.amounts.billed), text::dollars(one.amounts.paid));
        let _ = writeln!(shown, "{:<10} {lines:>12} {billed:>20} {paid:>20}", one.key);
    }
    let mut rules: Vec<_> = summary.by_rule.iter().filter(|rule| rule.amounts.lines > 0).collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.amounts.lines));
    if !rules.is_empty() {
        let _ = writeln!(shown, "\nMost frequent reasons:");
    }
    for rule in rules.iter().take(5) {
        let (lines, paid) = (text::count(rule.amounts.lines), text::dollars(rule.amounts.paid));
        let _ = writeln!(shown, "  {:<6} {:<5} {:<38} {lines:>9} {paid:>16}", rule.rule, rule.weight, rule.name);
    }
    if summary.rejected > 0 {
        let _ = writeln!(shown, "\n{} rows could not be read; see rejects.csv:", text::count(summary.rejected));
        for reject in summary.rejects.iter().take(5) {
            let column = if reject.column.is_empty() { "the row" } else { &reject.column };
            let _ = writeln!(shown, "  {column}: {} ({})", reject.reason, text::count(reject.rows));
        }
    }
    if summary.rows > 0 && summary.decided == 0 {
        let _ = writeln!(
            shown,
            "\nNo line is in scope: does the procedure column hold the codes, and are the policies the right ones?"
        );
    }
    if summary.after_table > 0 {
        let lines = text::count(summary.after_table);
        let _ = writeln!(shown, "\nService dates after the diagnosis table's last day ({}): {lines}.", summary.icd10cm);
    }
    let _ = writeln!(shown, "\nThe report: {}", report_path(out).display());
    shown
}

fn report_path(out: &Path) -> PathBuf {
    fs::canonicalize(out).map_or_else(|_| out.join("report.html"), |real| real.join("report.html"))
}
