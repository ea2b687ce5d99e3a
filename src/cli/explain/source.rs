//! The inputs of a run, read again where they are what they were.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, io};

use adjudicate::claim::{ClaimLine, Day};
use adjudicate::engine::SessionKey;
use adjudicate::input::{InputFile, Layout, discover};
use adjudicate::report::{InputRecord, Manifest};
use adjudicate::run::{InScope, KeptLine, RunSettings, Wanted, gather};

use super::remains::UNCHANGED;
use super::told::FileTold;
use crate::cli::arguments;
use crate::cli::exit::Failure;
use crate::cli::text::plural;

/// A provider and a day.
pub(super) type Visit<'a> = (&'a str, Day);

/// How many lines of other claims are kept until it is known whose they are.
const MOST_BESIDE: usize = 50_000;

/// What was read again.
pub(super) struct Source {
    /// The lines of the claim, and those that share a session with one of them, in
    /// the run's order. Files are numbered as the manifest's inputs are.
    pub(super) lines: Vec<KeptLine>,
    /// Each input with what it is now.
    pub(super) inputs: Vec<FileTold>,
}

impl Source {
    /// No input is read; each is told to be so for this reason.
    pub(super) fn unread(manifest: &Manifest, reason: &str) -> Self {
        let inputs = manifest.inputs.iter().map(|record| told(record, Err(reason.to_owned()))).collect();
        Self { lines: Vec::new(), inputs }
    }

    /// Reads every input that is what it was, for the claim and for what was done by
    /// the same providers on the same days, among which its sessions are. Where a
    /// line of the claim turns out to be of another visit, or visits have too many
    /// lines to be kept, there is another pass for the sessions.
    pub(super) fn read(
        manifest: &Manifest,
        layout: &Layout,
        in_scope: InScope<'_>,
        claim: &str,
        visits: &[Visit<'_>],
    ) -> Self {
        let beside = AtomicUsize::new(0);
        let wanted: Wanted<'_> = &|line| {
            line.claim_id == claim
                || visits.contains(&visit(line)) && beside.fetch_add(1, Ordering::Relaxed) < MOST_BESIDE
        };
        let mut source = Self { lines: Vec::new(), inputs: Vec::new() };
        let mut found = Vec::new();
        for (file, record) in manifest.inputs.iter().enumerate() {
            let pass = settings(record, manifest, layout)
                .and_then(|settings| Ok((again(&settings, record, file, in_scope, wanted)?, settings)));
            source.inputs.push(told(record, pass.as_ref().map(drop).map_err(Clone::clone)));
            if let Ok((lines, settings)) = pass {
                source.lines.extend(lines);
                found.push((file, record, settings));
            }
        }
        let of_claim: Vec<ClaimLine<'_>> =
            source.lines.iter().map(KeptLine::line).filter(|line| line.claim_id == claim).collect();
        // Without member or provider, a session is the claim's.
        let reaches = |line: &ClaimLine<'_>| !line.member_id.is_empty() && !line.provider_npi.is_empty();
        let is_whole = beside.into_inner() <= MOST_BESIDE
            && of_claim.iter().all(|line| !reaches(line) || visits.contains(&visit(line)));
        let sessions: BTreeSet<SessionKey> = of_claim.iter().map(SessionKey::new).collect();
        let wanted: Wanted<'_> = &|line| line.claim_id == claim || sessions.contains(&SessionKey::new(line));
        if is_whole {
            source.lines.retain(|line| wanted(&line.line()));
            return source;
        }
        source.lines.clear();
        for (file, record, settings) in found {
            match again(&settings, record, file, in_scope, wanted) {
                Ok(lines) => source.lines.extend(lines),
                Err(reason) => {
                    if let Some(input) = source.inputs.get_mut(file) {
                        input.now = reason;
                    }
                }
            }
        }
        source
    }

    /// Whether a line stands there.
    pub(super) fn is_at(&self, line: &KeptLine, file: &str, row: u64) -> bool {
        line.row == row && self.inputs.get(line.file).is_some_and(|input| input.name == file)
    }

    /// Leaves out lines that were not judged, by file and row.
    pub(super) fn leave_out(&mut self, places: &BTreeSet<(&str, u64)>) {
        let Self { lines, inputs } = self;
        lines.retain(|line| {
            let file = inputs.get(line.file).map_or("", |input| input.name.as_str());
            !places.contains(&(file, line.row))
        });
    }

    /// Why an input was not read again; `None` where it was.
    pub(super) fn unread_reason(&self, file: &str) -> Option<&str> {
        let input = self.inputs.iter().find(|input| input.name == file);
        input.map_or(Some("the manifest does not name it"), |input| {
            (input.now != UNCHANGED).then_some(input.now.as_str())
        })
    }

    /// The inputs that were not read again.
    pub(super) fn missing(&self) -> impl Iterator<Item = &FileTold> {
        self.inputs.iter().filter(|input| input.now != UNCHANGED)
    }
}

fn visit<'l>(line: &ClaimLine<'l>) -> Visit<'l> {
    (line.provider_npi, line.service_date)
}

fn told(record: &InputRecord, now: Result<(), String>) -> FileTold {
    FileTold {
        id: None,
        name: record.name.clone(),
        digest: record.digest.clone(),
        now: now.err().unwrap_or_else(|| UNCHANGED.to_owned()),
    }
}

/// How the run read an input, if it is there and as long as it was.
fn settings(record: &InputRecord, manifest: &Manifest, layout: &Layout) -> Result<RunSettings, String> {
    let input = locate(record)?;
    let delimiter = manifest.options.delimiter.as_deref().map(arguments::delimiter).transpose()?;
    // The run allowed what it came to.
    let (digest, unpack_ratio) = (manifest.digest, u64::MAX);
    Ok(RunSettings { delimiter, digest, unpack_ratio, ..RunSettings::new(vec![input], layout.clone()) })
}

fn locate(record: &InputRecord) -> Result<InputFile, String> {
    let name = &record.name;
    if name == "-" {
        return Err("it came on standard input, which cannot be read again".to_owned());
    }
    let about = fs::metadata(name).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if Path::new(name).is_relative() => {
            let folder = env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
            format!(
                "it was looked for in {folder} (the run's names are taken from the current folder) and is not there"
            )
        }
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        _ => error.to_string(),
    })?;
    if !about.is_file() {
        return Err("it is no file now".to_owned());
    }
    if about.len() != record.bytes {
        let size = |bytes: u64| plural(usize::try_from(bytes).unwrap_or(usize::MAX), "byte");
        return Err(format!("it has changed: it has {}, not {}", size(about.len()), size(record.bytes)));
    }
    let found = discover(std::slice::from_ref(name)).map_err(|error| error.to_string())?;
    let is_it = |input: &InputFile| input.name == *name;
    found.into_iter().find(is_it).ok_or_else(|| "it is no file now".to_owned())
}

/// The wanted lines of an input, if it is what it was.
fn again(
    settings: &RunSettings,
    record: &InputRecord,
    file: usize,
    in_scope: InScope<'_>,
    wanted: Wanted<'_>,
) -> Result<Vec<KeptLine>, String> {
    let gathered = gather(settings, in_scope, wanted).map_err(|error| match Failure::from(error) {
        Failure::Told(reason) => reason,
        Failure::ClosedPipe => String::new(),
    })?;
    if gathered.digests.first() != Some(&record.digest) {
        return Err("it has changed: its digest is another".to_owned());
    }
    let mut lines = gathered.lines;
    for line in &mut lines {
        line.file = file;
    }
    Ok(lines)
}
