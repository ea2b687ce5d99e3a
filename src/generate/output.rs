//! Files: which format a name tells, and how one comes to be.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::GenerateError;
use crate::place::{NewFile, Unfinished};
use flate2::Compression;
use flate2::write::GzEncoder;

/// How claims are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// The same, compressed with gzip.
    CsvGzip,
    /// The same, compressed with Zstandard.
    CsvZstd,
    /// Parquet, compressed with Zstandard.
    Parquet,
}

const ENDINGS: [(&str, Format); 4] =
    [(".csv", Format::Csv), (".csv.gz", Format::CsvGzip), (".csv.zst", Format::CsvZstd), (".parquet", Format::Parquet)];

impl Format {
    /// The format that a file's name tells.
    ///
    /// # Errors
    ///
    /// It tells none.
    pub fn of(path: &Path) -> Result<Self, GenerateError> {
        // The whole path: what ends in a slash names a folder.
        let name = path.to_string_lossy().to_ascii_lowercase();
        let known = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
        known.map(|(_, format)| *format).ok_or_else(|| GenerateError::UnknownFormat(path.to_owned()))
    }
}

/// Refuses a file that is there and may not be replaced.
pub(super) fn may_be_written(path: &Path, overwrite: bool) -> Result<(), GenerateError> {
    if !overwrite && path.symlink_metadata().is_ok() {
        return Err(GenerateError::Exists(path.to_owned()));
    }
    Ok(())
}

/// Lets `write` fill a new file and then gives it its name. What fails in between
/// leaves nothing behind.
pub(super) fn write_file<T>(
    path: &Path,
    overwrite: bool,
    unfinished: &Unfinished,
    write: impl FnOnce(&mut Recalling<BufWriter<File>>) -> Result<T, GenerateError>,
) -> Result<T, GenerateError> {
    let failed = |source| GenerateError::Write { path: path.to_owned(), source };
    may_be_written(path, overwrite)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (file, out) = NewFile::begin(folder, unfinished).map_err(failed)?;
    let mut out = Recalling { out: BufWriter::with_capacity(1 << 20, out), failed: None };
    let made = write(&mut out);
    let made = made.map_err(|error| match (error, out.failed.take()) {
        (GenerateError::Output(source), _) | (GenerateError::Parquet(_), Some(source)) => failed(source),
        (error, _) => error,
    })?;
    out.flush().map_err(failed)?;
    match file.finish(path, overwrite) {
        Ok(()) => Ok(made),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(GenerateError::Exists(path.to_owned())),
        Err(error) => Err(failed(error)),
    }
}

/// Recalls why it could not be written: a library that writes to it may tell no more of
/// that than its words.
pub(super) struct Recalling<W> {
    out: W,
    failed: Option<io::Error>,
}

impl<W> Recalling<W> {
    fn recall<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.inspect_err(|error| {
            self.failed = Some(error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error));
        })
    }
}

impl<W: Write> Write for Recalling<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.recall(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.recall(flushed)
    }
}

/// Compresses with gzip, whose header holds no time and no name.
pub(super) fn gzip<W: Write>(out: W) -> GzEncoder<W> {
    GzEncoder::new(out, Compression::new(5))
}

/// Compresses with Zstandard.
pub(super) fn zstandard<W: Write>(out: W) -> io::Result<zstd::Encoder<'static, W>> {
    zstd::Encoder::new(out, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_its_format() {
        for (name, format) in [
            ("a.csv", Format::Csv),
            ("/b/A.CSV.GZ", Format::CsvGzip),
            ("c.2024.csv.zst", Format::CsvZstd),
            ("d.parquet", Format::Parquet),
        ] {
            assert_eq!(Format::of(Path::new(name)).unwrap(), format, "{name}");
        }
        for name in ["", "a", "csv", "a.gz", "a.parquet.gz", "a.csv/"] {
            assert!(Format::of(Path::new(name)).is_err(), "{name}");
        }
    }
}
