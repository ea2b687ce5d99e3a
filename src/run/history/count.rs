//! The lines of a `history.bin`, counted anew.

use std::io::{self, BufReader, Read as _};

use super::past::begin;
use super::record::StoredLine;
use super::{HistoryError, HistoryRun};
use crate::engine::VersionNote;
use crate::rules::Disposition;

impl HistoryRun {
    /// How many lines of each disposition the file holds.
    ///
    /// # Errors
    ///
    /// It cannot be read, is of another form, or ends before or behind its last line.
    pub fn count(&self) -> Result<Vec<(Disposition, u64)>, HistoryError> {
        let told = |source| HistoryError::Io { folder: self.folder.clone(), source };
        let damaged = |what: &str| told(io::Error::new(io::ErrorKind::InvalidData, what));
        let mut from = BufReader::new(self.open_file()?);
        let header = begin(&self.folder, &mut from)?;
        let mut take = |bytes: &mut [u8]| from.read_exact(bytes).map_err(told);
        for _ in 0..header.versions {
            take(&mut [0; VersionNote::STORED])?;
        }
        let mut found = Disposition::ALL.map(|disposition| (disposition, 0));
        let mut bytes = [0; StoredLine::STORED];
        for _ in 0..header.lines {
            take(&mut bytes)?;
            let line = StoredLine::from_bytes(&bytes).ok_or_else(|| damaged("it holds what is no line"))?.line;
            let same = found.iter_mut().find(|(disposition, _)| *disposition == line.disposition);
            if let Some((_, lines)) = same {
                *lines += 1;
            }
        }
        match from.read(&mut [0]).map_err(told)? {
            0 => Ok(found.to_vec()),
            _ => Err(damaged("it goes on behind its last line")),
        }
    }
}
