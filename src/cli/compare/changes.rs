//! The file of lines whose disposition or naming rule changed.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use csv::{Terminator, Writer, WriterBuilder};
use tempfile::{NamedTempFile, TempPath};

use adjudicate::claim::Decimal;
use adjudicate::report::disarmed;

use super::side::{Column, Row};
use crate::cli::exit::Failure;

const HEADER: [&str; 24] = [
    "source_file_a",
    "source_row_a",
    "source_file_b",
    "source_row_b",
    "claim_id",
    "line_number",
    "occurrence",
    "service_date",
    "procedure_code",
    "provider_npi",
    "units",
    "billed_amount",
    "paid_amount",
    "paid_amount_b",
    "disposition_a",
    "rule_a",
    "rules_a",
    "detail_a",
    "disposition_b",
    "rule_b",
    "rules_b",
    "detail_b",
    "policy_version_a",
    "policy_version_b",
];

/// The file on its way: it has its name only when it is complete.
pub(super) struct Changes {
    path: PathBuf,
    overwrite: bool,
    spreadsheet_safe: bool,
    out: Writer<BufWriter<File>>,
    file: TempPath,
}

impl Changes {
    /// A file of this name, unless there is one that may not be replaced.
    pub(super) fn create(path: &Path, overwrite: bool, spreadsheet_safe: bool) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::told(format!("{}: {error}", path.display()));
        if !overwrite && path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // A temporary file is its owner's alone (mode 0600), and stays so.
        let (file, place) = NamedTempFile::with_prefix_in(".adjudicate-", folder).map_err(failed)?.into_parts();
        let out = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(BufWriter::new(file));
        let mut changes = Self { path: path.to_owned(), overwrite, spreadsheet_safe, out, file: place };
        changes.out.write_record(HEADER)?;
        Ok(changes)
    }

    /// Writes a line.
    pub(super) fn write(&mut self, a: &Row, b: &Row, occurrence: Option<u32>) -> Result<(), Failure> {
        use Column::{
            Billed, ClaimId, Detail, LineNumber, PolicyVersion, Procedure, Provider, Rule, Rules, ServiceDate,
            SourceFile, SourceRow, Units,
        };
        let occurrence = occurrence.map(|number| number.to_string()).unwrap_or_default();
        let units = plain(a.text(Units));
        let [billed, paid_a, paid_b] =
            [dollars(Decimal::parse(a.text(Billed).as_bytes())), dollars(a.paid), dollars(b.paid)];
        let fields: [(&str, bool); 24] = [
            (a.text(SourceFile), true),
            (a.text(SourceRow), false),
            (b.text(SourceFile), true),
            (b.text(SourceRow), false),
            (a.text(ClaimId), true),
            (a.text(LineNumber), false),
            (&occurrence, false),
            (a.text(ServiceDate), false),
            (a.text(Procedure), true),
            (a.text(Provider), true),
            (&units, false),
            (&billed, false),
            (&paid_a, false),
            (&paid_b, false),
            (a.disposition.name(), true),
            (a.text(Rule), true),
            (a.text(Rules), true),
            (a.text(Detail), true),
            (b.disposition.name(), true),
            (b.text(Rule), true),
            (b.text(Rules), true),
            (b.text(Detail), true),
            (a.text(PolicyVersion), true),
            (b.text(PolicyVersion), true),
        ];
        for (text, may_run) in fields {
            if may_run && self.spreadsheet_safe {
                self.out.write_field(&*disarmed(text))?;
            } else {
                self.out.write_field(text)?;
            }
        }
        self.out.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let Self { path, overwrite, out, file, .. } = self;
        let failed = |error: io::Error| Failure::told(format!("{}: {error}", path.display()));
        out.into_inner().map_err(|error| failed(error.into_error())).and_then(|mut out| out.flush().map_err(failed))?;
        let named = if overwrite { file.persist(&path) } else { file.persist_noclobber(&path) };
        named.map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => exists(&path),
            _ => failed(error.error),
        })
    }
}

fn exists(path: &Path) -> Failure {
    Failure::told(format!("{} exists; name another, or replace it with --overwrite", path.display()))
}

/// Dollars as the decisions have them in CSV; Parquet has more digits.
fn dollars(amount: Option<Decimal>) -> String {
    written(amount, Decimal::write_dollars)
}

fn plain(number: &str) -> String {
    written(Decimal::parse(number.as_bytes()), Decimal::write_plain)
}

fn written(number: Option<Decimal>, write: fn(Decimal, &mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    if let Some(number) = number {
        write(number, &mut text);
    }
    String::from_utf8(text).unwrap_or_default()
}
