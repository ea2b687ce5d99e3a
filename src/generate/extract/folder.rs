//! The folder of an extract: a file for each month of receipt, there complete or
//! not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::row::{Row, header};
use crate::claim::Day;
use crate::generate::{GenerateError, output};
use crate::place::{Begun, Place, Unfinished};
use rustix::fs::{CWD, RenameFlags, renameat_with};

/// The name of a month's file.
pub(super) fn file_name(received: Day) -> String {
    let (year, month, _) = received.ymd();
    format!("received-{year:04}-{month:02}.csv")
}

fn is_file_name(name: &str) -> bool {
    let month = name.strip_prefix("received-").and_then(|rest| rest.strip_suffix(".csv"));
    month.and_then(|month| Day::parse_iso(&format!("{month}-01"))).is_some()
}

/// A folder in the making.
pub(super) struct Folder {
    target: PathBuf,
    staging: PathBuf,
    overwrite: bool,
    place: Place,
}

impl Folder {
    /// Whether there can be a folder; refused before anything is made.
    pub(super) fn may_be_written(target: &Path, overwrite: bool) -> Result<(), GenerateError> {
        output::may_be_written(target, overwrite)?;
        if target.symlink_metadata().is_err() {
            return Ok(());
        }
        // Somebody's folder with other things in it is not ours to take away.
        let ours = |entry: std::io::Result<fs::DirEntry>| {
            entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(is_file_name))
        };
        if target.is_symlink() || !fs::read_dir(target).is_ok_and(|entries| entries.into_iter().all(ours)) {
            return Err(GenerateError::NoExtract(target.to_owned()));
        }
        Ok(())
    }

    /// Begins a folder.
    pub(super) fn begin(target: &Path, overwrite: bool, unfinished: &Unfinished) -> Result<Self, GenerateError> {
        Self::may_be_written(target, overwrite)?;
        let target: PathBuf = target.components().collect();
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let make = || {
            let staging = tempfile::Builder::new().prefix(".adjudicate-").tempdir_in(parent)?.keep();
            // Its owner's alone, whatever the umask.
            fs::set_permissions(&staging, Permissions::from_mode(0o700))?;
            Ok((Begun::Folder(staging.clone()), staging))
        };
        let (place, staging) = unfinished.begin(make).map_err(failed(&target))?;
        Ok(Self { target, staging, overwrite, place })
    }

    /// Writes a month's rows.
    pub(super) fn write(&self, name: &str, rows: &[Row]) -> Result<(), GenerateError> {
        let path = self.staging.join(name);
        let write = || {
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.set_permissions(Permissions::from_mode(0o600))?;
            let mut out = BufWriter::with_capacity(1 << 20, file);
            out.write_all(header().as_bytes())?;
            for row in rows {
                out.write_all(&row.text)?;
                out.write_all(b"\n")?;
            }
            out.into_inner().map_err(std::io::IntoInnerError::into_error).map(drop::<File>)
        };
        write().map_err(failed(&self.target.join(name)))
    }

    /// Puts it in its place.
    pub(super) fn complete(self) -> Result<(), GenerateError> {
        let (from, to) = (self.staging.as_path(), self.target.as_path());
        let there = to.symlink_metadata().is_ok();
        Self::may_be_written(to, self.overwrite)?;
        let put = || {
            if there {
                // The two change places in one step; the old one goes with the staging.
                renameat_with(CWD, from, CWD, to, RenameFlags::EXCHANGE)?;
                return Ok(Some(from.to_owned()));
            }
            fs::rename(from, to).map(|()| None)
        };
        self.place.finish(to, put).map_err(failed(to))
    }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> GenerateError {
    let path = path.to_owned();
    move |source| GenerateError::Write { path, source }
}
