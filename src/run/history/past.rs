//! Earlier runs' lines that stand in sessions of this run, read and kept.
//!
//! A file is read once, and of its lines those are kept whose session a small table may
//! know; then those whose session this run has. So memory follows what takes part.

use std::io::{self, BufReader, Read};

use rustc_hash::FxHashSet;

use super::record::{FORM, Header, MAGIC, StoredLine};
use super::{HistoryError, HistoryRun};
use crate::claim::ProcedureCode;
use crate::digest::Digesting;
use crate::engine::{
    Adjudicator, ClaimVersions, FIRST_PAST, PastLine, PastLines, RelatedLine, SessionKey, SessionStretch, VersionNote,
};
use crate::policy::PolicyIndex;
use crate::rules::CATALOGUE;
use crate::run::{HistoryCounts, RunError};

/// Earlier runs' lines that take part.
#[derive(Debug, Default)]
pub(in crate::run) struct Past {
    /// The lines.
    pub(in crate::run) lines: PastLines,
    /// Where they stand, in the same order.
    places: Vec<PastPlace>,
    /// What the places refer to, by run: the folder's name and its tables.
    runs: Vec<(String, Header)>,
    /// How many lines there were, and take part.
    pub(in crate::run) counts: HistoryCounts,
}

#[derive(Clone, Copy, Debug)]
struct PastPlace {
    run: u32,
    file: u32,
    row: u32,
    rule: u8,
}

impl Past {
    /// Lines of these runs that stand in these sessions, and of what stands of their claims
    /// as the rows of tonight tell, if that is asked.
    pub(in crate::run) fn of_runs(
        runs: &[HistoryRun],
        adjudicator: &Adjudicator,
        sessions: &[SessionStretch],
        tonight: &[VersionNote],
        memory: usize,
    ) -> Result<Self, RunError> {
        if runs.is_empty() {
            return Ok(Self::default());
        }
        let mut reader = PastReader::new(adjudicator.index(), sessions, memory);
        runs.iter().try_for_each(|run| reader.read(run))?;
        reader.finish((!adjudicator.options().as_received).then_some(tonight))
    }

    /// A line by its number, as words need it.
    pub(in crate::run) fn related(&self, number: u32, index: &PolicyIndex) -> Option<RelatedLine> {
        let line = self.lines.get(number)?;
        let place = self.places.get(number.checked_sub(FIRST_PAST)? as usize)?;
        let (folder, header) = self.runs.get(place.run as usize)?;
        let file = header.files.get(place.file as usize).map_or("", String::as_str);
        let code = header.rules.get(usize::from(place.rule));
        let known = |code: &String| CATALOGUE.iter().find(|rule| rule.code == code).map(|rule| rule.code);
        Some(RelatedLine {
            procedure: index.entry(line.procedure).map(|entry| entry.code),
            decided_by: code.map_or("", |code| known(code).unwrap_or("a rule of that run")),
            place: format!("row {} of {file} in {folder}", place.row),
        })
    }
}

/// Reads earlier runs.
struct PastReader<'a> {
    index: &'a PolicyIndex,
    sessions: &'a [SessionStretch],
    seen: SeenSessions,
    kept: Vec<(PastLine, PastPlace)>,
    versions: Vec<VersionNote>,
    files: u32,
    past: Past,
    /// The most bytes that kept lines may take.
    memory: usize,
}

impl<'a> PastReader<'a> {
    /// Will keep the lines in these sessions.
    fn new(index: &'a PolicyIndex, sessions: &'a [SessionStretch], memory: usize) -> Self {
        Self {
            index,
            sessions,
            seen: SeenSessions::new(sessions),
            kept: Vec::new(),
            versions: Vec::new(),
            files: 0,
            past: Past::default(),
            memory,
        }
    }

    /// Reads the next run.
    fn read(&mut self, run: &HistoryRun) -> Result<(), RunError> {
        let mut from = BufReader::with_capacity(1 << 16, Digesting::new(run.open_file()?, run.digest));
        let read = self.read_lines(run, &mut from);
        let header = match read {
            Err(RunError::History(HistoryError::Io { source, .. }))
                if matches!(source.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) =>
            {
                return Err(HistoryError::Changed(run.folder.clone()).into());
            }
            other => other?,
        };
        let told = |source| HistoryError::Io { folder: run.folder.clone(), source };
        // What may stand behind the last line.
        io::copy(&mut from, &mut io::sink()).map_err(told)?;
        let (_, digest, bytes) = from.into_inner().finish();
        if digest != run.file.digest || bytes != run.file.bytes {
            return Err(HistoryError::Changed(run.folder.clone()).into());
        }
        self.past.counts.runs += 1;
        self.files += u32::try_from(header.files.len()).unwrap_or(u32::MAX);
        self.past.runs.push((run.folder.clone(), header));
        Ok(())
    }

    fn read_lines(&mut self, run: &HistoryRun, from: &mut impl Read) -> Result<Header, RunError> {
        let told = |source| RunError::from(HistoryError::Io { folder: run.folder.clone(), source });
        let damaged = || told(io::ErrorKind::InvalidData.into());
        let header = begin(&run.folder, from)?;
        let known = |code: &String| ProcedureCode::parse(code).and_then(|code| self.index.find(code));
        let procedures: Vec<_> = header.procedures.iter().map(known).collect();
        for _ in 0..header.versions {
            let mut note = VersionNote::from_bytes(&take(from).map_err(told)?);
            note.place.file = note.place.file.saturating_add(self.files);
            self.versions.push(note);
        }
        let number = u32::try_from(self.past.runs.len()).unwrap_or(u32::MAX);
        for _ in 0..header.lines {
            let stored = StoredLine::from_bytes(&take(from).map_err(told)?).ok_or_else(damaged)?;
            self.past.counts.lines_seen += 1;
            let StoredLine { mut line, file, row, rule } = stored;
            if !self.seen.may_hold(line.session) {
                continue;
            }
            // Of a procedure that no policy knows today no line is in scope.
            let Some(procedure) = procedures.get(line.procedure.0 as usize).copied().flatten() else { continue };
            line.procedure = procedure;
            self.kept.push((line, PastPlace { run: number, file, row, rule }));
            if self.kept.len().saturating_mul(size_of::<(PastLine, PastPlace)>()) > self.memory {
                return Err(RunError::Memory { limit: self.memory });
            }
        }
        Ok(header)
    }

    /// Those that take part: in a session of this run, and of what stands of their
    /// claims, as the runs and these rows of this one, the last, tell.
    fn finish(self, tonight: Option<&[VersionNote]>) -> Result<Past, RunError> {
        let Self { mut kept, sessions, mut versions, files, mut past, .. } = self;
        let wanted: FxHashSet<SessionKey> = kept.iter().map(|(line, _)| line.session).collect();
        let found: FxHashSet<SessionKey> =
            sessions.iter().map(SessionStretch::session).filter(|session| wanted.contains(session)).collect();
        kept.retain(|(line, _)| found.contains(&line.session));
        if let Some(tonight) = tonight {
            versions.extend(tonight.iter().map(|note| {
                let mut note = *note;
                note.place.file = note.place.file.saturating_add(files);
                note
            }));
            let versions = ClaimVersions::new(&versions);
            kept.retain(|(line, _)| versions.superseded_version(line.claim, line.frequency).is_none());
        }
        let most = u64::from(u32::MAX - FIRST_PAST);
        if kept.len() as u64 > most {
            return Err(HistoryError::TooMany(most).into());
        }
        past.counts.lines_used = kept.len() as u64;
        let (lines, places) = kept.into_iter().unzip();
        past.places = places;
        past.lines = PastLines::new(lines);
        Ok(past)
    }
}

/// Reads what stands before the lines and the notes.
pub(super) fn begin(folder: &str, from: &mut impl Read) -> Result<Header, HistoryError> {
    let told = |source| HistoryError::Io { folder: folder.to_owned(), source };
    let damaged = || told(io::ErrorKind::InvalidData.into());
    if take::<8>(from).map_err(told)? != MAGIC {
        return Err(damaged());
    }
    let form = u32::from_le_bytes(take(from).map_err(told)?);
    if form != FORM {
        return Err(HistoryError::Form { folder: folder.to_owned(), form, known: FORM });
    }
    let length = u64::from(u32::from_le_bytes(take(from).map_err(told)?));
    let mut text = Vec::new();
    from.by_ref().take(length).read_to_end(&mut text).map_err(told)?;
    serde_json::from_slice(&text).map_err(|_| damaged())
}

fn take<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Tells of most sessions that the run does not have them, in two bytes for each it has.
struct SeenSessions {
    bits: Vec<u64>,
}

impl SeenSessions {
    fn new(sessions: &[SessionStretch]) -> Self {
        let bits = sessions.len().saturating_mul(16).next_power_of_two().clamp(64, 1 << 32);
        let mut seen = Self { bits: vec![0; bits / 64] };
        for session in sessions {
            for (word, bit) in seen.places(session.session()) {
                if let Some(word) = seen.bits.get_mut(word) {
                    *word |= bit;
                }
            }
        }
        seen
    }

    /// Three pieces of the key say three bits.
    fn places(&self, session: SessionKey) -> [(usize, u64); 3] {
        let last = self.bits.len() * 64 - 1;
        [0, 32, 64].map(|shift| {
            let place = usize::try_from(session.0 >> shift & u128::from(u32::MAX)).unwrap_or_default() & last;
            (place / 64, 1 << (place % 64))
        })
    }

    fn may_hold(&self, session: SessionKey) -> bool {
        self.places(session).into_iter().all(|(word, bit)| self.bits.get(word).is_some_and(|word| word & bit != 0))
    }
}
