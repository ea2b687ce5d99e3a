//! A file of the run folder whose rows are made in parts, by many, and written in order.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use super::{RunError, RunSettings};
use crate::digest::Digesting;
use crate::report::{FileRecord, RunFolder};

/// The file, as its rows come.
pub(super) struct RowsFile {
    name: &'static str,
    path: PathBuf,
    out: Digesting<BufWriter<File>>,
}

impl RowsFile {
    /// A file with its header.
    pub(super) fn new(
        name: &'static str,
        header: &[u8],
        settings: &RunSettings,
        folder: &RunFolder,
    ) -> Result<Self, RunError> {
        let (path, file) = folder.create(name)?;
        let mut made = Self { name, path, out: Digesting::new(BufWriter::new(file), settings.digest) };
        made.write(header)?;
        Ok(made)
    }

    /// Adds rows.
    pub(super) fn write(&mut self, rows: &[u8]) -> Result<(), RunError> {
        self.out.write_all(rows).map_err(|source| RunError::Output { path: self.path.clone(), source })
    }

    pub(super) fn finish(mut self) -> Result<FileRecord, RunError> {
        self.out.flush().map_err(|source| RunError::Output { path: self.path.clone(), source })?;
        let (_, digest, bytes) = self.out.finish();
        Ok(FileRecord { name: self.name.to_owned(), digest, bytes })
    }
}
