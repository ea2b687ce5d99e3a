//! Loading a payer's overrides from where the user says.

use std::path::Path;
use std::sync::Arc;

use adjudicate::claim::Day;
use adjudicate::digest::DigestKind;
use adjudicate::overrides::{OverrideFormat, Overrides};
use adjudicate::report::{FileRecord, OptionsRecord};

use super::exit::Failure;
use super::text_file::read_text;

/// The overrides that a run had, if their file is what it was.
pub(crate) fn of_run(options: &OptionsRecord, digest: DigestKind) -> Option<Arc<Overrides>> {
    let Some(record) = &options.overrides else { return Some(Arc::default()) };
    let as_of = options.as_of.as_deref().and_then(Day::parse_iso);
    let (overrides, now) = load(Path::new(&record.name), as_of, digest).ok()?;
    (now.digest == record.digest).then_some(overrides)
}

/// The overrides of a file as of a day, and the record of the file under the name by
/// which it was given.
pub(crate) fn load(
    path: &Path,
    as_of: Option<Day>,
    digest: DigestKind,
) -> Result<(Arc<Overrides>, FileRecord), Failure> {
    let name = path.display().to_string();
    let as_of = as_of.ok_or_else(|| {
        Failure::told("--overrides needs --as-of YYYY-MM-DD: the day as of which an override is in force or expired")
    })?;
    let format = match path.extension().and_then(|ending| ending.to_str()) {
        Some(ending) if ending.eq_ignore_ascii_case("toml") => OverrideFormat::Toml,
        Some(ending) if ending.eq_ignore_ascii_case("csv") => OverrideFormat::Csv,
        _ => return Err(Failure::told(format!("{name}: a file of overrides ends in .toml or .csv"))),
    };
    let text = read_text(path).map_err(|error| Failure::told(format!("{name}: {error}")))?;
    let overrides = Overrides::parse(&name, &text, format, as_of)?;
    Ok((Arc::new(overrides), FileRecord::of(&name, text.as_bytes(), digest)))
}
