//! `history.bin`, as its lines come.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use super::HistoryRun;
use super::record::{FORM, Header, MAGIC, NO_RULE, StoredLine};
use crate::digest::Digesting;
use crate::engine::{Adjudicator, LineEdits, LineState, PastLine, SessionKey, SessionStretch, VersionNote};
use crate::report::{FileRecord, RunFolder};
use crate::rules::{CATALOGUE, Disposition, FindingSet, RuleId};
use crate::run::{RunError, RunSettings};

/// What a run that keeps its history remembers of its lines beyond their states.
#[derive(Debug, Default)]
pub(in crate::run) struct Kept {
    /// The stretches of sessions, in the order of lines.
    pub(in crate::run) sessions: Vec<SessionStretch>,
    /// Rows of later versions of claims.
    pub(in crate::run) versions: Vec<VersionNote>,
}

impl Kept {
    /// The sessions of the lines from this one on.
    pub(in crate::run) fn sessions(&self, from: u32) -> impl Iterator<Item = SessionKey> {
        let start = self.sessions.partition_point(|one| one.first <= from).saturating_sub(1);
        let mut rest = self.sessions.get(start..).unwrap_or_default().iter().peekable();
        let mut at = from;
        std::iter::from_fn(move || {
            while rest.clone().nth(1).is_some_and(|next| next.first <= at) {
                rest.next();
            }
            at += 1;
            rest.peek().map(|one| one.session())
        })
    }
}

/// The file.
pub(in crate::run) struct HistoryFile {
    path: PathBuf,
    out: Digesting<BufWriter<File>>,
}

impl HistoryFile {
    pub(in crate::run) fn new(
        settings: &RunSettings,
        adjudicator: &Adjudicator,
        folder: &RunFolder,
        kept: &Kept,
        lines: u64,
    ) -> Result<Self, RunError> {
        let (path, file) = folder.create(HistoryRun::FILE_NAME)?;
        let mut made = Self { path, out: Digesting::new(BufWriter::new(file), settings.digest) };
        let header = Header {
            files: settings.inputs.iter().map(|input| input.name.clone()).collect(),
            procedures: adjudicator.index().procedures().iter().map(|entry| entry.code.to_string()).collect(),
            rules: CATALOGUE.iter().map(|rule| rule.code.to_owned()).collect(),
            versions: kept.versions.len() as u64,
            lines,
        };
        let header = serde_json::to_vec(&header).map_err(|error| made.told(error.into()))?;
        made.write(&MAGIC)?;
        made.write(&FORM.to_le_bytes())?;
        made.write(&u32::try_from(header.len()).unwrap_or(u32::MAX).to_le_bytes())?;
        made.write(&header)?;
        for note in &kept.versions {
            made.write(&note.to_bytes())?;
        }
        Ok(made)
    }

    fn told(&self, source: io::Error) -> RunError {
        RunError::Output { path: self.path.clone(), source }
    }

    /// Adds lines.
    pub(in crate::run) fn write(&mut self, lines: &[u8]) -> Result<(), RunError> {
        self.out.write_all(lines).map_err(|source| RunError::Output { path: self.path.clone(), source })
    }

    pub(in crate::run) fn finish(mut self) -> Result<FileRecord, RunError> {
        self.out.flush().map_err(|source| RunError::Output { path: self.path.clone(), source })?;
        let (_, digest, bytes) = self.out.finish();
        Ok(FileRecord { name: HistoryRun::FILE_NAME.to_owned(), digest, bytes })
    }
}

/// A decided line and what it came to.
pub(in crate::run) struct DecidedLine<'a> {
    pub(in crate::run) session: SessionKey,
    pub(in crate::run) state: &'a LineState,
    /// Its own findings and its edits'.
    pub(in crate::run) findings: FindingSet,
    pub(in crate::run) disposition: Disposition,
    pub(in crate::run) rule: Option<RuleId>,
    /// Its input, and its row there.
    pub(in crate::run) place: (usize, u64),
}

impl DecidedLine<'_> {
    /// Adds the line to those that will be written.
    pub(in crate::run) fn add_to(&self, edits: &LineEdits<'_>, out: &mut Vec<u8>) {
        let Self { session, state, findings, disposition, rule, place: (file, row) } = *self;
        let line = PastLine {
            session,
            claim: state.claim,
            duplicate: state.duplicate,
            units: state.units,
            line_number: state.line_number,
            procedure: state.procedure(),
            frequency: state.frequency(),
            disposition,
            reached_diagnosis: state.reached_diagnosis(),
            denied_for_cause: edits.denied_for_cause(findings, state.waiver),
            is_duplicate: findings.contains(RuleId::Lin004),
            counts: edits.counts(state),
        };
        let stored = StoredLine {
            line,
            file: u32::try_from(file).unwrap_or(u32::MAX),
            row: u32::try_from(row).unwrap_or(u32::MAX),
            rule: rule.map_or(NO_RULE, |rule| rule as u8),
        };
        out.extend_from_slice(&stored.to_bytes());
    }
}
