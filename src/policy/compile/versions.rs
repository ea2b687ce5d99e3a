//! Versions: what the policy said of each service, and from when on.

use super::coverages::CoverageCompiler;
use super::error::{PolicyError, Source};
use super::services::Services;
use crate::claim::Day;
use crate::policy::raw::{Calendar, RawVersion};
use crate::policy::{Coverage, Version};

/// Versions, with what only warnings ask for.
pub(super) struct Versions {
    pub(super) versions: Vec<Version>,
    /// Of each version, the places of the lists that it uses.
    pub(super) lists: Vec<Vec<usize>>,
}

/// What a version says of each service, with the lists that it uses for that.
type Coverages = Vec<Option<(Coverage, Vec<usize>)>>;

/// Compiles every version, oldest first as the file must have them.
pub(super) fn compile(
    source: Source<'_>,
    raw: &[RawVersion<'_>],
    services: &Services,
    coverages: &mut CoverageCompiler<'_>,
) -> Result<Versions, PolicyError> {
    let mut done: Vec<(Version, Coverages)> = Vec::with_capacity(raw.len());
    for (place, version) in raw.iter().enumerate() {
        let from = version.from.day();
        let to = last_day(source, version, raw.get(place + 1), done.last().map(|(before, _)| before.from))?;
        let mut coverage = match version.as_in.map(Calendar::day) {
            None => vec![None; services.count()],
            Some(earlier) => {
                let same = done.iter().find(|(done, _)| done.from == earlier).map(|(_, coverages)| coverages.clone());
                let reason = || format!("`as_in` {earlier}: no earlier version begins on that day");
                same.ok_or_else(|| source.refuse(entry(from), reason()))?
            }
        };
        let mut own = vec![false; services.count()];
        for raw in version.coverage.iter().flatten() {
            let name = format!("{}, coverage of \"{}\"", entry(from), raw.service);
            let service = services.to_cover(source, &name, &raw.service)?;
            let compiled = coverages.compile(&name, raw)?;
            let (Some(own), Some(coverage)) = (own.get_mut(service), coverage.get_mut(service)) else { continue };
            if std::mem::replace(own, true) {
                return Err(source.refuse(&name, "the version has two of this service"));
            }
            *coverage = Some(compiled);
        }
        let version =
            Version { id: from.to_string(), from, to, note: version.note.as_ref().to_owned(), coverage: Vec::new() };
        done.push((version, coverage));
    }
    Ok(finish(done))
}

/// The last day of a version: as told, else the one before the next begins.
fn last_day(
    source: Source<'_>,
    version: &RawVersion<'_>,
    next: Option<&RawVersion>,
    before: Option<Day>,
) -> Result<Option<Day>, PolicyError> {
    let from = version.from.day();
    if before == Some(from) {
        return Err(source.refuse(entry(from), "there are two versions from that day on"));
    }
    if let Some(before) = before.filter(|before| from < *before) {
        let reason = format!("it stands behind the version of {before}: write versions oldest first");
        return Err(source.refuse(entry(from), reason));
    }
    let day_before_next = next.map(|next| next.from.day().previous());
    let Some(to) = version.to.map(Calendar::day) else { return Ok(day_before_next) };
    if to < from {
        return Err(source.refuse(entry(from), format_args!("`to` {to} is before its first day")));
    }
    // Versions in the wrong order are refused when the next one's turn comes.
    if let Some(latest) = day_before_next.filter(|latest| from <= *latest && *latest < to) {
        let reason = format!("`to` {to}: the next version is in force then; this one ends by {latest}");
        return Err(source.refuse(entry(from), reason));
    }
    Ok(Some(to))
}

fn finish(done: Vec<(Version, Coverages)>) -> Versions {
    let mut versions = Versions { versions: Vec::with_capacity(done.len()), lists: Vec::with_capacity(done.len()) };
    for (mut version, coverages) in done {
        let mut used = Vec::new();
        for coverage in coverages {
            version.coverage.push(coverage.map(|(coverage, lists)| {
                used.extend(lists);
                coverage
            }));
        }
        used.sort_unstable();
        used.dedup();
        versions.versions.push(version);
        versions.lists.push(used);
    }
    versions
}

/// What to call a version in messages.
pub(super) fn entry(from: Day) -> String {
    format!("version {from}")
}
